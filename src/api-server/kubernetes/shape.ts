// The shape of built-in kinds: which fields they have, and of which types the API server decodes them (Kubernetes 1.34, strict decoding).
import { once } from '../../base/once';
import { similarTo } from '../../base/spelling';
import { isBase64 } from '../../manifests/base64';
import type { SchemaFault } from '../crd/structural-schema';
import { type PlainObject, isObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import { ALL_KINDS, KINDS, TYPES } from './kinds.generated';
import { isQuantity } from './quantity';

/** A type: a scalar by name, a list, a map, or an object with fields, which are read when they are first needed. */
type Type =
  | { readonly is: 'scalar'; readonly name: string }
  | { readonly is: 'list' | 'map'; readonly of: Type }
  | { readonly is: 'object'; readonly name: string; readonly line: string };

type Path = readonly (string | number)[];

/** Where a value is that does not have its type, and why not. */
export type ShapeFault = Pick<SchemaFault, 'kind' | 'pointer' | 'message'>;

const OBJECTS = new Map<string, Type>();
const FIELDS = new WeakMap<Type, ReadonlyMap<string, Type>>();

/** The lines of a table, in which a line that starts with a space continues the one before. */
function linesOf(table: string): string[] {
  return table.trim().replace(/\n /g, ' ').split('\n');
}

const KINDS_BY_VERSION = new Map<string, readonly string[]>();

/** All kinds that Kubernetes has in each API version. */
export function kindsByVersion(): ReadonlyMap<string, readonly string[]> {
  if (KINDS_BY_VERSION.size === 0) {
    for (const line of linesOf(ALL_KINDS)) {
      const [apiVersion, ...kinds] = line.split(' ');
      KINDS_BY_VERSION.set(apiVersion, kinds);
    }
  }
  return KINDS_BY_VERSION;
}

/** Whether the fields of a kind are known. `kind` is the API version and the name, as `apps/v1 Deployment`. */
export function isBuiltIn(kind: string): boolean {
  return Object.hasOwn(KINDS, kind);
}

/** The faults of an object of a built-in kind. */
export function objectFaults(kind: string, object: PlainObject): ShapeFault[] {
  return faultsIn(typeNamed(KINDS[kind]), object, []);
}

/** The faults of the metadata of an object of any kind. */
export function metadataShapeFaults(metadata: unknown): ShapeFault[] {
  return faultsIn(typeNamed('ObjectMeta'), metadata, ['metadata']);
}

function typeNamed(text: string): Type {
  if (text.startsWith('[]') || text.startsWith('{}')) {
    return { is: text.startsWith('[]') ? 'list' : 'map', of: typeNamed(text.slice(2)) };
  }
  if (OBJECTS.size === 0) {
    for (const line of linesOf(TYPES)) {
      const [name] = line.split(' ', 1);
      OBJECTS.set(name, { is: 'object', name, line });
    }
  }
  return OBJECTS.get(text) ?? { is: 'scalar', name: text };
}

function fieldsOf(type: Type & { readonly line: string }): ReadonlyMap<string, Type> {
  return once(FIELDS, type, () => new Map(type.line.split(' ').slice(1).map(field => {
    const [name, own] = field.split(':');
    return [name, typeNamed(own)];
  })));
}

/** Whether a value has a type, without finding out where it has not: nearly all have. A null is the same as nothing. */
function fits(type: Type, value: unknown): boolean {
  if (value === undefined || value === null) {
    return true;
  }
  switch (type.is) {
    case 'scalar':
      return expectedOf(type.name, value) === undefined;
    case 'list':
      return Array.isArray(value) && value.every(item => fits(type.of, item));
    case 'map':
      return isObject(value) && Object.values(value).every(item => fits(type.of, item));
    default: {
      if (!isObject(value)) {
        return false;
      }
      const fields = fieldsOf(type);
      for (const key in value) {
        const own = fields.get(key);
        // JSON has no `undefined`: such a field is not there.
        if (own === undefined ? value[key] !== undefined : !fits(own, value[key])) {
          return false;
        }
      }
      return true;
    }
  }
}

const INTEGERS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)$/;

/** What a scalar has to be, if the value is something else. */
function expectedOf(type: string, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? undefined : 'a string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'int32': case 'int64':
      return isInteger(value, INTEGERS[type]) ? undefined : Number.isInteger(value) ? `an integer of ${type.slice(3)} bits` : 'an integer';
    case 'int-or-string':
      return typeof value === 'string' || isInteger(value, INTEGERS.int32) ? undefined : 'an integer or string';
    case 'quantity':
      return (typeof value === 'string' || typeof value === 'number') && isQuantity(String(value)) ? undefined : 'a quantity such as 500m, 2 or 1.5Gi';
    case 'byte':
      // Go also decodes a list of numbers.
      return Array.isArray(value) || (typeof value === 'string' && isBase64(value)) ? undefined : 'base64';
    case 'time':
      return typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value)) ? undefined : 'a time such as 2026-01-31T12:00:00Z';
    default:
      return undefined;
  }
}

function isInteger(value: unknown, limit: number): boolean {
  return Number.isInteger(value) && (value as number) >= -limit && (value as number) < limit;
}

/** The faults of a value, where it does not have the type. */
function faultsIn(type: Type, value: unknown, path: Path): ShapeFault[] {
  if (fits(type, value)) {
    return [];
  }
  switch (type.is) {
    case 'scalar':
      return [fault(path, expectedOf(type.name, value)!, value)];
    case 'list':
      return Array.isArray(value) ? value.flatMap((item, index) => faultsIn(type.of, item, [...path, index])) : [fault(path, 'a list', value)];
    case 'map':
      return isObject(value) ? Object.entries(value).flatMap(([key, item]) => faultsIn(type.of, item, [...path, key])) : [fault(path, 'an object', value)];
    default:
      return !isObject(value) ? [fault(path, 'an object', value)] : Object.entries(value).filter(([, field]) => field !== undefined).flatMap(([key, field]) => {
        const own = fieldsOf(type).get(key);
        return own === undefined ? [unknownField(type, key, path)] : faultsIn(own, field, [...path, key]);
      });
  }
}

function fault(path: Path, expected: string, value: unknown): ShapeFault {
  return { kind: 'schema', pointer: pointer(...path), message: `must be ${expected}; got ${shown(value)}${hintFor(expected, value)}` };
}

function hintFor(expected: string, value: unknown): string {
  return expected === 'a string' && typeof value !== 'object' ? ': put it in quotes'
    : (expected.startsWith('an integer') && /^\d+$/.test(String(value)) && typeof value === 'string')
      || (expected === 'true or false' && /^(true|false)$/.test(String(value))) ? ': remove the quotes' : '';
}

function shown(value: unknown): string {
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value)}`;
}

/** How many field names a message lists. */
const MAX_NAMES = 12;

/** `kubectl apply` asks for strict validation, which refuses unknown fields. */
function unknownField(type: Type & { readonly line: string }, key: string, path: Path): ShapeFault {
  const known = [...fieldsOf(type).keys()].sort();
  const meant = similarTo(key, known);
  const hint = meant !== undefined ? `did you mean ${meant}?` : `its fields: ${known.slice(0, MAX_NAMES).join(', ')}${known.length > MAX_NAMES ? ', …' : ''}`;
  const owner = path.length === 0 ? 'the manifest' : path.length === 1 ? String(path[0]) : pointer(...path);
  return { kind: 'unknown-field', pointer: pointer(...path, key), message: `${owner} has no field ${key}; ${hint}` };
}
