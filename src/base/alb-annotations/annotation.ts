// The type of a row in the annotation table.
import type { Codec } from './codecs';

/** How an IngressGroup combines its members' values: one for all (`exclusive`), all together (`merge`), or each member its own (`none`). */
export type MergeBehavior = 'exclusive' | 'merge' | 'none';

/** What members share: the whole group, a port that both listen on, or a frontend NLB port that forwards to both. */
export type MergeScope = 'group' | 'port' | 'nlbPort';

/** An annotation that EKS Auto Mode ignores. */
export interface IgnoredByAutoMode {
  /** Why, and what to use instead. */
  readonly why: string;
  /** The only value that it ignores. @default - all of them */
  readonly value?: string;
}

/** One row of the table. */
export interface AlbAnnotation<T> {
  /** The key without the controller's prefix; for a family, the part before the name. */
  readonly key: string;
  readonly codec: Codec<T>;
  /** The controller's behavior if the annotation is absent; literals are in backticks. */
  readonly default: string;
  /** The kinds it is read from. If both have it, the Service's value replaces the Ingress's value. */
  readonly on: readonly ('Ingress' | 'Service')[];
  /** How the members of an IngressGroup combine their values. */
  readonly merge: MergeBehavior;
  /** What members share. @default 'group' */
  readonly scope?: MergeScope;
  /** The controller ignores the order of items when it compares the values of members. */
  readonly unordered?: true;
  /** The controller treats an empty value as absent. */
  readonly emptyIsAbsent?: true;
  /** Pattern for the names in a family of keys `<key>.<name>`; the setting is a map from name to value. */
  readonly family?: RegExp;
  /** The IngressClassParams field that overrides the annotation. */
  readonly classField?: string;
  /** The field of the IngressClassParams of EKS Auto Mode, as far as the EKS user guide names one. */
  readonly autoModeField?: string;
  /** Set if EKS Auto Mode ignores the annotation. */
  readonly ignoredByAutoMode?: IgnoredByAutoMode;
  /** One sentence of documentation. */
  readonly doc: string;
}

/** A row for every setting of a type. The codec of a family encodes one member. */
export type Rows<S> = { readonly [P in keyof S]-?: AlbAnnotation<NonNullable<S[P]>> | FamilyRow<NonNullable<S[P]>> };

type FamilyRow<M> = M extends { readonly [name: string]: infer V } ? AlbAnnotation<V> & { readonly family: RegExp } : never;
