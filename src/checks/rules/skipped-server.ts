// istiod drops a server of a Gateway without a word.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { isPrecedenceKnown } from '../../mesh/objects/creation-order';
import type { MergedGateway, Server, SkippedServer } from '../../mesh/objects/gateways';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/gateway.go:177-430. */
export const skippedServer: Check = {
  id: 'skipped-server',
  severity: 'error',
  title: 'A server of a Gateway is dropped',
  why: 'All Gateways that select the same pods share their ports. A server that does not fit to an older one is dropped, and only the log of istiod says so: '
    + 'requests for it get the certificate and the routes of the other server, which mostly means 404.',
  fix: 'Serve the port in one Gateway and refer to it from all namespaces, or give the servers different hosts, port numbers or port names.',
  related: ['E021', 'E022', 'E023', 'IST0145', 'KIA0301'],
  about: [Kind.GATEWAY],
  reads: [Kind.SERVICE],

  *run({ models: { mesh } }) {
    for (const { merged } of mesh.gatewayWorkloads().map(workload => mesh.gateway(workload))) {
      for (const { server, why } of merged.skipped) {
        const first = rivalOf(server, why, merged);
        // The same object twice means that the input mixes clusters.
        if (first === undefined || first.config.manifest === server.config.manifest || first.gateway !== server.gateway) {
          yield { manifest: server.manifest, pointer: server.pointer + fieldOf(server, why, first), message: describe(server, why, first) };
        }
      }
    }
  },
};

/** The server because of which one is dropped. */
function rivalOf(server: Server, why: SkippedServer['why'], merged: MergedGateway): Server | undefined {
  const number = merged.listenerPort(server.port);
  const others = merged.ports.filter(port => port.number === number).flatMap(({ servers }) => servers);
  return why === 'duplicate-hosts' ? others.find(({ hosts, tls }) => tls !== undefined && hosts.some(host => server.hosts.includes(host)))
    : why === 'same-port-name' ? others.find(({ gateway, portName }) => gateway === server.gateway && portName === server.portName) : others[0];
}

function fieldOf({ hosts }: Server, why: SkippedServer['why'], first: Server | undefined): string {
  const index = hosts.findIndex(host => first?.hosts.includes(host));
  return why !== 'duplicate-hosts' ? '/port' : index === -1 ? '/hosts' : `/hosts/${index}`;
}

function describe(server: Server, why: SkippedServer['why'], first: Server | undefined): string {
  const host = server.hosts.find(own => first?.hosts.includes(own)) ?? '';
  const owner = first === undefined ? '' : ` (${first.gateway === server.gateway ? first.pointer : `Gateway ${qualifiedNameOf(first.config.manifest)}`})`;
  const reason = why === 'duplicate-hosts' ? `already has a server for host "${host}"${owner}`
    : why === 'same-port-name' ? `already has an HTTPS server with port name "${server.portName}"${owner}`
      : `already has a server of protocol ${first?.protocolName ?? 'another kind'}${owner}, and this one is ${server.protocolName}`;
  const isKnown = first === undefined || isPrecedenceKnown(first.config, server.config);
  const dropped = isKnown ? 'this server is dropped' : 'that of the younger Gateway is dropped; if both are of one age, this one';
  return `port ${server.port} of these pods ${reason}; ${dropped}`;
}
