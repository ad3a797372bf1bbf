// The ends of a trace: where a request gets, with which probability, and how it dies.
import type { Place } from '../../mesh/objects/config';

/** A way to die. */
export type Death = 'no-load-balancer' | 'several-load-balancers' | 'load-balancer-refused' | 'no-alb-listener' | 'wrong-scheme' | 'no-rule'
  | 'no-client-certificate' | 'login' | 'invalid-token' | 'wrong-audience' | 'protocol-version' | 'no-targets' | 'no-gateway' | 'no-listener'
  | 'no-filter-chain' | 'plaintext-to-tls' | 'tls-to-plaintext' | 'no-certificate' | 'codec-error' | 'low-version' | 'no-virtual-host' | 'no-route'
  | 'unsupported-action' | 'no-cluster' | 'no-endpoint' | 'mtls' | 'upstream-tls' | 'denied' | 'not-allowed' | 'redirect-loop';

/** An end. */
export interface TraceEnd {
  /** From 0 to 1, over all ends of the trace. */
  readonly probability: number;
  readonly kind: 'workload' | 'redirect' | 'response' | 'refused' | 'undefined' | 'unsupported';
  /**
   * In short: `reviews.bookinfo:9080@v2` for a workload, `301 https://…` for a redirect, the status for a response, `403 denied` or `closed no listener`
   * for a refusal; in gRPC `200 grpc-status 7 denied`.
   */
  readonly to: string;
  /** As the client sees it. Absent for a workload, which answers as it likes, and where the connection is closed. */
  readonly status?: number;
  /** `grpc-status` of what a proxy itself responds to gRPC, for which the status is 200. */
  readonly grpcStatus?: number;
  /** Host of the cluster, such as `reviews.bookinfo.svc.cluster.local`. */
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
  /** Path with query that the workload sees. */
  readonly path?: string;
  /** `Host` header that the workload sees. */
  readonly authority?: string;
  /** The header as the client gets it. */
  readonly location?: string;
  /** Of a response; to gRPC it is `grpc-message`. */
  readonly body?: string;
  /** The way to die. */
  readonly reason?: Death;
  /** What decided. */
  readonly by?: Place;
  /** What to do, in one sentence. */
  readonly fix?: string;
  /** The possible ends of `undefined`; of `unsupported` those without the part that is not modeled. */
  readonly candidates?: readonly TraceEnd[];
}

/** Statuses of the ways to die, and what to do. No status: the connection is closed. */
const DEATHS: Readonly<Record<Death, { readonly words: string; readonly status?: number; readonly fix: string }>> = {
  'no-load-balancer': {
    words: 'no load balancer',
    fix: 'Add the Ingress or the Service of type LoadBalancer to the input, or enter at a gateway with via=gateway:PORT.',
  },
  'several-load-balancers': {
    words: 'several load balancers',
    fix: 'Name one with via=load-balancer:GROUP.',
  },
  'load-balancer-refused': {
    words: 'the controller refuses the load balancer',
    fix: 'Fix what the controller refuses; `alb-istio plan` shows it.',
  },
  'no-alb-listener': {
    words: 'no listener at the load balancer',
    fix: 'Add the port to listen-ports of the Ingress, or send the request to a port that has a listener.',
  },
  'wrong-scheme': {
    words: 'wrong protocol for the listener',
    fix: 'Use the protocol of the listener in the URL.',
  },
  'no-rule': {
    words: 'no rule', status: 404,
    fix: 'Add a path or host that matches the request to the Ingress, or a default backend.',
  },
  'no-client-certificate': {
    words: 'no client certificate',
    fix: 'Send a certificate that the trust store knows (the word `cert` in the request).',
  },
  'login': {
    words: 'login required', status: 401,
    fix: 'Log in first: send the session cookie of the load balancer (the word `login` in the request).',
  },
  'invalid-token': {
    words: 'invalid token', status: 401,
    fix: 'Send a valid token of an issuer that is trusted (claims={"iss":…} in the request).',
  },
  'wrong-audience': {
    words: 'wrong audience', status: 403,
    fix: 'Send a token for one of the audiences of the RequestAuthentication.',
  },
  'protocol-version': {
    words: 'protocol version', status: 464,
    fix: 'Set backend-protocol-version to a version that fits what clients send.',
  },
  'no-targets': {
    words: 'no targets', status: 503,
    fix: 'Make the selector of the Service match the labels of the pods, and give them at least one replica.',
  },
  'no-gateway': {
    words: 'no gateway',
    fix: 'Add the gateway\'s workload, or a Gateway that selects it, to the input; check the name in via.',
  },
  'no-listener': {
    words: 'no listener',
    fix: 'Add a server for the port to a Gateway that selects the gateway\'s pods, and the port to their Service.',
  },
  'no-filter-chain': {
    words: 'no filter chain',
    fix: 'Let a server of the Gateway accept this server name: a load balancer sends none, so its host must be `*`.',
  },
  'plaintext-to-tls': {
    words: 'plaintext to TLS',
    fix: 'Set backend-protocol to HTTPS, or send the request with https.',
  },
  'tls-to-plaintext': {
    words: 'TLS to plaintext',
    fix: 'Set backend-protocol to HTTP, or give the server of the Gateway protocol HTTPS with tls.',
  },
  'no-certificate': {
    words: 'no certificate',
    fix: 'Put the Secret of credentialName into the namespace of the gateway\'s pods: without it the TLS handshake fails.',
  },
  'codec-error': {
    words: 'malformed request', status: 400,
    fix: 'Send a method and a path that HTTP/1.1 knows.',
  },
  'low-version': {
    words: 'HTTP/1.0', status: 426,
    fix: 'Send the request with HTTP/1.1.',
  },
  'no-virtual-host': {
    words: 'no virtual host', status: 404,
    fix: 'Add the host to a server of the Gateway and to a VirtualService that is bound to it.',
  },
  'no-route': {
    words: 'no route', status: 404,
    fix: 'Add an entry that matches the request to spec.http of the VirtualService.',
  },
  'unsupported-action': {
    words: 'unknown redirect code', status: 404,
    fix: 'Use 301, 302, 303, 307 or 308 as redirectCode.',
  },
  'no-cluster': {
    words: 'no cluster', status: 503,
    fix: 'Check the host, port and subset of the destination: the Service, the port, or a DestinationRule with the subset is missing.',
  },
  'no-endpoint': {
    words: 'no endpoint', status: 503,
    fix: 'Make the selector of the Service and the labels of the subset match pods, and give them at least one replica.',
  },
  'mtls': {
    words: 'mTLS', status: 503,
    fix: 'Let what the DestinationRule sends and what PeerAuthentication demands agree: ISTIO_MUTUAL for STRICT.',
  },
  'upstream-tls': {
    words: 'TLS to a plaintext port', status: 503,
    fix: 'Remove tls from the DestinationRule, or let the pods serve TLS on the port.',
  },
  'denied': {
    words: 'denied', status: 403,
    fix: 'Change the DENY policy, or the request.',
  },
  'not-allowed': {
    words: 'not allowed', status: 403,
    fix: 'Add a rule for the request to an ALLOW policy of the workload.',
  },
  'redirect-loop': {
    words: 'redirect loop',
    fix: 'Remove one of the redirects, or let the gateway trust x-forwarded-proto of the load balancer (numTrustedProxies).',
  },
};

/** Ways to die of requests whose host or path nobody serves there. */
export const FOREIGN: ReadonlySet<Death> = new Set<Death>(['no-rule', 'no-virtual-host', 'no-filter-chain']);

/** A way to die in words. */
export function wordsOf(death: Death): string {
  return DEATHS[death].words;
}

/** What a refusal may say besides its reason. */
export interface DeathDetails extends Pick<TraceEnd, 'host' | 'port' | 'subset' | 'by' | 'location'> {
  /** Another status than the usual one; null where the connection is closed. */
  readonly status?: number | null;
  /** More precise than the usual words. */
  readonly words?: string;
  readonly fix?: string;
}

/** A request that dies. */
export function refusedEnd(reason: Death, probability: number, { status, words, fix, ...details }: DeathDetails = {}): TraceEnd {
  const usual = DEATHS[reason];
  const seen = status === null ? undefined : status ?? usual.status;
  return {
    probability, kind: 'refused', to: `${seen ?? 'closed'} ${words ?? usual.words}`, ...(seen === undefined ? {} : { status: seen }), reason, ...details,
    fix: fix ?? usual.fix,
  };
}

/** An end that cannot be told, with those that it would have apart from what is not known. */
export function unsupportedEnd(why: string, probability: number, candidates: readonly TraceEnd[] = [], by?: Place): TraceEnd {
  const end: TraceEnd = { probability, kind: 'unsupported', to: 'unsupported', ...(by === undefined ? {} : { by }), fix: why };
  const known = flattened('unsupported', candidates);
  return known.length === 0 ? end : withCandidates(end, known);
}

/** The end as the client of a proxy sees it, which makes a status of a connection that its target closes. */
export function withStatus(end: TraceEnd, status: 502 | 503): TraceEnd {
  if (end.candidates !== undefined) {
    return withCandidates(end, end.candidates.map(own => withStatus(own, status)));
  }
  return end.kind !== 'refused' || end.status !== undefined ? end : { ...end, status, to: end.to.replace(/^closed/, String(status)) };
}

/** An end that only the age of objects in the cluster decides. */
export function undefinedEnd(probability: number, ends: readonly TraceEnd[], by?: Place): TraceEnd {
  return withCandidates({
    probability, kind: 'undefined', to: 'undefined', ...(by === undefined ? {} : { by }),
    fix: 'Several objects claim the request, and the oldest in the cluster wins: put their entries into one object, or make their matches differ.',
  }, flattened('undefined', ends));
}

/** Whether ends are the same, in whatever order. */
export function areAlike(some: readonly TraceEnd[], others: readonly TraceEnd[]): boolean {
  return some === others || (some.length === others.length && keysOf(some) === keysOf(others));
}

function keysOf(ends: readonly TraceEnd[]): string {
  return ends.map(({ to, probability, path, authority, body, candidates = [] }): string => (
    JSON.stringify([candidates.length === 0 ? to : keysOf(candidates), probability, path, authority, body]))).sort().join();
}

/** Each candidate once, those of ends that are of the kind themselves included. */
function flattened(kind: TraceEnd['kind'], ends: readonly TraceEnd[]): readonly TraceEnd[] {
  const all = ends.flatMap(end => (end.kind === kind ? end.candidates ?? [] : [end]));
  return [...new Map(all.map(end => [JSON.stringify([end.to, end.probability, end.path, end.authority, end.body]), end])).values()];
}

/** An end that is undefined or unsupported, with other candidates. */
export function withCandidates(end: TraceEnd, candidates: readonly TraceEnd[]): TraceEnd {
  const texts = [...new Set(candidates.map(({ to }) => to))];
  return { ...end, to: `${end.kind}: ${texts.join(end.kind === 'undefined' ? ' or ' : ', ')}`, candidates };
}

/** A host without the cluster's domain: `reviews.bookinfo`. */
export function shortHost(host: string, clusterDomain: string): string {
  const suffix = `.svc.${clusterDomain}`;
  return host.endsWith(suffix) ? host.slice(0, -suffix.length) : host;
}

/** Whether a request ends as its configuration means it to. */
export function isByDesign({ kind }: TraceEnd): boolean {
  return kind === 'workload' || kind === 'redirect' || kind === 'response';
}
