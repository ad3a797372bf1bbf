// Zero trust: deny by default in every namespace, and one policy per workload with the callers that you declare.
import { Construct } from 'constructs';
import { AuthorizationPolicy, type AuthorizationPolicySpec } from '../../../imports/istio/security.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { renderAuthorization, requireVisible } from './authorization-policy';
import { AuthorizationRule, type AuthorizationRuleOptions } from './authorization-rule';
import { Caller } from './caller';
import { type IGatewayWorkload } from '../gateway-workload/service';
import { PolicyScope, requirePods } from './policy-scope';
import { addPolicy, DRY_RUN, named, type PolicyIdentity } from './security-policy';
import { hasSidecar, type IWorkload, requireWorkload } from '../workload/workload';

/** Options for zero trust. */
export interface ZeroTrustOptions {
  /**
   * Service account of the gateway's pods.
   *
   * @default - as the gateway declares; required for gateways that do not
   */
  readonly gatewayServiceAccount?: string;

  /**
   * Trust domain of the gateway's identity.
   *
   * @default 'cluster.local', which Istio replaces by the mesh's own trust domain
   */
  readonly trustDomain?: string;

  /**
   * What clients may request from the gateway: any of these rules. Required if the namespace of the gateway is denied by default, because
   * that would also deny its clients. `AuthorizationRule.everything()` allows all clients.
   *
   * @default - anything that no other policy denies
   */
  readonly gatewayClients?: AuthorizationRule[];

  /**
   * Whether the policies only log and count what they would deny. Use this to find callers that you have not declared yet.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Root namespace of the mesh. Policies in it apply to the pods of every namespace, so workloads in it are rejected.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;

  /**
   * Prefix for the names of the policies, followed by the name of the workload.
   *
   * @default 'zero-trust'; for an edge, the name of the edge
   */
  readonly policyName?: string;
}

/** Props of `ZeroTrust`. */
export interface ZeroTrustProps extends ZeroTrustOptions {
  /**
   * The gateway through which clients enter the mesh.
   *
   * @default - none; `allowGateway` is rejected
   */
  readonly gateway?: IGatewayWorkload;

  /**
   * Namespaces to protect from the start.
   *
   * @default - none; the namespaces of allowed workloads are added automatically
   */
  readonly namespaces?: string[];
}

/** The props here, by the parameter of `Caller.gateway`. */
const ACCOUNT_PROPS = { serviceAccount: 'gatewayServiceAccount', name: 'gatewayServiceAccount' };

/** A namespace of the app that is denied by default. */
interface ProtectedNamespace {
  readonly path: string;
  readonly dryRun: boolean;
}

/** A gateway of the app, and whether a policy allows its clients. */
interface KnownGateway {
  readonly namespace: string;
  readonly hasClients: boolean;
}

const PROTECTED = oncePerApp<ProtectedNamespace>();
const GATEWAYS = oncePerApp<KnownGateway>();

/**
 * Denies by default and allows what you declare: the gateway may call the workloads that it routes to, and callers inside the mesh may call
 * the workloads that you name.
 *
 * Callers are identified by mutual TLS, so plaintext connections are denied. Several declarations for one workload are alternatives, even
 * from different constructs. Kubelet probes, merged metrics (15020) and status ports (15021) stay reachable. If Prometheus scrapes a port
 * of the application, declare it as a caller.
 */
export class ZeroTrust extends Construct {
  /** Adds zero trust if options are given. @internal */
  public static _ifWanted(scope: Construct, id: string, props: ZeroTrustProps, options: ZeroTrustOptions | undefined): ZeroTrust | undefined {
    return options && new ZeroTrust(scope, id, { ...props, ...requireProps('ZeroTrustOptions', options, scope.node.path, 'zeroTrust') });
  }

  /** Whether the policies only log and count what they would deny. */
  public readonly dryRun: boolean;
  private readonly gateway: Caller | undefined;
  private readonly rootNamespace: string;
  private readonly policyName: string;
  private readonly rules = new Map<string, AuthorizationRule[]>();
  private readonly pods = new Map<string, string>();

  /** @throws InvalidProps for an invalid namespace and for the root namespace */
  public constructor(scope: Construct, id: string, props: ZeroTrustProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    const { path } = this.node;
    const { gateway, gatewayClients, dryRun = false, namespaces = [] } = requireProps('ZeroTrustProps', props, path);
    this.dryRun = dryRun;
    this.rootNamespace = requireDnsLabel('rootNamespace', props.rootNamespace ?? 'istio-system', path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? 'zero-trust', path);
    this.gateway = gateway && named(path, ACCOUNT_PROPS, () => Caller.gateway(gateway, props.gatewayServiceAccount, props.trustDomain));
    this.allowClients(gateway, gatewayClients);
    namespaces.forEach(namespace => this.protectNamespace(namespace));
  }

  /**
   * Denies everything in a namespace that no policy allows. Repeated calls for the same namespace have no effect.
   *
   * @throws InvalidProps for the root namespace of the mesh, for the namespace of a gateway without `gatewayClients`, and if another part of
   * the app protects it with a different `dryRun`
   */
  public protectNamespace(namespace: string): void {
    if (!this.isProtected(namespace)) {
      PROTECTED(this).set(namespace, { path: this.node.path, dryRun: this.dryRun });
      // The same object as AuthorizationPolicy.denyAll, without a construct of its own in the path.
      this.addPolicy(namespace, { name: 'allow-nothing', namespace }, () => renderAuthorization(PolicyScope.namespace(namespace, this.rootNamespace), []));
    }
  }

  /** Whether the namespace is denied by default. @throws InvalidProps if it must not be */
  private isProtected(namespace: string): boolean {
    const { path } = this.node;
    requireDnsLabel('namespace', namespace, path);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('namespace', namespace,
        'must not be the root namespace of the mesh, where the policy would deny all traffic in every namespace', path);
    }
    const other = PROTECTED(this).get(namespace);
    if (other !== undefined && other.dryRun !== this.dryRun) {
      throw InvalidProps.value('dryRun', this.dryRun, `must be ${other.dryRun}, as in ${other.path}, which also protects the namespace ${namespace}`, path);
    }
    this.requireClients(namespace);
    return other !== undefined;
  }

  /**
   * Allows the gateway to call a workload, and denies by default in the namespace of the workload. Has no effect for a workload without a
   * sidecar, such as an external service.
   *
   * @throws InvalidProps for a workload in the root namespace, and if the gateway or its service account is not known
   */
  public allowGateway(workload: IWorkload): void {
    const rule = this.gatewayRule();
    refusedAt(this.node.path, () => {
      if (hasSidecar(requireWorkload('workload', workload))) {
        this.add(workload, rule);
      }
    });
  }

  /** @internal */
  public _accept(workloads: readonly IWorkload[]): void {
    const rule = this.gatewayRule();
    const batch = new Map<string, string>();
    refusedAt(this.node.path, () => workloads.filter(workload => hasSidecar(requireWorkload('workload', workload))).forEach(workload => {
      const { key, pods } = this.requireAddable(workload, rule, batch);
      batch.set(key, pods);
    }));
  }

  /** @internal */
  public _reach(workload: IWorkload): void {
    this.allowGateway(workload);
  }

  /**
   * Allows callers to call a workload, and denies by default in the namespace of the workload.
   *
   * @param options the callers (`from`, required), what they may request (`to`) and further conditions (`when`)
   * @throws InvalidProps for a workload in the root namespace, for a rule without callers, and for a rule that can never match
   */
  public allow(workload: IWorkload, options: AuthorizationRuleOptions): void {
    refusedAt(this.node.path, () => {
      const rule = AuthorizationRule.of(options);
      if (options.from === undefined) {
        throw InvalidProps.missing('from', 'for allow(); use Caller.anyInMesh() to allow every workload of the mesh');
      }
      this.add(workload, rule);
    });
  }

  private gatewayRule(): AuthorizationRule {
    if (this.gateway === undefined) {
      throw InvalidProps.missing('gateway', 'for allowGateway()', this.node.path);
    }
    return AuthorizationRule.of({ from: [this.gateway] });
  }

  /**
   * Checks a rule for a workload.
   *
   * @param batch pods of workloads that are checked and not added yet
   * @returns the key of the workload and its pods
   */
  private requireAddable(workload: IWorkload, rule: AuthorizationRule, batch?: ReadonlyMap<string, string>): { readonly key: string; readonly pods: string } {
    const { namespace, serviceName, selector } = requireWorkload('workload', workload);
    const where = PolicyScope.workload(workload);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must not be in the root namespace of the mesh, where a policy applies to pods with the same labels in every namespace');
    }
    requirePods(where, this.node.path);
    requireEnforceable('', rule, where, this.node.path);
    this.isProtected(namespace);
    const key = `${namespace}.${serviceName}`;
    const pods = JSON.stringify(Object.entries(selector).sort());
    const before = this.pods.get(key) ?? batch?.get(key) ?? pods;
    if (pods !== before) {
      throw InvalidProps.conflict('workload', pods, `must have the labels ${before}, with which ${namespace}/${serviceName} was declared before`);
    }
    return { key, pods };
  }

  private add(workload: IWorkload, rule: AuthorizationRule): void {
    const { key, pods } = this.requireAddable(workload, rule);
    const { namespace, serviceName } = workload;
    const where = PolicyScope.workload(workload);
    this.protectNamespace(namespace);
    const known = this.rules.get(key);
    const rules = known ?? [];
    this.pods.set(key, pods);
    // Every route to a workload adds the same rule for the gateway.
    if (!rules.some(other => JSON.stringify(other._render()) === JSON.stringify(rule._render()))) {
      rules.push(rule);
    }
    if (known === undefined) {
      this.rules.set(key, rules);
      this.addPolicy(key, { name: `${this.policyName}-${serviceName}`, namespace, about: serviceName }, () => renderAuthorization(where, rules));
    }
  }

  private allowClients(gateway: IGatewayWorkload | undefined, rules: readonly AuthorizationRule[] | undefined): void {
    const { path } = this.node;
    if (rules !== undefined && gateway === undefined) {
      throw InvalidProps.conflict('gatewayClients', rules.length, 'cannot be set without gateway', path);
    }
    if (rules?.length === 0) {
      throw InvalidProps.value('gatewayClients', 0, 'must contain at least one rule', path);
    }
    if (gateway === undefined) {
      return;
    }
    const { workloadNamespace: namespace, serviceName } = gateway;
    const known = GATEWAYS(this);
    const key = `${namespace}/${serviceName}`;
    known.set(key, { namespace, hasClients: rules !== undefined || (known.get(key)?.hasClients ?? false) });
    if (rules !== undefined) {
      const where = PolicyScope.gateway(gateway);
      rules.forEach((rule, index) => requireEnforceable(`gatewayClients[${index}].`, rule, where, path));
      this.addPolicy('Clients', { name: `${this.policyName}-clients`, namespace, about: serviceName }, () => renderAuthorization(where, rules));
    }
    if (PROTECTED(this).has(namespace)) {
      this.requireClients(namespace);
    }
  }

  /** Denying by default in the namespace of a gateway also denies its clients. */
  private requireClients(namespace: string): void {
    const closed = [...GATEWAYS(this)].find(([, gateway]) => gateway.namespace === namespace && !gateway.hasClients);
    if (closed !== undefined) {
      throw InvalidProps.missing('gatewayClients',
        `because the namespace of the gateway ${closed[0]} is denied by default; use AuthorizationRule.everything() to allow all clients`, this.node.path);
    }
  }

  private addPolicy(id: string, identity: PolicyIdentity, spec: () => AuthorizationPolicySpec): void {
    addPolicy(this, id, AuthorizationPolicy.GVK, { ...identity, ...(this.dryRun ? { annotations: DRY_RUN } : {}) }, spec);
  }
}

function requireEnforceable(prefix: string, rule: AuthorizationRule, where: PolicyScope, path: string): void {
  requireVisible(prefix, rule, where, path);
  refusedAt(path, () => rule._requireHostsOfAnyPort(prefix, true));
}
