// The one DestinationRule of a workload.
import { App, Chart } from 'cdk8s';
import { Route } from '../../src/edge/route';
import { RouteTarget } from '../../src/edge/route-target';
import { Subsets } from '../../src/edge/subsets';
import { Workload } from '../../src/edge/workload';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';
import { service } from './hand-made';

test('all versions are listed, in the namespace of the Service, and TLS is left alone', () => {
  expect(theOnly(new Subsets(emptyChart(), 'Subsets', { workload: service({ versionLabel: 'color' }) }), 'DestinationRule')).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/name': 'cart',
        'app.kubernetes.io/component': 'routing',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: {
      host: 'cart.shop.svc.cluster.local',
      subsets: [{ name: 'v1', labels: { color: 'v1' } }, { name: 'v2', labels: { color: 'v2' } }],
    },
  });
});

test('the subsets of a workload are made once per app, whichever chart asks first', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  const made = Subsets._ensure(first, service());
  expect(Subsets._ensure(second, service({ versions: ['v2'] }))).toBe(made);
  expect(synthesized(app, 'DestinationRule')).toHaveLength(1);
  expect(Subsets._ensure(emptyChart(), service())).not.toBe(made);
});

test('a version that the subsets in force lack is refused', () => {
  const chart = emptyChart();
  Subsets._ensure(chart, service());
  expect(refusal(() => Subsets._ensure(chart, service({ versions: ['v1', 'v3'] })))).toEqual({
    prop: 'versions',
    value: 'v3',
    allowed: 'the versions that chart/Subsets-cart.shop.svc.cluster.local declares for cart.shop.svc.cluster.local: v1, v2',
    path: 'chart',
  });
});

test('two sets of subsets for one workload are refused, and subsets of a workload without versions', () => {
  const chart = emptyChart();
  new Subsets(chart, 'One', { workload: service() });
  expect(refusal(() => new Subsets(chart, 'Two', { workload: service() })))
    .toMatchObject({ prop: 'workload', value: 'cart.shop.svc.cluster.local', path: 'chart/Two', allowed: expect.stringContaining('chart/One') });
  expect(refusal(() => new Subsets(chart, 'None', { workload: service({ host: 'x', versions: [] }) }))).toMatchObject({ prop: 'workload', value: 'x', path: 'chart/None' });
});

test('two workloads of one host cannot tell their versions apart by different labels', () => {
  const chart = new Chart(new App(), 'chart');
  const props = { serviceName: 'shop', namespace: 'shop', port: 80, versions: ['v1'] };
  new Subsets(chart, 'Subsets', { workload: new Workload(props) });
  const gateway = { gatewayName: 'edge', gatewayNamespace: 'edge', admitRoutesFrom: () => undefined };
  const other = new Workload({ ...props, versionLabel: 'release' });
  expect(refusal(() => new Route(chart, 'Shop', { gateway, hosts: ['a.b'], target: RouteTarget.subset(other.subset('v1')) })))
    .toMatchObject({ prop: 'versionLabel', value: 'release' });
});
