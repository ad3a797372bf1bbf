// The Application Load Balancer: one Ingress, written for the AWS Load Balancer Controller, in front of one backend.
import { ApiObject, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type AlbSettings, encodeAlbAnnotations } from '../base/alb-annotations';
import { AlbScheme, ListenerProtocol, TargetType } from '../base/alb-words';
import { InvalidProps } from '../base/errors';
import { ANY_HOST, requireHosts } from '../base/host';
import { requireDnsSubdomain, requireServiceName } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import type { IAlbBackend } from './alb-backend';
import { Listener } from './listener';

export { AlbScheme, BackendProtocol, TargetType } from '../base/alb-words';

/** The choices that a user has about the load balancer. Everything else is derived from the backend. */
export interface AlbOptions {
  /**
   * Whether the load balancer has public addresses. It is always written, because the controller's own default is `internal`.
   * A change replaces the load balancer and its DNS name.
   *
   * @default AlbScheme.INTERNET_FACING
   */
  readonly scheme?: AlbScheme;

  /**
   * ARNs of the certificates of the HTTPS listeners; the first is the default, the others are chosen by SNI.
   *
   * @default - the controller looks for issued ACM certificates that cover the hosts
   */
  readonly certificateArns?: string[];

  /**
   * Security policy of the HTTPS listeners. The controller's own default, ELBSecurityPolicy-2016-08, accepts TLS 1.0.
   *
   * @default 'ELBSecurityPolicy-TLS13-1-2-2021-06', which accepts TLS 1.3 and 1.2
   */
  readonly sslPolicy?: string;

  /**
   * The listeners. Where there are HTTP and HTTPS listeners, HTTP redirects to the first HTTPS port.
   *
   * @default - HTTP on 80 and HTTPS on 443
   */
  readonly listeners?: Listener[];

  /**
   * What is registered as targets. A change replaces the target group.
   *
   * @default - what suits the gateway's Service: pods for a ClusterIP, nodes for a NodePort
   */
  readonly targetType?: TargetType;

  /**
   * Subnet ids or Name tags, at least two, in different availability zones.
   *
   * @default - the controller finds the subnets by their role tags
   */
  readonly subnets?: string[];

  /**
   * Name of the load balancer in AWS: 1 to 32 letters, digits and hyphens. It is used at creation only.
   *
   * @default - the controller derives one
   */
  readonly loadBalancerName?: string;

  /**
   * How long a target that is being removed keeps its open requests, in whole seconds up to 3,600. The gateway must live
   * longer than that.
   *
   * @default - the drain duration of the gateway
   */
  readonly deregistrationDelay?: Duration;

  /**
   * The IngressClass that belongs to the controller `ingress.k8s.aws/alb`.
   *
   * @default 'alb'
   */
  readonly ingressClassName?: string;
}

/** Props of an `Alb`. */
export interface AlbProps extends AlbOptions {
  /** Where the requests go. */
  readonly backend: IAlbBackend;

  /** Hosts that the load balancer answers for; `*` for any. */
  readonly hosts: string[];

  /**
   * Name of the Ingress.
   *
   * @default - the name of the backend's Service
   */
  readonly ingressName?: string;
}

const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/**
 * An Application Load Balancer in front of one backend.
 *
 * Protocol, health check, target type and namespace are read from the backend, so the two sides cannot disagree. All paths go to
 * the backend: the order of routes is decided in one place, the mesh.
 */
export class Alb extends Construct {
  /** Name of the Ingress. */
  public readonly ingressName: string;
  /** Namespace of the Ingress, which is the backend's. */
  public readonly ingressNamespace: string;
  /** Hosts that the load balancer answers for. */
  public readonly hosts: string[];

  /** @throws InvalidProps for a value that AWS or the controller would refuse, or that cannot work with the backend. */
  public constructor(scope: Construct, id: string, props: AlbProps) {
    super(scope, id);
    const { backend } = props;
    this.ingressName = requireServiceName('ingressName', props.ingressName ?? backend.backendService, this.node.path);
    this.ingressNamespace = backend.backendNamespace;
    this.hosts = requireHosts('hosts', props.hosts, this.node.path);

    new ApiObject(this, 'Resource', k8s.KubeIngress.manifest({
      metadata: {
        name: this.ingressName,
        namespace: this.ingressNamespace,
        labels: recommendedLabels(this.ingressName, 'alb'),
        annotations: this.annotations(props),
      },
      spec: {
        ingressClassName: requireDnsSubdomain('ingressClassName', props.ingressClassName ?? 'alb', this.node.path),
        rules: this.hosts.map(host => ({
          host: host === ANY_HOST ? undefined : host,
          http: {
            paths: [{
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: backend.backendService, port: { number: backend.backendPort } } },
            }],
          },
        })),
      },
    }));
  }

  private annotations(props: AlbProps): Record<string, string> {
    try {
      return encodeAlbAnnotations({ ...this.listenerSettings(props), ...this.targetGroupSettings(props) });
    } catch (error) {
      if (!(error instanceof InvalidProps)) {
        throw error;
      }
      // The setting is named after its annotation, the prop after what it holds.
      throw new InvalidProps(error.prop.replace(/^listenPorts/, 'listeners'), error.value, error.allowed, this.node.path);
    }
  }

  private listenerSettings(props: AlbProps): AlbSettings {
    const listeners = props.listeners ?? [Listener.http(), Listener.https()];
    const [http, https] = [ListenerProtocol.HTTP, ListenerProtocol.HTTPS].map(protocol => listeners.filter(l => l.protocol === protocol));
    if (https.length === 0) {
      for (const prop of ['certificateArns', 'sslPolicy'] as const) {
        if (props[prop] !== undefined) {
          throw new InvalidProps(prop, props[prop], 'nothing without an HTTPS listener');
        }
      }
    } else if (props.certificateArns === undefined && this.hosts.every(host => host === ANY_HOST)) {
      throw new InvalidProps('certificateArns', undefined, 'a certificate, because none can be discovered without a host name');
    }
    return {
      loadBalancerName: props.loadBalancerName,
      scheme: props.scheme ?? AlbScheme.INTERNET_FACING,
      subnets: props.subnets,
      listenPorts: listeners.map(listener => listener._render()),
      sslRedirect: http.length > 0 ? https[0]?.port : undefined,
      certificateArns: props.certificateArns,
      sslPolicy: https.length > 0 ? props.sslPolicy ?? TLS_POLICY : undefined,
    };
  }

  private targetGroupSettings({ backend, ...props }: AlbProps): AlbSettings {
    const targetType = props.targetType ?? backend.targetTypes[0];
    if (!backend.targetTypes.includes(targetType)) {
      throw new InvalidProps('targetType', targetType, `${backend.targetTypes.join(' or ')}, which the Service of the gateway can be used with`);
    }
    return {
      targetType,
      backendProtocol: backend.backendProtocol,
      targetGroupAttributes: { 'deregistration_delay.timeout_seconds': String(deregistrationSeconds(props.deregistrationDelay, backend)) },
      healthcheckPort: backend.healthCheckPort,
      healthcheckProtocol: backend.healthCheckProtocol,
      healthcheckPath: backend.healthCheckPath,
      successCodes: '200',
    };
  }
}

/** The gateway must outlive the deregistration, or the load balancer sends requests to a pod that is gone. */
function deregistrationSeconds(delay: Duration | undefined, backend: IAlbBackend): number {
  const longest = Math.floor(Math.min(backend.drainDuration.toMilliseconds({ integral: false }), 3_600_000) / 1000) * 1000;
  const milliseconds = delay?.toMilliseconds({ integral: false }) ?? longest;
  if (milliseconds % 1000 !== 0 || milliseconds > longest) {
    throw new InvalidProps('deregistrationDelay', `${milliseconds} ms`, `whole seconds, up to the gateway's drain duration of ${longest / 1000} s`);
  }
  return milliseconds / 1000;
}
