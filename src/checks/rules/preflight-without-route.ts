// A route with a CORS policy does not match the preflight requests of browsers.
import { Kind } from '../../manifests/kind';
import type { HttpMatch, HttpRoute } from '../../mesh/route/http-routes';
import { matchesText } from '../../mesh/route/string-match';
import type { Check } from '../check';

/** https://fetch.spec.whatwg.org/#cors-preflight-fetch; Envoy takes the policy from the route that the preflight matches (Envoy 1.40, cors_filter.cc). */
export const preflightWithoutRoute: Check = {
  id: 'preflight-without-route',
  severity: 'warning',
  title: 'A route with a CORS policy matches no preflight request',
  why: 'A browser first sends OPTIONS, without the headers of the request. If the route demands another method, the preflight gets another route or 404 and no '
    + 'CORS headers, and the browser blocks the request itself.',
  fix: 'Add a match for OPTIONS to the route, or a route with the same corsPolicy for method OPTIONS.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ models: { mesh } }) {
    for (const { http } of mesh.virtualServices.all) {
      const answering = http.filter(({ cors }) => cors !== undefined).flatMap(({ matches }) => (matches.length === 0 ? [{}] : matches.filter(allowsOptions)));
      const isAnswered = ({ matches }: HttpRoute) => matches.length === 0 || matches.some(match => answering.some(other => pathsMeet(match, other)));
      for (const route of http.filter(own => own.cors !== undefined && !isAnswered(own))) {
        const message = `corsPolicy is for preflights, which have method OPTIONS, and this route matches only ${methodsOf(route)}`;
        yield { manifest: route.manifest, pointer: `${route.pointer}/corsPolicy`, message };
      }
    }
  },
};

/** Whether a path may meet both conditions; regular expressions and conditions that ignore letter case count as such. */
function pathsMeet(one: Partial<HttpMatch>, other: Partial<HttpMatch>): boolean {
  const [a, b] = [one, other].map(({ uri, ignoreUriCase }) => (ignoreUriCase || (uri?.is !== 'exact' && uri?.is !== 'prefix') ? undefined : uri));
  return a === undefined || b === undefined || (a.is === 'prefix' && b.value.startsWith(a.value)) || (b.is === 'prefix' && a.value.startsWith(b.value))
    || a.value === b.value;
}

function allowsOptions({ method }: HttpMatch): boolean {
  return method === undefined || matchesText(method, 'OPTIONS');
}

function methodsOf({ matches }: HttpRoute): string {
  return [...new Set(matches.map(({ method }) => (method === undefined || method.is === 'present' ? 'any' : method.value)))].join(', ');
}
