// Reduces published CRDs to the input of imports/: the newest served version of each, with its schema but without descriptions.
import { loadAll } from 'js-yaml';

/** A published CRD file and the API groups to import from it. */
export interface Source {
  readonly folder: string;
  readonly product: string;
  readonly file: string;
  readonly url: string;
  readonly groups: readonly string[];
}

/** The fields of a CustomResourceDefinition that this script reads. */
export interface Crd {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly group: string; readonly names: { readonly kind: string }; readonly versions: readonly CrdVersion[] };
}

interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly schema: { readonly openAPIV3Schema: unknown };
  readonly subresources?: { readonly status?: unknown };
}

/** The CRDs of the requested groups, each with its newest served version and a schema without descriptions. */
export function reduce(text: string, source: Source): Crd[] {
  const documents = loadAll(text) as (Crd | null)[];
  const crds = documents
    .filter((crd): crd is Crd => crd?.kind === 'CustomResourceDefinition' && source.groups.includes(crd.spec.group))
    .map(bareCrd)
    .sort((a, b) => compare(a.metadata.name, b.metadata.name));
  for (const group of source.groups) {
    if (!crds.some((crd) => crd.spec.group === group)) throw new Error(`${source.product} has no CRD in the group ${group}`);
  }
  return crds;
}

function bareCrd(crd: Crd): Crd {
  const version = newest(crd);
  return {
    apiVersion: crd.apiVersion,
    kind: crd.kind,
    metadata: { name: crd.metadata.name },
    spec: {
      group: crd.spec.group,
      names: { kind: crd.spec.names.kind },
      versions: [{
        name: version.name,
        served: true,
        schema: { openAPIV3Schema: bareSchema(version.schema.openAPIV3Schema) },
        subresources: version.subresources,
      }],
    },
  };
}

function newest(crd: Crd): CrdVersion {
  const served = crd.spec.versions.filter((version) => version.served);
  if (served.length === 0) throw new Error(`${crd.metadata.name} has no served version`);
  return served.reduce((best, other) => (compareVersions(best.name, other.name) < 0 ? other : best));
}

/** Kubernetes version priority: v2, v1, v1beta2, v1beta1, v1alpha3, then all other names. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [rank(a), rank(b)];
  const differing = left.findIndex((number, i) => number !== right[i]);
  return differing < 0 ? 0 : left[differing] - right[differing];
}

function rank(version: string): number[] {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return [-1, 0, 0];
  return [['alpha', 'beta', undefined].indexOf(stage), Number(major), Number(minor ?? 0)];
}

/**
 * When a CRD accepts two spellings of a field (jwksUri and jwks_uri, prefixListsIDs and PrefixListsIDs), the generated prop writes
 * the first one. That must be the camelCase spelling; the other is a legacy of the API.
 */
const CAMEL_CASE = /^[a-z][A-Za-z0-9]*$/;

/** Sorts the keys of a schema and removes its descriptions, but not a property named `description`. */
function bareSchema(node: unknown, isSchema = true): unknown {
  if (Array.isArray(node)) return node.map((item) => bareSchema(item));
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node)
    .filter(([key]) => !(isSchema && key === 'description'))
    .sort(([a], [b]) => Number(CAMEL_CASE.test(b)) - Number(CAMEL_CASE.test(a)) || compare(a, b));
  // The keys below `properties` are names, and the values below those names are schemas again.
  return Object.fromEntries(entries.map(([key, value]) => [key, bareSchema(value, !(isSchema && key === 'properties'))]));
}

/**
 * The schemas as string properties of an object: strings cost the compiler nothing, and only the kinds in use are parsed.
 */
export function schemaEntries(crds: readonly Crd[]): string[] {
  return crds.map(({ spec: { group, names, versions: [version] } }) =>
    `'${group}/${version.name} ${names.kind}': '${JSON.stringify(writtenSchema(version)).replace(/[\\']/g, '\\$&')}'`);
}

/** The schema that the API server validates: it ignores the status if that is a subresource. */
function writtenSchema({ schema: { openAPIV3Schema }, subresources }: CrdVersion): unknown {
  if (!subresources?.status) return openAPIV3Schema;
  const { properties, ...rest } = openAPIV3Schema as { readonly properties: object };
  return { properties: { ...properties, status: { 'x-kubernetes-preserve-unknown-fields': true } }, ...rest };
}

/** By code unit: the order must not depend on a locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
