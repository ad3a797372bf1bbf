// Names of Kubernetes objects.
import { isDnsLabel, requireDnsLabel, requireDnsSubdomain, requireNamespace, requirePortName, requireSecretName, requireServiceName, serviceFqdn } from '../../src/base/kubernetes-name';
import { refusal } from '../refusal';

const NAME_63 = 'a'.repeat(63);

test.each([
  ['a DNS label', requireDnsLabel, ['a', '1', 'a-b', '1a', NAME_63], ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'ä', 'a ', `${NAME_63}a`]],
  ['a Service name', requireServiceName, ['a', 'a-1', NAME_63], ['', '1', '1a', '-a', 'a-', 'A', 'a.b', `${NAME_63}a`]],
  ['the name of a Secret', requireSecretName, ['a', '1', 'a.b', 'a-b.c', 'a'.repeat(253)], ['', 'ns/a', 'A', 'a..b', '.a', 'a.', '-a', 'a'.repeat(254)]],
  ['a DNS subdomain', requireDnsSubdomain, ['a', 'cluster.local', 'a-b.c--d', 'a'.repeat(253)], ['', '.', 'a.', 'A', 'a.b-', 'a-.b', 'a.-b', 'a'.repeat(254)]],
  ['the name of a port', requirePortName, ['a', 'http', 'http-web', '8080-a', 'a'.repeat(15)], ['', '80', 'a--b', '-a', 'a-', 'A', 'a.b', 'a'.repeat(16)]],
])('%s has its own bounds', (_, require, legal, illegal) => {
  expect(legal.map(name => require('name', name))).toEqual(legal);
  for (const name of [...illegal, undefined as never, 1 as never]) {
    expect(refusal(() => require('name', name, 'a/b'))).toMatchObject({ prop: 'name', value: name, path: 'a/b' });
  }
});

test('a DNS label has at most 63 characters', () => {
  expect([NAME_63, `${NAME_63}a`, ''].map(isDnsLabel)).toEqual([true, false, false]);
});

test('a namespace is the given one, or that of the chart', () => {
  expect([requireNamespace('shop', 'front', 'p'), requireNamespace('shop', undefined, 'p'), requireNamespace(undefined, 'front', 'p')]).toEqual(['shop', 'shop', 'front']);
  expect(refusal(() => requireNamespace(undefined, undefined, 'p')))
    .toEqual({ prop: 'namespace', value: undefined, path: 'p', reason: 'is required when the chart has none; set it as a prop, or as namespace of the Chart' });
  for (const wrong of ['', 'Shop', null as never]) {
    expect(refusal(() => requireNamespace(wrong, 'front', 'p'))).toMatchObject({ prop: 'namespace', value: wrong, path: 'p' });
    expect(refusal(() => requireNamespace(undefined, wrong, 'p'))).toMatchObject({ prop: 'namespace', value: wrong, path: 'p' });
  }
});

test('a Service is called by its full name', () => {
  expect(serviceFqdn('reviews', 'bookinfo')).toBe('reviews.bookinfo.svc.cluster.local');
  expect(serviceFqdn('reviews', 'bookinfo', 'example.org')).toBe('reviews.bookinfo.svc.example.org');
});
