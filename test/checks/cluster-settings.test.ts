// Checks read the models with the settings of the cluster: a default that the operators changed must not decide.
import type { ClusterSettings } from '../../src/checks/subject';
import { check } from '../../src/checks/runner';
import * as manifests from '../manifests';

const findings = (objects: readonly manifests.KubernetesObject[], settings: ClusterSettings) => check(objects, settings).findings.map(({ id, message, fix }) => (
  `${id}: ${message}${fix.startsWith('Use r') ? ` ${fix}` : ''}`));

test('hosts end in the domain of the cluster', () => {
  const routeTo = (host: string, port?: number) => [manifests.service('prod/reviews'), manifests.namespace('dev'),
    manifests.virtualService('prod/reviews', { hosts: ['reviews'], http: [{ route: [manifests.to(host, { port })] }] })];
  const corp: ClusterSettings = { mesh: { clusterDomain: 'corp.example' } };
  const dangling = 'dangling-destination: reviews.prod.svc.corp.example has no port 81; its ports: 80';
  expect(findings(routeTo('reviews', 81), corp)).toEqual([dangling]);
  expect(findings(routeTo('reviews.prod.svc.corp.example', 81), corp)).toEqual([dangling]);
  expect(findings(routeTo('reviews.prod.svc.corp.example', 81), {})).toEqual([]);
  expect(findings(routeTo('reviews.prod.svc.corp'), corp)).toEqual([
    'dangling-destination: host "reviews.prod.svc.corp" contains a dot, so Istio treats it as a full name, and no Service or ServiceEntry has it '
    + 'Use reviews.prod.svc.corp.example.']);
});

test('a Service of another namespace is suggested with the domain of the cluster', () => {
  const objects = [
    manifests.service('dev/reviews'), manifests.namespace('prod'), manifests.service('prod/other'),
    manifests.virtualService('prod/reviews', { hosts: ['a.example.com'], gateways: ['gw'], http: [{ route: [manifests.to('reviews')] }] }),
  ];
  expect(findings(objects, { mesh: { clusterDomain: 'corp.example' } })).toEqual([
    'dangling-destination: Istio completes host "reviews" to reviews.prod.svc.corp.example, but the only Service with this name is in namespace dev '
    + 'Use reviews.dev.svc.corp.example.']);
});

const SUBSETS = (ruleNamespace: string, exportTo?: readonly string[]) => [
  manifests.service('prod/reviews'),
  manifests.destinationRule(`${ruleNamespace}/reviews`, { host: 'reviews.prod.svc.cluster.local', subsets: [{ name: 'v1', labels: { version: 'v1' } }], exportTo }),
  manifests.virtualService('prod/reviews', { hosts: ['reviews'], exportTo: ['.'], http: [{ route: [manifests.to('reviews', { subset: 'v1' })] }] }),
];

test('rules of the root namespace are those of the whole mesh', () => {
  expect(findings(SUBSETS('platform'), { mesh: { rootNamespace: 'platform' } })).toEqual([]);
  expect(findings(SUBSETS('platform'), {})).toEqual([expect.stringContaining('unknown-subset: no DestinationRule that applies to the sidecars declares subset "v1"')]);
});

test('rules are exported to where the mesh exports them if they do not say', () => {
  const settings: ClusterSettings = { mesh: { rootNamespace: 'platform', defaultDestinationRuleExportTo: ['.'] } };
  expect(findings(SUBSETS('platform'), settings)).toHaveLength(1);
  expect(findings(SUBSETS('platform', ['*']), settings)).toEqual([]);
});

test('VirtualServices are exported to where the mesh exports them if they do not say', () => {
  const objects = [
    manifests.service('prod/reviews'), manifests.gateway('edge/gw', { app: 'gw' }), manifests.service('edge/gw', [443], { selector: { app: 'gw' } }),
    manifests.destinationRule('edge/reviews', { host: 'reviews.prod.svc.cluster.local', subsets: [{ name: 'v2' }] }),
    manifests.virtualService('prod/reviews', { hosts: ['a.example.com'], gateways: ['edge/gw'], http: [{ route: [manifests.to('reviews', { subset: 'v1' })] }] }),
  ];
  expect(findings(objects, {})).toEqual([expect.stringContaining('unknown-subset: no DestinationRule that applies to gateway edge/gw (pods in edge)')]);
  expect(findings(objects, { mesh: { defaultVirtualServiceExportTo: ['.'] } })).toEqual([]);
});

test('the controller serves the class that its flag names', () => {
  const objects = [manifests.ingress('prod/a', { 'kubernetes.io/ingress.class': 'nginx', 'scheme': 'public' }, {
    defaultBackend: manifests.backend('a', 80) }), manifests.service('prod/a')];
  expect(findings(objects, {})).toEqual([]);
  expect(findings(objects, { controller: { ingressClass: 'nginx' } })).toContainEqual(expect.stringContaining('malformed-annotation: '));
});

test('in an input that is all there is, a policy without pods is a fault wherever its labels are from', () => {
  const policy = (name: string, spec: object) => manifests.object('security.istio.io/v1', 'AuthorizationPolicy', name, spec);
  const objects = [
    policy('edge/mistyped', { selector: { matchLabels: { app: 'gatway' } } }), policy('edge/all', {}),
    policy('edge/added', { selector: { matchLabels: { 'job-name': 'a' } } }), policy('istio-system/root', { selector: { matchLabels: { app: 'gatway' } } }),
  ];
  expect(findings(objects, {})).toEqual([]);
  expect(findings(objects, { complete: true })).toEqual(['policy-selects-nothing: no pods in namespace edge have the labels app=gatway']);
  expect(findings([...objects, manifests.object('kafka.strimzi.io/v1', 'Kafka', 'edge/kafka', {})], { complete: true })).toEqual([]);
});

test('one subnet is enough if the controller has a feature gate for it', () => {
  const objects = [manifests.ingress('prod/a', { subnets: 'subnet-0123456789abcdef0' }, { ingressClassName: 'alb', defaultBackend: manifests.backend('a', 80) })];
  expect(findings(objects, {})).toContainEqual(expect.stringContaining('single-subnet: '));
  expect(findings(objects, { controller: { featureGates: { ALBSingleSubnet: true } } })).not.toContainEqual(expect.stringContaining('single-subnet: '));
});
