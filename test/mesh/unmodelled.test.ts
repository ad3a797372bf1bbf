// What the model does not know is named wherever it may interfere.
import { walk } from '../../src/trace/walk';
import { EDGE, PLAIN_GATEWAY, app, istio, meshFrom, request } from './small-mesh';

const touching = (...objects: readonly string[]) => walk(meshFrom(EDGE, PLAIN_GATEWAY, app('s1'), ...objects), request('GET http://a.example.com/')).unmodelled?.map(({ kind, pointer }) => `${kind} ${pointer}`);
const claim = (match: string, gateway = 'edge/gw') => istio('VirtualService', 'vs',
  `{hosts: [b.example.com], gateways: [${gateway}], http: [{match: [${match}], directResponse: {status: 200}}]}`);
const api = (kind: string, spec: string, namespace = 'edge', name = 'r') => istio(kind, name, spec, namespace).replace('networking.istio.io', 'gateway.networking.k8s.io');
const filter = (selector: string, namespace: string) => istio('EnvoyFilter', 'ef', `{${selector}configPatches: [{}]}`, namespace);

test.each<[string, string, string[] | undefined]>([
  ['an EnvoyFilter that selects the gateway', filter('workloadSelector: {labels: {app: gw}}, ', 'edge'), ['EnvoyFilter.networking.istio.io /spec']],
  ['one for other pods', filter('workloadSelector: {labels: {app: other}}, ', 'edge'), undefined],
  ['one of another namespace', filter('', 'shop'), undefined],
  ['one of the root namespace', filter('', 'istio-system'), ['EnvoyFilter.networking.istio.io /spec']],
  ['a condition on a claim that says nothing', istio('VirtualService', 'vs', '{hosts: [b.example.com], gateways: [edge/gw], http: [{match: [{headers: {"@request.auth.claims.sub": {}, x-a: {}}}, '
    + '{withoutHeaders: {"@request.auth.claims[group]": {exact: a}}}], directResponse: {status: 200}}]}', 'shop'), ['VirtualService.networking.istio.io /spec/http/0/match/0']],
  ['an inverted one', claim('{withoutHeaders: {"@request.auth.claims.sub": {}}}'), ['VirtualService.networking.istio.io /spec/http/0/match/0']],
  ['an inverted one with the regular expression *, which is none', claim('{withoutHeaders: {"@request.auth.claims.sub": {regex: "*"}}}'), ['VirtualService.networking.istio.io /spec/http/0/match/0']],
  ['one in a route table of another port', claim('{headers: {"@request.auth.claims.sub": {}}}', 'edge/secure') + istio('Gateway', 'secure',
    '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: c}}]}', 'edge'), undefined],
  ['one in front of a delegate, which gets it',
    istio('VirtualService', 'root', '{hosts: [b.example.com], gateways: [edge/gw], http: [{match: [{headers: {"@request.auth.claims.sub": {}}}], delegate: {name: part}}]}')
    + istio('VirtualService', 'part', '{http: [{directResponse: {status: 200}}]}'), ['VirtualService.networking.istio.io /spec/http/0']],
  ['one that names no gateway of the pods', claim('{headers: {"@request.auth.claims.sub": {}}}', 'lost'), undefined],
  ['a namespace in ambient mode', '\napiVersion: v1\nkind: Namespace\nmetadata: {name: edge, labels: {istio.io/dataplane-mode: ambient}}\n---', ['Namespace /metadata/labels']],
  ['a Service whose pods are behind a waypoint',
    '\napiVersion: v1\nkind: Service\nmetadata: {name: w, namespace: edge, labels: {istio.io/use-waypoint: w}}\nspec: {selector: {app: gw}}\n---', ['Service /metadata/labels']],
  ['a route of the Gateway API that is attached to nothing', api('HTTPRoute', '{}'), undefined],
  ['one that may be attached to the gateway', api('HTTPRoute', '{parentRefs: [{name: gw}]}'), ['HTTPRoute.gateway.networking.k8s.io /spec']],
  ['one of another namespace for a Gateway in that of the gateway', api('TCPRoute', '{parentRefs: [{name: gw, namespace: edge}]}', 'shop'), ['TCPRoute.gateway.networking.k8s.io /spec']],
  ['one for a Gateway of another namespace', api('HTTPRoute', '{parentRefs: [{name: gw, namespace: shop}]}'), undefined],
  ['one for a Service, which only sidecars read', api('HTTPRoute', '{parentRefs: [{kind: Service, group: "", name: s1}]}', 'shop'), undefined],
  ['a Gateway of the Gateway API, which makes pods of its own, and its route',
    api('Gateway', '{gatewayClassName: istio, listeners: []}', 'edge', 'own') + api('HTTPRoute', '{parentRefs: [{name: own}]}'), undefined],
  ['one with the address of the gateway, and its route',
    api('Gateway', '{gatewayClassName: istio, addresses: [{type: Hostname, value: gw.edge.svc.cluster.local}]}', 'shop', 'own') + api('HTTPRoute', '{parentRefs: [{name: own}]}', 'shop'),
    ['Gateway.gateway.networking.k8s.io /spec']],
])('%s', (_, object, expected) => {
  expect(touching(object)).toEqual(expected);
});
