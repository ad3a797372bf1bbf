// The fields of a kind of Istio, from the schema of its CRD.
import { schemaOf } from '../../src/checks/crd/validator';
import type { StructuralSchema } from '../../src/checks/crd/structural-schema';

/**
 * Paths of all fields below `spec` that hold a value, in the order of the schema: `servers[].tls.mode`, `selector{}`. `[]` stands for an
 * item of a list, `{}` for a value of a map.
 *
 * @param kind API version and kind, such as `networking.istio.io/v1 Gateway`
 * @throws Error for a kind that imports/ does not have
 */
export function fieldsOf(kind: string): string[] {
  const spec = schemaOf(kind)?.properties?.spec;
  if (spec === undefined) {
    throw new Error(`no CRD of the kind ${kind}`);
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
