// Another VirtualService of the same host and gateway matches all requests of a route.
import { Kind } from '../../manifests/kind';
import { matchText } from '../../trace/hops/route-text';
import type { Check } from '../check';
import { contestedRoutes } from '../routes/contested-routes';

/** The routes of one host are merged, those of the oldest VirtualService first (Istio 1.30, pilot/pkg/model/push_context.go:1138-1162). */
export const contestedRoute: Check = {
  id: 'contested-route',
  severity: 'warning',
  title: 'Another VirtualService of the same host matches all requests of a route',
  why: 'A gateway merges the VirtualServices of one host, the oldest first, and uses the first route that matches. The route works until the other '
    + 'VirtualService is older, for example after this one was deleted and applied again, or in another cluster.',
  fix: 'Make the routes distinct, for example with a slash at the end of both prefixes, or put them into one VirtualService in the right order.',
  related: ['E125', 'KIA1106'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY],

  *run({ models: { mesh } }) {
    for (const { route, rival, by, host, isCertain } of contestedRoutes(mesh)) {
      const { manifest, pointer, match } = route;
      const order = isCertain ? 'it comes first, so this route is never reached' : 'the older of the two VirtualServices gets the requests';
      const matches = `VirtualService ${by} (${matchText(rival.match)}) matches all that this route matches (${matchText(match)}) for host ${host}`;
      yield { manifest, pointer, message: `${matches}: ${order}` };
    }
  },
};
