// Coverage: which rules of load balancers, routes and policies requests have reached.
import { namespacedName } from '../../base/kubernetes-name';
import type { Manifest } from '../../manifests/manifest';
import type { Place } from '../../mesh/objects/config';
import type { Mesh } from '../../mesh/mesh';
import { writtenRoutes } from '../../mesh/route/routes';
import type { Condition, Rule } from '../../mesh/security/authorization';
import { compileRule } from '../alb/rule-match';
import type { Hop } from '../hops/hop';
import type { TraceModels } from '../models';
import { matchText } from '../hops/route-text';

/** What is counted apart. */
export type CoveredPart = 'ALB rules' | 'routes' | 'policies';

/** Something that a request can reach. */
export interface Coverable {
  readonly part: CoveredPart;
  readonly place: Place;
  /** In words, such as `rule 2: host shop.example.com, path /*`. */
  readonly what: string;
}

/** What was reached, and what never was. */
export interface Coverage {
  readonly reached: readonly Coverable[];
  readonly missed: readonly Coverable[];
}

/** The places that requests have reached. */
export class ReachedPlaces {
  private readonly pointers = new Map<Manifest, Set<string>>();

  /** Adds what decided at the hops of a trace. A policy without rules decides by matching nothing. */
  public add(hops: readonly Hop[]): void {
    for (const { at, place, passedOver } of hops) {
      if (at === 'alb-rule' || at === 'route' || at === 'authentication') {
        this.addPlace(place);
      } else if (at === 'authorization') {
        [place, ...passedOver.map(other => other.place)].forEach(one => this.addPlace(one));
      }
    }
  }

  public has({ manifest, pointer }: Place): boolean {
    return this.pointers.get(manifest)?.has(pointer) === true;
  }

  private addPlace(place: Place | undefined): void {
    if (place !== undefined) {
      const known = this.pointers.get(place.manifest) ?? new Set();
      this.pointers.set(place.manifest, known.add(place.pointer));
    }
  }
}

/** Compares what there is to reach with what was reached. */
export function coverageOf(models: readonly TraceModels[], reached: ReachedPlaces): Coverage {
  const all = models.flatMap(coverables);
  return { reached: all.filter(({ place }) => reached.has(place)), missed: all.filter(({ place }) => !reached.has(place)) };
}

/** The share of what was reached, from 0 to 1; 1 if there is nothing to reach. */
export function shareOf({ reached, missed }: Coverage): number {
  const total = reached.length + missed.length;
  return total === 0 ? 1 : reached.length / total;
}

/** A rule or route that several listeners or hosts have is one. */
function coverables({ plan, mesh }: TraceModels): Coverable[] {
  const known = new ReachedPlaces();
  return [...rulesOf(plan), ...routesOf(mesh), ...policiesOf(mesh)].filter(({ place }) => {
    const isNew = !known.has(place);
    known.add([{ at: 'route', place, detail: '', passedOver: [], probability: 1 }]);
    return isNew;
  });
}

function rulesOf({ loadBalancers }: TraceModels['plan']): Coverable[] {
  const listeners = loadBalancers.flatMap(own => ('refused' in own ? [] : own.listeners));
  return listeners.flatMap(({ rules }) => rules.map((rule): Coverable => ({
    part: 'ALB rules', place: rule.from,
    what: `rule ${rule.priority}${rule.conditions.length === 0 ? '' : `: ${compileRule(rule).conditions.map(({ text }) => text).join(', ')}`}`,
  })));
}

function routesOf({ virtualServices }: Mesh): Coverable[] {
  return virtualServices.all.flatMap(one => writtenRoutes(one).map(({ manifest, pointer, name, match }): Coverable => (
    { part: 'routes', place: { manifest, pointer }, what: `${name === '' ? 'route' : `route ${name}`}: ${matchText(match)}` })));
}

/** Rules of ALLOW and DENY policies; of policies without rules, and of those that a provider decides, the whole policy. AUDIT decides nothing. */
function policiesOf({ authorizationPolicies, requestAuthentications }: Mesh): Coverable[] {
  const policies = authorizationPolicies.all.flatMap((policy): Coverable[] => {
    const { action, rules, hasRules, config } = policy;
    const what = `${action} policy ${namespacedName(config)}`;
    if (action === 'AUDIT' || (action === 'DENY' && !hasRules)) {
      return [];
    }
    return action === 'CUSTOM' || !hasRules ? [{ part: 'policies', place: policy, what }]
      : rules.map((rule, index) => ({ part: 'policies', place: rule, what: `${what}, rule ${index + 1}: ${ruleText(rule)}` }));
  });
  const tokens = requestAuthentications.all.flatMap(({ rules }) => rules.map((rule): Coverable => (
    { part: 'policies', place: rule, what: `tokens of issuer ${rule.issuer}` })));
  return [...policies, ...tokens];
}

function ruleText({ from, to, when }: Rule): string {
  const any = (lists: readonly (readonly Condition[])[]) => lists.map(list => list.map(conditionText).join(' and ')).join(' or ');
  return [any(from), any(to), ...when.map(conditionText)].filter(text => text !== '').join(', ') || 'all requests';
}

function conditionText({ attribute, key, values, notValues }: Condition): string {
  const name = [attribute, ...key].join('.');
  const of = (listed: readonly string[], word: string) => (listed.length === 0 ? [] : [`${name}${word} ${listed.join(' or ')}`]);
  return [...of(values, ''), ...of(notValues, ' not')].join(' and ');
}
