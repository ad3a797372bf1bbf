// Policies of the pods that a request gets to: what their sidecar reads as HTTP, and what it cannot know.
import { coverageOf, ReachedPlaces } from '../../src/trace/route-tests/coverage';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { endsOf, ingress, manifests, networkService, path, routes, to, traceOf } from './small-edge';

const TCP_PORT = '{name: tcp-x, port: 80, targetPort: 8080}';
const VIA_GATEWAY = [EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`)];
const pods = (port = '{name: http, port: 80, targetPort: 8080}') => app('s1', 'shop', { sidecar: true, port });
const policy = (spec: string, name = 'policy') => security('AuthorizationPolicy', name, spec);
const ASKS = policy('{action: CUSTOM, provider: {name: ext}, rules: [{}]}', 'asks');
const ALLOW_OK = policy('{action: ALLOW, rules: [{to: [{operation: {paths: ["/ok"]}}]}]}');
const service = (name: string, port: string, created = '') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop${created && `, creationTimestamp: "${created}"`}}
spec: {selector: {app: s1}, ports: [${port}]}
---`;
const OK = 'GET http://a.example.com/ok via=gateway:80';

describe('a policy that asks a provider', () => {
  const why = 'AuthorizationPolicy shop/asks asks ext, whose answer is not in the input.';

  test('decides at a sidecar as at a gateway', () => {
    const [end] = traceOf([...VIA_GATEWAY, pods(), ASKS], OK).ends;
    expect(end).toMatchObject({ kind: 'unsupported', to: 'unsupported: s1.shop:80', fix: why });
    expect(endsOf([...VIA_GATEWAY, pods(), ASKS, ALLOW_OK], 'GET http://a.example.com/no via=gateway:80')).toBe('unsupported: 403 not allowed');
  });

  test('is not asked about requests that its rules leave out', () => {
    const other = policy('{action: CUSTOM, provider: {name: ext}, rules: [{to: [{operation: {paths: ["/other"]}}]}]}');
    expect(endsOf([...VIA_GATEWAY, pods(), other], OK)).toBe('s1.shop:80');
  });

  test('is asked about connections too', () => {
    const byTcp = [EDGE, istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}]}', 'edge'),
      istio('VirtualService', 'vs', `{hosts: ["*"], gateways: [edge/gw], tcp: [{${to('s1')}}]}`)];
    expect(endsOf([...byTcp, pods(), ASKS], 'GET http://a.example.com/ via=gateway:9000')).toBe('unsupported: s1.shop:80');
  });

  test('counts as reached', () => {
    const models = prepareTrace(manifests(...VIA_GATEWAY, pods(), ASKS));
    const reached = new ReachedPlaces();
    reached.add(trace(models, OK).hops);
    expect(coverageOf([models], reached).missed).toEqual([]);
  });

  test.each(['gateway', 'sidecar'])('comes before tokens at a %s', place => {
    const at = (kind: string, spec: string) => security(kind, 'p', `{selector: {matchLabels: {app: ${place === 'gateway' ? 'gw' : 's1'}}}, ${spec}}`,
      place === 'gateway' ? 'edge' : 'shop');
    const tokens = at('RequestAuthentication', 'jwtRules: [{issuer: "https://i", jwksUri: "https://i/keys", forwardOriginalToken: true}]');
    const line = `${OK} claims={"iss":"https://other"}`;
    expect(endsOf([...VIA_GATEWAY, pods(), tokens], line)).toBe('401 invalid token');
    expect(endsOf([...VIA_GATEWAY, pods(), tokens, at('AuthorizationPolicy', 'action: CUSTOM, provider: {name: ext}, rules: [{}]')], line))
      .toBe('unsupported: 401 invalid token');
  });
});

describe('a port that declares TCP', () => {
  test('has no request to allow, and what is denied by path is denied altogether', () => {
    expect(endsOf([...VIA_GATEWAY, pods(TCP_PORT), ALLOW_OK], OK)).toBe('503 not allowed');
    expect(endsOf([...VIA_GATEWAY, pods(TCP_PORT), policy('{action: DENY, rules: [{to: [{operation: {paths: ["/admin"]}}]}]}')], OK)).toBe('503 denied');
    expect(endsOf([...VIA_GATEWAY, pods(), ALLOW_OK], OK)).toBe('s1.shop:80');
  });

  test('is closed to a load balancer, which makes 502 of it', () => {
    const direct = ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'a.example.com', http: { paths: [path('/', 's1', 80)] } }], 'shop/shop');
    expect(endsOf([direct, pods(TCP_PORT), ALLOW_OK], 'GET https://a.example.com/ok')).toBe('502 not allowed');
    expect(endsOf([direct, pods(), ALLOW_OK], 'GET https://a.example.com/no')).toBe('403 not allowed');
  });

  test('has no tokens', () => {
    const tokens = security('RequestAuthentication', 'ra', '{jwtRules: [{issuer: "https://i", jwksUri: "https://i/keys"}]}');
    const line = `${OK} claims={"iss":"https://other"}`;
    expect([TCP_PORT, undefined].map(port => endsOf([...VIA_GATEWAY, pods(port), tokens], line))).toEqual(['s1.shop:80', '401 invalid token']);
  });
});

test('a connection that the gateway does not read is read by the sidecar of a port for HTTP', () => {
  const byTcp = [EDGE, istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 9000, name: tcp, protocol: TCP}, hosts: ["*"]}]}', 'edge'),
    istio('VirtualService', 'vs', `{hosts: ["*"], gateways: [edge/gw], tcp: [{${to('s1')}}]}`), pods(), ALLOW_OK];
  expect(endsOf(byTcp, 'GET http://a.example.com/ok via=gateway:9000')).toBe('s1.shop:80');
  expect(endsOf(byTcp, 'GET http://a.example.com/no via=gateway:9000')).toBe('403 not allowed');
  expect(endsOf(byTcp, 'GET http://a.example.com/ok via=gateway:9000 http=1.0')).toBe('426 HTTP/1.0');
  expect(endsOf(byTcp.slice(0, -1), 'GET http://a.example.com/ok via=gateway:9000 http=1.0')).toBe('426 HTTP/1.0');
});

test('the oldest Service that leads to a port of the pods says what the sidecar reads there', () => {
  const called = service('s1', '{name: http, port: 80, targetPort: 8080}', '2026-02-01T00:00:00Z');
  const deployment = pods().slice(pods().indexOf('---') + 4);
  const other = (created: string, target = 8080) => service('tcp', `{name: tcp-x, port: 81, targetPort: ${target}}`, created);
  const objects = [...VIA_GATEWAY, called, deployment, ALLOW_OK];
  expect(endsOf([...objects, other('2026-01-01T00:00:00Z')], OK)).toBe('503 not allowed');
  expect(endsOf([...objects, other('2026-03-01T00:00:00Z')], OK)).toBe('s1.shop:80');
  expect(endsOf([...objects, other('2026-01-01T00:00:00Z', 9090)], OK)).toBe('s1.shop:80');
});

test('what no ALLOW policy can allow is denied, whether a DENY policy applies or not', () => {
  const deny = security('AuthorizationPolicy', 'deny', '{action: DENY, rules: [{from: [{source: {ipBlocks: ["10.0.0.0/8"]}}]}]}', 'edge');
  const none = security('AuthorizationPolicy', 'none', '{}', 'edge');
  expect(endsOf([...VIA_GATEWAY, pods(), deny, none], OK)).toBe('403 not allowed');
  expect(endsOf([...VIA_GATEWAY, pods(), deny], OK)).toBe('unsupported: s1.shop:80');
});

describe('the codec', () => {
  const direct = [networkService({ 'nlb-target-type': 'ip' }, [{ name: 'http', port: 80, targetPort: 8080 }])
    .replaceAll('"gw"', '"s1"').replace('"namespace":"edge"', '"namespace":"shop"'), pods().split('---')[1]];

  test('of a sidecar refuses HTTP/1.0 and unknown methods', () => {
    expect(endsOf(direct, 'GET http://a.example.com/ http=1.0')).toBe('426 HTTP/1.0');
    expect(endsOf(direct, 'FOO http://a.example.com/')).toBe('400 malformed request');
    expect(endsOf(direct, 'GET http://a.example.com/')).toBe('s1.shop:80');
  });

  test('of a port that declares TCP refuses nothing', () => {
    const objects = direct.map(text => text.replace('"name":"http"', '"name":"tcp"'));
    expect(endsOf(objects, 'FOO http://a.example.com/ http=1.0')).toBe('s1.shop:80');
  });

  test('of HTTP/2 knows any method', () => {
    expect(endsOf([...VIA_GATEWAY, pods()], 'FOO http://a.example.com/ via=gateway:80 http=2')).toBe('s1.shop:80');
    expect(endsOf([...VIA_GATEWAY, pods()], 'FOO http://a.example.com/ via=gateway:80')).toBe('400 malformed request');
  });
});
