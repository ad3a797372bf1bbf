// The ids of security groups that the controller creates; AWS assigns the real ones.

/** The id of the security group that the controller makes for the load balancer. */
export const MANAGED = 'managed';

/** The id of the security group that all load balancers of the cluster share, and that the targets admit. */
export const BACKEND = 'backend';
