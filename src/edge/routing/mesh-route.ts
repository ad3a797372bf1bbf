// A route between services of the mesh: the sidecars of the callers follow it.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { requireExportTo } from '../../base/export-to';
import { OBJECT, requireProps } from '../../base/prop-types';
import { addRoute } from './route-id';
import type { MeshCaller } from '../match/mesh-caller';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from './route-options';
import { RouteTable } from './route-table';
import { Subsets } from '../traffic-policy/subsets';
import { type IWorkload, requireWorkload } from '../workload/workload';

/** Props of a `MeshRoute`. */
export interface MeshRouteProps extends RouteOptions {
  /** The workload whose requests this is about: callers ask for it by the name of its Service. */
  readonly workload: IWorkload;

  /**
   * Callers whose requests the route takes: any of them. Their sidecars evaluate it, so it is no protection.
   *
   * @default - every caller
   */
  readonly callers?: MeshCaller[];

  /**
   * Namespaces whose sidecars follow the routes of the workload: names, or `.` for the workload's own, or `*` alone for all. The same for
   * all routes of the workload.
   *
   * @default - as the first route of the workload has it: all namespaces
   */
  readonly exportTo?: string[];
}

/**
 * One route of the requests inside the mesh to a workload. The first route that takes a request wins, so order is law. What no route
 * takes goes to the workload, as if there were none: a VirtualService by itself would answer 404.
 *
 * A Service with several ports has its routes on all those that speak HTTP, and a route sends to the port of its target. Name `port`, so
 * that a route leaves the other ports alone.
 */
export class MeshRoute {
  /** Workloads that requests or copies of them are sent to; none for a route that answers by itself. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route, for people: it stands in the VirtualService and so in access logs
   * @throws InvalidProps for an id that is taken, a workload with routes elsewhere in the app, and for what Istio would refuse
   */
  public constructor(scope: Construct, id: string, props: MeshRouteProps) {
    this.workloads = addRoute(scope, id, () => prepareMeshRoute(scope, id, props));
  }
}

/**
 * Checks a route inside the mesh, and returns what makes it.
 *
 * @throws InvalidProps for what Istio would refuse; only the subsets are not asked before
 */
export function prepareMeshRoute(scope: Construct, id: string, props: MeshRouteProps): () => IWorkload[] {
  const { callers, exportTo, target } = requireProps(OBJECT, props) as MeshRouteProps;
  const { host, namespace, serviceName } = requireWorkload('workload', props.workload);
  const http = renderRoute(id, props, { hosts: [host], callers });
  if (target._delegates) {
    throw InvalidProps.value('target', 'a delegate', 'must be a target of another kind: inside the mesh the workload\'s own team writes the routes');
  }
  const entry = {
    hosts: [host], http, name: serviceName, weightsElsewhere: target._weightsElsewhere,
    exportTo: exportTo === undefined ? undefined : requireExportTo('exportTo', exportTo, namespace),
    // Without a port: the request keeps the one that it came in by (Istio 1.30, pilot/pkg/networking/core/route/route.go).
    fallback: { name: 'rest', route: [{ destination: { host } }] },
  };
  RouteTable._check(scope, { namespace }, entry);
  return () => {
    // Before the table, because a version has to be there when the route is.
    subsettedWorkloads(props).forEach(workload => Subsets._ensure(scope, workload));
    RouteTable._ensure(scope, { namespace })._add(entry);
    return reachedWorkloads(props);
  };
}
