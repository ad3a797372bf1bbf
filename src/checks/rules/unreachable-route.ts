// A route is never reached, because an earlier route with conditions matches all of its requests.
import { Kind } from '../../manifests/kind';
import { catchesAll } from '../../mesh/route/routes';
import { matchText } from '../../trace/hops/route-text';
import type { Check } from '../check';
import { hiderText } from '../routes/unreachable-routes';

/** Envoy uses the first route that matches, whatever is more specific; a prefix is compared as text (Istio 1.30, pilot/pkg/networking/core/route/route.go). */
export const unreachableRoute: Check = {
  id: 'unreachable-route',
  severity: 'error',
  title: 'An earlier route of the VirtualService matches all requests of a route',
  why: 'The proxy uses the first route that matches, not the most specific one, and it compares a prefix as text: /usrv also matches /usrv-export. No '
    + 'request ever reaches the later route; its requests go to the destination of the earlier one.',
  fix: 'Put the more specific route first. To match whole path segments, match the exact path and the prefix with a slash at its end.',
  related: ['IST0131', 'KIA1106'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ unreachableRoutes }) {
    for (const route of unreachableRoutes) {
      const { manifest, pointer, match, hidingMatch } = route;
      if (!catchesAll(hidingMatch)) {
        const message = `never reached: the earlier route ${hiderText(route)} (${matchText(hidingMatch)}) matches all that this one matches `
          + `(${matchText(match)})`;
        yield { manifest, pointer, message };
      }
    }
  },
};
