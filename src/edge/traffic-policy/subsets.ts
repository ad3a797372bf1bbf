// The versions of a workload, and how clients treat it: the one DestinationRule of its host.
import { Construct } from 'constructs';
import { DestinationRule, type DestinationRuleSpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { isExportedTo, requireExportTo } from '../../base/export-to';
import { recommendedLabels, requireLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { type ClientPolicy, requireClients } from './client-policy';
import type { Fields } from '../wire/istio-fields';
import { PlainObject } from '../wire/plain-object';
import { renderTrafficPolicy, type TrafficPolicy } from './traffic-policy';
import { type IWorkload } from '../workload/workload';

/** What is different about one version. */
export interface VersionOptions {
  /**
   * Labels of the pods of the version.
   *
   * @default - the version label of the workload, with the version as its value
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * How clients treat the version. A block that stands here, such as `connectionPool`, takes the place of the whole block of the workload;
   * an entry for a port takes the place of all blocks (Istio 1.30, pilot/pkg/networking/util/util.go).
   *
   * @default - as they treat the workload
   */
  readonly trafficPolicy?: TrafficPolicy;
}

/** Props of `Subsets`. */
export interface SubsetsProps {
  /** The workload; every version of it becomes a subset. */
  readonly workload: IWorkload;

  /**
   * How clients treat the workload. A workload without versions can have one too.
   *
   * @default - Istio's own: least request, no bounds, no pod is left out
   */
  readonly trafficPolicy?: TrafficPolicy;

  /**
   * What is different about single versions, by their names.
   *
   * @default - all alike
   */
  readonly versions?: { readonly [version: string]: VersionOptions };

  /**
   * How certain clients treat the workload, in place of `trafficPolicy`.
   *
   * @default - all alike
   */
  readonly clients?: ClientPolicy[];

  /**
   * Namespaces whose clients see the versions and policies: names, `.` for that of the workload, `*` alone for all. For a client that does
   * not see them, a route to a version fails: the namespaces of the gateways have to be among them.
   *
   * @default - all namespaces
   */
  readonly exportTo?: string[];

  /**
   * Says that no pod of the workload has a sidecar. Policies may then say `tls`: TLS that the pods understand by themselves.
   *
   * @default false
   */
  readonly withoutSidecar?: boolean;
}

type Spec = Fields<DestinationRuleSpec>;

const DECLARED = oncePerApp<Subsets>();

/** The rules that routes asked for. One that a user declares takes their place. */
const AUTOMATIC = new WeakSet<Subsets>();

/**
 * One DestinationRule with all versions of a workload, and with the policies of its clients.
 *
 * It stands in the Service's namespace, where every gateway and sidecar looks for it, and leaves TLS alone, so that Istio's automatic
 * mTLS stays on. All versions are listed, whether a route uses them or not: a subset has to be there before its route is.
 *
 * A route that names a version makes one by itself where there is none. It gives way to one that is declared, before the route or after.
 *
 * Policies of certain clients stand in DestinationRules of their own. Istio asks no further where a namespace has a rule for the host
 * that takes other pods only (Istio 1.30, pilot/pkg/model/sidecar.go), so a namespace with such clients gets a copy for its other pods.
 */
export class Subsets extends Construct {
  /**
   * The subsets of a workload, made in `scope` unless another chart of the app has them already: two DestinationRules for one host
   * would compete.
   *
   * @internal
   */
  public static _ensure(scope: Construct, workload: IWorkload): Subsets {
    const found = DECLARED(scope).get(workload.host);
    if (found && found.workload.versionLabel !== workload.versionLabel) {
      throw InvalidProps.value('versionLabel', workload.versionLabel,
        `must be ${found.workload.versionLabel}, as ${found.node.path} has it for ${workload.host}`, scope.node.path);
    }
    const missing = found && workload.versions.find(version => !found.workload.versions.includes(version));
    if (found && missing !== undefined) {
      throw InvalidProps.value('versions', missing,
        `must be the versions that ${found.node.path} declares for ${workload.host}: ${found.workload.versions.join(', ') || 'none'}`, scope.node.path);
    }
    if (found) {
      return found;
    }
    const made = new Subsets(scope, `Subsets-${workload.host}`, { workload });
    AUTOMATIC.add(made);
    return made;
  }

  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @throws InvalidProps for a workload without versions and policies, one that is declared already, or without a version that a route
   * names, and for policies that Istio would refuse
   */
  public constructor(scope: Construct, id: string, props: SubsetsProps) {
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

/** A DestinationRule to be. */
interface Rule {
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  readonly spec: () => Spec;
}

/** The rules, checked. One that a route asked for makes room for them. */
function rulesOf(scope: Construct, path: string, props: SubsetsProps): Rule[] {
  const { workload, clients } = requireProps('SubsetsProps', props, path);
  return refusedAt(path, () => {
    const automatic = requireUndeclared(scope, workload);
    const rules = [generalRule(props), ...clients ? clientRules(props, clients) : []];
    automatic?.node.scope!.node.tryRemoveChild(automatic.node.id);
    return rules;
  });
}

/** Returns the rule that a route asked for, if there is one, or throws when it cannot be replaced. */
function requireUndeclared(scope: Construct, workload: IWorkload): Subsets | undefined {
  const other = DECLARED(scope).get(workload.host);
  if (!other) {
    return undefined;
  }
  if (!AUTOMATIC.has(other)) {
    throw InvalidProps.value('workload', workload.host, `must be a workload whose subsets are not declared yet; ${other.node.path} has them`);
  }
  const { versionLabel, versions } = other.workload;
  if (versionLabel !== workload.versionLabel) {
    throw InvalidProps.value('workload.versionLabel', workload.versionLabel, `must be ${versionLabel}, as a route has it for ${workload.host}`);
  }
  if (versions.some(version => !workload.versions.includes(version))) {
    throw InvalidProps.value('workload.versions', workload.versions, `must be all versions that a route has for ${workload.host}: ${versions.join(', ')}`);
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
    throw InvalidProps.value('workload', workload.host, 'must be a workload with versions, or one with a traffic policy');
  }
  return { ...rule, spec: () => specOf(props, workload.namespace, 'trafficPolicy') };
}

function clientRules(props: SubsetsProps, clients: ClientPolicy[]): Rule[] {
  const { workload, exportTo } = props;
  requireClients('clients', clients);
  const prefix = `${workload.serviceName}.${workload.namespace}`;
  const own = clients.map(({ name, namespace, labels, trafficPolicy }, index): Rule => {
    if (exportTo && !isExportedTo(namespace, exportTo, workload.namespace)) {
      throw InvalidProps.value(`clients[${index}].namespace`, namespace, `must be a namespace of exportTo: ${exportTo.join(', ')}`);
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

/** Writes what all rules of a workload have. @param namespace that of the rule @param prop name of the policy */
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
