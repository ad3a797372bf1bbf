// Doubts: policies that decide by what the request does not say, and what would say it.
import { namespacedName } from '../base/kubernetes-name';
import type { Place } from '../mesh/objects/config';
import { GatewayProxy } from '../mesh/proxies';
import type { Attribute, AuthorizationPolicy } from '../mesh/security/authorization';
import { MeshRequest, UNKNOWN_ADDRESS, headerOf } from './request';
import type { Decision, Unknown } from './policies/authorization';
import type { TokenOutcome } from './policies/tokens';

/** A decision that the input does not tell. */
export interface Doubt {
  /** What decides. */
  readonly by: Place;
  /** The same, if it is a policy. */
  readonly policy?: AuthorizationPolicy;
  /** For people, as a sentence. */
  readonly why: string;
}

/** A policy that asks a provider. */
export function askingDoubt(policy: AuthorizationPolicy): Doubt {
  return {
    policy, by: policy,
    why: `AuthorizationPolicy ${namespacedName(policy.config)} asks ${policy.provider ?? 'a provider'}, whose answer is not in the input.`,
  };
}

/** Policies that an attribute keeps from deciding. @param nameOf the attribute in words, with what would tell it */
export function undecidedDoubts(decision: Decision | undefined, nameOf: (attribute: Attribute) => string): Doubt[] {
  return decision?.is !== 'unknown' ? [] : decision.unknown.map(({ policy, attribute }: Unknown) => (
    { policy, by: policy, why: `AuthorizationPolicy ${namespacedName(policy.config)} decides by ${nameOf(attribute)}.` }));
}

/** A token that is in a header whose value the input does not tell. */
export function unreadDoubts(token: TokenOutcome): Doubt[] {
  const rule = token.is === 'none' ? token.unread : undefined;
  const why = `The token of issuer ${rule?.issuer} may be in a header that is made on the way, and is not in the input.`;
  return rule === undefined ? [] : [{ by: rule, why }];
}

/** What a gateway does not know of a client. */
export function unknownAtGateway({ numTrustedProxies }: GatewayProxy, request: MeshRequest): (attribute: Attribute) => string {
  const entries = (headerOf(request, 'x-forwarded-for') ?? '').split(',').map(entry => entry.trim());
  const isAskable = numTrustedProxies > 0 && entries.at(-numTrustedProxies) === UNKNOWN_ADDRESS;
  return attribute => {
    const hidden = attribute === 'remote.ip' && isAskable ? undefined : request.hiddenBehind;
    const text = unknownOf(attribute, hidden);
    return attribute !== 'remote.ip' || hidden === undefined ? text : `${text}, and the gateway takes no other from x-forwarded-for (numTrustedProxies)`;
  };
}

/** What connects to pods instead of the client; absent where it is the client. */
export interface Hiding {
  /** For `source.ip`. */
  readonly source?: string;
  /** For `remote.ip`. */
  readonly remote?: string;
}

/** What pods do not know of what they get. */
export function unknownAtPods({ source, remote }: Hiding): (attribute: Attribute) => string {
  return attribute => unknownOf(attribute, attribute === 'source.ip' ? source : remote);
}

function unknownOf(attribute: Attribute, hiddenBehind: string | undefined): string {
  switch (attribute) {
    case 'source.ip':
    case 'remote.ip':
      return hiddenBehind === undefined ? 'the address of the client: add from=ADDRESS to the request' : `the address that ${hiddenBehind} connects from`;
    case 'destination.ip':
      return 'the address of the pod, which is not in the input';
    case 'request.headers':
      return 'the value of a header that is made on the way, which is not in the input';
    default:
      return 'the name in the certificate of the client, which is not part of the request';
  }
}
