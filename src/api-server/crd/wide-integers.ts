// Numbers that do not fit in 32 bits where a schema says int32: the API server stores them, and Istio cannot decode them.
import { asObject, isObject } from '../../manifests/plain-json';
import { type StructuralSchema, fieldSchema } from './structural-schema';

const LIMIT = 2 ** 31;

/** Whether a value has a number that does not fit in 32 bits, anywhere. Hardly any has. */
export function hasWideNumber(value: unknown): boolean {
  if (typeof value === 'number') {
    return value < -LIMIT || value >= LIMIT;
  }
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  for (const key in value) {
    if (hasWideNumber((value as Record<string, unknown>)[key])) {
      return true;
    }
  }
  return false;
}

/** The numbers of a value that do not fit where the schema says int32, in reading order. */
export function wideIntegers(schema: StructuralSchema, value: unknown): number[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap(item => wideIntegers(items, item));
  }
  if (isObject(value)) {
    return Object.entries(asObject(value)).flatMap(([key, field]) => {
      const known = fieldSchema(schema, key);
      return known === undefined ? [] : wideIntegers(known, field);
    });
  }
  return schema.format === 'int32' && typeof value === 'number' && hasWideNumber(value) ? [value] : [];
}
