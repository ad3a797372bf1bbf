// What a policy would have to know, and why the request does not tell it.
import { EDGE, PLAIN_GATEWAY, app, security } from '../mesh/small-mesh';
import { SECURE_GATEWAY, endOf, endsOf, ingress, networkService, path, routes, to } from './small-edge';

const IN_RANGE = 'action: ALLOW, rules: [{from: [{source: {ipBlocks: ["203.0.113.0/24"]}}]}]';
const FROM_RANGE = 'action: ALLOW, rules: [{from: [{source: {remoteIpBlocks: ["203.0.113.0/24"]}}]}]';
const at = (app_: string, spec: string) => security('AuthorizationPolicy', 'ap', `{selector: {matchLabels: {app: ${app_}}}, ${spec}}`, app_ === 'gw' ? 'edge' : 'shop');
const pods = app('s1', 'shop', { sidecar: true });
const behind = [EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), pods];
const decides = (words: string, namespace = 'shop') => `AuthorizationPolicy ${namespace}/ap decides by ${words}.`;
const CLIENT = 'the address of the client: add from=ADDRESS to the request';

describe('a Network Load Balancer in front of pods', () => {
  const balancer = (annotations: Record<string, string>) => networkService(annotations, [{ name: 'http', port: 80, targetPort: 8080 }])
    .replaceAll('"gw"', '"s1"').replace('"namespace":"edge"', '"namespace":"shop"');
  const keeping = { 'target-group-attributes': 'preserve_client_ip.enabled=true', 'nlb-target-type': 'ip' };
  const objects = (annotations: Record<string, string>, spec: string) => [balancer(annotations), pods.split('---')[1], at('s1', spec)];

  test.each([IN_RANGE, FROM_RANGE])('that keeps the address of the client: %s', spec => {
    expect(endsOf(objects(keeping, spec), 'GET http://a.example.com/ from=203.0.113.9')).toBe('s1.shop:80');
    expect(endsOf(objects(keeping, spec), 'GET http://a.example.com/ from=198.51.100.9')).toBe('403 not allowed');
    expect(endOf(objects(keeping, spec), 'GET http://a.example.com/').fix).toBe(decides(CLIENT));
  });

  test('that hides it', () => {
    expect(endOf(objects({ 'nlb-target-type': 'ip' }, IN_RANGE), 'GET http://a.example.com/ from=203.0.113.9').fix)
      .toBe(decides('the address that the Network Load Balancer (without preserve_client_ip.enabled) connects from'));
  });
});

describe('an Application Load Balancer', () => {
  const direct = (spec: string) => [ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'a.example.com', http: { paths: [path('/', 's1', 80)] } }], 'shop/shop'), pods, at('s1', spec)];
  const HIDDEN = 'the address that the Application Load Balancer connects from';

  test('in front of pods, which see the client in the header alone', () => {
    expect(endOf(direct(IN_RANGE), 'GET https://a.example.com/ from=203.0.113.9').fix).toBe(decides(HIDDEN));
    expect(endsOf(direct(FROM_RANGE), 'GET https://a.example.com/ from=203.0.113.9')).toBe('s1.shop:80');
    expect(endOf(direct(FROM_RANGE), 'GET https://a.example.com/').fix).toBe(decides(CLIENT));
  });

  test('in front of a gateway, which must trust it', () => {
    const objects = (spec: string, edge = EDGE) => [ingress(), edge, SECURE_GATEWAY, routes(`{${to('s1')}}`), pods, at('gw', spec)];
    const trusting = EDGE.replace('templates: gateway', 'templates: gateway, proxy.istio.io/config: "gatewayTopology: {numTrustedProxies: 1}"');
    expect(endOf(objects(FROM_RANGE), 'GET https://a.example.com/ from=203.0.113.9').fix)
      .toBe(decides(`${HIDDEN}, and the gateway takes no other from x-forwarded-for (numTrustedProxies)`, 'edge'));
    expect(endOf(objects(IN_RANGE, trusting), 'GET https://a.example.com/ from=203.0.113.9').fix).toBe(decides(HIDDEN, 'edge'));
    expect(endsOf(objects(FROM_RANGE, trusting), 'GET https://a.example.com/ from=203.0.113.9')).toBe('s1.shop:80');
    expect(endOf(objects(FROM_RANGE, trusting), 'GET https://a.example.com/').fix).toBe(decides(CLIENT, 'edge'));
  });
});

test('pods behind a gateway see its address, and in the header that of the client', () => {
  expect(endOf([...behind, at('s1', IN_RANGE)], 'GET http://a.example.com/ via=gateway:80 from=203.0.113.9').fix).toBe(decides('the address that the gateway connects from'));
  expect(endsOf([...behind, at('s1', FROM_RANGE)], 'GET http://a.example.com/ via=gateway:80 from=203.0.113.9')).toBe('s1.shop:80');
});

test('pods see the address of a pod that sends', () => {
  const objects = (spec: string) => [pods, app('s2', 'shop', { sidecar: true }), at('s1', spec)];
  expect([IN_RANGE, FROM_RANGE].map(spec => endsOf(objects(spec), 'GET http://s1/ via=pod:shop/s2 from=203.0.113.9'))).toEqual(['s1.shop:80', 's1.shop:80']);
  expect(endsOf(objects(IN_RANGE), 'GET http://s1/ via=pod:shop/s2 from=10.0.0.7')).toBe('403 not allowed');
});

test('the address of a pod is not in the input', () => {
  const own = at('s1', 'action: ALLOW, rules: [{when: [{key: destination.ip, values: [10.0.0.7]}]}]');
  expect(endOf([...behind, own], 'GET http://a.example.com/ via=gateway:80').fix).toBe(decides('the address of the pod, which is not in the input'));
});
