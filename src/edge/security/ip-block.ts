// IP addresses and CIDR blocks in authorization rules, IPv4 and IPv6.
import { CIDR } from '../../base/aws-ids';
import { InvalidProps } from '../../base/errors';
import { type ListField, requireStrings } from './match-list';

/** Returns the blocks. A single address counts as a block. @throws InvalidProps for the first block that Istio would reject */
export function requireIpBlocks(prop: string, values: readonly string[]): string[] {
  const blocks = requireStrings(prop, values);
  blocks.forEach((block, index) => {
    if (!CIDR.test(block) && !CIDR.test(`${block}/32`)) {
      throw InvalidProps.value(`${prop}[${index}]`, block, 'must be an IP address or a CIDR block, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32');
    }
  });
  return blocks;
}

/** Whether the first block contains all addresses of the second. */
export function coversBlock(pattern: string, block: string): boolean {
  const [outer, inner] = [parse(pattern), parse(block)];
  const shift = BigInt(outer.bits - outer.length);
  return outer.bits === inner.bits && outer.length <= inner.length && outer.address >> shift === inner.address >> shift;
}

/** A field of address blocks. */
export const IP_BLOCKS: ListField = { checked: requireIpBlocks, covers: coversBlock };

function parse(block: string): { readonly bits: number; readonly length: number; readonly address: bigint } {
  const [address, length] = block.split('/');
  const isIpv6 = address.includes(':');
  const groups = isIpv6 ? ipv6Groups(address) : address.split('.').map(Number);
  const width = isIpv6 ? 16 : 8;
  const bits = isIpv6 ? 128 : 32;
  return {
    bits,
    length: length === undefined ? bits : Number(length),
    address: groups.reduce((sum, group) => (sum << BigInt(width)) + BigInt(group), 0n),
  };
}

function ipv6Groups(address: string): number[] {
  const [before, after] = address.split('::').map(half => half.split(':').filter(group => group !== '').map(group => parseInt(group, 16)));
  return after === undefined ? before : [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
