// A gateway redirects to https what a load balancer already got by https: by a server, or by a route.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { linkText, schemeTo } from '../load-balancers/links';
import { redirectingRoutes } from '../load-balancers/redirecting-routes';

/**
 * A gateway that trusts no proxy takes x-forwarded-proto from the connection (Envoy 1.40, conn_manager_utility.cc), and `httpsRedirect` answers whatever is
 * not https.
 */
export const gatewayRedirectLoop: Check = {
  id: 'gateway-redirect-loop',
  severity: 'error',
  title: 'A gateway redirects requests to https that the load balancer got by https',
  why: 'The load balancer terminates TLS and sends plaintext, which a server with httpsRedirect, or a route with a redirect to https, answers with 301. The '
    + 'browser comes back by https, the load balancer sends plaintext again, and so on until the browser gives up (ERR_TOO_MANY_REDIRECTS).',
  fix: 'Redirect at the load balancer (annotation ssl-redirect: "443") and remove httpsRedirect or the route, or let the gateway trust the load balancer '
    + '(numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods).',
  related: ['E009', 'E015'],
  about: [Kind.GATEWAY, Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const { listener, proxy, loadBalancer: { listeners } } = link;
      const chain = schemeTo(link) === 'http' && proxy.numTrustedProxies === 0 ? listener?.filterChains.select({ tls: false }) : undefined;
      if (chain?.server.tls?.httpsRedirect === true && listeners.some(({ protocol }) => protocol === 'HTTPS')) {
        const { manifest, pointer } = chain.server;
        const message = `httpsRedirect answers every request of ${linkText(link)} with a redirect to https, also those of clients that use https`;
        yield { manifest, pointer: `${pointer}/tls/httpsRedirect`, message };
      }
      for (const { manifest, http } of redirectingRoutes(link)) {
        const message = `the redirect answers requests of ${linkText(link)} with https and the same host and path, also those of clients that use https`;
        yield { manifest, pointer: `${http!.pointer}/redirect`, message };
      }
    }
  },
};
