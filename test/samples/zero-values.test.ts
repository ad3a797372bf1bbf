// Samples write no zero value that the API server drops: with one, `kubectl apply` reports the object as configured on every run.
import { ApiObject, App, Chart } from 'cdk8s';
import { Bookinfo, CurlClient, Echoserver, Ecommerce, GatewayWorkload } from '../../src/index';
import { removeZeroValues } from '../../src/samples/zero-values';
import { emptyChart, synthesized } from '../synthesized';

/** Fields with `omitempty` in k8s.io/api v0.35 that cdk8s-plus writes. */
const DROPPED = [/"minReadySeconds":0/, /"hostNetwork":false/, /"externalIPs":\[\]/];

test.each<[string, (app: App) => Chart]>([
  ['bookinfo', app => new Bookinfo(app, 'sample')],
  ['echoserver', app => new Echoserver(app, 'sample')],
  ['ecommerce', app => new Ecommerce(app, 'sample')],
  ['curl', app => new CurlClient(app, 'sample')],
])('%s', (_, make) => {
  const objects = synthesized(make(new App()));
  expect(objects.map(({ kind }) => kind)).toContain('Deployment');
  expect(objects.filter(object => DROPPED.some(zero => zero.test(JSON.stringify(object))))).toEqual([]);
});

test('neither does a gateway', () => {
  const chart = emptyChart();
  GatewayWorkload.injected()._bind(chart, 'Workload', 'door');
  expect(synthesized(chart).filter(object => DROPPED.some(zero => zero.test(JSON.stringify(object))))).toEqual([]);
});

test('values that are stored stay, and so does an object that has none of them', () => {
  const chart = emptyChart();
  const spec = { replicas: 0, minReadySeconds: 0, template: { spec: { hostNetwork: false, automountServiceAccountToken: false } } };
  removeZeroValues(new ApiObject(chart, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', spec }));
  removeZeroValues(new ApiObject(chart, 'Service', { apiVersion: 'v1', kind: 'Service', spec: { ports: [] } }));
  removeZeroValues(new ApiObject(chart, 'Job', { apiVersion: 'batch/v1', kind: 'Job', spec: { minReadySeconds: 0 } }));
  expect(synthesized(chart).map(object => object.spec)).toEqual([
    { replicas: 0, template: { spec: { automountServiceAccountToken: false } } }, { ports: [] }, { minReadySeconds: 0 },
  ]);
});
