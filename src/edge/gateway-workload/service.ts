// The Service in front of the gateway pods: its ports, how it is exposed, and what other parts need to know of it.
import type { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { NetworkLoadBalancer, NLB_CLASS } from './network-load-balancer';
import type { NetworkLoadBalancerOptions } from './network-load-balancer-options';

/** What stands in front of a gateway and sends it the clients' traffic. */
export enum GatewayEntry {
  /** An Application Load Balancer: it ends the clients' TLS, and adds their address to X-Forwarded-For. */
  ALB = 'alb',
  /** A Network Load Balancer: it hands on connections, so the gateway ends the clients' TLS and sees the server name they ask for. */
  NETWORK_LOAD_BALANCER = 'network-load-balancer',
}

/** Pods that run the gateway, and the Service in front of them. */
export interface IGatewayWorkload {
  /** Namespace of the pods, the Service and the TLS Secret. */
  readonly workloadNamespace: string;
  /** Name of the Service. */
  readonly serviceName: string;
  /** Labels that select the pods; an Istio Gateway uses the same. */
  readonly selector: { readonly [key: string]: string };
  /** Service port that leads to plain HTTP. An Istio Gateway names the Service port, not the target port. */
  readonly httpPort: number;
  /** Service port that leads to HTTPS. An Istio Gateway names the Service port, not the target port. */
  readonly httpsPort: number;
  /** Name of the Service port that leads to the proxy's status port, 15021. */
  readonly statusPortName: string;
  /** What sends the clients' traffic. */
  readonly entry: GatewayEntry;
  /** Target types that an ALB can use with the Service; the first is the best. None where no ALB belongs in front. */
  readonly targetTypes: TargetType[];
  /** How long a pod that is going away still answers. */
  readonly drainDuration: Duration;
  /**
   * Proxies whose X-Forwarded-For and X-Forwarded-Proto the gateway believes.
   *
   * @default - not known here
   */
  readonly trustedProxies?: number;
  /**
   * ServiceAccount that the pods run as: their identity in the mesh.
   *
   * @default - not known here
   */
  readonly serviceAccount?: string;
  /**
   * Whether the gateway knows the addresses of clients behind a Network Load Balancer.
   *
   * @default - as far as is known here, yes
   */
  readonly seesClientAddress?: boolean;
  /**
   * Whether the load balancer in front does not listen for HTTPS.
   *
   * @default false
   */
  readonly plainHttpOnly?: boolean;
  /**
   * Further Service ports, for TCP routes.
   *
   * @default - none
   */
  readonly tcpPorts?: number[];
}

/** Node ports of a gateway, each 30000 to 32767 and free in the whole cluster. */
export interface GatewayNodePorts {
  /** Node port of the status port, 15021. */
  readonly status: number;
  /** Node port of port 80. */
  readonly http: number;
  /** Node port of port 443. */
  readonly https: number;
}

/** Name that Istio's charts give the port for health checks; the ALB controller resolves it for both target types. */
export const STATUS_PORT_NAME = 'status-port';

/** One port of the Service, as Kubernetes and Istio's charts both write it. */
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

/** How the gateway's Service can be reached from outside the cluster. */
export class ServiceExposure {
  /** Not at all: the load balancer sends to the pods (ip targets). The default, with nothing that could be reached past the ALB. */
  public static clusterIp(): ServiceExposure {
    return new ServiceExposure(undefined, undefined);
  }

  /**
   * On fixed ports of every node (instance targets). The traffic policy stays `Cluster`: with `Local`, nodes without a gateway pod
   * fail their health checks, and the client's address travels in X-Forwarded-For anyway.
   *
   * @throws InvalidProps for a node port outside 30000 to 32767, or one given twice
   */
  public static nodePort(ports: GatewayNodePorts): ServiceExposure {
    const given = requireProps('GatewayNodePorts', ports, '', 'ports');
    const seen = new Set<number>();
    for (const prop of ['status', 'http', 'https'] as const) {
      const port = given[prop];
      requireInteger(prop, port, 30000, 32767);
      if (seen.has(port)) {
        throw InvalidProps.value(prop, port, 'must be every node port once');
      }
      seen.add(port);
    }
    return new ServiceExposure(ports, undefined);
  }

  /**
   * By a Network Load Balancer of its own, without any ALB: layer 4. The gateway ends the clients' TLS, so its certificate is the one
   * that clients verify, and it trusts no X-Forwarded-For.
   *
   * The load balancer listens on 80, 443 and `tcpPorts`. The status port stays inside with pods as targets; see `targetType` for nodes.
   *
   * @throws InvalidProps for a value that AWS or the controller would refuse, and for values that exclude each other
   */
  public static networkLoadBalancer(options: NetworkLoadBalancerOptions = {}): ServiceExposure {
    return new ServiceExposure(undefined, new NetworkLoadBalancer(options));
  }

  private constructor(private readonly nodePorts: GatewayNodePorts | undefined, private readonly layer4: NetworkLoadBalancer | undefined) {}

  /** What sends the clients' traffic. */
  public get entry(): GatewayEntry {
    return this.layer4 ? GatewayEntry.NETWORK_LOAD_BALANCER : GatewayEntry.ALB;
  }

  /** Target types that an ALB can use with the Service; the first is the best. None behind a Network Load Balancer. */
  public get targetTypes(): TargetType[] {
    if (this.layer4) {
      return [];
    }
    return this.nodePorts ? [TargetType.INSTANCE, TargetType.IP] : [TargetType.IP];
  }

  /** Whether there is no port for HTTPS. @internal */
  public get _plainHttpOnly(): boolean {
    return this.layer4?.https === false;
  }

  /** Further ports, for TCP routes. @internal */
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

  /** What the load balancer in front registers. @internal */
  public get _targetType(): TargetType {
    return this.layer4?.targetType ?? this.targetTypes[0];
  }

  /** Whether connections begin with a header of the PROXY protocol. @internal */
  public get _proxyProtocol(): boolean {
    return this.layer4?.proxyProtocol ?? false;
  }

  /** Whether the gateway knows the addresses of clients. @internal */
  public get _seesClientAddress(): boolean {
    return this.layer4 === undefined || this.layer4.preserveClientIp || this.layer4.proxyProtocol;
  }

  /** Annotations of the Service. @internal */
  public _annotations(drainSeconds: number): Record<string, string> {
    return this.layer4?.annotations(drainSeconds) ?? {};
  }

  /** Fields of the Service that a load balancer needs; Istio's chart and operator know them by the same names. @internal */
  public _fields(): { readonly loadBalancerClass?: string; readonly externalTrafficPolicy?: string } {
    if (!this.layer4) {
      return {};
    }
    const local = this.layer4.preserveClientIp && this.layer4.targetType === TargetType.INSTANCE;
    return { loadBalancerClass: NLB_CLASS, ...(local ? { externalTrafficPolicy: 'Local' } : {}) };
  }

  /** Ports of the Service. @param target the port of the pods that a Service port leads to @internal */
  public _ports(target: (port: number) => number = port => port): ServicePort[] {
    // Every port of a Service becomes a listener of its load balancer, and with pods as targets the health check needs none.
    const inside = this.layer4?.targetType === TargetType.IP;
    const ports = PORTS.filter(({ name }) => (!inside || name !== STATUS_PORT_NAME) && (!this._plainHttpOnly || name !== 'https'));
    return [...ports.map(({ name, port, node }) => ({ name, port, ...this.nodePorts ? { nodePort: this.nodePorts[node] } : {} })),
      // Istio takes the protocol from the name of a port.
      ...this._tcpPorts.map(port => ({ name: `tcp-${port}`, port }))]
      // A number, because the controller refuses a health check on a port whose target port is a name.
      .map(({ name, port, ...node }) => ({ name, port, targetPort: target(port), ...node, protocol: 'TCP' }));
  }

  /** @internal */
  public _render(selector: { readonly [key: string]: string }): k8s.ServiceSpec {
    return {
      type: this._type,
      ...this._fields(),
      // Pods are reached without node ports, and what is not open needs no guard.
      allocateLoadBalancerNodePorts: this.layer4?.targetType === TargetType.IP ? false : undefined,
      selector,
      ports: this._ports().map(({ targetPort, ...port }) => ({ ...port, targetPort: k8s.IntOrString.fromNumber(targetPort) })),
    };
  }
}
