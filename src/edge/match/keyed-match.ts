// Conditions that stand under a name in a match block: headers, claims and query parameters.
import { InvalidProps } from '../../base/errors';
import type { TextMatch } from './text-match';

/** A condition on what has a name. */
export interface KeyedMatch {
  /** The name, as Istio writes it. @internal */
  readonly _key: string;
  /** Whether it must not hold. @internal */
  readonly _isNegative: boolean;
  /** @internal */
  _render(): TextMatch;
}

/** Those that have to hold, by name. */
export type TextMatches = Record<string, TextMatch>;

/**
 * The conditions that have to hold, or those that must not, by name; nothing where there are none.
 *
 * @throws InvalidProps for two conditions of one name, which Istio cannot join
 */
export function byName(prop: string, conditions: readonly KeyedMatch[], negative: boolean): TextMatches | undefined {
  if (!conditions.some(condition => condition._isNegative === negative)) {
    return undefined;
  }
  const found = new Map<string, TextMatch>();
  conditions.forEach((condition, index) => {
    if (condition._isNegative === negative) {
      if (found.has(condition._key)) {
        throw InvalidProps.value(`${prop}[${index}]`, condition._key,
          `must be every name once${negative ? ' among the negative ones' : ''}: Istio cannot join two conditions of one name`);
      }
      found.set(condition._key, condition._render());
    }
  });
  return Object.fromEntries(found);
}

/** Throws where a condition has to hold and must not, or something has to be there and must not: no request would be taken. */
export function requirePossible({ headers, withoutHeaders }: { readonly headers?: TextMatches; readonly withoutHeaders?: TextMatches }): void {
  if (headers === undefined || withoutHeaders === undefined) {
    return;
  }
  for (const [name, text] of Object.entries(withoutHeaders)) {
    const wanted = headers[name];
    if (wanted !== undefined && (Object.keys(text).length === 0 || JSON.stringify(text) === JSON.stringify(wanted))) {
      throw InvalidProps.value(name.startsWith('@') ? 'claims' : 'headers', name, 'must be conditions that can hold together');
    }
  }
}
