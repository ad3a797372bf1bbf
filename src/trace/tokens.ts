// Tokens: what a proxy makes of the token of a request (Istio 1.30, pilot/pkg/security/authn/policy_applier.go:252-331).
import { JwtRule } from '../mesh/security/request-authentication';
import { Place } from '../mesh/config';
import { Token } from './request';

/** The outcome: refused, or the claims that were validated. */
export type TokenOutcome =
  | { readonly is: 'refused'; readonly status: 401 | 403; readonly place?: Place }
  | { readonly is: 'accepted'; readonly claims: Token['claims']; readonly forwardsToken: boolean; readonly place: Place }
  /** No token, or none that a rule is about. */
  | { readonly is: 'none' };

/** Without a token every request passes: only an AuthorizationPolicy can demand one. */
export function tokenOutcome(rules: readonly JwtRule[], token: Token | undefined): TokenOutcome {
  const reading = rules.filter(({ headers }) => headers.some(([name]) => name === 'authorization'));
  if (token === undefined || reading.length === 0) {
    return { is: 'none' };
  }
  const trusting = token.isValid ? reading.filter(({ issuer }) => issuer === token.claims.iss) : [];
  if (trusting.length === 0) {
    return { is: 'refused', status: 401, place: reading[0] };
  }
  const audiences = [token.claims.aud].flat();
  const rule = trusting.find(own => own.audiences.length === 0 || own.audiences.some(audience => audiences.includes(audience)));
  return rule === undefined ? { is: 'refused', status: 403, place: trusting[0] }
    : { is: 'accepted', claims: token.claims, forwardsToken: rule.forwardsToken, place: rule };
}
