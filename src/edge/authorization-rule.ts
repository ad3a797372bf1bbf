// One rule of an authorization policy: who, what, and under which further conditions.
import type { AuthorizationPolicySpecRules } from '../../imports/istio/security.istio.io';
import { InvalidProps } from '../base/errors';
import { listOf, marked, objectOf, type PropType, requireProps, typeOf } from '../base/prop-types';
import { CALLER, type Caller } from './caller';
import { Condition } from './condition';
import type { Evidence } from './evidence';
import { requireKnown } from './match-list';
import { OPERATION, type Operation } from './operation';

/** The parts of a rule; all that are given have to hold. */
export interface AuthorizationRuleOptions {
  /**
   * Who sends the request: any of these.
   *
   * @default - anybody
   */
  readonly from?: Caller[];

  /**
   * What the request asks for: any of these.
   *
   * @default - anything
   */
  readonly to?: Operation[];

  /**
   * Further conditions: all of these.
   *
   * @default - none
   */
  readonly when?: Condition[];
}

/** Istio's limit on the lists of a policy (CRD of Istio 1.32; 1.30 has none). */
const MAX_LENGTH = 512;

const CONDITION = typeOf<Condition>('what oneOf or noneOf of an Attribute returns, such as Attribute.claim([\'group\']).oneOf([\'admin\'])',
  value => value instanceof Condition);
const OPTIONS = objectOf<AuthorizationRuleOptions>({ from: someOf(CALLER), to: someOf(OPERATION), when: someOf(CONDITION) });

function someOf<T>(item: PropType<T>): PropType<T[]> {
  const list = listOf(item);
  return value => {
    const items = list(value);
    if (items.length === 0 || items.length > MAX_LENGTH) {
      throw new InvalidProps('', items.length === 0 ? items : items.length, `1 to ${MAX_LENGTH} of them, or nothing at all: an empty list never matches`);
    }
    return items;
  };
}

/** A rule, made by one of its makers. */
export const AUTHORIZATION_RULE = marked<AuthorizationRule>('AuthorizationRule', 'of({ from: [Caller.anyInMesh()] })');

/** One rule of an authorization policy. Several rules are alternatives. */
export class AuthorizationRule {
  /**
   * Requests that all given parts hold for.
   *
   * @throws InvalidProps for a rule without parts, which would match everything, and for an empty list, which would match nothing
   */
  public static of(options: AuthorizationRuleOptions): AuthorizationRule {
    const { from, to, when } = requireProps(OPTIONS, options, '', 'options');
    requireKnown('options', options, ['from', 'to', 'when']);
    if (!from && !to && !when) {
      throw new InvalidProps('options', options, 'from, to or when; AuthorizationRule.everything() matches all requests');
    }
    return new AuthorizationRule({ from, to, when });
  }

  /** All requests. */
  public static everything(): AuthorizationRule {
    return new AuthorizationRule({});
  }

  /** @internal */
  public readonly _class = 'AuthorizationRule';

  private constructor(private readonly parts: AuthorizationRuleOptions) {}

  /** What the rule judges requests by, with the part that does. @internal */
  public _evidence(): (readonly [part: string, evidence: Evidence])[] {
    const { from = [], when = [] } = this.parts;
    return [
      ...from.flatMap((caller, index) => caller._evidence().map(evidence => [`from[${index}]`, evidence] as const)),
      ...when.flatMap(({ _evidence }, index) => _evidence === undefined ? [] : [[`when[${index}]`, _evidence] as const]),
    ];
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRules {
    const { from, to, when } = this.parts;
    return {
      from: from?.map(caller => ({ source: caller._render() })),
      to: to?.map(operation => ({ operation: operation._render() })),
      when: when?.map(condition => condition._render()),
    };
  }
}
