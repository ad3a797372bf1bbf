// IP addresses and CIDR blocks.
import { AWS_CIDR, coversBlock, isCidr, isIpAddress, isNetworkAddress, isPublicBlock } from '../../src/base/ip';

test.each(['0.0.0.0', '203.0.113.7', '255.255.255.255', '::', '::1', '1:2:3:4:5:6:7:8', 'fe80::1:2', '1:2:3:4:5:6:7::', '2001:DB8::1', '::ffff:10.0.0.1'])('%s is an address', text => {
  expect(isIpAddress(text)).toBe(true);
  expect(isCidr(text)).toBe(false);
});

test.each([
  '', 'any', 'localhost', '10.0.0', '10.0.0.0.1', '256.0.0.1', '010.0.0.1', '0x7f.0.0.1', '2130706433', '1.2.3.4-1.2.3.9', ' 10.0.0.1', '10.0.0.1 ',
  ':::', '1::2::3', '1:2:3', '1:2:3:4:5:6:7:8:9', '12345::', ':1', 'fe80::1%eth0', '::ffff:010.0.0.1', '::ffff:10.0.0',
])('%p is not an address', text => {
  expect(isIpAddress(text)).toBe(false);
  expect(isCidr(`${text}/8`)).toBe(false);
});

test.each(['0.0.0.0/0', '203.0.113.0/24', '10.1.2.3/8', '255.255.255.255/32', '::/0', '2001:db8::/32', '::1/128', '1:2:3:4:5:6:7:8/64', '1:2:3:4:5:6:7::/99', 'fe80::1:2/10'])('%s is a CIDR block', text => {
  expect(isCidr(text)).toBe(true);
  expect(AWS_CIDR.test(text)).toBe(true);
});

test.each(['10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '/8', '10.0.0.0/8/8', '1/10.0.0.0/8', '10.0.0.0/-1', '::/129', '::/1000'])('%p is not a CIDR block', text => {
  expect(isCidr(text)).toBe(false);
  expect(AWS_CIDR.test(text)).toBe(false);
});

test('Istio accepts IPv4 inside IPv6, AWS does not', () => {
  expect(isCidr('::ffff:10.0.0.0/104')).toBe(true);
  expect(AWS_CIDR.test('::ffff:10.0.0.0/104')).toBe(false);
});

test.each([
  ['10.0.0.0/8', true], ['10.1.0.0/8', false], ['10.128.0.0/9', true], ['10.64.0.0/9', false], ['10.0.0.1/32', true], ['0.0.0.0/0', true], ['0.0.0.1/0', false],
  ['2001:db8::/32', true], ['2001:db8::1/32', false], ['::1/128', true], ['fe80::/10', true], ['ffe0::/10', false], ['any', false],
])('%s is a network address: %s', (cidr, expected) => {
  expect(isNetworkAddress(cidr)).toBe(expected);
});

test.each([
  ['10.0.0.0/8', '10.1.2.3', true], ['10.0.0.0/8', '10.0.0.0/8', true], ['any', '10.0.0.1', false], ['10.0.0.1', 'any', false], ['10.0.0.0/8', '10.0.0.0/16', true], ['10.0.0.0/16', '10.0.0.0/8', false], ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.2.3/8', '10.9.9.9', true], ['0.0.0.0/0', '203.0.113.7', true], ['0.0.0.0/0', '::1', false], ['10.0.0.1', '10.0.0.1/32', true], ['10.0.0.1', '10.0.0.2', false],
  ['2001:db8::/32', '2001:db8:1::2', true], ['2001:db8::/32', '2001:db9::', false], ['::1', '0:0:0:0:0:0:0:1', true], ['::/0', '::1', true],
])('%s covers %s: %s', (pattern, block, expected) => {
  expect(coversBlock(pattern, block)).toBe(expected);
});

test.each([['203.0.113.7', true], ['198.51.100.0/24', true], ['2001:db8::/32', true], ['10.1.0.0/16', false], ['100.64.0.0/10', false], ['192.168.1.1', false],
  ['fd00::/8', false], ['0.0.0.0/0', false], ['::/0', false], ['office', false]])('%s is public: %s', (block, expected) => {
  expect(isPublicBlock(block)).toBe(expected);
});
