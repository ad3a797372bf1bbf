// One rule of an authorization policy: who, what, and under which further conditions.
import type { AuthorizationPolicySpecRules } from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { listOf, marked, objectOf, type PropType, requireProps, typeOf } from '../../base/prop-types';
import { CALLER, type Caller } from './caller';
import { Condition } from './condition';
import { Evidence } from './evidence';
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
      throw InvalidProps.value('', items.length === 0 ? items : items.length,
        `must be 1 to ${MAX_LENGTH} of them, or nothing at all: an empty list never matches`);
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
   * @throws InvalidProps for a rule without parts, which would match everything, for an empty list, and for parts that never hold together
   */
  public static of(options: AuthorizationRuleOptions): AuthorizationRule {
    const { from, to, when } = requireProps(OPTIONS, options, '', 'options');
    if (!from && !to && !when) {
      throw InvalidProps.value('options', options, 'must be from, to or when; AuthorizationRule.everything() matches all requests');
    }
    when?.forEach((condition, index) => condition._requireSatisfiable(`when[${index}]`, when));
    const without = from?.findIndex(caller => caller._isWithoutToken) ?? -1;
    if (without >= 0 && when?.some(condition => condition._needsToken)) {
      throw InvalidProps.value(`from[${without}]`, 'callers without a token',
        'must be other callers: a condition of the rule needs a token, so it could never match');
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

  /**
   * The part that only HTTP has, where the rule is not kept to ports: on TCP, a rule that denies forgets it and denies every connection.
   *
   * @internal
   */
  public _httpPart(): string | undefined {
    const { from = [], to = [], when = [] } = this.parts;
    if (when.some(condition => condition._isPort) || (to.length > 0 && to.every(operation => operation._namesPorts))) {
      return undefined;
    }
    const parts: (readonly [part: string, isHttp: boolean])[] = [
      ...from.map((caller, index) => [`from[${index}]`, caller._evidence().includes(Evidence.TOKEN)] as const),
      ...to.map((operation, index) => [`to[${index}]`, operation._isHttp && !operation._namesPorts] as const),
      ...when.map((condition, index) => [`when[${index}]`, condition._isHttp] as const),
    ];
    return parts.find(([, isHttp]) => isHttp)?.[0];
  }

  /** Throws for a host that a request with a port would not match, where that lets it pass. @internal */
  public _requireHostsOfAnyPort(prefix: string, allows: boolean): void {
    this.parts.to?.forEach((operation, index) => {
      refusedAt('', () => operation._requireHostsOfAnyPort(allows ? 'notHosts' : 'hosts'), `${prefix}to[${index}].`);
    });
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
