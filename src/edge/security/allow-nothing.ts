// Deny by default: the AuthorizationPolicy without rules.
import { Construct } from 'constructs';
import type { AuthorizationPolicySpec } from '../../../imports/istio/security.istio.io';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { BOOLEAN, objectOf, requireProps, TEXT } from '../../base/prop-types';
import { POLICY_SCOPE, type PolicyScope, requirePods } from './policy-scope';
import { AUTHORIZATION_POLICY } from '../wire/istio-kinds';
import { addPolicy, DRY_RUN, nameFromId } from './security-policy';

/** Props of `AllowNothing`. */
export interface AllowNothingProps {
  /** Where everything is refused that no other policy allows. */
  readonly scope: PolicyScope;

  /**
   * Whether the policy only counts and logs what it would do.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the AuthorizationPolicy.
   *
   * @default - the id of the construct, in lower case with hyphens: `AllowNothing` becomes `allow-nothing`
   */
  readonly policyName?: string;
}

const PROPS = objectOf<AllowNothingProps>({ scope: POLICY_SCOPE, dryRun: BOOLEAN, policyName: TEXT }, ['scope']);

/**
 * Refuses all requests that no ALLOW policy matches: an ALLOW policy that itself matches none (`spec: {}`).
 *
 * Three things still get through: the kubelet's probes, which injection leads to the agent (15020), the scraping of merged metrics
 * there, and the status port of a gateway (15021). A Prometheus that scrapes a port of the application needs to be allowed.
 */
export class AllowNothing extends Construct {
  /** Name of the AuthorizationPolicy. */
  public readonly policyName: string;
  /** Namespace of the AuthorizationPolicy. */
  public readonly policyNamespace: string;

  /** @throws InvalidProps for a name that cannot be, or that another policy has */
  public constructor(scope: Construct, id: string, props: AllowNothingProps) {
    super(scope, id);
    const { scope: where, dryRun = false } = requireProps(PROPS, props, this.node.path);
    requirePods(where, this.node.path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? nameFromId(id), this.node.path);
    this.policyNamespace = where.policyNamespace;
    const identity = { name: this.policyName, namespace: where.policyNamespace, ...(dryRun ? { annotations: DRY_RUN } : {}) };
    addPolicy(this, 'Resource', AUTHORIZATION_POLICY, identity, (): AuthorizationPolicySpec => where._render());
  }
}
