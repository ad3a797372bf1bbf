// Which namespaces the input describes, and which one was meant.
import { namespace, object, service, subjectOf } from '../manifests';

const namespacesOf = (...objects: object[]) => subjectOf(...objects).namespaces;

test('a Namespace with a Service in it is described', () => {
  expect(namespacesOf(service('prod/a'), namespace('prod')).describe('prod')).toBe(true);
});

test('neither of them alone describes the namespace', () => {
  expect(namespacesOf(service('prod/a')).describe('prod')).toBe(false);
  expect(namespacesOf(namespace('prod')).describe('prod')).toBe(false);
});

test.each([
  ['one other namespace has it', ['prod/a', 'dev/b'], 'dev'],
  ['no namespace has it', ['prod/a'], undefined],
  ['several namespaces have it', ['prod/a', 'dev/b', 'test/b'], undefined],
  ['the only one has no namespace', ['prod/a', 'b'], undefined],
  ['another one has no namespace', ['prod/a', 'dev/b', 'b'], undefined],
  ['the input does not describe the namespace', ['dev/b'], undefined],
])('a missing Service was meant to be in another namespace only if exactly one has it: %s', (_, services, expected) => {
  const namespaces = namespacesOf(namespace('prod'), ...services.map(name => service(name)));
  expect(namespaces.meantFor('b', 'prod')).toBe(expected);
});

test('an object without a namespace is in default', () => {
  expect(namespacesOf(service('a'), namespace('default')).describe('default')).toBe(true);
});

test.each<[what: string, brings: boolean, other: object]>([
  ['a HelmRelease in it', true, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'prod/a')],
  ['a HelmRelease for it', true, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'flux-system/a', { targetNamespace: 'prod' })],
  ['a HelmRelease elsewhere', false, object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'dev/a')],
  ['a Kustomization of Flux anywhere', true, object('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system/a')],
  ['an Application of Argo CD anywhere', true, object('argoproj.io/v1alpha1', 'Application', 'argocd/a', { destination: { namespace: 'dev' } })],
  ['an object of an operator', true, object('kafka.strimzi.io/v1beta2', 'Kafka', 'prod/a')],
  ['a Gateway of the Gateway API', true, object('gateway.networking.k8s.io/v1', 'Gateway', 'prod/a')],
  ['a route of the Gateway API', false, object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'prod/a')],
  ['a Deployment', false, object('apps/v1', 'Deployment', 'prod/a')],
  ['a ConfigMap', false, object('v1', 'ConfigMap', 'prod/a')],
  ['a Rollout', false, object('argoproj.io/v1alpha1', 'Rollout', 'prod/a')],
  ['a ServiceMonitor', false, object('monitoring.coreos.com/v1', 'ServiceMonitor', 'prod/a')],
  ['a Prometheus', true, object('monitoring.coreos.com/v1', 'Prometheus', 'prod/a')],
  ['a Certificate', false, object('cert-manager.io/v1', 'Certificate', 'prod/a')],
  ['an EnvoyFilter', false, object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'prod/a')],
])('a namespace may have Services that the input lacks with %s: %s', (_, brings, other) => {
  const namespaces = namespacesOf(namespace('prod'), service('prod/a'), service('dev/b'), other);
  expect(namespaces.describe('prod')).toBe(!brings);
  expect(namespaces.mayHaveMore('prod')).toBe(brings);
  expect(namespaces.meantFor('b', 'prod')).toBe(brings ? undefined : 'dev');
});
