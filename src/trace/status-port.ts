// Ports on which a proxy itself responds, without any Gateway.
import { namespacedName } from '../base/kubernetes-name';
import { AGENT_PORTS, STATUS_PORT } from '../mesh/listeners';
import type { Mesh } from '../mesh/mesh';
import type { Workload } from '../mesh/objects/workloads';
import { type Hop, hop } from './hops/hop';
import { type MeshRequest, podPortOf } from './request';
import { type TraceEnd, refusedEnd, unsupportedEnd } from './hops/trace-end';

const READY = '/healthz/ready';

/** The end of a request to such a port of a gateway; nothing for other ports. */
export function traceStatusPort(
  mesh: Mesh, gateway: Workload, { port: own, podPort, scheme, target }: MeshRequest,
): { readonly hop: Hop; readonly end: TraceEnd } | undefined {
  const port = podPortOf(mesh.gateway(gateway), { port: own, podPort });
  if (port !== STATUS_PORT) {
    return AGENT_PORTS.includes(port) ? {
      hop: hop('gateway-listener', `port ${port} of gateway ${namespacedName(gateway)} is one of the proxy itself`, gateway),
      end: unsupportedEnd(`What the proxy itself responds on port ${port} is not modeled.`, 1, [], gateway),
    } : undefined;
  }
  const at = hop('gateway-listener', `status port ${port} of gateway ${namespacedName(gateway)}, port ${own} of the Service: the proxy itself responds`,
    gateway);
  if (scheme === 'https') {
    return { hop: at, end: refusedEnd('tls-to-plaintext', 1, { by: gateway, fix: `Send the request with http: port ${port} speaks plaintext.` }) };
  }
  return {
    hop: at, end: target.startsWith(READY) ? { probability: 1, kind: 'response', to: '200', status: 200, by: gateway }
      : refusedEnd('no-route', 1, { by: gateway, fix: `Send the request to ${READY}: the status port knows no other path.` }),
  };
}
