// Who may send what to whom: one AuthorizationPolicy.
// Facts: Istio 1.30, pilot/pkg/security/authz/builder/builder.go, pkg/config/validation/validation.go.
import { Construct } from 'constructs';
import type { AuthorizationPolicySpec, AuthorizationPolicySpecAction } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { oncePerApp } from '../../base/once-per-app';
import { BOOLEAN, listOf, objectOf, requireProps, TEXT, wordOf } from '../../base/prop-types';
import { AUTHORIZATION_RULE, type AuthorizationRule } from './authorization-rule';
import { noteDenial } from './connection-denials';
import { Evidence } from './evidence';
import { POLICY_SCOPE, type PolicyScope, requirePods } from './policy-scope';
import { AUTHORIZATION_POLICY } from '../wire/istio-kinds';
import { addPolicy, DRY_RUN, named, nameFromId } from './security-policy';

/**
 * What happens to the requests that a rule matches. A proxy asks in this order: CUSTOM, then DENY, then ALLOW. Where no ALLOW policy
 * applies to a workload, what nothing denied is allowed; where one does, only what a rule of one allows.
 */
export enum AuthorizationAction {
  /** They are allowed. All others are refused, unless another ALLOW policy matches them. */
  ALLOW = 'ALLOW',
  /** They are refused, whatever any ALLOW policy says. */
  DENY = 'DENY',
  /** They are marked, for a plugin that writes them down; nothing else changes. */
  AUDIT = 'AUDIT',
  /** An external service is asked, and may refuse them. Requests that no rule matches are not sent to it. */
  CUSTOM = 'CUSTOM',
}

/** Props of an `AuthorizationPolicy`. */
export interface AuthorizationPolicyProps {
  /** Where the policy applies. */
  readonly scope: PolicyScope;

  /** The rules, at least one; a request is matched where one of them matches. */
  readonly rules: AuthorizationRule[];

  /**
   * What happens to the requests that a rule matches.
   *
   * @default AuthorizationAction.ALLOW
   */
  readonly action?: AuthorizationAction;

  /**
   * The external service that CUSTOM asks, by the name that it has among the `extensionProviders` of the mesh configuration. If there is
   * none of the name, the requests are refused. A workload can have one provider only, so a second one for a scope is refused.
   *
   * It is asked before tokens are validated and knows no identity: rules with CUSTOM look at addresses and at the request itself.
   *
   * @default - none; needed with CUSTOM, refused without
   */
  readonly provider?: string;

  /**
   * Whether the policy only counts and logs what it would do (metrics and logs of Envoy's RBAC filter). With ALLOW and DENY.
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

/** Limit of the CRD, from Istio 1.32 on. */
const MAX_RULES = 512;
const RULES = listOf(AUTHORIZATION_RULE);
const PROPS = objectOf<AuthorizationPolicyProps>({
  scope: POLICY_SCOPE, rules: RULES, action: wordOf(AuthorizationAction), provider: TEXT, dryRun: BOOLEAN, policyName: TEXT,
}, ['scope', 'rules']);

/** What an external service cannot be asked about: it stands before tokens and identities are looked at. */
const UNKNOWN_TO_CUSTOM: readonly Evidence[] = [Evidence.IDENTITY, Evidence.TOKEN];

/** The provider that CUSTOM asks, by scope: Istio denies what two of them are to be asked about (pilot/pkg/security/authz/builder/builder.go). */
const PROVIDERS = oncePerApp<string>();

/** Who may send what to whom. */
export class AuthorizationPolicy extends Construct {
  /** What happens to the requests that a rule matches. */
  public readonly action: AuthorizationAction;
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy. */
  public readonly policyNamespace: string;
  private readonly where: PolicyScope;
  private readonly rules: AuthorizationRule[] = [];

  /** @throws InvalidProps for a rule that could never match where the policy applies, and for values that Istio would refuse */
  public constructor(scope: Construct, id: string, props: AuthorizationPolicyProps) {
    super(scope, id);
    const { path } = this.node;
    const { scope: where, rules, action = AuthorizationAction.ALLOW, provider, dryRun = false } = requireProps(PROPS, props, path);
    this.where = where;
    this.action = action;
    requirePods(where, path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? nameFromId(id), path);
    this.policyNamespace = where.policyNamespace;
    this.requireFitting(provider, dryRun);
    if (rules.length === 0) {
      throw InvalidProps.value('rules', rules, 'must be at least one rule; AllowNothing is the policy that refuses everything', path);
    }
    rules.forEach((rule, index) => this.take(`rules[${index}]`, rule));
    this.requireOneProvider(provider);

    const identity = { name: this.policyName, namespace: where.policyNamespace, ...(dryRun ? { annotations: DRY_RUN } : {}) };
    addPolicy(this, 'Resource', AUTHORIZATION_POLICY, identity, (): AuthorizationPolicySpec => ({
      ...where._render(),
      action: action as unknown as AuthorizationPolicySpecAction,
      provider: provider === undefined ? undefined : { name: provider },
      rules: this.rules.map(rule => rule._render()),
    }));
  }

  /** Adds a rule: a further alternative. @throws InvalidProps for a rule that could never match where the policy applies */
  public addRule(rule: AuthorizationRule): void {
    this.take('rule', requireProps(AUTHORIZATION_RULE, rule, this.node.path, 'rule'));
  }

  private requireFitting(provider: string | undefined, dryRun: boolean): void {
    const { path } = this.node;
    const custom = this.action === AuthorizationAction.CUSTOM;
    if (custom ? provider === undefined || !/^\S+$/.test(provider) : provider !== undefined) {
      const allowed = custom ? 'the name of an extensionProvider of the mesh configuration' : 'nothing: only CUSTOM asks a provider';
      throw InvalidProps.value('provider', provider, `must be ${allowed}`, path);
    }
    if (dryRun && this.action !== AuthorizationAction.ALLOW && this.action !== AuthorizationAction.DENY) {
      throw InvalidProps.value('dryRun', dryRun, 'must be false with CUSTOM and AUDIT', path);
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
        `must be ${other}, which another policy asks for the same scope: of two, Istio would deny the requests`, this.node.path);
    }
    providers.set(key, provider);
  }

  private take(prop: string, rule: AuthorizationRule): void {
    if (this.rules.length === MAX_RULES) {
      throw InvalidProps.value(prop, this.rules.length + 1, `must be at most ${MAX_RULES} rules in a policy`, this.node.path);
    }
    for (const [part, evidence] of rule._evidence()) {
      const unknown = this.action === AuthorizationAction.CUSTOM && UNKNOWN_TO_CUSTOM.includes(evidence);
      const instead = unknown ? 'another condition: a provider is asked before identities and tokens are known' : this.where._whyNot(evidence);
      if (instead !== undefined) {
        throw InvalidProps.value(`${prop}.${part}`, evidence, `must be ${instead}`, this.node.path);
      }
    }
    this.requireEffective(prop, rule);
    this.rules.push(rule);
  }

  /** What requests and connections would get around, or be caught by unawares. */
  private requireEffective(prop: string, rule: AuthorizationRule): void {
    if (this.action === AuthorizationAction.AUDIT) {
      return;
    }
    named(this.node.path, {}, () => rule._requireHostsOfAnyPort(`${prop}.`, this.action === AuthorizationAction.ALLOW));
    if (this.action !== AuthorizationAction.ALLOW) {
      noteDenial(this, this.where, rule, part => [`${prop}.${part}`, 'what only HTTP has']);
    }
  }
}
