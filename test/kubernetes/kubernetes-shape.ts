// The shape of Kubernetes 1.28: the fields of an object, their types, and which have to be there. Nothing is read from a cluster.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Ajv, { type SchemaObject } from 'ajv';
import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import type { PlainObject } from '../../src/manifests/plain-json';
import { faultText } from './schema-error';

/** A type as cdk8s-plus-28 describes it. It is generated from the OpenAPI document of Kubernetes 1.28. */
interface Described {
  readonly kind: 'class' | 'enum' | 'interface';
  readonly name: string;
  readonly properties?: readonly Property[];
}

interface Property {
  readonly optional?: boolean;
  readonly type: TypeReference;
  /** `io.k8s.api.core.v1.ContainerPort#hostIP` for `hostIp`: the name that the API server knows. */
  readonly docs: { readonly custom: { readonly schema: string } };
}

interface TypeReference {
  readonly primitive?: 'any' | 'boolean' | 'date' | 'number' | 'string';
  readonly collection?: { readonly kind: 'array' | 'map'; readonly elementtype: TypeReference };
  readonly fqn?: string;
}

const MODULE = 'cdk8s-plus-28.k8s.';
const TYPES: Readonly<Record<string, Described>> = JSON.parse(
  readFileSync(join(dirname(require.resolve('cdk8s-plus-28/package.json')), '.jsii'), 'utf8')).types;

/** The names of the kinds' types, by API version and kind: `apps/v1 Deployment` is `KubeDeployment`. */
const KINDS = new Map(Object.values(k8s as unknown as Record<string, { name: string; GVK?: { apiVersion: string; kind: string } }>)
  .flatMap(({ name, GVK }): [string, string][] => (GVK === undefined ? [] : [[`${GVK.apiVersion} ${GVK.kind}`, name]])));

/** Types that have no fields: what they take. */
const VALUES: Readonly<Record<string, SchemaObject>> = { IntOrString: { type: ['integer', 'string'] }, Quantity: { type: ['number', 'string'] } };

/** Each type is compiled when it is first needed, and then shared by all kinds. */
const AJV = new Ajv({ allErrors: true, allowUnionTypes: true, validateSchema: false });
Object.entries(VALUES).forEach(([name, schema]) => AJV.addSchema(schema, MODULE + name));
Object.entries(TYPES).filter(([fqn, { kind }]) => fqn.startsWith(MODULE) && kind === 'interface')
  .forEach(([fqn, type]) => AJV.addSchema(schemaOf(type), fqn));

/** What Kubernetes 1.28 does not take in the fields of an object; nothing for a kind that it does not have. */
export function shapeFaults(object: PlainObject): string[] | undefined {
  const name = KINDS.get(`${object.apiVersion} ${object.kind}`);
  return name === undefined ? undefined : faults(`${name}Props`, object);
}

/** The same for the metadata of any kind, custom ones too. */
export function metadataFaults(object: PlainObject): string[] {
  return faults('ObjectMeta', object.metadata).map(fault => `/metadata${fault}`);
}

function faults(type: string, value: unknown): string[] {
  const validate = AJV.getSchema(MODULE + type)!;
  return validate(value) ? [] : validate.errors!.map(faultText);
}

function schemaOf({ name, properties = [] }: Described): SchemaObject {
  const typeMeta = name.startsWith('Kube') ? { apiVersion: { type: 'string' }, kind: { type: 'string' } } : {};
  return {
    type: 'object',
    properties: { ...typeMeta, ...Object.fromEntries(properties.map(property => [wireName(property), reference(property.type)])) },
    required: properties.filter(({ optional }) => !optional).map(wireName),
    additionalProperties: false,
  };
}

function wireName({ docs }: Property): string {
  return docs.custom.schema.split('#')[1];
}

function reference({ primitive, collection, fqn }: TypeReference): SchemaObject {
  if (collection !== undefined) {
    const element = reference(collection.elementtype);
    return collection.kind === 'array' ? { type: 'array', items: element } : { type: 'object', additionalProperties: element };
  }
  return fqn !== undefined ? { $ref: fqn } : primitive === 'any' ? {} : { type: primitive === 'date' ? 'string' : primitive };
}
