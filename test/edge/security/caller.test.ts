// Callers in authorization rules.
import { Caller, type CallerOptions } from '../../../src/edge/security/caller';
import { AttributeSource } from '../../../src/edge/security/condition';
import type { IGatewayWorkload } from '../../../src/edge/gateway-workload/service';
import { refusal } from '../../refusal';
import { gatewayPods, service } from '../stubs';

const CART = 'cluster.local/ns/shop/sa/cart';

test('a service account has a mesh identity', () => {
  expect(Caller.serviceAccount('shop', 'cart')._render()).toEqual({ principals: [CART] });
  expect(Caller.serviceAccount('shop', 'cart', 'prod.example.com')._render()).toEqual({ principals: ['prod.example.com/ns/shop/sa/cart'] });
  expect(Caller.serviceAccount('shop', 'cart', '*')._render()).toEqual({ principals: ['*/ns/shop/sa/cart'] });
});

test('a workload is identified by its service account', () => {
  expect(Caller.workload(service({ serviceAccount: 'cart' }))._render()).toEqual({ principals: [CART] });
  expect(refusal(() => Caller.workload(service()))).toMatchObject({ prop: 'workload', value: 'shop/cart', reason: expect.stringContaining('Caller.serviceAccount()') });
});

test('a gateway is identified by its own service account or a given one', () => {
  const gateway = gatewayPods();
  expect(Caller.gateway(gateway, 'door-service-account')._render()).toEqual({ principals: ['cluster.local/ns/front/sa/door-service-account'] });
  expect(Caller.gateway({ ...gateway, serviceAccount: 'door' } as IGatewayWorkload)._render()).toEqual({ principals: ['cluster.local/ns/front/sa/door'] });
  expect(refusal(() => Caller.gateway(gateway))).toMatchObject({ prop: 'serviceAccount', value: undefined, reason: expect.stringContaining('door-service-account for istioctl') });
});

test.each<[string, Caller, object]>([
  ['namespaces', Caller.namespaces(['shop', 'team-*']), { namespaces: ['shop', 'team-*'] }],
  ['any peer of the mesh', Caller.anyInMesh(), { principals: ['*'] }],
  ['addresses of peers', Caller.ipBlocks(['10.0.0.0/8']), { ipBlocks: ['10.0.0.0/8'] }],
  ['the subnets of a load balancer', Caller.loadBalancer(['10.0.1.0/24']), { ipBlocks: ['10.0.1.0/24'] }],
  ['addresses of clients', Caller.remoteIpBlocks(['203.0.113.7', '2001:db8::/32']), { remoteIpBlocks: ['203.0.113.7', '2001:db8::/32'] }],
  ['tokens', Caller.requestPrincipals(['https://id.example.com/*']), { requestPrincipals: ['https://id.example.com/*'] }],
  ['any token', Caller.withToken(), { requestPrincipals: ['*'] }],
  ['no token', Caller.withoutToken(), { notRequestPrincipals: ['*'] }],
])('callers are identified by %s', (_, caller, source) => {
  expect(caller._render()).toEqual(source);
});

test('supports every field of Istio and its negation', () => {
  const options: Required<Omit<CallerOptions, 'serviceAccounts' | 'notServiceAccounts'>> = {
    principals: [`${CART}*`], notPrincipals: [CART], namespaces: ['shop'], notNamespaces: ['bank'], trustDomains: ['*.local'], notTrustDomains: ['old.local'],
    ipBlocks: ['10.0.0.0/8'], notIpBlocks: ['10.0.0.1'], remoteIpBlocks: ['203.0.113.0/24'], notRemoteIpBlocks: ['203.0.113.7'],
    requestPrincipals: ['https://id.example.com/*'], notRequestPrincipals: ['https://id.example.com/guest'],
  };
  expect(Caller.of(options)._render()).toEqual(options);
  expect(Caller.of({ serviceAccounts: ['shop/cart'], notServiceAccounts: ['bank/teller'] })._render()).toEqual({ serviceAccounts: ['shop/cart'], notServiceAccounts: ['bank/teller'] });
});

test('callers can be combined and excluded', () => {
  expect(Caller.namespaces(['shop']).also(Caller.withToken())._render()).toEqual({ namespaces: ['shop'], requestPrincipals: ['*'] });
  expect(Caller.namespaces(['shop']).butNot(Caller.serviceAccount('shop', 'batch')).butNot(Caller.serviceAccount('shop', 'cron'))._render())
    .toEqual({ namespaces: ['shop'], notPrincipals: ['cluster.local/ns/shop/sa/batch', 'cluster.local/ns/shop/sa/cron'] });
});

test('the peer address of a load balancer is visible behind an ALB, alone and combined in either order', () => {
  const [alb, cart] = [Caller.loadBalancer(['10.0.1.0/24']), Caller.ipBlocks(['10.9.9.9'])];
  const client = Caller.remoteIpBlocks(['203.0.113.7']);
  expect(cart._sources()).toEqual([AttributeSource.PEER_ADDRESS]);
  expect(alb._sources()).toEqual([]);
  expect(alb.also(client)._sources()).toEqual([AttributeSource.CLIENT_ADDRESS]);
  expect(client.also(alb)._sources()).toEqual([AttributeSource.CLIENT_ADDRESS]);
  expect(cart.also(client)._sources()).toEqual([AttributeSource.PEER_ADDRESS, AttributeSource.CLIENT_ADDRESS]);
});

test('rejects callers that can never match', () => {
  const caller = Caller.serviceAccount('shop', 'cart');
  expect(refusal(() => caller.butNot(caller))).toMatchObject({ prop: 'notPrincipals', value: [CART], reason: expect.stringContaining('never match') });
  expect(refusal(() => caller.butNot(Caller.anyInMesh()))).toMatchObject({ prop: 'notPrincipals', value: ['*'] });
  expect(refusal(() => Caller.of({ remoteIpBlocks: ['10.1.0.0/16'], notRemoteIpBlocks: ['10.0.0.0/8'] }))).toMatchObject({ prop: 'notRemoteIpBlocks' });
  expect(refusal(() => Caller.of({ namespaces: ['shop'], notNamespaces: ['shop'] }))).toMatchObject({ prop: 'notNamespaces' });
});

test('rejects combinations that Istio would read differently', () => {
  expect(refusal(() => Caller.namespaces(['a']).also(Caller.namespaces(['b'])))).toMatchObject({ prop: 'other', value: ['b'], reason: expect.stringContaining('either value instead of both') });
  expect(refusal(() => Caller.anyInMesh().butNot(Caller.namespaces(['b']).also(Caller.withToken())))).toMatchObject({ prop: 'other', value: ['namespaces', 'requestPrincipals'] });
  expect(refusal(() => Caller.anyInMesh().butNot(Caller.withoutToken()))).toMatchObject({ prop: 'other', value: ['notRequestPrincipals'] });
  expect(refusal(() => Caller.of({ principals: ['*'], serviceAccounts: ['a'] }))).toMatchObject({ prop: 'serviceAccounts', value: ['a'] });
  expect(refusal(() => Caller.of({ notNamespaces: ['a'], notServiceAccounts: ['a'] }))).toMatchObject({ prop: 'serviceAccounts', value: ['a'] });
});

test.each<[string, () => unknown, string, unknown]>([
  ['no conditions', () => Caller.of({}), 'options', {}],
  ['missing options', () => Caller.of(undefined as never), 'options', undefined],
  ['a misspelled field', () => Caller.of({ principal: ['a'], namespaces: ['a'] } as never), 'options', 'principal'],
  ['an empty list', () => Caller.namespaces([]), 'namespaces', []],
  ['a string instead of a list', () => Caller.ipBlocks('10.0.0.0/8' as never), 'ipBlocks', '10.0.0.0/8'],
  ['a missing list', () => Caller.remoteIpBlocks(undefined as never), 'remoteIpBlocks', undefined],
  ['a malformed block', () => Caller.remoteIpBlocks(['10.0.0.0/33']), 'remoteIpBlocks[0]', '10.0.0.0/33'],
  ['a malformed namespace', () => Caller.serviceAccount('Shop', 'cart'), 'namespace', 'Shop'],
  ['a malformed name', () => Caller.serviceAccount('shop', 'Cart'), 'name', 'Cart'],
  ['a malformed trust domain', () => Caller.serviceAccount('shop', 'cart', 'a/b'), 'trustDomain', 'a/b'],
  ['an identity with its scheme', () => Caller.of({ principals: [`spiffe://${CART}`] }), 'principals[0]', `spiffe://${CART}`],
  ['a token without a subject', () => Caller.requestPrincipals(['issuer']), 'requestPrincipals[0]', 'issuer'],
  ['a workload of the wrong type', () => Caller.workload('cart' as never), 'workload', 'cart'],
  ['a gateway of the wrong type', () => Caller.gateway('door' as never), 'gateway', 'door'],
  ['a caller of the wrong type', () => Caller.anyInMesh().also({} as never), 'other', {}],
])('rejects %s', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('rejects the exclusion of all addresses', () => {
  for (const field of ['notIpBlocks', 'notRemoteIpBlocks']) {
    expect(refusal(() => Caller.of({ [field]: ['0.0.0.0/0', '::/0'] }))).toMatchObject({ prop: field, value: ['0.0.0.0/0', '::/0'], reason: expect.stringContaining('never match') });
    expect(() => Caller.of({ [field]: ['0.0.0.0/0'] })).not.toThrow();
  }
  expect(() => Caller.of({ notPrincipals: ['*'] })).not.toThrow();
});
