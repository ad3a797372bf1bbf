// The versions of a workload and its traffic policies: the DestinationRule of its host.
import { Construct } from 'constructs';
import { DestinationRule, type DestinationRuleSpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isExportedTo, requireExportTo } from '../../base/istio/export-to';
import { recommendedLabels, requireLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { type ClientPolicy, requireClients } from './client-policy';
import type { Fields } from '../wire/istio-fields';
import { requireInternalId } from '../wire/internal-id';
import { PlainObject } from '../wire/plain-object';
import { renderTrafficPolicy, type TrafficPolicy } from './traffic-policy';
import { type IWorkload } from '../workload/workload';

/** Options of one version. */
export interface VersionOptions {
  /**
   * Labels of the version's pods.
   *
   * @default - the version label of the workload, with the version as its value
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Traffic policy of the version. A block in it, such as `connectionPool`, replaces the whole block of the workload's policy;
   * an entry for a port replaces all blocks (Istio 1.30, pilot/pkg/networking/util/util.go).
   *
   * @default - the policy of the workload
   */
  readonly trafficPolicy?: TrafficPolicy;
}

/** Props of `Subsets`. */
export interface SubsetsProps {
  /** The workload; every version of it becomes a subset. */
  readonly workload: IWorkload;

  /**
   * Traffic policy of the workload. A workload without versions can have one too.
   *
   * @default - Istio's defaults: least request, no limits, no outlier detection
   */
  readonly trafficPolicy?: TrafficPolicy;

  /**
   * Options of individual versions, by name.
   *
   * @default - all versions are treated alike
   */
  readonly versions?: { readonly [version: string]: VersionOptions };

  /**
   * Policies for certain clients, which replace `trafficPolicy` for them.
   *
   * @default - the same policy for all clients
   */
  readonly clients?: ClientPolicy[];

  /**
   * Namespaces whose clients see the versions and policies: names, `.` for the workload's namespace, only `*` for all. A route to a version
   * fails for clients that do not see it, so include the namespaces of the gateways.
   *
   * @default - all namespaces
   */
  readonly exportTo?: string[];

  /**
   * Whether none of the workload's pods has a sidecar. Policies may then set `tls`, for TLS that the pods themselves terminate.
   *
   * @default false
   */
  readonly withoutSidecar?: boolean;
}

type Spec = Fields<DestinationRuleSpec>;

const DECLARED = oncePerApp<Subsets>();

/** The rules that routes created automatically. One that the user declares replaces them. */
const AUTOMATIC = new WeakSet<Subsets>();

/**
 * One DestinationRule with all versions of a workload and its traffic policies.
 *
 * It is in the Service's namespace, where every gateway and sidecar looks for it, and does not set TLS, so that Istio's automatic
 * mTLS stays on. It lists all versions, whether or not a route uses them: a subset must exist before its route does.
 *
 * A route that names a version creates one automatically. If you declare one, before or after the route, yours replaces it.
 *
 * Policies for certain clients are in separate DestinationRules. If a namespace has a rule for the host, Istio does not look further, even
 * for pods that the rule does not select (Istio 1.30, pilot/pkg/model/sidecar.go), so a namespace with such clients gets a copy for its
 * other pods.
 */
export class Subsets extends Construct {
  /**
   * The subsets of a workload, created in `scope` unless another chart of the app already has them: two DestinationRules for one host
   * would conflict.
   *
   * @internal
   */
  public static _ensure(scope: Construct, workload: IWorkload): Subsets {
    const found = Subsets._find(scope, workload);
    if (found) {
      return found;
    }
    const made = new Subsets(scope, idOf(workload), { workload });
    AUTOMATIC.add(made);
    return made;
  }

  /**
   * The subsets of a workload, if a chart of the app has them. Changes nothing.
   *
   * @throws InvalidProps if they lack one of its versions, and if the id of new subsets is taken
   * @internal
   */
  public static _find(scope: Construct, workload: IWorkload): Subsets | undefined {
    const found = DECLARED(scope).get(workload.host);
    if (!found) {
      requireInternalId(scope, idOf(workload), 'DestinationRules');
      return undefined;
    }
    if (found.workload === workload) {
      return found;
    }
    if (found.workload.versionLabel !== workload.versionLabel) {
      throw InvalidProps.value('versionLabel', workload.versionLabel,
        `must be ${found.workload.versionLabel}, the version label of ${workload.host} in ${found.node.path}`, scope.node.path);
    }
    const missing = workload.versions.find(version => !found.workload.versions.includes(version));
    if (missing !== undefined) {
      throw InvalidProps.value('versions', missing,
        `must be one of the versions that ${found.node.path} declares for ${workload.host}: ${found.workload.versions.join(', ') || 'none'}`, scope.node.path);
    }
    return found;
  }

  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @throws InvalidProps for a workload without versions and policies, a workload whose subsets are already declared, a missing version that
   * a route names, and policies that Istio would refuse
   */
  public constructor(scope: Construct, id: string, props: SubsetsProps) {
    requireChartScopeAndId(scope, id);
    const rules = rulesOf(scope, [scope.node.path, id].filter(part => part !== '').join('/'), props);
    super(scope, id);
    this.workload = props.workload;
    DECLARED(this).set(this.workload.host, this);
    rules.forEach(({ id: own, name, namespace, spec }) => {
      const metadata = { name, namespace, labels: recommendedLabels(this.workload.serviceName, 'routing') };
      new PlainObject(this, own, { ...DestinationRule.GVK, metadata }, spec);
    });
  }
}

/** The id of subsets that a route creates. */
function idOf({ host }: IWorkload): string {
  return `Subsets-${host}`;
}

/** A DestinationRule to render. */
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly spec: () => Spec;
}

/** The validated rules. They replace an automatic one. */
function rulesOf(scope: Construct, path: string, props: SubsetsProps): Rule[] {
  const { workload, clients } = requireProps('SubsetsProps', props, path);
  return refusedAt(path, () => {
    const automatic = requireUndeclared(scope, workload);
    const rules = [generalRule(props), ...clients ? clientRules(props, clients) : []];
    automatic?.node.scope!.node.tryRemoveChild(automatic.node.id);
    return rules;
  });
}

/** Returns the automatic rule, if there is one. Throws if the workload's subsets are already declared, or if the rule cannot be replaced. */
function requireUndeclared(scope: Construct, workload: IWorkload): Subsets | undefined {
  const other = DECLARED(scope).get(workload.host);
  if (!other) {
    return undefined;
  }
  if (!AUTOMATIC.has(other)) {
    throw InvalidProps.duplicate('workload', workload.host, `declared in ${other.node.path}`);
  }
  const { versionLabel, versions } = other.workload;
  if (versionLabel !== workload.versionLabel) {
    throw InvalidProps.value('workload.versionLabel', workload.versionLabel,
      `must be ${versionLabel}, the version label that a route uses for ${workload.host}`);
  }
  if (versions.some(version => !workload.versions.includes(version))) {
    throw InvalidProps.value('workload.versions', workload.versions,
      `must include all versions that a route uses for ${workload.host}: ${versions.join(', ')}`);
  }
  return other;
}

function generalRule(props: SubsetsProps): Rule {
  const { workload, trafficPolicy, versions, clients = [], exportTo } = props;
  const rule = { id: 'Resource', name: workload.serviceName, namespace: workload.namespace };
  if (trafficPolicy || versions || exportTo) {
    Object.keys(versions ?? {}).filter(version => !workload.versions.includes(version)).forEach(version => {
      throw InvalidProps.value(`versions.${version}`, versions![version], `must be a version of the workload: ${workload.versions.join(', ') || 'none'}`);
    });
    const seen = exportTo && requireExportTo('exportTo', exportTo, workload.namespace);
    const spec = { exportTo: seen, ...specOf(props, workload.namespace, 'trafficPolicy', trafficPolicy) };
    return { ...rule, spec: () => spec };
  }
  if (workload.versions.length === 0 && clients.length === 0) {
    throw InvalidProps.value('workload', workload.host, 'must have versions or a traffic policy');
  }
  return { ...rule, spec: () => specOf(props, workload.namespace, 'trafficPolicy') };
}

function clientRules(props: SubsetsProps, clients: ClientPolicy[]): Rule[] {
  const { workload, exportTo } = props;
  requireClients('clients', clients);
  const prefix = `${workload.serviceName}.${workload.namespace}`;
  const own = clients.map(({ name, namespace, labels, trafficPolicy }, index): Rule => {
    if (exportTo && !isExportedTo(namespace, exportTo, workload.namespace)) {
      throw InvalidProps.value(`clients[${index}].namespace`, namespace, `must be in exportTo: ${exportTo.join(', ')}`);
    }
    const spec = { ...specOf(props, namespace, `clients[${index}].trafficPolicy`, trafficPolicy), workloadSelector: { matchLabels: { ...labels } } };
    return { id: `Clients.${namespace}.${name}`, name: `${prefix}.${name}`, namespace, spec: () => spec };
  });
  const elsewhere = new Set(clients.map(({ namespace }) => namespace).filter(namespace => namespace !== workload.namespace));
  const copies = [...elsewhere].map((namespace): Rule => {
    const spec = { exportTo: ['.'], ...specOf(props, namespace, 'trafficPolicy', props.trafficPolicy) };
    return { id: `Clients.${namespace}`, name: prefix, namespace, spec: () => spec };
  });
  return [...own, ...copies];
}

/** The part that all rules of a workload share. @param namespace namespace of the rule @param prop name of the policy */
function specOf(props: SubsetsProps, namespace: string, prop: string, trafficPolicy?: TrafficPolicy): Spec {
  const { workload, versions = {}, withoutSidecar = false } = props;
  const subsets = workload.versions.map(name => {
    const { labels, trafficPolicy: policy } = versions[name] ?? {};
    const own = `versions.${name}`;
    return {
      name,
      labels: labels ? requireLabels(`${own}.labels`, labels) : { [workload.versionLabel]: name },
      trafficPolicy: policy && renderTrafficPolicy(`${own}.trafficPolicy`, policy, { namespace, withoutSidecar, inherited: trafficPolicy }),
    };
  });
  return {
    host: workload.host,
    trafficPolicy: trafficPolicy && renderTrafficPolicy(prop, trafficPolicy, { namespace, withoutSidecar }),
    subsets: subsets.length > 0 ? subsets : undefined,
  };
}
