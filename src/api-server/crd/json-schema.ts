// Validation by JSON schema. The only file that imports the schema library; it translates the keywords of OpenAPI and Kubernetes.
import { Ajv, type ErrorObject, type SchemaObject } from 'ajv';
import addFormats from 'ajv-formats';
import { PlainObject, asList, asObject, isObject } from '../../manifests/plain-json';
import { explain } from './schema-messages';
import { MAX_INTEGER, type SchemaFault, type StructuralSchema, duplicateKey } from './structural-schema';

/** Returns the faults of a value. */
export type CompiledSchema = (value: unknown) => readonly SchemaFault[];

/**
 * Compiles a schema.
 *
 * @throws Error for an unsupported keyword, format or pattern
 */
export function compileSchema(schema: StructuralSchema): CompiledSchema {
  const validate = newAjv().compile(toJsonSchema(schema) as SchemaObject);
  return value => (validate(value) ? [] : faultsOf(validate.errors ?? []));
}

/** A new instance for each kind: the cache of an instance never releases a schema. */
function newAjv(): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
  // The formats of Kubernetes 1.33 (k8s.io/kube-openapi) that our CRDs use; any other one must cause an error.
  addFormats(ajv, ['date-time', 'double', 'int64']);
  // The API server does not compare a number of a custom resource with the size of its format.
  ajv.addFormat('int32', true);
  // Unlike other readers of base64, the API server allows neither line breaks nor an empty text (github.com/asaskevich/govalidator, Base64).
  ajv.addFormat('byte', /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/);
  return ajv.addKeyword({
    keyword: LIST_KEYS,
    type: 'array',
    schemaType: 'array',
    error: { message: 'has two entries with the same keys' },
    validate: (keys: readonly string[], list: readonly unknown[]) => duplicateKey(keys, list) === undefined,
  });
}

const LIST_KEYS = 'x-kubernetes-list-map-keys';

/** Keywords that JSON schema does not have: their type is added here, other files prune, default and evaluate rules. */
const NOT_JSON_SCHEMA = new Set([
  'default', 'x-kubernetes-int-or-string', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-validations',
]);

function toJsonSchema(schema: StructuralSchema): PlainObject {
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  // The anyOf next to it only repeats the two types.
  const kept = Object.entries(schema).filter(([key]) => !NOT_JSON_SCHEMA.has(key) && !(isIntOrString && key === 'anyOf'));
  const limits = isIntOrString || schema.type === 'integer' ? { minimum: -MAX_INTEGER, maximum: MAX_INTEGER } : {};
  const translated = { ...limits, ...Object.fromEntries(kept.map(([key, value]) => [key, translate(key, value)])) };
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
  const reported = errors.filter(({ schemaPath }) => !isBelowChoice(schemaPath));
  const ofWrongType = new Set(reported.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
  // A value of the wrong type is one fault, without further ones for other keywords.
  return reported.filter(({ keyword, instancePath }) => keyword === 'type' || !ofWrongType.has(instancePath)).map(error => ({
    kind: 'schema',
    pointer: error.instancePath,
    message: explain({ keyword: error.keyword, value: error.data, schema: asObject(error.parentSchema), params: error.params, original: error.message }),
    rule: error.keyword,
  }));
}

/** Whether the error is in one alternative of a choice. The choice itself has an error too, which is the one to report. */
function isBelowChoice(schemaPath: string): boolean {
  const steps = schemaPath.split('/').slice(1);
  for (let i = 0; i < steps.length - 1; i++) {
    if (steps[i] === 'properties') {
      // The next step is the name of a property.
      i++;
    } else if (['anyOf', 'not', 'oneOf'].includes(steps[i])) {
      return true;
    }
  }
  return false;
}
