// A route for service-to-service traffic, applied by the sidecars of the callers.
import { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { requireExportTo } from '../../base/istio/export-to';
import { requireProps } from '../../base/prop-types';
import { rejectable, requireRouteId } from './route-id';
import type { MeshCaller } from '../match/mesh-caller';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from './route-options';
import { RouteTable } from './route-table';
import { Subsets } from '../traffic-policy/subsets';
import type { IWorkload } from '../workload/workload';

/** Props of a `MeshRoute`. */
export interface MeshRouteProps extends RouteOptions {
  /** The workload whose requests are routed: those that callers send to the name of its Service. */
  readonly workload: IWorkload;

  /**
   * Callers whose requests match: any one of them. The callers' own sidecars evaluate this, so it is no access control.
   *
   * @default - every caller
   */
  readonly callers?: MeshCaller[];

  /**
   * Namespaces whose sidecars apply the routes of the workload: names, `.` for the workload's own, or `*` alone for all. It must be the
   * same for all routes of the workload.
   *
   * @default - as set by the first route of the workload: all namespaces
   */
  readonly exportTo?: string[];
}

/**
 * One route for requests inside the mesh to a workload. Routes are evaluated in declaration order, and the first match wins. Requests that
 * match no route go to the workload as if it had no routes: a VirtualService on its own would respond with 404.
 *
 * The routes of a Service with several ports apply to all its HTTP ports, and a route sends to the port of its target. Set `port` so that a
 * route does not affect the other ports.
 */
export class MeshRoute extends Construct {
  /** Workloads that receive requests or copies of them; empty for a redirect or a direct response. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id also the name of the route in the VirtualService, which access logs show
   * @throws InvalidProps for an id that is taken, for a workload that has routes elsewhere in the app, and for what Istio would reject
   */
  public constructor(scope: Construct, id: string, props: MeshRouteProps) {
    super(scope, requireRouteId(scope, id));
    this.workloads = rejectable(this, () => prepareMeshRoute(scope, id, requireProps('MeshRouteProps', props))());
  }
}

/**
 * Checks a route on its own, and renders it.
 *
 * @param props props of the right types
 * @returns a function that checks it together with the other routes, adds it, and returns the workloads that it reaches; if it throws, nothing
 * has changed
 */
export function prepareMeshRoute(scope: Construct, id: string, props: MeshRouteProps): () => IWorkload[] {
  const { callers, exportTo, target, workload: { host, namespace, serviceName } } = props;
  const http = renderRoute(id, props, { hosts: [host], callers });
  if (target._delegates) {
    throw InvalidProps.conflict('target', 'a delegate', 'cannot be a delegate, because delegates only work at a gateway');
  }
  const entry = {
    hosts: [host], http, name: serviceName, weightsElsewhere: target._weightsElsewhere,
    exportTo: exportTo === undefined ? undefined : requireExportTo('exportTo', exportTo, namespace),
    // Without a port: the request keeps the one that it was sent to (Istio 1.30, pilot/pkg/networking/core/route/route.go).
    fallback: { name: 'rest', route: [{ destination: { host } }] },
  };
  return () => {
    const subsetted = subsettedWorkloads(props);
    subsetted.forEach(workload => Subsets._find(scope, workload));
    // A subset must exist before a route refers to it.
    RouteTable._add(scope, { namespace }, entry, () => subsetted.forEach(workload => Subsets._ensure(scope, workload)));
    return reachedWorkloads(props);
  };
}
