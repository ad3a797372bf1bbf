import { App, Chart } from 'cdk8s';
import { registerGatewayLabels } from '../../../src/edge/gateway-workload/gateway-labels';
import { AlbIstioEdge, egress, GatewayWorkload } from '../../../src/index';
import { refusal } from '../../refusal';
import { gatewayPods } from '../stubs';

type LabeledPods = [workloadNamespace: string, selector: Record<string, string>];

const LABELS = { app: 'door', istio: 'front' };

/** Registers gateways with these namespaces and labels, the last of which has to be refused. */
function refused(...gateways: LabeledPods[]) {
  const app = new App();
  const register = ([workloadNamespace, selector]: LabeledPods, index: number) => (
    registerGatewayLabels(new Chart(app, `chart-${index}`), gatewayPods({ workloadNamespace, selector }), 'edgeName'));
  gateways.slice(0, -1).forEach(register);
  return refusal(() => register(gateways.at(-1)!, gateways.length - 1));
}

test.each([
  ['the same labels', LABELS, { istio: 'front', app: 'door' }, 'app: door, istio: front'],
  ['more labels', { app: 'door' }, LABELS, 'app: door'],
  ['fewer labels', LABELS, { istio: 'front' }, 'istio: front'],
])('gateway pods of two namespaces with %s are refused, because both Gateways select both', (_, one, other, labels) => {
  expect(refused(['a', one], ['b', other])).toMatchObject({
    prop: 'workload', path: 'chart-1', reason: expect.stringContaining(`with the labels ${labels}, because Istio selects gateway pods by their labels in all namespaces`),
  });
});

test.each<[string, ...LabeledPods[]]>([
  ['the namespace is the same', ['a', LABELS], ['a', LABELS]],
  ['a label differs', ['a', LABELS], ['b', { ...LABELS, istio: 'back' }]],
  ['each has a label of its own', ['a', { app: 'door' }], ['b', { istio: 'front' }]],
])('gateways can share an app if %s', (_, ...gateways) => {
  const app = new App();
  gateways.forEach(([workloadNamespace, selector], index) => (
    expect(() => registerGatewayLabels(new Chart(app, `chart-${index}`), gatewayPods({ workloadNamespace, selector }), 'edgeName')).not.toThrow()));
});

test('two edges in two namespaces need an edgeName each', () => {
  const app = new App();
  const edge = (id: string, edgeName?: string) => new AlbIstioEdge(app, id, {
    edgeName, hosts: ['shop.example.com'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ namespace: id }),
  });
  edge('one');
  expect(refusal(() => edge('two'))).toMatchObject({
    path: 'two/Gateway',
    reason: 'cannot be in the namespace two with the labels app: istio-ingress, istio: ingress, because Istio selects gateway pods by their labels in all namespaces, '
      + 'and pods of one/Gateway in one also have them; set another edgeName, such as edgeName: \'other\', or use a workload with other labels',
  });
  expect(() => edge('three', 'other')).not.toThrow();
});

test('two egress gateways in two namespaces need a gatewayName each', () => {
  const chart = new Chart(new App(), 'chart');
  const egressGateway = (id: string, gatewayName?: string) => (
    new egress.EgressGateway(chart, id, { gatewayName, workload: GatewayWorkload.injected({ namespace: id }) }));
  egressGateway('one');
  expect(refusal(() => egressGateway('two'))).toMatchObject({ prop: 'workload', reason: expect.stringContaining("set another gatewayName, such as gatewayName: 'other'") });
  expect(() => egressGateway('three', 'other')).not.toThrow();
});

test('a second edge of one namespace needs an edgeName, which gives it a gateway of its own', () => {
  const app = new App();
  const props = { hosts: ['shop.example.com'], gateway: { credentialName: 'tls' } };
  new AlbIstioEdge(app, 'one', props);
  expect(refusal(() => new AlbIstioEdge(app, 'two', props)).reason).toContain("set another edgeName, such as edgeName: 'other'");
  expect(() => new AlbIstioEdge(app, 'three', { ...props, edgeName: 'other' })).not.toThrow();
});
