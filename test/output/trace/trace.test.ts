// `alb-istio trace` as text and JSON.
import { readYaml } from '../../../src/manifests/yaml';
import { renderTraceJson } from '../../../src/output/trace/trace-json';
import { renderTraceText } from '../../../src/output/trace/trace-text';
import { prepareTrace } from '../../../src/trace/models';
import { trace } from '../../../src/trace/trace';
import { EDGE, app, istio } from '../../mesh/small-mesh';

const GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');
const routeTo = (service: string, weight: number) => `{destination: {host: ${service}}, weight: ${weight}}`;
const VERSIONS = Array.from({ length: 7 }, (_, index) => `{name: v${index}, match: [{headers: {version: {exact: v${index}}}}], route: [{destination: {host: s1}}]}`);
const ROUTES = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: ['
  + `${VERSIONS.join(', ')}, {name: cart, match: [{uri: {prefix: /cart}}], rewrite: {uri: /c}, route: [${routeTo('s1', 80)}, ${routeTo('s2', 20)}]}]}`);

const manifests = readYaml([EDGE, GATEWAY, ROUTES, app('s1')].join('\n---\n'), 'edge.yaml');
const models = prepareTrace(manifests, { complete: true });

test('hops are a table of stations with the object of each and what was passed over; the ends follow, with what to do', () => {
  expect(renderTraceText(trace(models, 'GET http://a.example.com/cart/7 via=gateway:80'))).toBe(`\
GET http://a.example.com/cart/7 via=gateway:80

  gateway-listener  0.0.0.0_8080 of gateway edge/gw, port 80 of the Service
                    Deployment edge/gw /spec/template (edge.yaml:7)
  filter-chain      plaintext: any server name, plaintext
                    Gateway edge/gw /spec/servers/0 (edge.yaml:17)
  virtual-host      a.example.com:80
                    VirtualService shop/vs /spec/hosts (edge.yaml:24)
  route             path /cart* → outbound|80||s1.shop.svc.cluster.local, outbound|80||s2.shop.svc.cluster.local; rewrites the matched path to /c
                    VirtualService shop/vs /spec/http/7/match/0 (edge.yaml:24)
                    not route v0: it wants header version v0
                    not route v1: it wants header version v1
                    not route v2: it wants header version v2
                    not route v3: it wants header version v3
                    not route v4: it wants header version v4
                    … 2 more
  cluster           80 %: outbound|80||s1.shop.svc.cluster.local, LEAST_REQUEST
                    Service shop/s1 /spec (edge.yaml:31)
  workload          80 %: Deployment shop/s1, port 8080, 1 pod
                    Deployment shop/s1 /spec/template (edge.yaml:36)
  cluster           20 %: outbound|80||s2.shop.svc.cluster.local: the proxy does not have it

80 %  s1.shop:80
      the workload sees /c/7 with host a.example.com
20 %  503 no cluster
      by VirtualService shop/vs /spec/http/7/match/0 (edge.yaml:24)
      fix: Correct the host of the destination, or add the Service s2.shop.svc.cluster.local to the input, and let exportTo and Sidecars show it to the proxy.
`);
});

test('JSON has places in place of objects', () => {
  const document = JSON.parse(renderTraceJson(trace(models, 'GET http://a.example.com/cart version=v0 via=gateway:80')));
  const virtualService = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'shop', name: 'vs' };
  expect(document).toMatchObject({ schemaVersion: 1, request: 'GET http://a.example.com/cart version=v0 via=gateway:80' });
  expect(Object.keys(document)).toEqual(['schemaVersion', 'request', 'hops', 'ends', 'notApplied']);
  expect(document.hops[3]).toEqual({
    at: 'route', object: virtualService, pointer: '/spec/http/0/match/0', origin: { file: 'edge.yaml', document: 6, line: 24 },
    detail: 'path /*, header version v0 → outbound|80||s1.shop.svc.cluster.local', probability: 1, passedOver: [],
  });
  expect(document.ends).toEqual([
    { probability: 1, kind: 'workload', to: 's1.shop:80', host: 's1.shop.svc.cluster.local', port: 80, path: '/cart', authority: 'a.example.com' },
  ]);
  const { hops, ends } = JSON.parse(renderTraceJson(trace(models, 'GET http://a.example.com/ via=gateway:80')));
  expect(hops[3].passedOver[0]).toEqual({
    what: 'route v0', why: 'it wants header version v0', object: virtualService, pointer: '/spec/http/0/match/0', origin: { file: 'edge.yaml', document: 6, line: 24 },
  });
  expect(ends).toEqual([{
    probability: 1, kind: 'refused', to: '404 no route', status: 404, reason: 'no-route', fix: 'Add an entry that matches the request to spec.http of the VirtualService.',
    by: { object: virtualService, pointer: '/spec/hosts', origin: { file: 'edge.yaml', document: 6, line: 24 } },
  }]);
});

test('the origin of constructs is their path', () => {
  const built = manifests.map(({ object }) => ({ object, origin: { construct: 'edge/Routes' } }));
  expect(renderTraceText(trace(built, 'GET http://a.example.com/cart via=gateway:80'))).toContain('VirtualService shop/vs /spec/hosts (edge/Routes)\n');
});
