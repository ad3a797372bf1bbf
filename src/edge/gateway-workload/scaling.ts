// How many pods a gateway has, who decides it, and how many of them may be evicted at once.
import { k8s } from 'cdk8s-plus-28';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireWritten } from '../wire/kubernetes-fields';
import { GatewayDisruptionBudget } from './disruption-budget';

/** The kind of object that runs the pods of a gateway. */
export enum GatewayWorkloadKind {
  /** A number of pods on any nodes. */
  DEPLOYMENT = 'Deployment',
  /** One pod on each node that `nodeSelector`, `affinity` and `tolerations` admit. */
  DAEMON_SET = 'DaemonSet',
}

/** Options for the number of gateway pods. */
export interface GatewayScalingOptions {
  /**
   * The kind of object that runs the pods. A DaemonSet has one pod on each node, so it cannot be combined with options for the number of pods or
   * with `disruptionBudget`: draining a node does not evict the pods of a DaemonSet. Its pods are replaced one at a time.
   *
   * @default GatewayWorkloadKind.DEPLOYMENT
   */
  readonly kind?: GatewayWorkloadKind;

  /**
   * Fixed number of pods, at least 2, without an autoscaler.
   *
   * @default - the autoscaler decides
   */
  readonly replicas?: number;

  /**
   * Whether to render a HorizontalPodAutoscaler. Without it and without `replicas`, another controller in the cluster decides the number of pods,
   * such as KEDA, whose ScaledObject makes its own autoscaler. Until it does, Kubernetes runs one pod.
   *
   * @default true, or false with `replicas` or a DaemonSet
   */
  readonly autoscaling?: boolean;

  /**
   * Minimum number of replicas, at least 2: with a single replica, every node drain causes an outage.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Maximum number of replicas.
   *
   * @default 5, or `minReplicas` if that is larger
   */
  readonly maxReplicas?: number;

  /**
   * Average CPU utilization that the autoscaler aims for, in percent of `resources.cpuRequestMillis`, 1 to 1000.
   *
   * @default 80
   */
  readonly targetCpuPercent?: number;

  /**
   * Average memory utilization that the autoscaler aims for, in percent of `resources.memoryRequest`, 1 to 1000. A proxy rarely returns memory
   * to the operating system, so pods that were added for memory tend to stay.
   *
   * @default - memory is not measured
   */
  readonly targetMemoryPercent?: number;

  /**
   * Further metrics of the autoscaler, such as requests per second from an adapter for Prometheus. It uses the metric that demands the most pods.
   *
   * @default - none
   */
  readonly metrics?: k8s.MetricSpecV2[];

  /**
   * How fast the autoscaler adds and removes pods.
   *
   * @default - the default of Kubernetes: doubles the pods every 15 s, removes them after 5 minutes
   */
  readonly scalingBehavior?: k8s.HorizontalPodAutoscalerBehaviorV2;

  /**
   * How many pods may be evicted at once, when nodes are drained.
   *
   * @default GatewayDisruptionBudget.maxUnavailable(1), or none for a DaemonSet
   */
  readonly disruptionBudget?: GatewayDisruptionBudget;
}

/** The settings of the HorizontalPodAutoscaler. */
export interface GatewayAutoscaler {
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCpuPercent: number;
  readonly targetMemoryPercent: number | undefined;
  readonly metrics: readonly k8s.MetricSpecV2[];
  readonly behavior: k8s.HorizontalPodAutoscalerBehaviorV2 | undefined;
}

/** The resolved options. */
export interface GatewayScaling {
  readonly kind: GatewayWorkloadKind;
  /** The fixed number of pods. */
  readonly replicas: number | undefined;
  readonly autoscaler: GatewayAutoscaler | undefined;
  /** The spec of the PodDisruptionBudget without its selector. */
  readonly disruptionBudget: k8s.PodDisruptionBudgetSpec | undefined;
}

/** The options of the autoscaler. */
const AUTOSCALER = ['minReplicas', 'maxReplicas', 'targetCpuPercent', 'targetMemoryPercent', 'metrics', 'scalingBehavior'] as const;

/** Resolves the options. @throws InvalidProps for a number out of bounds, and for options that exclude each other */
export function settleScaling(options: GatewayScalingOptions): GatewayScaling {
  const { kind = GatewayWorkloadKind.DEPLOYMENT, disruptionBudget, autoscaling } = options;
  if (kind === GatewayWorkloadKind.DAEMON_SET) {
    refuse(options, ['replicas', ...AUTOSCALER, 'disruptionBudget'], 'when kind is DaemonSet, which runs one pod on each node');
    return { kind, replicas: undefined, autoscaler: undefined, disruptionBudget: undefined };
  }
  const budget = disruptionBudget ?? GatewayDisruptionBudget.maxUnavailable(1);
  if (options.replicas !== undefined) {
    refuse(options, AUTOSCALER, 'when replicas fixes the number of pods');
    const replicas = requireInteger('replicas', options.replicas, 2, 1000);
    return { kind, replicas, autoscaler: undefined, disruptionBudget: budget._spec(replicas) };
  }
  if (autoscaling === false) {
    refuse(options, AUTOSCALER, 'when autoscaling is false; set it where the pods are scaled');
    return { kind, replicas: undefined, autoscaler: undefined, disruptionBudget: budget._spec(undefined) };
  }
  const autoscaler = settleAutoscaler(options);
  return { kind, replicas: undefined, autoscaler, disruptionBudget: budget._spec(autoscaler.minReplicas) };
}

function settleAutoscaler(options: GatewayScalingOptions): GatewayAutoscaler {
  const minReplicas = requireInteger('minReplicas', options.minReplicas ?? 2, 2, 1000);
  const { targetMemoryPercent, metrics = [] } = options;
  metrics.forEach((metric, index) => {
    const name = metric.resource?.name;
    if (name === 'cpu' || name === 'memory') {
      throw InvalidProps.conflict(`metrics[${index}]`, metric,
        `cannot be the resource ${name}; set ${name === 'cpu' ? 'targetCpuPercent' : 'targetMemoryPercent'}`);
    }
  });
  const autoscaler = {
    minReplicas,
    maxReplicas: requireInteger('maxReplicas', options.maxReplicas ?? Math.max(5, minReplicas), minReplicas, 1000),
    targetCpuPercent: requireInteger('targetCpuPercent', options.targetCpuPercent ?? 80, 1, 1000),
    targetMemoryPercent: targetMemoryPercent === undefined ? undefined : requireInteger('targetMemoryPercent', targetMemoryPercent, 1, 1000),
    metrics,
    behavior: options.scalingBehavior,
  };
  const fields = written(autoscaler);
  requireWritten('metrics', metrics, fields.metrics);
  requireWritten('scalingBehavior', options.scalingBehavior, fields.behavior);
  return autoscaler;
}

function refuse(options: GatewayScalingOptions, props: readonly (keyof GatewayScalingOptions)[], when: string): void {
  for (const prop of props) {
    if (options[prop] !== undefined) {
      throw InvalidProps.conflict(prop, options[prop], `cannot be set ${when}`);
    }
  }
  if (options.autoscaling === true) {
    throw InvalidProps.conflict('autoscaling', true, `cannot be true ${when}`);
  }
}

/** The metrics of the autoscaler, as Kubernetes spells them. */
export function autoscalerMetrics(autoscaler: GatewayAutoscaler): k8s.MetricSpecV2[] {
  return [...utilizations(autoscaler), ...autoscaler.metrics];
}

function utilizations({ targetCpuPercent, targetMemoryPercent }: GatewayAutoscaler): k8s.MetricSpecV2[] {
  return [{ name: 'cpu', averageUtilization: targetCpuPercent }, { name: 'memory', averageUtilization: targetMemoryPercent }]
    .filter(({ averageUtilization }) => averageUtilization !== undefined)
    .map(({ name, averageUtilization }) => ({ type: 'Resource', resource: { name, target: { type: 'Utilization', averageUtilization } } }));
}

/** The fields that have Kubernetes' own shape, as plain JSON. Those that are not set are absent. */
export interface ScalingFields {
  readonly metrics?: object;
  readonly behavior?: object;
  readonly podDisruptionBudget?: object;
}

/** Renders the fields that have Kubernetes' own shape. */
export function scalingFields({ autoscaler, disruptionBudget }: Pick<GatewayScaling, 'autoscaler' | 'disruptionBudget'>): ScalingFields {
  const podDisruptionBudget = disruptionBudget && (k8s.KubePodDisruptionBudget.manifest({ spec: disruptionBudget }) as { spec: object }).spec;
  const { metrics = [], ...behavior } = autoscaler ? written(autoscaler) : {};
  return {
    ...autoscaler && { metrics: [...utilizations(autoscaler), ...metrics] },
    ...behavior,
    ...podDisruptionBudget && { podDisruptionBudget },
  };
}

/** The values of the user as plain JSON. */
function written({ metrics, behavior }: Pick<GatewayAutoscaler, 'metrics' | 'behavior'>): { readonly metrics?: object[]; readonly behavior?: object } {
  const { spec } = k8s.KubeHorizontalPodAutoscalerV2.manifest({
    spec: { maxReplicas: 0, scaleTargetRef: { kind: '', name: '' }, metrics: [...metrics], behavior },
  }) as { spec: { readonly metrics?: object[]; readonly behavior?: object } };
  return { metrics: spec.metrics, ...spec.behavior && { behavior: spec.behavior } };
}
