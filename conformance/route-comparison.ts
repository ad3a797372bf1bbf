// What Envoy did with a request against what the model says: the way through the first proxy, and the end of the public trace.
import { isDeepStrictEqual } from 'node:util';
import type { TraceModels } from '../src/inspect';
import { PASSING_HEADERS, type RouteCase, recordedRoute, walkedRoute } from '../test/conformance/route-verdict';
import { differingIn, recordedFate, tracedFates } from '../test/conformance/trace-verdict';
import { type Difference, firstDifference } from './difference';
import { lasting } from './record-requests';

/** What is compared of one request. */
export interface Comparison {
  /** The first difference on the way through the proxy, and the difference between the ends. */
  readonly differences: readonly Difference[];
  /** Whether the trace says that the input does not tell the end. */
  readonly isUndecided: boolean;
}

/** Compares one request. */
export function compare(models: TraceModels, verdict: RouteCase): Comparison {
  const { ends, envoy } = verdict.result as { readonly ends: readonly { readonly cluster?: string }[]; readonly envoy?: { readonly cluster?: string; readonly upfail?: string } };
  const choices = ends.length > 1 ? ends.flatMap(({ cluster }, index) => (envoy?.cluster === undefined || cluster === envoy.cluster ? [index] : [])) : [];
  // Destinations of one cluster may differ in what they change of the request.
  const ways = [undefined, ...choices].map(choice => {
    const [ours, theirs] = [walkOf(models, verdict, choice), recordOf(verdict)].map(one => comparable(one, verdict));
    forgetPods(ours, theirs);
    return isDeepStrictEqual(ours, theirs) ? [] : [firstDifference(ours, theirs, '/walk')];
  });
  const way = ways.some(({ length }) => length === 0) ? [] : ways[0];
  const [fates, fate] = [tracedFates(models, verdict), recordedFate(verdict)];
  const places = (fates ?? []).map(one => differingIn(one, fate));
  // Past the sidecar, the oracle has one application for all addresses, and not the pods behind them.
  const isPassed = envoy?.cluster === 'PassthroughCluster';
  // Endpoints of a ServiceEntry with a serviceAccount present a certificate of the oracle, which names their address.
  const hasOtherIdentity = /SAN_matcher/.test(envoy?.upfail ?? '');
  const end = fates === undefined || isPassed || hasOtherIdentity || places.includes(undefined) ? [] : [{ place: `/trace/${new Set(places).size === 1 ? places[0] : ''}`, ours: fates, theirs: fate }];
  return { differences: [...way, ...end], isUndecided: fates === undefined };
}

type Json = Record<string, any>;

/** Leaves out of what a pod saw what pods of one destination differ in. */
function forgetPods(ours: Json, theirs: Json): void {
  for (const key of ['ns', 'version', 'tls']) {
    if (ours.served !== undefined && ours.served[key] === undefined) {
      Reflect.deleteProperty(theirs.served ?? {}, key);
    }
  }
}

function walkOf(models: TraceModels, verdict: RouteCase, choice: number | undefined): Json {
  return walkedRoute(models.mesh, verdict, { allHeaders: true, choice });
}

function recordOf(verdict: RouteCase): Json {
  const { served, ...result } = lasting(verdict);
  const headers = Object.entries((verdict.result.served?.headers ?? {}) as Record<string, string>).filter(([name]) => !PASSING_HEADERS.test(name));
  return recordedRoute({
    ...verdict,
    result: { ...result, ...(served === undefined ? {} : { served: { ...served, version: verdict.result.served.version, headers: Object.fromEntries(headers) } }) },
  });
}

/** As plain JSON, without what is not the doing of the first proxy, or of the oracle alone. */
function comparable(one: Json, { request, result }: RouteCase): Json {
  const { served, ...rest } = JSON.parse(JSON.stringify(one)) as Json;
  const isFailed = /\b(UF|UC|UPE|URX)\b/.test((result.envoy?.flags ?? '') as string) || (result.sidecar?.code ?? 200) >= 400 || (result.error as string).startsWith('tcp: ');
  const isOne = rest.ends.length === 1;
  // The response of a filter before the router has the headers of the destination that would have been chosen.
  const isDenied = /^rbac_access_denied/.test(result.envoy?.details ?? '');
  const isLocal = result.ends[0]?.why === 'fault abort' || (isDenied && result.ends.length > 1);
  const ends = (rest.ends as Json[]).map(({ rewrittenPath, rewrittenAuthority, endpoints, body, ...end }) => ({
    ...end, ...(request.method === 'HEAD' ? {} : { body }), ...(isFailed && isOne ? {} : { endpoints }), ...(result.served !== undefined && !isFailed && isOne ? { rewrittenPath, rewrittenAuthority } : {}),
  }));
  return JSON.parse(JSON.stringify({
    // The oracle cannot name a virtual host that redirects to HTTPS where a policy refuses the request before.
    ...rest, ...(isDenied && result.virtualHost === '' ? { virtualHost: undefined } : {}), ...(isLocal ? { responseHeaders: undefined } : {}), ends: result.ends.length === 0 ? [] : ends,
    // Kubernetes assigns the addresses.
    listenerMatched: rest.listenerMatched.replace(/^(10\.96\.\d+\.\d+|\(address of .*\))_/, 'assigned_').replace(/^(10\.44\.\d+\.\d+|\(pods of .*\))_/, 'pod_'),
    ...(isFailed ? { status: undefined, error: undefined } : { served: served && seenByPod(served) }),
  })) as Json;
}

/** Envoy appends an address of the machine in place of the oracle's own loopback address. */
function seenByPod({ headers, ...served }: Json): Json {
  const addresses = headers?.['x-forwarded-for']?.replace(/(^|,)(?:127\.0\.0\.1|\d+\.\d+\.\d+\.\d+)$/, '$1client');
  return { ...served, headers: headers && { ...headers, 'x-forwarded-for': addresses } };
}
