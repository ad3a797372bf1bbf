// A route refers to a subset that no effective DestinationRule declares.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { RouteUse } from '../route-use';
import { subsetCause } from '../subset-cause';
import { type SubsetView, SubsetViews } from '../subset-views';

/** Istio 1.30: pilot/pkg/networking/core/route/route.go GetDestinationCluster, pilot/pkg/model/push_context.go destinationRule. */
export const unknownSubset: Check = {
  id: 'unknown-subset',
  severity: 'error',
  title: 'A route refers to a subset that no visible DestinationRule declares',
  why: 'The proxy has no cluster for the subset, so it responds to every request for it with 503 and the response flag NC. Istio uses only '
    + 'DestinationRules in the namespace of the client, in that of the Service, or in the root namespace.',
  fix: 'Declare the subset in a DestinationRule for the full host name, in the namespace of the Service, or correct the subset name.',
  related: ['E035', 'E037', 'IST0101', 'KIA1107'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run(subject) {
    const views = SubsetViews.of(subject);
    const use = RouteUse.of(subject);
    for (const virtualService of subject.virtualServices) {
      for (const route of virtualService.routes) {
        for (const destination of route.destinations) {
          const { subset } = destination;
          // An idle destination needs no cluster, so a route may have a subset with weight 0 before the subset exists.
          if (subset === undefined || destination.idle || destination.isMirror || route.isNeverBuilt) {
            continue;
          }
          const failing = views.at(virtualService, route, destination.completeHost).find(view => view.complete && !view.subsets.includes(subset)
            && (view.gateway === undefined || use.mayBeBuiltAt(view.gateway, virtualService, route)));
          if (failing) {
            const cause = subsetCause(subject, failing, destination.completeHost, subset);
            yield {
              manifest: virtualService.manifest,
              pointer: `${destination.pointer}/subset`,
              message: `no DestinationRule that applies to ${failing.who} declares subset "${subset}" of ${destination.completeHost}`
                + (cause === undefined ? '' : `: ${cause.message}`) + declared(failing) + consulted(failing),
              ...cause?.fix === undefined ? {} : { fix: cause.fix },
            };
          }
        }
      }
    }
  },
};

function declared(view: SubsetView): string {
  return view.subsets.length > 0 ? `; declared subsets: ${view.subsets.join(', ')}` : '; no subset is declared';
}

function consulted(view: SubsetView): string {
  return view.consulted.length > 0 ? `; searched namespaces: ${view.consulted.join(', ')}` : '';
}
