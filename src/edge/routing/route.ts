// A route: which requests it takes, and what happens to them.
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { OBJECT, requireProps } from '../../base/prop-types';
import { type IGateway, requireGateway } from '../gateway/reference';
import { addRoute } from './route-id';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from './route-options';
import { RouteTable } from './route-table';
import { Subsets } from '../traffic-policy/subsets';
import type { IWorkload } from '../workload/workload';

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
   * Name of the VirtualService that is made for those of the hosts that have none yet.
   *
   * @default - made from the hosts
   */
  readonly virtualServiceName?: string;
}

/** One route of the VirtualService of its hosts. The first route that takes a request wins, so order is law. */
export class Route {
  /** Workloads that requests or copies of them are sent to; none that a delegate names, and none for a route that answers by itself. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route, for people: it stands in the VirtualService and so in access logs
   * @throws InvalidProps for an id that is taken, and for hosts, matches and policies that Istio would refuse
   */
  public constructor(scope: Construct, id: string, props: RouteProps) {
    this.workloads = addRoute(scope, id, () => prepareRoute(scope, id, props));
  }
}

/**
 * Checks a route at a gateway, and returns what makes it.
 *
 * @throws InvalidProps for what Istio would refuse; only the gateway, other parts of the edge and the subsets are not asked before
 */
export function prepareRoute(scope: Construct, id: string, props: RouteProps): () => IWorkload[] {
  const { hosts, target, virtualServiceName: name } = requireProps(OBJECT, props) as RouteProps;
  const gateway = requireGateway(props.gateway);
  const http = renderRoute(id, props, { hosts, atGateway: true });
  const { namespace = Chart.of(scope).namespace ?? gateway.gatewayNamespace } = props;
  const place = { gateway, namespace };
  const entry = { hosts, http, name, weightsElsewhere: target._weightsElsewhere };
  RouteTable._check(scope, place, entry);
  const accept = target._accept(http);
  return () => {
    const reached = reachedWorkloads(props);
    // Before the table, because a version has to be there when the route is.
    subsettedWorkloads(props).forEach(workload => Subsets._ensure(scope, workload));
    const table = RouteTable._ensure(scope, place);
    table._admit(hosts);
    const reach = (workload: IWorkload): void => gateway._reach?.(workload);
    reached.forEach(reach);
    if (reached.length === 0) {
      target._onWorkload(reach);
    }
    accept();
    table._add(entry);
    return reached;
  };
}
