// A gateway redirects to https what a load balancer already got by https.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { linkText, schemeTo } from '../links';

/**
 * A gateway that trusts no proxy takes x-forwarded-proto from the connection (Envoy 1.40, conn_manager_utility.cc), and `httpsRedirect` answers whatever is
 * not https.
 */
export const gatewayRedirectLoop: Check = {
  id: 'gateway-redirect-loop',
  severity: 'error',
  title: 'A Gateway redirects requests to https that the load balancer got by https',
  why: 'The load balancer terminates TLS and sends plaintext, which a server with httpsRedirect answers with 301 to https. The browser comes back by https, '
    + 'the load balancer sends plaintext again, and so on until the browser gives up (ERR_TOO_MANY_REDIRECTS).',
  fix: 'Redirect at the load balancer (annotation ssl-redirect: "443") and remove httpsRedirect, or let the gateway trust the load balancer '
    + '(numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods).',
  related: ['E009', 'E015'],
  about: [Kind.GATEWAY],
  reads: [Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const { listener, proxy, loadBalancer: { listeners } } = link;
      const chain = schemeTo(link) === 'http' && proxy.numTrustedProxies === 0 ? listener?.filterChains.select({ tls: false }) : undefined;
      if (chain?.server.tls?.httpsRedirect === true && listeners.some(({ protocol }) => protocol === 'HTTPS')) {
        const { manifest, pointer } = chain.server;
        const message = `httpsRedirect answers every request of ${linkText(link)} with a redirect to https, also those of clients that use https`;
        yield { manifest, pointer: `${pointer}/tls/httpsRedirect`, message };
      }
    }
  },
};
