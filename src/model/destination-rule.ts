// DestinationRules and the subsets they declare, found in the order in which Istio looks for them.
import { HostIndex } from './host-index';
import { Manifest, nameOf, namespaceOf } from './manifest';
import { asList, asObject, asText, asTexts } from './plain-json';
import { completeHost } from './service-host';

/** The mesh's root namespace, whose rules apply to everyone. A mesh setting; this is its default. */
export const ROOT_NAMESPACE = 'istio-system';

/** A DestinationRule, read tolerantly. */
export interface DestinationRule {
  readonly name: string;
  readonly namespace: string;
  /** Complete host, possibly a wildcard. */
  readonly host: string;
  readonly subsets: readonly string[];
  readonly exportTo: readonly string[];
  /** Applies to some client pods only. */
  readonly selective: boolean;
}

/** All DestinationRules of the input. */
export class DestinationRules {
  private readonly everywhere = new HostIndex<DestinationRule>();
  private readonly byNamespace = new Map<string, HostIndex<DestinationRule>>();

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const rule = readDestinationRule(manifest);
      const index = this.byNamespace.get(rule.namespace) ?? new HostIndex();
      this.byNamespace.set(rule.namespace, index);
      index.add(rule.host, rule);
      this.everywhere.add(rule.host, rule);
    }
  }

  /** Every rule for the host, wherever it is, most specific host first. */
  public anywhere(host: string): DestinationRule[] {
    return this.everywhere.all(host);
  }

  /**
   * The rules that a client in a namespace uses for a host: its own namespace, then the Service's, then the root namespace,
   * and the first that has one ends the search (Istio 1.30 pilot/pkg/model/push_context.go destinationRule). A client in
   * the root namespace sees public rules of its own only in the last step.
   *
   * Rules of one step are taken together, and rules with a workloadSelector do not end the search: which of them a pod
   * gets depends on its labels and on creation times, which manifests do not tell.
   */
  public usedBy(client: string, host: string, serviceNamespaces: readonly string[]): DestinationRule[] {
    const used: DestinationRule[] = [];
    const own = client === ROOT_NAMESPACE ? isPrivateTo : isExportedTo;
    const steps: [string, typeof own][] = [[client, own], ...serviceNamespaces.map((home): [string, typeof own] => [home, isExportedTo]),
      [ROOT_NAMESPACE, isExportedTo]];
    for (const [namespace, isSeenBy] of steps) {
      const seen = this.in(namespace, host).filter(rule => isSeenBy(client, rule));
      used.push(...seen);
      if (seen.some(rule => !rule.selective)) {
        break;
      }
    }
    return used;
  }

  private in(namespace: string, host: string): readonly DestinationRule[] {
    return this.byNamespace.get(namespace)?.best(host) ?? [];
  }
}

/** The names of all subsets that the rules declare, sorted. */
export function subsetsOf(rules: readonly DestinationRule[]): string[] {
  return [...new Set(rules.flatMap(rule => rule.subsets))].sort();
}

/** Whether clients in a namespace see an object; an empty `exportTo` means everybody. */
export function isExportedTo(namespace: string, { exportTo, namespace: own }: Pick<DestinationRule, 'exportTo' | 'namespace'>): boolean {
  return exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(namespace) || (exportTo.includes('.') && own === namespace);
}

function isPrivateTo(namespace: string, rule: DestinationRule): boolean {
  return isExportedTo(namespace, rule) && rule.exportTo.length > 0 && !rule.exportTo.includes('*');
}

function readDestinationRule(manifest: Manifest): DestinationRule {
  const spec = asObject(manifest.object.spec);
  const namespace = namespaceOf(manifest);
  return {
    name: nameOf(manifest),
    namespace,
    host: completeHost(asText(spec.host) ?? '', namespace),
    subsets: asList(spec.subsets).flatMap(subset => asText(asObject(subset).name) ?? []),
    exportTo: asTexts(spec.exportTo),
    selective: spec.workloadSelector !== undefined && spec.workloadSelector !== null,
  };
}
