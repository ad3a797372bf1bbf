// A gateway chooses by server name, and the load balancer in front of it sends none.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { linkText, schemeTo } from '../load-balancers/links';

/**
 * Load balancers send no server name to targets; a server whose hosts lack `*` becomes a filter chain with a condition on it (Istio 1.30,
 * pilot/pkg/networking/core/listener.go:1240).
 */
export const gatewayNeedsServerName: Check = {
  id: 'gateway-needs-server-name',
  severity: 'error',
  title: 'The servers of a Gateway choose by a server name that the load balancer does not send',
  why: 'A load balancer that encrypts to its targets opens TLS without a server name (SNI). A server with hosts such as "*.example.com" accepts only '
    + 'connections with a matching name, so the gateway closes every connection, and clients get 502.',
  fix: 'Give one HTTPS server of the port the host "*", or "NAMESPACE/*"; VirtualServices still choose by the Host header.',
  related: ['E001'],
  about: [Kind.GATEWAY],
  reads: [Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const chains = link.listener?.filterChains;
      if (schemeTo(link) === 'https' && chains !== undefined && chains.select({ tls: true, serverName: '' }) === undefined) {
        for (const { server: { manifest, pointer }, serverNames } of chains.all) {
          yield { manifest, pointer: `${pointer}/hosts`, message: `accepts only the server names ${serverNames.join(', ')}, and ${linkText(link)} sends none` };
        }
      }
    }
  },
};
