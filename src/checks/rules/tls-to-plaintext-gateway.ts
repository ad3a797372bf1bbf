// A load balancer sends TLS to a port of the gateway that expects plaintext.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { annotationPatches, linkText, schemeTo } from '../load-balancers/links';

/** Envoy 1.40: the HTTP/1 codec refuses the bytes of a TLS handshake. */
export const tlsToPlaintextGateway: Check = {
  id: 'tls-to-plaintext-gateway',
  severity: 'error',
  title: 'A load balancer sends TLS to a port of the gateway that expects plaintext',
  why: 'The server of the Gateway has no TLS to answer the handshake with, so the connection fails, and clients get 502.',
  fix: 'Set the annotation backend-protocol to HTTP, or give the server of the Gateway protocol HTTPS with tls.',
  related: ['E004'],
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const chain = schemeTo(link) === 'https' ? link.listener?.filterChains.select({ tls: true, serverName: '' }) : undefined;
      if (chain !== undefined && chain.tcp === undefined && !chain.terminatesTls) {
        const patches = annotationPatches(link, links, { 'backend-protocol': 'HTTP' });
        yield { ...link.group.from, message: `${linkText(link)} is HTTPS, and Gateway ${chain.server.gateway} expects plaintext there`, patches };
      }
    }
  },
};
