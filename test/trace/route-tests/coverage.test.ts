// Coverage: what a trace has reached of rules, routes and policies.
import { readYaml } from '../../../src/manifests/yaml';
import { prepareTrace } from '../../../src/trace/models';
import { ReachedPlaces, coverageOf, shareOf } from '../../../src/trace/route-tests/coverage';
import { trace } from '../../../src/trace/trace';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../../mesh/small-mesh';

const INGRESS = `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: edge, namespace: edge, annotations: {alb.ingress.kubernetes.io/target-type: ip}},
  spec: {ingressClassName: alb, rules: [
    {host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gw, port: {number: 80}}}}]}},
    {host: b.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gw, port: {number: 80}}}}]}}]}}`;
const ROUTES = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw], http: [{name: cart, match: [{uri: {prefix: /cart}}, {uri: {exact: /c}}], '
  + 'route: [{destination: {host: s1}}]}, {route: [{destination: {host: s2}}]}]}');

function coverage(objects: readonly string[], ...lines: readonly string[]) {
  const models = prepareTrace(readYaml([EDGE, PLAIN_GATEWAY, app('s1', 'shop', { sidecar: true }), app('s2'), ...objects].join('\n---\n'), 'edge.yaml'));
  const reached = new ReachedPlaces();
  lines.forEach(line => reached.add(trace(models, line).hops));
  const found = coverageOf([models], reached);
  return { share: shareOf(found), reached: found.reached.map(({ what }) => what), missed: found.missed.map(({ what }) => what) };
}

test('rules of load balancers and each condition of a route are counted', () => {
  expect(coverage([INGRESS, ROUTES], 'GET http://a.example.com/cart/1', 'GET http://a.example.com/cart/2', 'GET http://a.example.com/')).toEqual({
    share: 3 / 5, reached: ['rule 1: host a.example.com, path /*', 'route cart: path /cart*', 'route: path /*'],
    missed: ['rule 2: host b.example.com, path /*', 'route cart: path /c'],
  });
});

test('a rule of a policy is reached when it decides; a policy without rules when nothing else allows the request', () => {
  const policies = [
    security('AuthorizationPolicy', 'deny', '{selector: {matchLabels: {app: s1}}, action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]}'),
    security('AuthorizationPolicy', 'allow', '{selector: {matchLabels: {app: s1}}, rules: [{to: [{operation: {methods: [GET], paths: ["/cart/*"]}}]}, {to: [{operation: {notMethods: [PUT, GET]}}]}]}'),
    security('AuthorizationPolicy', 'nothing', '{selector: {matchLabels: {app: s1}}}'),
    security('AuthorizationPolicy', 'watch', '{selector: {matchLabels: {app: s1}}, action: AUDIT, rules: [{}]}'),
  ];
  const policy = (name: string) => `${name} policy shop/${name.toLowerCase()}`;
  const [deny, get, post, nothing] = [
    `${policy('DENY')}, rule 1: request.method DELETE`, `${policy('ALLOW')}, rule 1: request.method GET and request.path /cart/*`,
    `${policy('ALLOW')}, rule 2: request.method not PUT or GET`, 'ALLOW policy shop/nothing',
  ];
  const send = (method: string) => `${method} http://a.example.com/cart/1 via=gateway:80`;
  const missed = (...lines: string[]) => coverage([ROUTES, ...policies], ...lines).missed.filter(what => what.includes('policy'));
  expect(missed()).toEqual([get, post, deny, nothing]);
  expect(missed(send('GET'))).toEqual([post, deny, nothing]);
  expect(missed(send('GET'), send('POST'), send('DELETE'))).toEqual([nothing]);
  expect(missed(send('PUT'))).toEqual([get, post, deny]);
});

test('a route is not reached by a request that a policy of the gateway denies, and it is by one that the pods deny', () => {
  const deny = (selected: string, namespace: string) => security('AuthorizationPolicy', 'deny', `{selector: {matchLabels: {app: ${selected}}}, action: DENY, rules: [{}]}`, namespace);
  expect(coverage([ROUTES, deny('gw', 'edge')], 'GET http://a.example.com/c via=gateway:80').reached).toEqual(['DENY policy edge/deny, rule 1: all requests']);
  expect(coverage([ROUTES, deny('s1', 'shop')], 'GET http://a.example.com/c via=gateway:80').reached).toEqual([
    'route cart: path /c', 'DENY policy shop/deny, rule 1: all requests',
  ]);
});

test('tokens are covered when a request has one, at the gateway and at a workload', () => {
  const tokens = (name: string, namespace: string, selected: string) => security('RequestAuthentication', name,
    `{selector: {matchLabels: {app: ${selected}}}, jwtRules: [{issuer: ${name}}]}`, namespace);
  const objects = [ROUTES, tokens('one', 'edge', 'gw'), tokens('two', 'shop', 's1')];
  const missed = (...lines: string[]) => coverage(objects, ...lines).missed.filter(what => what.startsWith('tokens'));
  expect(missed('GET http://a.example.com/cart via=gateway:80')).toEqual(['tokens of issuer one', 'tokens of issuer two']);
  expect(missed('GET http://a.example.com/cart claims={"iss":"three"} via=gateway:80')).toEqual(['tokens of issuer two']);
  expect(missed('GET http://a.example.com/cart claims={"iss":"one"} via=gateway:80')).toEqual(['tokens of issuer two']);
});

test('without anything to reach, everything is covered', () => {
  expect(coverage([], 'GET http://a.example.com/ via=gateway:80')).toEqual({ share: 1, reached: [], missed: [] });
});
