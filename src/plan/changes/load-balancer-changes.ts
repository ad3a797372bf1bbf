// What an apply changes on one load balancer (AWS Load Balancer Controller 3.5.0 pkg/deploy/elbv2/load_balancer_synthesizer.go, load_balancer_manager.go).
import { objectNameOf } from '../../manifests/manifest';
import type { ControllerSettings } from '../controller-options';
import type { InboundRule, LoadBalancer, SubnetMapping } from '../load-balancer';
import { DISCOVERED_SUBNETS } from '../inquiry';
import type { PlanEvent } from '../refusal';
import { byKey, byText, changeOf, type EffectRule, fieldChanges, KEPT_ATTRIBUTES, type PlannedFieldChange } from './change';
import { type ListenerChange, listenerChanges } from './listener-changes';
import { requestSources } from './request-sources';
import { type TargetGroupChange, targetGroupChanges } from './target-group-changes';

/**
 * A load balancer before and after. `refused`: the controller refuses to build it, and AWS keeps what it has. `unknown`: the controller refuses to
 * build the old one, so that nobody can tell what AWS has.
 */
export interface LoadBalancerChange {
  readonly change: 'created' | 'deleted' | 'replaced' | 'updated' | 'unchanged' | 'refused' | 'unknown';
  /** Absent if it was and is refused. */
  readonly type?: LoadBalancer['type'];
  readonly group: string;
  readonly before?: LoadBalancer;
  readonly after?: LoadBalancer;
  readonly refused?: PlanEvent;
  /** What differs, for a load balancer that exists before and after. */
  readonly fields: readonly PlannedFieldChange[];
  /** Its listeners that differ, by port, for a load balancer that exists before and after. */
  readonly listeners: readonly ListenerChange[];
  /** Its target groups that differ, for a load balancer that exists before and after. */
  readonly targetGroups: readonly TargetGroupChange[];
}

const NOT_DETACHED = 'the controller does not remove it when the setting is gone';

const RULES: readonly EffectRule[] = [
  // isSDKLoadBalancerRequiresReplacement (load_balancer_synthesizer.go:221); it also compares the type, which is never different here.
  { path: /^\/scheme$/, effect: 'replaced', why: 'AWS cannot change it: the controller deletes the load balancer, and then creates a new one with another DNS name' },
  // Update (load_balancer_manager.go:104) does not look at it: load balancers are found by their tags.
  { path: /^\/name$/, effect: 'kept', why: 'AWS cannot rename a load balancer: only a new one gets the name' },
  // load_balancer_manager.go:273
  { path: /^\/customerOwnedIpv4Pool$/, effect: 'kept', why: 'AWS cannot change it: only a new load balancer gets the pool' },
  // load_balancer_attributes_reconciler.go:44
  KEPT_ATTRIBUTES,
  // load_balancer_capacity_reservation_reconciler.go:42
  { path: /^\/capacityUnits$/, onRemoval: true, effect: 'kept', why: 'the controller does not end a reservation that is no longer set: set 0 instead' },
  // isEnforceSGInboundRulesOnPrivateLinkUpdated (load_balancer_manager.go:400)
  { path: /^\/securityGroupsInboundRulesOnPrivateLink$/, onRemoval: true, effect: 'kept', why: 'the controller does not reset it' },
  // pkg/deploy/wafv2/web_acl_association_synthesizer.go:32
  { path: /^\/(webAcl|webAclClassic)$/, onRemoval: true, effect: 'kept', why: `${NOT_DETACHED}: set none instead` },
  { path: /^\/shield$/, onRemoval: true, effect: 'kept', why: `${NOT_DETACHED}: set false instead` },
];

/** The addresses in a subnet count only when the subnets or the prefixes for source NAT change as well (load_balancer_manager.go:209). */
const ADDRESSES: EffectRule = {
  path: /^\/subnets\/[^/]*\/(allocationID|privateIPv4Address|ipv6Address)$/, effect: 'kept', why: 'the controller changes addresses only together with subnets',
};

/** pkg/ingress/model_build_load_balancer.go:254, pkg/service/model_build_load_balancer.go:445 */
const KEPT_SUBNETS: EffectRule = { path: /^\/subnets$/, effect: 'kept', why: 'an existing load balancer of the same scheme keeps its subnets while none are named' };

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html */
const FIRST_SECURITY_GROUP: EffectRule = {
  path: /^\/securityGroups\//, effect: 'refused', why: 'AWS refuses security groups for a Network Load Balancer that was created without one',
};

/** Compares the load balancer of the same group and type. */
export function compareLoadBalancers(before: LoadBalancer, after: LoadBalancer, options: ControllerSettings): LoadBalancerChange {
  const rules = [
    ...RULES,
    ...prefixesOf(before) === prefixesOf(after) && !isFirstIpv6(before, after) ? [ADDRESSES] : [],
    ...after.unknown.some(what => what.startsWith(DISCOVERED_SUBNETS)) ? [KEPT_SUBNETS] : [],
    ...after.type === 'network' && before.securityGroups.length === 0 ? [FIRST_SECURITY_GROUP] : [],
  ];
  const fields = fieldChanges(shown(before), shown(after), rules);
  const sources = requestSources(before.listeners, after.listeners);
  const targetGroups = targetGroupChanges(before.targetGroups, after.targetGroups, sources, options)
    .filter(({ change, fields: own }) => change !== 'unchanged' || own.length > 0);
  const replaced = new Set(targetGroups.filter(({ change }) => change === 'replaced').map(({ id }) => id));
  const listeners = listenerChanges(before.listeners, after.listeners, replaced, options)
    .filter(own => own.change !== 'unchanged' || own.fields.length + own.rules.length > 0);
  const ofFields = changeOf(fields);
  const isChanged = [...listeners, ...targetGroups].some(({ change }) => change !== 'unchanged');
  const change = ofFields === 'unchanged' && isChanged ? 'updated' : ofFields;
  return { change, type: after.type, group: after.group, before, after, fields, listeners, targetGroups };
}

/** What SetSubnets is decided by: the subnets, and their prefixes for source NAT. */
function prefixesOf({ subnets, enablePrefixForIpv6SourceNat }: LoadBalancer): string {
  return JSON.stringify([subnets.map(({ subnetID, sourceNatIpv6Prefix = '' }) => [subnetID, sourceNatIpv6Prefix]).sort(), enablePrefixForIpv6SourceNat]);
}

function isFirstIpv6(before: LoadBalancer, after: LoadBalancer): boolean {
  const has = ({ subnets }: LoadBalancer) => subnets.some(({ ipv6Address }) => ipv6Address !== undefined);
  return before.ipAddressType === 'ipv4' && after.ipAddressType !== 'ipv4' && !has(before) && has(after);
}

function shown(own: LoadBalancer): object {
  const { name, scheme, ipAddressType, subnets, securityGroups, managedSecurityGroup, attributes, tags, createdCertificates, members } = own;
  const { capacityUnits, ipv4IpamPool, customerOwnedIpv4Pool, enablePrefixForIpv6SourceNat, securityGroupsInboundRulesOnPrivateLink } = own;
  const { webAcl, webAclClassic, shield } = own;
  return {
    name, scheme, ipAddressType, tags, capacityUnits, ipv4IpamPool, customerOwnedIpv4Pool, enablePrefixForIpv6SourceNat,
    securityGroupsInboundRulesOnPrivateLink, webAcl, webAclClassic, shield,
    members: byText(members.map(objectNameOf), ({ kind, namespace = '', name: member }) => `${kind} ${namespace}/${member}`),
    // Without ids, they are not known.
    subnets: subnets.length === 0 ? 'found by AWS' : byText(subnets, ({ subnetID }) => subnetID, addressesOf),
    securityGroups: byText(securityGroups, id => id),
    inboundRules: byText(managedSecurityGroup?.inbound ?? [], sentenceOf),
    attributes: byKey(attributes),
    createdCertificates: byText(createdCertificates, ({ id }) => id, ({ subjectAlternativeNames }) => subjectAlternativeNames.join(', ')),
  };
}

/** The addresses in a subnet; its id if it has none. */
function addressesOf({ subnetID, ...addresses }: SubnetMapping): unknown {
  return Object.keys(addresses).length > 0 ? addresses : subnetID;
}

function sentenceOf({ protocol, port, icmp, cidrIP, cidrIPv6, prefixList }: InboundRule): string {
  return `${protocol} ${icmp ? `type ${icmp.type} code ${icmp.code}` : port ?? ''} from ${cidrIP ?? cidrIPv6 ?? prefixList ?? ''}`;
}
