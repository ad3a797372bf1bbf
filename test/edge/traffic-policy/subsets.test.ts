// The one DestinationRule of a workload.
import { App, Chart, Duration } from 'cdk8s';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { LoadBalancing } from '../../../src/edge/traffic-policy/load-balancing';
import { Locality } from '../../../src/edge/traffic-policy/locality';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { Subsets, type SubsetsProps } from '../../../src/edge/traffic-policy/subsets';
import { Workload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { service } from '../stubs';

test('all versions are listed, in the namespace of the Service, and TLS is not set', () => {
  expect(theOnly(new Subsets(emptyChart(), 'Subsets', { workload: service({ versionLabel: 'color' }) }), 'DestinationRule')).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      labels: labels('cart', 'routing'),
    },
    spec: {
      host: 'cart.shop.svc.cluster.local',
      subsets: [{ name: 'v1', labels: { color: 'v1' } }, { name: 'v2', labels: { color: 'v2' } }],
    },
  });
});

test('the subsets of a workload are created once per app, whichever chart needs them first', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  const made = Subsets._ensure(first, service());
  expect(Subsets._ensure(second, service({ versions: ['v2'] }))).toBe(made);
  expect(synthesized(app, 'DestinationRule')).toHaveLength(1);
  expect(Subsets._ensure(emptyChart(), service())).not.toBe(made);
});

test('a version that existing subsets lack is rejected', () => {
  const chart = emptyChart();
  Subsets._ensure(chart, service());
  expect(refusal(() => Subsets._ensure(chart, service({ versions: ['v1', 'v3'] })))).toEqual({
    prop: 'versions',
    value: 'v3',
    reason: 'must be one of the versions that chart/Subsets-cart.shop.svc.cluster.local declares for cart.shop.svc.cluster.local: v1, v2',
    path: 'chart',
  });
});

test('duplicate subsets for a workload, and subsets of a workload without versions, are rejected', () => {
  const chart = emptyChart();
  new Subsets(chart, 'One', { workload: service() });
  expect(refusal(() => new Subsets(chart, 'Two', { workload: service() })))
    .toMatchObject({ prop: 'workload', value: 'cart.shop.svc.cluster.local', path: 'chart/Two', reason: expect.stringContaining('chart/One') });
  expect(refusal(() => new Subsets(chart, 'None', { workload: service({ host: 'x', versions: [] }) }))).toMatchObject({ prop: 'workload', value: 'x', path: 'chart/None' });
});

test('two workloads of one host cannot use different version labels', () => {
  const chart = new Chart(new App(), 'chart');
  const props = { serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1'] };
  new Subsets(chart, 'Subsets', { workload: new Workload(props) });
  const gateway = { gatewayName: 'edge', gatewayNamespace: 'edge', admitRoutesFrom: () => undefined, passTlsThrough: () => undefined, passTcpThrough: () => undefined };
  const other = new Workload({ ...props, versionLabel: 'release' });
  expect(refusal(() => new Route(chart, 'Shop', { gateway, hosts: ['a.b'], target: RouteTarget.subset(other.subset('v1')) })))
    .toMatchObject({ prop: 'versionLabel', value: 'release' });
});

const declared = (props: Partial<SubsetsProps>) => new Subsets(emptyChart(), 'Subsets', { workload: service(), ...props });
const specs = (props: Partial<SubsetsProps>) => synthesized(declared(props), 'DestinationRule').map(rule => rule.spec as unknown);
const refused = (props: object) => refusal(() => declared(props));

const SUBSETS = [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }];

test('a policy is rendered next to the versions, or alone if there are none', () => {
  const trafficPolicy = { loadBalancer: LoadBalancing.byHeader('x-user'), connectionPool: { tcp: { connectTimeout: Duration.seconds(1) } } };
  const written = { loadBalancer: { consistentHash: { httpHeaderName: 'x-user' } }, connectionPool: { tcp: { connectTimeout: '1s' } } };
  expect(specs({ trafficPolicy })).toEqual([{ host: 'cart.shop.svc.cluster.local', trafficPolicy: written, subsets: SUBSETS }]);
  expect(specs({ trafficPolicy, workload: service({ versions: [] }) })).toEqual([{ host: 'cart.shop.svc.cluster.local', trafficPolicy: written }]);
  expect(refused({ workload: service({ versions: [] }), exportTo: undefined })).toMatchObject({ prop: 'workload', reason: 'must have versions or a traffic policy' });
});

test('a version can have its own labels and policy', () => {
  expect(specs({ versions: { v2: { labels: { version: 'v2', track: 'canary' }, trafficPolicy: { outlierDetection: {} } } } })).toEqual([{
    host: 'cart.shop.svc.cluster.local',
    subsets: [SUBSETS[0], { name: 'v2', labels: { version: 'v2', track: 'canary' }, trafficPolicy: { outlierDetection: {} } }],
  }]);
});

test('options for an unknown version are rejected', () => {
  expect(refused({ versions: { v3: {} } })).toEqual({ prop: 'versions.v3', value: {}, reason: 'must be a version of the workload: v1, v2', path: 'chart/Subsets' });
  expect(refused({ versions: { v1: { labels: {} } } })).toMatchObject({ prop: 'versions.v1.labels', reason: 'must have at least one entry' });
  expect(refused({ versions: { v1: { labels: { 'a b': 'c' } } } })).toMatchObject({ prop: 'versions.v1.labels' });
  expect(refused({ workload: service({ versions: [] }), versions: { v1: {} } })).toMatchObject({ prop: 'versions.v1', reason: 'must be a version of the workload: none' });
});

test('errors name the prop of the policy', () => {
  const trafficPolicy = { connectionPool: { http: { maxRetries: 0 } } };
  expect(refused({ trafficPolicy })).toEqual({
    prop: 'trafficPolicy.connectionPool.http.maxRetries', value: 0, reason: 'must be an integer from 1 to 2147483647', path: 'chart/Subsets',
  });
  expect(refused({ versions: { v1: { trafficPolicy } } })).toMatchObject({ prop: 'versions.v1.trafficPolicy.connectionPool.http.maxRetries' });
  expect(refused({ clients: [{ name: 'a', namespace: 'b', labels: { c: 'd' }, trafficPolicy }] })).toMatchObject({ prop: 'clients[0].trafficPolicy.connectionPool.http.maxRetries' });
});

test('a version inherits the outlier detection of the workload', () => {
  const trafficPolicy = { loadBalancer: LoadBalancing.leastRequest({ locality: Locality.nearest() }) };
  expect(refused({ versions: { v1: { trafficPolicy } } })).toMatchObject({ prop: 'versions.v1.trafficPolicy.outlierDetection' });
  expect(specs({ versions: { v1: { trafficPolicy } }, trafficPolicy: { outlierDetection: {} } })).toMatchObject([{ trafficPolicy: { outlierDetection: {} } }]);
});

test('the rule is exported to the namespaces in exportTo', () => {
  expect(specs({ exportTo: ['istio-ingress', '.'] })).toEqual([{ host: 'cart.shop.svc.cluster.local', exportTo: ['istio-ingress', '.'], subsets: SUBSETS }]);
  expect(refused({ exportTo: ['*', '.'] })).toMatchObject({ prop: 'exportTo[0]', value: '*', path: 'chart/Subsets' });
  expect(refused({ exportTo: ['.', 'shop'] })).toMatchObject({ prop: 'exportTo[1]', value: 'shop' });
  expect(refused({ exportTo: ['~'] })).toMatchObject({ prop: 'exportTo[0]' });
  expect(refused({ exportTo: [] })).toMatchObject({ prop: 'exportTo' });
});

test('TLS requires withoutSidecar', () => {
  const trafficPolicy = { tls: ClientTls.simple({ caCertificates: '/etc/ca.pem' }) };
  expect(specs({ trafficPolicy, withoutSidecar: true })).toMatchObject([{ trafficPolicy: { tls: { mode: 'SIMPLE', caCertificates: '/etc/ca.pem' } } }]);
  expect(refused({ trafficPolicy })).toMatchObject({ prop: 'trafficPolicy.tls', path: 'chart/Subsets' });
  expect(refused({ versions: { v1: { trafficPolicy } } })).toMatchObject({ prop: 'versions.v1.trafficPolicy.tls' });
});

test('clients get their own rule, and the other pods of their namespace a copy', () => {
  const client = (name: string, namespace: string) => ({ name, namespace, labels: { app: name }, trafficPolicy: { outlierDetection: {} } });
  const made = declared({ trafficPolicy: { loadBalancer: LoadBalancing.random() }, clients: [client('batch', 'jobs'), client('cron', 'jobs'), client('till', 'shop')] });
  const host = 'cart.shop.svc.cluster.local';
  const of = (name: string) => ({ host, trafficPolicy: { outlierDetection: {} }, subsets: SUBSETS, workloadSelector: { matchLabels: { app: name } } });
  expect(synthesized(made, 'DestinationRule').map(({ metadata: { namespace, name }, spec }) => [`${namespace}/${name}`, spec as unknown])).toEqual([
    ['shop/cart', { host, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } }, subsets: SUBSETS }],
    ['jobs/cart.shop.batch', of('batch')],
    ['jobs/cart.shop.cron', of('cron')],
    ['shop/cart.shop.till', of('till')],
    ['jobs/cart.shop', { host, exportTo: ['.'], trafficPolicy: { loadBalancer: { simple: 'RANDOM' } }, subsets: SUBSETS }],
  ]);
});

test('a workload without versions can have client policies only', () => {
  const clients = [{ name: 'batch', namespace: 'shop', labels: { app: 'batch' }, trafficPolicy: { outlierDetection: {} } }];
  expect(specs({ workload: service({ versions: [] }), clients })).toEqual([
    { host: 'cart.shop.svc.cluster.local' },
    { host: 'cart.shop.svc.cluster.local', trafficPolicy: { outlierDetection: {} }, workloadSelector: { matchLabels: { app: 'batch' } } },
  ]);
});

test('clients that Istio could not distinguish, or that cannot see the rule, are rejected', () => {
  const client = { name: 'batch', namespace: 'jobs', labels: { app: 'batch' }, trafficPolicy: { outlierDetection: {} } };
  expect(refused({ clients: [client, client] })).toEqual({ prop: 'clients[1].name', value: 'batch', reason: '"batch" is already the name of a policy in namespace jobs', path: 'chart/Subsets' });
  expect(refused({ clients: [{ ...client, name: 'a.b' }] })).toMatchObject({ prop: 'clients[0].name' });
  expect(refused({ clients: [{ ...client, namespace: '*' }] })).toMatchObject({ prop: 'clients[0].namespace' });
  expect(refused({ clients: [{ ...client, labels: {} }] })).toMatchObject({ prop: 'clients[0].labels' });
  expect(refused({ clients: [{ ...client, labels: Object.fromEntries(Array.from({ length: 4097 }, (_, index) => [`a${index}`, ''])) }] }))
    .toMatchObject({ prop: 'clients[0].labels', reason: 'must have at most 4096 entries' });
  expect(refused({ clients: [{ ...client, trafficPolicy: {} }] })).toMatchObject({ prop: 'clients[0].trafficPolicy', reason: 'must have at least one setting' });
  expect(refused({ clients: [client], exportTo: ['.', 'front'] })).toMatchObject({ prop: 'clients[0].namespace', value: 'jobs', reason: 'must be in exportTo: ., front' });
  expect(specs({ clients: [client, { ...client, namespace: 'shop' }] })).toHaveLength(4);
  expect(specs({ clients: [client], exportTo: ['jobs'] })).toHaveLength(3);
  expect(specs({ clients: [{ ...client, namespace: 'shop' }], exportTo: ['.'] })).toHaveLength(2);
});

test('values of other types are rejected', () => {
  expect(refused({ workload: undefined })).toMatchObject({ prop: 'workload', path: 'chart/Subsets' });
  expect(refused({ workload: 'cart' })).toMatchObject({ prop: 'workload', value: 'cart' });
  expect(refused({ trafficPolicy: 'fast' })).toMatchObject({ prop: 'trafficPolicy', value: 'fast' });
  expect(refused({ versions: ['v1'] })).toMatchObject({ prop: 'versions' });
  expect(refused({ versions: { v1: null } })).toMatchObject({ prop: 'versions.v1', value: null });
  expect(refused({ clients: {} })).toMatchObject({ prop: 'clients' });
  expect(refused({ clients: [{}] })).toMatchObject({ prop: 'clients[0].labels' });
  expect(refused({ exportTo: '*' })).toMatchObject({ prop: 'exportTo', value: '*' });
  expect(refused({ withoutSidecar: 'yes' })).toMatchObject({ prop: 'withoutSidecar', value: 'yes' });
  expect(refusal(() => new Subsets(emptyChart(), 'Subsets', null as never))).toMatchObject({ prop: 'props', value: null, path: 'chart/Subsets' });
});

describe('an automatic rule', () => {
  const trafficPolicy = { outlierDetection: {} };

  test('is replaced by a declared one, before the route or after', () => {
    const rules = [0, 1].map(turn => {
      const app = new App();
      const [routes, policies] = ['routes', 'policies'].map(id => new Chart(app, id, { disableResourceNameHashes: true }));
      const steps = [() => Subsets._ensure(routes, service()), () => new Subsets(policies, 'Cart', { workload: service(), trafficPolicy })];
      [steps[turn], steps[1 - turn]].forEach(step => step());
      expect(synthesized(routes, 'DestinationRule')).toEqual([]);
      return theOnly(policies, 'DestinationRule');
    });
    expect(rules[0]).toEqual(rules[1]);
    expect(rules[0].spec).toMatchObject({ trafficPolicy: { outlierDetection: {} } });
  });

  test('is replaced only once', () => {
    const chart = emptyChart();
    Subsets._ensure(chart, service());
    const made = new Subsets(chart, 'Subsets-cart.shop.svc.cluster.local', { workload: service(), trafficPolicy });
    expect(refusal(() => new Subsets(chart, 'Two', { workload: service(), trafficPolicy }))).toMatchObject({ prop: 'workload', path: 'chart/Two' });
    expect(Subsets._ensure(chart, service())).toBe(made);
  });

  test('stays if the declared one would break the route or is invalid', () => {
    const chart = emptyChart();
    Subsets._ensure(chart, service());
    const declare = (props: Partial<SubsetsProps>) => refusal(() => new Subsets(chart, 'Cart', { workload: service(), trafficPolicy, ...props }));
    expect(declare({ workload: service({ versions: ['v1', 'v3'] }) })).toEqual({
      prop: 'workload.versions', value: ['v1', 'v3'], reason: 'must include all versions that a route uses for cart.shop.svc.cluster.local: v1, v2', path: 'chart/Cart',
    });
    expect(declare({ workload: service({ versionLabel: 'color' }) })).toMatchObject({ prop: 'workload.versionLabel', value: 'color', path: 'chart/Cart' });
    expect(declare({ trafficPolicy: {} })).toMatchObject({ prop: 'trafficPolicy' });
    expect(theOnly(chart, 'DestinationRule').spec).toEqual({ host: 'cart.shop.svc.cluster.local', subsets: SUBSETS });
  });

  test('is rejected next to a declared one without its versions', () => {
    const chart = emptyChart();
    new Subsets(chart, 'Cart', { workload: service({ versions: [] }), trafficPolicy });
    expect(refusal(() => Subsets._ensure(chart, service()))).toMatchObject({ prop: 'versions', value: 'v1', reason: expect.stringContaining(': none') });
  });
});
