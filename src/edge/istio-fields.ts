// How Istio's fields are written: as plain JSON, with words for enums, and times as Istio reads them.
import type { Duration } from 'cdk8s';
import { renderDuration } from './route-policy';

/**
 * A generated interface of imports/istio as plain JSON. The generated enums are other types at every place that they stand at,
 * though their words are the same; and one field has another name there than on the wire.
 */
export type Fields<T> = T extends string ? string
  : T extends readonly (infer Item)[] ? Fields<Item>[]
    : T extends object ? { readonly [K in keyof T as K extends 'consecutive5XxErrors' ? 'consecutive5xxErrors' : K]: Fields<T[K]> }
      : T;

/** Writes a time where none at all has a meaning too: whole milliseconds. */
export function renderDurationOrZero(prop: string, duration: Duration): string {
  return duration.toMilliseconds({ integral: false }) === 0 ? '0s' : renderDuration(prop, duration);
}
