// Policies of security: which of them apply to a workload (Istio 1.30, pilot/pkg/model/policyattachment.go:109-198).
import { once } from '../../base/once';
import { addTo } from '../../base/multimap';
import { asList, asObject } from '../../manifests/plain-json';
import { Config, Labels, readLabels, selects } from '../objects/config';

/** Labels of a pod and its namespace. */
export interface Selected {
  readonly namespace: string;
  readonly labels: Labels;
}

/** The label of pods that belong to a gateway of the Gateway API. */
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';

/** AuthorizationPolicies or RequestAuthentications, found by the workloads that they select. */
export class Policies<T extends { readonly config: Config }> {
  private readonly general = new Map<string, T[]>();
  /** By namespace and one label of the selector. */
  private readonly selective = new Map<string, { readonly selector: Labels; readonly policy: T }[]>();
  private readonly found = new Map<Selected, readonly T[]>();
  private readonly byGateway = new Map<string, T[]>();

  public constructor(policies: readonly T[], private readonly rootNamespace: string) {
    for (const policy of policies) {
      const { spec, namespace } = policy.config;
      const targets = [...asList(spec.targetRefs), spec.targetRef].map(asObject).filter(({ name }) => name !== undefined);
      const selector = readLabels(asObject(spec.selector).matchLabels);
      const [first] = selector;
      if (targets.length > 0) {
        targets.forEach(({ name }) => addTo(this.byGateway, `${namespace}/${String(name)}`, policy));
      } else if (first === undefined) {
        addTo(this.general, namespace, policy);
      } else {
        addTo(this.selective, `${namespace}/${first.join('=')}`, { selector, policy });
      }
    }
  }

  /**
   * The policies for a workload: those of the root namespace, then those of its own. One with `targetRefs` applies to the pods of a gateway
   * of the Gateway API alone, and only in its namespace.
   */
  public of(workload: Selected): readonly T[] {
    return once(this.found, workload, () => this.search(workload));
  }

  private search(workload: Selected): T[] {
    const namespaces = [...new Set([this.rootNamespace, workload.namespace])];
    const gateway = workload.labels.get(GATEWAY_NAME);
    const found = namespaces.flatMap(namespace => [...this.general.get(namespace) ?? [],
      ...[...workload.labels].flatMap(label => this.selective.get(`${namespace}/${label.join('=')}`) ?? [])
        .filter(({ selector }) => selects(selector, workload.labels)).map(({ policy }) => policy)]);
    return gateway === undefined ? found : [...found, ...this.byGateway.get(`${workload.namespace}/${gateway}`) ?? []];
  }
}
