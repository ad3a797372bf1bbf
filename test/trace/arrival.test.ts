// What happens at the pods: mTLS between the gateway and them, then their policies.
import { type Arriving, arrivalAt } from '../../src/mesh/security/inbound';
import { type ArrivalAtPods, arrivals } from '../../src/trace/arrival';
import { type MeshRequest } from '../../src/trace/request';
import { walk } from '../../src/trace/walk';
import { EDGE, PLAIN_GATEWAY, app, istio, meshFrom, request, security } from '../mesh/small-mesh';

const ROUTE = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: s1}}]}]}');

function arrive(objects: readonly string[], { sidecar = true, line = 'GET http://a.example.com/', ...more }: { sidecar?: boolean; line?: string } & Partial<MeshRequest> = {}): ArrivalAtPods {
  const mesh = meshFrom(EDGE, PLAIN_GATEWAY, app('s1', 'shop', { sidecar }), ROUTE, ...objects);
  const one = request(line, more);
  const { proxy, ends: [end] } = walk(mesh, one);
  expect(end.is).toBe('cluster');
  return arrivals(mesh, proxy!, one, end as Extract<typeof end, { is: 'cluster' }>)[0];
}

const tls = (objects: readonly string[], options = {}) => {
  const { tls: sent, arrival, status } = arrive(objects, options);
  return `${sent} ${arrival}${status === undefined ? '' : ` ${status}`}`;
};
const peer = (name: string, spec: string, namespace = 'shop') => security('PeerAuthentication', name, spec, namespace);
const rule = (policy: string) => istio('DestinationRule', 'dr', `{host: s1, trafficPolicy: ${policy}}`);

test.each<[string, string[], object, string]>([
  ['without any policy, pods with a sidecar get mTLS', [], {}, 'mesh served'],
  ['without any policy, pods without a sidecar get plaintext', [], { sidecar: false }, 'plaintext served'],
  ['a rule that disables TLS meets a workload that demands it', [rule('{tls: {mode: DISABLE}}'), peer('strict', '{mtls: {mode: STRICT}}')], {}, 'plaintext needs-mtls 503'],
  ['a tls block without mode disables TLS', [rule('{tls: {sni: x}}')], {}, 'plaintext served'],
  ['a rule that demands mTLS meets pods without a sidecar', [rule('{tls: {mode: ISTIO_MUTUAL}}')], { sidecar: false }, 'mesh raw-tls 503'],
  ['a rule that demands mTLS meets a workload that turns it off', [rule('{tls: {mode: ISTIO_MUTUAL}}'), peer('disabled', '{mtls: {mode: DISABLE}}')], {}, 'mesh wrong-protocol 503'],
  ['the client looks at the namespace only: a policy of the workload does not help', [peer('disabled', '{mtls: {mode: DISABLE}}'),
    peer('own', '{selector: {matchLabels: {app: s1}}, mtls: {mode: STRICT}}')], {}, 'plaintext needs-mtls 503'],
  ['a workload that turns mTLS off in a strict mesh gets plaintext', [peer('mesh', '{mtls: {mode: STRICT}}', 'istio-system'),
    peer('own', '{selector: {matchLabels: {app: s1}}, mtls: {mode: DISABLE}}')], {}, 'plaintext served'],
  ['a port that turns mTLS off, by the number of the pods, gets plaintext', [peer('own',
    '{selector: {matchLabels: {app: s1}}, mtls: {mode: STRICT}, portLevelMtls: {"8080": {mode: DISABLE}}}')], {}, 'plaintext served'],
  ['the number of the Service port counts for nothing', [peer('own',
    '{selector: {matchLabels: {app: s1}}, mtls: {mode: STRICT}, portLevelMtls: {"80": {mode: DISABLE}}}')], {}, 'mesh served'],
  ['UNSET inherits from the mesh', [peer('mesh', '{mtls: {mode: DISABLE}}', 'istio-system'), peer('ns', '{mtls: {mode: UNSET}}')], {}, 'plaintext served'],
  ['certificates of the client itself are no mTLS of the mesh', [rule('{tls: {mode: SIMPLE}}'), peer('strict', '{mtls: {mode: STRICT}}')], {}, 'simple handshake-fails 503'],
  ['a port entry of the rule replaces its tls block', [rule('{tls: {mode: ISTIO_MUTUAL}, portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}')], {}, 'plaintext served'],
])('%s', (_, objects, options, expected) => {
  expect(tls(objects, options)).toBe(expected);
});

test('a selector in the root namespace is ignored', () => {
  expect(arrive([peer('root', '{selector: {matchLabels: {app: s1}}, mtls: {mode: DISABLE}}', 'istio-system')]).demand).toEqual({ mode: 'PERMISSIVE' });
});

test('the demand names the policy and the field', () => {
  expect(arrive([peer('strict', '{mtls: {mode: STRICT}}')]).demand).toMatchObject({ mode: 'STRICT', place: { pointer: '/spec/mtls' } });
});

test('the outcomes of Istio\'s own table', () => {
  const row = (arriving: Arriving) => (['DISABLE', 'PERMISSIVE', 'STRICT'] as const).flatMap(mode => (['http', 'tcp'] as const).map(protocol => arrivalAt(mode, protocol, arriving)));
  expect(row('plaintext')).toEqual(['served', 'served', 'served', 'served', 'needs-mtls', 'needs-mtls']);
  expect(row('mesh')).toEqual(['wrong-protocol', 'raw-tls', 'served', 'served', 'served', 'served']);
  expect(row('other-tls')).toEqual(['wrong-protocol', 'raw-tls', 'needs-mtls', 'raw-tls', 'handshake-fails', 'handshake-fails']);
});

const policy = (spec: string, namespace = 'shop') => security('AuthorizationPolicy', 'ap', spec, namespace);

test.each<[string, string, Partial<MeshRequest> & { sidecar?: boolean; line?: string }, number | undefined]>([
  ['the gateway is the peer', '{rules: [{from: [{source: {principals: [cluster.local/ns/edge/sa/gw]}}]}]}', {}, undefined],
  ['another peer is not allowed', '{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/s1]}}]}]}', {}, 403],
  ['its namespace', '{rules: [{from: [{source: {namespaces: ["ed*"]}}]}]}', {}, undefined],
  ['its service account', '{rules: [{from: [{source: {serviceAccounts: [edge/gw]}}]}]}', {}, undefined],
  ['the port of the pods', '{rules: [{to: [{operation: {ports: ["8080"]}}]}]}', {}, undefined],
  ['not the port of the Service', '{rules: [{to: [{operation: {ports: ["80"]}}]}]}', {}, 403],
  ['the server name of another Service', '{rules: [{when: [{key: connection.sni, values: ["*.s2.shop.svc.cluster.local"]}]}]}', {}, 403],
  ['the server name ends with the host', '{rules: [{when: [{key: connection.sni, values: ["*s1.shop.svc.cluster.local"]}]}]}', {}, undefined],
  ['a policy without rules denies everything', '{}', {}, 403],
  ['a rule without conditions allows everything', '{rules: [{}]}', {}, undefined],
])('at the workload: %s', (_, spec, options, status) => {
  expect(arrive([policy(spec)], options).status).toBe(status);
});

test('without mTLS there is no peer: positive conditions never hold, negative ones always', () => {
  const plain = rule('{tls: {mode: DISABLE}}');
  expect(arrive([plain, policy('{rules: [{from: [{source: {namespaces: [edge]}}]}]}')]).status).toBe(403);
  expect(arrive([plain, policy('{action: DENY, rules: [{from: [{source: {notNamespaces: [edge]}}]}]}')]).status).toBe(403);
});
