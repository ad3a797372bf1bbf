// Validators for the kinds of known CRDs, each compiled at its first use. The only file that imports the generated schemas.
import { SCHEMAS as ELBV2 } from '../../../imports/elbv2/schemas';
import { SCHEMAS as ISTIO } from '../../../imports/istio/schemas';
import { asText, isObject } from '../../manifests/plain-json';
import { comparePointers } from '../../manifests/pointer';
import { type CompiledRules, compileRules } from './cel-rules';
import type { CompiledSchema } from './json-schema';
import { certainlyFits } from './schema-fit';
import { type SchemaFault, type StructuralSchema, prepare } from './structural-schema';

/** Returns the faults of a manifest of one kind; when it is applied, with the nulls that only server-side apply refuses. */
export type Validator = (manifest: unknown, isApplied?: boolean) => SchemaFault[];

/** The schema library is loaded for the first schema that is compiled. */
function compileSchema(schema: StructuralSchema): CompiledSchema {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./json-schema') as typeof import('./json-schema')).compileSchema(schema);
}

const SCHEMAS = new Map(Object.entries({ ...ELBV2, ...ISTIO }));
const VALIDATORS = new Map<string, Validator>();

/** The kinds that can be validated, as `networking.istio.io/v1 Gateway`, sorted. */
export function validatedKinds(): string[] {
  return [...SCHEMAS.keys()].sort();
}

/** The schema of a kind, by API version and name as in {@link validatedKinds}. */
export function schemaOf(kind: string): StructuralSchema | undefined {
  const text = SCHEMAS.get(kind);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The validator for a manifest; absent if its kind is not known. */
export function validatorFor(manifest: unknown): Validator | undefined {
  if (!isObject(manifest)) {
    return undefined;
  }
  const kind = `${asText(manifest.apiVersion)} ${asText(manifest.kind)}`;
  const schema = VALIDATORS.has(kind) ? undefined : schemaOf(kind);
  if (schema !== undefined) {
    VALIDATORS.set(kind, lazyValidator(schema));
  }
  return VALIDATORS.get(kind);
}

/**
 * Compiles the schema of a CRD with its rules.
 *
 * @throws Error for anything unsupported in the schema
 */
export function compileValidator(schema: StructuralSchema): Validator {
  const root = withTypeAndMetadata(schema);
  return validatorOf(root, compileSchema(root), compileRules(root));
}

/**
 * The schema is compiled for the first manifest that may have a fault, and rules are compiled when they are first evaluated: most manifests are valid, and
 * compiling the schema of a VirtualService takes longer than everything else that is done with a folder of manifests.
 */
function lazyValidator(schema: StructuralSchema): Validator {
  const root = withTypeAndMetadata(schema);
  let compiled: CompiledSchema | undefined;
  return validatorOf(root, value => (certainlyFits(root, value) ? [] : (compiled ??= compileSchema(root))(value)), compileRules(root, 'at-use'));
}

function validatorOf(root: StructuralSchema, faultsBySchema: CompiledSchema, faultsByRule: CompiledRules): Validator {
  return (manifest, isApplied = false) => {
    const { value, unknownFields, nulls } = prepare(root, manifest);
    const bySchema = faultsBySchema(value);
    const byRule = bySchema.some(({ rule }) => BLOCKING.has(rule ?? '')) ? [] : faultsByRule(value);
    return [...unknownFields, ...isApplied ? nulls : [], ...bySchema, ...byRule].sort((a, b) => comparePointers(a.pointer, b.pointer));
  };
}

/** Adds the fields that every object has, whatever its CRD defines. Kubernetes itself validates the metadata. */
function withTypeAndMetadata(schema: StructuralSchema): StructuralSchema {
  const metadata = { 'x-kubernetes-preserve-unknown-fields': true };
  return { ...schema, properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata } };
}

/**
 * After one of these the API server evaluates no CEL rule, because rules rely on the types: Kubernetes 1.33, `hasBlockingErr` of
 * k8s.io/apiextensions-apiserver/pkg/registry/customresource/strategy.go.
 */
const BLOCKING = new Set(['enum', 'maxItems', 'maxLength', 'maxProperties', 'required', 'type']);
