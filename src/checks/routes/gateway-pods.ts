// The namespaces in which the pods of a Gateway run, as far as the input shows them.
import type { Labels } from '../../mesh/objects/config';
import type { ServiceIndex } from '../../mesh/objects/service-index';

/**
 * The namespaces in which pods with all labels of a Gateway are guaranteed to run: those of Services whose selector includes its own. A
 * Gateway may be in another namespace than its pods, and Istio uses the namespace of the pods (Istio 1.30 pilot/pkg/model/push_context.go).
 */
export function gatewayNamespaces(services: ServiceIndex, selector: Labels): string[] {
  return [...new Set(services.selectingMoreThan(selector).map(({ namespace }) => namespace))].sort();
}
