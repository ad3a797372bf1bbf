// A request whose fate in Envoy was recorded, as its client sees it, and the ends that the public trace gives it, in the same form.
import { type ClientRequest, type TraceEnd, type TraceModels, trace } from '../../src/inspect';
import type { RouteCase } from './route-verdict';

/** What becomes of a request. Absent is what does not matter, or is not known. */
export interface Fate {
  /** 0 for a connection that is closed. */
  readonly status: number;
  readonly location?: string;
  /** Where it was sent: `host:port`, and `@subset`. */
  readonly to?: string;
  /** What the pod saw. */
  readonly path?: string;
  readonly authority?: string;
  /** Who refused it: a policy, or the TLS between proxies. */
  readonly refusedBy?: 'policy' | 'tls';
}

/** The request as a client of the public API writes it. The oracle takes the first gateway if the request does not name one. */
function clientRequest({ mesh }: TraceModels, { request }: RouteCase): ClientRequest {
  const { entry, gateway, protocol, port, sni, method, host, path, query, headers, httpVersion } = request;
  const [, namespace, workload] = /^mesh (.*)\/(.*)$/.exec(entry) ?? [];
  const [, space, name] = /^(.*)\/(.*)$/.exec(gateway ?? '') ?? [];
  const [first] = mesh.gatewayWorkloads();
  const named = space !== undefined ? { namespace: space, name } : first === undefined ? {} : { namespace: first.namespace, name: first.name };
  return {
    method, scheme: protocol, host: host.toLowerCase().replace(/:\d*$/, ''), port, target: `${path}${query === '' ? '' : `?${query}`}`,
    headers: { ...Object.fromEntries(Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value])), host },
    via: namespace !== undefined ? { is: 'pod', namespace, workload } : { is: 'gateway', port, ...named },
    serverName: sni, from: '127.0.0.1', ...(httpVersion === 'HTTP/1.0' ? { http: '1.0' } : {}),
  };
}

/** What Envoy did. */
export function recordedFate({ result }: RouteCase): Fate {
  const { details = '', conn = '', flags = '', upfail = '', cluster } = (result.envoy ?? {}) as Readonly<Record<string, string | undefined>>;
  const [end] = result.ends as readonly { readonly kind: string; readonly location?: string; readonly cluster?: string; readonly why?: string }[];
  const sent = cluster ?? (result.ends.length === 1 && end.why === undefined ? end.cluster : undefined);
  const [, port, subset, host] = /^outbound\|(\d+)\|(.*)\|(.+)$/.exec(sent ?? '') ?? [];
  const isDenied = [details, conn, (result.sidecar as { readonly details?: string } | undefined)?.details ?? ''].some(text => text.startsWith('rbac_access_denied'));
  return {
    status: result.status as number,
    ...(end?.kind === 'redirect' ? { location: end.location } : {}),
    ...(host === undefined ? {} : { to: `${host}:${port}${subset === '' ? '' : `@${subset}`}` }),
    ...(result.served === undefined || result.routeConfig === '' ? {} : { path: result.served.path, authority: result.served.host }),
    ...(isDenied ? { refusedBy: 'policy' } : /\b(UF|UC|UPE)\b/.test(flags) && !/refused/.test(`${upfail} ${details}`) ? { refusedBy: 'tls' } : {}),
  };
}

/** The ends of a trace that may come true; nothing where the trace says that the input does not tell. */
export function tracedFates(models: TraceModels, one: RouteCase): Fate[] | undefined {
  const { ends } = trace(models, clientRequest(models, one));
  const flat = ends.flatMap(end => (end.kind === 'undefined' ? end.candidates ?? [] : [end])).filter(({ probability }) => probability > 0);
  return flat.some(end => end.kind === 'unsupported' || isUnheard(end, one) || isBesideService(models, end, one)) ? undefined : flat.map(fateOf);
}

/** The oracle dials the pods of a gateway, whatever ports their Service has; a client gets to the ports of the Service alone. */
function isBesideService({ mesh }: TraceModels, { reason }: TraceEnd, { request: { gateway, port } }: RouteCase): boolean {
  const workload = mesh.gatewayNamed(gateway);
  return reason === 'no-listener' && workload !== undefined && mesh.gateway(workload).listenerAt(port) !== undefined;
}

/** Behind the oracle's PassthroughCluster somebody listens on all ports of all addresses. */
function isUnheard({ reason }: TraceEnd, { result }: RouteCase): boolean {
  return reason === 'no-endpoint' && (result.envoy as { readonly cluster?: string } | undefined)?.cluster === 'PassthroughCluster';
}

function fateOf({ kind, status, location, host, port, subset, path, authority, reason }: TraceEnd): Fate {
  const to = host === undefined ? {} : { to: `${host}:${port}${subset === undefined ? '' : `@${subset}`}` };
  switch (kind) {
    case 'workload': return { status: 200, ...to, path, authority };
    case 'redirect': return { status: status!, location };
    default: {
      const refusedBy = reason === 'denied' || reason === 'not-allowed' ? 'policy' : reason === 'mtls' || reason === 'upstream-tls' ? 'tls' : undefined;
      return { status: status ?? 0, ...to, ...(refusedBy === undefined ? {} : { refusedBy }) };
    }
  }
}

const MAY_LACK = ['location', 'to', 'path', 'authority'] as const;

/** The first thing in which a recorded fate is not the one that a trace gives. */
export function differingIn(traced: Fate, recorded: Fate): keyof Fate | undefined {
  // Who closes a connection, a policy or the TLS of a sidecar, leaves no trace.
  const isUntold = recorded.status === 0 || (recorded.status === 503 && recorded.refusedBy === 'tls' && traced.refusedBy === 'policy');
  return (['status', ...isUntold ? [] : ['refusedBy' as const]] as const).find(key => traced[key] !== recorded[key])
    ?? MAY_LACK.find(key => traced[key] !== undefined && recorded[key] !== undefined && traced[key] !== recorded[key]);
}
