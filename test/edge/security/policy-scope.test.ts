// What a policy applies to, and what the proxies there can see.
import { AttributeSource } from '../../../src/edge/security/condition';
import { GatewayEntry, type IGatewayWorkload } from '../../../src/edge/gateway-workload/service';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { refusal } from '../../refusal';
import { gatewayPods, service } from '../stubs';

test.each<[string, () => PolicyScope, string, object]>([
  ['a workload', () => PolicyScope.workload(service()), 'shop', { selector: { matchLabels: { app: 'cart' } } }],
  ['a gateway', () => PolicyScope.gateway(gatewayPods()), 'front', { selector: { matchLabels: { app: 'door' } } }],
  ['a namespace', () => PolicyScope.namespace('shop'), 'shop', {}],
  ['the mesh', () => PolicyScope.mesh(), 'istio-system', {}],
  ['the mesh with another root namespace', () => PolicyScope.mesh('mesh'), 'mesh', {}],
  ['pods', () => PolicyScope.pods('shop', { app: 'a', version: 'v1' }), 'shop', { selector: { matchLabels: { app: 'a', version: 'v1' } } }],
  ['a Gateway of the Gateway API', () => PolicyScope.gatewayApi('front', 'door'), 'front', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'door' }] }],
  ['a GatewayClass', () => PolicyScope.gatewayClass('istio-waypoint'), 'istio-system', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }] }],
  ['a Service behind a waypoint', () => PolicyScope.waypointService('shop', 'cart'), 'shop', { targetRefs: [{ group: '', kind: 'Service', name: 'cart' }] }],
  ['a ServiceEntry behind a waypoint', () => PolicyScope.waypointServiceEntry('shop', 'bank'), 'shop', { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'bank' }] }],
])('a policy applies to %s', (_, make, namespace, fields) => {
  const scope = make();
  expect({ policyNamespace: scope.policyNamespace, rendered: scope._render() }).toEqual({ policyNamespace: namespace, rendered: fields });
});

describe('which sources are visible', () => {
  const visible = (scope: PolicyScope) => Object.fromEntries(Object.entries(AttributeSource).map(([name, source]) => [name, scope._limitation(source) === undefined]));

  it.each<[string, () => PolicyScope, object]>([
    ['a workload', () => PolicyScope.workload(service()), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: false }],
    ['a gateway that trusts the ALB', () => PolicyScope.gateway(gatewayPods({ trustedProxies: 1 })), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: true }],
    ['a gateway with trustedProxies given', () => PolicyScope.gateway(gatewayPods(), { trustedProxies: 2 }), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: true }],
    ['a gateway that trusts no proxy', () => PolicyScope.gateway(gatewayPods({ trustedProxies: 0 })), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: false }],
    ['a gateway that does not declare it', () => PolicyScope.gateway(gatewayPods()), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: false }],
    ['a gateway behind a Network Load Balancer', () => PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, trustedProxies: 0 })),
      { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
    ['a gateway whose Network Load Balancer hides the clients', () => PolicyScope.gateway({ ...gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), seesClientAddress: false } as IGatewayWorkload),
      { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: false }],
    ['a namespace', () => PolicyScope.namespace('shop'), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
    ['pods', () => PolicyScope.pods('shop', { app: 'a' }), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
  ])('to %s', (_, scope, expected) => {
    expect(visible(scope())).toEqual(expected);
  });
});

test.each<[string, () => unknown, string, unknown]>([
  ['the root namespace as a namespace', () => PolicyScope.namespace('istio-system'), 'namespace', 'istio-system'],
  ['another root namespace', () => PolicyScope.namespace('mesh', 'mesh'), 'namespace', 'mesh'],
  ['an invalid namespace', () => PolicyScope.namespace('Shop'), 'namespace', 'Shop'],
  ['an invalid root namespace', () => PolicyScope.mesh('Mesh'), 'rootNamespace', 'Mesh'],
  ['pods without labels', () => PolicyScope.pods('shop', {}), 'labels', {}],
  ['an invalid Gateway', () => PolicyScope.gatewayApi('front', 'Door'), 'gatewayName', 'Door'],
  ['a workload of the wrong type', () => PolicyScope.workload('cart' as never), 'workload', 'cart'],
  ['a gateway of the wrong type', () => PolicyScope.gateway({} as never), 'gateway', {}],
  ['a negative number of proxies', () => PolicyScope.gateway(gatewayPods(), { trustedProxies: -1 }), 'trustedProxies', -1],
  ['a number that differs from the gateway\'s own', () => PolicyScope.gateway(gatewayPods({ trustedProxies: 2 }), { trustedProxies: 1 }), 'trustedProxies', 1],
])('rejects %s', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('rejects a workload without a sidecar', () => {
  expect(refusal(() => PolicyScope.workload(service({ withoutSidecar: true })))).toMatchObject({ prop: 'workload', value: 'shop/cart', reason: expect.stringContaining('sidecar') });
  expect(() => PolicyScope.workload(service({ withoutSidecar: false }))).not.toThrow();
});

test('says how to make the address of the client visible', () => {
  const reason = (scope: PolicyScope) => scope._limitation(AttributeSource.CLIENT_ADDRESS);
  expect(reason(PolicyScope.gateway(gatewayPods()))).toBe('cannot match on the client\'s address, because the number of proxies that the gateway trusts is not known; '
    + 'use PolicyScope.gateway(gateway, { trustedProxies: 1 })');
  expect(reason(PolicyScope.gateway(gatewayPods(), { trustedProxies: 0 })))
    .toBe('cannot match on the client\'s address, because the gateway does not trust the ALB; set trustedProxies of the gateway to 1 or more');
});

test('only a gateway behind a Network Load Balancer can have TCP routes', () => {
  expect(PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }))._layer4Gateway).toBe('front/door');
  for (const scope of [PolicyScope.gateway(gatewayPods()), PolicyScope.workload(service()), PolicyScope.namespace('front')]) {
    expect(scope._layer4Gateway).toBeUndefined();
  }
});
