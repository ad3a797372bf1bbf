// Redirects of a gateway whose target the same route matches, as far as its path and its host tell.
import type { GatewayProxy } from '../../mesh/proxies';
import type { Route } from '../../mesh/route/routes';
import type { ClientRequest } from '../../trace/client-request';
import { matchesPath } from '../../trace/route-match';

/** A route that may redirect to itself, and a request for the target of the redirect that enters at the gateway. */
export interface SelfRedirect {
  readonly route: Route;
  readonly request: ClientRequest;
}

/** The redirects of a gateway that have no condition besides the path, each once for each table. */
export function selfRedirects(proxy: GatewayProxy): SelfRedirect[] {
  const { namespace, name } = proxy.workload;
  return proxy.allListeners().flatMap(({ filterChains }) => filterChains.all).flatMap(chain => (
    proxy.virtualHosts(chain).filter(({ requiresTls }) => !requiresTls)
      .flatMap(({ domains: [domain], routes }) => routes.flatMap((route): SelfRedirect[] => {
        const host = domain.replace('*', domain === '*' ? 'www.example.com' : 'www');
        const target = targetOf(route, domain);
        const { server: { port }, terminatesTls } = chain;
        const scheme = terminatesTls ? 'https' : 'http';
        const via = { is: 'gateway', port, namespace, name } as const;
        return target === undefined ? [] : [{ route, request: { method: 'GET', scheme, host, port, target, headers: {}, via } }];
      }))));
}

/** The path of a redirect that the same route matches. What only changes the scheme is another fault, and a cookie may lead the next request elsewhere. */
function targetOf({ action, match, manifest }: Route, host: string): string | undefined {
  const { headers, withoutHeaders, queryParams, claims, path } = match;
  if (action.is !== 'redirect' || headers.length + withoutHeaders.length + queryParams.length + claims.length > 0) {
    return undefined;
  }
  const isHere = action.authority === '' || action.authority === host;
  const target = action.path !== '' ? action.path : action.scheme !== 'https' && (path.is === 'exact' || path.is === 'prefix') ? path.value : undefined;
  return isHere && target !== undefined && matchesPath(match, target.replace(/[?#].*/, '')) && !/set-cookie/i.test(JSON.stringify(manifest.object.spec))
    ? target : undefined;
}
