import type { Check } from '../../src/checks/check';
import { isFailing } from '../../src/checks/finding';
import { check, checkUnits } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { Kind } from '../../src/manifests/kind';
import { readYaml } from '../../src/manifests/yaml';
import * as manifests from '../manifests';

const even = (annotations = '{}') => readYaml(`
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop, namespace: prod, annotations: ${annotations} }
spec:
  hosts: [shop]
  http: [{ route: [{ destination: { host: a } }, { destination: { host: b } }] }]
`, 'shop.yaml');

const crashing: Check = {
  ...SHELF.find(one => one.id === 'weights-not-100')!,
  run: () => {
    throw new Error('no such index');
  },
};

test('a finding contains everything that people and programs need', () => {
  expect(check(even()).findings).toEqual([{
    id: 'zero-weights',
    severity: 'error',
    message: 'the weights of all 2 destinations are 0 or not set',
    why: expect.stringContaining('rejects'),
    fix: expect.stringContaining('100'),
    related: [],
    object: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'prod', name: 'shop' },
    pointer: '/spec/http/0/route',
    origin: { file: 'shop.yaml', document: 1, line: 2 },
    line: 7,
  }]);
});

test('a check whose kinds are absent is skipped, and the report lists it', () => {
  const shelf = SHELF.filter(({ id }) => ['dangling-backend', 'useless-acknowledgement', 'zero-weights'].includes(id));
  expect(check(even(), { shelf })).toMatchObject({
    ran: ['useless-acknowledgement', 'zero-weights'], skipped: [{ id: 'dangling-backend', missing: [Kind.INGRESS] }],
  });
});

test('an empty input runs nothing and finds nothing', () => {
  expect(check([])).toEqual({ findings: [], ran: [], skipped: SHELF.map(one => ({ id: one.id, missing: one.about })), unjudged: [] });
});

test('a check that crashes becomes an error of that check, and the others still run', () => {
  const { findings } = check(even(), { shelf: [crashing, ...SHELF.filter(one => one.id === 'zero-weights')] });
  expect(findings.map(({ id, severity, message }) => ({ id, severity, message }))).toEqual([
    { id: 'weights-not-100', severity: 'error', message: 'could not be evaluated: no such index' },
    { id: 'zero-weights', severity: 'error', message: expect.any(String) },
  ]);
});

test('a crash cannot be acknowledged, and the acknowledgement is not reported as useless', () => {
  const annotated = even('{ checks.cdk8s-alb-istio/weights-not-100: fine }');
  const { findings } = check([...annotated, ...annotated.map(own => ({ ...own }))], { shelf: [crashing, ...SHELF.filter(one => one.last)] });
  expect(findings.map(({ id, acknowledged }) => ({ id, acknowledged }))).toEqual([{ id: 'weights-not-100', acknowledged: undefined }]);
});

test('an acknowledged finding stays in the report with its reason and does not fail the run', () => {
  const { findings } = check(even('{ checks.cdk8s-alb-istio/zero-weights: " set by the rollout controller " }'));
  expect(findings).toEqual([expect.objectContaining({ id: 'zero-weights', acknowledged: 'set by the rollout controller' })]);
  expect(findings.some(isFailing)).toBe(false);
});

test.each(['""', '"  "', 'true', 'null', '{ a: b }'])('an acknowledgement with the reason %s has no effect', reason => {
  const { findings } = check(even(`{ checks.cdk8s-alb-istio/zero-weights: ${reason} }`), { shelf: SHELF.filter(({ id }) => id !== 'refused-by-api-server') });
  expect(findings.map(({ id, acknowledged }) => [id, acknowledged])).toEqual([['useless-acknowledgement', undefined], ['zero-weights', undefined]]);
});

test('an acknowledgement on one object has no effect on another', () => {
  const findings = check([...even('{ checks.cdk8s-alb-istio/zero-weights: known }'), ...even()]).findings;
  expect(findings.map(finding => finding.acknowledged)).toEqual(['known', undefined]);
});

test('objects of one list share their origin but not their acknowledgements', () => {
  const item = (name: string, annotations: string) => `
  - apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: { name: ${name}, annotations: ${annotations} }
    spec: { http: [{ route: [{ destination: { host: a } }, { destination: { host: b } }] }] }`;
  const { findings } = check(readYaml(`apiVersion: v1\nkind: List\nitems:${item('a', '{}')}${item('b', '{ checks.cdk8s-alb-istio/weights-not-100: known }')}`));
  expect(findings.map(({ id, object }) => `${id} ${object.name}`)).toEqual(['zero-weights a', 'useless-acknowledgement b', 'zero-weights b']);
});

test('findings are in the order of the input, then of pointers, with list indexes as numbers', () => {
  const routes = Array.from({ length: 11 }, () => ({ route: [manifests.to('a'), manifests.to('b')] }));
  const object = (name: string) => manifests.virtualService(name, { http: routes });
  const places = check([object('z'), object('a')]).findings.map(finding => `${finding.object.name}${finding.pointer}`);
  expect(places).toEqual(['z', 'a'].flatMap(name => routes.map((_, index) => `${name}/spec/http/${index}/route`)));
});

test('findings of one object are in the order of its lines', () => {
  const { findings } = check(readYaml(`apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations:
    alb.ingress.kubernetes.io/target-type: IP
    alb.ingress.kubernetes.io/scheme: public
    alb.ingress.kubernetes.io/ip-address-type: ipv5
spec: { ingressClassName: alb, defaultBackend: { service: { name: a, port: { number: 80 } } } }
---
apiVersion: v1
kind: Service
metadata: { name: a }
spec: { ports: [{ port: 80 }] }`));
  expect(findings.map(({ line, id }) => `${line} ${id}`)).toEqual(['6 malformed-annotation', '7 malformed-annotation', '8 malformed-annotation']);
});

describe('several units', () => {
  const service = (port: number) => manifests.service('prod/a', [port]);
  const ingress = (port: number) => manifests.ingress(`prod/to-${port}`, {}, { ingressClassName: 'alb', defaultBackend: manifests.backend('a', port) });

  test('are checked separately, and reported one after the other', () => {
    const units = [[ingress(80), service(81)], [ingress(81), service(80)]];
    expect(checkUnits(units.map(input => ({ input }))).findings.map(({ object, message }) => `${object.name}: ${message}`)).toEqual([
      'to-80: Service "a" in namespace prod has no port 80; its ports: 81',
      'to-81: Service "a" in namespace prod has no port 81; its ports: 80',
    ]);
    expect(check(units.flat()).findings).toEqual([]);
  });

  test('skip a check only if all of them lack its kinds', () => {
    const report = checkUnits([{ input: [ingress(80)] }, { input: even() }, { input: [] }]);
    const isAbout = (...kinds: readonly Kind[]) => SHELF.filter(({ about }) => about.length === 0 || kinds.some(kind => about.includes(kind))).map(one => one.id);
    expect(report.ran).toEqual(isAbout(Kind.INGRESS, Kind.VIRTUAL_SERVICE));
    expect(checkUnits([{ input: [service(80)] }, { input: even() }]).ran).toEqual(isAbout(Kind.SERVICE, Kind.VIRTUAL_SERVICE));
    expect(checkUnits([])).toEqual(check([]));
  });

  test('each keep the order of their objects', () => {
    expect(checkUnits([{ input: even() }, { input: even() }]).findings).toEqual([...check(even()).findings, ...check(even()).findings]);
  });
});

test('a useless acknowledgement cannot be acknowledged', () => {
  const { findings } = check([manifests.virtualService('prod/shop', { hosts: ['shop'], http: [{ route: [manifests.to('a')] }] }, {
    'checks.cdk8s-alb-istio/zero-weights': 'known', 'checks.cdk8s-alb-istio/useless-acknowledgement': 'we keep it',
  })]);
  expect(findings.map(({ id, acknowledged, pointer }) => ({ id, acknowledged, pointer }))).toEqual(['useless-acknowledgement', 'zero-weights'].map(own => (
    { id: 'useless-acknowledgement', acknowledged: undefined, pointer: `/metadata/annotations/checks.cdk8s-alb-istio~1${own}` })));
});

test('a construct tree is checked directly, with the construct path as origin', () => {
  const object = even()[0].object;
  const leaf = { node: { path: 'app/chart/shop', findAll: () => [leaf] }, apiVersion: object.apiVersion, kind: object.kind, toJson: () => object };
  const chart = { node: { path: 'app/chart', findAll: () => [chart, leaf] }, toJson: () => { throw new Error('a chart must not be rendered'); } };
  expect(check(chart as never).findings).toEqual([expect.objectContaining({ id: 'zero-weights', origin: { construct: 'app/chart/shop' } })]);
});
