// What is wrong with a manifest by the schema of its kind.

/**
 * `schema`: the OpenAPI schema of the CRD refuses it. `cel`: one of its CEL rules does. `unknown-field`: no field of that name; the API
 * server drops it without a word, or refuses it with strict field validation (`kubectl apply` asks for that).
 */
export type SchemaFaultKind = 'schema' | 'cel' | 'unknown-field';

/** One fault in one place of a manifest. */
export interface SchemaFault {
  readonly kind: SchemaFaultKind;
  /** JSON pointer to the value at fault; empty for the whole manifest. */
  readonly pointer: string;
  /** What is wrong, the value found, and what is allowed. No full stop. */
  readonly message: string;
  /** The keyword of the schema (`pattern`, `x-kubernetes-list-map-keys`), or the CEL expression. Unknown fields have none. */
  readonly rule?: string;
}
