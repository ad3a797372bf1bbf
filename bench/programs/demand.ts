// The input of both programs of a race, as plain data: workloads and the routes to them.

/** A Service with two versions. */
export interface WantedWorkload {
  readonly serviceName: string;
  readonly namespace: string;
}

/** A route: its conditions, and the share of each version; without shares it sends to the whole workload. */
export interface WantedRoute {
  readonly id: string;
  /** Its own host; without one, the route is for the host of the edge. */
  readonly host?: string;
  readonly prefix: string;
  readonly header?: string;
  readonly timeoutSeconds?: number;
  readonly workload: WantedWorkload;
  readonly shares: readonly { readonly version: string; readonly weight?: number }[];
}

/** One edge with its own workloads. */
export interface WantedEdge {
  readonly name: string;
  readonly host: string;
  readonly workloads: readonly WantedWorkload[];
  readonly routes: readonly WantedRoute[];
}

export const PORT = 8080;
export const VERSIONS = ['v1', 'v2'];

/** One edge with ten routes per workload and twenty workloads per namespace, or many edges with three routes to two workloads each. */
export type DemandName = 'oneEdge' | 'manyHosts' | 'manyEdges';

/** @param size the number of routes of the one edge, or the number of edges */
export function demanded(name: DemandName, size: number): WantedEdge[] {
  if (name === 'manyHosts') {
    const [one] = demanded('oneEdge', size);
    return [{ ...one, host: '*.example.com', routes: one.routes.map((each, index) => ({ ...each, host: `shop-${index}.example.com` })) }];
  }
  return name === 'oneEdge'
    ? [edge('shop', size, Math.ceil(size / 10))]
    : Array.from({ length: size }, (_, index) => edge(`edge-${index}`, 3, 2));
}

function edge(name: string, routeCount: number, workloadCount: number): WantedEdge {
  const workloads = Array.from({ length: workloadCount }, (_, index): WantedWorkload => ({
    serviceName: `service-${index}`,
    namespace: `${name}-team-${Math.floor(index / 20)}`,
  }));
  const routes = Array.from({ length: routeCount }, (_, index) => route(index, workloads));
  return { name, host: `${name}.example.com`, workloads, routes };
}

/** Of ten routes, four send to a workload, three to a version and three to a split. */
function route(index: number, workloads: readonly WantedWorkload[]): WantedRoute {
  const turn = Math.floor(index / workloads.length);
  const kind = (index + turn) % 10;
  const workload = workloads[index % workloads.length];
  return {
    id: `Route-${index}`,
    prefix: `/${workload.namespace}/${workload.serviceName}/r${turn}/`,
    header: kind === 4 ? 'x-tester' : undefined,
    timeoutSeconds: kind % 2 === 0 ? 10 : undefined,
    workload,
    shares: kind < 4 ? [] : kind < 7 ? [{ version: 'v2' }] : [{ version: 'v1', weight: 90 }, { version: 'v2', weight: 10 }],
  };
}
