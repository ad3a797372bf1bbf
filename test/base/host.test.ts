// Host patterns: what is one, and which covers which.
import { coversHost, hostsKey, isFullHost, isHost, requireHosts, requireServedHosts } from '../../src/base/host';
import { refusal } from '../refusal';

const LABEL_63 = 'a'.repeat(63);

test.each([
  '*', 'localhost', 'a.b', 'shop.example.com', '*.example.com', '*.a.b', '*.com', 'xn--bcher-kva.example', '1.example.com', `${LABEL_63}.com`,
])('%s is a host', host => {
  expect(isHost(host)).toBe(true);
});

test.each([
  '', ' ', '.', 'a.', '.a', 'a..b', 'Shop.example.com', 'shop_1.example.com', '-a.b', 'a-.b', '*a.b', 'a.*', 'a.*.b', '**.a', '*.*.a', '*.', 'a b', 'a/b',
  'https://a.b', 'a.b:443', '10.0.0.1', '1.2.3.4', '[::1]', 'bücher.example', `a${LABEL_63}.com`, `${`${'a'.repeat(9)}.`.repeat(13)}com`, undefined, null, 1,
])('%p is no host', host => {
  expect(isHost(host)).toBe(false);
});

test.each(['*', 'a.b', '*.com', 'shop.example.com'])('%s says the same in every namespace', host => {
  expect(isFullHost(host)).toBe(true);
});

test.each(['localhost', 'shop', LABEL_63, 'a.', '1.2.3.4', '', undefined])('%p does not', host => {
  expect(isFullHost(host)).toBe(false);
});

describe('requireHosts', () => {
  it('returns a copy', () => {
    const hosts = ['a.b', '*.a.b'];
    expect(requireHosts('hosts', hosts)).toEqual(hosts);
    expect(requireHosts('hosts', hosts)).not.toBe(hosts);
  });

  it('refuses a name of one label, which Istio completes with the namespace in one place and refuses in another', () => {
    expect(refusal(() => requireHosts('hosts', ['a.b', 'localhost'], 'edge'))).toEqual({
      prop: 'hosts[1]', value: 'localhost', path: 'edge',
      reason: 'must be a lowercase host name with a dot and at most 128 characters, such as shop.example.com, a wildcard such as *.example.com, or * for any host',
    });
    expect(requireHosts('hosts', ['*', '*.com'])).toEqual(['*', '*.com']);
  });

  it('rejects an empty list, invalid hosts and duplicates, by index', () => {
    expect(refusal(() => requireHosts('hosts', [], 'edge'))).toMatchObject({ prop: 'hosts', value: [], path: 'edge' });
    expect(refusal(() => requireHosts('hosts', undefined as never, 'edge'))).toMatchObject({ prop: 'hosts', value: undefined });
    expect(refusal(() => requireHosts('hosts', 'a.b' as never, 'edge'))).toMatchObject({ prop: 'hosts', value: 'a.b' });
    expect(refusal(() => requireHosts('hosts', ['a.b', 'a..b'], 'edge'))).toMatchObject({ prop: 'hosts[1]', value: 'a..b', path: 'edge' });
    expect(refusal(() => requireHosts('hosts', ['a.b', 'c.d', 'a.b']))).toEqual({ prop: 'hosts[2]', value: 'a.b', reason: '"a.b" is already in hosts', path: '' });
  });
});

test.each([
  ['*', 'a.b', true], ['*', '*.a.b', true], ['*', '*', true],
  ['a.b', 'a.b', true], ['a.b', 'c.a.b', false], ['a.b', '*.a.b', false], ['a.b', '*', false],
  ['*.a.b', 'c.a.b', true], ['*.a.b', 'd.c.a.b', true], ['*.a.b', '*.c.a.b', true], ['*.a.b', '*.a.b', true],
  ['*.a.b', 'a.b', false], ['*.a.b', 'ca.b', false], ['*.a.b', '*.b', false], ['*.a.b', '*', false],
])('whether %s covers %s is %s', (pattern, host, covered) => {
  expect(coversHost(pattern, host)).toBe(covered);
});

test('a host that no served host covers is refused, with the served hosts', () => {
  expect(requireServedHosts('hosts', ['x.a.b'], ['*.a.b', 'c.d'])).toEqual(['x.a.b']);
  expect(refusal(() => requireServedHosts('hosts', ['c.d', 'a.b'], ['*.a.b', 'c.d'], 'edge')))
    .toEqual({ prop: 'hosts[1]', value: 'a.b', reason: 'must be a host that the edge serves: *.a.b, c.d', path: 'edge' });
});

test('host lists have the same key in any order, and no other list of strings has it', () => {
  expect(hostsKey(['c.d', 'a.b'])).toBe(hostsKey(['a.b', 'c.d']));
  expect(hostsKey(['a.b'])).not.toBe(hostsKey(['a.b', 'c.d']));
  expect(hostsKey(['a.b,c.d'])).not.toBe(hostsKey(['a.b', 'c.d']));
});
