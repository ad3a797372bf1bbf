// Objects of which the oldest wins, in inputs that do not tell the ages: the trace says `undefined` where the order of creation matters, and only there.
import { CreationOrder, otherOrders } from '../../src/mesh/objects/creation-order';
import { prepareTrace } from '../../src/trace/models';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { GATEWAY_PODS, SECURE_GATEWAY, endsOf, ingress, manifests, path, routes, to } from './small-edge';

const [OLD, YOUNG] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
const APPS = [app('s1'), app('s2')];

describe('Gateways', () => {
  const gateway = (name: string, servers: string, created = '') => istio('Gateway', name, `{selector: {app: gw}, servers: [${servers}]}`, 'edge', created);
  const plain = (port: number) => `{port: {number: ${port}, name: http, protocol: HTTP}, hosts: ["*"]}`;
  const tcp = (port: number) => `{port: {number: ${port}, name: tcp, protocol: TCP}, hosts: ["*"]}`;
  const tls = (host: string) => `{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["${host}"], tls: {mode: SIMPLE, credentialName: c}}`;
  const BOTH = [EDGE, ...APPS, istio('VirtualService', 'vs', `{hosts: ["*"], gateways: [edge/a, edge/b], http: [{${to('s1')}}], tcp: [{${to('s2')}}]}`)];
  const EACH = [EDGE, ...APPS, ...['a', 'b'].map((name, index) => (
    istio('VirtualService', name, `{hosts: ["a.example.com"], gateways: [edge/${name}], http: [{${to(`s${index + 1}`)}}]}`)))];
  const HTTP = 'GET http://x.example.com/ via=gateway:80';
  const HTTPS = 'GET https://a.example.com/ via=gateway:443 sni=a.example.com';

  test('claim a port of the pods by any port of their Service', () => {
    const ends = (...ages: readonly string[]) => endsOf([...BOTH, gateway('a', plain(80), ages[0]), gateway('b', tcp(8080), ages[1])], HTTP);
    expect([ends(), ends(OLD, YOUNG), ends(YOUNG, OLD)]).toEqual(['undefined: s1.shop:80 or s2.shop:80', 's1.shop:80', 's2.shop:80']);
  });

  test('claim a server name, whatever namespace is in front of it', () => {
    const ends = (...ages: readonly string[]) => endsOf([...EACH, gateway('a', tls('*/a.example.com'), ages[0]), gateway('b', tls('a.example.com'), ages[1])], HTTPS);
    expect([ends(), ends(OLD, YOUNG), ends(YOUNG, OLD)]).toEqual(['undefined: s1.shop:80 or s2.shop:80', 's1.shop:80', 's2.shop:80']);
  });

  test('have other servers of one port each for themselves', () => {
    const other = istio('VirtualService', 'b', `{hosts: ["b.example.com"], gateways: [edge/b], http: [{${to('s2')}}]}`);
    const models = prepareTrace(manifests(...EACH.slice(0, -1), other, gateway('a', tls('a.example.com')), gateway('b', tls('b.example.com'))));
    expect(models.otherOrders()).toEqual([]);
  });

  test('merge their plaintext servers, in which the VirtualServices of the older one come first', () => {
    const wide = plain(80);
    const ends = (...ages: readonly string[]) => endsOf(
      [...EACH, gateway('a', wide, ages[0]), gateway('b', wide.replace('"*"', 'a.example.com'), ages[1])], 'GET http://a.example.com/ via=gateway:80');
    expect(ends()).toBe('undefined: s1.shop:80 or s2.shop:80');
  });
});

describe('Services', () => {
  const service = (name: string, port: string, created = '') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop${created && `, creationTimestamp: "${created}"`}}
spec: {selector: {app: s1}, ports: [${port}]}
---`;
  const allow = security('AuthorizationPolicy', 'allow', '{action: ALLOW, rules: [{to: [{operation: {paths: ["/ok"]}}]}]}');
  const objects = [EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar: true }), allow];

  test('of which one is older than another whose age is known', () => {
    const gateway = (name: string, target: number, created = '') => service(name, `{name: https, port: 443, targetPort: ${target}}`, created)
      .replace('namespace: shop', 'namespace: edge').replace('app: s1', 'app: gw');
    const ends = (...services: readonly string[]) => endsOf([ingress(), GATEWAY_PODS, ...services, SECURE_GATEWAY, routes(`{${to('s1')}}`), ...APPS], 'GET https://a.example.com/');
    expect(ends(gateway('gw', 8443, OLD), gateway('a', 8443), gateway('b', 8080))).toBe('undefined: s1.shop:80 or 502 no listener');
    expect(ends(gateway('gw', 8443, OLD), gateway('a', 8443), gateway('b', 8080, YOUNG))).toBe('s1.shop:80');
  });

  test('that declare several protocols for one port of a sidecar', () => {
    const line = 'GET http://a.example.com/ok via=gateway:80';
    expect(endsOf([...objects, service('other', '{name: tcp, port: 81, targetPort: 8080}')], line)).toBe('undefined: 503 not allowed or s1.shop:80');
    expect(endsOf([...objects, service('other', '{name: http, port: 81, targetPort: 8080}')], line)).toBe('s1.shop:80');
    expect(prepareTrace(manifests(...objects, service('other', '{name: tcp, port: 81, targetPort: 9090}'))).otherOrders()).toEqual([]);
  });
});

describe('three objects', () => {
  const direct = [ingress({ 'backend-protocol': 'HTTP' }, [{ host: 'a.example.com', http: { paths: [path('/', 's1', 80)] } }], 'shop/shop'), app('s1', 'shop', { sidecar: true })];
  const peer = (name: string, mode: string) => security('PeerAuthentication', name, `{mtls: {mode: ${mode}}}`);

  test('of which the middle one differs', () => {
    const ends = (...modes: readonly string[]) => endsOf([...direct, ...modes.map((mode, index) => peer(`p${index}`, mode))], 'GET https://a.example.com/');
    expect(ends('STRICT', 'PERMISSIVE', 'STRICT')).toBe('undefined: 502 mTLS or s1.shop:80');
    expect(ends('STRICT', 'STRICT', 'STRICT')).toBe('502 mTLS');
  });

  test('in the mesh', () => {
    const route = (name: string, host: string) => istio('VirtualService', name, `{hosts: [s1], http: [{${to(host)}}]}`);
    expect(endsOf([route('a', 's1'), route('b', 's2'), route('c', 's1'), ...APPS, app('s3', 'shop', { sidecar: true })], 'GET http://s1/ via=pod:shop/s3'))
      .toBe('undefined: s1.shop:80 or s2.shop:80');
  });

  test('are in each order of the three', () => {
    const configs = ['a', 'b', 'c'].map(name => ({ manifest: manifests(istio('Sidecar', name, '{}'))[0], namespace: 'shop', name }));
    const orders = [new CreationOrder(), ...otherOrders([configs])].map(order => [...configs].sort((a, b) => order.compare(a, b)).map(({ name }) => name).join(''));
    expect(orders.sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });
});

test('claims that have nothing in common share their orders, and the number of orders has a bound', () => {
  const configs = (count: number, prefix: string) => Array.from({ length: count }, (_, index) => (
    { manifest: manifests(istio('Sidecar', prefix, '{}'))[0], namespace: 'shop', name: `${prefix}${index}` }));
  const claims = (count: number, members: number) => Array.from({ length: count }, (_, index) => configs(members, `c${index}-`));
  expect([claims(1, 2), claims(50, 2), claims(1, 3), claims(50, 3), claims(1, 50)].map(list => otherOrders(list).length)).toEqual([1, 1, 5, 5, 12]);
  expect(otherOrders([configs(2, 'x').map((one, created) => ({ ...one, created }))])).toEqual([]);
});

test('a VirtualService that is private to the namespace of the gateway comes first, whatever its age', () => {
  const own = (created = '') => istio('VirtualService', 'zz', `{hosts: [a.example.com], exportTo: ["."], gateways: [edge/gw], http: [{${to('s1.shop.svc.cluster.local')}}]}`, 'edge', created);
  const other = (created = '') => routes(`{${to('s2')}}`, 'aa', created);
  const ends = (first: string, second: string) => endsOf([EDGE, PLAIN_GATEWAY, first, second, ...APPS], 'GET http://a.example.com/ via=gateway:80');
  expect([ends(own(), other()), ends(own(YOUNG), other(OLD))]).toEqual(['s1.shop:80', 's1.shop:80']);
  expect(ends(routes(`{${to('s1')}}`, 'bb'), other())).toBe('undefined: s2.shop:80 or s1.shop:80');
});

test('VirtualServices contest a response if only their bodies differ', () => {
  const response = (name: string, body: string) => routes(`{directResponse: {status: 503, body: {string: ${body}}}}`, name);
  const ends = (...bodies: readonly string[]) => endsOf([EDGE, PLAIN_GATEWAY, ...bodies.map((body, index) => response(`v${index}`, body))], 'GET http://a.example.com/ via=gateway:80');
  expect([ends('soon', 'later'), ends('soon', 'soon')]).toEqual(['undefined: 503', '503']);
});

test('several gateways are named in one order, whichever is older', () => {
  const second = [EDGE, PLAIN_GATEWAY].map(text => text.replaceAll('app: gw', 'app: gw2').replaceAll('name: gw,', 'name: gw2,'));
  const objects = [EDGE, PLAIN_GATEWAY, ...second, routes(`{${to('s1')}}`), ...APPS,
    istio('VirtualService', 'v2', `{hosts: [a.example.com], gateways: [edge/gw2], http: [{${to('s1')}}]}`)];
  const peers = ['STRICT', 'PERMISSIVE'].map((mode, index) => security('PeerAuthentication', `p${index}`, `{mtls: {mode: ${mode}}}`));
  expect(endsOf([...objects, ...peers], 'GET http://a.example.com/ via=gateway:80')).toBe('closed several gateways: edge/gw, edge/gw2');
});

test('what is contested elsewhere leaves a request as it is', () => {
  const peers = ['STRICT', 'PERMISSIVE'].map((mode, index) => security('PeerAuthentication', `p${index}`, `{mtls: {mode: ${mode}}}`, 'elsewhere'));
  expect(endsOf([ingress(), EDGE, SECURE_GATEWAY, routes(`{${to('s1')}}`), ...APPS, ...peers], 'GET https://a.example.com/')).toBe('s1.shop:80');
});
