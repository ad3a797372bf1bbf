// Elastic IPs of a Network Load Balancer, one for each subnet.
import { AlbScheme } from '../base/alb-annotations/words';
import type { SubnetMapping } from './load-balancer';
import type { Refusal } from './refusal';

/**
 * Subnets with their Elastic IPs, in the order of both lists (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_frontend_nlb.go:142
 * and pkg/service/model_build_load_balancer.go:329). Unknown subnets, an empty list, get none.
 *
 * @throws Refusal for an internal load balancer, and if the numbers differ
 */
export function withAddresses(
  subnets: readonly SubnetMapping[], allocations: readonly string[], scheme: string, refuse: (reason: string) => Refusal,
): SubnetMapping[] {
  if (scheme !== String(AlbScheme.INTERNET_FACING)) {
    throw refuse(`needs scheme internet-facing; the scheme is ${scheme}`);
  }
  if (allocations.length > 0 && subnets.length > 0 && allocations.length !== subnets.length) {
    throw refuse(`must have one allocation for each subnet: it has ${allocations.length}, and there are ${subnets.length} subnets`);
  }
  return subnets.map((subnet, index) => (allocations.length > 0 ? { ...subnet, allocationID: allocations[index] } : subnet));
}
