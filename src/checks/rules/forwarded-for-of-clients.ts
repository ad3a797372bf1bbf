// A load balancer passes x-forwarded-for on as clients write it, and policies of the gateway believe it.
import { Kind } from '../../manifests/kind';
import { Settings } from '../../plan/settings';
import { attributeOf } from '../../plan/load-balancer';
import { FORWARDED_FOR } from '../load-balancers/behind-balancers';
import type { Check } from '../check';

/** ELBv2 API 2015-12-01, LoadBalancerAttribute. Envoy 1.40, xff_num_trusted_hops: the address is that many entries from the right. */
export const forwardedForOfClients: Check = {
  id: 'forwarded-for-of-clients',
  severity: 'error',
  title: 'A load balancer preserves the x-forwarded-for of clients, and policies compare it',
  why: 'With mode preserve the load balancer appends nothing to x-forwarded-for. The entry that the gateway takes for the address of the client is one that '
    + 'the client writes, so a client chooses the address that remoteIpBlocks compares.',
  fix: 'Set routing.http.xff_header_processing.mode to append in load-balancer-attributes. AWS keeps the old value of an attribute that is only removed.',
  related: ['E090'],
  about: [Kind.INGRESS],
  reads: [Kind.AUTHORIZATION_POLICY, Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ links, models: { mesh } }) {
    for (const { loadBalancer, gateway, proxy } of links.filter(own => attributeOf(own.loadBalancer, FORWARDED_FOR) === 'preserve')) {
      const { scheme, managedSecurityGroup, members } = loadBalancer;
      // A proxy in front of a load balancer that only the proxy reaches appends instead.
      const isOpen = managedSecurityGroup?.inbound.some(({ cidrIP, cidrIPv6 }) => cidrIP === '0.0.0.0/0' || cidrIPv6 === '::/0') === true;
      const { custom, deny, allow } = mesh.authorizationPolicies.stagesOf(gateway);
      const policy = [...custom, ...deny, ...allow].find(({ rules }) => rules.some(({ from, when }) => (
        [...from.flat(), ...when].some(({ attribute }) => attribute === 'remote.ip'))));
      if (policy !== undefined && isOpen && scheme === 'internet-facing' && proxy.numTrustedProxies > 0) {
        const settings = members.map(own => new Settings(own)).find(own => own.readable('loadBalancerAttributes')?.[FORWARDED_FOR] !== undefined);
        const { namespace, name } = policy.config;
        const message = `${FORWARDED_FOR} is preserve: clients write the address that AuthorizationPolicy ${namespace}/${name} of the gateway compares`;
        yield { manifest: settings?.manifest ?? members[0], pointer: settings?.pointer('loadBalancerAttributes') ?? '/metadata/annotations', message };
      }
    }
  },
};
