// What TLS and TCP routes share: a VirtualService of their own, and a target for connections.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { VirtualService, type VirtualServiceSpec, type VirtualServiceSpecTcpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { type IGateway, referencesOf } from '../gateway/reference';
import { requireInternalId } from '../wire/internal-id';
import { PlainObject } from '../wire/plain-object';
import { rejectable } from './route-id';
import type { RouteTarget } from './route-target';
import { Subsets } from '../traffic-policy/subsets';
import type { IWorkload } from '../workload/workload';

/** Props that TCP and TLS routes share. */
export interface ConnectionRouteProps {
  /** The Gateway that accepts the connections. It must be behind a Network Load Balancer. */
  readonly gateway: IGateway;

  /** The destination of the connections: a workload, a version, or a split. */
  readonly target: RouteTarget;

  /**
   * Namespace of the VirtualService.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService: a DNS subdomain.
   *
   * @default - the id in lower case
   */
  readonly virtualServiceName?: string;
}

/** What a TCP or TLS route matches. */
interface Connections {
  /** The ports or hosts of the Gateway, each of which one route alone may match. */
  readonly matched: readonly string[];
  /** The VirtualService that sends the connections to destinations. */
  readonly spec: (route: VirtualServiceSpecTcpRoute[]) => VirtualServiceSpec;
  /** Opens the Gateway for the routes of a namespace. */
  readonly open: (gateway: IGateway, namespace: string) => void;
}

/** Paths of the routes, by Gateway and matched port or host. */
const ROUTES = oncePerApp<string>();

/**
 * Renders the VirtualService of a TCP or TLS route.
 *
 * @param props props of the right types
 * @param matchOf checks and returns what the route matches
 * @returns the workloads that receive the connections
 * @throws InvalidProps if another route already matches the same connections, with the path of the route
 */
export function addConnectionRoute(construct: Construct, id: string, props: ConnectionRouteProps, matchOf: () => Connections): IWorkload[] {
  const { path } = construct.node;
  const scope = construct.node.scope as Construct;
  return rejectable(construct, () => {
    const { gateway, target } = props;
    const name = requireDnsSubdomain('virtualServiceName', props.virtualServiceName ?? id.toLowerCase());
    const { namespace: wanted = Chart.of(construct).namespace ?? gateway.gatewayNamespace } = props;
    const namespace = requireDnsLabel('namespace', wanted);
    const route = destinationsOf(target);
    const { matched, spec, open } = matchOf();
    const reference = `${gateway.gatewayNamespace}/${gateway.gatewayName}`;
    const routes = ROUTES(construct);
    const keys = matched.map(connections => `${reference} ${connections}`);
    for (const key of keys) {
      if (routes.has(key)) {
        throw InvalidProps.duplicate('gateway', key, `matched by route ${routes.get(key)}`);
      }
    }
    const ownId = requireInternalId(scope, `Connections-${id}`, 'VirtualServices');
    target._subsetted.forEach(workload => Subsets._find(scope, workload));
    gateway._accept?.(target._workloads);
    // The last call that can reject the route. Nothing has changed before it.
    open(gateway, namespace);
    target._workloads.forEach(workload => gateway._reach?.(workload));
    keys.forEach(key => routes.set(key, path));
    // Before the VirtualService: a subset must exist before a route refers to it.
    target._subsetted.forEach(workload => Subsets._ensure(scope, workload));
    const metadata = { name, namespace, labels: recommendedLabels(name, 'routing') };
    // Beside the route and not in it, so that it comes after the DestinationRules in the output.
    new PlainObject(new Construct(scope, ownId), 'Resource', {
      ...VirtualService.GVK, metadata,
    }, () => ({ gateways: referencesOf(gateway), ...spec(route) }));
    return [...target._workloads];
  });
}

/** The destinations of a target. Throws for a target without any, and for header changes, which connections cannot have. */
function destinationsOf(target: RouteTarget): VirtualServiceSpecTcpRoute[] {
  const { route } = target._render();
  if (!route) {
    throw InvalidProps.value('target', target._delegates ? 'a delegate' : 'a response of the gateway',
      'must be a workload, a version, or a split, because the gateway does not speak HTTP here');
  }
  return route.map(({ destination, weight, headers }, index) => {
    if (headers) {
      throw InvalidProps.conflict('target', `changes to headers of share ${index + 1}`,
        `cannot change headers, as share ${index + 1} does: the gateway sees no headers here`);
    }
    return { destination, weight };
  });
}
