// The difference between two sets of manifests, object by object, the riskiest first. It answers what a pull request changes.
import { groupBy } from '../base/multimap';
import { type Manifest, type ObjectName, nameOf, objectNameOf } from '../manifests/manifest';
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
 * Compares two sets of units. Units are matched by name, and objects within a unit by API group, kind, namespace and name. The order of
 * manifests and the way in which they are spread over files make no difference.
 *
 * @returns the objects that differ, by risk, then by namespace, kind and name. The same change in several units is reported once
 */
export function differences(before: readonly NamedUnit[], after: readonly NamedUnit[]): ObjectChange[] {
  const [old, now] = [byName(before), byName(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const found = names.flatMap(unit => differencesInUnit(old.get(unit) ?? [], now.get(unit) ?? []).map(change => ({ unit, change })));
  const alike = groupBy(found, ({ change: { change, object, fields } }) => JSON.stringify([change, object, fields]));
  return [...alike.values()].map((same): ObjectChange => ({
    ...same[0].change, risk: same.map(({ change }) => change.risk).reduce(higherRisk), units: same.map(({ unit }) => unit),
  })).sort(compareChanges);
}

function byName(units: readonly NamedUnit[]): Map<string, readonly Manifest[]> {
  const named = groupBy(units, ({ name }) => name);
  return new Map([...named].map(([name, own]) => [name, own.flatMap(({ manifests }) => manifests)]));
}

function differencesInUnit(before: readonly Manifest[], after: readonly Manifest[]): Omit<ObjectChange, 'units'>[] {
  const [old, now] = [before, after].map(manifests => groupBy(manifests, identityOf));
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(key => pairs(old.get(key) ?? [], now.get(key) ?? [])).map(changeOf);
}

/** What identifies an object. The version of the API is no part of it. */
function identityOf(manifest: Manifest): string {
  const { apiVersion, kind, namespace } = objectNameOf(manifest);
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return JSON.stringify([group, kind, namespace ?? '', nameOf(manifest)]);
}

type Pair = readonly [before: Manifest | undefined, after: Manifest | undefined];

/** Pairs objects of one identity, usually one of each. Where a unit has several, equal ones are paired first. */
function pairs(before: readonly Manifest[], after: readonly Manifest[]): Pair[] {
  if (before.length <= 1 && after.length <= 1) {
    return before.length === after.length && isEqual(before[0].object, after[0].object) ? [] : [[before[0], after[0]]];
  }
  // By content, in linear time. The indexes of each content are in descending order, so that the last one is the first object.
  const contents = after.map(({ object }) => contentOf(object));
  const indexes = groupBy([...contents.keys()].reverse(), index => contents[index]);
  const matched = new Set<number>();
  const unmatched = before.filter(({ object }) => {
    const index = indexes.get(contentOf(object))?.pop();
    if (index !== undefined) {
      matched.add(index);
    }
    return index === undefined;
  });
  const left = after.filter((_, index) => !matched.has(index));
  return Array.from({ length: Math.max(unmatched.length, left.length) }, (_, index): Pair => [unmatched[index], left[index]]);
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
    || compareTexts(a.object.namespace ?? '', b.object.namespace ?? '')
    || compareTexts(a.object.kind, b.object.kind)
    || compareTexts(a.object.name, b.object.name)
    || compareTexts(JSON.stringify([a.object.apiVersion, a.units, a.change, a.fields]), JSON.stringify([b.object.apiVersion, b.units, b.change, b.fields]));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
