// The type of a row in the table of a Service's annotations.
import type { AlbAnnotation } from '../alb-annotations/annotation';
import type { Codec } from '../alb-annotations/codecs';

/** One row: the key without prefix, how its value is written, what holds without it, one sentence of documentation. */
export type NlbRow<T> = Pick<AlbAnnotation<T>, 'key' | 'codec' | 'default' | 'doc' | 'ignoredByAutoMode'>;

type FamilyRow<M> = M extends { readonly [name: string]: infer V } ? NlbRow<V> & { readonly family: RegExp } : never;

/** A row for every setting of a type. The codec of a family encodes one member. */
export type NlbRows<S> = { readonly [P in keyof S]-?: NlbRow<NonNullable<S[P]>> | FamilyRow<NonNullable<S[P]>> };

/** The first part of most keys. */
const AWS = 'aws-load-balancer-';

/** A row whose key starts with `aws-load-balancer-`. @param autoMode set if EKS Auto Mode ignores the annotation: why, and what to use instead */
export function aws<T>(key: string, codec: Codec<T>, otherwise: string, doc: string, autoMode?: string): NlbRow<T> {
  return { key: AWS + key, codec, default: otherwise, doc, ...autoMode === undefined ? {} : { ignoredByAutoMode: { why: autoMode } } };
}
