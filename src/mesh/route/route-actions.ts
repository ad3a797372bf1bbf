// Actions of routes: redirect, direct response, or forwarding to clusters with what changes on the way.
import { ClusterName, ClusterNames } from '../cluster-names';
import { Labels } from '../objects/config';
import { Destination, HeaderOperations, HttpRoute, Redirect, Rewrite } from './http-routes';
import { Service } from '../objects/services';

/** The proxy and port that routes are made for. */
export interface RouteContext {
  /** `namespace/name` of the Gateway, or `mesh`. */
  readonly gateway: string;
  /** Declared port of the server, or port of the Service. */
  readonly port: number;
  /** Whether the server has a `tls` block. */
  readonly hasTls: boolean;
  readonly labels: Labels;
  readonly namespace: string;
  /** The Service that a destination in a VirtualService of the namespace means. */
  lookup(host: string, namespace: string): Service | undefined;
  readonly names: ClusterNames;
}

/** A share of the requests of a route. */
export interface WeightedCluster {
  readonly cluster: ClusterName;
  readonly weight: number;
  readonly headers?: HeaderOperations;
  /** Authority that a destination's own headers set; the route's comes first. */
  readonly authority?: string;
}

/** A redirect as the proxy performs it. */
export interface RedirectAction {
  readonly is: 'redirect';
  readonly status: number;
  readonly authority: string;
  /** Replaces the whole path; empty keeps it. */
  readonly path: string;
  readonly scheme: string;
  /** 0: none is set. */
  readonly port: number;
}

/** Forwarding. */
export interface ForwardAction {
  readonly is: 'forward';
  readonly clusters: readonly WeightedCluster[];
  /** Whether the entry lists several destinations, even if only one has a weight: then their headers are apart from those of the route. */
  readonly isSplit: boolean;
  readonly rewrite?: Rewrite;
  /** Replaces the authority. */
  readonly authority?: string;
  readonly mirrors: readonly { readonly cluster: ClusterName; readonly percent: number }[];
  /** None when absent: Istio turns off the 15 s of Envoy. */
  readonly timeout?: string;
  readonly retries?: HttpRoute['retries'];
}

/** What a route does with a request. */
export type RouteAction = RedirectAction | ForwardAction
  | { readonly is: 'response'; readonly status: number; readonly body: string }
  /** The connection goes where the client dialed. */
  | { readonly is: 'passthrough' }
  /** A redirect with a code that istiod does not know. */
  | { readonly is: 'none' };

const NO_MIRRORS: ForwardAction['mirrors'] = [];

const REDIRECT_CODES: readonly number[] = [301, 302, 303, 307, 308];

/** The action of an entry of `http`: redirect before direct response before destinations (Istio 1.30, route.go:548-554). */
export function actionOf(http: HttpRoute, namespace: string, context: RouteContext): RouteAction {
  if (http.redirect) {
    return redirectOf(http.redirect, context);
  }
  if (http.directResponse) {
    return { is: 'response', ...http.directResponse };
  }
  const clusterOf = (destination: Destination) => clusterNameOf(destination, namespace, context);
  const alone = http.destinations.length === 1;
  const used = alone ? http.destinations : http.destinations.filter(({ weight }) => weight > 0);
  const authority = http.rewrite?.authority || authorityOf(http.headers) || (alone ? authorityOf(http.destinations[0].headers) : undefined);
  return {
    is: 'forward',
    isSplit: !alone,
    clusters: used.map(({ destination, weight, headers }) => (
      { cluster: clusterOf(destination), weight: alone ? 100 : weight, headers, authority: alone ? undefined : authorityOf(headers) })),
    mirrors: http.mirrors === undefined ? NO_MIRRORS
      : http.mirrors.filter(({ percent }) => percent > 0).map(({ destination, percent }) => ({ cluster: clusterOf(destination), percent })),
    rewrite: http.rewrite,
    authority,
    timeout: http.timeout,
    retries: http.retries,
  };
}

/** The host or `:authority` that request headers set: `set` comes before `add` (Istio 1.30, route.go TranslateHeadersOperations). */
function authorityOf(headers: HeaderOperations | undefined): string | undefined {
  const find = (pairs: readonly (readonly [string, string])[]) => pairs.find(([name]) => /^(host|:authority)$/i.test(name))?.[1];
  return headers === undefined ? undefined : find(headers.request.set) || find(headers.request.add) || undefined;
}

/** Istio 1.30, route.go:351-376. The port is a port of the Service: as written, else its only one, else that of the listener. */
function clusterNameOf({ host, port, subset }: Destination, namespace: string, context: RouteContext): ClusterName {
  const service = context.lookup(host, namespace);
  const only = service?.ports.length === 1 ? service.ports[0].port : undefined;
  return context.names.named(service?.externalName || host, port ?? only ?? context.port, subset);
}

/** A port that the scheme implies is left out; without a scheme the server's `tls` block decides (Istio 1.30, route.go:800-828). */
function redirectOf(redirect: Redirect, { port, hasTls }: RouteContext): RouteAction {
  const status = redirect.code === 0 ? 301 : redirect.code;
  if (!REDIRECT_CODES.includes(status)) {
    return { is: 'none' };
  }
  const scheme = redirect.scheme || (hasTls ? 'https' : 'http');
  const wanted = redirect.port === 'from-request-port' ? port : redirect.port ?? 0;
  const implied = (wanted === 80 && scheme === 'http') || (wanted === 443 && scheme === 'https');
  return {
    is: 'redirect', status, authority: redirect.authority, path: redirect.uri, scheme: redirect.scheme, port: implied ? 0 : wanted,
  };
}
