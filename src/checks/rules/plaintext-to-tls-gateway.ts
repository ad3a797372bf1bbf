// A load balancer sends plaintext to a port of the gateway that expects TLS.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { annotationPatches, linkText, schemeTo } from '../load-balancers/links';

/** AWS Load Balancer Controller 3.5.0: backend-protocol is HTTP unless it is set, whatever the port of the Service is called. */
export const plaintextToTlsGateway: Check = {
  id: 'plaintext-to-tls-gateway',
  severity: 'error',
  title: 'A load balancer sends plaintext to a port of the gateway that expects TLS',
  why: 'The gateway reads plaintext as a broken TLS handshake and closes the connection, so clients get 502.',
  fix: 'Set the annotation backend-protocol to HTTPS, or send requests to a port with a server of protocol HTTP.',
  related: ['E003'],
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const { listener, group: { from } } = link;
      if (schemeTo(link) !== 'http' || listener === undefined) {
        continue;
      }
      const chain = listener.filterChains.select({ tls: false });
      if (chain === undefined || chain.terminatesTls) {
        const patches = annotationPatches(link, links, { 'backend-protocol': 'HTTPS' });
        yield { ...from, message: `${linkText(link)} is HTTP, and Gateway ${listener.filterChains.all[0].server.gateway} expects TLS there`, patches };
      }
    }
  },
};
