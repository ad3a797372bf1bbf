// Tokens of clients: which ones are valid (RequestAuthentication), and the requirement to send one (AuthorizationPolicy).
// Facts: Istio 1.30, pilot/pkg/security/authn/policy_applier.go.
import { Construct } from 'constructs';
import {
  AuthorizationPolicy, RequestAuthentication as IstioRequestAuthentication, type RequestAuthenticationSpec, type RequestAuthenticationSpecJwtRules,
} from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { meets, requirePassedAtSynth } from '../../base/passed-hosts';
import { AuthorizationAction, renderAuthorization } from './authorization-policy';
import { AuthorizationRule } from './authorization-rule';
import { Caller } from './caller';
import { type JwtRule, renderJwtRule } from './jwt-rule';
import { Operation, type OperationOptions } from './operation';
import { coversString } from './match-list';
import { type PolicyScope, requirePods } from './policy-scope';
import { registerHttpOnlyDenial } from '../gateway-workload/layer4-gateway';
import { preflightHosts } from '../gateway-workload/preflights';
import { addPolicy, DRY_RUN, named, nameFromId } from './security-policy';

/** Props of a `RequestAuthentication`. */
export interface RequestAuthenticationProps {
  /** Where tokens are validated. For routes that match on claims this has to be the gateway: `PolicyScope.gateway()`. */
  readonly scope: PolicyScope;

  /** Issuers whose tokens are valid, at least one. A request with a token that none of them accepts gets a 401 response. */
  readonly jwtRules: JwtRule[];

  /**
   * Whether requests without a token are denied with 403, by an additional AuthorizationPolicy. A RequestAuthentication alone lets them
   * pass.
   *
   * @default true
   */
  readonly requireToken?: boolean;

  /**
   * Paths that need no token, with the syntax of `Operation`: `/healthz`, `/public/*`.
   *
   * @default - none
   */
  readonly publicPaths?: string[];

  /**
   * Methods that need no token, on all `tokenHosts`. Browsers send preflight requests (OPTIONS) without a token: add `OPTIONS` if pages of other
   * origins call you. For methods of one host alone, set `requireToken` to false and add an `AuthorizationPolicy` for each host, with action DENY
   * and a rule from `Caller.withoutToken()` to `Operation.of({ hosts, notMethods })`.
   *
   * @default - none
   */
  readonly publicMethods?: string[];

  /**
   * Hosts that need a token, with the syntax of `Operation`. Must not start with `*`, because a port in the Host header would bypass that.
   *
   * @default - all hosts
   */
  readonly tokenHosts?: string[];

  /**
   * Ports of the pods that need a token. TCP connections carry no token and would be denied: if a workload also has TCP ports, list its
   * HTTP ports. Required at a gateway with TCP or TLS routes.
   *
   * @default - all ports
   */
  readonly tokenPorts?: number[];

  /**
   * Whether a missing token is only logged and counted. Requests with an invalid token are still denied.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the RequestAuthentication. The AuthorizationPolicy gets the same name with the suffix `-required`.
   *
   * @default - the id of the construct, in lower case with hyphens: `WebLogin` becomes `web-login`
   */
  readonly policyName?: string;
}

/** Props that only apply if a token is required. */
const REQUIREMENT_PROPS = ['publicPaths', 'publicMethods', 'tokenHosts', 'tokenPorts', 'dryRun'] as const;

/** The props here, by the field of the operation. */
const OPERATION_PROPS = { hosts: 'tokenHosts', ports: 'tokenPorts', notMethods: 'publicMethods', notPaths: 'publicPaths' } as const;

/**
 * Validates the tokens of clients, and denies requests without one.
 *
 * For rules on claims, add an `AuthorizationPolicy` with the same scope and `Attribute.claim()`. Routes that match on claims (`ClaimMatch`)
 * need the gateway as the scope. A gateway removes the token from the request, unless you set `forwardOriginalToken`.
 */
export class RequestAuthentication extends Construct {
  /** Name of the RequestAuthentication. */
  public readonly policyName: string;
  /** Namespace of the RequestAuthentication. */
  public readonly policyNamespace: string;

  /** @throws InvalidProps for a rule without issuer or keys, and for values that Istio would reject or that can never match */
  public constructor(scope: Construct, id: string, props: RequestAuthenticationProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { path } = this.node;
    const { scope: where, jwtRules, requireToken = true } = requireProps('RequestAuthenticationProps', props, path);
    requirePods(where, path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? nameFromId(id), path);
    this.policyNamespace = where.policyNamespace;
    const rules = this.rendered(jwtRules);
    const identity = { name: this.policyName, namespace: where.policyNamespace };
    addPolicy(this, 'Resource', IstioRequestAuthentication.GVK, identity, (): RequestAuthenticationSpec => ({ ...where._render(), jwtRules: rules }));

    const unused = REQUIREMENT_PROPS.find(prop => props[prop] !== undefined);
    if (requireToken) {
      this.addRequirement(props);
    } else if (unused !== undefined) {
      throw InvalidProps.conflict(unused, props[unused], 'cannot be set when requireToken is false', path);
    }
  }

  private rendered(jwtRules: readonly JwtRule[]): RequestAuthenticationSpecJwtRules[] {
    if (jwtRules.length === 0) {
      throw InvalidProps.value('jwtRules', jwtRules, 'must contain at least one issuer', this.node.path);
    }
    return refusedAt(this.node.path, () => jwtRules.map((rule, index) => renderJwtRule(`jwtRules[${index}]`, rule)));
  }

  /** A browser sends preflight requests without a token. Tokens in cookies and parameters need none, and public paths may be those of the routes. */
  private deniedPreflights({ jwtRules, publicMethods = [], publicPaths, tokenHosts, dryRun }: RequestAuthenticationProps, gateway: string): string[] {
    const needsPreflight = jwtRules.every(({ fromCookies, fromParams }) => fromCookies === undefined && fromParams === undefined);
    const admits = publicMethods.some(method => coversString(method, 'OPTIONS'));
    const host = preflightHosts(this, gateway).find(own => tokenHosts === undefined || tokenHosts.some(other => meets(own, other)));
    return host === undefined || !needsPreflight || admits || dryRun || publicPaths !== undefined ? []
      : [`publicMethods must contain OPTIONS: a route for ${host} has a CORS policy, and browsers send its preflight requests without a token`];
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
    const { tokenHosts, scope: { _gateway: gateway } } = props;
    if (gateway !== undefined && tokenHosts !== undefined) {
      requirePassedAtSynth(this, gateway, () => tokenHosts.map((host, index) => [`tokenHosts[${index}]`, host]));
    }
    if (rule._httpPart() !== undefined && props.scope._layer4Gateway !== undefined) {
      registerHttpOnlyDenial(this, props.scope._layer4Gateway, { prop: 'tokenPorts', value: props.tokenPorts });
    }
    if (gateway !== undefined) {
      this.node.addValidation({ validate: () => this.deniedPreflights(props, gateway) });
    }
    const identity = {
      name: `${this.policyName}-required`, namespace: this.policyNamespace, about: this.policyName, ...(props.dryRun ? { annotations: DRY_RUN } : {}),
    };
    addPolicy(this, 'Requirement', AuthorizationPolicy.GVK, identity, () => renderAuthorization(props.scope, [rule], AuthorizationAction.DENY));
  }
}
