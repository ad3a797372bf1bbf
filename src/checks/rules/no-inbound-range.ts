// The security group of a load balancer admits nobody, because all its ranges are IPv6.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_managed_sg.go:76 makes rules for IPv6 ranges only for dualstack load balancers. */
export const noInboundRange: Check = {
  id: 'no-inbound-range',
  severity: 'error',
  title: 'A load balancer admits nobody, because all its inbound ranges are IPv6',
  why: 'The controller leaves IPv6 ranges out of the security group of a load balancer with ip-address-type ipv4. If there are no others, the group has no '
    + 'rule for the port, and all connections time out.',
  fix: 'Add IPv4 ranges, or set ip-address-type to dualstack.',
  related: ['E096'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer, isDecided } of members) {
      const inbound = loadBalancer?.managedSecurityGroup?.inbound;
      const closed = inbound === undefined ? [] : loadBalancer!.listeners.filter(({ port }) => !inbound.some(rule => rule.port === port));
      const ranges = settings.readable('inboundCidrs') ?? [];
      if (isDecided && closed.length > 0 && ranges.length > 0) {
        const ports = closed.map(({ port }) => port).join(', ');
        const message = `${ranges.join(', ')} are IPv6, and the load balancer is ${loadBalancer!.ipAddressType}, so nobody is admitted to port ${ports}`;
        yield { manifest, pointer: settings.pointer('inboundCidrs'), message };
      }
    }
  },
};
