// What the API server refuses to store.
import { storeFaultsOf } from '../../src/api-server/stored-object';
import { readYaml } from '../../src/manifests/yaml';

function faultsOf(yaml: string): string[] {
  return readYaml(yaml).flatMap(storeFaultsOf).map(({ pointer, message }) => `${pointer}: ${message}`);
}

const ingress = (path: string) => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ http: { paths: [${path}] } }] }
`;

test.each([
  ['annotations: { a: 443 }, name: web', '/metadata/annotations/a: must be a string; got the number 443: put it in quotes'],
  ['labels: { a/b: yes }, name: web', '/metadata/labels/a~1b: must be a string; got the boolean true: put it in quotes'],
  ['namespace: n, name: web', '/metadata/namespace: must be a string; got the boolean false: put it in quotes'],
  ['name: 5', '/metadata/name: must be a string; got the number 5: put it in quotes'],
  ['annotations: [], name: web', '/metadata/annotations: must be an object; got a list'],
  ['namespace: a', '/metadata/name: is required'],
])('metadata of any kind: %s', (metadata, fault) => {
  expect(faultsOf(`{ apiVersion: example.com/v1, kind: Any, metadata: { ${metadata} }, spec: { x: 1 } }`)).toEqual([fault]);
});

test.each([
  ['a path without type', '{ path: /, backend: { service: { name: web, port: { number: 80 } } } }',
    '/spec/rules/0/http/paths/0/pathType: is required: one of Exact, Prefix, ImplementationSpecific'],
  ['a relative path', '{ path: foo, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }',
    '/spec/rules/0/http/paths/0/path: must start with /; got "foo"'],
  ['a port with name and number', '{ path: /, pathType: Exact, backend: { service: { name: web, port: { name: http, number: 80 } } } }',
    '/spec/rules/0/http/paths/0/backend/service/port: cannot have both name and number; got http and 80'],
  ['a port in quotes', '{ path: /, pathType: Exact, backend: { service: { name: web, port: { number: "80" } } } }',
    '/spec/rules/0/http/paths/0/backend/service/port/number: must be an integer; got the string 80: remove the quotes'],
  ['a backend of v1beta1', '{ path: /, pathType: Exact, backend: { serviceName: web, servicePort: 80 } }',
    '/spec/rules/0/http/paths/0/backend: must have service or resource'],
])('an Ingress with %s', (_, path, fault) => {
  expect(faultsOf(ingress(path)).filter(each => !each.includes('has no field'))).toEqual([fault]);
});

test('rules of an Ingress are a list', () => {
  expect(faultsOf('{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: web }, spec: { rules: { host: a } } }')).toEqual([
    '/spec/rules: must be a list; got an object']);
});

test('an API version that is gone', () => {
  expect(faultsOf('{ apiVersion: extensions/v1beta1, kind: Ingress, metadata: { name: web } }')).toEqual([
    '/apiVersion: must be networking.k8s.io/v1; got extensions/v1beta1, which Kubernetes does not serve since 1.22']);
});

test('a kind that does not exist is named, with the one that is meant, or the version that has it', () => {
  const of = (type: string) => faultsOf(`{ apiVersion: ${type.split(' ')[0]}, kind: ${type.split(' ')[1]}, metadata: { name: web } }`);
  expect(of('v1 Deployment')).toEqual(['/apiVersion: must be apps/v1 for the kind Deployment; got v1']);
  expect(of('networking.k8s.io/v1 ingress')).toEqual(['/kind: networking.k8s.io/v1 has no kind ingress; did you mean Ingress?']);
  expect(of('policy/v1beta1 PodDisruptionBudget')).toEqual([
    '/apiVersion: must be policy/v1; got policy/v1beta1, which Kubernetes does not serve since 1.25']);
  expect(of('apps/v1 SomethingNew')).toEqual([]);
});

test('nothing is known of files that no cluster stores', () => {
  expect(faultsOf('{ apiVersion: eksctl.io/v1alpha5, kind: ClusterConfig, metadata: { name: A, region: eu-west-1 } }')).toEqual([]);
  expect(faultsOf('{ apiVersion: v1, kind: Config, clusters: [] }')).toEqual([]);
});

test('a field that a kind does not have is refused, with the one that is meant', () => {
  expect(faultsOf('{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { port: [], ports: [{ port: 80 }], other: 1 } }')).toEqual([
    '/spec/port: spec has no field port; did you mean ports?',
    expect.stringMatching('^/spec/other: spec has no field other; its fields: allocateLoadBalancerNodePorts, '),
  ]);
});

test('nothing is said of valid objects and nulls', () => {
  expect(faultsOf(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: , labels: { a: "1", b: , constructor: x } }
spec:
  ingressClassName:
  defaultBackend: { resource: { apiGroup: a, kind: B, name: c } }
  rules: [{ host: a, http: { paths: [{ pathType: ImplementationSpecific, backend: { service: { name: web, port: { name: http, number: } } } }] } }, {}]
---
apiVersion: v1
kind: Service
metadata: { generateName: web- }
spec: { ports: [{ name: a, port: 80, targetPort: http }, { name: b, port: 81.0, targetPort: 8081, nodePort: }], selector: { app: web } }
---
{ apiVersion: example.com/v1, kind: Any, metadata: { name: web }, spec: { name: 5 } }
`)).toEqual([]);
});

test('objects without any text do not crash it', () => {
  const odd = { toString: {}, constructor: [1] };
  const object = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: odd, spec: { rules: [odd, null, 1, [odd]] } };
  const faults = (value: object) => storeFaultsOf({ object: value, origin: {} } as never).filter(({ kind }) => kind === 'schema').map(({ pointer }) => pointer);
  expect(faults({ apiVersion: odd, kind: odd, metadata: odd })).toEqual(['/metadata/name']);
  expect(faults(object)).toEqual(['/spec/rules/2', '/spec/rules/3', '/metadata/name']);
});
