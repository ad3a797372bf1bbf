// What may stand only once in an app, whichever chart asks for it first.
import type { IConstruct } from 'constructs';

/** Makes a table of its own for each app, found from any construct in it. */
export function oncePerApp<T>(): (construct: IConstruct) => Map<string, T> {
  const tables = new WeakMap<IConstruct, Map<string, T>>();
  return construct => {
    const { root } = construct.node;
    const table = tables.get(root) ?? new Map<string, T>();
    tables.set(root, table);
    return table;
  };
}
