// How Istio's fields are written: as plain JSON, with words for enums.

/**
 * A generated interface of imports/istio as plain JSON. The generated enums are other types at every place that they stand at,
 * though their words are the same; and one field has another name there than on the wire.
 */
export type Fields<T> = T extends string ? string
  : T extends readonly (infer Item)[] ? Fields<Item>[]
    : T extends object ? { readonly [K in keyof T as K extends 'consecutive5XxErrors' ? 'consecutive5xxErrors' : K]: Fields<T[K]> }
      : T;
