// The redirect of a route leads to a URL that the same route redirects again.
import { Kind } from '../../manifests/kind';
import type { ClientRequest } from '../../trace/client-request';
import { trace } from '../../trace/trace';
import type { Check } from '../check';
import { selfRedirects } from '../load-balancers/self-redirects';

/** Envoy 1.40: source/common/router/config_impl.cc RouteEntryImplBase::newUri. */
export const redirectToItself: Check = {
  id: 'redirect-to-itself',
  severity: 'error',
  title: 'The redirect of a route leads to a URL that the same route redirects again',
  why: 'The browser follows the redirect, gets the same one again, and gives up after about 20 of them (ERR_TOO_MANY_REDIRECTS). It never gets the page that '
    + 'the redirect is meant for.',
  fix: 'Put a route for the page before the redirect, or let the redirect match fewer paths, such as exact: / in place of prefix: /.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE],

  *run({ models, links }) {
    // The routes of the gateways are made only where one redirects.
    const redirects = models.mesh.virtualServices.all.some(({ http }) => http.some(({ redirect }) => redirect !== undefined));
    for (const workload of redirects ? models.mesh.gatewayWorkloads() : []) {
      const proxy = models.mesh.gateway(workload);
      const isBalanced = links.some(link => link.proxy === proxy);
      for (const { route, request } of selfRedirects(proxy)) {
        const { http, manifest } = route;
        // The load balancer decides the schemes in which clients and the gateway see the request.
        for (const entered of isBalanced ? URLS.map((url): ClientRequest => ({ ...request, ...url })) : [request]) {
          const [{ reason, by, location }, ...others] = trace(models, entered, { follow: true }).ends;
          if (reason === 'redirect-loop' && others.length === 0 && by?.manifest === manifest && `${by.pointer}/`.startsWith(`${http!.pointer}/`)) {
            const message = `the route redirects requests for ${request.target} to ${location}, which it redirects again`;
            yield { manifest, pointer: `${http!.pointer}/redirect`, message };
          }
        }
      }
    }
  },
};

/** How browsers reach a load balancer. */
const URLS: readonly Pick<ClientRequest, 'scheme' | 'port' | 'via'>[] = [
  { scheme: 'https', port: 443, via: undefined }, { scheme: 'http', port: 80, via: undefined },
];
