// Entries of a list of acknowledgements that have no effect. Several units share a list, so this is known only after the last unit.
import type { Manifest, ObjectName } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import type { Finding, LocatedFinding } from './finding';
import { type ListedAcknowledgement, isAbout, isExpired } from './listed-acknowledgement';
import { uselessAcknowledgement } from './rules/useless-acknowledgement';
import type { Unjudged } from '../unknown/placeholders';

/** What was found in a unit, and its list of acknowledgements. */
export interface JudgedUnit {
  readonly manifests: readonly Manifest[];
  readonly located: readonly LocatedFinding[];
  readonly acknowledgements: readonly ListedAcknowledgement[];
  readonly today: string | undefined;
  /** Whether the unit has every object that the acknowledgements can be about. */
  readonly hasAllAcknowledged: boolean;
  readonly unjudged: readonly Unjudged[];
}

/**
 * The findings about entries without effect. An entry that no object matches is reported only if its objects cannot be elsewhere: a run on some of the
 * files says nothing about the others.
 *
 * @param deselected ids of checks that did not run, so that nothing is known about their acknowledgements
 */
export function uselessEntries(units: readonly JudgedUnit[], deselected: ReadonlySet<string>): Finding[] {
  const entries = new Set(units.flatMap(({ acknowledgements }) => acknowledgements));
  return [...entries].filter(({ id }) => !deselected.has(id)).flatMap(entry => {
    const sharing = units.filter(({ acknowledgements }) => acknowledgements.includes(entry));
    const reason = whyUseless(entry, sharing);
    return reason === undefined ? [] : [findingAbout(entry, sharing[0].acknowledgements.indexOf(entry), reason)];
  });
}

interface Uselessness {
  readonly message: string;
  readonly fix: string;
}

function whyUseless(entry: ListedAcknowledgement, units: readonly JudgedUnit[]): Uselessness | undefined {
  if (units.some(({ today }) => isExpired(entry, today))) {
    const message = `the acknowledgement of "${entry.id}" expired after ${entry.expires}, so its findings count again`;
    return { message, fix: 'Fix the fault and remove the entry, or set a later date.' };
  }
  const located = units.flatMap(own => own.located).filter(({ finding }) => finding.id === entry.id);
  // A fault may be there, behind a placeholder.
  if (units.some(({ unjudged }) => unjudged.length > 0) || located.some(({ crashed, manifest }) => crashed || isAbout(entry, manifest))) {
    return undefined;
  }
  const fix = 'Remove the entry, or correct its id and object.';
  const message = `the acknowledgement of "${entry.id}" has no effect: ${nameOf(entry)}`;
  return units.some(({ manifests }) => manifests.some(own => isAbout(entry, own))) ? { message: `${message} has no such finding`, fix }
    : units.every(({ hasAllAcknowledged }) => hasAllAcknowledged) ? { message: `${message} does not exist in the input`, fix }
      : undefined;
}

function nameOf({ object: { kind, namespace, name } }: ListedAcknowledgement): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The object of the finding is the file: the list is not in the input. */
function findingAbout({ origin }: ListedAcknowledgement, index: number, { message, fix }: Uselessness): Finding {
  const { id, severity, why, related } = uselessAcknowledgement;
  const object: ObjectName = { apiVersion: '', kind: 'Settings', name: origin?.file ?? '' };
  return {
    id, severity, message, why, fix, related, object, pointer: pointer('acknowledgements', index), origin: origin ?? {},
    ...origin === undefined ? {} : { line: origin.line },
  };
}
