// DestinationRules and the subsets they declare, found in the order in which Istio searches namespaces.
import { isExportedTo } from '../base/export-to';
import { HostIndex } from './host-index';
import { Manifest, nameOf, namespaceOf } from '../manifests/manifest';
import { asList, asObject, asText, asTexts } from '../manifests/plain-json';
import { completeHost } from './service-host';

/** The mesh's root namespace, whose rules apply to all clients. A mesh setting; this is its default. */
export const ROOT_NAMESPACE = 'istio-system';

/** A subset that a DestinationRule declares. */
export interface DeclaredSubset {
  readonly pointer: string;
  readonly name: string;
  /** Whether the subset has its own labels. */
  readonly hasLabels: boolean;
}

/** A DestinationRule, read tolerantly. */
export interface DestinationRule {
  readonly manifest: Manifest;
  readonly name: string;
  readonly namespace: string;
  /** Fully qualified host, possibly a wildcard. */
  readonly host: string;
  readonly subsets: readonly DeclaredSubset[];
  readonly exportTo: readonly string[];
  /** Has a workloadSelector, so it applies to some client pods only. */
  readonly selective: boolean;
}

/** All DestinationRules of the input. */
export class DestinationRules {
  private readonly everywhere = new HostIndex<DestinationRule>();
  private readonly byNamespace = new Map<string, HostIndex<DestinationRule>>();

  public constructor(manifests: readonly Manifest[]) {
    for (const rule of manifests.map(readDestinationRule)) {
      const index = this.byNamespace.get(rule.namespace) ?? new HostIndex();
      this.byNamespace.set(rule.namespace, index);
      index.add(rule.host, rule);
      this.everywhere.add(rule.host, rule);
    }
  }

  /** The rules for the host in all namespaces, most specific host first. */
  public anywhere(host: string): DestinationRule[] {
    return this.everywhere.all(host);
  }

  /**
   * The rules that a client in a namespace uses for a host. Istio searches the client's namespace, then the Service's, then the root
   * namespace, and stops at the first that has a rule (Istio 1.30 pilot/pkg/model/push_context.go destinationRule). A client in the root
   * namespace sees the public rules there only in the last step.
   *
   * All rules of one step count, and a rule with a workloadSelector does not end the search: which of them a pod gets depends on its
   * labels and on creation times, which manifests do not contain.
   */
  public usedBy(client: string, host: string, serviceNamespaces: readonly string[]): DestinationRule[] {
    const used: DestinationRule[] = [];
    const isVisible = (rule: DestinationRule) => isExportedTo(client, rule.exportTo, rule.namespace);
    const isPrivate = (rule: DestinationRule) => isVisible(rule) && rule.exportTo.length > 0 && !rule.exportTo.includes('*');
    const steps: [string, typeof isVisible][] = [
      [client, client === ROOT_NAMESPACE ? isPrivate : isVisible],
      ...serviceNamespaces.map((namespace): [string, typeof isVisible] => [namespace, isVisible]),
      [ROOT_NAMESPACE, isVisible],
    ];
    for (const [namespace, counts] of steps) {
      const found = this.in(namespace, host).filter(counts);
      used.push(...found);
      if (found.some(rule => !rule.selective)) {
        break;
      }
    }
    return used;
  }

  private in(namespace: string, host: string): readonly DestinationRule[] {
    return this.byNamespace.get(namespace)?.best(host) ?? [];
  }
}

/** Reads one DestinationRule. */
export function readDestinationRule(manifest: Manifest): DestinationRule {
  const spec = asObject(manifest.object.spec);
  const namespace = namespaceOf(manifest);
  return {
    manifest,
    name: nameOf(manifest),
    namespace,
    host: completeHost(asText(spec.host) ?? '', namespace),
    subsets: asList(spec.subsets).map(asObject).flatMap(({ name, labels }, index) => {
      const text = asText(name);
      return text === undefined ? [] : [{ pointer: `/spec/subsets/${index}`, name: text, hasLabels: labels !== undefined && labels !== null }];
    }),
    exportTo: asTexts(spec.exportTo),
    selective: spec.workloadSelector !== undefined && spec.workloadSelector !== null,
  };
}

/** The names of all subsets that the rules declare, sorted. */
export function subsetsOf(rules: readonly DestinationRule[]): string[] {
  return [...new Set(rules.flatMap(rule => rule.subsets.map(({ name }) => name)))].sort();
}
