// Who may send which requests: one AuthorizationPolicy.
// Facts: Istio 1.30, pilot/pkg/security/authz/builder/builder.go, pkg/config/validation/validation.go.
import { Construct } from 'constructs';
import {
  AuthorizationPolicy as IstioAuthorizationPolicy, type AuthorizationPolicySpec, type AuthorizationPolicySpecAction,
} from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { requirePassedAtSynth } from '../../base/passed-hosts';
import { AUTHORIZATION_RULE, type AuthorizationRule } from './authorization-rule';
import { AttributeSource } from './condition';
import { type PolicyScope, requirePods } from './policy-scope';
import { registerHttpOnlyDenial } from '../gateway-workload/layer4-gateway';
import { addPolicy, DRY_RUN, nameFromId } from './security-policy';

/**
 * What happens to requests that match a rule. A proxy evaluates CUSTOM policies first, then DENY, then ALLOW. If no ALLOW policy applies
 * to a workload, everything that was not denied is allowed. If one does, only requests that match a rule of an ALLOW policy are allowed.
 */
export enum AuthorizationAction {
  /** Allows them. All other requests are denied, unless another ALLOW policy matches them. */
  ALLOW = 'ALLOW',
  /** Denies them, even if an ALLOW policy matches them. */
  DENY = 'DENY',
  /** Marks them for an audit plugin. Nothing else changes. */
  AUDIT = 'AUDIT',
  /** Asks an external authorizer, which can deny them. Requests that match no rule are not sent to it. */
  CUSTOM = 'CUSTOM',
}

/** Props of `AuthorizationPolicy.denyAll`. */
export interface DenyAllProps {
  /** What the policy applies to. */
  readonly scope: PolicyScope;

  /**
   * Whether the policy only logs and counts what it would deny.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default - the id of the construct, in lower case with hyphens: `DenyAll` becomes `deny-all`
   */
  readonly policyName?: string;
}

/** Props of an `AuthorizationPolicy`. */
export interface AuthorizationPolicyProps {
  /** What the policy applies to. */
  readonly scope: PolicyScope;

  /** The rules, at least one. A request matches the policy if it matches any rule. */
  readonly rules: AuthorizationRule[];

  /**
   * What happens to requests that match a rule.
   *
   * @default AuthorizationAction.ALLOW
   */
  readonly action?: AuthorizationAction;

  /**
   * The external authorizer for CUSTOM, by its name in `extensionProviders` of the mesh configuration. If that list does not have the name,
   * the requests are denied. Istio supports one provider per workload, so a second provider for the same scope is rejected.
   *
   * The authorizer runs before tokens are validated and identities are known, so CUSTOM rules can only match on addresses and the request
   * itself.
   *
   * @default - none; required for CUSTOM, not allowed otherwise
   */
  readonly provider?: string;

  /**
   * Whether the policy only logs and counts what it would do (logs and metrics of Envoy's RBAC filter). For ALLOW and DENY.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default - the id of the construct, in lower case with hyphens: `ApiCallers` becomes `api-callers`
   */
  readonly policyName?: string;
}

/** Limit of the CRD since Istio 1.32. */
const MAX_RULES = 512;

/** The rules of `AuthorizationPolicy.denyAll`. Any other empty list is a mistake. */
const NO_RULES: AuthorizationRule[] = [];

/** What an external authorizer cannot see, because it runs before tokens and identities are evaluated. */
const UNKNOWN_TO_CUSTOM: readonly AttributeSource[] = [AttributeSource.IDENTITY, AttributeSource.TOKEN];

/** The provider for CUSTOM, by scope. With two providers Istio denies the requests (pilot/pkg/security/authz/builder/builder.go). */
const PROVIDERS = oncePerApp<string>();

/** Who may send which requests to a workload, a gateway, a namespace or the mesh. */
export class AuthorizationPolicy extends Construct {
  /**
   * Denies all requests that no ALLOW policy matches: an ALLOW policy without rules (`spec: {}`).
   *
   * Three kinds of requests still get through: kubelet probes, which sidecar injection redirects to the agent (15020), scrapes of merged
   * metrics at the agent, and the status port of a gateway (15021). If Prometheus scrapes a port of the application, allow it explicitly.
   *
   * @param parent the scope of the construct; jsii does not allow the name of a prop here
   * @throws InvalidProps for an invalid name, or one that another policy already has
   */
  public static denyAll(parent: Construct, id: string, props: DenyAllProps): AuthorizationPolicy {
    const path = parent.node.path ? `${parent.node.path}/${id}` : id;
    return new AuthorizationPolicy(parent, id, { ...requireProps('DenyAllProps', props, path), rules: NO_RULES });
  }

  /** What happens to requests that match a rule. */
  public readonly action: AuthorizationAction;
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy. */
  public readonly policyNamespace: string;
  private readonly where: PolicyScope;
  private readonly rules: AuthorizationRule[] = [];

  /** @throws InvalidProps for a rule that can never match in this scope, and for values that Istio would reject */
  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { path } = this.node;
    const { scope: where, rules, action = AuthorizationAction.ALLOW, provider, dryRun = false } = requireProps('AuthorizationPolicyProps', props, path);
    this.where = where;
    this.action = action;
    requirePods(where, path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? nameFromId(id), path);
    this.policyNamespace = where.policyNamespace;
    this.requireMatchingAction(provider, dryRun);
    if (rules.length === 0 && rules !== NO_RULES) {
      throw InvalidProps.value('rules', rules, 'must contain at least one rule; use AuthorizationPolicy.denyAll() to deny everything', path);
    }
    rules.forEach((rule, index) => this.add(`rules[${index}]`, rule));
    this.requireOneProvider(provider);
    if (where._gateway !== undefined) {
      requirePassedAtSynth(this, where._gateway, () => this.rules.flatMap((rule, index) => (
        rule._hosts.map(([field, host]) => [`rules[${index}].${field}`, host] as const))));
    }

    const identity = { name: this.policyName, namespace: where.policyNamespace, ...(dryRun ? { annotations: DRY_RUN } : {}) };
    addPolicy(this, 'Resource', IstioAuthorizationPolicy.GVK, identity, () => renderAuthorization(where, this.rules, action, provider));
  }

  /** Adds a rule as a further alternative. @throws InvalidProps for a rule that can never match in this scope */
  public addRule(rule: AuthorizationRule): void {
    this.add('rule', requireProps(AUTHORIZATION_RULE, rule, this.node.path, 'rule'));
  }

  private requireMatchingAction(provider: string | undefined, dryRun: boolean): void {
    const { path } = this.node;
    const { action } = this;
    if (action === AuthorizationAction.CUSTOM) {
      if (provider === undefined) {
        throw InvalidProps.missing('provider', 'when action is CUSTOM', path);
      }
      if (!/^\S+$/.test(provider)) {
        throw InvalidProps.value('provider', provider, 'must be the name of an extensionProvider in the mesh configuration', path);
      }
    } else if (provider !== undefined) {
      throw InvalidProps.conflict('provider', provider, `cannot be set when action is ${action}; only CUSTOM uses a provider`, path);
    }
    if (dryRun && action !== AuthorizationAction.ALLOW && action !== AuthorizationAction.DENY) {
      throw InvalidProps.conflict('dryRun', dryRun, `cannot be set when action is ${action}; Istio supports it for ALLOW and DENY`, path);
    }
  }

  private requireOneProvider(provider: string | undefined): void {
    const providers = PROVIDERS(this);
    const { targetRefs, selector } = this.where._render();
    const key = JSON.stringify([this.policyNamespace, targetRefs, selector && Object.entries(selector.matchLabels).sort()]);
    const other = providers.get(key);
    if (provider === undefined || other === provider) {
      return;
    }
    if (other !== undefined) {
      throw InvalidProps.value('provider', provider,
        `must be ${other}, which another policy uses for the same scope; with two providers Istio would deny the requests`, this.node.path);
    }
    providers.set(key, provider);
  }

  private add(prop: string, rule: AuthorizationRule): void {
    const { path } = this.node;
    if (this.rules.length === MAX_RULES) {
      throw InvalidProps.value(prop, this.rules.length + 1, `must not exceed ${MAX_RULES} rules per policy`, path);
    }
    for (const [part, source] of rule._sources()) {
      if (this.action === AuthorizationAction.CUSTOM && UNKNOWN_TO_CUSTOM.includes(source)) {
        throw InvalidProps.conflict(`${prop}.${part}`, source,
          `cannot match on ${source} when action is CUSTOM, because the provider is asked before identities and tokens are known`, path);
      }
    }
    requireVisible(`${prop}.`, rule, this.where, path);
    this.requireEffective(prop, rule);
    this.rules.push(rule);
  }

  /** Rejects rules that requests could bypass, and rules that would also deny TCP connections. */
  private requireEffective(prop: string, rule: AuthorizationRule): void {
    if (this.action === AuthorizationAction.AUDIT) {
      return;
    }
    refusedAt(this.node.path, () => rule._requireHostsOfAnyPort(`${prop}.`, this.action === AuthorizationAction.ALLOW));
    const part = rule._httpPart();
    if (this.action !== AuthorizationAction.ALLOW && part !== undefined && this.where._layer4Gateway !== undefined) {
      registerHttpOnlyDenial(this, this.where._layer4Gateway, { prop: `${prop}.${part}`, value: 'an HTTP-only condition' });
    }
  }
}

/** Throws for a rule on something that the proxies in the scope cannot see. */
export function requireVisible(prefix: string, rule: AuthorizationRule, scope: PolicyScope, path: string): void {
  for (const [part, source] of rule._sources()) {
    const limitation = scope._limitation(source);
    if (limitation !== undefined) {
      throw InvalidProps.conflict(prefix + part, source, limitation, path);
    }
  }
}

/** Renders the spec of a policy. An ALLOW policy without rules denies everything, and Istio's way to write it is an empty spec. */
export function renderAuthorization(
  scope: PolicyScope, rules: readonly AuthorizationRule[], action = AuthorizationAction.ALLOW, provider?: string,
): AuthorizationPolicySpec {
  return rules.length === 0 ? { ...scope._render() } : {
    ...scope._render(),
    action: action as unknown as AuthorizationPolicySpecAction,
    provider: provider === undefined ? undefined : { name: provider },
    rules: rules.map(rule => rule._render()),
  };
}
