// The Service in front of the gateway pods: its ports, how it is exposed, and what other parts need to know of it.
import type { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { TargetType } from '../base/alb-words';
import { InvalidProps } from '../base/errors';
import { requireInteger } from '../base/kubernetes-name';

/** Pods that run the gateway, and the Service in front of them. */
export interface IGatewayWorkload {
  /** Namespace of the pods, the Service and the TLS Secret. */
  readonly workloadNamespace: string;
  /** Name of the Service. */
  readonly serviceName: string;
  /** Labels that select the pods; an Istio Gateway uses the same. */
  readonly selector: { readonly [key: string]: string };
  /** Service port that leads to HTTPS. An Istio Gateway names the Service port, not the target port. */
  readonly httpsPort: number;
  /** Name of the Service port that leads to the proxy's status port, 15021. */
  readonly statusPortName: string;
  /** Target types that a load balancer can use with the Service; the first is the best. */
  readonly targetTypes: TargetType[];
  /** How long a pod that is going away still answers. */
  readonly drainDuration: Duration;
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

const PORTS = [
  { name: STATUS_PORT_NAME, port: 15021, node: 'status' },
  { name: 'http2', port: 80, node: 'http' },
  { name: 'https', port: 443, node: 'https' },
] as const;

/** How the gateway's Service can be reached from outside the cluster. */
export class ServiceExposure {
  /** Not at all: the load balancer sends to the pods (ip targets). The default, with nothing that could be reached past the ALB. */
  public static clusterIp(): ServiceExposure {
    return new ServiceExposure(undefined);
  }

  /**
   * On fixed ports of every node (instance targets). The traffic policy stays `Cluster`: with `Local`, nodes without a gateway pod
   * fail their health checks, and the client's address travels in X-Forwarded-For anyway.
   *
   * @throws InvalidProps for a node port outside 30000 to 32767, or one given twice
   */
  public static nodePort(ports: GatewayNodePorts): ServiceExposure {
    const seen = new Set<number>();
    for (const [prop, port] of Object.entries(ports)) {
      requireInteger(prop, port, 30000, 32767);
      if (seen.has(port)) {
        throw new InvalidProps(prop, port, 'every node port once');
      }
      seen.add(port);
    }
    return new ServiceExposure(ports);
  }

  private constructor(private readonly nodePorts: GatewayNodePorts | undefined) {}

  /** Target types that a load balancer can use with the Service; the first is the best. */
  public get targetTypes(): TargetType[] {
    return this.nodePorts ? [TargetType.INSTANCE, TargetType.IP] : [TargetType.IP];
  }

  /** @internal */
  public _render(selector: { readonly [key: string]: string }): k8s.ServiceSpec {
    return {
      type: this.nodePorts ? 'NodePort' : 'ClusterIP',
      selector,
      ports: PORTS.map(({ name, port, node }) => ({
        name,
        port,
        // A number, because the controller refuses a health check on a port whose target port is a name.
        targetPort: k8s.IntOrString.fromNumber(port),
        nodePort: this.nodePorts?.[node],
        protocol: 'TCP',
      })),
    };
  }
}
