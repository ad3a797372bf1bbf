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
