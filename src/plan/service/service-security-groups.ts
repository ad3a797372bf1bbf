// Security groups of the Network Load Balancer of a Service (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_managed_sg.go).
import { IpAddressType } from '../../base/alb-annotations/words';
import { specOf } from '../../manifests/manifest';
import { asTexts } from '../../manifests/plain-json';
import type { InboundRule, ManagedSecurityGroup } from '../load-balancer';
import { generatedName, hashOf } from '../names';
import { Refusal } from '../refusal';
import { managedGroups, namedGroups, type SecurityGroups } from '../security-groups';
import { portsOf } from '../services';
import type { ServiceBuild } from './service-build';

/** The messages that path MTU discovery needs (pkg/shared_constants/icmp.go). */
const PATH_MTU = { icmp: { type: 3, code: 4 }, icmpv6: { type: 2, code: 0 } } as const;

/** @throws Refusal for IPv6 ranges of an IPv4 load balancer, and rules that need a feature that is off */
export function securityGroupsOf(build: ServiceBuild, ipAddressType: string): SecurityGroups {
  const { settings, options } = build;
  if (settings.get('disableNlbSecurityGroup') === true || !build.isOn('NLBSecurityGroup')) {
    return { ids: [] };
  }
  const named = settings.get('securityGroups') ?? [];
  if (named.length === 0) {
    return managedGroups(managedGroup(build, ipAddressType), options);
  }
  const manages = settings.get('manageBackendSecurityGroupRules') ?? options.manageBackendSecurityGroupRules;
  const ids = build.securityGroups(named, build, settings.pointer('securityGroups'));
  return namedGroups(ids, manages, options, reason => settings.refusal('manageBackendSecurityGroupRules', reason));
}

function managedGroup(build: ServiceBuild, ipAddressType: string): ManagedSecurityGroup {
  const { options, namespace, name, manifest, tags } = build;
  const hash = hashOf([options.clusterName, name, namespace, build.uidOf(manifest)]);
  return { name: generatedName(namespace, name, hash), inbound: inboundRules(build, ipAddressType), tags };
}

function inboundRules(build: ServiceBuild, ipAddressType: string): InboundRule[] {
  const { settings, manifest } = build;
  const ranges = sourceRanges(build, ipAddressType);
  const prefixLists = settings.get('securityGroupPrefixLists') ?? [];
  const withMtu = settings.get('icmpForPathMtuDiscovery') === 'on';
  return portsOf(manifest).flatMap(({ port, protocol: written }): InboundRule[] => {
    const protocol = written.toLowerCase() as InboundRule['protocol'];
    return [
      ...ranges.flatMap((cidr): InboundRule[] => {
        const isIpv6 = cidr.includes(':');
        const from = isIpv6 ? { cidrIPv6: cidr } : { cidrIP: cidr };
        const icmp = isIpv6 ? 'icmpv6' : 'icmp';
        return [{ protocol, port, ...from }, ...withMtu ? [{ protocol: icmp, icmp: PATH_MTU[icmp], ...from } as const] : []];
      }),
      ...prefixLists.map(prefixList => ({ protocol, port, prefixList })),
    ];
  });
}

/** Those of the spec, else of the annotation; else all addresses, unless there are prefix lists (:145). */
function sourceRanges({ settings, manifest }: ServiceBuild, ipAddressType: string): readonly string[] {
  const ofSpec = asTexts(specOf(manifest).loadBalancerSourceRanges);
  const ranges = ofSpec.length > 0 ? ofSpec : settings.get('sourceRanges') ?? [];
  const isDualStack = ipAddressType === String(IpAddressType.DUALSTACK);
  const ipv6 = ranges.find(cidr => cidr.includes(':'));
  if (ipv6 !== undefined && !isDualStack) {
    const place = ofSpec.length > 0 ? '/spec/loadBalancerSourceRanges' : settings.pointer('sourceRanges');
    throw new Refusal(manifest, place, `cannot have the IPv6 block ${ipv6}: the load balancer is not dualstack`);
  }
  if (ranges.length > 0 || settings.has('securityGroupPrefixLists')) {
    return ranges;
  }
  return isDualStack ? ['0.0.0.0/0', '::/0'] : ['0.0.0.0/0'];
}
