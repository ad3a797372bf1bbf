// The labels of gateway pods, by which Istio finds the pods of a Gateway in every namespace.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';
import type { IGatewayWorkload } from './service';

/** A Gateway of the app: its construct path, the namespace of its pods, and their labels. */
interface LabeledGateway {
  readonly path: string;
  readonly namespace: string;
  readonly selector: IGatewayWorkload['selector'];
}

const LABELED = oncePerApp<LabeledGateway>();

/**
 * Registers the labels that a Gateway selects pods by. Istio also selects pods of other namespaces, unless the environment variable
 * PILOT_SCOPE_GATEWAY_TO_NAMESPACE of istiod is true (Istio 1.30 pilot/pkg/model/push_context.go:2414 and pilot/pkg/features/pilot.go:37).
 *
 * @param naming the prop that names the gateway, and so its pods
 * @throws InvalidProps if a Gateway of another namespace would select these pods, or this Gateway the pods of that one
 */
export function registerGatewayLabels(gateway: Construct, { workloadNamespace: namespace, selector }: IGatewayWorkload, naming: string): void {
  const known = LABELED(gateway);
  const { path } = gateway.node;
  for (const other of known.values()) {
    const both = selects(selector, other.selector) ? selector : selects(other.selector, selector) ? other.selector : undefined;
    if (both !== undefined && other.namespace !== namespace) {
      const labels = Object.entries(both).sort().map(([key, value]) => `${key}: ${value}`).join(', ');
      throw InvalidProps.conflict('workload', labels,
        `cannot be in the namespace ${namespace} with the labels ${labels}, because Istio selects gateway pods by their labels in all namespaces, and pods of `
        + `${other.path} in ${other.namespace} also have them; set another ${naming}, such as ${naming}: 'other', or use a workload with other labels`, path);
    }
  }
  known.set(`${namespace} ${path}`, { path, namespace, selector });
}

/** Whether the labels of a selector are all among those of other pods. */
function selects(selector: IGatewayWorkload['selector'], labels: IGatewayWorkload['selector']): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
