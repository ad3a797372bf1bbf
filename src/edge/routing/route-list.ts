// An ordered list of routes: which route is a catch-all, and whose weights a controller in the cluster manages.
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';

/**
 * Annotation of a VirtualService: the names of the routes whose weights a controller in the cluster manages, separated by commas. The
 * delivery objects derive their ignore rules from it.
 */
export const WEIGHTS_ELSEWHERE = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';

/** Fields of a match block that do not restrict which requests match, and `uri`, which is checked on its own. */
const UNRESTRICTING: readonly string[] = ['name', 'statPrefix', 'ignoreUriCase', 'uri'] satisfies (keyof VirtualServiceSpecHttpMatch)[];

/**
 * Whether the route matches every request. Istio programs no route after such a one (Istio 1.30, pilot/pkg/networking/core/route/route.go).
 * A delegate is never a catch-all: requests that match none of its routes continue with the next route of the root.
 */
export function isCatchAll(http: VirtualServiceSpecHttp): boolean {
  return http.delegate === undefined && (!http.match || http.match.some(match => (
    (match.uri === undefined || match.uri.prefix === '/' || match.uri.regex === '.*')
      && Object.entries(match).every(([name, value]) => value === undefined || UNRESTRICTING.includes(name)))));
}

/**
 * Throws for a route that is declared after a catch-all.
 *
 * @param catchAll the catch-all above it, if there is one
 * @param which requests the catch-all matches, such as "for these hosts"
 */
export function requireReachable({ match, name }: VirtualServiceSpecHttp, catchAll: VirtualServiceSpecHttp | undefined, which: string): void {
  if (catchAll) {
    const paths = match ? match.map(({ uri }) => uri?.exact ?? uri?.prefix ?? uri?.regex ?? 'any path').join(', ') : 'every request';
    throw InvalidProps.conflict('paths', paths,
      `can never match: route "${catchAll.name}" above matches every request ${which}; declare "${name}" before "${catchAll.name}"`);
  }
}

/** Throws for a route name that the annotation could not list. */
export function requireListable({ name }: VirtualServiceSpecHttp): void {
  if (name?.includes(',')) {
    throw InvalidProps.value('id', name,
      'must not contain a comma when the weights are managed elsewhere, because an annotation lists such routes by name');
  }
}
