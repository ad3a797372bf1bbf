// The hops at which policies decide: tokens, then authorization, with what each policy made of the request.
import { namespacedName } from '../../base/kubernetes-name';
import { AuthorizationPolicy, AuthorizationStages } from '../../mesh/security/authorization';
import { JwtRule } from '../../mesh/security/request-authentication';
import { Decision } from '../policies/authorization';
import { type Hop, type PassedOver, hop } from './hop';
import { TokenOutcome } from '../policies/tokens';

/** What a request does not tell of the token that it contains. */
export const ASSUMED = 'provided that its signature and its times are valid';

/** What a proxy makes of the token of a request; no hop without a RequestAuthentication, and where the request does not get as far. */
export function authenticationHops(rules: readonly JwtRule[], outcome: TokenOutcome | undefined): Hop[] {
  if (rules.length === 0 || outcome === undefined) {
    return [];
  }
  switch (outcome.is) {
    case 'accepted': return [hop('authentication', `accepts the token${outcome.isAssumed ? `, ${ASSUMED}` : ''}`, outcome.place)];
    case 'refused': return [hop('authentication', `refuses the token${outcome.fault === undefined ? '' : `: ${outcome.fault}`}`, outcome.place)];
    default: return outcome.unread !== undefined ? [hop('authentication', 'undecided: the token is not known', outcome.unread)]
      : [hop('authentication', 'the request has no token', undefined, rules.map(rule => (
      { place: rule, what: `issuer ${rule.issuer}`, why: 'a request without a token passes' })))];
  }
}

/**
 * What the policies of a proxy decide; no hop without policies.
 *
 * @param asked what a CUSTOM policy leaves to its provider, which comes before the others
 */
export function authorizationHops({ custom, deny, allow }: AuthorizationStages, decision: Decision | undefined, asked: AuthorizationPolicy | undefined): Hop[] {
  const provider = asked?.action === 'CUSTOM' ? [hop('authorization', 'undecided: a provider decides', asked)] : [];
  if (decision === undefined || (provider.length === 1 ? 0 : custom.length) + deny.length + allow.length === 0) {
    return provider;
  }
  const unmatched = (policies: AuthorizationStages['deny']) => policies.map((policy): PassedOver => ({
    place: policy, what: `${policy.action} policy ${namespacedName(policy.config)}`,
    why: policy.hasRules ? 'none of its rules matches' : 'it has no rules',
  }));
  switch (decision.is) {
    case 'denied': return [...provider, hop('authorization', 'denied', decision.by)];
    case 'not-allowed': return [...provider, hop('authorization', 'no ALLOW policy allows it', undefined, unmatched([...deny, ...allow]))];
    case 'allowed': return [...provider, hop('authorization', 'allowed', decision.by, unmatched(deny))];
    default: return [...provider, hop('authorization', 'undecided: the request does not say enough', decision.unknown[0].policy)];
  }
}
