// Conditions that a match block lists by name: headers, claims and query parameters.
import { InvalidProps } from '../../base/errors';
import type { StringMatch } from './string-match';

/** A condition with a name. */
export interface KeyedMatch {
  /** The name in the match block. @internal */
  readonly _key: string;
  /** Whether the condition is negated. @internal */
  readonly _isNegative: boolean;
  /** @internal */
  _render(): StringMatch;
}

/** Conditions by name. */
export type StringMatches = Record<string, StringMatch>;

/**
 * The positive or the negated conditions, by name; undefined if there are none.
 *
 * @throws InvalidProps for two conditions on one name, which Istio cannot combine
 */
export function byName(prop: string, conditions: readonly KeyedMatch[], negative: boolean): StringMatches | undefined {
  if (!conditions.some(condition => condition._isNegative === negative)) {
    return undefined;
  }
  const found = new Map<string, StringMatch>();
  conditions.forEach((condition, index) => {
    if (condition._isNegative === negative) {
      if (found.has(condition._key)) {
        throw InvalidProps.duplicate(`${prop}[${index}]`, condition._key,
          `the name of another ${negative ? 'negated ' : ''}condition in ${prop}, and Istio cannot combine the two`);
      }
      found.set(condition._key, condition._render());
    }
  });
  return Object.fromEntries(found);
}

/** Throws if a name is both required and forbidden, so that no request can match. */
export function requirePossible({ headers, withoutHeaders }: { readonly headers?: StringMatches; readonly withoutHeaders?: StringMatches }): void {
  if (headers === undefined || withoutHeaders === undefined) {
    return;
  }
  for (const [name, forbidden] of Object.entries(withoutHeaders)) {
    const required = headers[name];
    if (required !== undefined && (Object.keys(forbidden).length === 0 || JSON.stringify(forbidden) === JSON.stringify(required))) {
      throw InvalidProps.conflict(name.startsWith('@') ? 'claims' : 'headers', name, `can never match: ${name} is both required and forbidden`);
    }
  }
}
