// Whether a value fits a schema, without compiling the schema: for few manifests that takes a hundredth of the time. Faults are not described.
import { type PlainObject, asList, isObject } from '../../manifests/plain-json';
import { MAX_INTEGER, type StructuralSchema, duplicateKey } from './structural-schema';

/** Thrown for what only the schema library decides. */
class Undecided extends Error {}

/** Whether the value certainly fits: false also if the schema has a keyword, format or value that is not decided here. */
export function certainlyFits(schema: StructuralSchema, value: unknown): boolean {
  try {
    return fits(schema, value);
  } catch (error) {
    if (error instanceof Undecided) {
      return false;
    }
    throw error;
  }
}

function fits(schema: StructuralSchema, value: unknown): boolean {
  if (value === null && schema.nullable === true && schema.type !== undefined) {
    return Object.keys(schema).every(key => HARMLESS.has(key)) || undecided();
  }
  for (const key in schema) {
    if (!meets(schema, key, value)) {
      return false;
    }
  }
  return true;
}

/** Keywords that do not restrict a null that `nullable` allows. */
const HARMLESS: ReadonlySet<string> = new Set([
  'type', 'nullable', 'properties', 'items', 'additionalProperties', 'required', 'format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength',
  'minItems', 'maxItems', 'minProperties', 'maxProperties', 'x-kubernetes-validations', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys',
  'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields', 'default',
]);

function meets(schema: StructuralSchema, key: string, value: unknown): boolean {
  const limit = schema[key];
  switch (key) {
    case 'type':
      return isOfType(value, limit);
    case 'x-kubernetes-int-or-string':
      return limit !== true || isOfType(value, 'string') || isOfType(value, 'integer');
    case 'format':
      return isOfAnySize(limit);
    case 'enum':
      return asList(limit).some(each => each === value) || (typeof value === 'object' && undecided());
    case 'pattern':
      return typeof value !== 'string' || regexOf(String(limit)).test(value);
    case 'minimum':
      return typeof value !== 'number' || value >= Number(limit);
    case 'maximum':
      return typeof value !== 'number' || value <= Number(limit);
    case 'minLength':
      return typeof value !== 'string' || lengthOf(value) >= Number(limit);
    case 'maxLength':
      return typeof value !== 'string' || lengthOf(value) <= Number(limit);
    case 'minItems':
      return !Array.isArray(value) || value.length >= Number(limit);
    case 'maxItems':
      return !Array.isArray(value) || value.length <= Number(limit);
    case 'minProperties':
      return !isObject(value) || Object.keys(value).length >= Number(limit);
    case 'maxProperties':
      return !isObject(value) || Object.keys(value).length <= Number(limit);
    case 'required':
      return !isObject(value) || asList(limit).every(name => has(value, String(name)));
    case 'properties':
      return !isObject(value) || Object.entries(schema.properties!).every(([name, field]) => !has(value, name) || fits(field, value[name]));
    case 'additionalProperties':
      return !isObject(value) || Object.keys(value).every(name => fitsAdditional(schema, name, value[name]));
    case 'items':
      return !Array.isArray(value) || value.every(item => fits(schema.items!, item));
    case 'allOf':
      return asList(limit).every(each => fits(each as StructuralSchema, value));
    case 'anyOf':
      return schema['x-kubernetes-int-or-string'] === true || asList(limit).some(each => fits(each as StructuralSchema, value));
    case 'oneOf':
      return asList(limit).filter(each => fits(each as StructuralSchema, value)).length === 1;
    case 'not':
      return !fits(limit as StructuralSchema, value);
    case 'x-kubernetes-list-map-keys':
      return !Array.isArray(value) || duplicateKey(asList(limit).map(String), value) === undefined;
    default:
      return UNRESTRICTIVE.has(key) || undecided();
  }
}

/** What other files prune, default and evaluate. */
const UNRESTRICTIVE: ReadonlySet<string> = new Set([
  'nullable', 'default', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations',
]);

function undecided(): never {
  throw new Undecided();
}

/** JSON has no `undefined`: such a field is not there. */
function has(object: PlainObject, name: string): boolean {
  return Object.hasOwn(object, name) && object[name] !== undefined;
}

function fitsAdditional({ properties, additionalProperties }: StructuralSchema, name: string, value: unknown): boolean {
  const isKnown = properties !== undefined && Object.hasOwn(properties, name);
  return isKnown || additionalProperties === true || (typeof additionalProperties === 'object' && fits(additionalProperties, value));
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

const REGEXES = new Map<string, RegExp>();

function regexOf(pattern: string): RegExp {
  const regex = REGEXES.get(pattern) ?? new RegExp(pattern, 'u');
  REGEXES.set(pattern, regex);
  return regex;
}

/** In characters, not in UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}
