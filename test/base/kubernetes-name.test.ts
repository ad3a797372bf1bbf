// Names of Kubernetes objects.
import { isDnsLabel, requireDnsLabel, requireDnsSubdomain, requireSecretName, requireServiceName, serviceFqdn } from '../../src/base/kubernetes-name';
import { refusal } from '../refusal';

const NAME_63 = 'a'.repeat(63);

test.each([
  ['a DNS label', requireDnsLabel, ['a', '1', 'a-b', '1a', NAME_63], ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'ä', 'a ', `${NAME_63}a`]],
  ['a Service name', requireServiceName, ['a', 'a-1', NAME_63], ['', '1', '1a', '-a', 'a-', 'A', 'a.b', `${NAME_63}a`]],
  ['the name of a Secret', requireSecretName, ['a', '1', 'a.b', 'a-b.c', 'a'.repeat(253)], ['', 'ns/a', 'A', 'a..b', '.a', 'a.', '-a', 'a'.repeat(254)]],
  ['a DNS subdomain', requireDnsSubdomain, ['a', 'cluster.local', 'a'.repeat(253)], ['', '.', 'a.', 'A', 'a'.repeat(254)]],
])('%s has its own bounds', (_, require, legal, illegal) => {
  expect(legal.map(name => require('name', name))).toEqual(legal);
  for (const name of [...illegal, undefined as never, 1 as never]) {
    expect(refusal(() => require('name', name, 'a/b'))).toMatchObject({ prop: 'name', value: name, path: 'a/b' });
  }
});

test('a DNS label has at most 63 characters', () => {
  expect([NAME_63, `${NAME_63}a`, ''].map(isDnsLabel)).toEqual([true, false, false]);
});

test('a Service is called by its full name', () => {
  expect(serviceFqdn('reviews', 'bookinfo')).toBe('reviews.bookinfo.svc.cluster.local');
  expect(serviceFqdn('reviews', 'bookinfo', 'example.org')).toBe('reviews.bookinfo.svc.example.org');
});
