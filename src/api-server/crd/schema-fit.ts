// Whether a value fits a schema, without compiling the schema: for few manifests that takes a hundredth of the time. Faults are not described.
import { once } from '../../base/once';
import { type PlainObject, asList, isObject } from '../../manifests/plain-json';
import { MAX_INTEGER, type StructuralSchema, duplicateKey } from './structural-schema';

/** Thrown for what only the schema library decides. */
class Undecided extends Error {}

/** Whether a value fits. */
type Fit = (value: unknown) => boolean;

/** Whether the value certainly fits: false also if the schema has a keyword, format or value that is not decided here. */
export function certainlyFits(schema: StructuralSchema, value: unknown): boolean {
  try {
    return fitOf(schema)(value);
  } catch (error) {
    if (error instanceof Undecided) {
      return false;
    }
    throw error;
  }
}

const FITS = new WeakMap<StructuralSchema, Fit>();

/** One closure for each keyword, made when a value first needs it: thousands of objects fit a third faster than if each looked its keywords up. */
function fitOf(schema: StructuralSchema): Fit {
  return FITS.get(schema) ?? once(FITS, schema, () => compile(schema));
}

function compile(schema: StructuralSchema): Fit {
  const tests = Object.keys(schema).filter(key => !UNRESTRICTIVE.has(key)).map(key => testOf(schema, key));
  const fit: Fit = value => {
    for (const test of tests) {
      if (!test(value)) {
        return false;
      }
    }
    return true;
  };
  const mayBeNull = schema.nullable === true && schema.type !== undefined;
  return mayBeNull ? value => (value === null ? Object.keys(schema).every(key => HARMLESS.has(key)) || undecided() : fit(value)) : fit;
}

/** Keywords that do not restrict a null that `nullable` allows. */
const HARMLESS: ReadonlySet<string> = new Set([
  'type', 'nullable', 'properties', 'items', 'additionalProperties', 'required', 'format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength',
  'minItems', 'maxItems', 'minProperties', 'maxProperties', 'x-kubernetes-validations', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields', 'default',
]);

/** What other files prune, default and evaluate. */
const UNRESTRICTIVE: ReadonlySet<string> = new Set([
  'nullable', 'default', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations',
]);

function testOf(schema: StructuralSchema, key: string): Fit {
  const limit = schema[key];
  const size = Number(limit);
  switch (key) {
    case 'type':
      return value => isOfType(value, limit);
    case 'x-kubernetes-int-or-string':
      return value => limit !== true || isOfType(value, 'string') || isOfType(value, 'integer');
    case 'format':
      return () => isOfAnySize(limit);
    case 'enum':
      return value => asList(limit).includes(value) || (typeof value === 'object' && undecided());
    case 'pattern': {
      const regex = new RegExp(String(limit), 'u');
      return value => typeof value !== 'string' || regex.test(value);
    }
    case 'minimum':
      return value => typeof value !== 'number' || value >= size;
    case 'maximum':
      return value => typeof value !== 'number' || value <= size;
    case 'minLength':
      return value => typeof value !== 'string' || lengthOf(value) >= size;
    case 'maxLength':
      return value => typeof value !== 'string' || value.length <= size || lengthOf(value) <= size;
    case 'minItems':
      return value => !Array.isArray(value) || value.length >= size;
    case 'maxItems':
      return value => !Array.isArray(value) || value.length <= size;
    case 'minProperties':
      return value => !isObject(value) || Object.keys(value).length >= size;
    case 'maxProperties':
      return value => !isObject(value) || Object.keys(value).length <= size;
    case 'required':
      return value => !isObject(value) || asList(limit).every(name => has(value, String(name)));
    case 'properties':
      return fieldsTest(schema.properties!);
    case 'additionalProperties':
      return value => !isObject(value) || Object.keys(value).every(name => fitsAdditional(schema, name, value[name]));
    case 'items':
      return value => !Array.isArray(value) || value.every(fitOf(schema.items!));
    case 'allOf': case 'anyOf': case 'oneOf':
      return choiceTest(key, asList(limit) as readonly StructuralSchema[], schema);
    case 'not':
      return value => !fitOf(limit as StructuralSchema)(value);
    case 'x-kubernetes-list-map-keys':
      return value => !Array.isArray(value) || duplicateKey(asList(limit).map(String), value) === undefined;
    default:
      return undecided;
  }
}

/** Reads the fields that an object has: a schema has many more. */
function fieldsTest(properties: Readonly<Record<string, StructuralSchema>>): Fit {
  return value => {
    if (isObject(value)) {
      for (const name of Object.keys(value)) {
        if (Object.hasOwn(properties, name) && value[name] !== undefined && !fitOf(properties[name])(value[name])) {
          return false;
        }
      }
    }
    return true;
  };
}

function choiceTest(key: 'allOf' | 'anyOf' | 'oneOf', alternatives: readonly StructuralSchema[], schema: StructuralSchema): Fit {
  return value => {
    let count = 0;
    for (const each of alternatives) {
      count += fitOf(each)(value) ? 1 : 0;
    }
    return key === 'allOf' ? count === alternatives.length : key === 'oneOf' ? count === 1 : count > 0 || schema['x-kubernetes-int-or-string'] === true;
  };
}

function undecided(): never {
  throw new Undecided();
}

/** JSON has no `undefined`: such a field is not there. */
function has(object: PlainObject, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

function fitsAdditional({ properties, additionalProperties }: StructuralSchema, name: string, value: unknown): boolean {
  const isKnown = properties !== undefined && Object.hasOwn(properties, name);
  return isKnown || additionalProperties === true || (typeof additionalProperties === 'object' && fitOf(additionalProperties)(value));
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'object': return isObject(value);
    case 'array': return Array.isArray(value);
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'number': return typeof value === 'number' && Number.isFinite(value);
    case 'integer': return Number.isInteger(value) && Math.abs(value as number) <= MAX_INTEGER;
    default: return undecided();
  }
}

/** The API server does not compare a number of a custom resource with the size of its format. */
function isOfAnySize(format: unknown): boolean {
  return format === 'double' || format === 'int32' || undecided();
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
