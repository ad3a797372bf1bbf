// The schema of a CRD, and what the API server does with it before it validates a manifest: prune, default, drop nulls.
import { PlainObject, asObject, isObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';

/**
 * `schema`: violates the OpenAPI schema of the CRD. `cel`: violates one of its CEL rules. `unknown-field`: a field that the schema does not
 * have; the API server drops it silently, or rejects it with strict field validation, which `kubectl apply` uses.
 */
export type SchemaFaultKind = 'schema' | 'cel' | 'unknown-field';

/** One fault in one field of a manifest. */
export interface SchemaFault {
  readonly kind: SchemaFaultKind;
  /** JSON pointer to the value; empty for the whole manifest. */
  readonly pointer: string;
  /** What is wrong, the value found, and what is allowed. No period at the end. */
  readonly message: string;
  /**
   * The keyword of the schema (`pattern`, `x-kubernetes-list-map-keys`) or the CEL expression; `value` for a rule that a built-in kind has in the code of the
   * API server; `null` for a null that only server-side apply refuses; absent for an unknown field, and for a wrong type in a built-in kind.
   */
  readonly rule?: string;
}

/** A CEL rule as in a CRD. */
export interface ValidationRule extends PlainObject {
  readonly rule: string;
  readonly message?: string;
}

/** A structural OpenAPI schema: the fields that are used here by name. */
export interface StructuralSchema extends PlainObject {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly additionalProperties?: StructuralSchema | boolean;
  readonly items?: StructuralSchema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** A manifest as the API server validates it, and the fields that it drops. */
export interface Prepared {
  readonly value: unknown;
  readonly unknownFields: readonly SchemaFault[];
  /** The nulls that it drops when it creates an object, and refuses when it applies one (`kubectl apply --server-side`, Flux). */
  readonly nulls: readonly SchemaFault[];
}

/** The rule of a null in {@link Prepared}. */
export const NULL_RULE = 'null';

/**
 * Drops unknown fields and nulls that the schema does not allow, and sets defaults: Kubernetes 1.33,
 * k8s.io/apiextensions-apiserver/pkg/apiserver/schema (pruning, defaulting). Does not modify the input.
 */
export function prepare(schema: StructuralSchema, value: unknown): Prepared {
  // Nearly all manifests need no copy, which takes most of the time of their validation.
  if (isPrepared(schema, value)) {
    return { value, unknownFields: [], nulls: [] };
  }
  const faults: SchemaFault[] = [];
  const own = prepared(schema, value, [], faults);
  return { value: own, unknownFields: faults.filter(({ rule }) => rule !== NULL_RULE), nulls: faults.filter(({ rule }) => rule === NULL_RULE) };
}

/** Whether nothing is to be dropped or set. */
function isPrepared(schema: StructuralSchema, value: unknown): boolean {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined || value.every(item => isPrepared(items, item));
  }
  if (!isObject(value) || schema.type !== 'object') {
    return true;
  }
  for (const key of Object.keys(value)) {
    const known = fieldSchema(schema, key);
    const field = value[key];
    if (known === undefined || field === undefined || (field === null && !known.nullable && known !== ANYTHING) || !isPrepared(known, field)) {
      return false;
    }
  }
  return defaultsOf(schema).every(key => Object.hasOwn(value, key));
}

const DEFAULTS = new WeakMap<StructuralSchema, readonly string[]>();

/** The fields of an object that have a default. */
function defaultsOf(schema: StructuralSchema): readonly string[] {
  const known = DEFAULTS.get(schema) ?? Object.entries(schema.properties ?? {}).filter(([, field]) => field.default !== undefined).map(([key]) => key);
  DEFAULTS.set(schema, known);
  return known;
}

type Path = readonly (string | number)[];

function prepared(schema: StructuralSchema, value: unknown, path: Path, faults: SchemaFault[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item, index) => prepared(items, item, [...path, index], faults)) : value;
  }
  // An object instead of a string is one fault, not one for each of its fields.
  return isObject(value) && schema.type === 'object' ? preparedObject(schema, value, path, faults) : value;
}

function preparedObject(schema: StructuralSchema, value: PlainObject, path: Path, faults: SchemaFault[]): PlainObject {
  const kept: [string, unknown][] = [];
  // JSON has no `undefined`: such a field is not serialized.
  for (const [key, field] of Object.entries(value).filter(([, present]) => present !== undefined)) {
    const known = fieldSchema(schema, key);
    if (known === undefined) {
      faults.push(unknownField([...path, key], schema));
    } else if (field !== null || known.nullable || known === ANYTHING) {
      kept.push([key, prepared(known, field, [...path, key], faults)]);
    } else if (known.default === undefined && (known.type !== undefined || known['x-kubernetes-int-or-string'])) {
      faults.push({ kind: 'schema', pointer: pointer(...path, key), message: 'null is no value: remove the field', rule: NULL_RULE });
    }
  }
  const present = new Set(kept.map(([key]) => key));
  for (const key of defaultsOf(schema).filter(own => !present.has(own))) {
    const known = schema.properties![key];
    kept.push([key, prepared(known, known.default, [...path, key], faults)]);
  }
  // Unlike assignment, this keeps a field named __proto__.
  return Object.fromEntries(kept);
}

/** The schema of everything below a field that preserves unknown fields. */
const ANYTHING: StructuralSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The schema of a field of an object; absent if the object cannot have the field. */
export function fieldSchema(schema: StructuralSchema, key: string): StructuralSchema | undefined {
  const { properties, additionalProperties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, key)) {
    return properties[key];
  }
  if (additionalProperties !== undefined && additionalProperties !== false) {
    return additionalProperties === true ? ANYTHING : additionalProperties;
  }
  return schema['x-kubernetes-preserve-unknown-fields'] ? ANYTHING : undefined;
}

/** How many field names a message lists. */
const MAX_NAMES = 12;

function unknownField(path: Path, schema: StructuralSchema): SchemaFault {
  const known = Object.keys(schema.properties ?? {}).sort();
  const names = known.length === 0 ? 'it has no fields' : `its fields: ${known.slice(0, MAX_NAMES).join(', ')}${known.length > MAX_NAMES ? ', …' : ''}`;
  const object = path.length === 1 ? 'the manifest' : pointer(...path.slice(0, -1));
  return { kind: 'unknown-field', pointer: pointer(...path), message: `${object} has no field ${path.at(-1)}; ${names}` };
}

/** The API server reads a larger number as one that is no integer. The largest one of 64 bits has no exact number here, and this one is the nearest. */
export const MAX_INTEGER = 2 ** 63;

/** Two entries of a list with the same keys, by their indexes. */
export interface Duplicate {
  readonly first: number;
  readonly second: number;
}

/** The first two entries with the same keys, of a list that Kubernetes treats as a map (`x-kubernetes-list-type: map`): keys must be unique. */
export function duplicateKey(keys: readonly string[], list: readonly unknown[]): Duplicate | undefined {
  const seen = new Map<string, number>();
  for (const [second, entry] of list.entries()) {
    const identity = JSON.stringify(keys.map(key => asObject(entry)[key] ?? null));
    const first = seen.get(identity);
    if (first !== undefined) {
      return { first, second };
    }
    seen.set(identity, second);
  }
  return undefined;
}
