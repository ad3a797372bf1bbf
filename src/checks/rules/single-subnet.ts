// A load balancer has only one subnet.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/networking/subnet_resolver.go:652 computeSubnetsMinimalCount. */
export const singleSubnet: Check = {
  id: 'single-subnet',
  severity: 'warning',
  title: 'An Application Load Balancer has only one subnet',
  why: 'An Application Load Balancer needs subnets in two zones. With one, the controller refuses to build it ("subnets count less than minimal required '
    + 'count"), unless the subnet is in a Local Zone, a Wavelength Zone or on an Outpost, or the feature gate ALBSingleSubnet is on.',
  fix: 'Name a subnet of another zone, too, or remove the annotation: the controller then discovers subnets by their tags.',
  related: ['E067'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer } of members) {
      const [subnet, ...others] = settings.readable('subnets') ?? [];
      // The class may have other subnets, which come first.
      if (subnet !== undefined && others.length === 0 && loadBalancer?.subnets.length === 1) {
        yield { manifest, pointer: settings.pointer('subnets'), message: `${subnet} is the only subnet of load balancer ${loadBalancer.group}` };
      }
    }
  },
};
