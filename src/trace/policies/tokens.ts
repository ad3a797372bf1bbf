// Tokens: what a proxy makes of the tokens of a request (Istio 1.30, pilot/pkg/security/authn/policy_applier.go:252-331).
import { JwtRule } from '../../mesh/security/request-authentication';
import { Place } from '../../mesh/objects/config';
import { isUnknownValue } from './unknown-values';
import { Token, readToken } from './jwt';

/** Where the accepted token was, so that it can be removed. */
export interface TokenPlaces {
  readonly headers: readonly string[];
  readonly params: readonly string[];
}

/** The outcome: refused, or the claims that were validated. */
export type TokenOutcome =
  | { readonly is: 'refused'; readonly status: 401 | 403; readonly place?: Place; readonly fault?: string }
  | {
    readonly is: 'accepted';
    /** As policies and routes read them: lists that are separated by spaces are lists. */
    readonly claims: Token['claims'];
    /** As the token has them. */
    readonly payload: Token['claims'];
    readonly forwardsToken: boolean; readonly place: Place; readonly rule: JwtRule;
    /** Places that a rule reads which does not forward the token. */
    readonly removedFrom: TokenPlaces;
    /** Whether the token was read from the request, which does not tell whether its signature and its times are valid. */
    readonly isAssumed: boolean;
  }
  /** No token, or none that a rule is about; or one in a header whose value is not known, which a rule reads. */
  | { readonly is: 'none'; readonly unread?: JwtRule };

/** What of a request may be or contain a token. */
export interface TokenSources {
  /** Stands for the bearer token. */
  readonly token?: Token;
  /** By name in lowercase. */
  readonly headers: ReadonlyMap<string, string>;
  /** With `?`. */
  readonly query: string;
}

/** A token where a rule looks for one. */
type Found = { readonly isAssumed: boolean } & ({ readonly claims: Token['claims'] } | { readonly fault: string });

const NOWHERE: TokenPlaces = { headers: [], params: [] };

/**
 * Without a token every request passes: only an AuthorizationPolicy can demand one. Of several rules one that accepts is enough, and a rule accepts all of
 * its tokens or none.
 */
export function tokenOutcome(rules: readonly JwtRule[], sources: TokenSources): TokenOutcome {
  const outcomes = rules.map(rule => outcomeOf(rule, sources));
  const refused = outcomes.filter(({ is }) => is === 'refused');
  const accepted = outcomes.find(({ is }) => is === 'accepted');
  const unread = rules.find(({ headers }) => headers.some(([name]) => isUnknownValue(sources.headers.get(name))));
  if (accepted !== undefined || unread !== undefined) {
    return accepted ?? { is: 'none', unread };
  }
  return refused.find(own => own.is === 'refused' && own.status === 403) ?? refused[0] ?? { is: 'none' };
}

function outcomeOf(rule: JwtRule, sources: TokenSources): TokenOutcome {
  const found = [...headerTokens(rule, sources), ...paramTokens(rule, sources.query), ...cookieTokens(rule, sources)];
  const last = found.at(-1);
  const wrong = found.map(own => refusalOf(rule, own)).find(own => own !== undefined);
  if (last === undefined || wrong !== undefined || 'fault' in last) {
    return wrong ?? { is: 'none' };
  }
  const removedFrom = rule.forwardsToken ? NOWHERE : { headers: rule.headers.map(([name]) => name), params: rule.params };
  const isAssumed = found.some(own => own.isAssumed);
  const claims = withLists(last.claims, rule.lists);
  return { is: 'accepted', claims, payload: last.claims, forwardsToken: rule.forwardsToken, place: rule, rule, removedFrom, isAssumed };
}

function refusalOf(rule: JwtRule, token: Found): TokenOutcome | undefined {
  if ('fault' in token) {
    return { is: 'refused', status: 401, place: rule, ...(token.isAssumed ? { fault: token.fault } : {}) };
  }
  // A rule without an issuer takes the tokens of any.
  if (rule.issuer !== '' && token.claims.iss !== rule.issuer) {
    return { is: 'refused', status: 401, place: rule };
  }
  const audiences = [token.claims.aud].flat().map(audience => bareAudience(String(audience)));
  return rule.audiences.length === 0 || rule.audiences.some(audience => audiences.includes(bareAudience(audience))) ? undefined
    : { is: 'refused', status: 403, place: rule };
}

/** Envoy compares audiences without scheme and without the last slash (Envoy 1.40, source/common/jwt/check_audience.cc). */
function bareAudience(audience: string): string {
  return audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

/** Only texts at the top are split (Envoy 1.40, NormalizePayload of jwt_authn). */
function withLists(claims: Token['claims'], names: readonly string[]): Token['claims'] {
  const split = names.filter(name => Object.hasOwn(claims, name) && typeof claims[name] === 'string');
  return split.length === 0 ? claims
    : { ...claims, ...Object.fromEntries(split.map(name => [name, (claims[name] as string).split(' ').filter(part => part !== '')])) };
}

/** The filter for tokens lets preflights pass (Istio 1.30, pilot/pkg/security/authn/policy_applier.go, BypassCorsPreflight). */
export function isPreflight({ method, headers }: { readonly method: string; readonly headers: ReadonlyMap<string, string> }): boolean {
  return method === 'OPTIONS' && headers.has('origin') && headers.has('access-control-request-method');
}

/** Envoy finds the prefix anywhere in the value of a header (Envoy 1.40, source/extensions/filters/http/jwt_authn/extractor.cc). */
function headerTokens({ headers: places }: JwtRule, sources: TokenSources): Found[] {
  return places.flatMap(([name, prefix]): Found[] => {
    if (name === 'authorization' && sources.token !== undefined) {
      const { claims, isValid } = sources.token;
      return [{ isAssumed: false, ...(isValid ? { claims } : { fault: 'it is not valid' }) }];
    }
    const value = sources.headers.get(name);
    const at = value?.indexOf(prefix) ?? -1;
    return at === -1 || isUnknownValue(value) ? [] : [{ isAssumed: true, ...readToken(value!.slice(at + prefix.length)) }];
  });
}

function paramTokens({ params }: JwtRule, query: string): Found[] {
  const sent = params.length === 0 || query === '' ? undefined : new URLSearchParams(query);
  return sent === undefined ? [] : params.flatMap(name => {
    const value = sent.get(name);
    return value === null ? [] : [{ isAssumed: true, ...readToken(value) }];
  });
}

function cookieTokens({ cookies }: JwtRule, sources: TokenSources): Found[] {
  const sent = cookies.length === 0 ? [] : (sources.headers.get('cookie') ?? '').split(';').map(pair => pair.trim());
  return cookies.flatMap((name): Found[] => {
    const pair = sent.find(own => own.startsWith(`${name}=`));
    return pair === undefined ? [] : [{ isAssumed: true, ...readToken(pair.slice(name.length + 1)) }];
  });
}

/** The claims of the bearer token in the header of a request, or what is wrong with it; nothing without one. */
export function bearerOf(authorization: string | undefined): ReturnType<typeof readToken> | undefined {
  const at = authorization?.indexOf(BEARER) ?? -1;
  return at === -1 ? undefined : readToken(authorization!.slice(at + BEARER.length));
}

const BEARER = 'Bearer ';
