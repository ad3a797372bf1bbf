// DestinationRules: which one applies to a client and a host, merged from all that istiod merges.
import { isExportedTo } from '../../base/istio/export-to';
import { Kind } from '../../manifests/kind';
import { PlainObject, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { Config, Configs, Labels, Place, readLabels, selects } from './config';
import { HostIndex } from '../../base/host-index';
import { completeHost } from '../../base/istio/names';
import { Service } from './services';
import { MeshSettings } from './settings';

/** A subset with its own labels and settings. */
export interface Subset extends Place {
  readonly name: string;
  readonly labels: Labels;
  readonly trafficPolicy?: PlainObject;
}

/** One rule, or several of one host merged. */
export interface DestinationRule extends Place {
  readonly config: Config;
  readonly host: string;
  /** The objects that it consists of, the one of highest precedence first. */
  readonly from: readonly Config[];
  readonly subsets: ReadonlyMap<string, Subset>;
  readonly trafficPolicy?: PlainObject;
  readonly exportTo: readonly string[];
  /** Labels of the client pods that it applies to; absent for all. */
  readonly workloadSelector?: Labels;
}

/** The rules of one namespace and visibility, found by host. */
class RuleSet {
  private readonly byHost = new Map<string, DestinationRule[]>();
  /** Made for the first wildcard: most of the sets, of which each namespace has two, have none. */
  private wildcards?: HostIndex<string>;

  /** Merges the rule with what the host has (Istio 1.30, pilot/pkg/model/destination_rule.go mergeDestinationRule). */
  public add(rule: DestinationRule): void {
    const known = this.byHost.get(rule.host);
    if (known === undefined) {
      if (rule.host.startsWith('*')) {
        (this.wildcards ??= new HostIndex()).add(rule.host, rule.host);
      }
      this.byHost.set(rule.host, [rule]);
      return;
    }
    let separate = true;
    known.forEach((existing, index) => {
      const equal = sameSet(rule.exportTo, existing.exportTo);
      if (!equal && !(existing.exportTo.length > 0 && existing.exportTo.every(entry => rule.exportTo.includes(entry)))) {
        separate = true;
        return;
      }
      separate = !equal;
      const [own, other] = [rule.workloadSelector, existing.workloadSelector];
      const alike = own === undefined ? other === undefined : other !== undefined && sameLabels(own, other);
      if (own !== undefined && other !== undefined && !alike) {
        separate = true;
        return;
      }
      separate = separate && !alike;
      known[index] = merged(existing, rule);
    });
    if (separate) {
      known.push(rule);
    }
  }

  /** The rules of the most specific host that covers this one. */
  public find(host: string): readonly DestinationRule[] {
    const exact = this.byHost.get(host);
    const [best] = exact ? [] : this.wildcards?.mostSpecific(host) ?? [];
    return exact ?? (best === undefined ? [] : this.byHost.get(best)!);
  }
}

/** The client that a rule applies to. */
export interface RuleClient {
  readonly namespace: string;
  readonly labels: Labels;
}

/** All DestinationRules (Istio 1.30, pilot/pkg/model/push_context.go:2063-2125 and 1259-1345). */
export class DestinationRules {
  /** The rules as written, one for each object. */
  public readonly all: readonly DestinationRule[];
  private readonly local = new Map<string, RuleSet>();
  private readonly exported = new Map<string, RuleSet>();
  private readonly rootLocal = new RuleSet();

  public constructor(configs: Configs, private readonly settings: MeshSettings) {
    this.all = configs.of(Kind.DESTINATION_RULE).map(config => readDestinationRule(config, settings));
    [...this.all.filter(rule => rule.workloadSelector), ...this.all.filter(rule => !rule.workloadSelector)].forEach(rule => this.add(rule));
  }

  /** The rule in force: the client's namespace comes first, then the Service's, then the root namespace; the host that fits best within each. */
  public find(client: RuleClient, service: Service): DestinationRule | undefined {
    for (const rules of this.search(client.namespace, service.hostname, [service.namespace])) {
      if (rules.length > 0) {
        const selected = rules.find(({ config, workloadSelector }) => workloadSelector && config.namespace === client.namespace
          && selects(workloadSelector, client.labels));
        return selected ?? rules.filter(({ workloadSelector }) => !workloadSelector).at(-1);
      }
    }
    return undefined;
  }

  /**
   * The rules that may be in force for some client of a namespace: as {@link find}, but a rule for some client pods does not end the search,
   * because what labels the clients have is unknown.
   */
  public possible(client: string, hostname: string, serviceNamespaces: readonly string[]): DestinationRule[] {
    const used: DestinationRule[] = [];
    for (const rules of this.search(client, hostname, serviceNamespaces)) {
      used.push(...rules);
      if (rules.some(({ workloadSelector }) => !workloadSelector)) {
        break;
      }
    }
    return used;
  }

  private* search(client: string, hostname: string, serviceNamespaces: readonly string[]): Generator<readonly DestinationRule[]> {
    const own = client === this.settings.rootNamespace ? this.rootLocal : this.local.get(client);
    yield own?.find(hostname) ?? [];
    for (const namespace of [...serviceNamespaces, this.settings.rootNamespace]) {
      yield this.exportedFrom(namespace, hostname, client);
    }
  }

  private exportedFrom(namespace: string, host: string, client: string): readonly DestinationRule[] {
    return (this.exported.get(namespace)?.find(host) ?? [])
      .filter(({ exportTo }) => exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(client));
  }

  private add(rule: DestinationRule): void {
    const { namespace } = rule.config;
    const { exportTo } = rule;
    const isLocal = isExportedTo(namespace, exportTo, namespace);
    const isPrivate = exportTo.length === 0 ? this.settings.defaultDestinationRuleExportTo.includes('.')
      : new Set(exportTo).size === 1 && (exportTo[0] === '.' || exportTo[0] === namespace);
    if (isLocal) {
      setOf(this.local, namespace).add(rule);
    }
    if (!isPrivate) {
      setOf(this.exported, namespace).add(rule);
    } else if (namespace === this.settings.rootNamespace) {
      this.rootLocal.add(rule);
    }
  }
}

/** `trafficPolicy` for a port of a Service: an entry of `portLevelSettings` replaces all of it (Istio 1.30, pilot/pkg/networking/util/util.go:810-835). */
export function policyFor(policy: PlainObject | undefined, port: number): PlainObject {
  const level = asList(policy?.portLevelSettings).map(asObject).find(setting => asObject(setting.port).number === port);
  if (level === undefined) {
    return policy ?? {};
  }
  const { loadBalancer, connectionPool, outlierDetection, tls } = level;
  return { loadBalancer, connectionPool, outlierDetection, tls };
}

/** The policy of a subset for a port: its blocks replace those of the rule (Istio 1.30, pilot/pkg/model/destination_rule.go:179-202). */
export function subsetPolicyFor(rule: DestinationRule, subset: string, port: number): PlainObject {
  const outer = policyFor(rule.trafficPolicy, port);
  const own = rule.subsets.get(subset)?.trafficPolicy;
  if (own === undefined) {
    return outer;
  }
  const inner = policyFor(own, port);
  const isLevel = inner !== own;
  return { ...outer, ...Object.fromEntries(Object.entries(inner).filter(([, value]) => isLevel || (value !== undefined && value !== null))) };
}

function setOf(sets: Map<string, RuleSet>, namespace: string): RuleSet {
  const set = sets.get(namespace) ?? new RuleSet();
  sets.set(namespace, set);
  return set;
}

/** The first definition of a subset counts, and the first policy that there is. */
function merged(existing: DestinationRule, rule: DestinationRule): DestinationRule {
  const trafficPolicy = existing.trafficPolicy ?? rule.trafficPolicy;
  return {
    ...existing, from: [...existing.from, ...rule.from], subsets: new Map([...rule.subsets, ...existing.subsets]), ...(trafficPolicy ? { trafficPolicy } : {}),
  };
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.every(entry => b.includes(entry)) && b.every(entry => a.includes(entry));
}

function sameLabels(a: Labels, b: Labels): boolean {
  return a.size === b.size && selects(a, b);
}

function readDestinationRule(config: Config, settings: MeshSettings): DestinationRule {
  const { manifest, spec, namespace } = config;
  const selector = isObject(spec.workloadSelector) ? readLabels(spec.workloadSelector.matchLabels) : undefined;
  const subsets = new Map<string, Subset>();
  asList(spec.subsets).map(asObject).forEach((subset, index) => {
    const name = asText(subset.name) ?? '';
    const trafficPolicy = isObject(subset.trafficPolicy) ? { trafficPolicy: subset.trafficPolicy } : {};
    if (!subsets.has(name)) {
      subsets.set(name, { manifest, pointer: `/spec/subsets/${index}`, name, labels: readLabels(subset.labels), ...trafficPolicy });
    }
  });
  return {
    manifest,
    pointer: '/spec',
    config,
    host: completeHost(asText(spec.host) ?? '', namespace, settings.clusterDomain),
    from: [config],
    subsets,
    ...(isObject(spec.trafficPolicy) ? { trafficPolicy: spec.trafficPolicy } : {}),
    // A rule for some workloads is not exported.
    exportTo: selector ? ['.'] : asTexts(spec.exportTo),
    ...(selector ? { workloadSelector: selector } : {}),
  };
}
