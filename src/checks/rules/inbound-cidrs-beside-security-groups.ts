// Inbound ranges are set for a load balancer whose security groups the controller does not manage.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_load_balancer.go:291 makes inbound rules only in its own security group. */
export const inboundCidrsBesideSecurityGroups: Check = {
  id: 'inbound-cidrs-beside-security-groups',
  severity: 'warning',
  title: 'Inbound ranges have no effect beside own security groups',
  why: 'The controller writes inbound-cidrs and security-group-prefix-lists only into the security group that it makes itself. With the annotation '
    + 'security-groups it makes none, so who can reach the load balancer depends on those groups alone.',
  fix: 'Write the ranges into the security groups, or remove the annotation security-groups.',
  related: ['E096'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer } of members) {
      if (loadBalancer === undefined || loadBalancer.managedSecurityGroup !== undefined) {
        continue;
      }
      for (const [prop, key] of [['inboundCidrs', 'inbound-cidrs'], ['securityGroupPrefixLists', 'security-group-prefix-lists']] as const) {
        const written = settings.readable(prop) ?? [];
        if (written.length > 0) {
          const groups = loadBalancer.securityGroups.join(', ');
          yield { manifest, pointer: settings.pointer(prop), message: `${key} ${written.join(', ')} has no effect beside security groups ${groups}` };
        }
      }
    }
  },
};
