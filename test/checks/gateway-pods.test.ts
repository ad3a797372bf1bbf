// Where the pods of Gateways run.
import { gatewayNamespaces } from '../../src/checks/routes/gateway-pods';
import { gateway, service, subjectOf } from '../manifests';

test.each([
  ['the same labels', { app: 'gateway', istio: 'edge' }, ['edge']],
  ['some of its labels', { app: 'gateway' }, ['edge', 'shop']],
  ['each label of another Service', { app: 'gateway', istio: 'other' }, []],
  ['a label that no Service selects', { version: 'v1' }, []],
  ['no labels', {}, []],
])('a Gateway has pods in the namespaces of the Services whose selector includes its own: %s', (_, selector, namespaces) => {
  const services = [
    service('edge/a', [80], { selector: { app: 'gateway', istio: 'edge', version: 'v2' } }), service('shop/b', [80], { selector: { app: 'gateway', istio: 'shop' } }),
    service('none/c'), service('other/d', [80], { selector: { istio: 'other' } }),
  ];
  const subject = subjectOf(gateway('config/g', selector), ...services);
  const [found] = subject.gateways.named('config/g');
  expect(gatewayNamespaces(subject.services, found.selector)).toEqual(namespaces);
});

test('Gateways are found by namespace and name', () => {
  const { gateways } = subjectOf(gateway('prod/edge', {}, [80]), gateway('dev/edge', {}, [81]), gateway('prod/other', {}, [82]));
  expect(gateways.named('dev/edge').map(({ servers }) => servers.map(({ port }) => port))).toEqual([[81]]);
  expect(gateways.named('dev/other')).toEqual([]);
  expect(gateways.named('mesh')).toEqual([]);
});
