import { EDGE, PLAIN_GATEWAY, app, endsOf, istio, meshFrom } from './small-mesh';

const root = (http: string) => istio('VirtualService', 'root', `{hosts: [shop.example.com], gateways: [edge/gw], http: [${http}]}`);
const delegate = (http: string, more = '', namespace = 'team') => istio('VirtualService', 'leaf', `{http: [${http}]${more}}`, namespace);
const mesh = (...objects: readonly string[]) => meshFrom(EDGE, PLAIN_GATEWAY, app('s1'), app('s1', 'team'), app('s2'), ...objects);
const TO_LEAF = '{match: [{uri: {prefix: /team}}], delegate: {name: leaf, namespace: team}}';
const REST = '{route: [{destination: {host: s2}}]}';

test('a delegate takes the place of the route, and its short names mean its own namespace', () => {
  const own = mesh(root(`${TO_LEAF}, ${REST}`), delegate('{match: [{uri: {prefix: /team/a}}], route: [{destination: {host: s1}}]}'));
  expect(endsOf(own, 'GET http://shop.example.com/team/a')).toEqual(['outbound|80||s1.team.svc.cluster.local']);
  expect(endsOf(own, 'GET http://shop.example.com/team/b')).toEqual(['outbound|80||s2.shop.svc.cluster.local']);
});

test('a delegate without match has the matches of its root', () => {
  const own = mesh(root(TO_LEAF), delegate('{route: [{destination: {host: s1}}]}'));
  expect(endsOf(own, 'GET http://shop.example.com/team/x')).toEqual(['outbound|80||s1.team.svc.cluster.local']);
  expect(endsOf(own, 'GET http://shop.example.com/other')).toEqual(['404 no-route']);
});

test.each([
  ['a path outside of the prefix of the root', '{match: [{uri: {prefix: /else}}], route: [{destination: {host: s1}}]}'],
  ['a regular expression, whose paths nobody knows', '{match: [{uri: {regex: "/team/.*"}}], route: [{destination: {host: s1}}]}'],
  ['another letter case', '{match: [{uri: {prefix: /team/a}, ignoreUriCase: true}], route: [{destination: {host: s1}}]}'],
  ['one match that conflicts beside one that does not', '{match: [{uri: {prefix: /team/a}}, {uri: {prefix: /else}}], route: [{destination: {host: s1}}]}'],
])('a route of the delegate with %s is dropped', (_, route) => {
  expect(endsOf(mesh(root(`${TO_LEAF}, ${REST}`), delegate(route)), 'GET http://shop.example.com/team/a')).toEqual(['outbound|80||s2.shop.svc.cluster.local']);
});

test.each([
  ['does not exist', ''],
  ['is not exported to the root', delegate('{route: [{destination: {host: s1}}]}', ', exportTo: ["."]')],
])('where the delegate %s, the route is gone and the others stay', (_, leaf) => {
  expect(endsOf(mesh(root(`${TO_LEAF}, ${REST}`), leaf), 'GET http://shop.example.com/team/a')).toEqual(['outbound|80||s2.shop.svc.cluster.local']);
});

test('blocks come from the root where the delegate has none, and names are joined', () => {
  const own = mesh(root('{name: r, match: [{uri: {prefix: /team}}], fault: {abort: {httpStatus: 500, percentage: {value: 100}}}, delegate: {name: leaf, namespace: team}}'),
    delegate('{name: l, route: [{destination: {host: s1}}]}'));
  expect(endsOf(own, 'GET http://shop.example.com/team/a')).toEqual(['500 fault']);
  const [workload] = own.gatewayWorkloads();
  expect(own.gateway(workload).routeConfig('http.8080')!.virtualHosts[0].routes.map(({ name }) => name)).toEqual(['r-l']);
});
