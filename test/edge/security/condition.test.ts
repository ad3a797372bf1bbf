// Conditions on request attributes.
import { Attribute, Condition } from '../../../src/edge/security/condition';
import { refusal } from '../../refusal';

test.each<[string, () => Attribute, string[]]>([
  ['request.headers[x-user]', () => Attribute.requestHeader('x-user'), ['jason', 'admin-*']],
  ['request.auth.claims[group]', () => Attribute.claim(['group']), ['admin']],
  ['request.auth.claims[realm_access][roles]', () => Attribute.claim(['realm_access', 'roles']), ['*']],
  ['request.auth.principal', () => Attribute.requestPrincipal(), ['https://id.example.com/jason']],
  ['request.auth.audiences', () => Attribute.audiences(), ['shop']],
  ['request.auth.presenter', () => Attribute.presenter(), ['web.example.com']],
  ['source.principal', () => Attribute.sourcePrincipal(), ['cluster.local/ns/shop/sa/*']],
  ['source.serviceAccount', () => Attribute.sourceServiceAccount(), ['shop/cart', 'cart']],
  ['source.namespace', () => Attribute.sourceNamespace(), ['shop-*']],
  ['source.trustDomain', () => Attribute.sourceTrustDomain(), ['cluster.local']],
  ['source.ip', () => Attribute.sourceIp(), ['10.0.0.0/8']],
  ['remote.ip', () => Attribute.remoteIp(), ['203.0.113.7']],
  ['destination.ip', () => Attribute.destinationIp(), ['10.1.2.3']],
  ['destination.port', () => Attribute.destinationPort(), ['8080']],
  ['connection.sni', () => Attribute.sni(), ['*.shop.svc.cluster.local']],
  ['experimental.envoy.filters.network.mysql_proxy[db]', () => Attribute.envoyFilter('network.mysql_proxy', 'db'), ['books']],
])('renders oneOf and noneOf for %s', (key, make, values) => {
  const attribute = make();
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
  ['a claim with a space', () => Attribute.claim(['a', 'b c']), 'claim[1]', 'b c'],
  ['an invalid address', () => Attribute.remoteIp().oneOf(['a.b']), 'values[0]', 'a.b'],
  ['a port as a number', () => Attribute.destinationPort().oneOf([80 as never]), 'values[0]', 80],
  ['an identity with its scheme', () => Attribute.sourcePrincipal().oneOf(['spiffe://cluster.local/ns/a/sa/b']), 'values[0]', 'spiffe://cluster.local/ns/a/sa/b'],
  ['a service account with *', () => Attribute.sourceServiceAccount().oneOf(['shop/*']), 'values[0]', 'shop/*'],
  ['a service account with two slashes', () => Attribute.sourceServiceAccount().oneOf(['a/b/c']), 'values[0]', 'a/b/c'],
  ['a service account in an invalid namespace', () => Attribute.sourceServiceAccount().oneOf(['a.b/c']), 'values[0]', 'a.b'],
  ['a namespace in upper case', () => Attribute.sourceNamespace().oneOf(['Shop']), 'values[0]', 'Shop'],
  ['a namespace that ends with -', () => Attribute.sourceNamespace().oneOf(['shop-']), 'values[0]', 'shop-'],
  ['a trust domain with a slash', () => Attribute.sourceTrustDomain().oneOf(['a/b']), 'values[0]', 'a/b'],
  ['a token without a subject', () => Attribute.requestPrincipal().oneOf(['issuer']), 'values[0]', 'issuer'],
  ['a filter with a bracket', () => Attribute.envoyFilter('a[', 'b'), 'filter', 'a['],
  ['a filter with a space', () => Attribute.envoyFilter('a b', 'c'), 'filter', 'a b'],
  ['an empty filter key', () => Attribute.envoyFilter('a', ''), 'key', ''],
  ['a filter key with a space', () => Attribute.envoyFilter('a', 'b c'), 'key', 'b c'],
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

test('a port is a number from 1 to 65535, without leading zeros', () => {
  const ports = ['1', '9', '10', '9999', '10000', '59999', '60000', '64999', '65000', '65499', '65500', '65529', '65530', '65535'];
  expect(Attribute.destinationPort().oneOf(ports)._render()).toEqual({ key: 'destination.port', values: ports });
  for (const wrong of ['0', '080', '65536', '65540', '65600', '66000', '70000', '100000', '-1', '80a', 'a80', '8080:80', '*']) {
    expect(refusal(() => Attribute.destinationPort().oneOf(['80', wrong]))).toMatchObject({ prop: 'values[1]', value: wrong });
  }
});

test('a list has at most 16 service accounts', () => {
  const accounts = Array.from({ length: 16 }, (_, index) => `shop/a${index}`);
  expect(Attribute.sourceServiceAccount().oneOf(accounts)._render()).toEqual({ key: 'source.serviceAccount', values: accounts });
  expect(refusal(() => Attribute.sourceServiceAccount().oneOf([...accounts, 'cart']))).toMatchObject({ prop: 'values', value: 17 });
});

test('an excluded namespace is the same one, or * for any', () => {
  const shop = Attribute.sourceNamespace().oneOf(['shop']);
  for (const excluded of ['shop', '*']) {
    expect(refusal(() => shop.butNot([excluded]))).toMatchObject({ prop: 'notValues', value: [excluded], reason: 'excludes every given value, so the rule can never match' });
  }
  expect(shop.butNot(['bank'])._render()).toEqual({ key: 'source.namespace', values: ['shop'], notValues: ['bank'] });
});
