// A route at a Gateway: which requests it matches, and what happens to them.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { refusedAt } from '../../base/errors';
import { OBJECT, requireProps } from '../../base/prop-types';
import { type IGateway, requireGateway } from '../gateway/reference';
import { requireRouteId } from './route-id';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from './route-options';
import { RouteTable } from './route-table';
import { Subsets } from '../traffic-policy/subsets';
import type { IWorkload } from '../workload/workload';

/** Props of a `Route`. */
export interface RouteProps extends RouteOptions {
  /** The Gateway that the route attaches to. */
  readonly gateway: IGateway;

  /** Hosts of the requests; `*` for any. */
  readonly hosts: string[];

  /**
   * Namespace of the VirtualService. The Gateway admits it automatically.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService that is created for those of the hosts that have none yet.
   *
   * @default - derived from the hosts
   */
  readonly virtualServiceName?: string;
}

/** One route in the VirtualService of its hosts. Routes are evaluated in declaration order, and the first match wins. */
export class Route extends Construct {
  /** Workloads that receive requests or copies of them; empty for a delegate, a redirect, or a direct response. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id also the name of the route in the VirtualService, which access logs show
   * @throws InvalidProps for an id that is taken, for hosts, matches and policies that Istio would reject, and for a route after a catch-all
   */
  public constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, requireRouteId(scope, id));
    this.workloads = refusedAt(this.node.path, () => addGatewayRoute(scope, id, props));
  }
}

/** Adds a route to the VirtualServices of a scope. @returns the workloads that it reaches @throws InvalidProps for what Istio would reject */
export function addGatewayRoute(scope: Construct, id: string, props: RouteProps): IWorkload[] {
  const { hosts, target, virtualServiceName: name } = requireProps(OBJECT, props) as RouteProps;
  const gateway = requireGateway(props.gateway);
  const http = renderRoute(id, props, { hosts, atGateway: true });
  const { namespace = Chart.of(scope).namespace ?? gateway.gatewayNamespace } = props;
  // Before the table: a subset must exist before a route refers to it.
  subsettedWorkloads(props).forEach(workload => Subsets._ensure(scope, workload));
  // Before the table too: a delegate that rejects the route must not leave it in the YAML.
  target._attach(http);
  RouteTable._ensure(scope, { gateway, namespace })._add({ hosts, http, name, weightsElsewhere: target._weightsElsewhere });
  const workloads = reachedWorkloads(props);
  const reach = (workload: IWorkload): void => gateway._reach?.(workload);
  workloads.forEach(reach);
  target._onWorkload(reach);
  return workloads;
}
