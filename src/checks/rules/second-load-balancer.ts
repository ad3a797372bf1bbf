// The Service of a gateway behind an Application Load Balancer has a load balancer of its own.
import { NLB_PREFIX } from '../../base/nlb-annotations/annotations';
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { annotationsOf, type Manifest, specOf } from '../../manifests/manifest';
import { asList } from '../../manifests/plain-json';
import type { Check } from '../check';

/** Istio 1.30: the gateway chart makes a Service of type LoadBalancer unless service.type is set. */
export const secondLoadBalancer: Check = {
  id: 'second-load-balancer',
  severity: 'warning',
  title: 'The gateway behind an Application Load Balancer has a load balancer of its own',
  why: 'A Service of type LoadBalancer gets a Network or Classic Load Balancer. Clients that connect to it reach the gateway without the web ACL, the '
    + 'login, the certificates and the CIDR blocks of the Application Load Balancer, and can set X-Forwarded-For as they like.',
  fix: 'Set the type of the Service to ClusterIP, or to NodePort for instance targets. In the gateway chart of Istio, that is service.type.',
  related: ['E083'],
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, service } of links) {
      const { manifest } = service;
      if (loadBalancer.type === 'application' && specOf(manifest).type === 'LoadBalancer' && !isRestricted(manifest)) {
        const message = `Service ${namespacedName(service)} is of type LoadBalancer, and its gateway is also behind the load balancer of ${loadBalancer.group}`;
        yield { manifest, pointer: '/spec/type', message };
      }
    }
  },
};

/** Whether the load balancer of a Service is internal, or open to some clients only. */
function isRestricted(manifest: Manifest): boolean {
  const values = new Map(annotationsOf(manifest));
  const of = (name: string) => values.get(`${NLB_PREFIX}aws-load-balancer-${name}`);
  return of('scheme') === 'internal' || of('internal') === 'true' || asList(specOf(manifest).loadBalancerSourceRanges).length > 0;
}
