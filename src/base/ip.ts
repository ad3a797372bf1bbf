// IP addresses and CIDR blocks, IPv4 and IPv6, as AWS and Istio accept them.
import * as ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A block: an address and its prefix length. */
type Block = readonly [address: Address, length: number];

const FOUR_NUMBERS = /^\d+\.\d+\.\d+\.\d+$/;

/** Reads an address. No octal, hexadecimal or shortened IPv4, which `ipaddr.js` reads as well, and no zone: Go's `netip.ParseAddr`, zones apart. */
function readAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    // The library throws and catches an error for every string that is no address, which takes most of the time of a mesh.
    return FOUR_NUMBERS.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
  }
  const last = text.slice(text.lastIndexOf(':') + 1);
  const mixed = last.includes('.');
  return !text.includes('%') && (!mixed || ipaddr.IPv4.isValidFourPartDecimal(last)) && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

/** Reads a CIDR block, as Go's `netip.ParsePrefix` does: no leading zero in the length; bits behind the prefix may be set. */
function readBlock(text: string): Block | undefined {
  const [, written, length] = /^([^/]*)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = written === undefined ? undefined : readAddress(written);
  return address && Number(length) <= widthOf(address) ? [address, Number(length)] : undefined;
}

function widthOf(address: Address): number {
  return address.toByteArray().length * 8;
}

/** Whether the string is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  return readAddress(text) !== undefined;
}

/** Whether the string is an IPv4 address. */
export function isIpv4Address(text: string): boolean {
  return readAddress(text)?.kind() === 'ipv4';
}

/** Whether the string is a CIDR block. */
export function isCidr(text: string): boolean {
  return readBlock(text) !== undefined;
}

/** CIDR blocks where a pattern is expected. EC2 and ELB do not know the notation that mixes IPv6 and IPv4, such as `::ffff:10.0.0.0/104`. */
export const AWS_CIDR: Pick<RegExp, 'test'> = { test: text => isCidr(text) && !(text.includes(':') && text.includes('.')) };

/** Whether no bit behind the prefix of a CIDR block is set. */
export function isNetworkAddress(cidr: string): boolean {
  const block = readBlock(cidr);
  if (block === undefined) {
    return false;
  }
  const [address, length] = block;
  const bytes = address.toByteArray();
  return bytes.every((byte, index) => (byte & (0xff >> Math.min(Math.max(length - 8 * index, 0), 8))) === 0);
}

/** Whether the first block contains all addresses of the second. A single address counts as a block. */
export function coversBlock(pattern: string, block: string): boolean {
  const [outer, inner] = [blockOf(pattern), blockOf(block)];
  return outer !== undefined && inner !== undefined && outer[0].kind() === inner[0].kind() && outer[1] <= inner[1]
    && inner[0].match(outer[0] as never, outer[1]);
}

const INTERNAL: readonly string[] = ['private', 'uniqueLocal', 'carrierGradeNat', 'loopback', 'linkLocal', 'unspecified'];

/** Whether an address or a block is that of clients in the Internet: of no private network, and not everything. */
export function isPublicBlock(text: string): boolean {
  const block = blockOf(text);
  return block !== undefined && block[1] > 0 && !INTERNAL.includes(block[0].range());
}

function blockOf(text: string): Block | undefined {
  const address = readAddress(text);
  return address ? [address, widthOf(address)] : readBlock(text);
}
