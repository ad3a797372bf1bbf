// Entries of `http` in a VirtualService: conditions and actions as written, with all names completed.
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { Config, Labels, Place, readLabels } from '../objects/config';
import { completeGateway, completeHost } from '../../base/istio/names';
import { MeshSettings } from '../objects/settings';
import { StringMatch, readStringMatch } from './string-match';

/** A condition on a named header or query parameter. */
export type NamedMatch = readonly [name: string, match: StringMatch];

/** One entry of `match`. All of its conditions must be met. */
export interface HttpMatch extends Place {
  readonly name: string;
  readonly uri?: StringMatch;
  readonly ignoreUriCase: boolean;
  readonly scheme?: StringMatch;
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly headers: readonly NamedMatch[];
  readonly withoutHeaders: readonly NamedMatch[];
  readonly queryParams: readonly NamedMatch[];
  readonly port?: number;
  readonly gateways: readonly string[];
  readonly sourceLabels: Labels;
  readonly sourceNamespace?: string;
}

/** A host, a port of it and a subset. */
export interface Destination extends Place {
  readonly host: string;
  readonly port?: number;
  readonly subset: string;
}

/** Changes to headers on one side. */
export interface HeaderChanges {
  readonly remove: readonly string[];
  readonly set: readonly (readonly [name: string, value: string])[];
  readonly add: readonly (readonly [name: string, value: string])[];
}

/** `headers` of a route or of a destination. */
export interface HeaderOperations {
  readonly request: HeaderChanges;
  readonly response: HeaderChanges;
}

/** One entry of `route`. */
export interface WeightedDestination extends Place {
  readonly destination: Destination;
  readonly weight: number;
  readonly headers?: HeaderOperations;
}

/** Copies of requests that go to another destination. */
export interface Mirror {
  readonly destination: Destination;
  /** In percent, from 0 to 100. */
  readonly percent: number;
}

/** `corsPolicy`. */
export interface CorsPolicy {
  readonly origins: readonly StringMatch[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAge?: string;
  readonly credentials?: boolean;
  readonly forwardsUnmatchedPreflights: boolean;
}

/** `fault`; percentages from 0 to 100. */
export interface Fault {
  readonly abort?: { readonly status?: number; readonly grpcStatus?: string; readonly percent: number };
  readonly delay?: { readonly fixed: string; readonly percent: number };
}

/** `redirect`, as written. */
export interface Redirect {
  readonly uri: string;
  readonly authority: string;
  readonly scheme: string;
  readonly code: number;
  readonly port?: number | 'from-request-port';
  readonly setsPort: boolean;
}

/** `rewrite`. */
export interface Rewrite {
  readonly uri: string;
  readonly authority: string;
  readonly regex?: { readonly match: string; readonly rewrite: string };
}

/** One entry of `http`. */
export interface HttpRoute extends Place {
  readonly name: string;
  /** Empty: every request matches. */
  readonly matches: readonly HttpMatch[];
  readonly destinations: readonly WeightedDestination[];
  readonly delegate?: { readonly name: string; readonly namespace: string };
  readonly redirect?: Redirect;
  readonly directResponse?: { readonly status: number; readonly body: string };
  readonly rewrite?: Rewrite;
  readonly timeout?: string;
  readonly retries?: { readonly attempts: number; readonly retryOn: string; readonly perTryTimeout?: string };
  readonly fault?: Fault;
  readonly mirrors?: readonly Mirror[];
  readonly cors?: CorsPolicy;
  readonly headers?: HeaderOperations;
}

/** Fields that are set one by one, which costs a third of what collecting them costs: a mesh has many routes. */
type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads an entry of `http`. Short names are completed with the namespace of the object that contains them, a delegate's with its own. */
export function readHttpRoute(config: Config, route: PlainObject, pointer: string, settings: MeshSettings): HttpRoute {
  const http: Writable<HttpRoute> = {
    manifest: config.manifest,
    pointer,
    name: asText(route.name) ?? '',
    matches: asList(route.match).map((match, index) => readMatch(config, asObject(match), `${pointer}/match/${index}`)),
    destinations: readWeightedDestinations(config, route, pointer, settings),
  };
  if (isObject(route.delegate)) {
    http.delegate = { name: asText(route.delegate.name) ?? '', namespace: asText(route.delegate.namespace) || config.namespace };
  }
  if (isObject(route.redirect)) {
    http.redirect = readRedirect(route.redirect);
  }
  if (isObject(route.directResponse)) {
    http.directResponse = readDirectResponse(route.directResponse);
  }
  if (isObject(route.rewrite)) {
    http.rewrite = readRewrite(route.rewrite);
  }
  if (typeof route.timeout === 'string') {
    http.timeout = route.timeout;
  }
  if (isObject(route.retries)) {
    http.retries = readRetries(route.retries);
  }
  if (isObject(route.fault)) {
    http.fault = readFault(route.fault);
  }
  if (isObject(route.corsPolicy)) {
    http.cors = readCors(route.corsPolicy);
  }
  if (isObject(route.headers)) {
    http.headers = readHeaders(route.headers);
  }
  if (isObject(route.mirror) || asList(route.mirrors).length > 0) {
    http.mirrors = readMirrors(route, pointer, (value, at) => readDestination(config, asObject(value), at, settings));
  }
  return http;
}

function readRetries(retries: PlainObject): NonNullable<HttpRoute['retries']> {
  const perTryTimeout = asText(retries.perTryTimeout);
  return { attempts: asInteger(retries.attempts) ?? 0, retryOn: asText(retries.retryOn) ?? '', ...(perTryTimeout === undefined ? {} : { perTryTimeout }) };
}

/** Reads `route` of an HTTP, TLS or TCP route. */
export function readWeightedDestinations(config: Config, route: PlainObject, pointer: string, settings: MeshSettings): WeightedDestination[] {
  return asList(route.route).map(asObject).map((item, index) => ({
    manifest: config.manifest,
    pointer: `${pointer}/route/${index}`,
    destination: readDestination(config, asObject(item.destination), `${pointer}/route/${index}/destination`, settings),
    weight: asInteger(item.weight) ?? 0,
    ...(isObject(item.headers) ? { headers: readHeaders(item.headers) } : {}),
  }));
}

function readDestination({ manifest, namespace }: Config, value: PlainObject, pointer: string, settings: MeshSettings): Destination {
  const port = asInteger(asObject(value.port).number);
  return {
    manifest, pointer, host: completeHost(asText(value.host) ?? '', namespace, settings.clusterDomain), subset: asText(value.subset) ?? '',
    ...(port === undefined ? {} : { port }),
  };
}

/** Without a percentage all requests are mirrored; with `{}` none, because the value defaults to 0. */
function readMirrors(route: PlainObject, pointer: string, destinationAt: (value: unknown, at: string) => Destination): Mirror[] {
  const percentOf = (percentage: unknown, whole: unknown) => (isObject(percentage) ? numberOf(percentage.value) : typeof whole === 'number' ? whole : 100);
  const single = isObject(route.mirror) ? [{
    destination: destinationAt(route.mirror, `${pointer}/mirror`), percent: percentOf(route.mirrorPercentage, route.mirrorPercent),
  }] : [];
  const several = asList(route.mirrors).map(asObject).map((mirror, index) => ({
    destination: destinationAt(mirror.destination, `${pointer}/mirrors/${index}/destination`), percent: percentOf(mirror.percentage, undefined),
  }));
  return [...single, ...several];
}

function readMatch({ manifest, namespace }: Config, match: PlainObject, pointer: string): HttpMatch {
  const read: Writable<HttpMatch> = {
    manifest,
    pointer,
    name: asText(match.name) ?? '',
    ignoreUriCase: match.ignoreUriCase === true,
    headers: namedMatches(match.headers),
    withoutHeaders: namedMatches(match.withoutHeaders),
    queryParams: namedMatches(match.queryParams),
    gateways: asTexts(match.gateways).map(name => completeGateway(name, namespace)),
    sourceLabels: match.sourceLabels === undefined ? NO_LABELS : readLabels(match.sourceLabels),
  };
  const port = asInteger(match.port);
  if (port !== undefined && port !== 0) {
    read.port = port;
  }
  if (typeof match.sourceNamespace === 'string' && match.sourceNamespace !== '') {
    read.sourceNamespace = match.sourceNamespace;
  }
  for (const key of ['uri', 'scheme', 'method', 'authority'] as const) {
    if (isObject(match[key])) {
      read[key] = readStringMatch(match[key]);
    }
  }
  return read;
}

const NO_LABELS: Labels = new Map();
const NO_MATCHES: readonly NamedMatch[] = [];

function namedMatches(value: unknown): readonly NamedMatch[] {
  return !isObject(value) ? NO_MATCHES : Object.entries(value).map(([name, match]): NamedMatch => [name, readStringMatch(match, !isClaim(name))]);
}

/** Prefix of the headers that stand for claims of a validated token. */
export const CLAIMS = '@request.auth.claims';

/** Whether the name of a header stands for a claim. */
export function isClaim(name: string): boolean {
  return name.toLowerCase().startsWith(CLAIMS);
}

function readHeaders(headers: PlainObject): HeaderOperations {
  const changes = (value: unknown): HeaderChanges => {
    const { remove, set, add } = asObject(value);
    return { remove: asTexts(remove), set: textPairs(set), add: textPairs(add) };
  };
  return { request: changes(headers.request), response: changes(headers.response) };
}

/** Sorted by name, as istiod sorts them (Istio 1.30, pilot/pkg/networking/core/route/route.go translateAppendHeaders). */
function textPairs(value: unknown): [string, string][] {
  return Object.entries(asObject(value)).filter((pair): pair is [string, string] => typeof pair[1] === 'string').sort(([a], [b]) => (a < b ? -1 : 1));
}

function readRedirect(redirect: PlainObject): Redirect {
  const port = asInteger(redirect.port) ?? (redirect.derivePort === 'FROM_REQUEST_PORT' ? 'from-request-port' as const : undefined);
  return {
    uri: asText(redirect.uri) ?? '', authority: asText(redirect.authority) ?? '',
    scheme: asText(redirect.scheme) ?? '', code: asInteger(redirect.redirectCode) ?? 0, setsPort: port !== undefined || redirect.derivePort !== undefined,
    ...(port === undefined ? {} : { port }),
  };
}

function readDirectResponse(response: PlainObject): { status: number; body: string } {
  const body = asObject(response.body);
  return { status: asInteger(response.status) ?? 0, body: asText(body.string) ?? decoded(asText(body.bytes) ?? '') };
}

/** Text of Base64; what is none is refused by the API server. */
function decoded(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), character => character.charCodeAt(0)));
  } catch {
    return '';
  }
}

function readRewrite(rewrite: PlainObject): Rewrite {
  const regex = rewrite.uriRegexRewrite;
  return {
    uri: asText(rewrite.uri) ?? '', authority: asText(rewrite.authority) ?? '',
    ...(isObject(regex) ? { regex: { match: asText(regex.match) ?? '', rewrite: asText(regex.rewrite) ?? '' } } : {}),
  };
}

/** Without a percentage no request is aborted (Istio 1.30, pilot/pkg/networking/core/route/route.go:1389). */
function readFault({ abort, delay }: PlainObject): Fault {
  const [status, grpcStatus] = [asInteger(asObject(abort).httpStatus), asText(asObject(abort).grpcStatus)];
  const fixed = asText(asObject(delay).fixedDelay);
  const aborted = numberOf(asObject(asObject(abort).percentage).value);
  return {
    ...(status === undefined && grpcStatus === undefined ? {} : { abort: { status, grpcStatus, percent: aborted } }),
    ...(fixed === undefined ? {} : { delay: { fixed, percent: numberOf(asObject(asObject(delay).percentage).value ?? asObject(delay).percent) } }),
  };
}

function readCors(cors: PlainObject): CorsPolicy {
  const old = asTexts(cors.allowOrigin).map((value): StringMatch => ({ is: 'exact', value }));
  const maxAge = asText(cors.maxAge);
  return {
    origins: cors.allowOrigins === undefined ? old : asList(cors.allowOrigins).map(origin => readStringMatch(origin)),
    methods: asTexts(cors.allowMethods),
    headers: asTexts(cors.allowHeaders),
    exposed: asTexts(cors.exposeHeaders),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(typeof cors.allowCredentials === 'boolean' ? { credentials: cors.allowCredentials } : {}),
    forwardsUnmatchedPreflights: cors.unmatchedPreflights !== 'IGNORE',
  };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
