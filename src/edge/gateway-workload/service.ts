// The gateway's Service: its ports, how it is exposed, and what other parts need to know about it.
import type { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { NetworkLoadBalancer, type NetworkLoadBalancerOptions } from './network-load-balancer';

/** The load balancer in front of a gateway. */
export enum GatewayEntry {
  /** An Application Load Balancer: it terminates client TLS and adds the client address to X-Forwarded-For. */
  ALB = 'alb',
  /** A Network Load Balancer: it forwards connections, so the gateway terminates client TLS and sees the SNI. */
  NETWORK_LOAD_BALANCER = 'network-load-balancer',
}

/** The pods that run a gateway, and their Service. */
export interface IGatewayWorkload {
  /** Namespace of the pods, the Service and the TLS Secret. */
  readonly workloadNamespace: string;
  /** Name of the Service. */
  readonly serviceName: string;
  /** Labels that select the pods. The Istio Gateway uses the same selector. */
  readonly selector: { readonly [key: string]: string };
  /** Service port for plain HTTP. An Istio Gateway refers to the Service port, not the target port. */
  readonly httpPort: number;
  /** Service port for HTTPS. An Istio Gateway refers to the Service port, not the target port. */
  readonly httpsPort: number;
  /** Name of the Service port for the proxy's status port, 15021. */
  readonly statusPortName: string;
  /**
   * Port of the targets that serves health checks, for a Service without such a port.
   *
   * @default - the Service port `statusPortName`
   */
  readonly statusPort?: number;
  /** The load balancer that receives client traffic. */
  readonly entry: GatewayEntry;
  /** Target types that an ALB can use with the Service, the preferred one first. Empty if no ALB may forward to it. */
  readonly targetTypes: TargetType[];
  /** How long a terminating pod keeps serving. */
  readonly drainDuration: Duration;
  /**
   * Number of proxies whose X-Forwarded-For and X-Forwarded-Proto headers the gateway trusts.
   *
   * @default - unknown
   */
  readonly trustedProxies?: number;
  /**
   * ServiceAccount of the pods: their identity in the mesh.
   *
   * @default - unknown
   */
  readonly serviceAccount?: string;
  /**
   * Whether the gateway sees client addresses behind a Network Load Balancer.
   *
   * @default - assumed
   */
  readonly seesClientAddress?: boolean;
  /**
   * Whether the load balancer has no HTTPS listener.
   *
   * @default false
   */
  readonly plainHttpOnly?: boolean;
  /**
   * Whether the load balancer does not listen on port 80. With `plainHttpOnly`, it only listens on `tcpPorts`.
   *
   * @default false
   */
  readonly noPlainHttp?: boolean;
  /**
   * Whether the Network Load Balancer terminates the TLS of clients and encrypts again to the gateway.
   *
   * @default false
   */
  readonly tlsTerminated?: boolean;
  /**
   * Additional Service ports, for TCP routes.
   *
   * @default - none
   */
  readonly tcpPorts?: number[];
}

/** Node ports of a gateway, each from 30000 to 32767 and unused in the cluster. */
export interface GatewayNodePorts {
  /** Node port of the status port, 15021. */
  readonly status: number;
  /** Node port of port 80. */
  readonly http: number;
  /** Node port of port 443. */
  readonly https: number;
}

/** Name of the health check port in Istio's charts. The AWS Load Balancer Controller resolves it for both target types. */
export const STATUS_PORT_NAME = 'status-port';

/** One port of the Service, with the field names of both Kubernetes and Istio's charts. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  readonly targetPort: number;
  readonly nodePort?: number;
  readonly protocol: string;
}

const PORTS = [
  { name: STATUS_PORT_NAME, port: 15021, node: 'status' },
  { name: 'http2', port: 80, node: 'http' },
  { name: 'https', port: 443, node: 'https' },
] as const;

/** How the gateway's Service is exposed. */
export class ServiceExposure {
  /** As ClusterIP: the ALB forwards to the pods (IP targets), and nothing can bypass it. The default. */
  public static clusterIp(): ServiceExposure {
    return new ServiceExposure(undefined, undefined);
  }

  /**
   * As NodePort, on fixed ports of every node (instance targets). The external traffic policy stays `Cluster`: with `Local`, nodes without
   * a gateway pod fail their health checks, and the client address is in X-Forwarded-For anyway.
   *
   * @throws InvalidProps for a node port outside 30000 to 32767, or a repeated one
   */
  public static nodePort(ports: GatewayNodePorts): ServiceExposure {
    const given = requireProps('GatewayNodePorts', ports, '', 'ports');
    const seen = new Set<number>();
    for (const prop of ['status', 'http', 'https'] as const) {
      const port = given[prop];
      requireInteger(prop, port, 30000, 32767);
      if (seen.has(port)) {
        throw InvalidProps.value(prop, port, 'must be different from the other node ports');
      }
      seen.add(port);
    }
    return new ServiceExposure(ports, undefined);
  }

  /**
   * Through its own Network Load Balancer (layer 4), without an ALB. The gateway terminates client TLS, so clients verify its certificate,
   * and it does not trust X-Forwarded-For.
   *
   * The load balancer listens on 80, 443 and `tcpPorts`, unless the options say otherwise. With IP targets the status port is not exposed; see
   * `targetType` for instances.
   *
   * @throws InvalidProps for a value that AWS or the controller would reject, and for conflicting values
   */
  public static networkLoadBalancer(options: NetworkLoadBalancerOptions = {}): ServiceExposure {
    return new ServiceExposure(undefined, new NetworkLoadBalancer(options));
  }

  private constructor(private readonly nodePorts: GatewayNodePorts | undefined, private readonly layer4: NetworkLoadBalancer | undefined) {}

  /** The load balancer that receives client traffic. */
  public get entry(): GatewayEntry {
    return this.layer4 ? GatewayEntry.NETWORK_LOAD_BALANCER : GatewayEntry.ALB;
  }

  /** Target types that an ALB can use with the Service, the preferred one first. Empty behind a Network Load Balancer. */
  public get targetTypes(): TargetType[] {
    if (this.layer4) {
      return [];
    }
    return this.nodePorts ? [TargetType.INSTANCE, TargetType.IP] : [TargetType.IP];
  }

  /** Whether the Service has no HTTPS port. @internal */
  public get _plainHttpOnly(): boolean {
    return this.layer4?.https === false;
  }

  /** Whether the Service has no HTTP port. @internal */
  public get _noPlainHttp(): boolean {
    return this.layer4?.http === false;
  }

  /** Whether the load balancer terminates the TLS of clients, and the gateway that of the load balancer. @internal */
  public get _tlsTerminated(): boolean {
    return this.layer4?.terminatesTls ?? false;
  }

  /** Additional ports, for TCP routes. @internal */
  public get _tcpPorts(): number[] {
    return [...this.layer4?.tcpPorts ?? []];
  }

  /** Type of the Service. @internal */
  public get _type(): string {
    if (this.layer4) {
      return 'LoadBalancer';
    }
    return this.nodePorts ? 'NodePort' : 'ClusterIP';
  }

  /** What the load balancer registers as targets. @internal */
  public get _targetType(): TargetType {
    return this.layer4?.targetType ?? this.targetTypes[0];
  }

  /** Whether connections start with a PROXY protocol header. @internal */
  public get _proxyProtocol(): boolean {
    return this.layer4?.proxyProtocol ?? false;
  }

  /** Whether the gateway sees client addresses. @internal */
  public get _seesClientAddress(): boolean {
    return this.layer4 === undefined || this.layer4.preserveClientIp || this.layer4.proxyProtocol;
  }

  /** Refuses annotations of the Service that its controller ignores. @throws InvalidProps @internal */
  public _refuseIgnored(annotations: { readonly [key: string]: string }): void {
    this.layer4?.refuseIgnored(annotations);
  }

  /** Annotations of the Service. @internal */
  public _annotations(drainSeconds: number): Record<string, string> {
    return this.layer4?.annotations(drainSeconds) ?? {};
  }

  /** Load balancer fields of the Service. Istio's chart and operator use the same names. @internal */
  public _fields(): { readonly loadBalancerClass?: string; readonly externalTrafficPolicy?: string; readonly allocateLoadBalancerNodePorts?: boolean } {
    if (!this.layer4) {
      return {};
    }
    const { loadBalancerClass } = this.layer4;
    // IP targets do not need node ports, and a port that is not open needs no protection.
    if (this.layer4.targetType === TargetType.IP) {
      return { loadBalancerClass, allocateLoadBalancerNodePorts: false };
    }
    return { loadBalancerClass, ...(this.layer4.preserveClientIp ? { externalTrafficPolicy: 'Local' } : {}) };
  }

  /** Ports of the Service. @param target maps a Service port to the port of the pods @internal */
  public _ports(target: (port: number) => number = port => port): ServicePort[] {
    // Every port of a Service becomes a listener of its load balancer. With IP targets, the health check does not need one.
    const inside = this.layer4?.targetType === TargetType.IP;
    const absent = [inside && STATUS_PORT_NAME, this._plainHttpOnly && 'https', this._noPlainHttp && 'http2'];
    const ports = PORTS.filter(({ name }) => !absent.includes(name));
    return [...ports.map(({ name, port, node }) => ({ name, port, ...this.nodePorts ? { nodePort: this.nodePorts[node] } : {} })),
      // Istio derives the protocol from the name of a port.
      ...this._tcpPorts.map(port => ({ name: `tcp-${port}`, port }))]
      // A number, because the controller rejects a health check on a port with a named target port.
      .map(({ name, port, ...node }) => ({ name, port, targetPort: target(port), ...node, protocol: 'TCP' }));
  }

  /** @internal */
  public _render(selector: { readonly [key: string]: string }): k8s.ServiceSpec {
    return {
      type: this._type,
      ...this._fields(),
      selector,
      ports: this._ports().map(({ targetPort, ...port }) => ({ ...port, targetPort: k8s.IntOrString.fromNumber(targetPort) })),
    };
  }
}
