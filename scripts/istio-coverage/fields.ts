// Lists the fields of an Istio kind, from its CRD schema.
import { schemaOf } from '../../src/api-server/crd/validator';
import type { StructuralSchema } from '../../src/api-server/crd/structural-schema';

/**
 * Paths of all leaf fields below `spec`, in schema order: `servers[].tls.mode`, `selector{}`. `[]` marks the items of a list, `{}` the values
 * of a map.
 *
 * @param kind API version and kind, such as `networking.istio.io/v1 Gateway`
 * @throws Error if imports/ does not have the kind
 */
export function fieldsOf(kind: string): string[] {
  const spec = schemaOf(kind)?.properties?.spec;
  if (spec === undefined) {
    throw new Error(`no CRD for ${kind}`);
  }
  return leavesOf(spec, '');
}

function leavesOf(schema: StructuralSchema, path: string): string[] {
  const { properties, items, additionalProperties } = schema;
  if (items) {
    return leavesOf(items, `${path}[]`);
  }
  if (typeof additionalProperties === 'object') {
    return leavesOf(additionalProperties, `${path}{}`);
  }
  const below = Object.entries(properties ?? {}).flatMap(([name, property]) => leavesOf(property, path === '' ? name : `${path}.${name}`));
  return below.length > 0 ? below : [path];
}
