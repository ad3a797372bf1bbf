// What a trace says of a listener besides its rules: certificates that it assumes, and what AWS refuses of the load balancer.
import { once } from '../../base/once';
import { awsRefusals } from '../../plan/ingress/aws-refusals';
import { isDecided } from '../../plan/ingress/ingress-classes';
import { isWithoutCertificate, type Listener, type LoadBalancer } from '../../plan/load-balancer';
import type { Plan } from '../../plan/plan';

/** How many hosts are listed. */
const MAX_HOSTS = 3;

/** Whether AWS refuses the listener, because nothing can give it the certificate that it lacks. */
export function isNeverMade(loadBalancer: LoadBalancer, listener: Listener): boolean {
  return isWithoutCertificate(listener) && isDecided(loadBalancer);
}

/** The certificates that a listener is assumed to have, in words; empty if there are none. */
export function assumedCertificates(listener: Listener): string {
  if (isWithoutCertificate(listener)) {
    return ' (assumed: another Ingress of the group or the class sets a certificate)';
  }
  const hosts = listener.certificates.flatMap(({ discoveredFor }) => discoveredFor ?? []);
  const more = hosts.length > MAX_HOSTS ? ` and ${hosts.length - MAX_HOSTS} more` : '';
  return hosts.length === 0 ? '' : ` (assumed: ACM has certificates for ${hosts.slice(0, MAX_HOSTS).join(', ')}${more})`;
}

const REFUSALS = new WeakMap<LoadBalancer, readonly string[]>();

/** What AWS refuses of a load balancer, as a warning: what a trace shows is then not what AWS has. */
export function refusalWarning(loadBalancer: LoadBalancer, objects: Plan['objects']): string | undefined {
  const refusals = once(REFUSALS, loadBalancer, () => awsRefusals(loadBalancer, objects));
  return refusals.length === 0 ? undefined : `AWS refuses the load balancer, and keeps what it has: ${refusals.join('; ')}`;
}
