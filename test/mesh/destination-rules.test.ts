// Which DestinationRule applies to a client and a host, and what several of one host make together.
import { EDGE, PLAIN_GATEWAY, app, endsOf, istio, meshFrom } from './small-mesh';
import { selects } from '../../src/mesh/objects/config';

const HOST = 's1.shop.svc.cluster.local';
const rule = (name: string, spec: string, namespace = 'shop', created = '') => istio('DestinationRule', name, spec, namespace, created);
const subset = (name: string) => `subsets: [{name: ${name}, labels: {app: s1}}]`;
const client = (namespace: string, labels: Record<string, string> = {}) => ({ namespace, labels: new Map(Object.entries(labels)) });

function found(namespace: string, rules: readonly string[], labels: Record<string, string> = {}): string[] | undefined {
  const mesh = meshFrom(app('s1'), ...rules);
  const own = mesh.destinationRules.find(client(namespace, labels), mesh.services.find(HOST, namespace)!);
  return own && [...own.from.map(({ name }) => name), ...own.subsets.keys()];
}

test('the namespace of the client comes first, then that of the Service, then the root namespace', () => {
  const [own, service, root] = [rule('own', `{host: ${HOST}}`, 'edge'), rule('service', `{host: ${HOST}}`), rule('root', `{host: ${HOST}}`, 'istio-system')];
  expect(found('edge', [own, service, root])).toEqual(['own']);
  expect(found('edge', [service, root])).toEqual(['service']);
  expect(found('edge', [root])).toEqual(['root']);
});

test('a client in the root namespace sees the rules of that namespace last, private ones excepted', () => {
  const [service, root] = [rule('service', `{host: ${HOST}}`), rule('root', `{host: ${HOST}}`, 'istio-system')];
  expect(found('istio-system', [service, root])).toEqual(['service']);
  expect(found('istio-system', [service, rule('root', `{host: ${HOST}, exportTo: ["."]}`, 'istio-system')])).toEqual(['root']);
});

test('a wildcard in the namespace of the client hides an exact rule beside the Service', () => {
  expect(found('edge', [rule('wild', '{host: "*.local"}', 'edge'), rule('exact', `{host: ${HOST}}`)])).toEqual(['wild']);
});

test('within a namespace the most specific host wins', () => {
  expect(found('shop', [rule('a', '{host: "*.svc.cluster.local"}'), rule('b', '{host: "*.shop.svc.cluster.local"}'), rule('c', '{host: "*"}')])).toEqual(['b']);
});

test('a rule that is not exported to the client hides a less specific one that is', () => {
  expect(found('edge', [rule('hidden', `{host: ${HOST}, exportTo: [blog]}`), rule('wild', '{host: "*.shop.svc.cluster.local"}')])).toBeUndefined();
});

test('rules of one host with equal exportTo are merged, and the older definition of a subset wins', () => {
  const rules = [rule('b', `{host: ${HOST}, subsets: [{name: x, labels: {v: old}}]}`, 'shop', '2025-01-01T00:00:00Z'),
    rule('a', `{host: ${HOST}, subsets: [{name: x, labels: {v: new}}, {name: z}]}`, 'shop', '2025-02-01T00:00:00Z')];
  expect(found('shop', rules)!.sort()).toEqual(['a', 'b', 'x', 'z']);
  const mesh = meshFrom(app('s1'), ...rules);
  const own = mesh.destinationRules.find(client('shop'), mesh.services.find(HOST, 'shop')!)!;
  expect(selects(own.subsets.get('x')!.labels, new Map([['v', 'old']]))).toBe(true);
});

test('rules of one host that are exported differently stay apart: the last one counts alone', () => {
  expect(found('shop', [rule('a', `{host: ${HOST}, ${subset('x')}}`), rule('b', `{host: ${HOST}, exportTo: ["*"], ${subset('z')}}`)])).toEqual(['b', 'z']);
});

test('a rule with a workloadSelector replaces the general one for the pods that it selects, and ends the search', () => {
  const rules = [rule('general', `{host: ${HOST}}`), rule('some', `{host: ${HOST}, workloadSelector: {matchLabels: {app: client}}}`)];
  expect(found('shop', rules, { app: 'client' })).toEqual(['some']);
  expect(found('shop', rules, { app: 'other' })).toEqual(['general']);
  expect(found('edge', rules, { app: 'client' })).toEqual(['general']);
  expect(found('shop', [rules[1], rule('root', `{host: ${HOST}}`, 'istio-system')], { app: 'other' })).toBeUndefined();
});

test('a short host means the namespace of the rule', () => {
  expect(found('edge', [rule('short', '{host: s1}', 'edge')])).toBeUndefined();
  expect(found('edge', [rule('short', '{host: s1}')])).toEqual(['short']);
});

test('a subset selects the pods with all of its labels', () => {
  const route = istio('VirtualService', 'vs', '{hosts: [a.example.com], gateways: [edge/gw], http: [{route: [{destination: {host: s1, subset: x}}]}]}');
  const mesh = (labels: string) => meshFrom(EDGE, PLAIN_GATEWAY, app('s1'), route, rule('r', `{host: s1, subsets: [{name: x, labels: ${labels}}]}`));
  expect(endsOf(mesh('{app: s1}'), 'GET http://a.example.com/')).toEqual([`outbound|80|x|${HOST}`]);
  expect(endsOf(mesh('{app: s1, version: v1}'), 'GET http://a.example.com/')).toEqual([`outbound|80|x|${HOST} no pods`]);
});
