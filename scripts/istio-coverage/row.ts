// One row of the coverage page.

/**
 * A row of the page.
 *
 * `fields` is the path of a field below `spec`, as `fieldsOf` returns it. `(a|b)` means both; a trailing `.*` means all fields below that no other
 * row names.
 *
 * `answer` names the props that set the fields, each in a code span, or begins with {@link NONE} and explains why there is no prop. If it names a
 * prop with a trailing `.*`, the props below have the same names as the fields.
 *
 * `as` is another path of the same kind: `fields` are covered like the fields below that path.
 */
export type Row = readonly [fields: string, answer: string, as?: string];

/** An Istio kind. */
export interface Coverage {
  /** API version and kind. */
  readonly kind: string;
  /** The constructs that render objects of the kind. */
  readonly words: string;
  readonly rows: readonly Row[];
}

/** Prefix of an answer without a prop. */
export const NONE = 'none: ';

/** Suffix for all fields or props below a path. */
export const BELOW = '.*';
