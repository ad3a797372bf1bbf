// One rule of an authorization policy: who may do what, under which conditions.
import type { AuthorizationPolicySpecRules } from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { listOf, marked, objectOf, type PropType, requireProps, typeOf } from '../../base/prop-types';
import { CALLER, type Caller } from './caller';
import { AttributeSource, Condition } from './condition';
import { OPERATION, type Operation } from './operation';

/** The parts of a rule. A request has to match all parts that are set. */
export interface AuthorizationRuleOptions {
  /**
   * Who sends the request: any of these callers.
   *
   * @default - anyone
   */
  readonly from?: Caller[];

  /**
   * What the request does: any of these operations.
   *
   * @default - anything
   */
  readonly to?: Operation[];

  /**
   * Additional conditions: all of them.
   *
   * @default - none
   */
  readonly when?: Condition[];
}

/** Istio's limit on the lists of a policy (CRD of Istio 1.32; 1.30 has none). */
const MAX_LENGTH = 512;

const CONDITION = typeOf<Condition>('a condition made by oneOf or noneOf of an Attribute, such as Attribute.claim([\'group\']).oneOf([\'admin\'])',
  value => value instanceof Condition);
const OPTIONS = objectOf<AuthorizationRuleOptions>({ from: someOf(CALLER), to: someOf(OPERATION), when: someOf(CONDITION) });

function someOf<T>(item: PropType<T>): PropType<T[]> {
  const list = listOf(item);
  return value => {
    const items = list(value);
    if (items.length === 0) {
      throw InvalidProps.value('', items, 'must not be empty, because an empty list never matches; leave it out to match everything');
    }
    if (items.length > MAX_LENGTH) {
      throw InvalidProps.value('', items.length, `must contain at most ${MAX_LENGTH} entries`);
    }
    return items;
  };
}

/** A value that one of the makers of `AuthorizationRule` returns. */
export const AUTHORIZATION_RULE = marked<AuthorizationRule>('AuthorizationRule', 'of({ from: [Caller.anyInMesh()] })');

/** One rule of an authorization policy. A request matches the policy if it matches any rule. */
export class AuthorizationRule {
  /**
   * Requests that match all given parts.
   *
   * @throws InvalidProps for a rule without parts, which would match everything, for an empty list, and for parts that exclude each other
   */
  public static of(options: AuthorizationRuleOptions): AuthorizationRule {
    const { from, to, when } = requireProps(OPTIONS, options, '', 'options');
    if (!from && !to && !when) {
      throw InvalidProps.value('options', options, 'must set from, to or when; use AuthorizationRule.everything() to match all requests');
    }
    when?.forEach((condition, index) => condition._requireSatisfiable(`when[${index}]`, when));
    const without = from?.findIndex(caller => caller._isWithoutToken) ?? -1;
    if (without >= 0 && when?.some(condition => condition._needsToken)) {
      throw InvalidProps.conflict(`from[${without}]`, 'callers without a token',
        'matches callers without a token, but a condition in when needs one, so the rule can never match');
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

  /** What a proxy needs to see to evaluate the rule, with the part that needs it. @internal */
  public _sources(): (readonly [part: string, source: AttributeSource])[] {
    const { from = [], when = [] } = this.parts;
    return [
      ...from.flatMap((caller, index) => caller._sources().map(source => [`from[${index}]`, source] as const)),
      ...when.flatMap(({ _source }, index) => _source === undefined ? [] : [[`when[${index}]`, _source] as const]),
    ];
  }

  /**
   * The first part that only applies to HTTP, unless the rule is limited to ports. On TCP, Istio drops such parts from a DENY rule, which
   * then denies every connection.
   *
   * @internal
   */
  public _httpPart(): string | undefined {
    const { from = [], to = [], when = [] } = this.parts;
    if (when.some(condition => condition._isPort) || (to.length > 0 && to.every(operation => operation._namesPorts))) {
      return undefined;
    }
    const parts: (readonly [part: string, isHttp: boolean])[] = [
      ...from.map((caller, index) => [`from[${index}]`, caller._sources().includes(AttributeSource.TOKEN)] as const),
      ...to.map((operation, index) => [`to[${index}]`, operation._isHttp && !operation._namesPorts] as const),
      ...when.map((condition, index) => [`when[${index}]`, condition._isHttp] as const),
    ];
    return parts.find(([, isHttp]) => isHttp)?.[0];
  }

  /** Throws for a host that does not match requests with a port in the Host header, if that lets them bypass the rule. @internal */
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
