// The difference between two sets of manifests, object by object, the riskiest first. It answers what a pull request changes.
import { type Manifest, type ObjectName, nameOf, objectNameOf } from '../manifests/manifest';
import { type FieldChange, changedFields, isEqual } from './fields';
import { RISKS, type Risk, riskOfField, riskOfObject } from './risk';

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
  const merged = new Map<string, ObjectChange>();
  for (const name of names) {
    for (const found of differencesInUnit(old.get(name) ?? [], now.get(name) ?? [])) {
      const key = JSON.stringify([found.change, found.object, found.fields]);
      const known = merged.get(key);
      merged.set(key, { ...found, risk: known ? higher(known.risk, found.risk) : found.risk, units: [...known?.units ?? [], name] });
    }
  }
  return [...merged.values()].sort(compareChanges);
}

function byName(units: readonly NamedUnit[]): Map<string, Manifest[]> {
  const named = new Map<string, Manifest[]>();
  units.forEach(({ name, manifests }) => named.set(name, [...named.get(name) ?? [], ...manifests]));
  return named;
}

function differencesInUnit(before: readonly Manifest[], after: readonly Manifest[]): Omit<ObjectChange, 'units'>[] {
  const [old, now] = [byIdentity(before), byIdentity(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(key => pairs(old.get(key) ?? [], now.get(key) ?? [])).map(changeOf);
}

/** The version of the API does not distinguish objects. */
function byIdentity(manifests: readonly Manifest[]): Map<string, Manifest[]> {
  const found = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const { apiVersion, kind, namespace } = objectNameOf(manifest);
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const key = JSON.stringify([group, kind, namespace ?? '', nameOf(manifest)]);
    const same = found.get(key);
    if (same) {
      same.push(manifest);
    } else {
      found.set(key, [manifest]);
    }
  }
  return found;
}

type Pair = readonly [before: Manifest | undefined, after: Manifest | undefined];

/** Pairs objects of one identity, usually one of each. Where a unit has several, equal ones are paired first. */
function pairs(before: readonly Manifest[], after: readonly Manifest[]): Pair[] {
  const left = [...after];
  const unmatched = before.filter(({ object }) => {
    const index = left.findIndex(other => isEqual(object, other.object));
    if (index >= 0) {
      left.splice(index, 1);
    }
    return index < 0;
  });
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

function higher(a: Risk, b: Risk): Risk {
  return RISKS.indexOf(a) <= RISKS.indexOf(b) ? a : b;
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
