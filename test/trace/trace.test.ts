// Traces: requests followed from the load balancer to the pods.
import { readYaml } from '../../src/manifests/yaml';
import { prepareTrace } from '../../src/trace/models';
import { endsOf, trace } from '../../src/trace/trace';
import { parseRequest } from '../../src/trace/client-request';
import { describeEnds } from '../../src/trace/expectation';
import { EDGE, app, istio } from '../mesh/small-mesh';

const GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*.example.com"], '
  + 'tls: {mode: SIMPLE, credentialName: tls}}]}', 'edge');
const ANY_HOST = GATEWAY.replace('"*.example.com"', '"*"');
const ROUTES = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: ['
  + '{name: cart, match: [{uri: {prefix: /cart}}], route: [{destination: {host: s1}, weight: 80}, {destination: {host: s2}, weight: 20}]}, '
  + '{name: old, match: [{uri: {exact: /old}}], redirect: {uri: /cart}}, {name: loop, match: [{uri: {exact: /loop}}], redirect: {uri: /loop}}]}');

function ingress(annotations = '', rules = '[{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: gw, port: {number: 443}}}}]}}]'): string {
  return `{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: edge, namespace: edge, annotations: {
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]', alb.ingress.kubernetes.io/ssl-redirect: "443",
    alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000",
    alb.ingress.kubernetes.io/target-type: ip, alb.ingress.kubernetes.io/backend-protocol: HTTPS${annotations}}},
    spec: {ingressClassName: alb, rules: ${rules}}}`;
}

const OBJECTS = [EDGE, ANY_HOST, ROUTES, app('s1'), app('s2')];
const manifests = (...objects: readonly string[]) => readYaml(objects.join('\n---\n'), 'edge.yaml');
const ends = (objects: readonly string[], line: string) => describeEnds(trace(manifests(...objects), line).ends);

test('a request goes through listener, rule, target group, gateway, route and cluster to the pods', () => {
  const { hops, ends: found } = trace(manifests(ingress(), ...OBJECTS), 'GET https://a.example.com/cart?x=1');
  expect(hops.slice(0, 8).map(({ at }) => at)).toEqual([
    'alb-listener', 'alb-rule', 'target-group', 'gateway-listener', 'filter-chain', 'virtual-host', 'route', 'cluster']);
  expect(found).toMatchObject([
    { probability: 0.8, kind: 'workload', to: 's1.shop:80', host: 's1.shop.svc.cluster.local', port: 80, path: '/cart?x=1', authority: 'a.example.com' },
    { probability: 0.2, kind: 'workload', to: 's2.shop:80' },
  ]);
});

test.each<[line: string, end: string]>([
  ['GET http://a.example.com/cart', '301 https://a.example.com/cart'],
  ['GET https://b.example.com/cart', '404 no rule'],
  ['GET https://a.example.com/other', '404 no route'],
  ['GET https://a.example.com/old', '301 https://a.example.com/cart'],
  ['GET https://a.example.com:8443/cart', 'closed no listener on port 8443'],
  ['GET https://a.example.com/cart via=gateway:443', '80% s1.shop:80, 20% s2.shop:80'],
  ['GET https://a.example.com/cart via=gateway:edge/gw:443', '80% s1.shop:80, 20% s2.shop:80'],
  ['GET http://a.example.com/cart via=gateway:443', 'closed plaintext to TLS'],
  ['GET https://a.example.com/cart via=gateway:444', 'closed no listener'],
  ['GET https://a.example.com/cart via=gateway:edge/other:443', 'closed no gateway'],
])('%s ends at %s', (line, end) => {
  expect(ends([ingress(), ...OBJECTS], line)).toBe(end);
});

test('a load balancer sends no server name, so a gateway that wants one closes the connection: 502', () => {
  expect(ends([ingress(), EDGE, GATEWAY, ROUTES, app('s1')], 'GET https://a.example.com/cart')).toBe('502 no filter chain');
  expect(ends([ingress(), EDGE, GATEWAY, ROUTES, app('s1')], 'GET https://a.example.com/other via=gateway:443 sni=a.example.com')).toBe('404 no route');
});

test('plaintext to a TLS port of the gateway is 502', () => {
  expect(ends([ingress().replace('backend-protocol: HTTPS', 'backend-protocol: HTTP'), ...OBJECTS], 'GET https://a.example.com/cart')).toBe('502 plaintext to TLS');
});

test('a step has the record of the models that it is about, so that a picture can find it', () => {
  const models = prepareTrace(manifests(ingress(), ...OBJECTS));
  const { hops } = trace(models, 'GET https://a.example.com/cart');
  const [, listener] = models.plan.loadBalancers.flatMap(own => ('listeners' in own ? own.listeners : []));
  expect(hops[0].model).toBe(listener);
  expect(hops[1].model).toBe(listener.rules[0]);
  const gateway = models.mesh.gateway(models.mesh.gatewayWorkloads()[0]);
  expect(hops[3].model).toBe(gateway.allListeners()[0]);
  expect(hops[4].model).toBe(gateway.allListeners()[0].filterChains.all[0]);
  expect(hops[5].model).toBe(gateway.allRouteConfigs()[0].virtualHosts[0]);
  expect(hops[6].model).toBe(gateway.allRouteConfigs()[0].virtualHosts[0].routes[0]);
  expect(hops[7].model).toMatchObject({ name: { host: 's1.shop.svc.cluster.local', port: 80, subset: '' } });
});

test('redirects are followed on request, and loops are named', () => {
  const models = prepareTrace(manifests(ingress(), ...OBJECTS));
  expect(describeEnds(trace(models, 'GET http://a.example.com/old', { follow: true }).ends)).toBe('80% s1.shop:80, 20% s2.shop:80');
  expect(describeEnds(trace(models, 'GET https://a.example.com/loop', { follow: true }).ends))
    .toBe('closed redirect loop: https://a.example.com/loop → https://a.example.com/loop');
});

test('prepared models give the ends that the input gives', () => {
  const objects = manifests(ingress(), ...OBJECTS);
  const models = prepareTrace(objects);
  const line = 'GET https://a.example.com/cart';
  const words = (input: Parameters<typeof trace>[0]) => {
    const { hops, ...rest } = trace(input, line);
    return { ...rest, hops: hops.map(({ model: _, ...own }) => own) };
  };
  expect(words(models)).toEqual(words(objects));
  expect(endsOf(models, parseRequest(line))).toEqual(trace(objects, line).ends);
});

const subsets = (name: string, subset: string, created?: string) => istio('DestinationRule', name, `{host: s1, subsets: [{name: ${subset}, labels: {app: s1}}], `
  + `trafficPolicy: {tls: {mode: ${name === 'a' ? 'SIMPLE' : 'DISABLE'}}}}`, 'shop', created);
const ONE = istio('VirtualService', 'one', '{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: s1}}]}]}');

test('where only the age of objects decides, and the input does not tell it, the end is undefined', () => {
  const contested = [ingress(), EDGE, ANY_HOST, ONE, app('s1'), subsets('a', 'v1'), subsets('b', 'v2')];
  expect(trace(manifests(...contested), 'GET https://a.example.com/').ends).toMatchObject([
    { kind: 'undefined', probability: 1, to: 'undefined: 503 TLS to a plaintext port or s1.shop:80', candidates: [{ kind: 'refused' }, { kind: 'workload' }] },
  ]);
});

test('ages that the input tells decide, and so does an order that makes no difference', () => {
  const decided = [ingress(), EDGE, ANY_HOST, ONE, app('s1'), subsets('a', 'v1', '2025-01-02T00:00:00Z'), subsets('b', 'v2', '2025-01-01T00:00:00Z')];
  expect(ends(decided, 'GET https://a.example.com/')).toBe('s1.shop:80');
  const alike = [ingress(), EDGE, ANY_HOST, ONE, app('s1'), subsets('b', 'v1'), subsets('c', 'v2')];
  expect(ends(alike, 'GET https://a.example.com/')).toBe('s1.shop:80');
});

test('a route table that Envoy refuses decides nothing: the table that Envoy had is not in the input', () => {
  const broken = istio('VirtualService', 'claims', '{hosts: [b.example.com], gateways: [edge/gw], http: [{match: [{headers: {"@request.auth.claims.sub": {}}}], '
    + 'directResponse: {status: 200}}]}');
  expect(trace(manifests(ingress(), ...OBJECTS, broken), 'GET https://a.example.com/old').ends).toMatchObject([{
    probability: 1, kind: 'unsupported', to: 'unsupported',
    fix: 'Envoy refuses the whole route table because of an invalid condition on a claim in VirtualService shop/claims, and keeps the table that it had.',
  }]);
  expect(ends([ingress(), ...OBJECTS, broken.replace('{}', '{exact: a}')], 'GET https://a.example.com/old')).toBe(ends([ingress(), ...OBJECTS], 'GET https://a.example.com/old'));
});

test('a host leads to one load balancer for all of its listeners, also to the one that only redirects', () => {
  const other = ingress().replace('name: edge, namespace: edge', 'name: other, namespace: edge').replaceAll('a.example.com', 'b.example.com');
  const objects = [ingress(), other, ...OBJECTS];
  expect(ends(objects, 'GET http://a.example.com/cart')).toBe('301 https://a.example.com/cart');
  expect(trace(manifests(...objects), 'GET http://b.example.com/').hops[0].detail).toBe('HTTP:80 of load balancer edge/other');
});
