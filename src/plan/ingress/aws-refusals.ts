// What AWS refuses of an Application Load Balancer although the controller accepts it: then the deployment stops, and AWS keeps what it has.
import { Kind, kindOf } from '../../manifests/kind';
import { type Manifest, qualifiedNameOf } from '../../manifests/manifest';
import { isWithoutCertificate, type LoadBalancer } from '../load-balancer';
import { Settings } from '../settings';
import { isDecided } from './ingress-classes';
import { refusedValues } from './refused-values';
import { backendsOf } from './written-backends';

/** What AWS refuses, in words; nothing that another member of the group or a class outside the input may set. */
export function awsRefusals(loadBalancer: LoadBalancer, objects: ReadonlyMap<string, Manifest>): string[] {
  const services = new Map([...objects.values()].filter(own => kindOf(own) === Kind.SERVICE).map(own => [qualifiedNameOf(own), new Settings(own)]));
  const values = loadBalancer.members.flatMap(manifest => (
    refusedValues({ settings: new Settings(manifest), backends: backendsOf(manifest) }, loadBalancer, services)));
  const listeners = isDecided(loadBalancer) ? loadBalancer.listeners.filter(isWithoutCertificate) : [];
  return [...values.map(({ message }) => message), ...listeners.map(({ protocol, port }) => `listener ${protocol}:${port} has no certificate`)];
}
