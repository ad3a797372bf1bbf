// Options of gateway pods that apply however they are deployed, resolved: defaults filled in, numbers validated.
import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { InvalidProps, refusedAt, within } from '../../base/errors';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requireLabelKey } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import { GatewayEntry, type IGatewayWorkload, ServiceExposure, STATUS_PORT_NAME } from './service';
import { NLB_ANNOTATION_KEYS } from './network-load-balancer';

/** CPU and memory of one gateway pod. */
export interface GatewayResources {
  /**
   * CPU request, in millicores. The autoscaler measures utilization against it.
   *
   * @default 100
   */
  readonly cpuRequestMillis?: number;

  /**
   * CPU limit, in millicores. The proxy runs one worker thread per whole core of the limit.
   *
   * @default 2000
   */
  readonly cpuLimitMillis?: number;

  /**
   * Memory request.
   *
   * @default Size.mebibytes(128)
   */
  readonly memoryRequest?: Size;

  /**
   * Memory limit.
   *
   * @default Size.gibibytes(1)
   */
  readonly memoryLimit?: Size;
}

/** Options for a gateway's pods and Service, however they are deployed. */
export interface GatewayDeploymentOptions {
  /**
   * Namespace of the gateway. Do not use the root namespace of the mesh: a policy without a selector there applies to the whole mesh.
   *
   * @default - the name of the gateway
   */
  readonly namespace?: string;

  /**
   * How the Service is exposed.
   *
   * @default ServiceExposure.clusterIp()
   */
  readonly service?: ServiceExposure;

  /**
   * Additional annotations of the Service. ALB annotations are rejected, because they would override those of the Ingress.
   *
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [key: string]: string };

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
   * CPU and memory of each pod.
   *
   * @default - 0.1 to 2 cores, 128 MiB to 1 GiB
   */
  readonly resources?: GatewayResources;

  /**
   * Number of proxies in front of the gateway that append to X-Forwarded-For: 1 for the ALB, plus one for each additional proxy, such as
   * CloudFront.
   *
   * @default 1, or 0 behind a Network Load Balancer, which sets no header
   */
  readonly trustedProxies?: number;

  /**
   * How long a terminating pod keeps serving after SIGTERM, in whole seconds up to 3,600. The load balancer's deregistration delay is
   * derived from it.
   *
   * @default Duration.seconds(30)
   */
  readonly drainDuration?: Duration;

  /**
   * How long a terminating pod waits before SIGTERM, in whole seconds up to 3,600. The load balancer keeps sending requests until it has
   * noticed the deregistration. The pod's termination grace period is the sum of this, the drain and 15 s.
   *
   * @default Duration.seconds(15)
   */
  readonly preStopDuration?: Duration;

  /**
   * Additional annotations of the pods. A change triggers a rolling restart: record the Istio version here and bump it to replace the
   * proxies after a control plane upgrade.
   *
   * @default - none
   */
  readonly podAnnotations?: { readonly [key: string]: string };

  /**
   * Revision or revision tag of the control plane that injects the proxy (`istio.io/rev`). A change restarts the pods.
   *
   * @default - the default revision
   */
  readonly revision?: string;
}

/** The resolved options of a gateway. Durations are whole seconds; quantities are Kubernetes quantity strings. */
export interface GatewayDeployment {
  readonly name: string;
  readonly namespace: string;
  readonly selector: { readonly [key: string]: string };
  readonly exposure: ServiceExposure;
  readonly serviceAnnotations: { readonly [key: string]: string };
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly targetCpuPercent: number;
  readonly resources: { readonly [kind in 'requests' | 'limits']: { readonly cpu: string; readonly memory: string } };
  readonly trustedProxies: number;
  readonly drainSeconds: number;
  readonly preStopSeconds: number;
  /** Longer than preStop and drain together; otherwise Kubernetes kills a proxy that still serves requests. */
  readonly graceSeconds: number;
  readonly podAnnotations: { readonly [key: string]: string };
  readonly revision: string | undefined;
}

/** Margin between the end of the drain and SIGKILL. */
const SPARE_SECONDS = 15;

/** Resolves the options. @throws InvalidProps for an invalid name, number or duration */
export function settleGateway(gatewayName: string, options: GatewayDeploymentOptions, path = ''): GatewayDeployment {
  return refusedAt(path, () => settled(gatewayName, options));
}

function settled(gatewayName: string, options: GatewayDeploymentOptions): GatewayDeployment {
  const name = requireServiceName('gatewayName', gatewayName);
  const exposure = options.service ?? ServiceExposure.clusterIp();
  within('serviceAnnotations.', () => exposure._refuseIgnored(options.serviceAnnotations ?? {}));
  const minReplicas = requireInteger('minReplicas', options.minReplicas ?? 2, 2, 1000);
  const drainSeconds = wholeSeconds('drainDuration', options.drainDuration ?? Duration.seconds(30), 1, 3600);
  const preStopSeconds = wholeSeconds('preStopDuration', options.preStopDuration ?? Duration.seconds(15), 1, 3600);
  return {
    name,
    namespace: requireDnsLabel('namespace', options.namespace ?? name),
    // Istio's chart drops the leading `istio-` from this label. Selector and pod labels come from this one object, so they cannot differ.
    selector: { app: name, istio: name.replace(/^istio-(?=[a-z0-9])/, '') },
    exposure,
    serviceAnnotations: {
      ...requireAnnotations('serviceAnnotations', options.serviceAnnotations, key => key.startsWith(ALB_PREFIX) || NLB_ANNOTATION_KEYS.includes(key)),
      ...exposure._annotations(drainSeconds),
    },
    minReplicas,
    maxReplicas: requireInteger('maxReplicas', options.maxReplicas ?? Math.max(5, minReplicas), minReplicas, 1000),
    targetCpuPercent: requireInteger('targetCpuPercent', options.targetCpuPercent ?? 80, 1, 1000),
    resources: settleResources(options.resources ?? {}),
    trustedProxies: requireInteger('trustedProxies', options.trustedProxies ?? (exposure.entry === GatewayEntry.ALB ? 1 : 0), 0, 100),
    drainSeconds,
    preStopSeconds,
    graceSeconds: preStopSeconds + drainSeconds + SPARE_SECONDS,
    podAnnotations: requireAnnotations('podAnnotations', options.podAnnotations, key => POD_KEYS.includes(key)),
    revision: options.revision === undefined ? undefined : requireDnsLabel('revision', options.revision),
  };
}

/** The pods and Service of a gateway, as other parts need to know them. */
export function workloadOf({ name, namespace, selector, exposure, drainSeconds, trustedProxies }: GatewayDeployment): IGatewayWorkload {
  return {
    workloadNamespace: namespace,
    serviceName: name,
    selector,
    httpPort: 80,
    httpsPort: 443,
    statusPortName: STATUS_PORT_NAME,
    entry: exposure.entry,
    targetTypes: exposure.targetTypes,
    drainDuration: Duration.seconds(drainSeconds),
    trustedProxies,
    seesClientAddress: exposure._seesClientAddress,
    plainHttpOnly: exposure._plainHttpOnly,
    tcpPorts: exposure._tcpPorts,
  };
}

/** Annotations that make a pod a gateway. They are derived from the other options. */
const POD_KEYS = ['inject.istio.io/templates', 'proxy.istio.io/config', 'sidecar.istio.io/inject'];

function requireAnnotations(
  prop: string, annotations: { readonly [key: string]: string } | undefined, isDerived: (key: string) => boolean,
): Record<string, string> {
  for (const [key, value] of Object.entries(annotations ?? {})) {
    requireLabelKey(prop, key);
    if (isDerived(key)) {
      throw InvalidProps.conflict(`${prop}.${key}`, value, 'cannot be set: it is derived from the options of the gateway and its load balancer');
    }
  }
  return { ...annotations };
}

function settleResources(options: GatewayResources): GatewayDeployment['resources'] {
  const cpuRequest = requireInteger('resources.cpuRequestMillis', options.cpuRequestMillis ?? 100, 1, 1_000_000);
  const cpuLimit = requireInteger('resources.cpuLimitMillis', options.cpuLimitMillis ?? Math.max(2000, cpuRequest), cpuRequest, 1_000_000);
  const memoryRequest = wholeMebibytes('resources.memoryRequest', options.memoryRequest ?? Size.mebibytes(128), 1);
  const memoryLimit = wholeMebibytes('resources.memoryLimit', options.memoryLimit ?? Size.mebibytes(Math.max(1024, memoryRequest)), memoryRequest);
  return {
    requests: { cpu: cores(cpuRequest), memory: mebibytes(memoryRequest) },
    limits: { cpu: cores(cpuLimit), memory: mebibytes(memoryLimit) },
  };
}

function wholeMebibytes(prop: string, size: Size, least: number): number {
  const kibibytes = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE });
  const mebi = kibibytes / 1024;
  if (!Number.isInteger(mebi) || mebi < least || mebi > 1_048_576) {
    throw InvalidProps.value(prop, `${kibibytes} KiB`, `must be a whole number of mebibytes, from ${least} MiB to 1048576 MiB`);
  }
  return mebi;
}

function mebibytes(size: number): string {
  return size % 1024 === 0 ? `${size / 1024}Gi` : `${size}Mi`;
}

function cores(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}
