// Inputs that hold too little to say that a subset is missing.
import { Model } from '../../src/model/model';
import { SubsetViews } from '../../src/model/subset-view';
import { readYaml } from '../../src/model/yaml';

const SERVICE = '{ apiVersion: v1, kind: Service, metadata: { name: a, namespace: prod }, spec: { ports: [{ port: 80 }] } }';
const ROUTE = '{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: a, namespace: prod }, '
  + 'spec: { hosts: [a], http: [{ route: [{ destination: { host: a, subset: v1 } }] }] } }';
const rule = (namespace: string, spec: string) =>
  `{ apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: { name: ${namespace}-rule, namespace: ${namespace} }, spec: ${spec} }`;
const PROD = 'a.prod.svc.cluster.local';

/** Whether the sidecars, for whom the route is, lack the subset with certainty. */
function lacksV1(...documents: string[]): boolean {
  const model = new Model(readYaml([ROUTE, ...documents].join('\n---\n')));
  const [virtualService] = model.virtualServices;
  return new SubsetViews(model).of(virtualService, virtualService.routes[0], PROD).some(view => view.complete && !view.subsets.includes('v1'));
}

test.each([
  ['the Service, and a rule for another', true, [SERVICE, rule('prod', '{ host: b }')]],
  ['the Service, and no rules at all', false, [SERVICE]],
  ['a rule for another Service alone', false, [rule('prod', '{ host: b }')]],
  ['its rule without its Service', true, [rule('prod', '{ host: a, subsets: [{ name: v2 }] }')]],
  ['its rule for some pods, without its Service', false, [rule('prod', '{ host: a, subsets: [{ name: v2 }], workloadSelector: { matchLabels: { a: b } } }')]],
  ['a rule of the root namespace, without its Service', false, [rule('istio-system', `{ host: ${PROD}, subsets: [{ name: v2 }] }`)]],
  ['a rule of other clients, without its Service', false, [rule('web', `{ host: ${PROD}, subsets: [{ name: v2 }] }`)]],
  ['a rule of other clients that has it', false, [SERVICE, rule('web', `{ host: ${PROD}, subsets: [{ name: v1 }] }`)]],
  ['a rule that its own namespace does not see', true, [SERVICE, rule('web', `{ host: ${PROD}, subsets: [{ name: v1 }], exportTo: [test] }`)]],
])('with %s: %s', (_, lacks, documents) => {
  expect(lacksV1(...documents)).toBe(lacks);
});
