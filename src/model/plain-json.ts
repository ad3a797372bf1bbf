// Tolerant reading of plain JSON: a value of the wrong type reads as absent, so that no manifest can crash a reader.

/** A JSON object whose fields are not yet known to be anything. */
export interface PlainObject {
  readonly [key: string]: unknown;
}

const NOTHING: PlainObject = Object.freeze({});
const NONE: readonly unknown[] = Object.freeze([]);

/** Whether the value is a JSON object, not a list and not null. */
export function isObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value when it is an object, else an empty one. */
export function asObject(value: unknown): PlainObject {
  return isObject(value) ? value : NOTHING;
}

/** The value when it is a list, else an empty one. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NONE;
}

/** The value when it is text. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; anything else in it is passed over. */
export function asTexts(value: unknown): string[] {
  return asList(value).filter((item): item is string => typeof item === 'string');
}

/** The value when it is a whole number. */
export function asInteger(value: unknown): number | undefined {
  return Number.isInteger(value) ? (value as number) : undefined;
}
