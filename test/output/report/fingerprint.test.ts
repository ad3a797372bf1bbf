import * as fc from 'fast-check';
import type { Finding } from '../../../src/checks/finding';
import { check } from '../../../src/checks/runner';
import { readYaml } from '../../../src/manifests/yaml';
import { AS_PASSED } from '../../../src/output/report/finding-place';
import { fingerprintsOf } from '../../../src/output/report/fingerprint';
import { ERROR } from './findings';

const YAML = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: prod }
spec:
  hosts: [shop]
  http:
  - name: cart
    route: [{ destination: { host: a }, weight: 1 }, { destination: { host: b }, weight: 2 }]
  - route: [{ destination: { host: a } }, { destination: { host: b } }]
`;

const fingerprints = (text: string, file = 'shop.yaml') => fingerprintsOf(check(readYaml(text, file)).findings, AS_PASSED);
const one = (more: Partial<Finding>) => fingerprintsOf([{ ...ERROR, ...more }], AS_PASSED)[0];

test('survives lines, objects and routes above the fault', () => {
  const before = fingerprints(YAML);
  expect(before).toHaveLength(2);
  expect(fingerprints(`# a comment\n\n${YAML}`)).toEqual(before);
  expect(fingerprints(`apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n---\n${YAML}`)).toEqual(before);
  expect(fingerprints(YAML.replace('  http:\n', '  http:\n  - route: [{ destination: { host: a } }]\n'))).toEqual(before);
});

test('survives lines of other objects in a message', () => {
  expect(one({ message: 'as in other.yaml:17' })).toBe(one({ message: 'as in other.yaml:18' }));
});

test.each<Partial<Finding>>([
  { id: 'zero-weights' }, { message: 'subset "v8"' }, { pointer: '/spec/tcp/0' }, { origin: { file: 'b.yaml', document: 1, line: 1 } }, { origin: { construct: 'a/b' } },
  { object: { ...ERROR.object, name: 'cart' } }, { object: { ...ERROR.object, namespace: 'dev' } }, { object: { ...ERROR.object, apiVersion: 'other.io/v1' } },
])('differs by %j', more => expect(one(more)).not.toBe(one({})));

test('does not depend on the version of an API', () => {
  expect(one({ object: { ...ERROR.object, apiVersion: 'networking.istio.io/v1beta1' } })).toBe(one({}));
});

test('no two findings of a report have the same', () => {
  const finding = fc.record({ id: fc.constantFrom('a', 'b'), message: fc.constantFrom('', '2', '12'), pointer: fc.constantFrom('/a/1', '/a/2', '') }).map(more => ({ ...ERROR, ...more }));
  fc.assert(fc.property(fc.array(finding, { maxLength: 30 }), findings => {
    expect(new Set(fingerprintsOf(findings, AS_PASSED)).size).toBe(findings.length);
  }), { numRuns: 300 });
});
