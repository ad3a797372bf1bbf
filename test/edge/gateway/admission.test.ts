// Which namespace may attach routes to a Gateway, and for which hosts.
import fc from 'fast-check';
import { coversHost } from '../../../src/base/host';
import { admittedHosts, GatewayAdmission } from '../../../src/edge/gateway/admission';
import { refusal } from '../../refusal';

function entries(served: string[], ...admitted: [namespace: string, hosts?: string[]][]): string[] {
  const admission = new GatewayAdmission(served);
  admitted.forEach(([namespace, hosts]) => admission.admit(namespace, hosts));
  return admission.entries();
}

test('a namespace is admitted for all hosts of the Gateway or for the listed ones, sorted and without duplicates', () => {
  expect(entries(['*'], ['shop'], ['art', ['a.b']], ['art', ['c.d', 'a.b']])).toEqual(['art/a.b', 'art/c.d', 'shop/*']);
  expect(entries(['a.b', 'c.d'], ['shop'])).toEqual(['shop/a.b', 'shop/c.d']);
  expect(entries(['*'], ['shop', []])).toEqual([]);
});

test('a host that a wildcard of the same namespace covers is omitted, but not one of another namespace', () => {
  expect(entries(['*'], ['shop', ['x.a.b', '*.a.b', 'a.b']], ['art', ['x.a.b']])).toEqual(['art/x.a.b', 'shop/*.a.b', 'shop/a.b']);
  expect(entries(['*.a.b', 'x.a.b', 'c.d'], ['shop'])).toEqual(['shop/*.a.b', 'shop/c.d']);
  expect(entries(['*'], ['shop', ['x.a.b']], ['shop'])).toEqual(['shop/*']);
});

test('every admitted host is covered by exactly one entry', () => {
  const host = fc.constantFrom('*', '*.b', '*.a.b', 'a.b', 'x.a.b', '*.x.a.b', 'c.d');
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('one', 'two'), fc.uniqueArray(host)), { minLength: 1 }), admitted => {
    const made = entries(['*'], ...admitted).map(entry => entry.split('/'));
    for (const [namespace, hosts] of admitted) {
      const own = made.filter(([other]) => other === namespace).map(([, pattern]) => pattern);
      hosts.forEach(each => expect(own.filter(pattern => coversHost(pattern, each))).not.toEqual([]));
      own.forEach(pattern => expect(own.filter(other => other !== pattern && coversHost(pattern, other))).toEqual([]));
    }
  }));
});

test.each<[string, string[] | undefined, string, unknown]>([
  ['*', undefined, 'namespace', '*'],
  ['shop', ['a.b', 'x.y'], 'hosts[1]', 'x.y'],
  ['shop', ['*.a.b'], 'hosts[0]', '*.a.b'],
  ['shop', ['*'], 'hosts[0]', '*'],
  ['shop', 'a.b' as never, 'hosts', 'a.b'],
  ['shop', [1] as never, 'hosts[0]', 1],
])('%s is not admitted for %j, and nothing changes', (namespace, hosts, prop, value) => {
  const admission = new GatewayAdmission(['a.b', 'c.d']);
  expect(refusal(() => admission.admit(namespace, hosts))).toMatchObject({ prop, value });
  expect(admission.entries()).toEqual([]);
});

test('a single-label host is not admitted, even if all hosts are served', () => {
  expect(refusal(() => new GatewayAdmission(['*']).admit('shop', ['a']))).toMatchObject({ prop: 'hosts[0]', value: 'a' });
});

test('entries use the notation of Istio', () => {
  const admission = new GatewayAdmission(['*.a.b']);
  admission.admitEntries('admittedHosts', ['shop/x.a.b', 'art/*.a.b', 'shop/y.a.b']);
  expect(admission.entries()).toEqual(['art/*.a.b', 'shop/x.a.b', 'shop/y.a.b']);
  const said = { prop: 'admittedHosts[1]', value: 'shop/c.d', reason: 'must be a host that the gateway serves: *.a.b', path: '' };
  expect(refusal(() => admission.admitEntries('admittedHosts', ['new/x.a.b', 'shop/c.d']))).toEqual(said);
  expect(admission.entries()).toHaveLength(3);
  expect([...admittedHosts('a', ['shop/x.a.b', 'art/*', 'shop/y.a.b'])]).toEqual([['shop', ['x.a.b', 'y.a.b']], ['art', ['*']]]);
});

test.each(['shop', 'a.b', 'shop/', '/a.b', 'shop/a.b/c', '*/a.b', './a.b', 'Shop/a.b', 'shop/A.b', 'shop/a', 'shop/10.0.0.1'])('%s is no entry', entry => {
  expect(refusal(() => admittedHosts('admittedHosts', ['a/b.c', entry]))).toMatchObject({ prop: 'admittedHosts[1]', value: entry });
});
