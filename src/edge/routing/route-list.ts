// The routes of one VirtualService, in order: which of them ends the list, and whose weights a controller sets.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import type { PlainObject } from '../wire/plain-object';

/**
 * Annotation of a VirtualService: names of the routes whose weights a controller in the cluster sets, separated by commas, for the ignore
 * rules of GitOps tools.
 */
export const WEIGHTS_ELSEWHERE = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';

/** What does not decide about requests, or not alone. */
const NO_CONDITION: readonly string[] = ['name', 'statPrefix', 'ignoreUriCase', 'uri'] satisfies (keyof VirtualServiceSpecHttpMatch)[];

/**
 * Whether Istio builds nothing behind this route (Istio 1.30, pilot/pkg/networking/core/route/route.go). Behind a delegate it goes on: what
 * the delegate does not take is for the routes that follow.
 */
export function takesAll(http: VirtualServiceSpecHttp | undefined): http is VirtualServiceSpecHttp {
  return http !== undefined && http.delegate === undefined && (!http.match || http.match.some(match => (
    (match.uri === undefined || match.uri.prefix === '/' || match.uri.regex === '.*')
      && Object.entries(match).every(([name, value]) => value === undefined || NO_CONDITION.includes(name)))));
}

/**
 * Throws for a route that no request gets to.
 *
 * @param lasts the last routes of the lists that it is to be added to
 * @param whose requests
 */
export function requireReachable({ match }: VirtualServiceSpecHttp, lasts: readonly (VirtualServiceSpecHttp | undefined)[], whose: string): void {
  if (lasts.every(takesAll)) {
    const paths = match ? match.map(({ uri }) => uri?.exact ?? uri?.prefix ?? uri?.regex ?? 'any path').join(', ') : 'every request';
    throw InvalidProps.conflict('paths', paths, `cannot be set: route ${lasts[0].name} takes every request ${whose}, so write this one before it`);
  }
}

/** Throws for a name that cannot stand among others in the annotation. */
export function requireListable({ name }: VirtualServiceSpecHttp): void {
  if (name?.includes(',')) {
    throw InvalidProps.value('id', name, 'must be an id without commas, which separate the names of routes whose weights are managed elsewhere');
  }
}

/** Writes the annotation, where it has something to say. @param elsewhere the routes whose weights are managed elsewhere, perhaps others too */
export function annotateWeights(object: PlainObject, routes: readonly VirtualServiceSpecHttp[], elsewhere: ReadonlySet<VirtualServiceSpecHttp>): void {
  const names = elsewhere.size > 0 ? routes.filter(http => elsewhere.has(http)).map(({ name }) => name) : [];
  if (names.length > 0) {
    object.metadata.addAnnotation(WEIGHTS_ELSEWHERE, names.join());
  }
}
