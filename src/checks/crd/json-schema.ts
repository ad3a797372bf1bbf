// Validation by JSON schema. The only file that knows the schema library; OpenAPI's and Kubernetes' words are translated here.
import { Ajv, type ErrorObject, type SchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { PlainObject, asList, asObject, isObject } from '../../model/plain-json';
import { duplicateKey } from './list-map';
import type { SchemaFault } from './fault';
import { explain } from './schema-messages';
import type { StructuralSchema } from './structural-schema';

/** Says what is wrong with a value. */
export type CompiledSchema = (value: unknown) => readonly SchemaFault[];

/**
 * Compiles a schema.
 *
 * @throws Error for a keyword, a format or a pattern that is not understood
 */
export function compileSchema(schema: StructuralSchema): CompiledSchema {
  const validate = newAjv().compile(toJsonSchema(schema) as SchemaObject);
  return value => (validate(value) ? [] : faultsOf(validate.errors ?? []));
}

/** A fresh one for each kind: its cache would hold every schema for ever. */
function newAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  // The formats that Kubernetes 1.33 knows (k8s.io/kube-openapi) and that occur; an unknown one must not pass unseen.
  addFormats(ajv, ['byte', 'date-time', 'double', 'int32', 'int64']);
  return ajv.addKeyword({
    keyword: LIST_KEYS,
    type: 'array',
    schemaType: 'array',
    error: { message: 'has two entries with the same keys' },
    validate: (keys: readonly string[], list: readonly unknown[]) => duplicateKey(keys, list) === undefined,
  });
}

const LIST_KEYS = 'x-kubernetes-list-map-keys';

/** What is no matter of JSON schema: the type that it means is added here, other files prune, default and ask rules. */
const NOT_JSON_SCHEMA = new Set([
  'default', 'x-kubernetes-int-or-string', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

function toJsonSchema(schema: StructuralSchema): PlainObject {
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  // The anyOf that stands beside it says no more than the two types.
  const kept = Object.entries(schema).filter(([key]) => !NOT_JSON_SCHEMA.has(key) && !(isIntOrString && key === 'anyOf'));
  const translated = Object.fromEntries(kept.map(([key, value]) => [key, translate(key, value)]));
  return isIntOrString ? { ...translated, type: ['integer', 'string'] } : translated;
}

function translate(key: string, value: unknown): unknown {
  switch (key) {
    case 'properties':
      return Object.fromEntries(Object.entries(asObject(value)).map(([name, field]) => [name, toJsonSchema(field as StructuralSchema)]));
    case 'allOf': case 'anyOf': case 'oneOf':
      return asList(value).map(each => toJsonSchema(each as StructuralSchema));
    case 'additionalProperties': case 'items': case 'not':
      return isObject(value) ? toJsonSchema(value as StructuralSchema) : value;
    default:
      return value;
  }
}

function faultsOf(errors: readonly ErrorObject[]): SchemaFault[] {
  const told = errors.filter(({ schemaPath }) => !isBelowChoice(schemaPath));
  const ofWrongType = new Set(told.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  // A value of the wrong type is one fault, not one more for each thing that it is not.
  return told.filter(({ keyword, instancePath }) => keyword === 'type' || !ofWrongType.has(instancePath)).map(error => ({
    kind: 'schema',
    pointer: error.instancePath,
    message: explain({ keyword: error.keyword, value: error.data, schema: asObject(error.parentSchema), params: error.params, said: error.message }),
    rule: error.keyword,
  }));
}

/** Whether the error is of one alternative of a choice: the choice itself has one too, and that is the one to tell. */
function isBelowChoice(schemaPath: string): boolean {
  const steps = schemaPath.split('/').slice(1);
  for (let i = 0; i < steps.length - 1; i++) {
    if (steps[i] === 'properties') {
      // What follows is a name.
      i++;
    } else if (['anyOf', 'not', 'oneOf'].includes(steps[i])) {
      return true;
    }
  }
  return false;
}
