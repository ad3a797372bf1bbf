// The ports of gateways: where load balancers, clients and other proxies enter.
import { isUndelivered } from '../../mesh/credentials';
import { isTlsServer } from '../../mesh/objects/gateways';
import { type Listener, isOfProxy } from '../../mesh/listeners';
import type { Mesh } from '../../mesh/mesh';
import type { GatewayProxy } from '../../mesh/proxies';
import type { Workload } from '../../mesh/objects/workloads';
import type { Draft, DraftNode } from './draft';

/** The title of the frame around what is in a namespace. */
export function namespaceTitle(namespace: string): string {
  return `namespace ${namespace}`;
}

/** A port of a gateway, which may not listen on it. @param failure what the client gets then */
export function portOf(
  draft: Draft, mesh: Mesh, gateway: Workload, port: number, wanted = mesh.gateway(gateway).listeners(port)[0], failure = '502',
): { readonly node: DraftNode; readonly listener: Listener | undefined } {
  const { namespace, name, isAssumed } = gateway;
  const listener: Listener | undefined = wanted;
  const isOwn = listener === undefined && isOfProxy(port);
  const node = draft.node(listener ?? `port ${namespace}/${name} ${port}`, () => ({
    station: 'port', group: namespaceTitle(namespace), title: `port ${port}`,
    lines: [
      `gateway ${name}`, ...isAssumed ? ['pods not in the input'] : [], ...isOwn ? ['of the proxy itself'] : [],
      ...listener === undefined ? [] : chainLines(listener),
    ],
    ...listener !== undefined ? faultOf(mesh.gateway(gateway), listener) : isOwn ? {} : { fault: `no listener: ${failure}` },
  }));
  listener?.filterChains.all.forEach(chain => draft.alias(chain, node));
  return { node, listener };
}

function chainLines({ filterChains: { all } }: Listener): string[] {
  return [...new Set(all.map(({ terminatesTls, clientCertificate, server, tcp }) => {
    const certificate = clientCertificate === 'none' ? '' : `, client certificate ${clientCertificate}`;
    return terminatesTls ? `terminates TLS${certificate}` : isTlsServer(server) ? 'passes TLS through' : tcp === undefined ? 'plaintext' : 'TCP';
  }))];
}

function faultOf(proxy: GatewayProxy, { filterChains: { all } }: Listener): { readonly fault?: string } {
  const missing = all.flatMap(({ server }) => proxy.credentials(server)).find(isUndelivered);
  return missing === undefined ? {} : { fault: `no Secret ${missing.name}: handshakes fail` };
}
