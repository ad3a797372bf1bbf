// How long an Application Load Balancer keeps a connection on which nothing is sent.
import { type LoadBalancer, attributeOf } from '../../plan/load-balancer';

/** In seconds: 60 unless it is set (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html). */
export function idleTimeoutOf(loadBalancer: LoadBalancer): number {
  return Number(attributeOf(loadBalancer, 'idle_timeout.timeout_seconds') ?? 60);
}
