// The health checks of a Network Load Balancer in front of an Application Load Balancer are in none of the ranges that the latter admits.
import { coversBlock } from '../../base/ip';
import { Kind } from '../../manifests/kind';
import type { InboundRule, TargetGroup } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import { isDecided } from '../../plan/ingress/ingress-classes';
import type { Check } from '../check';

/** The ranges of VPCs. AWS also accepts public addresses that you own (VPC user guide, page vpc-cidr-blocks, 2025): such a VPC has to acknowledge. */
const OF_VPCS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'];

/**
 * The security group of an ALB behind an NLB must admit the NLB's health checks from the range of the VPC (Application Load Balancer user guide, page
 * load-balancer-update-security-groups, 2025). The controller admits inbound-cidrs only: 3.5.0, pkg/ingress/model_build_managed_sg.go:76.
 */
export const frontendNlbHealthChecksShutOut: Check = {
  id: 'frontend-nlb-health-checks-shut-out',
  severity: 'warning',
  title: 'The health checks of a frontend Network Load Balancer are in no inbound range',
  why: 'The Network Load Balancer checks the Application Load Balancer from its own addresses in the VPC, which need a rule in the security group like '
    + 'those of clients. Without one, the Application Load Balancer is unhealthy at all times, so an actual fault in one zone goes unnoticed.',
  fix: 'Add the ranges of the subnets of the Network Load Balancer to inbound-cidrs.',
  related: ['E096'],
  about: [Kind.INGRESS],
  reads: [Kind.INGRESS_CLASS, Kind.INGRESS_CLASS_PARAMS],

  *run({ models }) {
    const balancers = models.plan.loadBalancers.filter(isBuilt).filter(isDecided);
    for (const { group: name, targetGroups } of balancers.filter(({ type }) => type === 'network')) {
      const inbound = balancers.find(({ type, group }) => type === 'application' && group === name)?.managedSecurityGroup?.inbound ?? [];
      const behind = targetGroups.filter(({ targetType }) => targetType === 'alb').map(group => ({ group, rules: inbound.filter(isFor(checkedPort(group))) }));
      const shutOut = behind.find(({ rules }) => rules.length > 0 && !rules.some(mayAdmitVpc));
      if (shutOut !== undefined) {
        const { group: { from, ...group }, rules } = shutOut;
        const ranges = rules.map(({ cidrIP, cidrIPv6 }) => cidrIP ?? cidrIPv6).join(', ');
        const message = `health checks come from addresses in the VPC, and port ${checkedPort(group)} of the Application Load Balancer only admits ${ranges}`;
        yield { ...from, message };
      }
    }
  },
};

/** The health check of such a target group is IPv4, and what is in a prefix list is not known. */
function mayAdmitVpc({ cidrIP, prefixList }: InboundRule): boolean {
  return prefixList !== undefined || OF_VPCS.some(range => cidrIP !== undefined && (coversBlock(cidrIP, range) || coversBlock(range, cidrIP)));
}

function checkedPort({ healthCheck: { port }, albPort }: Pick<TargetGroup, 'healthCheck' | 'albPort'>): number | undefined {
  return port === 'traffic-port' ? albPort : port;
}

function isFor(port: number | undefined) {
  return (rule: InboundRule): boolean => rule.protocol === 'tcp' && rule.port === port;
}
