// Options of gateway pods that apply however they are deployed, resolved: defaults filled in, numbers validated.
import { Duration } from 'cdk8s';
import { refusedAt, within } from '../../base/errors';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requireInteger } from '../../base/number';
import { wholeSeconds } from '../wire/duration';
import { type GatewayPodOptions, type GatewayPodSettings, isLoadBalancerAnnotation, requireAnnotations, settlePod } from './pod-options';
import { type GatewayScaling, type GatewayScalingOptions, settleScaling } from './scaling';
import { GatewayEntry, type IGatewayWorkload, ServiceExposure, STATUS_PORT_NAME } from './service';

/** Options for a gateway's pods and Service, however they are deployed. */
export interface GatewayDeploymentOptions extends GatewayPodOptions, GatewayScalingOptions {
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
}

/** The resolved options of a gateway. Durations are whole seconds; quantities are Kubernetes quantity strings. */
export interface GatewayDeployment extends GatewayPodSettings, GatewayScaling {
  readonly name: string;
  readonly namespace: string;
  readonly selector: { readonly [key: string]: string };
  readonly exposure: ServiceExposure;
  readonly serviceAnnotations: { readonly [key: string]: string };
  readonly trustedProxies: number;
  readonly drainSeconds: number;
  readonly preStopSeconds: number;
  /** Longer than preStop and drain together; otherwise Kubernetes kills a proxy that still serves requests. */
  readonly graceSeconds: number;
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
  // Istio's chart drops the leading `istio-` from this label. Selector and pod labels come from this one object, so they cannot differ.
  const selector = { app: name, istio: name.replace(/^istio-(?=[a-z0-9])/, '') };
  const drainSeconds = wholeSeconds('drainDuration', options.drainDuration ?? Duration.seconds(30), 1, 3600);
  const preStopSeconds = wholeSeconds('preStopDuration', options.preStopDuration ?? Duration.seconds(15), 1, 3600);
  return {
    name,
    namespace: requireDnsLabel('namespace', options.namespace ?? name),
    selector,
    ...settlePod(options, selector),
    ...settleScaling(options),
    exposure,
    serviceAnnotations: {
      ...requireAnnotations('serviceAnnotations', options.serviceAnnotations, isLoadBalancerAnnotation),
      ...exposure._annotations(drainSeconds),
    },
    trustedProxies: requireInteger('trustedProxies', options.trustedProxies ?? (exposure.entry === GatewayEntry.ALB ? 1 : 0), 0, 100),
    drainSeconds,
    preStopSeconds,
    graceSeconds: preStopSeconds + drainSeconds + SPARE_SECONDS,
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
    noPlainHttp: exposure._noPlainHttp,
    tlsTerminated: exposure._tlsTerminated,
    tcpPorts: exposure._tcpPorts,
  };
}
