// Registries per app, shared by all its charts.

/** The part of a construct that this file needs. */
interface InTree {
  readonly node: { readonly root: object };
}

/** Creates a registry that each app has its own copy of, found from any construct in the app. */
export function oncePerApp<T>(): (construct: InTree) => Map<string, T> {
  const tables = new WeakMap<object, Map<string, T>>();
  return construct => {
    const { root } = construct.node;
    const table = tables.get(root) ?? new Map<string, T>();
    tables.set(root, table);
    return table;
  };
}
