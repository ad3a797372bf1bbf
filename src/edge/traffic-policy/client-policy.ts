// A traffic policy of certain clients, in place of the one for all.
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { type TrafficPolicy } from './traffic-policy';

/**
 * How certain pods treat a workload, in place of the policy for all clients. The versions and their own policies stay.
 *
 * Where several take a pod, only one of them counts: the oldest (Istio 1.30, pilot/pkg/model/push_context.go).
 */
export interface ClientPolicy {
  /** Name of the policy, a DNS label: the end of the name of its DestinationRule. */
  readonly name: string;

  /** Namespace of the clients. */
  readonly namespace: string;

  /** Labels of the clients. */
  readonly labels: { readonly [key: string]: string };

  /** How they treat the workload. */
  readonly trafficPolicy: TrafficPolicy;
}

/** The CRD of Istio 1.30 takes no more. */
const MAX_LABELS = 4096;

/** Throws for the first policy that Kubernetes or Istio would refuse, or whose rule has the name of another one's. */
export function requireClients(prop: string, clients: readonly ClientPolicy[]): void {
  const names = new Set<string>();
  clients.forEach(({ name, namespace, labels }, index) => {
    const own = `${prop}[${index}]`;
    requireDnsLabel(`${own}.namespace`, namespace);
    const selected = requireLabels(`${own}.labels`, labels);
    if (Object.keys(selected).length > MAX_LABELS) {
      throw InvalidProps.value(`${own}.labels`, labels, `must be at most ${MAX_LABELS} labels`);
    }
    if (names.size === names.add(`${namespace}/${requireDnsLabel(`${own}.name`, name)}`).size) {
      throw InvalidProps.value(`${own}.name`, name, 'must be every name once in a namespace');
    }
  });
}
