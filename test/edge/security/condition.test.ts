// Conditions on request attributes.
import { Attribute, Condition } from '../../../src/edge/security/condition';
import { refusal } from '../../refusal';

test.each<[string, Attribute, string[]]>([
  ['request.headers[x-user]', Attribute.requestHeader('x-user'), ['jason', 'admin-*']],
  ['request.auth.claims[group]', Attribute.claim(['group']), ['admin']],
  ['request.auth.claims[realm_access][roles]', Attribute.claim(['realm_access', 'roles']), ['*']],
  ['request.auth.principal', Attribute.requestPrincipal(), ['https://id.example.com/jason']],
  ['request.auth.audiences', Attribute.audiences(), ['shop']],
  ['request.auth.presenter', Attribute.presenter(), ['web.example.com']],
  ['source.principal', Attribute.sourcePrincipal(), ['cluster.local/ns/shop/sa/*']],
  ['source.serviceAccount', Attribute.sourceServiceAccount(), ['shop/cart', 'cart']],
  ['source.namespace', Attribute.sourceNamespace(), ['shop-*']],
  ['source.trustDomain', Attribute.sourceTrustDomain(), ['cluster.local']],
  ['source.ip', Attribute.sourceIp(), ['10.0.0.0/8']],
  ['remote.ip', Attribute.remoteIp(), ['203.0.113.7']],
  ['destination.ip', Attribute.destinationIp(), ['10.1.2.3']],
  ['destination.port', Attribute.destinationPort(), ['8080']],
  ['connection.sni', Attribute.sni(), ['*.shop.svc.cluster.local']],
  ['experimental.envoy.filters.network.mysql_proxy[db]', Attribute.envoyFilter('network.mysql_proxy', 'db'), ['books']],
])('renders oneOf and noneOf for %s', (key, attribute, values) => {
  expect({ oneOf: attribute.oneOf(values)._render(), noneOf: attribute.noneOf(values)._render() })
    .toEqual({ oneOf: { key, values }, noneOf: { key, notValues: values } });
});

test('values can be excluded', () => {
  expect(Attribute.claim(['group']).oneOf(['team-*']).butNot(['team-guests']).butNot(['team-bots'])._render())
    .toEqual({ key: 'request.auth.claims[group]', values: ['team-*'], notValues: ['team-guests', 'team-bots'] });
  expect(refusal(() => Attribute.claim(['group']).oneOf(['team-a', 'team-b']).butNot(['team-*']))).toMatchObject({ prop: 'notValues', value: ['team-*'], reason: expect.stringContaining('never match') });
  expect(refusal(() => Attribute.remoteIp().oneOf(['10.1.0.0/16']).butNot(['10.0.0.0/8']))).toMatchObject({ prop: 'notValues', value: ['10.0.0.0/8'] });
});

type Case = [what: string, call: () => unknown, prop: string, value: unknown];

test.each<Case>([
  ['no values', () => Attribute.sni().oneOf([]), 'values', []],
  ['an empty value', () => Attribute.requestHeader('a').noneOf(['']), 'values[0]', ''],
  ['* in the middle', () => Attribute.requestHeader('a').oneOf(['a*b']), 'values[0]', 'a*b'],
  ['a header with a space', () => Attribute.requestHeader('a b'), 'name', 'a b'],
  ['a missing header', () => Attribute.requestHeader(undefined as never), 'name', undefined],
  ['an empty claim', () => Attribute.claim([]), 'claim', []],
  ['a claim as a string', () => Attribute.claim('group' as never), 'claim', 'group'],
  ['a claim with brackets', () => Attribute.claim(['a[b]']), 'claim[0]', 'a[b]'],
  ['an invalid address', () => Attribute.remoteIp().oneOf(['a.b']), 'values[0]', 'a.b'],
  ['port 0', () => Attribute.destinationPort().oneOf(['0']), 'values[0]', '0'],
  ['a port as a number', () => Attribute.destinationPort().oneOf([80 as never]), 'values[0]', 80],
  ['a port beyond 65535', () => Attribute.destinationPort().oneOf(['65536']), 'values[0]', '65536'],
  ['an identity with its scheme', () => Attribute.sourcePrincipal().oneOf(['spiffe://cluster.local/ns/a/sa/b']), 'values[0]', 'spiffe://cluster.local/ns/a/sa/b'],
  ['a service account with *', () => Attribute.sourceServiceAccount().oneOf(['shop/*']), 'values[0]', 'shop/*'],
  ['a service account with two slashes', () => Attribute.sourceServiceAccount().oneOf(['a/b/c']), 'values[0]', 'a/b/c'],
  ['a service account in an invalid namespace', () => Attribute.sourceServiceAccount().oneOf(['a.b/c']), 'values[0]', 'a.b'],
  ['seventeen service accounts', () => Attribute.sourceServiceAccount().oneOf(Array.from({ length: 17 }, (_, i) => `a${i}`)), 'values', 17],
  ['a namespace in upper case', () => Attribute.sourceNamespace().oneOf(['Shop']), 'values[0]', 'Shop'],
  ['a trust domain with a slash', () => Attribute.sourceTrustDomain().oneOf(['a/b']), 'values[0]', 'a/b'],
  ['a token without a subject', () => Attribute.requestPrincipal().oneOf(['issuer']), 'values[0]', 'issuer'],
  ['a filter with a bracket', () => Attribute.envoyFilter('a[', 'b'), 'filter', 'a['],
  ['an empty filter key', () => Attribute.envoyFilter('a', ''), 'key', ''],
])('rejects %s', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('attributes make conditions', () => {
  expect(Attribute.sni().oneOf(['a'])).toBeInstanceOf(Condition);
});

test('rejects the exclusion of all addresses', () => {
  expect(refusal(() => Attribute.sourceIp().noneOf(['::/0', '0.0.0.0/0']))).toMatchObject({ prop: 'notValues', reason: expect.stringContaining('never match') });
  expect(() => Attribute.requestHeader('x-a').noneOf(['*'])).not.toThrow();
});
