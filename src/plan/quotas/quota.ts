// The quotas of AWS that a plan can exceed, with the defaults of a new account. Numbers were read on 2026-11-29 in stored copies of these pages:
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html (ALB),
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-limits.html (NLB) and
// https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (VPC).

/** A quota of AWS. */
export interface Quota {
  /** As in DescribeAccountLimits of the ELBv2 API, where that has it. */
  readonly id: string;
  /** What is counted, in words. */
  readonly what: string;
  /** What a new account has. */
  readonly limit: number;
  /** Whether AWS raises it on request. One that is not adjustable holds for everybody. */
  readonly adjustable: boolean;
  /** The AWS guide that has the number. */
  readonly guide: 'ALB' | 'NLB' | 'VPC';
}

const fixed = (guide: Quota['guide'], id: string, what: string, limit: number): Quota => ({ id, what, limit, adjustable: false, guide });
const adjustable = (guide: Quota['guide'], id: string, what: string, limit: number): Quota => ({ id, what, limit, adjustable: true, guide });

/** The quotas of one Application Load Balancer. */
export const ALB_QUOTAS = {
  /** Default rules do not count. */
  rules: adjustable('ALB', 'rules-per-application-load-balancer', 'rules', 100),
  listeners: adjustable('ALB', 'listeners-per-application-load-balancer', 'listeners', 50),
  /** Those that a listener or a rule forwards to. */
  targetGroups: fixed('ALB', 'target-groups-per-application-load-balancer', 'target groups', 100),
  /** Default certificates of listeners do not count. */
  certificates: adjustable('ALB', 'certificates-per-application-load-balancer', 'certificates besides the defaults', 25),
  targetGroupsOfAction: fixed('ALB', 'target-groups-per-action-on-application-load-balancer', 'target groups of one action', 5),
  /** Match evaluations per rule, another quota, are the same strings, also at most five. */
  conditionValues: fixed('ALB', 'condition-values-per-alb-rule', 'condition values of one rule', 5),
  /** The page on condition types says five, as the table of quotas did until 2024. */
  wildcards: fixed('ALB', 'condition-wildcards-per-alb-rule', 'wildcards of one rule', 6),
  verifyingListeners: fixed('ALB', 'mtls-verify-listeners-per-load-balancer', 'listeners with mutual TLS in verify mode', 2),
} as const;

/** The quotas of one Network Load Balancer. Whether an action can have several target groups changed in 2025, and is not counted. */
export const NLB_QUOTAS = {
  listeners: fixed('NLB', 'listeners-per-network-load-balancer', 'listeners', 50),
  certificates: adjustable('NLB', 'certificates-per-network-load-balancer', 'certificates', 25),
  /** An Application Load Balancer as target counts as 50 targets for each target group, as 100 with cross-zone load balancing. */
  targetsOfZone: adjustable('NLB', 'targets-per-availability-zone-per-network-load-balancer', 'targets of one zone', 500),
} as const;

/** Quotas that all load balancers of a Region share. A plan has only a part of them. */
export const REGION_QUOTAS = {
  applicationLoadBalancers: adjustable('ALB', 'application-load-balancers', 'Application Load Balancers in the Region', 50),
  networkLoadBalancers: adjustable('NLB', 'network-load-balancers', 'Network Load Balancers in the Region', 50),
  targetGroups: adjustable('ALB', 'target-groups', 'target groups in the Region', 3000),
} as const;

/** The quota of the security group of a load balancer, for IPv4 and IPv6 each. A prefix list counts as all its entries, which a plan does not know. */
export const INBOUND_RULES = adjustable('VPC', 'rules-per-security-group', 'inbound rules of the security group', 60);
