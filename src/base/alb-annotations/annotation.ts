// One row of the annotation table: what there is to know about one key.
import type { Codec } from './codecs';

/** How the members of an IngressGroup combine: one value for all (`exclusive`), all values together (`merge`), or each its own (`none`). */
export type MergeBehavior = 'exclusive' | 'merge' | 'none';

/** Where members meet: in the whole group, on a port that they both listen on, or on a port of the frontend NLB that leads to both. */
export type MergeScope = 'group' | 'port' | 'nlbPort';

/** One row of the table. */
export interface AlbAnnotation<T> {
  /** The key after the controller's prefix; of a family, the part before the names. */
  readonly key: string;
  readonly codec: Codec<T>;
  /** What the controller does when the key is absent, in words; a literal stands in backticks. */
  readonly default: string;
  /** The kinds it is read from. Where both, the Service's value replaces the Ingress's as a whole. */
  readonly on: readonly ('Ingress' | 'Service')[];
  /** What happens among the members of an IngressGroup. */
  readonly merge: MergeBehavior;
  /** Where members meet. @default 'group' */
  readonly scope?: MergeScope;
  /** The order of the items does not count when the values of members are compared. */
  readonly unordered?: true;
  /** The controller takes an empty value for none. */
  readonly emptyIsAbsent?: true;
  /** A pattern for the names of a family of keys, `<key>.<name>`; the setting is a map from name to value. */
  readonly family?: RegExp;
  /** Field of IngressClassParams that replaces the annotation. */
  readonly classField?: string;
  /** One sentence for the docs. */
  readonly doc: string;
}

/** A row for every setting of a type. The codec of a family reads and writes one member. */
export type Rows<S> = { readonly [P in keyof S]-?: AlbAnnotation<NonNullable<S[P]>> | FamilyRow<NonNullable<S[P]>> };

type FamilyRow<M> = M extends { readonly [name: string]: infer V } ? AlbAnnotation<V> & { readonly family: RegExp } : never;
