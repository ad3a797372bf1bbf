// A route is never reached, because an earlier route matches every request.
import { Kind } from '../../manifests/kind';
import { catchesAll } from '../../mesh/route/routes';
import type { Check } from '../check';
import { hiderText } from '../routes/unreachable-routes';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go:414-437. */
export const routeBehindCatchAll: Check = {
  id: 'route-behind-catch-all',
  severity: 'warning',
  title: 'A route follows one that matches every request',
  why: 'Behind a route that matches every request, istiod builds no other, so no request ever reaches this one. To split requests by weight, list the '
    + 'destinations in one route.',
  fix: 'Move the route that matches everything to the end, or make the destinations of both routes one list with weights.',
  related: ['IST0130'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [],

  *run({ unreachableRoutes }) {
    for (const route of unreachableRoutes) {
      const { manifest, pointer, hidingMatch } = route;
      if (catchesAll(hidingMatch)) {
        yield { manifest, pointer, message: `never reached: the earlier route ${hiderText(route)} matches every request` };
      }
    }
  },
};
