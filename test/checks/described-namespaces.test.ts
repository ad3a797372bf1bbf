// Which namespaces the input describes, and which one was meant.
import { namespace, service, subjectOf } from '../manifests';

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
