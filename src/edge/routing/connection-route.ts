// What TLS and TCP routes share: a VirtualService of their own, and a target that takes connections.
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { VirtualService, type VirtualServiceSpec, type VirtualServiceSpecTcpRoute } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { instanceOf, requireProps } from '../../base/prop-types';
import { type IGateway, requireGateway } from '../gateway/reference';
import { PlainObject } from '../wire/plain-object';
import { addRoute } from './route-id';
import { RouteTarget } from './route-target';
import { Subsets } from '../traffic-policy/subsets';
import type { IWorkload } from '../workload/workload';

/** What a route for connections says, of whatever kind. */
interface ConnectionRoute {
  readonly gateway: IGateway;
  readonly target: RouteTarget;
  readonly namespace?: string;
  readonly virtualServiceName?: string;
}

/** What is own to one kind of route. */
interface Connections {
  /** What it takes of the Gateway, and no other route may take. */
  readonly claims: readonly string[];
  /** The VirtualService that hands the connections to destinations. */
  readonly spec: (route: VirtualServiceSpecTcpRoute[]) => VirtualServiceSpec;
  /** Opens the Gateway for the routes of a namespace. */
  readonly open: (gateway: IGateway, namespace: string) => void;
}

/** Routes by the Gateway and what they take of it. */
const CLAIMED = oncePerApp<string>();

const TARGET = instanceOf<RouteTarget>('RouteTarget');

/**
 * Renders a VirtualService for connections.
 *
 * @returns the workloads that connections are handed to
 * @throws InvalidProps where another route takes the same connections; what `make` and the gateway refuse gets the path of the route
 */
export function addConnectionRoute(scope: Construct, id: string, props: ConnectionRoute, make: () => Connections): IWorkload[] {
  return addRoute(scope, id, () => {
    const gateway = requireGateway(props.gateway);
    const name = requireDnsSubdomain('virtualServiceName', props.virtualServiceName ?? id.toLowerCase());
    const { namespace: wanted = Chart.of(scope).namespace ?? gateway.gatewayNamespace } = props;
    const namespace = requireDnsLabel('namespace', wanted);
    const target = requireProps(TARGET, props.target, '', 'target');
    const route = destinationsOf(target);
    const { claims, spec, open } = make();
    const reference = `${gateway.gatewayNamespace}/${gateway.gatewayName}`;
    const claimed = CLAIMED(scope);
    const keys = claims.map(claim => ({ claim, key: `${reference} ${claim}` }));
    for (const { claim, key } of keys) {
      if (claimed.has(key)) {
        throw InvalidProps.value('gateway', `${reference} ${claim}`, `must be connections without another route; ${claimed.get(key)} takes these`);
      }
    }
    return () => {
      // First, because a version has to be there when the route is.
      target._subsetted.forEach(workload => Subsets._ensure(scope, workload));
      open(gateway, namespace);
      target._workloads.forEach(workload => gateway._reach?.(workload));
      keys.forEach(({ key }) => claimed.set(key, `${scope.node.path}/${id}`));
      const metadata = { name, namespace, labels: recommendedLabels(name, 'routing') };
      const object = { ...VirtualService.GVK, metadata, spec: { gateways: [reference], ...spec(route) } };
      new PlainObject(new Construct(scope, `Connections-${id}`), 'Resource', object);
      return [...target._workloads];
    };
  });
}

/** The destinations of a target. Throws for one that has none, and for changes to headers, which no connection has. */
function destinationsOf(target: RouteTarget): VirtualServiceSpecTcpRoute[] {
  const { route } = target._render();
  if (!route) {
    throw InvalidProps.value('target', target._delegates ? 'a delegate' : 'an answer of the gateway',
      'must be a workload, a version, or a split: the gateway does not speak HTTP here');
  }
  return route.map(({ destination, weight, headers }, index) => {
    if (headers) {
      throw InvalidProps.value('target', `changes to headers of share ${index + 1}`, 'must be shares without them: the gateway sees no headers here');
    }
    return { destination, weight };
  });
}
