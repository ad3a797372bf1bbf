// Redirects that are followed.
import { describeEnds } from '../../src/trace/expectation';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { EDGE, app, istio } from '../mesh/small-mesh';
import { MESH, ingress, manifests, path, routes, to } from './small-edge';

const GATEWAY = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: SIMPLE, credentialName: tls}}, '
  + '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {httpsRedirect: true}}]}', 'edge');
const redirect = (from: string, config: string) => `{match: [{uri: {exact: ${from}}}], redirect: ${config}}`;
const http = [
  redirect('/old', '{uri: /new}'), redirect('/there', '{authority: other.example.org, scheme: https}'), redirect('/see', '{uri: /get, redirectCode: 303}'),
  redirect('/keep', '{uri: /post, redirectCode: 307}'), redirect('/found', '{uri: /get, redirectCode: 302}'), redirect('/ping', '{uri: /pong}'), redirect('/pong', '{uri: /ping}'),
  `{match: [{method: {exact: POST}}], ${to('s2')}}`, `{${to('s1')}}`,
].join(', ');
const models = prepareTrace(manifests(ingress({ 'ssl-redirect': '443' }), EDGE, GATEWAY, routes(http), app('s1'), app('s2')));
const followed = (line: string) => describeEnds(trace(models, line, { follow: true }).ends);

test.each([
  ['GET http://a.example.com/old', 's1.shop:80'],
  ['GET https://a.example.com/there', '301 https://other.example.org/there'],
  ['GET https://a.example.com/ping', 'closed redirect loop: https://a.example.com/pong → https://a.example.com/ping'],
  ['POST https://a.example.com/see', 's1.shop:80'],
  ['POST https://a.example.com/found', 's1.shop:80'],
  ['POST https://a.example.com/keep', 's2.shop:80'],
  ['GET http://a.example.com/old via=gateway:80', 's1.shop:80'],
  ['GET https://a.example.com/there via=gateway:443', '301 https://other.example.org/there'],
  ['GET http://a.example.com/old via=load-balancer:edge/edge', 's1.shop:80'],
])('%s ends at %s', (line, end) => {
  expect(followed(line)).toBe(end);
});

test('the hops of all requests are listed, one after the other', () => {
  const { hops } = trace(models, 'GET http://a.example.com/old', { follow: true });
  expect(hops.filter(({ at }) => at === 'alb-listener').map(({ detail }) => detail)).toEqual([
    'HTTP:80 of load balancer edge/edge', 'HTTPS:443 of load balancer edge/edge, redirected to https://a.example.com/old', 'HTTPS:443 of load balancer edge/edge, redirected to https://a.example.com/new',
  ]);
});

test('a host of another load balancer of the input is followed', () => {
  const elsewhere = redirect('/there', '{authority: b.example.com}');
  const other = ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'b.example.com', http: { paths: [path('/', 's2', 80)] } }], 'shop/other');
  const [, ...mesh] = MESH;
  const both = manifests(ingress(), other, EDGE, ...mesh.filter(own => !own.includes('kind: VirtualService')), routes(elsewhere));
  expect(describeEnds(trace(both, 'GET https://a.example.com/there via=load-balancer:edge/edge', { follow: true }).ends)).toBe('s2.shop:80');
});

test('redirects that grow without end are given up after 20', () => {
  const growing = manifests(ingress({ 'actions.grow': '{"type":"redirect","redirectConfig":{"statusCode":"HTTP_302","path":"/x#{path}","query":""}}' },
    [{ http: { paths: [path('/*', 'grow', 'use-annotation', 'ImplementationSpecific')] } }]));
  expect(describeEnds(trace(growing, 'GET https://a.example.com/', { follow: true }).ends)).toBe('closed redirect loop: more than 20 redirects');
});

describe('a redirect to the request itself, which is not followed', () => {
  const ends = (line: string, ...objects: readonly string[]) => describeEnds(trace(manifests(...objects), line).ends);
  // The gateway gets plaintext from the load balancer, whatever the client sent.
  const PLAIN = [ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'a.example.com', http: { paths: [path('/', 'gw', 80)] } }]), EDGE, GATEWAY, routes(`{${to('s1')}}`), app('s1')];

  test('is a loop, from the gateway', () => {
    const { ends: [end] } = trace(manifests(...PLAIN), 'GET https://a.example.com/x?y');
    expect(end).toMatchObject({
      kind: 'refused', reason: 'redirect-loop', status: 301, location: 'https://a.example.com/x?y', to: '301 redirect loop: https://a.example.com/x?y → https://a.example.com/x?y',
    });
    expect(ends('GET http://a.example.com/x', ...PLAIN)).toBe('301 https://a.example.com/x');
  });

  test('is a loop, from a route and from the load balancer', () => {
    const moved = ['{uri: {exact: /a}}', '{uri: {exact: /b}}'].map(match => `{match: [${match}], redirect: {uri: /a}}`).join(', ');
    expect(ends('GET https://a.example.com/a', ingress(), EDGE, GATEWAY, routes(moved))).toBe('301 redirect loop: https://a.example.com/a → https://a.example.com/a');
    expect(ends('GET https://a.example.com/b', ingress(), EDGE, GATEWAY, routes(moved))).toBe('301 https://a.example.com/a');
    const balanced = ingress({ 'actions.same': '{"type":"redirect","redirectConfig":{"statusCode":"HTTP_302","path":"/a"}}' },
      [{ http: { paths: [path('/*', 'same', 'use-annotation', 'ImplementationSpecific')] } }]);
    expect(ends('GET https://a.example.com/a', balanced)).toMatch(/^302 redirect loop: /);
    expect(ends('GET https://a.example.com/a?b', balanced)).toMatch(/^302 redirect loop: /);
  });

  test('is none if the method changes, or if it sets a cookie', () => {
    const same = '{match: [{uri: {exact: /a}}], redirect: {uri: /a, redirectCode: 303}';
    expect(ends('POST https://a.example.com/a', ingress(), EDGE, GATEWAY, routes(`${same}}`))).toBe('303 https://a.example.com/a');
    const cookie = `${same}, headers: {response: {set: {Set-Cookie: v=2}}}}`;
    expect(ends('GET https://a.example.com/a', ingress(), EDGE, GATEWAY, routes(cookie))).toBe('303 https://a.example.com/a');
  });
});
