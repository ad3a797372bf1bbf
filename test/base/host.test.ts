// Host patterns: what is one, and which covers which.
import { coversHost, hostsKey, isCovered, isFullHost, isHost, isHostName, patternsCovering, requireHosts, requireServedHosts } from '../../src/base/host';
import { refusal } from '../refusal';

const LABEL_63 = 'a'.repeat(63);
const HOST_128 = `${'a.'.repeat(63)}ab`;

test.each([
  '*', 'localhost', 'a.b', 'shop.example.com', '*.example.com', '*.a.b', '*.com', 'xn--bcher-kva.example', '1.example.com', `${LABEL_63}.com`, `a.${LABEL_63}`, HOST_128, '1.2.3', 'a.1.2.3.4', '1.2.3.4.a', '1.2.3.4.5',
])('%s is a host', host => {
  expect(isHost(host)).toBe(true);
});

test.each([
  '', ' ', '.', 'a.', '.a', 'a..b', 'Shop.example.com', 'shop_1.example.com', '-a.b', 'a-.b', '*a.b', 'a.*', 'a.*.b', '**.a', '*.*.a', '*.', 'a b', 'a/b',
  'https://a.b', 'a.b:443', '10.0.0.1', '1.2.3.4', '[::1]', 'bücher.example', '10.20.30.40', `a${LABEL_63}.com`, `a.${LABEL_63}a`, `${HOST_128}c`, 'a.b-', 'a.-b', undefined, null, 1,
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
      reason: 'must have a dot, such as shop.example.com, because Istio completes a name without one with the namespace',
    });
    expect(requireHosts('hosts', ['*', '*.com'])).toEqual(['*', '*.com']);
  });

  it.each([
    ['https://shop.example.com', 'be a host without a scheme'], ['HTTP://SHOP.example.com/a', 'be a host without a scheme'],
    ['shop.example.com/', 'be a host without a path'], ['shop.example.com?a', 'be a host without a path'], ['a@example.com', 'be a host without a user'],
    ['shop.example.com:443', 'be a host without a port'], ['shop.example.com:', 'be a host without a port'],
    ['Shop.example.com', 'be in lower case'], ['shop.example.com.', 'not end with a dot'], ['shop_1.example.com', 'not contain an underscore, which host names do not allow'],
    ['bücher.example', 'be in Punycode, such as xn--bcher-kva.example for bücher.example'], ['shop. example.com', 'not contain whitespace'],
    ['shop.*.com', 'have * only as its whole first label, as in *.example.com, or be just *'], ['**', 'have * only as its whole first label, as in *.example.com, or be just *'],
    ['*.*.com', 'have * only as its whole first label, as in *.example.com, or be just *'], ['*shop.com', 'have * only as its whole first label, as in *.example.com, or be just *'],
    ['10.0.0.1', 'be a host name, not an IP address'], ['[2001:db8::1]', 'be a host name, not an IP address'], ['2001:db8::1', 'be a host name, not an IP address'],
    ['shop..com', 'not have an empty label before a dot'], ['.shop.com', 'not have an empty label before a dot'],
    ['-shop.com', 'not have a label that starts or ends with a hyphen'], ['shop-.com', 'not have a label that starts or ends with a hyphen'],
    [`${HOST_128}c`, 'have at most 128 characters'], [`${LABEL_63}a.com`, 'not have a label with more than 63 characters'],
    ['', 'be a host name such as shop.example.com, a wildcard such as *.example.com, or * for any host'],
    [5, 'be a host name such as shop.example.com, a wildcard such as *.example.com, or * for any host'],
    ['a!b.com', 'be a host name such as shop.example.com, a wildcard such as *.example.com, or * for any host'],
  ])('says what is wrong with %p', (host, requirement) => {
    expect(refusal(() => requireHosts('hosts', [host as string])).reason).toBe(`must ${requirement}`);
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

test.each([
  ['*', ['*']], ['localhost', ['localhost', '*']], ['a.b', ['a.b', '*.b', '*']], ['a.b.c', ['a.b.c', '*.b.c', '*.c', '*']], ['*.b.c', ['*.b.c', '*.c', '*']], ['*.c', ['*.c', '*']],
])('%s is covered by %j and nothing else', (host, patterns) => {
  expect(patternsCovering(host)).toEqual(patterns);
  for (const pattern of patterns) {
    expect([isCovered(host, ['x.y', pattern]), isCovered(host, new Set(['x.y', pattern])), coversHost(pattern, host)]).toEqual([true, true, true]);
  }
  const others = ['x.y', '*.x', '*.a.b.c'];
  expect([isCovered(host, others), isCovered(host, new Set(others)), isCovered(host, []), isCovered(host, new Set())]).toEqual([false, false, false, false]);
});

test.each([
  ['a', true], ['localhost', true], ['a-b.c', true], ['1a.b', true], ['1.b', true], [LABEL_63, true], [`${'a.'.repeat(126)}a`, true], ['10.0.0.a1', true],
  ['', false], ['*', false], ['*.a', false], ['A.b', false], ['a.', false], ['.a', false], ['a..b', false], ['-a', false], ['a-', false], ['a_b', false], ['a b', false],
  [`a${LABEL_63}`, false], [`${'a.'.repeat(126)}ab`, false], ['10.0.0.1', false], ['1', false], ['a.1', false], ['a.12', false], ['::1', false],
])('DNS can resolve %p: %s', (text, expected) => {
  expect(isHostName(text)).toBe(expected);
});

test('a host that no served host covers is refused, with the served hosts', () => {
  expect(requireServedHosts('hosts', ['x.a.b'], ['*.a.b', 'c.d'])).toEqual(['x.a.b']);
  expect(requireServedHosts('hosts', ['x.a.b', '*.a.b'], new Set(['*.a.b']))).toEqual(['x.a.b', '*.a.b']);
  expect(refusal(() => requireServedHosts('hosts', ['a..b'], ['*']))).toMatchObject({ prop: 'hosts[0]', value: 'a..b' });
  expect(refusal(() => requireServedHosts('hosts', ['c.d', 'a.b'], ['*.a.b', 'c.d'], 'edge')))
    .toEqual({ prop: 'hosts[1]', value: 'a.b', reason: 'must be a host that the edge serves: *.a.b, c.d', path: 'edge' });
});

test('host lists have the same key in any order, and no other list of strings has it', () => {
  expect(hostsKey(['c.d', 'a.b'])).toBe(hostsKey(['a.b', 'c.d']));
  expect(hostsKey(['a.b'])).not.toBe(hostsKey(['a.b', 'c.d']));
  expect(hostsKey(['a.b'])).not.toBe(hostsKey(['c.d']));
  expect(hostsKey(['a.b,c.d'])).not.toBe(hostsKey(['a.b', 'c.d']));
});
