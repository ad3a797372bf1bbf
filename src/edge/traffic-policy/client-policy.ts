// A traffic policy for certain clients, which replaces the one for all clients.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { type TrafficPolicy } from './traffic-policy';

/**
 * Traffic policy that certain pods apply to a workload instead of the policy for all clients. Versions and their policies stay.
 *
 * If several select the same pod, only the oldest applies (Istio 1.30, pilot/pkg/model/push_context.go).
 */
export interface ClientPolicy {
  /** Name of the policy, a DNS label: the last part of its DestinationRule's name. */
  readonly name: string;

  /** Namespace of the clients. */
  readonly namespace: string;

  /** Labels of the clients. */
  readonly labels: { readonly [key: string]: string };

  /** Their traffic policy. */
  readonly trafficPolicy: TrafficPolicy;
}

/** Limit of the CRD in Istio 1.30. */
const MAX_LABELS = 4096;

/** Throws for the first policy that Kubernetes or Istio would refuse, or whose name is not unique in its namespace. */
export function requireClients(prop: string, clients: readonly ClientPolicy[]): void {
  const names = new Set<string>();
  clients.forEach(({ name, namespace, labels }, index) => {
    const own = `${prop}[${index}]`;
    requireDnsLabel(`${own}.namespace`, namespace);
    const selected = requireLabels(`${own}.labels`, labels);
    if (Object.keys(selected).length > MAX_LABELS) {
      throw InvalidProps.value(`${own}.labels`, labels, `must have at most ${MAX_LABELS} entries`);
    }
    if (names.size === names.add(`${namespace}/${requireDnsLabel(`${own}.name`, name)}`).size) {
      throw InvalidProps.duplicate(`${own}.name`, name, `the name of a policy in namespace ${namespace}`);
    }
  });
}
