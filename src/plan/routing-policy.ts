// The one attribute of a Network Load Balancer whose value the controller checks itself.
import type { Refusal } from './refusal';

const ATTRIBUTE = 'dns_record.client_routing_policy';
const POLICIES = ['any_availability_zone', 'partial_availability_zone_affinity', 'availability_zone_affinity'];

/**
 * Checks the routing policy (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_load_balancer.go:530, pkg/ingress/model_build_frontend_nlb.go:242).
 *
 * @throws Refusal for an unknown policy
 */
export function requireRoutingPolicy(attributes: Readonly<Record<string, string>>, refuse: (reason: string) => Refusal): void {
  if (Object.hasOwn(attributes, ATTRIBUTE) && !POLICIES.includes(attributes[ATTRIBUTE])) {
    throw refuse(`${ATTRIBUTE} must be one of ${POLICIES.join(', ')}; got ${attributes[ATTRIBUTE]}`);
  }
}
