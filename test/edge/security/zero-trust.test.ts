// Zero trust: deny by default, and allow the gateway and declared callers.
import { App, Chart } from 'cdk8s';
import { AuthorizationRule } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import type { IGatewayWorkload } from '../../../src/edge/gateway-workload/service';
import { Operation } from '../../../src/edge/security/operation';
import { ZeroTrust, type ZeroTrustProps } from '../../../src/edge/security/zero-trust';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized } from '../../synthesized';
import { gatewayPods, service } from '../stubs';

const DOOR = { ...gatewayPods({ trustedProxies: 1 }), serviceAccount: 'door' } as IGatewayWorkload;
const FROM_DOOR = { from: [{ source: { principals: ['cluster.local/ns/front/sa/door'] } }] };
const PAGE = Caller.serviceAccount('shop', 'page');
const FROM_PAGE = { from: [{ source: { principals: ['cluster.local/ns/shop/sa/page'] } }] };

function zeroTrust(props: ZeroTrustProps = {}): ZeroTrust {
  return new ZeroTrust(emptyChart(), 'ZeroTrust', { gateway: DOOR, ...props });
}

function specs(made: ZeroTrust | App): Record<string, object> {
  return Object.fromEntries(synthesized(made).map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec]));
}

test('allows the gateway to call a workload and denies everything else in the namespace', () => {
  const made = zeroTrust();
  made.allowGateway(service());
  made.allowGateway(service());
  expect(synthesized(made)).toEqual([
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: 'allow-nothing',
        namespace: 'shop',
        labels: labels('allow-nothing', 'security'),
      },
      spec: {},
    },
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: {
        name: 'zero-trust-cart',
        namespace: 'shop',
        labels: labels('cart', 'security'),
      },
      spec: { action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [FROM_DOOR] },
    },
  ]);
});

test('allows declared callers inside the mesh', () => {
  const made = zeroTrust();
  made.allowGateway(service());
  made.allow(service(), { from: [PAGE], to: [Operation.of({ methods: ['GET'], paths: ['/prices/*'], ports: [8080] })], when: [Attribute.requestHeader('x-canary').noneOf(['*'])] });
  made.allow(service({ serviceName: 'bank', namespace: 'bank', selector: { app: 'bank' } }), { from: [PAGE] });
  expect(specs(made)).toEqual({
    'shop/allow-nothing': {},
    'shop/zero-trust-cart': {
      action: 'ALLOW',
      selector: { matchLabels: { app: 'cart' } },
      rules: [FROM_DOOR, {
        ...FROM_PAGE,
        to: [{ operation: { methods: ['GET'], paths: ['/prices/*'], ports: ['8080'] } }],
        when: [{ key: 'request.headers[x-canary]', notValues: ['*'] }],
      }],
    },
    'bank/allow-nothing': {},
    'bank/zero-trust-bank': { action: 'ALLOW', selector: { matchLabels: { app: 'bank' } }, rules: [FROM_PAGE] },
  });
});

test('ignores a workload without pods for the gateway, and rejects it for declared callers', () => {
  const made = zeroTrust();
  made.allowGateway(service({ selector: {} }));
  expect(synthesized(made)).toEqual([]);
  expect(refusal(() => made.allow(service({ selector: {} }), { from: [PAGE] }))).toMatchObject({ prop: 'scope', value: { matchLabels: {} }, path: 'chart/ZeroTrust' });
});

test('a dry run annotates every policy', () => {
  const made = zeroTrust({ dryRun: true });
  made.allowGateway(service());
  expect(synthesized(made).map(({ metadata }) => metadata.annotations)).toEqual([{ 'istio.io/dry-run': 'true' }, { 'istio.io/dry-run': 'true' }]);
});

test('the identity of the gateway can be set', () => {
  const made = zeroTrust({ gateway: gatewayPods(), gatewayServiceAccount: 'door-service-account', trustDomain: 'prod.example.com' });
  made.allowGateway(service());
  expect(specs(made)['shop/zero-trust-cart']).toMatchObject({ rules: [{ from: [{ source: { principals: ['prod.example.com/ns/front/sa/door-service-account'] } }] }] });
  expect(refusal(() => zeroTrust({ gateway: gatewayPods() }))).toMatchObject({ prop: 'gatewayServiceAccount', value: undefined, path: 'chart/ZeroTrust' });
  expect(refusal(() => zeroTrust({ gateway: undefined }).allowGateway(service()))).toMatchObject({ prop: 'gateway', value: undefined, path: 'chart/ZeroTrust' });
});

describe('two in one app', () => {
  const two = (first: ZeroTrustProps, second: ZeroTrustProps) => {
    const app = new App();
    const make = (id: string, props: ZeroTrustProps) => new ZeroTrust(new Chart(app, id), 'ZeroTrust', { policyName: id, ...props });
    return { app, one: make('one', first), other: () => make('other', second) };
  };

  it('deny a namespace once and add up what they allow', () => {
    const { app, one, other } = two({ gateway: DOOR }, { gateway: gatewayPods({ serviceName: 'gate' }), gatewayServiceAccount: 'gate' });
    one.allowGateway(service());
    other().allowGateway(service());
    expect(specs(app)).toEqual({
      'shop/allow-nothing': {},
      'shop/one-cart': { action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [FROM_DOOR] },
      'shop/other-cart': { action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { principals: ['cluster.local/ns/front/sa/gate'] } }] }] },
    });
  });

  it('need different policy names', () => {
    const { one, other } = two({}, { policyName: 'one' });
    one.allow(service(), { from: [PAGE] });
    expect(refusal(() => other().allow(service(), { from: [PAGE] }))).toMatchObject({ prop: 'policyName', value: 'one-cart', path: 'other/ZeroTrust' });
  });

  it('have to agree on dryRun', () => {
    const { one, other } = two({}, { dryRun: true });
    one.protectNamespace('shop');
    expect(refusal(() => other().allow(service(), { from: [PAGE] }))).toMatchObject({ prop: 'dryRun', value: true, reason: expect.stringContaining('one/ZeroTrust'), path: 'other/ZeroTrust' });
  });

  it('see each other\'s gateways', () => {
    const clients = [AuthorizationRule.everything()];
    const { one, other } = two({ namespaces: ['front'] }, { gateway: DOOR });
    expect(refusal(other)).toMatchObject({ prop: 'gatewayClients', path: 'other/ZeroTrust' });
    expect(one.dryRun).toBe(false);
    const allowed = two({ gateway: DOOR, gatewayClients: clients }, { gateway: DOOR, namespaces: ['front'] });
    expect(allowed.other).not.toThrow();
  });
});

describe('a gateway in a namespace that is denied by default', () => {
  it('has a policy for its clients', () => {
    const made = zeroTrust({ gatewayClients: [AuthorizationRule.of({ from: [Caller.remoteIpBlocks(['203.0.113.0/24'])] })], namespaces: ['front'] });
    expect(specs(made)).toEqual({
      'front/zero-trust-clients': { action: 'ALLOW', selector: { matchLabels: { app: 'door' } }, rules: [{ from: [{ source: { remoteIpBlocks: ['203.0.113.0/24'] } }] }] },
      'front/allow-nothing': {},
    });
  });

  it('needs gatewayClients', () => {
    expect(refusal(() => zeroTrust({ namespaces: ['front'] }))).toMatchObject({ prop: 'gatewayClients', value: undefined, path: 'chart/ZeroTrust', reason: expect.stringContaining('front/door') });
    expect(refusal(() => zeroTrust().allowGateway(service({ namespace: 'front' })))).toMatchObject({ prop: 'gatewayClients', path: 'chart/ZeroTrust' });
  });
});

test.each<[string, (made: ZeroTrust) => void, string, unknown]>([
  ['the root namespace', made => made.protectNamespace('istio-system'), 'namespace', 'istio-system'],
  ['a workload in the root namespace', made => made.allowGateway(service({ namespace: 'istio-system' })), 'workload', 'istio-system/cart'],
  ['an invalid namespace', made => made.protectNamespace('Shop'), 'namespace', 'Shop'],
  ['a workload of the wrong type', made => made.allowGateway('cart' as never), 'workload', 'cart'],
  ['a rule without callers', made => made.allow(service(), { to: [Operation.ports([80])] }), 'from', undefined],
  ['an empty list of callers', made => made.allow(service(), { from: [] }), 'from', []],
  ['an empty rule', made => made.allow(service(), {}), 'options', {}],
  ['a client address, which a sidecar does not see', made => made.allow(service(), { from: [PAGE.also(Caller.remoteIpBlocks(['10.0.0.1']))] }), 'from[0]', 'the address of the client'],
])('rejects %s', (_, call, prop, value) => {
  const made = zeroTrust();
  expect(refusal(() => call(made))).toMatchObject({ prop, value, path: 'chart/ZeroTrust' });
  expect(synthesized(made)).toEqual([]);
});

test('ignores a workload without a sidecar', () => {
  const made = zeroTrust();
  made.allowGateway(service({ namespace: 'istio-system', withoutSidecar: true }));
  expect(synthesized(made)).toEqual([]);
});

test('a workload always has the same pods', () => {
  const made = zeroTrust();
  made.allowGateway(service());
  expect(() => made.allowGateway(service())).not.toThrow();
  made.allowGateway(service({ serviceName: 'web', selector: { app: 'web', tier: 'front' } }));
  expect(() => made.allowGateway(service({ serviceName: 'web', selector: { tier: 'front', app: 'web' } }))).not.toThrow();
  expect(refusal(() => made.allowGateway(service({ selector: { app: 'cart-primary' } })))).toMatchObject({
    prop: 'workload', value: '[["app","cart-primary"]]', reason: 'must have the labels [["app","cart"]], with which shop/cart was declared before', path: 'chart/ZeroTrust',
  });
});

test.each<[string, ZeroTrustProps, string, unknown]>([
  ['a mesh identity for clients of a gateway behind an ALB', { gatewayClients: [AuthorizationRule.of({ from: [PAGE] })] }, 'gatewayClients[0].from[0]', 'the identity of the peer'],
  ['an excluded host that starts with * for clients', { gatewayClients: [AuthorizationRule.of({ to: [Operation.of({ notHosts: ['*.example.com'] })] })] },
    'gatewayClients[0].to[0].notHosts[0]', '*.example.com'],
  ['an empty list of clients', { gatewayClients: [] }, 'gatewayClients', 0],
  ['clients without a gateway', { gateway: undefined, gatewayClients: [AuthorizationRule.everything()] }, 'gatewayClients', 1],
  ['an invalid service account', { gatewayServiceAccount: 'Door' }, 'gatewayServiceAccount', 'Door'],
  ['an invalid trust domain', { trustDomain: 'a/b' }, 'trustDomain', 'a/b'],
  ['an invalid root namespace', { rootNamespace: '' }, 'rootNamespace', ''],
  ['an invalid name', { policyName: 'Zero' }, 'policyName', 'Zero'],
  ['a boolean as a string', { dryRun: 'yes' as never }, 'dryRun', 'yes'],
  ['a gateway of the wrong type', { gateway: 'door' as never }, 'gateway', 'door'],
])('rejects %s in the constructor', (_, props, prop, value) => {
  expect(refusal(() => zeroTrust(props))).toMatchObject({ prop, value, path: 'chart/ZeroTrust' });
});

test('is only added if options are given', () => {
  const chart = emptyChart();
  expect(ZeroTrust._ifWanted(chart, 'A', { gateway: DOOR, policyName: 'edge' }, undefined)).toBeUndefined();
  ZeroTrust._ifWanted(chart, 'B', { gateway: DOOR, policyName: 'edge' }, {})!.allowGateway(service());
  expect(synthesized(chart).map(({ metadata }) => metadata.name)).toEqual(['allow-nothing', 'edge-cart']);
  expect(refusal(() => ZeroTrust._ifWanted(chart, 'C', { gateway: DOOR }, true as never))).toMatchObject({ prop: 'zeroTrust', value: true, path: 'chart' });
});

test('workloads are checked before any is added', () => {
  const made = zeroTrust();
  const [cart, bank] = [service(), service({ namespace: 'bank', serviceName: 'bank', selector: { app: 'bank' } })];
  made._accept([cart, bank, cart, service({ withoutSidecar: true, selector: {} })]);
  const otherPods = service({ selector: { app: 'cart-primary' } });
  expect(refusal(() => made._accept([cart, bank, otherPods]))).toMatchObject({ prop: 'workload', value: '[["app","cart-primary"]]', path: 'chart/ZeroTrust' });
  expect(synthesized(made)).toEqual([]);
  made._reach(cart);
  expect(synthesized(made, 'AuthorizationPolicy').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toContain('shop/zero-trust-cart');
  expect(refusal(() => made._accept([otherPods]))).toMatchObject({ prop: 'workload', path: 'chart/ZeroTrust' });
});
