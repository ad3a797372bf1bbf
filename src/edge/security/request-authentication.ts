// Tokens of clients: which are valid (RequestAuthentication), and that there is one (AuthorizationPolicy).
// Facts: Istio 1.30, pilot/pkg/security/authn/policy_applier.go.
import { Construct } from 'constructs';
import type {
  AuthorizationPolicySpec, AuthorizationPolicySpecAction, RequestAuthenticationSpec, RequestAuthenticationSpecJwtRules,
} from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { BOOLEAN, listOf, NUMBER, objectOf, requireProps, TEXT, TEXTS } from '../../base/prop-types';
import { AuthorizationRule } from './authorization-rule';
import { Caller } from './caller';
import { noteDenial } from './connection-denials';
import { JWT_RULE, type JwtRule, renderJwtRule } from './jwt-rule';
import { Operation, type OperationOptions } from './operation';
import { POLICY_SCOPE, type PolicyScope, requirePods } from './policy-scope';
import { AUTHORIZATION_POLICY, REQUEST_AUTHENTICATION } from '../wire/istio-kinds';
import { addPolicy, DRY_RUN, named, nameFromId } from './security-policy';

/** Props of a `RequestAuthentication`. */
export interface RequestAuthenticationProps {
  /** Where tokens are validated. For routes that ask for claims it has to be the gateway: `PolicyScope.gateway()`. */
  readonly scope: PolicyScope;

  /** Issuers whose tokens are valid, at least one. A request with a token that none of them accepts is answered 401. */
  readonly jwtRules: JwtRule[];

  /**
   * Whether requests without a token are refused, with 403, by an AuthorizationPolicy that denies them. A RequestAuthentication alone
   * lets them pass.
   *
   * @default true
   */
  readonly requireToken?: boolean;

  /**
   * Paths that need no token, written as in `Operation`: `/healthz`, `/public/*`.
   *
   * @default - none
   */
  readonly publicPaths?: string[];

  /**
   * Methods that need no token. Browsers send preflight requests (OPTIONS) without token: name `OPTIONS` where pages of other origins call.
   *
   * @default - none
   */
  readonly publicMethods?: string[];

  /**
   * Hosts whose requests need a token, written as in `Operation`, without `*` at the beginning: a port would get around that.
   *
   * @default - all hosts
   */
  readonly tokenHosts?: string[];

  /**
   * Ports of the pods that need a token. Name those of HTTP where a workload has TCP ports too: a TCP connection brings no token, so it
   * would be refused. Needed at a gateway with TCP or TLS routes.
   *
   * @default - all ports
   */
  readonly tokenPorts?: number[];

  /**
   * Whether the missing token is only counted and logged. Invalid tokens are refused all the same.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the RequestAuthentication. The AuthorizationPolicy has it too, with `-required` behind it.
   *
   * @default - the id of the construct, in lower case with hyphens: `WebLogin` becomes `web-login`
   */
  readonly policyName?: string;
}

const PROPS = objectOf<RequestAuthenticationProps>({
  scope: POLICY_SCOPE,
  // What a rule consists of is checked where it is rendered.
  jwtRules: listOf(JWT_RULE),
  requireToken: BOOLEAN,
  publicPaths: TEXTS,
  publicMethods: TEXTS,
  tokenHosts: TEXTS,
  tokenPorts: listOf(NUMBER),
  dryRun: BOOLEAN,
  policyName: TEXT,
}, ['scope', 'jwtRules']);

/** What the requirement of a token says about requests; refused where there is none. */
const ABOUT_TOKENS = ['publicPaths', 'publicMethods', 'tokenHosts', 'tokenPorts', 'dryRun'] as const;

/** Where the props go in an operation. */
const OPERATION_PROPS = { hosts: 'tokenHosts', ports: 'tokenPorts', notMethods: 'publicMethods', notPaths: 'publicPaths' } as const;

/**
 * Validates the tokens of clients, and refuses requests that have none.
 *
 * Rules on claims are an `AuthorizationPolicy` of the same scope with `Attribute.claim()`. Routes by claims (`ClaimMatch`) need the scope to
 * be the gateway. A gateway takes the token away, unless `forwardOriginalToken` leaves it for the workload.
 */
export class RequestAuthentication extends Construct {
  /** Name of the RequestAuthentication. */
  public readonly policyName: string;
  /** Namespace of the RequestAuthentication. */
  public readonly policyNamespace: string;

  /** @throws InvalidProps for a rule without issuer or keys, and for values that Istio would refuse or that could never match */
  public constructor(scope: Construct, id: string, props: RequestAuthenticationProps) {
    super(scope, id);
    const { path } = this.node;
    const { scope: where, jwtRules, requireToken = true } = requireProps(PROPS, props, path);
    requirePods(where, path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? nameFromId(id), path);
    this.policyNamespace = where.policyNamespace;
    const rules = this.rendered(jwtRules);
    const identity = { name: this.policyName, namespace: where.policyNamespace };
    addPolicy(this, 'Resource', REQUEST_AUTHENTICATION, identity, (): RequestAuthenticationSpec => ({ ...where._render(), jwtRules: rules }));

    const idle = ABOUT_TOKENS.find(prop => props[prop] !== undefined);
    if (requireToken) {
      this.addRequirement(props);
    } else if (idle !== undefined) {
      throw InvalidProps.conflict(idle, props[idle], 'cannot be set, where no token is required', path);
    }
  }

  private rendered(jwtRules: readonly JwtRule[]): RequestAuthenticationSpecJwtRules[] {
    if (jwtRules.length === 0) {
      throw InvalidProps.value('jwtRules', jwtRules, 'must be at least one issuer', this.node.path);
    }
    return named(this.node.path, {}, () => jwtRules.map((rule, index) => renderJwtRule(`jwtRules[${index}]`, rule)));
  }

  private addRequirement(props: RequestAuthenticationProps): void {
    const given = Object.entries(OPERATION_PROPS).filter(([, prop]) => props[prop] !== undefined);
    const options = Object.fromEntries(given.map(([field, prop]) => [field, props[prop]])) as OperationOptions;
    const to = given.length === 0 ? undefined : [named(this.node.path, OPERATION_PROPS, () => {
      const operation = Operation.of(options);
      operation._requireHostsOfAnyPort('hosts');
      return operation;
    })];
    const rule = AuthorizationRule.of({ from: [Caller.withoutToken()], to });
    noteDenial(this, props.scope, rule, () => ['tokenPorts', props.tokenPorts]);
    const identity = {
      name: `${this.policyName}-required`, namespace: this.policyNamespace, about: this.policyName, ...(props.dryRun ? { annotations: DRY_RUN } : {}),
    };
    addPolicy(this, 'Requirement', AUTHORIZATION_POLICY, identity, (): AuthorizationPolicySpec => ({
      ...props.scope._render(), action: 'DENY' as AuthorizationPolicySpecAction, rules: [rule._render()],
    }));
  }
}
