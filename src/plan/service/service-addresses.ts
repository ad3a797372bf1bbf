// Subnets of the Network Load Balancer of a Service, and its addresses in them (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_load_balancer.go).
import { AlbScheme, IpAddressType } from '../../base/alb-annotations/words';
import type { NlbSettings } from '../../base/nlb-annotations/annotations';
import { withAddresses } from '../elastic-ips';
import type { SubnetMapping } from '../load-balancer';
import type { ServiceBuild } from './service-build';

const AUTO = 'auto_assigned';

/** The subnets with their addresses. */
export interface Addresses {
  readonly subnets: readonly SubnetMapping[];
  /** `on` or `off`. */
  readonly enablePrefixForIpv6SourceNat: string;
}

/** @throws Refusal for addresses that do not fit the scheme, the address families or the number of subnets */
export function addressesOf(build: ServiceBuild, scheme: string, ipAddressType: string): Addresses {
  const { settings, manifest } = build;
  const values = settings.get('subnets');
  const wanted = { type: 'network', scheme } as const;
  const subnets = values ? build.subnets({ ask: 'subnets by id or name', values, ...wanted }, build, settings.pointer('subnets'))
    : build.subnets({ ask: 'subnets by discovery', ...wanted }, { manifest }, '/metadata');
  const isDualStack = ipAddressType === String(IpAddressType.DUALSTACK);
  const enablePrefixForIpv6SourceNat = settings.get('enablePrefixForIpv6SourceNat') ?? 'off';
  if (enablePrefixForIpv6SourceNat === 'on' && !isDualStack) {
    throw settings.refusal('enablePrefixForIpv6SourceNat', 'cannot be on: the load balancer is not dualstack');
  }
  const allocations = settings.get('eipAllocations');
  if (allocations?.length === 0) {
    throw settings.refusal('eipAllocations', 'must have one allocation for each subnet; it has none');
  }
  const mapped = allocations ? withAddresses(subnets, allocations, scheme, reason => settings.refusal('eipAllocations', reason)) : subnets;
  privateAddresses(build, mapped, scheme);
  ipv6Addresses(build, mapped, isDualStack);
  return { subnets: sourcePrefixes(build, mapped, isDualStack, enablePrefixForIpv6SourceNat === 'on'), enablePrefixForIpv6SourceNat };
}

/** Which subnet an address is in depends on their CIDR blocks, so that it is only known after apply (:409). */
function privateAddresses(build: ServiceBuild, subnets: readonly SubnetMapping[], scheme: string): void {
  const addresses = build.settings.get('privateIpv4Addresses');
  if (!addresses) {
    return;
  }
  if (scheme !== String(AlbScheme.INTERNAL)) {
    throw build.settings.refusal('privateIpv4Addresses', `needs scheme internal; the scheme is ${scheme}`);
  }
  requireOnePerSubnet(build, 'privateIpv4Addresses', addresses, subnets);
  const bad = addresses.find(address => address.includes(':'));
  if (bad !== undefined) {
    throw build.settings.refusal('privateIpv4Addresses', `must be IPv4 addresses; got ${bad}`);
  }
  build.note(`the subnets of the private addresses ${addresses.join(', ')}`);
}

function ipv6Addresses(build: ServiceBuild, subnets: readonly SubnetMapping[], isDualStack: boolean): void {
  const addresses = build.settings.get('ipv6Addresses');
  if (!addresses) {
    return;
  }
  if (!isDualStack) {
    throw build.settings.refusal('ipv6Addresses', 'cannot be set: the load balancer is not dualstack');
  }
  requireOnePerSubnet(build, 'ipv6Addresses', addresses, subnets);
  const bad = addresses.find(address => !address.includes(':'));
  if (bad !== undefined) {
    throw build.settings.refusal('ipv6Addresses', `must be IPv6 addresses; got ${bad}`);
  }
  build.note(`the subnets of the IPv6 addresses ${addresses.join(', ')}`);
}

/** 3.5.0 pkg/networking/utils.go:115. Whether a prefix is in its subnet is for AWS to say. */
function sourcePrefixes(build: ServiceBuild, subnets: readonly SubnetMapping[], isDualStack: boolean, isOn: boolean): readonly SubnetMapping[] {
  const { settings } = build;
  const prefixes = settings.get('sourceNatIpv6Prefixes');
  if (!prefixes) {
    return subnets;
  }
  if (!isDualStack || !isOn) {
    throw settings.refusal('sourceNatIpv6Prefixes', 'needs a dualstack load balancer with enable-prefix-for-ipv6-source-nat on');
  }
  requireOnePerSubnet(build, 'sourceNatIpv6Prefixes', prefixes, subnets);
  const bad = prefixes.find(prefix => prefix !== AUTO && !/^[^/]*:[^/]*\/80(\/|$)/.test(prefix));
  if (bad !== undefined) {
    throw settings.refusal('sourceNatIpv6Prefixes', `must be ${AUTO} or IPv6 prefixes of 80 bits; got ${bad}`);
  }
  return subnets.map((subnet, index) => ({ ...subnet, sourceNatIpv6Prefix: prefixes[index] }));
}

function requireOnePerSubnet({ settings }: ServiceBuild, prop: keyof NlbSettings, values: readonly string[], subnets: readonly SubnetMapping[]): void {
  if (values.length === 0 || (subnets.length > 0 && values.length !== subnets.length)) {
    throw settings.refusal(prop, `must have one entry for each subnet: it has ${values.length}, and there are ${subnets.length} subnets`);
  }
}
