// What may stand only once in an app, whichever chart asks for it first.

/** A construct, as far as this file needs one. */
interface InTree {
  readonly node: { readonly root: object };
}

/** Makes a table of its own for each app, found from any construct in it. */
export function oncePerApp<T>(): (construct: InTree) => Map<string, T> {
  const tables = new WeakMap<object, Map<string, T>>();
  return construct => {
    const { root } = construct.node;
    const table = tables.get(root) ?? new Map<string, T>();
    tables.set(root, table);
    return table;
  };
}
