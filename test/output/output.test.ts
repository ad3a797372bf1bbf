import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding, Report } from '../../src/checks/finding';
import { Kind } from '../../src/manifests/kind';
import { renderJson } from '../../src/output/json';
import { renderLine, renderText } from '../../src/output/text';

const finding: Finding = {
  id: 'unknown-subset',
  severity: 'error',
  message: 'subset "v9" is declared nowhere',
  why: 'Requests get 503.',
  fix: 'Declare it.',
  related: ['IST0101'],
  object: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'prod', name: 'shop' },
  pointer: '/spec/http/0',
  origin: { file: 'dist/shop.yaml', document: 2, line: 14 },
  line: 17,
};

const report: Report = {
  findings: [
    finding,
    { ...finding, severity: 'warning', pointer: '', origin: { construct: 'app/shop' }, line: undefined },
    { ...finding, acknowledged: 'until Monday', acknowledgedAt: 'alb-istio.yaml:3', origin: {}, line: undefined, object: { apiVersion: 'v1', kind: 'Service', name: '' } },
  ],
  ran: ['unknown-subset'],
  skipped: [{ id: 'dangling-backend', missing: [Kind.INGRESS] }],
  unjudged: [],
};

const INGRESS = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'edge', name: 'a' };
const { namespace, name } = INGRESS;
const manifest = { object: { apiVersion: INGRESS.apiVersion, kind: INGRESS.kind, metadata: { namespace, name } }, origin: { file: 'a.yaml', document: 1, line: 1 } };
const unjudged = [{ manifest, pointer: '/spec/rules/0/host', value: '${host}' }, { manifest, pointer: '/spec/rules/1/host', value: '$(other)' }];

test('text contains the origin, the fault, the object, the fix and a count', () => {
  expect(renderText(report)).toBe(`dist/shop.yaml:17: error unknown-subset: VirtualService prod/shop
  at /spec/http/0
  subset "v9" is declared nowhere
  fix: Declare it.

app/shop: warning unknown-subset: VirtualService prod/shop
  subset "v9" is declared nowhere
  fix: Declare it.

acknowledged unknown-subset: Service (unnamed)
  at /spec/http/0
  subset "v9" is declared nowhere
  reason: until Monday (alb-istio.yaml:3)

1 error, 1 warning, 1 acknowledged, 1 check ran, 1 skipped: the input has no Ingress
`);
});

test('text without findings is one line', () => {
  expect(renderText({ findings: [], ran: ['a', 'b'], skipped: [], unjudged: [] })).toBe('0 errors, 0 warnings, 2 checks ran\n');
});

test('text says in one line what could not be judged, and why', () => {
  const lineOf = (...own: Report['unjudged']) => renderText({ findings: [], ran: ['a'], skipped: [], unjudged: own }).split('\n')[0];
  expect(lineOf(unjudged[0])).toBe('not judged: ${host} at Ingress edge/a /spec/rules/0/host, and what depends on it, because it is a placeholder; '
    + 'check the rendered manifests');
  expect(lineOf(...unjudged)).toBe('not judged: ${host} at Ingress edge/a /spec/rules/0/host and 1 other value, and what depends on them, because they are '
    + 'placeholders; check the rendered manifests');
});

test('JSON lists what could not be judged', () => {
  expect(JSON.parse(renderJson({ ...report, unjudged })).unjudged).toEqual([
    { object: INGRESS, pointer: '/spec/rules/0/host', origin: manifest.origin, value: '${host}' },
    { object: INGRESS, pointer: '/spec/rules/1/host', origin: manifest.origin, value: '$(other)' },
  ]);
});

test('only the severity has a color, and only if enabled', () => {
  expect(renderText(report)).not.toContain('\u001b');
  expect(renderText(report, { color: true })).toContain('dist/shop.yaml:17: \u001b[31merror\u001b[0m unknown-subset');
});

test('a finding fits on one line', () => {
  expect(renderLine(finding)).toBe('dist/shop.yaml:17: error unknown-subset: VirtualService prod/shop /spec/http/0: '
    + 'subset "v9" is declared nowhere. Fix: Declare it.');
});

test('JSON is the documented shape', () => {
  expect(JSON.parse(renderJson(report))).toEqual({
    schemaVersion: 1,
    findings: JSON.parse(JSON.stringify(report.findings)),
    ran: ['unknown-subset'],
    skipped: [{ id: 'dangling-backend', missing: ['Ingress.networking.k8s.io'] }],
    unjudged: [],
  });
  expect(Object.keys(JSON.parse(renderJson(report)).findings[0])).toEqual(
    ['id', 'severity', 'message', 'why', 'fix', 'related', 'object', 'pointer', 'origin', 'line']);
});

test('docs/json.md lists exactly the printed fields', () => {
  const fieldsOf = (table: string) => [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  const [top, one] = readFileSync(join(__dirname, '..', '..', 'docs', 'json.md'), 'utf8').split(/\nA finding:\n|\n## `alb-istio plan`\n/);
  const { findings, ...printed } = JSON.parse(renderJson(report)) as { findings: object[] };
  expect(fieldsOf(top)).toEqual(['schemaVersion', 'findings', ...Object.keys(printed).filter(name => name !== 'schemaVersion')]);
  expect(fieldsOf(one)).toEqual([...Object.keys(findings[0]), 'acknowledged', 'acknowledgedAt']);
});
