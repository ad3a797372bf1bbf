// What the page says about the fields of one kind.

/**
 * A row of the page.
 *
 * `fields` is the path of a field below `spec`, as `fieldsOf` writes it. `(a|b)` stands for several, and `.*` at the end for all below that no
 * other row names.
 *
 * `answer` names the props that reach the fields, each in a code span; or begins with {@link NONE} and says why there is no prop. Where it names
 * a prop with `.*` at the end, the names below are the same.
 *
 * `as` is another path of the kind: what `fields` stands for is answered as what is below that path.
 */
export type Row = readonly [fields: string, answer: string, as?: string];

/** A kind of Istio. */
export interface Coverage {
  /** API version and kind. */
  readonly kind: string;
  /** What makes objects of the kind. */
  readonly words: string;
  readonly rows: readonly Row[];
}

/** How an answer begins that names no prop. */
export const NONE = 'none: ';

/** How fields and props end that stand for all below. */
export const BELOW = '.*';
