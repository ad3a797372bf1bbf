// What a placeholder keeps checks from judging, and what it does not.
import { check } from '../../src/checks/runner';
import { destinationRule, gateway, ingress, object, service, to, virtualService } from '../manifests';

/** A subset that no rule declares, and weights that do not add up to 100. */
const FAULTY = [
  service('prod/a'), destinationRule('prod/a', { host: 'a', subsets: [{ name: 'v1' }] }),
  virtualService('prod/a', { hosts: ['a'], http: [{ route: [to('a', { subset: 'v1', weight: 10 }), to('a', { subset: 'v2', weight: 20 })] }] }),
];

const reportOf = (...objects: object[]) => check([...FAULTY, ...objects] as never);
const idsOf = (...objects: object[]) => [...new Set(reportOf(...objects).findings.map(({ id }) => id))];

test('without a placeholder everything is judged', () => {
  expect(idsOf()).toEqual(['weights-not-100', 'unknown-subset']);
  expect(reportOf().unjudged).toEqual([]);
});

test.each<[what: string, other: object, place: string]>([
  ['the host of a rule', destinationRule('prod/b', { host: '${host}' }), 'DestinationRule /spec/host'],
  ['the namespace of a rule', destinationRule('${ns}/b', { host: 'a' }), 'DestinationRule /metadata/namespace'],
  ['a key', service('prod/b', [80], { selector: { '$(key)': 'a' } }), 'Service /spec/selector/$(key)'],
  ['the port of a Gateway', gateway('edge/g', { '{{ .Values.label }}': 'a' }), 'Gateway /spec/selector/{{ .Values.label }}'],
])('%s may be what a check of several objects depends on', (_, other, place) => {
  expect(idsOf(other)).toEqual(['weights-not-100']);
  expect(reportOf(other).unjudged.map(({ manifest, pointer }) => `${String(manifest.object.kind)} ${pointer}`)).toEqual([place]);
});

test.each<[what: string, other: object]>([
  ['the ARN of a certificate', ingress('prod/i', { 'certificate-arn': '${arn}', 'target-type': 'ip' })],
])('%s is compared with nothing', (_, other) => {
  expect(idsOf(other)).toEqual(expect.arrayContaining(['weights-not-100', 'unknown-subset']));
  expect(reportOf(other).unjudged).toHaveLength(1);
});

test.each<[what: string, other: object]>([
  ['an image', object('v1', 'Pod', 'prod/a', { containers: [{ name: 'a', image: 'a:${tag}', args: ['$(POD_NAME)'] }] })],
  ['the data of a ConfigMap', { ...object('v1', 'ConfigMap', 'prod/a'), data: { 'nginx.conf': 'proxy_pass ${backend};' } }],
  ['an annotation of others', { ...service('prod/b'), metadata: { name: 'b', namespace: 'prod', annotations: { 'example.com/note': '${note}' } } }],
])('%s is not read', (_, other) => {
  expect(idsOf(other)).toEqual(['weights-not-100', 'unknown-subset']);
  expect(reportOf(other).unjudged).toEqual([]);
});

test('a value with a placeholder is not judged, the value beside it is', () => {
  const { spec, ...own } = ingress('prod/i', { 'scheme': '$(scheme)', 'group.name': '${group}', 'listen-ports': 'x', 'target-type': 'ip' }) as Record<string, object>;
  const { findings } = check([{ ...own, spec: { ...spec, rules: [{ host: 'a.example.com' }] } }] as never);
  expect(findings.map(({ id, pointer }) => `${id} ${pointer}`)).toEqual(['malformed-annotation /metadata/annotations/alb.ingress.kubernetes.io~1listen-ports']);
});

test('an acknowledgement of what a placeholder hides is not useless', () => {
  const acknowledged = { ...FAULTY[2], metadata: { ...FAULTY[2].metadata, annotations: { 'checks.cdk8s-alb-istio/unknown-subset': 'known' } } };
  const run = (...objects: object[]) => check([FAULTY[0], FAULTY[1], acknowledged, ...objects] as never).findings.map(({ id }) => id);
  expect(run(destinationRule('prod/b', { host: '${host}' }))).toEqual(['weights-not-100']);
});
