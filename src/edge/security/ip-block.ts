// Address blocks, as rules of Istio take them: an address, or a CIDR block, of IPv4 or IPv6.
import { CIDR } from '../../base/aws-ids';
import { InvalidProps } from '../../base/errors';
import { type ListField, requireTexts } from './match-list';

/** Returns the blocks, or throws for the first that Istio would refuse. An address alone is a block of one. */
export function requireIpBlocks(prop: string, values: readonly string[]): string[] {
  const blocks = requireTexts(prop, values);
  blocks.forEach((block, index) => {
    if (!CIDR.test(block) && !CIDR.test(`${block}/32`)) {
      throw InvalidProps.value(`${prop}[${index}]`, block, 'must be an address or a CIDR block, such as 203.0.113.7, 10.0.0.0/8 or 2001:db8::/32');
    }
  });
  return blocks;
}

/** Whether all addresses of a block are in the other. */
export function coversBlock(pattern: string, block: string): boolean {
  const [outer, inner] = [parse(pattern), parse(block)];
  const shift = BigInt(outer.bits - outer.length);
  return outer.bits === inner.bits && outer.length <= inner.length && outer.address >> shift === inner.address >> shift;
}

/** A field of address blocks. */
export const IP_BLOCKS: ListField = { checked: requireIpBlocks, covers: coversBlock };

function parse(block: string): { readonly bits: number; readonly length: number; readonly address: bigint } {
  const [text, length] = block.split('/');
  const groups = text.includes(':') ? ipv6Groups(text) : text.split('.').map(Number);
  const width = text.includes(':') ? 16 : 8;
  const bits = text.includes(':') ? 128 : 32;
  return {
    bits,
    length: length === undefined ? bits : Number(length),
    address: groups.reduce((sum, group) => (sum << BigInt(width)) + BigInt(group), 0n),
  };
}

function ipv6Groups(text: string): number[] {
  const [before, after] = text.split('::').map(half => half.split(':').filter(group => group !== '').map(group => parseInt(group, 16)));
  return after === undefined ? before : [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}
