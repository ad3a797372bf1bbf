// The chart that composes an edge: load balancer, gateway, routes and mutual TLS, checked at synth. It wires parts and does nothing else.
import { Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { hostsKey, requireHosts, requireServedHosts } from '../base/host';
import { requireServiceName } from '../base/kubernetes-name';
import { Alb } from '../edge/alb';
import type { AlbOptions } from '../edge/alb-options';
import { EdgeGateway, type EdgeGatewayOptions } from '../edge/gateway';
import type { IGatewayWorkload } from '../edge/gateway-service';
import { GatewayWorkload } from '../edge/gateway-workload';
import { MeshTls, type MeshTlsOptions } from '../edge/mtls';
import { Route, type RouteOptions } from '../edge/route';
import { checkAtSynth } from './synth-checks';

/** Props of an `AlbIstioEdge`. */
export interface AlbIstioEdgeProps {
  /** Hosts that the edge answers for: names, wildcards such as `*.example.com`, or `*` for any. */
  readonly hosts: string[];

  /**
   * The Istio Gateway: its TLS Secret above all.
   *
   * @default - none, and so refused where TLS is spoken to the gateway, which is the default
   */
  readonly gateway?: EdgeGatewayOptions;

  /**
   * The Application Load Balancer. Not where `workload` is exposed by a Network Load Balancer, which leads straight to the gateway.
   *
   * @default - internet-facing, HTTP redirecting to HTTPS, certificates discovered by host
   */
  readonly alb?: AlbOptions;

  /**
   * The pods that run the gateway.
   *
   * @default GatewayWorkload.injected()
   */
  readonly workload?: GatewayWorkload;

  /**
   * Mutual TLS of the workloads that requests are routed to.
   *
   * @default - STRICT, for every namespace routed to
   */
  readonly mtls?: MeshTlsOptions;

  /**
   * Name of the edge: of its Ingress, Gateway and VirtualService, of the gateway's Deployment and Service, and of their namespace.
   *
   * @default 'istio-ingress'
   */
  readonly edgeName?: string;
}

/** A route of an edge. */
export interface EdgeRouteOptions extends RouteOptions {
  /**
   * Hosts of the requests, each one that the edge serves.
   *
   * @default - all hosts of the edge
   */
  readonly hosts?: string[];
}

/** An Application Load Balancer in front of an Istio ingress gateway: client –TLS→ ALB –TLS→ gateway –mTLS→ workload. */
export class AlbIstioEdge extends Chart {
  /** Hosts that the edge answers for. */
  public readonly hosts: string[];
  /** Name of the edge. */
  public readonly edgeName: string;
  /** The pods that run the gateway. */
  public readonly workload: IGatewayWorkload;
  /** The Istio Gateway. */
  public readonly gateway: EdgeGateway;
  /** The Application Load Balancer; none where a Network Load Balancer leads straight to the gateway. */
  public readonly alb?: Alb;
  /** Mutual TLS of the workloads that requests are routed to. */
  public readonly mtls: MeshTls;

  /**
   * @throws InvalidProps for the first value that can never work, with the values allowed and the construct path. Findings of the
   * checks, where two things disagree, fail the synth instead.
   */
  public constructor(scope: Construct, id: string, props: AlbIstioEdgeProps) {
    super(scope, id, { disableResourceNameHashes: true } satisfies ChartProps);
    this.hosts = requireHosts('hosts', props.hosts, this.node.path);
    this.edgeName = requireServiceName('edgeName', props.edgeName ?? 'istio-ingress', this.node.path);
    this.workload = (props.workload ?? GatewayWorkload.injected())._bind(this, 'Workload', this.edgeName);
    this.gateway = new EdgeGateway(this, 'Gateway', {
      gatewayName: this.edgeName, ingressName: this.edgeName, hosts: this.hosts, workload: this.workload, ...props.gateway,
    });
    this.alb = Alb._ifWanted(this, 'Alb', { ingressName: this.edgeName, hosts: this.hosts, backend: this.gateway }, props.alb);
    this.mtls = new MeshTls(this, 'Mtls', props.mtls);
    checkAtSynth(this);
  }

  /**
   * Adds a route. The first route that takes a request wins, in the order in which they are added.
   *
   * @throws InvalidProps for an id that is taken, a host that the edge does not serve, and values that Istio would refuse
   */
  public addRoute(id: string, options: EdgeRouteOptions): Route {
    const hosts = options.hosts ? requireServedHosts('hosts', options.hosts, this.hosts, this.node.path) : this.hosts;
    const allHosts = hosts === this.hosts || hostsKey(hosts) === hostsKey(this.hosts);
    const route = new Route(this, id, { ...options, hosts, gateway: this.gateway, virtualServiceName: allHosts ? this.edgeName : undefined });
    route.workloads.forEach(workload => this.mtls.protect(workload));
    return route;
  }
}
