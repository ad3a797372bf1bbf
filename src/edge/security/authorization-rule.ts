// One rule of an authorization policy: who may do what, under which conditions.
import type { AuthorizationPolicySpecRules } from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { instanceOf, requireProps } from '../../base/prop-types';
import { type Caller } from './caller';
import { AttributeSource, Condition } from './condition';
import { type Operation } from './operation';

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

/** Throws for an empty list, and for one that exceeds Istio's limit. */
function requireSome(prop: string, list: readonly unknown[] | undefined): void {
  if (list?.length === 0) {
    throw InvalidProps.value(prop, list, 'must not be empty, because an empty list never matches; leave it out to match everything');
  }
  if (list !== undefined && list.length > MAX_LENGTH) {
    throw InvalidProps.value(prop, list.length, `must contain at most ${MAX_LENGTH} entries`);
  }
}

/** A value that one of the makers of `AuthorizationRule` returns. */
export const AUTHORIZATION_RULE = instanceOf<AuthorizationRule>('AuthorizationRule');

/** One rule of an authorization policy. A request matches the policy if it matches any rule. */
export class AuthorizationRule {
  /**
   * Requests that match all given parts.
   *
   * @throws InvalidProps for a rule without parts, which would match everything, for an empty list, and for parts that exclude each other
   */
  public static of(options: AuthorizationRuleOptions): AuthorizationRule {
    const { from, to, when } = requireProps('AuthorizationRuleOptions', options, '', 'options');
    requireSome('from', from);
    requireSome('to', to);
    requireSome('when', when);
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
      // Every other condition of an operation only applies to HTTP.
      ...to.map((operation, index) => [`to[${index}]`, !operation._namesPorts] as const),
      ...when.map((condition, index) => [`when[${index}]`, condition._isHttp] as const),
    ];
    return parts.find(([, isHttp]) => isHttp)?.[0];
  }

  /** The hosts of the operations, by their fields. @internal */
  public get _hosts(): (readonly [field: string, host: string])[] {
    return (this.parts.to ?? []).flatMap((operation, index) => operation._hosts.map(([field, host]) => [`to[${index}].${field}`, host] as const));
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
