// Headers that tell what a validated token says, for routes, policies and applications
// (Envoy 1.40, source/extensions/filters/http/jwt_authn/authenticator.cc and extractor.cc).
import { JwtRule } from '../../mesh/security/request-authentication';
import { Token, encoded } from './jwt';
import { TokenOutcome } from './tokens';

type Headers = ReadonlyMap<string, string>;

/**
 * The headers behind the filter for tokens: those that rules may add are the client's no longer, and the accepted token has its own. A token that is not
 * forwarded is gone.
 */
export function headersBehind(rules: readonly JwtRule[], outcome: TokenOutcome, headers: Headers): Headers {
  const isAccepted = outcome.is === 'accepted';
  const removed = new Set([...rules.flatMap(namesOf), ...isAccepted ? outcome.removedFrom.headers : []]);
  const kept = removed.size === 0 ? headers : new Map([...headers].filter(([name]) => !removed.has(name)));
  return isAccepted ? new Map([...kept, ...addedBy(outcome.rule, outcome.payload)]) : kept;
}

/** Whether a rule has headers of its own, which clients cannot set. */
export function replacesHeaders(rules: readonly JwtRule[]): boolean {
  return rules.some(rule => namesOf(rule).length > 0);
}

function namesOf({ claimHeaders, payloadHeader }: JwtRule): string[] {
  return [...claimHeaders.map(([name]) => name), ...payloadHeader === undefined ? [] : [payloadHeader]];
}

function addedBy({ claimHeaders, payloadHeader }: JwtRule, claims: Token['claims']): [name: string, value: string][] {
  const added = claimHeaders.map(([name, path]): [string, string] => [name, textOf(path.reduce<unknown>(entryOf, claims))])
    .filter(([, value]) => value !== '');
  return payloadHeader === undefined ? added : [...added, [payloadHeader, encoded(claims)]];
}

function entryOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, key) ? (value as Token['claims'])[key] : undefined;
}

/** Empty for what has no text. */
function textOf(value: unknown): string {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return Number.isInteger(value) ? String(value) : value.toFixed(6);
    case 'boolean': return String(value);
    default: return typeof value === 'object' && value !== null ? btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))) : '';
  }
}
