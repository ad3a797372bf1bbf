// A request whose fate in istiod's configuration and Envoy was recorded, and what the model of the mesh says about it, in the same form.
import { showCluster } from '../../src/mesh/cluster-names';
import { type Cluster, type NoCluster } from '../../src/mesh/clusters';
import { type Mesh } from '../../src/mesh/mesh';
import { type End } from '../../src/trace/ends';
import { type MeshRequest } from '../../src/trace/request';
import { arrivals } from '../../src/trace/arrival';
import { type Walk, walk } from '../../src/trace/walk';

/** Configurations as YAML by name, and requests to them. */
export interface RouteCases {
  readonly configs: Readonly<Record<string, string>>;
  readonly cases: readonly RouteCase[];
}

/** What the oracle recorded about one request. */
export interface RouteCase {
  readonly config: string;
  readonly request: {
    readonly entry: string; readonly gateway?: string; readonly protocol: 'http' | 'https'; readonly port: number; readonly sni: string; readonly method: string; readonly host: string;
    readonly path: string; readonly query: string; readonly headers: Readonly<Record<string, string>>; readonly httpVersion?: string;
  };
  readonly note?: string;
  readonly result: Readonly<Record<string, any>>;
  readonly varies?: readonly string[];
  readonly rejectedByWebhook?: readonly string[];
}

function requestOf({ request }: RouteCase): MeshRequest {
  const [, namespace, workload] = /^mesh (.*)\/(.*)$/.exec(request.entry) ?? [];
  return {
    entry: namespace !== undefined ? { namespace, workload } : request.gateway ? { gateway: request.gateway } : {}, from: '127.0.0.1',
    scheme: request.protocol, port: request.port, serverName: request.sni, method: request.method, authority: request.host,
    target: request.path + (request.query === '' ? '' : `?${request.query}`), headers: request.headers, version: request.httpVersion ?? 'HTTP/1.1',
  };
}

const ERRORS: Readonly<Record<string, string>> = {
  'no-listener': 'no listener',
  'no-filter-chain': 'no filter chain matched',
  'tls-to-plaintext': 'tls: tls: first record does not look like a TLS handshake',
  'plaintext-to-tls': 'plaintext sent to a TLS filter chain: connection closed',
  'codec-error': 'answered before a route: http1.codec_error',
  'low-version': 'answered before a route: low_version',
  'no-virtual-host': 'no virtual host',
  'no-route': 'no route',
  denied: 'denied',
  'not-allowed': 'denied',
};

function errorOf(end: End): string {
  if (end.is === 'refused') {
    return ERRORS[end.reason];
  }
  return end.is === 'cluster' && end.status === 503 ? ('missing' in end.cluster ? 'NC cluster_not_found' : 'UH no_healthy_upstream') : '';
}

function countOf(cluster: Cluster | NoCluster): number {
  return 'missing' in cluster ? -1 : cluster.endpoints.reduce((sum, { count }) => sum + count, 0);
}

/** An end as the recording writes it. */
function written(end: End, request: MeshRequest): Record<string, unknown> {
  switch (end.is) {
    case 'cluster': {
      const { host, port, subset } = end.name;
      const missing = 'missing' in end.cluster;
      const reached = end.status === undefined ? end.request : undefined;
      return {
        kind: 'cluster', host, port, ...(subset === '' ? {} : { subset }), cluster: showCluster(end.name), weight: end.weight,
        ...(reached && reached.target !== request.target ? { rewrittenPath: reached.target } : {}),
        ...(reached && reached.authority !== request.authority ? { rewrittenAuthority: reached.authority } : {}),
        endpoints: countOf(end.cluster), ...(missing ? { why: 'no such cluster at this proxy' } : {}),
      };
    }
    case 'passthrough':
      return { kind: 'cluster', cluster: 'PassthroughCluster', weight: 100, endpoints: 1 };
    case 'redirect':
      return { kind: 'redirect', status: end.status, location: end.location, endpoints: 0, ...(end.required ? { why: 'the virtual host requires TLS (httpsRedirect)' } : {}) };
    case 'response':
      return {
        kind: 'response', status: end.status, ...(end.body === '' ? {} : { body: end.body }), endpoints: 0,
        ...(end.by === 'fault' ? { why: 'fault abort' } : end.by === 'cors' ? { why: 'cors_response' } : {}),
      };
    case 'refused':
      return { kind: 'error', ...(end.status === undefined ? {} : { status: end.status }), endpoints: 0, why: ERRORS[end.reason] };
  }
}

function statusOf(end: End): number {
  return end.is === 'passthrough' ? 200 : end.status ?? (end.is === 'cluster' ? 200 : 0);
}

/** What the pods see. */
function servedOf(mesh: Mesh, found: Walk, request: MeshRequest): Record<string, unknown> | undefined {
  const [end] = found.ends;
  if (end.is !== 'cluster' || end.status !== undefined || 'missing' in end.cluster) {
    return undefined;
  }
  const { cluster, request: forwarded = { target: request.target, authority: request.authority, headers: new Map<string, string>() } } = end;
  const only = (values: readonly unknown[]) => (new Set(values).size === 1 ? values[0] : undefined);
  return {
    ns: only(cluster.endpoints.map(({ workload }) => workload?.namespace)), version: only(cluster.endpoints.map(({ labels }) => labels.get('version'))),
    tls: only(cluster.endpoints.map(endpoint => mesh.clusters.tlsTo(cluster, endpoint))),
    method: request.method, path: forwarded.target, host: forwarded.authority, headers: Object.fromEntries(forwarded.headers),
  };
}

function answerOf(found: Walk, request: MeshRequest): Record<string, unknown> {
  const required = found.ends.some(end => end.is === 'redirect' && end.required);
  const before = found.ends.some(end => end.is === 'refused' && (end.reason === 'plaintext-to-tls'));
  return {
    listenerMatched: found.listener ?? '',
    filterChain: found.filterChain === undefined ? '' : `chain-${found.filterChain}`,
    routeConfig: before ? '' : found.routeConfig ?? '',
    virtualHost: required ? '' : found.virtualHost?.name ?? '',
    route: found.route?.name ?? '',
    ...(found.routeIndex === undefined ? {} : { routeIndex: found.routeIndex }),
    ends: found.ends.map(end => written(end, request)),
    ...(found.mirrors.length === 0 ? {} : {
      mirrors: found.mirrors.map(({ name, cluster, percent }) => ({
        kind: 'cluster', host: name.host, port: name.port, cluster: showCluster(name), endpoints: countOf(cluster), why: `fraction ${percent * 10000}/MILLION`,
      })),
    }),
    error: errorOf(found.ends[0]),
    status: statusOf(found.ends[0]),
    ...(found.responseHeaders.size === 0 ? {} : { responseHeaders: Object.fromEntries(found.responseHeaders) }),
  };
}

/** The recorded result, without what only the oracle's own pods and sockets say. */
export function recordedRoute({ result, varies = [] }: RouteCase): Record<string, unknown> {
  const rest: Record<string, any> = without(result, ['envoy', 'served', 'sidecar']);
  const trimmed = (text: string) => text.replace(/ \(\w+: read: .*\)$/, '');
  const ends = rest.ends.map((end: any) => (end.why === undefined ? end : { ...end, why: trimmed(end.why) }));
  const { details, conn } = (result.envoy ?? {}) as Record<string, string | undefined>;
  if (/^rbac_access_denied/.test(details ?? conn ?? '')) {
    return without({ ...rest, error: 'denied', ends: [{ kind: 'error', ...(rest.status === 0 ? {} : { status: rest.status }), endpoints: 0, why: 'denied' }] }, varies);
  }
  // Envoy has the percentage of a mirror as written, and 100 % without one as a fraction of a hundred.
  const mirrors = rest.mirrors?.map((end: any) => ({ ...end, why: end.why.replace(/(\d+)\/HUNDRED$/, (_: string, percent: string) => `${Number(percent) * 10000}/MILLION`) }));
  return without({ ...rest, error: trimmed(rest.error), ends, ...(mirrors === undefined ? {} : { mirrors }), ...seenBy(result) }, varies);
}

/** What the model says about the request, in the form of {@link recordedRoute}. */
export function walkedRoute(mesh: Mesh, one: RouteCase): Record<string, unknown> {
  const { varies = [], result } = one;
  const request = requestOf(one);
  const found = walk(mesh, request);
  const { served } = seenBy(result);
  return without({ ...answerOf(found, request), ...refusedByPods(mesh, found, request), ...(served === undefined ? {} : { served: onlyAs(served, servedOf(mesh, found, request)) }) }, varies);
}

/** The status of the pods' sidecars, if all that may get the request refuse it alike. */
function refusedByPods(mesh: Mesh, { proxy, ends: [end, ...others] }: Walk, request: MeshRequest): { status?: number } {
  if (proxy === undefined || end.is !== 'cluster' || others.length > 0) {
    return {};
  }
  const [status, ...rest] = new Set(arrivals(mesh, proxy, request, end).map(one => one.status));
  return status === undefined || rest.length > 0 ? {} : { status };
}

/** What a pod saw of the request, apart from which pod it was. Mesh mTLS ends at the sidecar, which saw the peer; without a route the bytes are the client's. */
function seenBy({ served, sidecar, routeConfig }: RouteCase['result']): { served?: Record<string, unknown> } {
  if (served?.ns === undefined) {
    return {};
  }
  const seen = without(served, routeConfig === '' ? ['pod', 'proto', 'tls', 'sni', 'alpn', 'headers'] : ['pod', 'proto']);
  return { served: { ...seen, ...(sidecar?.peer ? { tls: 'mesh' } : {}) } };
}

/** The fields of a value that another one has: the pods see headers that the model does not write. */
function onlyAs(wanted: unknown, value: unknown): unknown {
  const isObject = (one: unknown): one is Record<string, unknown> => typeof one === 'object' && one !== null;
  return isObject(wanted) && isObject(value) ? Object.fromEntries(Object.keys(wanted).map(key => [key, onlyAs(wanted[key], value[key])])) : value;
}

/** A value without some of its keys. */
export function without(value: Readonly<Record<string, unknown>>, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** The request in words. No two of a file are equal. */
export function routeName({ config, request }: RouteCase): string {
  const { entry, protocol, port, sni, method, host, path, query, headers, httpVersion } = request;
  const words = [config, entry, method, `${protocol}://${host}(:${port})${path}${query === '' ? '' : `?${query}`}`, sni && `sni=${sni}`, httpVersion,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  return words.filter(Boolean).join(' ');
}
