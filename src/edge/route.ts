// A route: which requests it takes, and what happens to them. Routes with the same hosts share one VirtualService, in the order written.
import { Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { VirtualServiceSpecHttp } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import type { IGateway } from './gateway';
import { type HeaderMatch, type PathMatch, renderMatches } from './match';
import { renderDuration, renderRetries, type RetryPolicy } from './route-policy';
import { RouteTable } from './route-table';
import { RouteTarget } from './route-target';
import { Subsets } from './subsets';
import type { IWorkload } from './workload';

/** Which requests a route takes, and what happens to them. */
export interface RouteOptions {
  /** What happens to the requests. */
  readonly target: RouteTarget;

  /**
   * Conditions on the path; one of them has to hold.
   *
   * @default - any path
   */
  readonly paths?: PathMatch[];

  /**
   * Conditions on headers; all of them have to hold.
   *
   * @default - any headers
   */
  readonly headers?: HeaderMatch[];

  /**
   * Time for the whole request, with all its attempts; at least 1 ms.
   *
   * @default - no limit, as in Istio
   */
  readonly timeout?: Duration;

  /**
   * When and how often a failed request is tried again.
   *
   * @default - Istio's own: 2 further attempts when the workload could not be reached
   */
  readonly retries?: RetryPolicy;
}

/** Props of a `Route`. */
export interface RouteProps extends RouteOptions {
  /** The Gateway that requests come in by. */
  readonly gateway: IGateway;

  /** Hosts of the requests; `*` for any. */
  readonly hosts: string[];

  /**
   * Namespace of the VirtualService. The Gateway is told to admit it.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService, the same for all routes of a host list that name one; the first of them decides.
   *
   * @default - made from the hosts
   */
  readonly virtualServiceName?: string;
}

/** Ids of the routes that a scope has. */
const IDS = new WeakMap<Construct, Set<string>>();

/**
 * One route of a VirtualService. The first route that takes a request wins, so order is law.
 *
 * A route is made like a construct but is no node of the tree: cdk8s walks the whole tree several times in a synth, and an edge may have
 * thousands of routes.
 */
export class Route {
  /** Workloads that requests are sent to; none for a route that answers by itself. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route, for people: it stands in the VirtualService and so in access logs
   * @throws InvalidProps for an id that is taken, and for hosts, matches and policies that Istio would refuse
   */
  public constructor(scope: Construct, id: string, props: RouteProps) {
    const { gateway, target } = props;
    if (!(target instanceof RouteTarget)) {
      throw new InvalidProps('target', target, 'what a maker of RouteTarget returns, such as RouteTarget.workload(…)', `${scope.node.path}/${id}`);
    }
    this.workloads = [...target._workloads];
    const taken = IDS.get(scope) ?? new Set();
    if (!id || taken.has(id) || scope.node.tryFindChild(id)) {
      throw new InvalidProps('id', id, 'an id that is not empty and that nothing else in the scope has', scope.node.path);
    }
    try {
      const http: VirtualServiceSpecHttp = {
        name: id,
        match: renderMatches(props.paths ?? [], props.headers ?? []),
        timeout: props.timeout && renderDuration('timeout', props.timeout),
        retries: props.retries && renderRetries(props.retries),
        ...target._render(),
      };
      target._subsetted.forEach(workload => Subsets._ensure(scope, workload));
      RouteTable._ensure(scope, {
        gateway,
        hosts: props.hosts,
        namespace: props.namespace ?? Chart.of(scope).namespace ?? gateway.gatewayNamespace,
        virtualServiceName: props.virtualServiceName,
      })._add(http);
    } catch (error) {
      throw error instanceof InvalidProps ? error.at(`${scope.node.path}/${id}`) : error;
    }
    IDS.set(scope, taken.add(id));
  }
}
