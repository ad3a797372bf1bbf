// The choices about gateway pods that stay the same whoever deploys them, settled: every default in, every number checked.
import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requireLabelKey } from '../../base/labels';
import { requireInteger } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import { GatewayEntry, ServiceExposure } from './service';
import { NLB_ANNOTATION_KEYS } from './network-load-balancer';

/** What one gateway pod may use. */
export interface GatewayResources {
  /**
   * Processor time that is reserved, in thousandths of a core. The autoscaler measures against it.
   *
   * @default 100
   */
  readonly cpuRequestMillis?: number;

  /**
   * Processor time at most, in thousandths of a core. The proxy runs as many worker threads as there are whole cores in it.
   *
   * @default 2000
   */
  readonly cpuLimitMillis?: number;

  /**
   * Memory that is reserved.
   *
   * @default Size.mebibytes(128)
   */
  readonly memoryRequest?: Size;

  /**
   * Memory at most.
   *
   * @default Size.gibibytes(1)
   */
  readonly memoryLimit?: Size;
}

/** The choices about a gateway's pods and their Service, whoever deploys them. */
export interface GatewayDeploymentOptions {
  /**
   * Namespace of the gateway. Not the root namespace of the mesh: a policy without selector there would apply to all.
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
   * Further annotations of the Service. Not those of the ALB, which would overrule the Ingress.
   *
   * @default - none
   */
  readonly serviceAnnotations?: { readonly [key: string]: string };

  /**
   * Fewest replicas, at least 2: with one, every node drain is an outage.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Most replicas.
   *
   * @default 5, or `minReplicas` where that is more
   */
  readonly maxReplicas?: number;

  /**
   * Mean processor use at which the autoscaler adds pods, in percent of `resources.cpuRequestMillis`, 1 to 1000.
   *
   * @default 80
   */
  readonly targetCpuPercent?: number;

  /**
   * What one pod may use.
   *
   * @default - 0.1 to 2 cores, 128 MiB to 1 GiB
   */
  readonly resources?: GatewayResources;

  /**
   * Proxies in front of the gateway that set X-Forwarded-For: 1 is the ALB alone; add one for each further proxy, such as CloudFront.
   *
   * @default 1; 0 behind a Network Load Balancer, which sets no header
   */
  readonly trustedProxies?: number;

  /**
   * How long a pod that is going away still answers after it was told to stop, in whole seconds up to 3,600. The load balancer's
   * deregistration delay follows it.
   *
   * @default Duration.seconds(30)
   */
  readonly drainDuration?: Duration;

  /**
   * How long a pod that is going away waits before it is told to stop, in whole seconds up to 3,600: time for the load balancer to
   * notice, because a pod that stops earlier is still sent requests. The pod's grace period is this, the drain and 15 s together.
   *
   * @default Duration.seconds(15)
   */
  readonly preStopDuration?: Duration;

  /**
   * Further annotations of the pods. A change restarts them, one after the other: name the version of Istio here and raise it, to
   * replace proxies after an upgrade of the control plane.
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

/** A gateway with nothing left open. Times are whole seconds, quantities are written as Kubernetes reads them. */
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
  /** Longer than wait and drain together, or Kubernetes kills a proxy that still answers. */
  readonly graceSeconds: number;
  readonly podAnnotations: { readonly [key: string]: string };
  readonly revision: string | undefined;
}

/** Room between the end of the drain and the kill, so that the grace period is longer than both together. */
const SPARE_SECONDS = 15;

/** Settles the options; throws `InvalidProps` for a name, number or duration that cannot work. */
export function settleGateway(gatewayName: string, options: GatewayDeploymentOptions, path = ''): GatewayDeployment {
  return refusedAt(path, () => settled(gatewayName, options));
}

function settled(gatewayName: string, options: GatewayDeploymentOptions): GatewayDeployment {
  const name = requireServiceName('gatewayName', gatewayName);
  const exposure = options.service ?? ServiceExposure.clusterIp();
  const minReplicas = requireInteger('minReplicas', options.minReplicas ?? 2, 2, 1000);
  const drainSeconds = wholeSeconds('drainDuration', options.drainDuration ?? Duration.seconds(30), 1, 3600);
  const preStopSeconds = wholeSeconds('preStopDuration', options.preStopDuration ?? Duration.seconds(15), 1, 3600);
  return {
    name,
    namespace: requireDnsLabel('namespace', options.namespace ?? name),
    // Istio's chart drops the leading `istio-` for this label; selector and pods come from this one object, so they cannot differ.
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

/** Annotations that make a pod a gateway; they follow from the other options. */
const POD_KEYS = ['inject.istio.io/templates', 'proxy.istio.io/config', 'sidecar.istio.io/inject'];

function requireAnnotations(
  prop: string, annotations: { readonly [key: string]: string } | undefined, isDerived: (key: string) => boolean,
): Record<string, string> {
  for (const [key, value] of Object.entries(annotations ?? {})) {
    requireLabelKey(prop, key);
    if (isDerived(key)) {
      throw InvalidProps.value(`${prop}.${key}`, value, 'must be an annotation that does not follow from the options of load balancer or gateway');
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
    throw InvalidProps.value(prop, `${kibibytes} KiB`, `must be whole mebibytes, from ${least} MiB to 1048576 MiB`);
  }
  return mebi;
}

function mebibytes(size: number): string {
  return size % 1024 === 0 ? `${size / 1024}Gi` : `${size}Mi`;
}

function cores(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}
