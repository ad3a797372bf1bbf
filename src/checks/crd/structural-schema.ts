// The schema of a CRD, and what the API server does to a manifest by it before it validates: prune, default, drop nulls.
import { PlainObject, isObject } from '../../model/plain-json';
import { pointer } from '../../model/pointer';
import type { SchemaFault } from './fault';

/** A CEL rule as a CRD writes it. */
export interface ValidationRule extends PlainObject {
  readonly rule: string;
  readonly message?: string;
}

/** A structural OpenAPI schema, as far as somebody here reads it by name. */
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

/** A manifest as the API server validates it, and what it dropped on the way. */
export interface Prepared {
  readonly value: unknown;
  readonly unknownFields: readonly SchemaFault[];
}

/**
 * Drops fields that the schema does not know and nulls that it does not allow, and fills in its defaults: Kubernetes 1.33,
 * k8s.io/apiextensions-apiserver/pkg/apiserver/schema (pruning, defaulting). The value handed over stays as it is.
 */
export function prepare(schema: StructuralSchema, value: unknown): Prepared {
  const unknownFields: SchemaFault[] = [];
  return { value: prepared(schema, value, [], unknownFields), unknownFields };
}

type Path = readonly (string | number)[];

function prepared(schema: StructuralSchema, value: unknown, path: Path, unknown: SchemaFault[]): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item, index) => prepared(items, item, [...path, index], unknown)) : value;
  }
  // An object in the place of a text is one fault, not one for each of its fields.
  return isObject(value) && schema.type === 'object' ? preparedObject(schema, value, path, unknown) : value;
}

function preparedObject(schema: StructuralSchema, value: PlainObject, path: Path, unknown: SchemaFault[]): PlainObject {
  const kept: [string, unknown][] = [];
  // An `undefined` is no JSON: whoever writes the manifest leaves it out.
  for (const [key, field] of Object.entries(value).filter(([, present]) => present !== undefined)) {
    const known = fieldSchema(schema, key);
    if (known === undefined) {
      unknown.push(unknownField([...path, key], schema));
    } else if (field !== null || known.nullable || known === ANYTHING) {
      kept.push([key, prepared(known, field, [...path, key], unknown)]);
    }
  }
  const present = new Set(kept.map(([key]) => key));
  for (const [key, known] of Object.entries(schema.properties ?? {})) {
    if (known.default !== undefined && !present.has(key)) {
      kept.push([key, prepared(known, known.default, [...path, key], unknown)]);
    }
  }
  // Unlike assignment, this keeps a field that is called __proto__ a field.
  return Object.fromEntries(kept);
}

/** The schema of whatever is below a field that keeps what it does not know. */
const ANYTHING: StructuralSchema = { 'x-kubernetes-preserve-unknown-fields': true };

/** The schema of a field of an object; nothing when it may not have that field. */
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

/** Longer lists of names help nobody. */
const MAX_NAMES = 12;

function unknownField(path: Path, schema: StructuralSchema): SchemaFault {
  const known = Object.keys(schema.properties ?? {}).sort();
  const names = known.length === 0 ? 'it takes none' : `it takes ${known.slice(0, MAX_NAMES).join(', ')}${known.length > MAX_NAMES ? ', …' : ''}`;
  const object = path.length === 1 ? 'the manifest' : pointer(...path.slice(0, -1));
  return { kind: 'unknown-field', pointer: pointer(...path), message: `${object} has no field ${path.at(-1)}; ${names}` };
}
