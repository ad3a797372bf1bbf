// The types of Istio's fields as plain JSON, with strings for enums.

/**
 * A generated interface of imports/istio as plain JSON. The generator makes a new enum type for every field, even if the values are the
 * same, and gives one field another name than it has on the wire.
 */
export type Fields<T> = T extends string ? string
  : T extends readonly (infer Item)[] ? Fields<Item>[]
    : T extends object ? { readonly [K in keyof T as K extends 'consecutive5XxErrors' ? 'consecutive5xxErrors' : K]: Fields<T[K]> }
      : T;
