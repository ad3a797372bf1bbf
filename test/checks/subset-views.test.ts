// When the input is complete enough to conclude that a subset is missing.
import { SubsetViews } from '../../src/checks/subset-views';
import { destinationRule, service, subjectOf, to, virtualService } from '../manifests';

const SERVICE = service('prod/a');
const ROUTE = virtualService('prod/a', { hosts: ['a'], http: [{ route: [to('a', { subset: 'v1' })] }] });
const PROD = 'a.prod.svc.cluster.local';
const [V1, V2] = ['v1', 'v2'].map(name => ({ subsets: [{ name }] }));

/** Whether the sidecars, which use the route, are guaranteed to lack the subset. */
function lacksV1(...objects: object[]): boolean {
  const subject = subjectOf(ROUTE, ...objects);
  const [shop] = subject.virtualServices;
  return SubsetViews.of(subject).at(shop, shop.routes[0], PROD).some(view => view.complete && !view.subsets.includes('v1'));
}

test.each([
  ['the Service, and a rule for another', true, [SERVICE, destinationRule('prod/r', { host: 'b' })]],
  ['the Service, and no rules at all', false, [SERVICE]],
  ['only a rule for another Service', false, [destinationRule('prod/r', { host: 'b' })]],
  ['its rule without its Service', true, [destinationRule('prod/r', { host: 'a', ...V2 })]],
  ['its rule for some pods, without its Service', false, [destinationRule('prod/r', { host: 'a', ...V2, workloadSelector: { matchLabels: { a: 'b' } } })]],
  ['a rule of the root namespace, without its Service', false, [destinationRule('istio-system/r', { host: PROD, ...V2 })]],
  ['a rule of other clients, without its Service', false, [destinationRule('web/r', { host: PROD, ...V2 })]],
  ['a rule of other clients that declares it', false, [SERVICE, destinationRule('web/r', { host: PROD, ...V1 })]],
  ['a rule that is not exported to its own namespace', true, [SERVICE, destinationRule('web/r', { host: PROD, ...V1, exportTo: ['test'] })]],
])('with %s: %s', (_, lacks, objects) => {
  expect(lacksV1(...objects)).toBe(lacks);
});

test('VirtualServices with the same gateways share no views if their exportTo or their namespaces differ', () => {
  const spec = { hosts: ['x.example.com'], http: [{ route: [to(PROD, { subset: 'v1' })] }] };
  const subject = subjectOf(
    virtualService('prod/first', { ...spec, exportTo: ['one'] }),
    virtualService('prod/second', { ...spec, exportTo: ['two'] }),
    virtualService('web/third', { ...spec, exportTo: ['one'] }),
  );
  const views = SubsetViews.of(subject);
  const consulted = subject.virtualServices.map(own => views.at(own, own.routes[0], PROD).flatMap(view => view.consulted).sort());
  expect(consulted).toEqual([['istio-system', 'one', 'prod'], ['istio-system', 'prod', 'two'], ['istio-system', 'one', 'prod', 'web']]);
});
