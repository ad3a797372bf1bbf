// A route at a Gateway: which requests it matches, and what happens to them.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireProps } from '../../base/prop-types';
import type { IGateway } from '../gateway/reference';
import { rejectable, requireRouteId } from './route-id';
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

/**
 * One route in the VirtualService of its hosts. Routes with the same scope and namespace are evaluated in declaration order, and the first
 * match wins.
 *
 * Across scopes or namespaces, the more specific host wins, regardless of the declaration order. If one chart has routes for
 * `*.example.com` and another chart adds a route for `cart.example.com`, no route of the first chart applies to `cart.example.com` any
 * more, not even one that rejects requests; requests that match no route of the second chart get a 404 (Istio 1.30,
 * pilot/pkg/networking/core/gateway.go).
 */
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
    this.workloads = rejectable(this, () => addGatewayRoute(scope, id, requireProps('RouteProps', props), props));
  }
}

/** Where a route at a Gateway is. */
export type RoutePlace = Omit<RouteProps, keyof RouteOptions>;

/**
 * Adds a route to the VirtualServices of a scope.
 *
 * @param options options of the right types
 * @returns the workloads that it reaches
 * @throws InvalidProps for what Istio would reject
 */
export function addGatewayRoute(scope: Construct, id: string, options: RouteOptions, place: RoutePlace): IWorkload[] {
  return prepareGatewayRoute(scope, id, options, place)();
}

/**
 * Checks a route on its own, and renders it.
 *
 * @param options options of the right types
 * @returns a function that checks it together with the other routes, and adds it; if it throws, nothing has changed
 */
export function prepareGatewayRoute(scope: Construct, id: string, options: RouteOptions, place: RoutePlace): () => IWorkload[] {
  const { target } = options;
  const { gateway, hosts, virtualServiceName: name } = place;
  const http = renderRoute(id, options, { hosts, atGateway: true });
  const namespace = namespaceOf(scope, place);
  return () => {
    const workloads = reachedWorkloads(options);
    const subsetted = subsettedWorkloads(options).filter(workload => Subsets._find(scope, workload) === undefined);
    target._requireFitting(http);
    // What admits hosts and what protects workloads keeps no trace of a rejected route, so all of them accept it before one of them acts.
    gateway._accept?.([...workloads, ...target._reached()]);
    RouteTable._add(scope, { gateway, namespace }, { hosts, http, name, weightsElsewhere: target._weightsElsewhere }, () => {
      for (const workload of workloads) {
        gateway._reach?.(workload);
      }
      const expectPreflights = () => gateway._expectPreflights?.(hosts);
      if (options.cors) {
        expectPreflights();
      }
      if (target._delegates) {
        target._onWorkload({ _accept: accepted => gateway._accept?.(accepted), _reach: workload => gateway._reach?.(workload) });
      }
      // A subset must exist before a route refers to it.
      for (const workload of subsetted) {
        Subsets._ensure(scope, workload);
      }
      target._attach(http, expectPreflights);
    });
    return workloads;
  };
}

/** The namespace of the VirtualService. */
function namespaceOf(scope: Construct, { gateway, namespace }: Pick<RouteProps, 'gateway' | 'namespace'>): string {
  return namespace ?? Chart.of(scope).namespace ?? gateway.gatewayNamespace;
}

/** The name, if the next route for the hosts would create a VirtualService that can have it. A preference and no prop, so never an error. */
export function vacantName(scope: Construct, name: string, { gateway, hosts }: Pick<RouteProps, 'gateway' | 'hosts'>): string | undefined {
  return RouteTable._isVacant(scope, { gateway, namespace: namespaceOf(scope, { gateway }) }, hosts, name) ? name : undefined;
}
