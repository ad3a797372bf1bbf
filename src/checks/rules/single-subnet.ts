// An Application Load Balancer gets one subnet, and needs two zones.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/networking/subnet_resolver.go:651. One is enough with feature gate ALBSingleSubnet, and outside of usual zones. */
export const singleSubnet: Check = {
  id: 'single-subnet',
  severity: 'warning',
  title: 'A load balancer has a single subnet',
  why: 'An Application Load Balancer needs subnets in two zones. With one the controller cannot build it ("subnets count less than minimal required count: 1 < '
    + '2"), except in a Local Zone, in a Wavelength Zone and on an Outpost.',
  fix: 'Name a subnet of each zone, two at least, or leave the subnets to discovery by their tags.',
  related: ['E067'],
  about: [Kind.INGRESS],
  reads: [],
  reach: 'field',

  *run({ members, controller }) {
    for (const { manifest, settings, loadBalancer } of controller.featureGates?.ALBSingleSubnet === true ? [] : members) {
      const [written = '', ...others] = settings.readable('subnets') ?? [];
      const isUsed = loadBalancer?.subnets.length === 1 && loadBalancer.subnets[0].subnetID === written;
      if (written.startsWith('subnet-') && others.length === 0 && isUsed && loadBalancer.customerOwnedIpv4Pool === undefined) {
        yield { manifest, pointer: settings.pointer('subnets'), message: `${written} is the only subnet, and an Application Load Balancer needs two zones` };
      }
    }
  },
};
