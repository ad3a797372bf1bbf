// Two DestinationRules for one host have settings that exclude each other.
import { groupBy } from '../../base/multimap';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { valueAt } from '../../manifests/pointer';
import type { DestinationRule } from '../../mesh/objects/destination-rules';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/destination_rule.go mergeDestinationRule. */
export const destinationRulesForOneHost: Check = {
  id: 'destination-rules-for-one-host',
  severity: 'warning',
  title: 'Two DestinationRules for one host have different settings',
  why: 'Istio merges the DestinationRules of a namespace for one host: it adds up their subsets, and of everything else it uses what the oldest of them has. '
    + 'The trafficPolicy of the other, with its mTLS mode, limits and balancing, is ignored, and so is a second subset of one name.',
  fix: 'Merge them into one DestinationRule for the host.',
  related: ['E126', 'KIA0201'],
  about: [Kind.DESTINATION_RULE],
  reads: [],

  *run({ destinationRules }) {
    const forAll = destinationRules.all.filter(({ workloadSelector }) => workloadSelector === undefined);
    for (const rules of groupBy(forAll, ({ config, host, exportTo }) => JSON.stringify([config.namespace, host, [...new Set(exportTo)].sort()])).values()) {
      for (const [index, rule] of rules.entries()) {
        for (const [first, place, what] of rules.slice(0, index).flatMap(own => conflictsOf(own, rule))) {
          const message = `DestinationRule ${qualifiedNameOf(first.manifest)} has another ${what} for ${rule.host}, and Istio uses that of the older one alone`;
          yield { manifest: rule.manifest, pointer: place, message };
        }
      }
    }
  },
};

type Conflict = readonly [first: DestinationRule, place: string, what: string];

/** What two rules both set, with different values. Two objects of one name are versions of one rule. */
function conflictsOf(first: DestinationRule, second: DestinationRule): Conflict[] {
  if (first.config.name === second.config.name) {
    return [];
  }
  const differ = (a: unknown, b: unknown) => a !== undefined && b !== undefined && JSON.stringify(a) !== JSON.stringify(b);
  const subsets = [...second.subsets.values()].filter(({ name, pointer }) => {
    const known = first.subsets.get(name);
    return known !== undefined && differ(valueAt(first.manifest.object, known.pointer), valueAt(second.manifest.object, pointer));
  });
  return [
    ...differ(first.trafficPolicy, second.trafficPolicy) ? [[first, '/spec/trafficPolicy', 'trafficPolicy'] as const] : [],
    ...subsets.map(({ name, pointer }): Conflict => [first, pointer, `subset ${name}`]),
  ];
}
