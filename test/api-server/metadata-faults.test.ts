// What the API server refuses of metadata.
import { faultsOf } from '../../src/api-server/admission';
import { readYaml } from '../../src/manifests/yaml';

const faults = (metadata: string, kind = 'v1 ServiceAccount') => {
  const [apiVersion, name] = kind.split(' ');
  return readYaml(`{ apiVersion: ${apiVersion}, kind: ${name}, metadata: { ${metadata} } }`).flatMap(faultsOf).map(({ pointer, message }) => `${pointer}: ${message}`);
};

test.each([
  ['a misspelt field', 'name: a, lables: {}', '/metadata/lables: metadata has no field lables; did you mean labels?'],
  ['a field that nothing is like', 'name: a, clusterOfOrigin: b', '/metadata/clusterOfOrigin: metadata has no field clusterOfOrigin'],
  ['a name with capitals', 'name: Edge', '/metadata/name: "Edge" must be'],
  ['a name with an underscore', 'name: edge_1', '/metadata/name: "edge_1" must be'],
  ['a namespace with a dot', 'name: a, namespace: a.b', '/metadata/namespace: "a.b" must be'],
  ['a label with a space', 'name: a, labels: { team: edge team }', '/metadata/labels/team: "edge team" must be'],
  ['a label that is too long', `name: a, labels: { team: ${'x'.repeat(64)} }`, `/metadata/labels/team: "${'x'.repeat(64)}" must be`],
  ['a label that ends with a hyphen', 'name: a, labels: { team: edge- }', '/metadata/labels/team: "edge-" must be'],
  ['a key with two slashes', 'name: a, labels: { a/b/c: d }', '/metadata/labels/a~1b~1c: "a/b/c" is not a valid key'],
  ['a key without a name', 'name: a, annotations: { example.com/: d }', '/metadata/annotations/example.com~1: "example.com/" is not a valid key'],
])('%s is refused', (_, metadata, expected) => {
  expect(faults(metadata)).toEqual([expect.stringContaining(expected)]);
});

test.each([
  'name: a, labels: { a: "", "example.com/A_b.c": v1.0 }', 'name: a.b-c, namespace: a-b', 'generateName: a-', 'name: a, annotations: { Example.com/b: "any text" }',
  'name: a, ownerReferences: [], finalizers: [], managedFields: [], uid: x, resourceVersion: "1", generation: 1, creationTimestamp: null, selfLink: x',
  'name: "${NAME}", namespace: $(namespace), labels: { "{{ key }}": x, team: "{{ .Values.team }}" }',
])('%s is accepted', metadata => {
  expect(faults(metadata)).toEqual([]);
});

test('which names are valid depends on the kind', () => {
  const refuses = (kind: string, name: string) => faults(`name: "${name}"`, kind).length > 0;
  expect(refuses('v1 Namespace', 'a.b')).toBe(true);
  expect(refuses('v1 Service', '1a')).toBe(true);
  expect(refuses('v1 ConfigMap', '1a.b')).toBe(false);
  expect(refuses('v1 ConfigMap', 'A')).toBe(true);
  expect(refuses('rbac.authorization.k8s.io/v1 Role', 'Admin:edge')).toBe(false);
  expect(refuses('rbac.authorization.k8s.io/v1 Role', 'a/b')).toBe(true);
  expect(refuses('example.com/v1 Widget', 'Any Name')).toBe(true);
  expect(refuses('eksctl.io/v1alpha5 ClusterConfig', 'Any Name')).toBe(false);
  expect(refuses('apiregistration.k8s.io/v1 APIService', 'v1.example.com')).toBe(false);
});

test('a CEL rule of an object with a placeholder is not judged', () => {
  const policy = (mode: string) => `{ apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: { name: a },
    spec: { portLevelMtls: { 8080: { mode: ${mode} } } } }`;
  expect(readYaml(policy('STRICT')).flatMap(faultsOf)).toHaveLength(1);
  expect(readYaml(policy('"${MODE}"')).flatMap(faultsOf)).toEqual([]);
});
