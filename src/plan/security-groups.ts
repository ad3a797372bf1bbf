// The security groups of a load balancer, alike for Ingresses and Services. AWS assigns the real ids of those that the controller creates.
import type { ControllerSettings } from './controller-options';
import type { ManagedSecurityGroup } from './load-balancer';
import type { Refusal } from './refusal';

/** The id of the security group that the controller makes for the load balancer. */
const MANAGED = 'managed';

/** The id of the security group that all load balancers of the cluster share, and that the targets admit. */
const BACKEND = 'backend';

/** The security groups of a load balancer, and what its targets admit. */
export interface SecurityGroups {
  readonly ids: readonly string[];
  readonly managed?: ManagedSecurityGroup;
  /** The group that the controller opens targets to; absent if it opens none. */
  readonly targetsAdmit?: string;
}

/** Those of a load balancer that names none. */
export function managedGroups(managed: ManagedSecurityGroup, { backendSecurityGroup }: ControllerSettings): SecurityGroups {
  return backendSecurityGroup ? { ids: [MANAGED, BACKEND], managed, targetsAdmit: BACKEND } : { ids: [MANAGED], managed, targetsAdmit: MANAGED };
}

/**
 * Those of a load balancer that names some.
 *
 * @param manages whether the controller opens the targets to the load balancer all the same
 * @throws Refusal if it does, without a group to open them to
 */
export function namedGroups(
  ids: readonly string[], manages: boolean, { backendSecurityGroup }: ControllerSettings, refusal: (reason: string) => Refusal,
): SecurityGroups {
  if (!manages) {
    return { ids };
  }
  if (!backendSecurityGroup) {
    throw refusal('needs the backend security group, which --enable-backend-security-group=false turns off');
  }
  return { ids: [...ids, BACKEND], targetsAdmit: BACKEND };
}
