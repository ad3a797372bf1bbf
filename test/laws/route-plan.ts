// Plans of routes: which requests they take and what happens to them, as data; what does not go together is never asked for.
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { AuthorityMatch } from '../../src/edge/match/authority';
import { ClaimMatch } from '../../src/edge/match/claim-match';
import { HttpScheme } from '../../src/edge/match/match';
import { type MeshCaller } from '../../src/edge/match/mesh-caller';
import { CorsOrigin, type CorsPolicy, UnmatchedPreflights } from '../../src/edge/routing/cors';
import { FaultAbort, GrpcStatus } from '../../src/edge/routing/fault';
import { type HeaderOperations } from '../../src/edge/routing/header-operations';
import { Mirror } from '../../src/edge/routing/mirror';
import { DerivePort, type RedirectOptions } from '../../src/edge/routing/redirect';
import { Rewrite } from '../../src/edge/routing/rewrite';
import { type RouteOptions, type RouteSettings } from '../../src/edge/routing/route-options';
import { type RetryPolicy } from '../../src/edge/routing/route-policy';
import { type WeightedShare } from '../../src/edge/routing/route-target';
import { HeaderMatch, type IWorkload, PathMatch, QueryMatch, RetryOn, RouteTarget } from '../../src/index';
import { HEADERS, line, needing, partly, path, percentage, regex, someOf, time, wordOf } from './istio-texts';
import { maybe, port } from './names';

/** A condition on a path. */
export interface PathPlan {
  readonly kind: 'exact' | 'prefix' | 'pathPrefix' | 'regex';
  readonly text: string;
  readonly ignoreCase?: boolean;
}

const pathPlan: fc.Arbitrary<PathPlan> = fc.oneof(
  { weight: 5, arbitrary: needing(['kind', 'text'], { kind: fc.constantFrom('exact' as const, 'prefix' as const, 'pathPrefix' as const), text: path, ignoreCase: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('regex' as const), text: regex }) },
);

/** Every path once, as the match blocks of Istio count them. */
export function distinct(paths: readonly PathPlan[]): PathPlan[] {
  const seen = new Set<string>();
  return paths.filter(({ kind, text, ignoreCase = false }) => {
    const blocks = (kind === 'pathPrefix' ? [`exact ${text}`, `prefix ${text}/`] : [`${kind} ${text}`]).map(block => `${ignoreCase} ${block}`);
    return blocks.every(block => !seen.has(block)) && blocks.every(block => seen.add(block));
  });
}

const paths = fc.array(pathPlan, { minLength: 1, maxLength: 3 }).map(distinct);
const negations = ['notExact', 'notPrefix'] as const;
const positiveHeader = fc.tuple(fc.constantFrom(...HEADERS), fc.oneof(
  fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const), line), fc.tuple(fc.constant('regex' as const), regex), fc.constant(['present', ''] as const),
)).map(([name, [kind, value]]) => ({ name, make: () => HeaderMatch[kind](name, value), kind, value }));
const negativeHeader = fc.tuple(fc.constantFrom(...HEADERS), fc.oneof(
  fc.tuple(fc.constantFrom(...negations), line), fc.tuple(fc.constant('notRegex' as const), regex), fc.constant(['absent', ''] as const),
)).map(([name, [kind, value]]) => ({ name, make: () => HeaderMatch[kind](name, value), kind, value }));
const byName = { maxLength: 2, selector: (each: { readonly name: string }) => each.name };
const headers = fc.tuple(fc.uniqueArray(positiveHeader, byName), fc.uniqueArray(negativeHeader, byName)).map(([has, lacks]) => [
  ...has, ...lacks.filter(own => !has.some(({ name, value }) => name === own.name && (own.kind === 'absent' || value === own.value))),
]);

const claimNames = [['group'], ['realm_access', 'roles'], ['a.b'], ['https://a/b']];
const claim = fc.tuple(fc.constantFrom(...claimNames), fc.oneof(
  fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const, ...negations), line), fc.tuple(fc.constantFrom('regex' as const, 'notRegex' as const), regex),
)).map(([names, [kind, value]]) => ({ name: names.join(), make: () => ClaimMatch[kind](names, value) }));
const query = fc.tuple(fc.constantFrom('debug', 'A', 'a[]', '%20'), fc.oneof(
  fc.tuple(fc.constantFrom('exact' as const, 'prefix' as const), line), fc.tuple(fc.constant('regex' as const), regex), fc.constant(['present', ''] as const),
)).map(([name, [kind, value]]) => ({ name, make: () => QueryMatch[kind](name, value) }));

const conditions = partly({
  methods: someOf(['GET', 'POST', 'M-SEARCH', 'PATCH']),
  headers: headers.map(all => all.map(({ make }) => make())),
  claims: fc.uniqueArray(claim, byName).map(all => all.map(({ make }) => make())),
  queryParams: fc.uniqueArray(query, byName).map(all => all.map(({ make }) => make())),
  authority: fc.oneof(line.map(text => AuthorityMatch.exact(text)), line.map(text => AuthorityMatch.prefix(text)), regex.map(text => AuthorityMatch.regex(text))),
  scheme: wordOf(HttpScheme),
  port,
  statPrefix: line,
});

const operations = (host: boolean): fc.Arbitrary<HeaderOperations> => fc.tuple(
  someOf([['X-Set', 'a'], ['x-empty', ''], ['x-percent', '100%%'], ['x-client', '%DOWNSTREAM_REMOTE_ADDRESS% %REQ(X-Request-Id)%'], ...host ? [['Host', 'other.test:8443']] : []] as const),
  someOf([['x-added', 'a\tb'], ['X-Set', 'ü']] as const), someOf(['x-gone', 'Server', 'x-powered-by']), fc.integer({ min: 1, max: 7 }),
).map(([set, add, remove, which]) => ({
  ...which & 1 ? { set: Object.fromEntries(set) } : {}, ...which & 2 ? { add: Object.fromEntries(add) } : {}, ...which & 4 ? { remove } : {},
}));

const retries: fc.Arbitrary<RetryPolicy> = needing(['attempts'], {
  attempts: fc.integer({ min: 1, max: 100 }),
  perTryTimeout: time,
  retryOn: someOf(Object.values(RetryOn)),
  retryStatusCodes: someOf([200, 226, 404, 418, 425, 503, 511]),
  backoff: time,
  retryRemoteLocalities: fc.boolean(),
  ignorePreviousHosts: fc.boolean(),
});

const abort = fc.oneof(
  fc.tuple(fc.integer({ min: 200, max: 599 }), percentage).map(([status, share]) => FaultAbort.http(status, share)),
  fc.tuple(wordOf(GrpcStatus), percentage).map(([status, share]) => FaultAbort.grpc(status, share)),
);
const delay = fc.record({ duration: time, percentage });
const fault = fc.oneof(fc.record({ abort }), fc.record({ delay }), fc.record({ abort, delay }));

const tellingOrigins = someOf([CorsOrigin.exact('https://shop.example.com'), CorsOrigin.exact('http://localhost:8080'), CorsOrigin.prefix('http://localhost:'), CorsOrigin.regex('https://[a-z]+\\.example\\.com')]);
const openOrigins = someOf([CorsOrigin.any(), CorsOrigin.prefix('https://'), CorsOrigin.regex('.*'), CorsOrigin.exact('https://a.b')]);
const corsLists = (star: string[]) => ({
  allowMethods: someOf(['GET', 'PUT', 'TRACE', ...star]), allowHeaders: someOf(['X-A', 'authorization', ...star]), exposeHeaders: someOf(['x-b', ...star]),
  maxAge: fc.integer({ min: 1, max: 90_000 }).map(seconds => Duration.seconds(seconds)), unmatchedPreflights: wordOf(UnmatchedPreflights),
});
const cors = fc.oneof(
  needing<CorsPolicy, 'allowOrigins' | 'allowCredentials'>(['allowOrigins', 'allowCredentials'], { allowOrigins: tellingOrigins, allowCredentials: fc.constant(true), ...corsLists([]) }),
  needing<CorsPolicy, 'allowOrigins'>(['allowOrigins'], { allowOrigins: openOrigins, allowCredentials: fc.constant(false), ...corsLists(['*']) }),
);

const authority = fc.constantFrom('other.test', 'other.test:8080');
const rewrite = fc.oneof(
  fc.record({ by: fc.constantFrom('prefix' as const, 'path' as const), text: path, authority: maybe(authority) }),
  fc.record({ by: fc.constant('regex' as const), pair: fc.constantFrom(['^/(a|b)/(.*)$', '/\\2/\\1'], ['x', '\\\\'], ['a', '\\0b']), authority: maybe(authority) }),
  fc.record({ by: fc.constant('authority' as const), authority }),
);

const settings = partly({
  requestHeaders: operations(false),
  responseHeaders: operations(false),
  timeout: time,
  retries,
  fault,
  cors,
});

const share = partly<WeightedShare>({ weight: fc.integer({ min: 0, max: 100 }), requestHeaders: operations(true), responseHeaders: operations(false) });
const shares = fc.array(share, { minLength: 1, maxLength: 3 });
const status = fc.constantFrom(301, 302, 303, 307, 308);
const moved = path.map(text => `/moved${text}?a=b`);
const redirect: fc.Arbitrary<RedirectOptions> = fc.oneof(
  fc.record({ path: moved, status: maybe(status), scheme: maybe(wordOf(HttpScheme)), host: maybe(authority) }),
  fc.record({ host: fc.constant('elsewhere.test'), derivePort: wordOf(DerivePort), scheme: maybe(wordOf(HttpScheme)) }),
  fc.record({ port, path: maybe(moved), host: maybe(fc.constant('elsewhere.test')) }),
);

/** Where the requests go. Numbers point at workloads and versions. */
const target = fc.oneof(
  fc.record({ to: fc.constant('workload' as const) }),
  fc.record({ to: fc.constant('subset' as const), version: fc.nat({ max: 3 }) }),
  fc.record({ to: fc.constant('split' as const), shares }),
  fc.record({ to: fc.constant('splitWorkloads' as const), shares }),
  fc.record({ to: fc.constant('splitElsewhere' as const) }),
  fc.record({ to: fc.constant('redirect' as const), options: redirect }),
  fc.record({ to: fc.constant('respond' as const), status: fc.integer({ min: 200, max: 599 }), body: maybe(fc.oneof(line, fc.constant(''))) }),
);

const mirror = fc.record({ workload: fc.nat({ max: 3 }), version: maybe(fc.nat({ max: 3 })), percentage: maybe(percentage) });
const common = { conditions, settings, rewrite: maybe(rewrite), workload: fc.nat({ max: 3 }), mirrors: maybe(fc.array(mirror, { minLength: 1, maxLength: 2 })), disableRetries: fc.boolean() };

/** A route that leaves requests for those after it: it has a path, and never all of them. */
export const routePlan = fc.record({ ...common, paths, target });

/** A route that may take every request. */
export const lastRoutePlan = fc.record({ ...common, paths: maybe(paths), target });

/** A route's conditions and settings, without a target: for canaries and the like. */
export const releasePlan = fc.record({ ...common, paths });

/** Callers in the mesh. */
export const callers = maybe(someOf<MeshCaller>([{ labels: { app: 'a' } }, { namespace: 'team-a' }, { namespace: 'team-a', labels: { tier: '' } }]));

export type RoutePlan = typeof lastRoutePlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type ReleasePlan = typeof releasePlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** The condition on a path. */
export function pathOf({ kind, text, ignoreCase }: PathPlan): PathMatch {
  return kind === 'regex' ? PathMatch.regex(text) : PathMatch[kind](text, { ignoreCase });
}

/** Where a route stands. */
export interface Place {
  readonly workloads: readonly IWorkload[];
  /** Whether claims may be asked for. */
  readonly atGateway: boolean;
}

/** The conditions and settings of a route whose target is known. @param sends whether the target sends requests to a workload or one of its versions */
export function settingsOf(plan: Omit<RoutePlan, 'target'>, place: Place, host: { readonly answers: boolean; readonly sets: boolean; readonly sends: (workload: IWorkload, version?: string) => boolean }): RouteSettings {
  const { claims, ...rest } = plan.conditions;
  const { requestHeaders, timeout, retries: wanted, fault: faults, ...answered } = plan.settings;
  const matched = { ...rest, ...place.atGateway ? { claims } : {}, paths: plan.paths?.map(pathOf) };
  if (host.answers) {
    return { ...matched, ...answered };
  }
  const tooLong = timeout && wanted?.perTryTimeout && wanted.perTryTimeout.toMilliseconds() > timeout.toMilliseconds();
  const disableRetries = plan.disableRetries && wanted === undefined;
  return {
    ...matched, ...answered, requestHeaders, timeout, fault: faults,
    ...disableRetries ? { disableRetries } : { retries: wanted && (tooLong ? { ...wanted, perTryTimeout: timeout } : wanted) },
    rewrite: plan.rewrite && rewriteOf(plan.rewrite, plan.paths ?? [], host.sets),
    mirrors: plan.mirrors && mirrorsOf(plan.mirrors, place.workloads, host.sends),
  };
}

function rewriteOf(plan: NonNullable<RoutePlan['rewrite']>, all: readonly PathPlan[], hostIsSet: boolean): Rewrite | undefined {
  const options = hostIsSet ? {} : { authority: 'authority' in plan ? plan.authority : undefined };
  switch (plan.by) {
    case 'regex': return Rewrite.regex(plan.pair[0], plan.pair[1], options);
    case 'authority': return hostIsSet ? undefined : Rewrite.authority(plan.authority);
    case 'path': return Rewrite.path(plan.text, options);
    case 'prefix': {
      const fits = all.every(({ kind }) => kind === 'pathPrefix') || all.every(({ kind }) => kind === 'prefix');
      return Rewrite[fits ? 'prefix' : 'path'](plan.text, options);
    }
  }
}

function mirrorsOf(plans: NonNullable<RoutePlan['mirrors']>, workloads: readonly IWorkload[], sends: (workload: IWorkload, version?: string) => boolean): Mirror[] | undefined {
  const seen = new Set<string>();
  const made = plans.flatMap(({ workload: index, version: wanted, percentage: part }) => {
    const workload = workloads[index % workloads.length];
    const version = wanted === undefined || workload.versions.length === 0 ? undefined : workload.versions[wanted % workload.versions.length];
    const key = `${workload.host}:${workload.port} ${version}`;
    if (sends(workload, version) || seen.has(key)) {
      return [];
    }
    seen.add(key);
    return [version === undefined ? Mirror.workload(workload, part) : Mirror.subset(workload.subset(version), part)];
  });
  return made.length > 0 ? made : undefined;
}

const ANSWER = { answers: true, sets: false, sends: () => false };
const setsHost = (all: readonly Partial<WeightedShare>[]) => all.some(({ requestHeaders }) => requestHeaders?.set?.Host !== undefined);
const weighing = <T extends Partial<WeightedShare>>(all: readonly T[]) => all.map(each => ({ ...each, weight: each.weight ?? 1 }))
  .map((each, _, whole) => (whole.every(({ weight }) => weight === 0) ? { ...each, weight: 1 } : each));

/** The options of a route. */
export function routeOf(plan: RoutePlan, place: Place): RouteOptions {
  const { target: wish } = plan;
  const workload = place.workloads[plan.workload % place.workloads.length];
  const { versions } = workload;
  const to = (target_: RouteTarget, own: Parameters<typeof settingsOf>[2]): RouteOptions => ({ ...settingsOf(plan, place, own), target: target_ });
  const workloadItself = { answers: false, sets: false, sends: (other: IWorkload, version?: string) => other === workload && version === undefined };
  if (wish.to === 'redirect') {
    return to(RouteTarget.redirect(wish.options), ANSWER);
  }
  if (wish.to === 'respond') {
    return to(RouteTarget.respond(wish.status, wish.body), ANSWER);
  }
  if (wish.to === 'splitWorkloads') {
    const several = weighing(wish.shares.slice(0, place.workloads.length));
    return to(RouteTarget.splitWorkloads(several.map((each, index) => ({ ...each, workload: place.workloads[index] }))), {
      answers: false, sets: setsHost(several), sends: (other, version) => version === undefined && place.workloads.indexOf(other) < several.length,
    });
  }
  if (wish.to === 'workload' || versions.length === 0 || (wish.to === 'splitElsewhere' && versions.length < 2)) {
    return to(RouteTarget.workload(workload), workloadItself);
  }
  if (wish.to === 'subset') {
    const own = versions[wish.version % versions.length];
    return to(RouteTarget.subset(workload.subset(own)), { answers: false, sets: false, sends: (other, version) => other === workload && version === own });
  }
  const several = wish.to === 'split' ? weighing(wish.shares.slice(0, versions.length)) : versions.slice(0, 2).map(() => ({ weight: 1 }));
  const sends = (other: IWorkload, version?: string) => other === workload && version !== undefined && versions.indexOf(version) < several.length;
  const split = wish.to === 'split'
    ? RouteTarget.split(several.map((each, index) => ({ ...each, subset: workload.subset(versions[index]) })))
    : RouteTarget.splitElsewhere(workload.subset(versions[0]), workload.subset(versions[1]));
  return to(split, { answers: false, sets: setsHost(several), sends });
}
