// A request whose fate in istiod's configuration and Envoy was recorded, and what the model of the mesh says about it, in the same form.
import { mayBeHttp } from '../../src/base/istio/protocol';
import { showCluster } from '../../src/mesh/cluster-names';
import { type Cluster, type NoCluster, isDialed } from '../../src/mesh/clusters';
import { type Mesh } from '../../src/mesh/mesh';
import { type End } from '../../src/trace/ends';
import { type MeshRequest } from '../../src/trace/request';
import { arrivals } from '../../src/trace/arrival';
import { normalizePath, splitTarget } from '../../src/trace/path';
import { type Walk, walk } from '../../src/trace/walk';
import { traceProxy } from '../../src/trace/proxy-trace';

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
  'no-certificate': 'no client certificate',
  'codec-error': 'answered before a route: http1.codec_error',
  'low-version': 'answered before a route: low_version',
  'no-virtual-host': 'no virtual host',
  'no-route': 'no route',
  denied: 'denied',
  'not-allowed': 'denied',
};

/** Of a TCP connection. */
const CLOSED = 'tcp: closed';

function errorOf(end: End): string {
  if (end.is === 'refused') {
    return ERRORS[end.reason];
  }
  if (end.is === 'cluster' && end.request === undefined && countOf(end.cluster) < 1) {
    return CLOSED;
  }
  return end.is === 'cluster' && end.status === 503 ? ('missing' in end.cluster ? 'NC cluster_not_found' : 'UH no_healthy_upstream') : '';
}

function countOf(cluster: Cluster | NoCluster): number {
  return 'missing' in cluster ? -1 : isDialed(cluster) ? 1 : cluster.endpoints.reduce((sum, { count }) => sum + count, 0);
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
      return {
        kind: 'cluster', cluster: 'PassthroughCluster', weight: 100, endpoints: 1,
        ...(end.request && end.request.target !== request.target ? { rewrittenPath: end.request.target } : {}),
      };
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
  return end.is === 'passthrough' ? 200 : end.status ?? (end.is === 'cluster' && errorOf(end) === '' ? 200 : 0);
}

/** What pods read of a connection that the first proxy did not read. */
function readByPods({ settings }: Mesh, { endpoints, port: { protocol } }: Cluster, { target, authority }: MeshRequest): { target: string; authority: string; headers: Map<string, string> } {
  const [path, query] = splitTarget(target);
  const isRead = mayBeHttp(protocol) && endpoints.every(({ workload }) => workload?.proxy === 'sidecar');
  return { target: isRead ? normalizePath(path, settings.pathNormalization) + query : target, authority, headers: new Map() };
}

/** What the pods see. */
function servedOf(mesh: Mesh, end: End, request: MeshRequest): Record<string, unknown> | undefined {
  if (end.is !== 'cluster' || end.status !== undefined || 'missing' in end.cluster) {
    return undefined;
  }
  const { cluster, request: forwarded = readByPods(mesh, cluster, request) } = end;
  const only = (values: readonly unknown[]) => (new Set(values).size === 1 ? values[0] : undefined);
  return {
    ns: only(cluster.endpoints.map(({ workload }) => workload?.namespace)), version: only(cluster.endpoints.map(({ labels }) => labels.get('version'))),
    tls: only(cluster.endpoints.map(endpoint => mesh.clusters.tlsTo(cluster, endpoint))),
    method: request.method, path: forwarded.target, host: forwarded.authority, headers: Object.fromEntries(forwarded.headers),
  };
}

/** The filter chain of a sidecar for connections that no other gets; a gateway has none. */
function lastChain({ proxy, listener }: Walk): string {
  return proxy?.proxy !== 'sidecar' ? '' : listener === 'virtualOutbound' ? 'virtualOutbound-catchall-tcp' : 'PassthroughFilterChain';
}

function answerOf(found: Walk, chosen: End, request: MeshRequest): Record<string, unknown> & { readonly ends: readonly Record<string, unknown>[] } {
  const required = found.ends.some(end => end.is === 'redirect' && end.required);
  const responseHeaders = new Map([...found.responseHeaders, ...chosen.is === 'cluster' ? chosen.responseHeaders ?? [] : []]);
  const before = found.ends.some(end => end.is === 'refused' && (end.reason === 'plaintext-to-tls'));
  return {
    listenerMatched: found.listener ?? '',
    filterChain: found.filterChain === undefined ? lastChain(found) : `chain-${found.filterChain}`,
    routeConfig: before ? '' : found.routeConfig ?? '',
    virtualHost: required ? '' : found.virtualHost?.name ?? '',
    route: found.route?.name ?? '',
    ...(found.routeIndex === undefined ? {} : { routeIndex: found.routeIndex }),
    ends: found.ends.map(end => written(end, request)),
    ...(found.mirrors.length === 0 ? {} : {
      mirrors: found.mirrors.map(({ name, cluster, percent }) => ({
        kind: 'cluster', host: name.host, port: name.port, ...(name.subset === '' ? {} : { subset: name.subset }), cluster: showCluster(name), endpoints: countOf(cluster), why: `fraction ${percent * 10000}/MILLION`,
      })),
    }),
    error: errorOf(chosen),
    status: statusOf(chosen),
    ...(responseHeaders.size === 0 ? {} : { responseHeaders: Object.fromEntries(responseHeaders) }),
  };
}

/** Headers that Envoy and the oracle add, or that tell about loopback addresses. */
export const PASSING_HEADERS = /^(content-length|user-agent|accept-encoding|x-forwarded-client-cert|x-request-id|x-oracle-id|x-envoy-(?!original-path).*)$/;

/** The recorded result, without what only the oracle's own pods and sockets say. */
export function recordedRoute({ request, result, varies = [] }: RouteCase): Record<string, unknown> {
  // The model does not number the chains of sidecars.
  const chain = request.entry === 'gateway' ? {} : { filterChain: (result.filterChain as string).replace(/^chain-.*/, 'chain-0') };
  const rest: Record<string, any> = { ...without(result, ['envoy', 'served', 'sidecar']), ...chain };
  // A pod that the client dialed and that does not listen is no endpoint of the model.
  const isDeaf = /Connection_refused/.test(rest.error);
  const ends = rest.ends.map((end: any) => ({ ...end, ...(end.why === undefined ? {} : { why: inWords(end.why) }), ...(isDeaf ? { endpoints: 0 } : {}) }));
  const { details, conn } = (result.envoy ?? {}) as Record<string, string | undefined>;
  if (/^rbac_access_denied/.test(details ?? conn ?? '')) {
    return without({ ...without(rest, ['mirrors']), error: 'denied', ends: [{ kind: 'error', ...(rest.status === 0 ? {} : { status: rest.status }), endpoints: 0, why: 'denied' }] }, varies);
  }
  if (rest.routeConfig === '' && ends[0]?.cluster === 'BlackHoleCluster') {
    const why = ERRORS['no-filter-chain'];
    return without({ ...rest, error: why, ends: [{ kind: 'error', endpoints: 0, why }] }, varies);
  }
  // Envoy has the percentage of a mirror as written, and 100 % without one as a fraction of a hundred.
  const mirrors = rest.mirrors?.map((end: any) => ({ ...end, why: end.why.replace(/(\d+)\/HUNDRED$/, (_: string, percent: string) => `${Number(percent) * 10000}/MILLION`) }));
  return without({ ...rest, error: isDeaf ? 'UH no_healthy_upstream' : inWords(rest.error), ends, ...(mirrors === undefined ? {} : { mirrors }), ...seenBy(result) }, varies);
}

/** An error without what differs from run to run: how a closed connection looks depends on what was in it. */
function inWords(text: string): string {
  if (text.startsWith('tcp: ')) {
    return CLOSED;
  }
  // Whether the client reads the alert, or writes to the closed connection first.
  if (/tls: certificate required|broken pipe/.test(text)) {
    return ERRORS['no-certificate'];
  }
  // A TLS alert in answer to plaintext.
  // DI: the request was delayed.
  return text.startsWith('http: malformed HTTP response "\\x15') ? ERRORS['plaintext-to-tls'] : text.replace(/ \(\w+: read: .*\)$/, '').replace(/^DI,/, '');
}

/**
 * What the model says about the request, in the form of {@link recordedRoute}. Where chance decides, it decides as it did in the recording. Recordings
 * leave out headers that pods see as they were sent.
 *
 * @param choice the destination that the recorded request had, where the recording does not tell
 */
export function walkedRoute(mesh: Mesh, one: RouteCase, { allHeaders = false, choice = undefined as number | undefined } = {}): Record<string, unknown> {
  const { varies = [], result } = one;
  const request = requestOf(one);
  const found = withoutFault(walked(mesh, request), result);
  const chosen = found.ends[choice ?? -1] ?? chosenEnd(found, result);
  const { served } = seenBy(result);
  const ours = servedOf(mesh, chosen, request);
  const known = onlyAs(served, ours) as Record<string, unknown> | undefined;
  const headers = !allHeaders || served?.headers === undefined ? {}
    : { headers: Object.fromEntries(Object.entries((ours?.headers ?? {}) as object).filter(([name]) => !PASSING_HEADERS.test(name))) };
  const answer = answerOf(found, chosen, request);
  // The recording has the path and the authority from the pod.
  const ends = result.sidecar !== undefined && result.served === undefined ? { ends: answer.ends.map(end => without(end, ['rewrittenPath', 'rewrittenAuthority'])) } : {};
  return without({ ...answer, ...ends, ...refusedByPods(mesh, found, request), ...(served === undefined ? {} : { served: ours && { ...known, ...headers } }) }, varies);
}

/** The status of the pods' sidecars, if all that may get the request refuse it alike. */
function refusedByPods(mesh: Mesh, { proxy, ends: [end, ...others] }: Walk, request: MeshRequest): { status?: number; error?: string } {
  if (proxy === undefined || end.is !== 'cluster' || others.length > 0) {
    return {};
  }
  const refused = arrivals(mesh, proxy, request, end).map(({ status, decision }) => {
    const isClosed = status === 503 && decision !== undefined;
    return status === 503 && end.request === undefined ? { status: 0, error: CLOSED } : { status, ...(isClosed ? { error: RESET } : {}) };
  });
  return new Set(refused.map(({ status }) => status)).size > 1 || refused[0]?.status === undefined ? {} : refused[0];
}

/** The sidecar closes a connection that it does not read as HTTP. */
const RESET = 'UC upstream_reset_before_response_started{connection_termination}';

/** The walk of a client that has no certificate. */
function walked(mesh: Mesh, request: MeshRequest): Walk {
  const found = walk(mesh, request);
  const [{ reason }] = traceProxy(mesh, request, false).ends;
  return reason !== 'no-client-certificate' ? found : {
    listener: found.listener, filterChain: found.filterChain, ends: [{ is: 'refused', reason: 'no-certificate', probability: 1 }], mirrors: [], responseHeaders: new Map(),
  };
}

/** The walk with a fault of a part of all requests, or without it. */
function withoutFault(found: Walk, { ends = [] }: RouteCase['result']): Walk {
  const [first, ...others] = found.ends;
  if (others.length === 0 || first.is !== 'response' || first.by !== 'fault') {
    return found;
  }
  return ends[0]?.why === 'fault abort' ? { ...found, ends: [first], mirrors: [], responseHeaders: new Map() } : { ...found, ends: others };
}

/** The end that the recorded request had; the first one if the recording does not tell. */
function chosenEnd({ ends }: Walk, { envoy, error }: RouteCase['result']): End {
  const { cluster } = (envoy ?? {}) as { readonly cluster?: string };
  return ends.find(end => end.is === 'cluster' && (cluster === undefined ? error === 'NC cluster_not_found' && 'missing' in end.cluster
    : showCluster(end.name) === cluster)) ?? ends[0];
}

/** What a pod saw of the request, apart from which pod it was. Mesh mTLS ends at the sidecar, which saw the peer; without a route the bytes are the client's. */
function seenBy({ served, sidecar, routeConfig }: RouteCase['result']): { served?: Record<string, unknown> } {
  if (served?.ns === undefined) {
    return {};
  }
  const seen = without(served, ['pod', 'proto', 'sni', 'alpn', 'peer', ...routeConfig === '' ? ['tls', 'headers'] : []]);
  const mutual = served.peer === undefined ? 'mutual' : 'mesh';
  const tls = sidecar?.peer ? 'mesh' : served.tls === 'mtls' ? mutual : served.tls === 'tls' ? 'simple' : served.tls;
  return { served: { ...seen, ...(routeConfig === '' && !sidecar?.peer ? {} : { tls }) } };
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
