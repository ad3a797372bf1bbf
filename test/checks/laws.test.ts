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
  const times = { numRuns: Math.ceil(runs(20 * fixtures.length).numRuns / fixtures.length) };
  for (const manifests of [...fixtures, eachOnce(fixtures.flat())]) {
    const expected = asSet(manifests);
    fc.assert(fc.property(fc.shuffledSubarray(manifests, { minLength: manifests.length }), shuffled => {
      expect(asSet(shuffled)).toEqual(expected);
    }), times);
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

/** Paths to all values of an object, except for its type. */
function pathsIn(value: unknown, path: readonly string[] = []): string[][] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([key, own]) => pathsIn(own, [...path, key])) : [];
  return [...path.length === 0 || path[0] === 'apiVersion' || path[0] === 'kind' ? [] : [[...path]], ...inner];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], text: string): unknown {
  if (key === undefined) {
    return text;
  }
  const copy = Array.isArray(value) ? [...value as unknown[]] : { ...value as object };
  Object.defineProperty(copy, key, { value: replaced((value as Record<string, unknown>)[key], rest, text) });
  return copy;
}

/** Check, object and field of each finding. */
function placesOf(manifests: readonly Manifest[]): Set<string> {
  return new Set(check(manifests).findings.map(({ id, origin, pointer }) => JSON.stringify([id, origin, pointer])));
}

const inputs = fixtures.map(manifests => ({ manifests, before: placesOf(manifests) }));

function expectNothingNew(before: ReadonlySet<string>, after: readonly Manifest[], what: string): void {
  const added = [...placesOf(after)].filter(place => !before.has(place));
  expect({ what, added }).toEqual({ what, added: [] });
}

test('a placeholder in place of any value adds no finding', () => {
  const text = fc.constantFrom('${x}', '$(x)', '{{ .Values.x }}', 'a-${x:=b}', '$XYZ', '#{x}#', '%{x}%', '@@x@@', '__X__', 'ENC[AES256_GCM,data:eA==,type:str]');
  fc.assert(fc.property(fc.constantFrom(...inputs), fc.nat(), fc.nat(), text, ({ manifests, before }, which, where, placeholder) => {
    const index = which % manifests.length;
    const { object, origin } = manifests[index];
    const paths = pathsIn(object);
    const path = paths[where % paths.length];
    // An Ingress with an invalid group name is read no further.
    fc.pre(path.at(-1)?.endsWith('/group.name') !== true);
    const changed = manifests.map((own, at) => (at === index ? { object: replaced(object, path, placeholder) as PlainObject, origin } : own));
    expectNothingNew(before, changed, `${placeholder} at ${path.join('/')} of ${JSON.stringify(origin)}`);
  }), runs(2000));
});

test.each([
  ['single-subnet', 3, ['spec', 'ingressClassName']],
  ['gateway-killed-while-draining', 3, ['spec', 'template', 'spec', 'containers', '0', 'env', '0', 'value']],
])('a placeholder in place of what decides whether %s applies adds no finding', (id, index, path) => {
  const manifests = readYaml(fixture(id, 'good'), id);
  const changed = manifests.map((own, at) => (at === index ? { ...own, object: replaced(own.object, path, '${x}') as PlainObject } : own));
  expectNothingNew(placesOf(manifests), changed, path.join('/'));
});

test('what belongs to others adds no finding: objects of other controllers, of tools and of unrelated namespaces', () => {
  for (const { manifests, before } of inputs) {
    // What may bring a Service makes checks silent, and then an acknowledgement of theirs has no effect.
    const isNew = (place: string) => !before.has(place) && !place.includes('useless-acknowledgement');
    for (const others of [FOREIGN, FOREIGN.filter(({ object }) => !['HelmRelease', 'Application'].includes(String(object.kind)))]) {
      expect([...placesOf([...manifests, ...others])].filter(isNew)).toEqual([]);
    }
  }
});

const FOREIGN = readYaml(`
apiVersion: v1
kind: Namespace
metadata: { name: unrelated }
---
apiVersion: v1
kind: Service
metadata: { name: unrelated, namespace: unrelated }
spec: { selector: { app: unrelated }, ports: [{ port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: unrelated, namespace: unrelated }
spec:
  selector: { matchLabels: { app: unrelated } }
  template: { metadata: { labels: { app: unrelated } }, spec: { containers: [{ name: a, image: a, args: ["$(POD_NAME)"] }] } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: unrelated, namespace: prod }
data: { nginx.conf: "proxy_pass \${backend};" }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: unrelated
  namespace: prod
  annotations:
    alb.ingress.kubernetes.io/listen-ports: not json
    alb.ingress.kubernetes.io/group.name: public
    nginx.ingress.kubernetes.io/rewrite-target: /$1
spec:
  ingressClassName: nginx
  rules: [{ host: a.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: nowhere, port: { number: 81 } } } }] } }]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: { name: nginx, annotations: { ingressclass.kubernetes.io/is-default-class: "true" } }
spec: { controller: k8s.io/ingress-nginx }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: without-class, namespace: prod, annotations: { alb.ingress.kubernetes.io/scheme: public } }
spec: { defaultBackend: { service: { name: nowhere, port: { number: 81 } } } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gateway, namespace: edge }
spec: { gatewayClassName: nginx, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: unrelated, namespace: prod }
spec: { chart: { spec: { chart: web } } }
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: unrelated, namespace: argocd }
spec: { destination: { namespace: prod } }
`, 'others.yaml');

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
