// The labels of a subset select none of the pods of the Service.
import { qualifiedNameOf } from '../../manifests/manifest';
import { Kind } from '../../manifests/kind';
import type { Labels } from '../../mesh/objects/config';
import type { Subset } from '../../mesh/objects/destination-rules';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { knownPods, ownLabels, selectsNone } from '../known-pods';
import { RouteUse } from '../route-use';
import type { Subject } from '../subject';
import { SubsetViews } from '../subset-views';

/** Istio 1.30: pilot/pkg/xds/endpoints/endpoint_builder.go. */
export const subsetWithoutPods: Check = {
  id: 'subset-without-pods',
  severity: 'error',
  title: 'The labels of a subset select no pods',
  why: 'The proxy knows the subset, but it has no endpoint: every request for it gets 503 "no healthy upstream" with the response flag UH.',
  fix: 'Use labels of the pods in the subset, or add its labels to spec.template.metadata.labels of the pods.',
  related: ['E036', 'IST0173'],
  about: [Kind.DESTINATION_RULE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.ROLLOUT, Kind.SERVICE, Kind.SERVICE_ENTRY, Kind.VIRTUAL_SERVICE, Kind.WORKLOAD_ENTRY],

  *run(subject) {
    const views = SubsetViews.of(subject);
    const use = RouteUse.of(subject);
    const reported = new Set<Subset>();
    for (const virtualService of mayHaveNone(subject) ? subject.virtualServices : []) {
      for (const route of virtualService.routes) {
        for (const { subset: name, completeHost: host, idle, isMirror } of route.destinations) {
          const pods = name === undefined || idle || isMirror || route.isNeverBuilt ? [] : knownPods(subject, host);
          // Each client has one of the rules; only if all fail, the order in which they were made does not matter.
          const subsets = pods.length === 0 ? [] : views.at(virtualService, route, host)
            .filter(view => view.complete && (view.gateway === undefined || use.mayBeBuiltAt(view.gateway, virtualService, route)))
            .map(({ rules }) => rules.flatMap(rule => rule.subsets.get(name!) ?? []))
            .find(declared => declared.length > 0 && declared.every(own => selectsNone(own.labels, pods))) ?? [];
          for (const subset of subsets.filter(own => !reported.has(own)).slice(0, 1)) {
            reported.add(subset);
            const message = `subset "${name}" of ${host} is for pods with ${textOf(subset.labels)}; the Service has ${pods.map(shown).join('; ')}`;
            yield { ...subset, pointer: `${subset.pointer}/labels`, message };
          }
        }
      }
    }
  },
};

/** Whether a subset of any rule may select no pods. Otherwise the routes need not be read, of which there are many more. */
function mayHaveNone(subject: Subject): boolean {
  return subject.destinationRules.all.some(({ host, subsets }) => {
    const pods = host.startsWith('*') ? [] : knownPods(subject, host);
    return host.startsWith('*') || [...subsets.values()].some(own => selectsNone(own.labels, pods));
  });
}

function shown({ manifest, labels }: Workload): string {
  return `those of ${String(manifest.object.kind)} ${qualifiedNameOf(manifest)} with ${textOf(ownLabels(labels))}`;
}

const textOf = (labels: Labels) => [...labels].map(pair => pair.join('=')).join(', ');
