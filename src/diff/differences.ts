// The difference between two sets of manifests, object by object, the riskiest first. It answers what a pull request changes.
import { groupBy } from '../base/multimap';
import { compareText } from '../base/order';
import { withBigints } from '../manifests/exact-integer';
import { type Manifest, type ObjectName, identityOf, objectNameOf } from '../manifests/manifest';
import { asObject } from '../manifests/plain-json';
import { type FieldChange, changedFields, contentOf, isEqual } from './fields';
import { riskOfField, riskOfObject } from './object-risk';
import { RISKS, type Risk, higherRisk } from './risk';

/** The manifests that are applied together, and how the two sides of a comparison identify them. */
export interface NamedUnit {
  /** The path of the folder, relative to what is compared; empty for the root. */
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

/** An object that differs. */
export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly object: ObjectName;
  /** The units in which the object differs in exactly this way. */
  readonly units: readonly string[];
  /** The fields that differ, the riskiest first; empty for an object that was added or removed. */
  readonly fields: readonly FieldChange[];
  readonly risk: Risk;
}

/**
 * Compares two sets of units. Units are matched by name, and objects within a unit by API group, kind, namespace and name. An
 * omitted namespace is `default`. The order of manifests makes no difference, unless a unit has several of one object: as with `kubectl apply`,
 * the last one wins.
 *
 * @returns the objects that differ, by risk, then by namespace, kind and name. The same change in several units is reported once
 */
export function differences(before: readonly NamedUnit[], after: readonly NamedUnit[]): ObjectChange[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const found = names.flatMap(unit => differencesInUnit(old.get(unit) ?? [], now.get(unit) ?? []).map(change => ({ unit, change })));
  const alike = groupBy(found, ({ change: { change, object, fields } }) => contentOf([change, object, fields]));
  return [...alike.values()].map((same): ObjectChange => ({
    ...same[0].change, risk: same.map(({ change }) => change.risk).reduce(higherRisk), units: same.map(({ unit }) => unit),
  })).sort(compareChanges);
}

function byName(units: readonly NamedUnit[]): Map<string, readonly Manifest[]> {
  const named = groupBy(units, ({ name }) => name);
  return new Map([...named].map(([name, own]) => [name, own.flatMap(({ manifests }) => manifests.map(exact))]));
}

function differencesInUnit(before: readonly Manifest[], after: readonly Manifest[]): Omit<ObjectChange, 'units'>[] {
  const [old, now] = [before, after].map(manifests => groupBy(manifests, identityOf));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(key => pairs(old.get(key) ?? [], now.get(key) ?? [])).map(changeOf);
}

function exact({ object, origin }: Manifest): Manifest {
  return { object: asObject(withBigints(object)), origin };
}

type Pair = readonly [before: Manifest | undefined, after: Manifest | undefined];

/**
 * Pairs objects of one identity, usually one of each. Where a unit has several, the last ones are paired, because with kubectl they win. Of the
 * others, equal ones are.
 */
function pairs(before: readonly Manifest[], after: readonly Manifest[]): Pair[] {
  const [last, nowLast] = [before.at(-1), after.at(-1)];
  const isUnchanged = last !== undefined && nowLast !== undefined && isEqual(last.object, nowLast.object);
  if (before.length <= 1 && after.length <= 1) {
    return isUnchanged ? [] : [[last, nowLast]];
  }
  const [removed, added] = unmatched(before, after);
  if (last === undefined || nowLast === undefined || isUnchanged) {
    return zip(removed, added);
  }
  // One of the two may be equal to another object, and then its place in the pairs is free.
  const isRemoved = removed.at(-1) === last;
  const isAdded = added.at(-1) === nowLast;
  return [...zip(isRemoved || isAdded ? removed.slice(0, -1) : removed, isRemoved || isAdded ? added.slice(0, -1) : added), [last, nowLast]];
}

/** The objects without an equal one on the other side, in linear time. */
function unmatched(before: readonly Manifest[], after: readonly Manifest[]): [before: Manifest[], after: Manifest[]] {
  // The indexes of each content are in descending order, so that the last one is the first object.
  const contents = after.map(({ object }) => contentOf(object));
  const indexes = groupBy([...contents.keys()].reverse(), index => contents[index]);
  const matched = new Set<number>();
  const left = before.filter(({ object }) => {
    const index = indexes.get(contentOf(object))?.pop();
    if (index !== undefined) {
      matched.add(index);
    }
    return index === undefined;
  });
  return [left, after.filter((_, index) => !matched.has(index))];
}

function zip(before: readonly Manifest[], after: readonly Manifest[]): Pair[] {
  return Array.from({ length: Math.max(before.length, after.length) }, (_, index): Pair => [before[index], after[index]]);
}

function changeOf([before, after]: Pair): Omit<ObjectChange, 'units'> {
  const pair = { before: before?.object, after: after?.object };
  const object = objectNameOf((after ?? before)!);
  if (pair.before === undefined || pair.after === undefined) {
    return { change: pair.before === undefined ? 'added' : 'removed', object, fields: [], risk: riskOfObject(pair) };
  }
  const fields = changedFields(pair.before, pair.after).map(field => ({ field, risk: riskOfField(pair, field) }));
  const sorted = RISKS.flatMap(risk => fields.filter(field => field.risk === risk));
  return { change: 'changed', object, fields: sorted.map(({ field }) => field), risk: sorted[0].risk };
}

function compareChanges(a: ObjectChange, b: ObjectChange): number {
  return RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk)
    || compareText(a.object.namespace ?? '', b.object.namespace ?? '')
    || compareText(a.object.kind, b.object.kind)
    || compareText(a.object.name, b.object.name)
    || compareText(contentOf([a.object.apiVersion, a.units, a.change, a.fields]), contentOf([b.object.apiVersion, b.units, b.change, b.fields]));
}
