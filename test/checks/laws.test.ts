// Properties of any input.
import * as fc from 'fast-check';
import { EdgeError } from '../../src/base/errors';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { type Manifest, identityOf } from '../../src/manifests/manifest';
import { PlainObject } from '../../src/manifests/plain-json';
import { readYaml } from '../../src/manifests/yaml';
import { renderJson } from '../../src/output/json';
import { renderText } from '../../src/output/text';
import { fixture } from './fixture';
import { runs } from '../runs';

const fixtures = SHELF.flatMap(one => (['bad', 'good'] as const).map(name => readYaml(fixture(one.id, name), `${one.id}/${name}`)));

function asSet(manifests: readonly Manifest[]): string[] {
  return check(manifests).findings.map(finding => JSON.stringify(finding)).sort();
}

/** Of the objects with one identity the last replaces the others, so that their order matters. */
function eachOnce(manifests: readonly Manifest[]): Manifest[] {
  return [...new Map(manifests.map(manifest => [identityOf(manifest), manifest])).values()];
}

test('the order of the objects does not change the set of findings', () => {
  for (const manifests of [...fixtures, eachOnce(fixtures.flat())]) {
    const expected = asSet(manifests);
    fc.assert(fc.property(fc.shuffledSubarray(manifests, { minLength: manifests.length }), shuffled => {
      expect(asSet(shuffled)).toEqual(expected);
    }), { numRuns: 20 });
  }
});

/** Replaces the value of one field of the object. */
function mutate(object: unknown, steps: readonly number[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof object !== 'object' || object === null) {
    return value;
  }
  const keys = Object.keys(object);
  if (keys.length === 0) {
    return value;
  }
  const key = keys[step % keys.length];
  const inner = mutate((object as Record<string, unknown>)[key], rest, value);
  return Array.isArray(object) ? object.map((own, index) => (String(index) === key ? inner : own)) : { ...object, [key]: inner };
}

test('a field of the wrong type anywhere crashes no reader, no check and no output', () => {
  const mutation = fc.record({ index: fc.nat(), steps: fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), value: fc.anything({ maxDepth: 2 }) });
  fc.assert(fc.property(fc.constantFrom(...fixtures), fc.array(mutation, { minLength: 1, maxLength: 5 }), (manifests, mutations) => {
    const mutated = [...manifests];
    for (const { index, steps, value } of mutations) {
      const { object, origin } = mutated[index % mutated.length];
      const changed = mutate(object, steps, value);
      mutated[index % mutated.length] = { object: (typeof changed === 'object' && changed !== null ? changed : {}) as PlainObject, origin };
    }
    const report = check(mutated);
    expect(report.findings.filter(finding => finding.message.startsWith('could not be evaluated'))).toEqual([]);
    expect(renderText(report)).toContain('ran');
    expect(JSON.parse(renderJson(report)).schemaVersion).toBe(1);
  }), runs(2000));
});

test('an annotation that cannot be converted to a string crashes no check', () => {
  const metadata = { name: 'front', namespace: 'edge', annotations: { 'kubernetes.io/ingress.class': { toString: 0 } } };
  const report = check([{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata, spec: { ingressClassName: 'alb' } }]);
  expect(report.findings.filter(finding => finding.message.startsWith('could not be evaluated'))).toEqual([]);
});

test('objects of any shape cause no error other than an EdgeError', () => {
  const kinds = fc.constantFrom('VirtualService', 'DestinationRule', 'Service', 'Ingress', 'Namespace', 'Gateway', 'ServiceEntry', 'IngressClass', 'IngressClassParams');
  const groups = fc.constantFrom('v1', 'networking.istio.io/v1', 'networking.k8s.io/v1', 'elbv2.k8s.aws/v1beta1');
  const object = fc.tuple(groups, kinds, fc.object()).map(([apiVersion, kind, rest]) => ({ ...rest, apiVersion, kind }));
  fc.assert(fc.property(fc.array(fc.oneof(object, fc.anything())), objects => {
    expectOnlyEdgeErrors(() => renderText(check(objects as PlainObject[])));
  }), { numRuns: 500 });
});

test('a string of any content causes no error other than an EdgeError in the YAML reader', () => {
  const pieces = fc.constantFrom('a: 1\n', '---\n', '- x\n', '  ', '&a ',
    '*a', '<<: ', '{', '}', '[', ']', '"', '\'', '|\n', '? ', ': ', '!!int ', '!x ', '%TAG ! a\n', '...\n',
    'apiVersion: v1\n', 'kind: List\n', 'items:\n', '\t', '#', '\u0000', '\uFEFF', '0x', '1_0', '.inf', 'on');
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(pieces).map(own => own.join(''))), text => {
    expectOnlyEdgeErrors(() => check(readYaml(text, 'any.yaml')));
  }), runs(3000));
});

function expectOnlyEdgeErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(EdgeError);
  }
}
