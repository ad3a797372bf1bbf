// Where a policy applies, and what can be asked there.
import { Evidence } from '../../../src/edge/security/evidence';
import { GatewayEntry, type IGatewayWorkload } from '../../../src/edge/gateway-workload/service';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { refusal } from '../../refusal';
import { gatewayPods, service } from '../hand-made';

test.each<[string, PolicyScope, string, object]>([
  ['a workload', PolicyScope.workload(service()), 'shop', { selector: { matchLabels: { app: 'cart' } } }],
  ['a gateway', PolicyScope.gateway(gatewayPods()), 'front', { selector: { matchLabels: { app: 'door' } } }],
  ['a namespace', PolicyScope.namespace('shop'), 'shop', {}],
  ['the mesh', PolicyScope.mesh(), 'istio-system', {}],
  ['the mesh with another root namespace', PolicyScope.mesh('mesh'), 'mesh', {}],
  ['pods', PolicyScope.pods('shop', { app: 'a', version: 'v1' }), 'shop', { selector: { matchLabels: { app: 'a', version: 'v1' } } }],
  ['a Gateway of the Gateway API', PolicyScope.gatewayApi('front', 'door'), 'front', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'door' }] }],
  ['a class of them', PolicyScope.gatewayClass('istio-waypoint'), 'istio-system', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }] }],
  ['a Service behind a waypoint', PolicyScope.waypointService('shop', 'cart'), 'shop', { targetRefs: [{ group: '', kind: 'Service', name: 'cart' }] }],
  ['a ServiceEntry behind a waypoint', PolicyScope.waypointServiceEntry('shop', 'bank'), 'shop', { targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'bank' }] }],
])('a policy applies to %s', (_, scope, namespace, fields) => {
  expect([scope.policyNamespace, scope._render()]).toEqual([namespace, fields]);
});

describe('what can be asked', () => {
  const asked = (scope: PolicyScope) => Object.fromEntries(Object.entries(Evidence).map(([name, evidence]) => [name, scope._whyNot(evidence) === undefined]));

  it.each<[string, PolicyScope, object]>([
    ['a workload', PolicyScope.workload(service()), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: false }],
    ['a gateway that trusts the ALB', PolicyScope.gateway(gatewayPods({ trustedProxies: 1 })), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: true }],
    ['a gateway that is said to', PolicyScope.gateway(gatewayPods(), { trustedProxies: 2 }), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: true }],
    ['a gateway that trusts nobody', PolicyScope.gateway(gatewayPods({ trustedProxies: 0 })), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: false }],
    ['a gateway of which nothing is known', PolicyScope.gateway(gatewayPods()), { IDENTITY: false, TOKEN: true, PEER_ADDRESS: false, CLIENT_ADDRESS: false }],
    ['a gateway behind layer 4', PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, trustedProxies: 0 })),
      { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
    ['a gateway whose load balancer hides the clients', PolicyScope.gateway({ ...gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), seesClientAddress: false } as IGatewayWorkload),
      { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: false }],
    ['a namespace', PolicyScope.namespace('shop'), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
    ['pods', PolicyScope.pods('shop', { app: 'a' }), { IDENTITY: true, TOKEN: true, PEER_ADDRESS: true, CLIENT_ADDRESS: true }],
  ])('of %s', (_, scope, expected) => {
    expect(asked(scope)).toEqual(expected);
  });
});

test.each<[string, () => unknown, string, unknown]>([
  ['the root namespace for a namespace', () => PolicyScope.namespace('istio-system'), 'namespace', 'istio-system'],
  ['another root namespace', () => PolicyScope.namespace('mesh', 'mesh'), 'namespace', 'mesh'],
  ['a malformed namespace', () => PolicyScope.namespace('Shop'), 'namespace', 'Shop'],
  ['a malformed root namespace', () => PolicyScope.mesh('Mesh'), 'rootNamespace', 'Mesh'],
  ['pods without labels', () => PolicyScope.pods('shop', {}), 'labels', {}],
  ['a malformed Gateway', () => PolicyScope.gatewayApi('front', 'Door'), 'gatewayName', 'Door'],
  ['no workload', () => PolicyScope.workload('cart' as never), 'workload', 'cart'],
  ['no gateway', () => PolicyScope.gateway({} as never), 'workloadNamespace', undefined],
  ['less than no proxy', () => PolicyScope.gateway(gatewayPods(), { trustedProxies: -1 }), 'trustedProxies', -1],
  ['a number that the gateway contradicts', () => PolicyScope.gateway(gatewayPods({ trustedProxies: 2 }), { trustedProxies: 1 }), 'trustedProxies', 1],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});

test('a workload without sidecar is no scope: nothing there follows a policy', () => {
  expect(refusal(() => PolicyScope.workload(service({ withoutSidecar: true })))).toMatchObject({ prop: 'workload', value: 'shop/cart', reason: expect.stringContaining('sidecar') });
  expect(() => PolicyScope.workload(service({ withoutSidecar: false }))).not.toThrow();
});
