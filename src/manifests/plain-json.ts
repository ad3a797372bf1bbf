// Tolerant reading of plain JSON: a value of the wrong type counts as absent, so that no manifest can crash a reader.

/** A JSON object with fields of unknown types. */
export interface PlainObject {
  readonly [key: string]: unknown;
}

const NOTHING: PlainObject = Object.freeze({});
const NONE: readonly unknown[] = Object.freeze([]);

/** Whether the value is a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is an object, else an empty object. */
export function asObject(value: unknown): PlainObject {
  return isObject(value) ? value : NOTHING;
}

/** The value if it is a list, else an empty list. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NONE;
}

/** The value if it is a string. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The strings of a list; other items are skipped. */
export function asTexts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}

/** The value if it is an integer. */
export function asInteger(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
