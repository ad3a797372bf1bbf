// A survey: everything that the controller would refuse of the Ingresses of an input, not only what it meets first.
import { isReadByAutoMode } from '../base/nlb-annotations/auto-mode';
import { groupBy } from '../base/multimap';
import { Kind, kindOf } from '../manifests/kind';
import { type Manifest, namespaceOf } from '../manifests/manifest';
import { Elsewhere } from '../unknown/elsewhere';
import { autoModeSettings } from './auto-mode';
import { type ControllerOptions, controllerSettings } from './controller-options';
import { buildApplicationLoadBalancer } from './ingress/application-load-balancer';
import { Build } from './ingress/build';
import { type Group, groupsOf } from './ingress/groups';
import { IngressClasses } from './ingress/ingress-classes';
import { readingOf } from './ingress/survey-reading';
import { References } from './references';
import { type Cause, type ConflictCause, type Refusal, Refusals } from './refusal';

/** One thing that the controller would refuse, with its cause. */
export interface Surveyed<C extends Cause = Cause> {
  readonly manifest: Manifest;
  readonly pointer: string;
  readonly reason: string;
  readonly cause: C;
}

/** An IngressGroup. */
export interface SurveyedGroup {
  /** The name of an explicit group, else `namespace/name` of the only member. */
  readonly id: string;
  /** `namespace/name` of each, in the controller's order. */
  readonly members: readonly string[];
}

/** A conflict between two members of a group, once for all ports on which they have it. */
export interface Conflict extends Surveyed<ConflictCause> {
  readonly group: SurveyedGroup;
  readonly ports: readonly number[];
}

/** What the controller would refuse whatever the cluster has besides the input, as far as checks are about it. */
export interface Survey {
  readonly groups: readonly SurveyedGroup[];
  readonly conflicts: readonly Conflict[];
  /** All other faults, each once for each place. */
  readonly faults: readonly Surveyed[];
  /** Ingresses for the controller without a class, in a cluster that has nothing besides the input. */
  readonly withoutClass: readonly Pick<Surveyed, 'manifest' | 'pointer' | 'reason'>[];
}

/**
 * Surveys the Ingresses of an input, which may be a part of what the cluster has.
 *
 * @param controller flags of the controller; those of the release by default
 * @param complete whether a Secret that the input lacks does not exist. An Ingress whose class it lacks is surveyed all the same
 */
export function surveyOf(manifests: readonly Manifest[], controller?: ControllerOptions, complete = false): Survey {
  const byKind = groupBy(manifests, kindOf);
  const of = (kind: Kind) => byKind.get(kind) ?? [];
  const options = controllerSettings(controller);
  const refusals = Refusals.collected();
  const reading = readingOf(refusals);
  const elsewhere = new Elsewhere(manifests, complete);
  const references = new References(of(Kind.SERVICE), of(Kind.SECRET), elsewhere, reading);
  const autoModeReferences = new References(of(Kind.SERVICE), of(Kind.SECRET), elsewhere, reading, isReadByAutoMode);
  const params = [...of(Kind.INGRESS_CLASS_PARAMS), ...of(Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE)];
  const classesOf = (besides: Elsewhere) => new IngressClasses(of(Kind.INGRESS_CLASS), params, of(Kind.NAMESPACE), options.ingressClass, besides);
  const classes = classesOf(new Elsewhere(manifests, false));
  const { groups } = groupsOf(of(Kind.INGRESS), classes, refusals);
  const faults = refusals.take().flatMap(withCause);
  const conflicts: Conflict[] = [];
  for (const group of groups) {
    const [settings, own] = group.isAutoMode ? [autoModeSettings(), autoModeReferences] : [options, references];
    buildApplicationLoadBalancer(new Build(group, settings, own, () => undefined, refusals));
    const found = refusals.take().flatMap(withCause);
    faults.push(...found.filter(({ cause }) => cause.is !== 'conflict'));
    conflicts.push(...conflictsOf(group, found));
  }
  const allClasses = complete ? classesOf(elsewhere) : classes;
  const withoutClass = of(Kind.INGRESS).flatMap(manifest => {
    const lack = allClasses.lackOf(manifest, namespaceOf(manifest));
    return lack === undefined ? [] : [{ manifest, ...lack }];
  });
  return { groups: groups.map(surveyed), conflicts, faults: withoutRepetition(faults), withoutClass };
}

function surveyed({ id, members }: Group): SurveyedGroup {
  return { id, members: members.map(member => member.id) };
}

/** Nothing for a refusal that something outside the input may prevent. */
function withCause({ manifest, pointer, reason, cause = { is: 'refused' } }: Refusal): Surveyed[] {
  return cause.is === 'preventable' ? [] : [{ manifest, pointer, reason, cause }];
}

/** None if an Ingress occurs twice in a group: then the input mixes clusters. */
function conflictsOf(group: Group, found: readonly Surveyed[]): Conflict[] {
  const own = surveyed(group);
  if (new Set(own.members).size < own.members.length) {
    return [];
  }
  const conflicts = new Map<string, Conflict & { readonly ports: number[] }>();
  for (const { cause, ...refusal } of found) {
    if (cause.is === 'conflict') {
      const { about, port, first, other } = cause;
      const id = JSON.stringify([about, first, other]);
      const conflict = conflicts.get(id) ?? { ...refusal, cause, group: own, ports: [] };
      conflict.ports.push(...port === undefined || conflict.ports.includes(port) ? [] : [port]);
      conflicts.set(id, conflict);
    }
  }
  return [...conflicts.values()];
}

/** A Service that several groups use is read for each of them, and a backend for each port. */
function withoutRepetition(faults: readonly Surveyed[]): Surveyed[] {
  const seen = new Map<Manifest, Set<string>>();
  return faults.filter(({ manifest, pointer, cause, reason }) => {
    const own = seen.get(manifest) ?? new Set();
    seen.set(manifest, own);
    return own.size < own.add(JSON.stringify([pointer, cause.is, reason])).size;
  });
}
