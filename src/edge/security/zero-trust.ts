// Zero trust: what nobody declared is refused. Deny by default in every namespace, and a policy for each workload with its callers.
import { Construct } from 'constructs';
import type { AuthorizationPolicySpec, AuthorizationPolicySpecAction } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { oncePerApp } from '../../base/once-per-app';
import { BOOLEAN, listOf, objectOf, type PropTypes, requireProps, TEXT, TEXTS } from '../../base/prop-types';
import { AUTHORIZATION_RULE, AuthorizationRule, type AuthorizationRuleOptions } from './authorization-rule';
import { Caller } from './caller';
import { GATEWAY_WORKLOAD, type IGatewayWorkload } from '../gateway-workload/service';
import { PolicyScope, requirePods } from './policy-scope';
import { AUTHORIZATION_POLICY } from '../wire/istio-kinds';
import { addPolicy, DRY_RUN, named, type PolicyIdentity } from './security-policy';
import { hasSidecar, type IWorkload, requireWorkload } from '../workload/workload';

/** The choices about zero trust. */
export interface ZeroTrustOptions {
  /**
   * Service account of the gateway's pods.
   *
   * @default - as the gateway says; needed for gateways that do not
   */
  readonly gatewayServiceAccount?: string;

  /**
   * Trust domain of the gateway's identity.
   *
   * @default 'cluster.local', which Istio takes for the mesh's own, whatever that is called
   */
  readonly trustDomain?: string;

  /**
   * What clients may ask of the gateway: any of these rules. Needed where the gateway is in a namespace that is denied by default, because
   * its clients would be refused too; `AuthorizationRule.everything()` lets them all in.
   *
   * @default - anything, as far as no other policy denies it
   */
  readonly gatewayClients?: AuthorizationRule[];

  /**
   * Whether the policies only count and log what they would refuse: the way to find the callers that nobody declared.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Root namespace of the mesh. Policies there reach the pods of every namespace, so workloads in it are refused.
   *
   * @default 'istio-system'
   */
  readonly rootNamespace?: string;

  /**
   * What the names of the policies begin with; the name of the workload follows.
   *
   * @default 'zero-trust'; at an edge its name
   */
  readonly policyName?: string;
}

/** Props of `ZeroTrust`. */
export interface ZeroTrustProps extends ZeroTrustOptions {
  /**
   * The gateway that clients come in by.
   *
   * @default - none; `allowGateway` is refused then
   */
  readonly gateway?: IGatewayWorkload;

  /**
   * Namespaces to protect from the start.
   *
   * @default - none; those of the workloads that are named follow
   */
  readonly namespaces?: string[];
}

const OPTIONS: PropTypes<ZeroTrustOptions> = {
  gatewayServiceAccount: TEXT, trustDomain: TEXT, gatewayClients: listOf(AUTHORIZATION_RULE), dryRun: BOOLEAN, rootNamespace: TEXT, policyName: TEXT,
};
const WANTED = objectOf<ZeroTrustOptions>(OPTIONS);
const PROPS = objectOf<ZeroTrustProps>({ ...OPTIONS, gateway: GATEWAY_WORKLOAD, namespaces: TEXTS });

/** The props here, by what a caller calls them. */
const ACCOUNT_PROPS = { serviceAccount: 'gatewayServiceAccount', name: 'gatewayServiceAccount' };

/** Who denies by default in a namespace of the app, and whether for good. */
interface Protected {
  readonly path: string;
  readonly dryRun: boolean;
}

/** A gateway of the app, and whether a policy allows its clients. */
interface KnownGateway {
  readonly namespace: string;
  readonly hasClients: boolean;
}

const PROTECTED = oncePerApp<Protected>();
const GATEWAYS = oncePerApp<KnownGateway>();

/**
 * Denies by default, and allows what is declared: the gateway to the workloads that it routes to, and callers inside the mesh.
 *
 * Callers are told by the identity that mutual TLS proves, so a plain connection is refused too. Two declarations for one workload are
 * alternatives, whichever construct makes them. Probes of the kubelet, merged metrics (15020) and status ports (15021) stay open; a
 * Prometheus that scrapes a port of the application is a caller to declare.
 */
export class ZeroTrust extends Construct {
  /** Zero trust where options are given. @internal */
  public static _ifWanted(scope: Construct, id: string, props: ZeroTrustProps, options: ZeroTrustOptions | undefined): ZeroTrust | undefined {
    return options && new ZeroTrust(scope, id, { ...props, ...requireProps(WANTED, options, scope.node.path, 'zeroTrust') });
  }

  /** Whether the policies only count and log what they would refuse. */
  public readonly dryRun: boolean;
  private readonly gateway: Caller | undefined;
  private readonly rootNamespace: string;
  private readonly policyName: string;
  private readonly rules = new Map<string, AuthorizationRule[]>();
  private readonly pods = new Map<string, string>();

  /** @throws InvalidProps for a namespace that cannot be, or the root namespace */
  public constructor(scope: Construct, id: string, props: ZeroTrustProps = {}) {
    super(scope, id);
    const { path } = this.node;
    const { gateway, gatewayClients, dryRun = false, namespaces = [] } = requireProps(PROPS, props, path);
    this.dryRun = dryRun;
    this.rootNamespace = requireDnsLabel('rootNamespace', props.rootNamespace ?? 'istio-system', path);
    this.policyName = requireDnsLabel('policyName', props.policyName ?? 'zero-trust', path);
    this.gateway = gateway && named(path, ACCOUNT_PROPS, () => Caller.gateway(gateway, props.gatewayServiceAccount, props.trustDomain));
    this.takeClients(gateway, gatewayClients);
    namespaces.forEach(namespace => this.protectNamespace(namespace));
  }

  /**
   * Refuses everything in a namespace that no policy allows. Once for each namespace of an app: further calls change nothing.
   *
   * @throws InvalidProps for the root namespace of the mesh, for that of a gateway without `gatewayClients`, or where another part of the
   * app has it with another `dryRun`
   */
  public protectNamespace(namespace: string): void {
    const { path } = this.node;
    requireDnsLabel('namespace', namespace, path);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('namespace', namespace,
        'must be a namespace other than the root namespace of the mesh, where every namespace and gateway would be meant', path);
    }
    const known = PROTECTED(this);
    const other = known.get(namespace);
    if (other !== undefined && other.dryRun !== this.dryRun) {
      throw InvalidProps.value('dryRun', this.dryRun, `must be ${other.dryRun}, as ${other.path} has it for the namespace ${namespace}`, path);
    }
    this.requireClients(namespace);
    if (other === undefined) {
      known.set(namespace, { path, dryRun: this.dryRun });
      this.render(namespace, { name: 'allow-nothing', namespace }, () => ({}));
    }
  }

  /**
   * Allows the gateway to send requests to a workload, and denies by default in its namespace. Nothing for one without a sidecar, such as
   * an external service.
   *
   * @throws InvalidProps for a workload in the root namespace, and where the gateway or its service account is not known
   */
  public allowGateway(workload: IWorkload): void {
    const { gateway } = this;
    if (gateway === undefined) {
      throw InvalidProps.value('gateway', undefined, 'must be the gateway that clients come in by', this.node.path);
    }
    named(this.node.path, {}, () => {
      if (hasSidecar(requireWorkload('workload', workload))) {
        this.add(workload, AuthorizationRule.of({ from: [gateway] }));
      }
    });
  }

  /**
   * Allows callers to send requests to a workload, and denies by default in its namespace.
   *
   * @param options who (`from`, which has to be there), and perhaps what (`to`) and under which conditions (`when`)
   * @throws InvalidProps for a workload in the root namespace, for a rule without callers, and for one that could never match
   */
  public allow(workload: IWorkload, options: AuthorizationRuleOptions): void {
    named(this.node.path, {}, () => {
      const rule = AuthorizationRule.of(options);
      if (options.from === undefined) {
        throw InvalidProps.value('from', undefined, 'must be the callers; Caller.anyInMesh() is every workload of the mesh');
      }
      this.add(workload, rule);
    });
  }

  private add(workload: IWorkload, rule: AuthorizationRule): void {
    const { namespace, serviceName, selector } = requireWorkload('workload', workload);
    const where = PolicyScope.workload(workload);
    if (namespace === this.rootNamespace) {
      throw InvalidProps.value('workload', `${namespace}/${serviceName}`,
        'must be a workload outside the root namespace of the mesh: a policy there reaches pods with the same labels in every namespace');
    }
    requirePods(where, this.node.path);
    requireJudgeable('', rule, where, this.node.path);
    this.protectNamespace(namespace);
    const key = `${namespace}.${serviceName}`;
    const known = this.rules.get(key);
    const rules = known ?? [];
    const pods = JSON.stringify(Object.entries(selector).sort());
    if (pods !== (this.pods.get(key) ?? pods)) {
      throw InvalidProps.value('workload', pods, `must be the labels ${this.pods.get(key)} of ${namespace}/${serviceName}, as it was told before`);
    }
    this.pods.set(key, pods);
    // Several routes to one workload ask for the same again.
    if (!rules.some(other => JSON.stringify(other._render()) === JSON.stringify(rule._render()))) {
      rules.push(rule);
    }
    if (known === undefined) {
      this.rules.set(key, rules);
      this.render(key, { name: `${this.policyName}-${serviceName}`, namespace, about: serviceName }, () => allowing(where, rules));
    }
  }

  private takeClients(gateway: IGatewayWorkload | undefined, rules: readonly AuthorizationRule[] | undefined): void {
    const { path } = this.node;
    if (rules !== undefined && (gateway === undefined || rules.length === 0)) {
      throw gateway === undefined ? InvalidProps.conflict('gatewayClients', rules.length, 'cannot be set without a gateway', path)
        : InvalidProps.value('gatewayClients', rules.length, 'must have at least one rule', path);
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
      rules.forEach((rule, index) => requireJudgeable(`gatewayClients[${index}].`, rule, where, path));
      this.render('Clients', { name: `${this.policyName}-clients`, namespace, about: serviceName }, () => allowing(where, rules));
    }
    if (PROTECTED(this).has(namespace)) {
      this.requireClients(namespace);
    }
  }

  /** What is denied by default in the namespace of a gateway is denied to its clients too. */
  private requireClients(namespace: string): void {
    const closed = [...GATEWAYS(this)].find(([, gateway]) => gateway.namespace === namespace && !gateway.hasClients);
    if (closed !== undefined) {
      throw InvalidProps.value('gatewayClients', undefined,
        `must be rules for the clients of the gateway ${closed[0]}, where its namespace is denied by default; AuthorizationRule.everything() takes all`,
        this.node.path);
    }
  }

  private render(id: string, identity: PolicyIdentity, spec: () => AuthorizationPolicySpec): void {
    addPolicy(this, id, AUTHORIZATION_POLICY, { ...identity, ...(this.dryRun ? { annotations: DRY_RUN } : {}) }, spec);
  }
}

function allowing(where: PolicyScope, rules: readonly AuthorizationRule[]): AuthorizationPolicySpec {
  return { ...where._render(), action: 'ALLOW' as AuthorizationPolicySpecAction, rules: rules.map(rule => rule._render()) };
}

function requireJudgeable(prefix: string, rule: AuthorizationRule, where: PolicyScope, path: string): void {
  for (const [part, evidence] of rule._evidence()) {
    const instead = where._whyNot(evidence);
    if (instead !== undefined) {
      throw InvalidProps.value(prefix + part, evidence, `must be ${instead}`, path);
    }
  }
  named(path, {}, () => rule._requireHostsOfAnyPort(prefix, true));
}
