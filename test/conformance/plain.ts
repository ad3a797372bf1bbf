// Plain JSON without what is absent.

type Json = Record<string, any>;

/** The object without its undefined fields; nothing in place of an empty one, where that is wanted. */
export function compact(value: Json): Json;
export function compact(value: Json, orNothing: true): Json | undefined;
export function compact(value: Json, orNothing = false): Json | undefined {
  const own = Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
  return orNothing && Object.keys(own).length === 0 ? undefined : own;
}

/** What JSON keeps of a value. */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
