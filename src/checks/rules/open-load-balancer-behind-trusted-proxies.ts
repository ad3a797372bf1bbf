// Whoever goes around the proxies in front of a load balancer chooses the address that the gateway takes for the client's.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** Envoy 1.40, xff_num_trusted_hops: the address is that many entries from the right in x-forwarded-for. */
export const openLoadBalancerBehindTrustedProxies: Check = {
  id: 'open-load-balancer-behind-trusted-proxies',
  severity: 'warning',
  title: 'A load balancer is open to everyone, and the gateway trusts proxies in front of it',
  why: 'With numTrustedProxies above 1 the gateway takes the address of the client from an entry that a proxy in front of the load balancer, such as a CDN, '
    + 'appends. A client that connects to the load balancer itself writes that entry, and so chooses the address that remoteIpBlocks sees.',
  fix: 'Let only the proxies in: set security-group-prefix-lists or inbound-cidrs to theirs, or own security-groups.',
  related: ['E090'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer, proxy: { numTrustedProxies, workload } } of links) {
      const { scheme, group, members: [member], managedSecurityGroup } = loadBalancer;
      const isOpen = managedSecurityGroup?.inbound.some(({ cidrIP, cidrIPv6 }) => cidrIP === '0.0.0.0/0' || cidrIPv6 === '::/0') === true;
      if (numTrustedProxies > 1 && scheme === 'internet-facing' && isOpen && loadBalancer.type === 'application') {
        const message = `load balancer ${group} takes connections from everywhere, and gateway ${workload.name} has numTrustedProxies: ${numTrustedProxies}`;
        yield { manifest: member, pointer: '/metadata/annotations', message };
      }
    }
  },
};
