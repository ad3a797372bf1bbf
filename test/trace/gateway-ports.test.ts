// Ports of gateways: those of their Services, which lead to ports of their pods, where servers bind to addresses.
import { EDGE, PLAIN_GATEWAY, app, istio } from '../mesh/small-mesh';
import { GATEWAY_PODS, SECURE_GATEWAY, endOf, endsOf, ingress, path, routes, to } from './small-edge';

const BEHIND = [routes(`{${to('s1')}}`), app('s1'), app('s2')];

describe('via=gateway', () => {
  const listening = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 9090, name: http, protocol: HTTP}, hosts: ["*"]}]}', 'edge');

  test('dials ports of the gateway\'s Service alone', () => {
    expect(endOf([EDGE, listening, ...BEHIND], 'GET http://a.example.com/ via=gateway:9090')).toMatchObject({
      to: 'closed no listener', fix: 'Use a port of the gateway\'s Service (80, 443, 9000), or add 9090 to it.',
    });
    expect(endsOf([EDGE, PLAIN_GATEWAY, ...BEHIND], 'GET http://a.example.com/ via=gateway:8080')).toBe('closed no listener');
    expect(endsOf([EDGE, PLAIN_GATEWAY, ...BEHIND], 'GET http://a.example.com/ via=gateway:80')).toBe('s1.shop:80');
  });

  test('dials any port of a gateway without a Service, and of one whose pods the input lacks', () => {
    expect(endsOf([GATEWAY_PODS, listening, ...BEHIND], 'GET http://a.example.com/ via=gateway:9090')).toBe('s1.shop:80');
    expect(endsOf([listening, ...BEHIND], 'GET http://a.example.com/ via=gateway:9090')).toBe('s1.shop:80');
  });

  test('finds nobody at a gateway without pods', () => {
    const objects = [EDGE.replace('spec:\n  template', 'spec:\n  replicas: 0\n  template'), PLAIN_GATEWAY, ...BEHIND];
    expect(endOf(objects, 'GET http://a.example.com/ via=gateway:80')).toMatchObject({
      to: 'closed no pods of gateway edge/gw', fix: 'Give edge/gw at least one replica.',
    });
  });
});

describe('an address that a server binds to', () => {
  const server = (bind: string, host: string, name: string) => `{bind: ${bind}, port: {number: 80, name: ${name}, protocol: HTTP}, hosts: [${host}]}`;
  const gateway = (...servers: readonly string[]) => istio('Gateway', 'gw', `{selector: {app: gw}, servers: [${servers.join(', ')}]}`, 'edge');
  const two = istio('VirtualService', 'vs', `{hosts: [a.example.com, b.example.com], gateways: [edge/gw], http: [{${to('s1')}}]}`);
  const end = (host: string, ...servers: readonly string[]) => endsOf([EDGE, gateway(...servers), two, app('s1')], `GET http://${host}/ via=gateway:80`);

  test.each(['127.0.0.1', '"::1"'])('is out of reach if it is %s', bind => {
    expect(end('a.example.com', server(bind, 'a.example.com', 'local'))).toBe('closed no listener');
  });

  test('leaves connections to the server that binds to all', () => {
    const servers = [server('127.0.0.1', 'a.example.com', 'local'), server('0.0.0.0', 'b.example.com', 'all')];
    expect([end('a.example.com', ...servers), end('b.example.com', ...servers)]).toEqual(['404 no virtual host', 's1.shop:80']);
  });

  test('may be that of the pod', () => {
    expect(end('a.example.com', server('10.0.0.7', 'a.example.com', 'own'))).toBe('s1.shop:80');
  });
});

describe('a target group', () => {
  const service = (name: string, target: number, created: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: edge${created && `, creationTimestamp: "${created}"`}}
spec: {selector: {app: gw}, ports: [{name: https, port: 443, targetPort: ${target}}]}
---`;
  const [OLD, YOUNG] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
  const by = (name: string) => ingress({}, [{ host: 'a.example.com', http: { paths: [path('/', name)] } }]);
  const end = (name: string, a: string, b: string) => endsOf([by(name), service('a', 8443, a), service('b', 9443, b), GATEWAY_PODS, SECURE_GATEWAY, ...BEHIND], 'GET https://a.example.com/');

  test('has the ports of the pods behind its own Service, and the gateway listens behind the oldest', () => {
    expect([end('a', OLD, YOUNG), end('b', OLD, YOUNG)]).toEqual(['s1.shop:80', '502 no listener']);
    expect([end('a', YOUNG, OLD), end('b', YOUNG, OLD)]).toEqual(['502 no listener', 's1.shop:80']);
    expect(end('a', '', '')).toBe('undefined: s1.shop:80 or 502 no listener');
  });

  test('reaches the listener by another port of the Service that leads there', () => {
    const other = service('other', 8443, '').replace('port: 443', 'port: 7443');
    expect(endsOf([ingress({}, [{ host: 'a.example.com', http: { paths: [path('/', 'other', 7443)] } }]), EDGE, other, SECURE_GATEWAY, ...BEHIND], 'GET https://a.example.com/')).toBe('s1.shop:80');
  });
});
