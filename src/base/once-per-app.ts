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
    let table = tables.get(root);
    if (table === undefined) {
      table = new Map();
      tables.set(root, table);
    }
    return table;
  };
}
