// The chart that composes an edge: load balancer, gateway, routes and mutual TLS, checked at synth. It wires parts and does nothing else.
import { Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireHosts, requireServedHosts } from '../base/host';
import { requireServiceName } from '../base/kubernetes-name';
import { requireProps } from '../base/prop-types';
import { requireScopeAndId } from '../base/scope';
import { Alb } from '../edge/alb/alb';
import type { AlbOptions } from '../edge/alb/options';
import { BLUE_GREEN_OPTIONS, BlueGreen, type BlueGreenOptions } from '../edge/release/blue-green';
import { Canary, CANARY_OPTIONS, type CanaryOptions } from '../edge/release/canary';
import { EdgeGateway } from '../edge/gateway/gateway';
import type { IGatewayWorkload } from '../edge/gateway-workload/service';
import { GatewayWorkload } from '../edge/gateway-workload/gateway-workload';
import { MeshTls } from '../edge/security/mtls';
import { type ObservabilityOptions, ObservabilityUis } from '../edge/observability/observability';
import { addGatewayRoute, type RoutePlace, vacantName } from '../edge/routing/route';
import { addNamedRoute } from '../edge/routing/route-id';
import { ZeroTrust } from '../edge/security/zero-trust';
import { type AlbIstioEdgeProps, type EdgeRouteOptions, ROUTE } from './edge-props';
import { checkAtSynth } from './synth-checks';

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
  /** Who may call the workloads that requests are routed to; none where nobody asked for it. */
  public readonly zeroTrust?: ZeroTrust;
  private readonly albOptions?: AlbOptions;
  private readonly served: ReadonlySet<string>;

  /**
   * @throws InvalidProps for the first value that can never work, with the values allowed and the construct path. Findings of the
   * checks, where two things disagree, fail the synth instead.
   */
  public constructor(scope: Construct, id: string, props: AlbIstioEdgeProps) {
    super(requireScopeAndId(scope, id), id, { disableResourceNameHashes: true } satisfies ChartProps);
    this.hosts = requireHosts('hosts', requireProps('AlbIstioEdgeProps', props, this.node.path).hosts, this.node.path);
    this.edgeName = requireServiceName('edgeName', props.edgeName ?? 'istio-ingress', this.node.path);
    this.workload = (props.workload ?? GatewayWorkload.injected())._bind(this, 'Workload', this.edgeName);
    this.gateway = new EdgeGateway(this, 'Gateway', {
      gatewayName: this.edgeName, ingressName: this.edgeName, hosts: this.hosts, workload: this.workload, ...props.gateway,
    });
    this.alb = Alb._ifWanted(this, 'Alb', { ingressName: this.edgeName, hosts: this.hosts, backend: this.gateway }, props.alb);
    this.mtls = new MeshTls(this, 'Mtls', props.mtls);
    this.zeroTrust = ZeroTrust._ifWanted(this, 'ZeroTrust', { gateway: this.workload, policyName: this.edgeName }, props.zeroTrust);
    this.albOptions = props.alb;
    this.served = new Set(this.hosts);
    [this.mtls, this.zeroTrust ?? []].flat().forEach(part => this.gateway._onWorkload(part));
    checkAtSynth(this);
  }

  /**
   * Adds a route. Routes are evaluated in declaration order, and the first match wins. The route is not in the construct tree, which keeps
   * thousands of routes cheap; a `Route` is.
   *
   * @throws InvalidProps for an id that is taken, a host that the edge does not serve, values that Istio would reject, and a route after a
   * catch-all
   */
  public addRoute(id: string, options: EdgeRouteOptions): void {
    addNamedRoute(this, id, () => {
      const { hosts } = requireProps(ROUTE, options, '', 'options');
      addGatewayRoute(this, id, options, this.placeOf(hosts, ''));
    });
  }

  /**
   * Adds a canary release: a new version of a workload receives a share of the requests.
   *
   * @throws InvalidProps for everything that a `Canary` rejects, and for a host that the edge does not serve
   */
  public addCanary(id: string, options: CanaryOptions): Canary {
    const { hosts } = requireProps(CANARY_OPTIONS, options, this.node.path, 'options');
    return new Canary(this, id, { ...options, ...this.placeOf(hosts) });
  }

  /**
   * Adds a blue-green release: one of two versions of a workload receives the requests.
   *
   * @throws InvalidProps for everything that a `BlueGreen` rejects, and for a host that the edge does not serve
   */
  public addBlueGreen(id: string, options: BlueGreenOptions): BlueGreen {
    const { hosts } = requireProps(BLUE_GREEN_OPTIONS, options, this.node.path, 'options');
    return new BlueGreen(this, id, { ...options, ...this.placeOf(hosts) });
  }

  /**
   * Publishes pages about the mesh, such as Kiali, under hosts of their own, behind a login of the load balancer.
   *
   * @throws InvalidProps where a page would be published without a login
   */
  public addObservability(id: string, options: ObservabilityOptions): ObservabilityUis {
    return ObservabilityUis._atEdge(this, id, { alb: this.albOptions, gateway: this.gateway, servedHosts: this.hosts }, options);
  }

  /** Where a route for some of the hosts is; by default, for all of them. */
  private placeOf(wanted: string[] | undefined, path = this.node.path): RoutePlace {
    const { gateway, served } = this;
    const hosts = wanted ? requireServedHosts('hosts', wanted, served, path) : this.hosts;
    const isWhole = hosts.length === served.size && hosts.every(host => served.has(host));
    return { gateway, hosts, virtualServiceName: isWhole ? vacantName(this, this.edgeName, { gateway, hosts }) : undefined };
  }
}
