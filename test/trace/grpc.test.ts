// What clients of gRPC get where a proxy itself responds.
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { endOf, endsOf, ingress, networkService, routes, to, traceOf } from './small-edge';
import { renderTraceText } from '../../src/output/trace/trace-text';
import { renderTraceJson } from '../../src/output/trace/trace-json';

const GRPC = 'POST http://a.example.com/p.S/M content-type=application/grpc http=2 via=gateway:80';
const behind = (http: string, ...more: readonly string[]) => [EDGE, PLAIN_GATEWAY, app('s1'), ...http === '' ? [] : [routes(http)], ...more];
const direct = (status: number) => behind(`{directResponse: {status: ${status}, body: {string: "no luck"}}}`);

test.each<[what: string, objects: readonly string[], end: string]>([
  ['no virtual host', behind(''), '200 grpc-status 12 no virtual host'],
  ['no route', behind(`{match: [{uri: {exact: /other}}], ${to('s1')}}`), '200 grpc-status 12 no route'],
  ['no cluster', behind(`{${to('missing')}}`), 'unsupported: missing.shop:80, 200 grpc-status 14 no cluster'],
  ['denied', behind(`{${to('s1')}}`, security('AuthorizationPolicy', 'p', '{action: DENY, rules: [{}]}', 'edge')), '200 grpc-status 7 denied'],
  ['denied at the pods', behind(`{${to('s2')}}`, app('s2', 'shop', { sidecar: true }), security('AuthorizationPolicy', 'p', '{action: DENY, rules: [{}]}')), '200 grpc-status 7 denied'],
  ['a configured 404', direct(404), '200 grpc-status 12'],
  ['a configured 200', direct(200), '200 grpc-status 2'],
  ['a configured 429', direct(429), '200 grpc-status 14'],
  ['a redirect', behind('{redirect: {uri: /new}}'), '200 grpc-status 2'],
  ['a fault by status', behind(`{fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, ${to('s1')}}`), '200 grpc-status 14'],
  ['a fault by gRPC status', behind(`{fault: {abort: {grpcStatus: NOT_FOUND, percentage: {value: 100}}}, ${to('s1')}}`), '200 grpc-status 5'],
  ['a workload', behind(`{${to('s1')}}`), 's1.shop:80'],
])('gateways and sidecars respond in gRPC to gRPC: %s', (_, objects, end) => {
  expect(endsOf(objects, GRPC)).toBe(end);
});

test('what a refusal and a redirect say besides stays', () => {
  expect(endOf(behind(''), GRPC)).toMatchObject({ kind: 'refused', status: 200, grpcStatus: 12, reason: 'no-virtual-host' });
  expect(endOf(direct(404), GRPC)).toMatchObject({ kind: 'response', status: 200, grpcStatus: 12, body: 'no luck' });
  expect(endOf(behind('{redirect: {uri: /new}}'), GRPC)).toMatchObject({ kind: 'response', status: 200, grpcStatus: 2, location: 'http://a.example.com/new' });
});

test('text and JSON say both statuses', () => {
  const result = traceOf(behind(''), GRPC);
  expect(renderTraceText(result)).toContain('100 %  200 grpc-status 12 no virtual host\n');
  expect(JSON.parse(renderTraceJson(result))).toMatchObject({ ends: [{ to: '200 grpc-status 12 no virtual host', status: 200, grpcStatus: 12, reason: 'no-virtual-host' }] });
});

test('candidates are in gRPC, too', () => {
  const policy = security('AuthorizationPolicy', 'p', '{action: DENY, rules: [{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}]}', 'edge');
  expect(endsOf(behind('{directResponse: {status: 404}}', policy), GRPC)).toBe('unsupported: 200 grpc-status 12');
});

test.each(['application/grpc+proto', 'application/grpc'])('%s is gRPC, in HTTP/1.1 as well', type => {
  expect(endsOf(direct(404), `POST http://a.example.com/ content-type=${type} via=gateway:80`)).toBe('200 grpc-status 12');
});

test.each(['application/grpc-web+proto', '"application/grpc;x=1"', 'APPLICATION/GRPC', 'text/plain'])('%s is no gRPC to Envoy', type => {
  expect(endsOf(direct(404), `POST http://a.example.com/ content-type=${type} via=gateway:80`)).toBe('404');
  expect(endsOf(behind(`{fault: {abort: {grpcStatus: NOT_FOUND, percentage: {value: 100}}}, ${to('s1')}}`), `POST http://a.example.com/ content-type=${type} via=gateway:80`)).toBe('200');
});

test('what the codec refuses, and a preflight, are in HTTP', () => {
  const type = 'content-type=application/grpc via=gateway:80';
  expect(endsOf(direct(404), `POST http://a.example.com/ http=1.0 ${type}`)).toBe('426 HTTP/1.0');
  const cors = behind(`{corsPolicy: {allowOrigins: [{exact: "http://o"}]}, ${to('s1')}}`);
  expect(endOf(cors, `OPTIONS http://a.example.com/ origin=http://o access-control-request-method=POST ${type}`)).toMatchObject({ to: '200', status: 200 });
});

test('a load balancer passes responses on, and responds itself in HTTP', () => {
  const objects = [ingress({ 'backend-protocol': 'HTTP', 'backend-protocol-version': 'GRPC' }), EDGE,
    istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge')];
  expect(endsOf(objects, 'POST https://a.example.com/ content-type=application/grpc')).toBe('200 grpc-status 12 no virtual host');
  expect(endsOf(objects, 'POST https://b.example.com/ content-type=application/grpc')).toBe('404 no rule');
});

test('a sidecar that a load balancer reaches without a gateway responds in gRPC', () => {
  const service = networkService({ 'nlb-target-type': 'ip' }, [{ name: 'http', port: 80, targetPort: 8080 }]).replaceAll('"gw"', '"s1"').replaceAll('"edge"', '"shop"');
  const objects = [service, app('s1', 'shop', { sidecar: true }).replace(/apiVersion: v1[^]*?---\n/, ''), security('AuthorizationPolicy', 'p', '{action: DENY, rules: [{}]}')];
  expect(endsOf(objects, 'POST http://a.example.com/ content-type=application/grpc http=2 via=load-balancer:shop/s1')).toBe('200 grpc-status 7 denied');
});
