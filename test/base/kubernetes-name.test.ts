// Names of Kubernetes objects, ports and numbers.
import {
  isDnsLabel, requireDnsLabel, requireDnsSubdomain, requireInteger, requirePort, requireSecretName, requireServiceName, serviceFqdn,
} from '../../src/base/kubernetes-name';
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

test('a port is a whole number from 1 to 65535', () => {
  expect([1, 443, 65535].map(port => requirePort('port', port))).toEqual([1, 443, 65535]);
  for (const port of [0, -1, 65536, 80.5, NaN, Infinity, '80' as never, undefined as never]) {
    expect(refusal(() => requirePort('port', port, 'a'))).toEqual({ prop: 'port', value: port, allowed: 'a whole number from 1 to 65535', path: 'a' });
  }
});

test('bounds of a number are included', () => {
  expect([2, 3, 4].map(value => requireInteger('n', value, 2, 4))).toEqual([2, 3, 4]);
  expect([1, 5].map(value => refusal(() => requireInteger('n', value, 2, 4)).value)).toEqual([1, 5]);
});

test('a Service is called by its full name', () => {
  expect(serviceFqdn('reviews', 'bookinfo')).toBe('reviews.bookinfo.svc.cluster.local');
  expect(serviceFqdn('reviews', 'bookinfo', 'example.org')).toBe('reviews.bookinfo.svc.example.org');
});
