// Ways to workloads: what gateways and the pods behind them know of the connections that load balancers and gateways make.
import { namespacedName } from '../../base/kubernetes-name';
import { serverNameOf } from '../../mesh/cluster-names';
import type { Manifest } from '../../manifests/manifest';
import type { Mesh } from '../../mesh/mesh';
import type { Attribute, AuthorizationPolicy } from '../../mesh/security/authorization';
import type { Workload } from '../../mesh/objects/workloads';
import { type ConnectionFacts, type Facts, unmetConditions } from '../../trace/policies/authorization';
import { forwardsOf } from '../routes/forwards';
import { type Link, balancedLinks } from './links';

/** How requests get to a workload. */
export interface Way {
  readonly workload: Workload;
  /** What sends them, in words. */
  readonly sender: string;
  /** The sender's identity in the mesh. */
  readonly identity?: string;
  readonly isGateway: boolean;
  /** The VirtualService with the route: of the host, or that of a delegate. */
  readonly routedBy?: Manifest;
  readonly connection: ConnectionFacts;
}

/** The ways to gateways behind Application Load Balancers, and to workloads with a sidecar behind gateways. */
export function waysToWorkloads(mesh: Mesh, links: readonly Link[]): Way[] {
  const { settings: { trustDomains } } = mesh;
  const toGateways = balancedLinks(links).map(({ loadBalancer, gateway, proxy, port }): Way => ({
    workload: gateway, sender: `load balancer ${loadBalancer.group}`, isGateway: true,
    connection: { peer: null, port: proxy.targetOf(port), serverName: '', trustDomains },
  }));
  const toPods = forwardsOf(mesh).flatMap(({ proxy: { workload: gateway }, route, cluster }) => (
    gateway.isAssumed ? [] : cluster.endpoints.flatMap((endpoint): Way[] => {
      const isMesh = mesh.clusters.tlsTo(cluster, endpoint) === 'mesh';
      const peer = isMesh ? { trustDomain: trustDomains[0], namespace: gateway.namespace, serviceAccount: gateway.serviceAccount } : null;
      return endpoint.workload?.proxy !== 'sidecar' ? [] : [{
        workload: endpoint.workload, sender: `gateway ${namespacedName(gateway)}`, isGateway: false, routedBy: route.manifest,
        ...(peer === null ? {} : { identity: `${peer.trustDomain}/ns/${peer.namespace}/sa/${peer.serviceAccount}` }),
        connection: { peer, port: endpoint.port, serverName: isMesh ? serverNameOf(cluster.name) : '', trustDomains },
      }];
    })));
  return [...toGateways, ...toPods];
}

const IDENTITY: ReadonlySet<Attribute> = new Set<Attribute>(['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain']);

/** What a connection has instead of what the rules of a policy ask for in vain, in words. */
export function hintsOf({ rules }: AuthorizationPolicy, { sender, identity, connection: { port } }: Way, facts: Facts): string[] {
  const unmet = new Set(rules.flatMap(rule => unmetConditions(rule, facts)).map(({ attribute }) => attribute));
  return [
    ...[...unmet].some(own => IDENTITY.has(own)) ? [identity === undefined ? `${sender} has no identity of the mesh` : `its identity is ${identity}`] : [],
    ...unmet.has('destination.port') ? [`the port of the pods is ${port}`] : [],
  ];
}
