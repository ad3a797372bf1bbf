// IP addresses and CIDR blocks in authorization rules, IPv4 and IPv6.
import { InvalidProps } from '../../base/errors';
import { coversBlock, isCidr, isIpAddress } from '../../base/ip';
import { type ListField, requireStrings } from './match-list';

/** Returns the blocks. A single address counts as a block. @throws InvalidProps for the first block that Istio would reject */
export function requireIpBlocks(prop: string, values: readonly string[]): string[] {
  const blocks = requireStrings(prop, values);
  blocks.forEach((block, index) => {
    if (!isIpAddress(block) && !isCidr(block)) {
      throw InvalidProps.value(`${prop}[${index}]`, block, 'must be an IP address or a CIDR block, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32');
    }
  });
  return blocks;
}

/** A field of address blocks. */
export const IP_BLOCKS: ListField = { checked: requireIpBlocks, covers: coversBlock };
