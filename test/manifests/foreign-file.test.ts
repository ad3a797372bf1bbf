import { reasonToPassOver } from '../../src/manifests/foreign-file';

const NO_OBJECT = 'it contains no Kubernetes object: no document has apiVersion and kind';
const TEMPLATE = 'it is a template; to check a Helm chart, run helm template CHART | alb-istio check -';

test.each([
  ['values', 'a: 1\n---\nb: 2\n', NO_OBJECT],
  ['a list', '- { op: remove, path: /spec }\n', NO_OBJECT],
  ['a string', 'no manifest', NO_OBJECT],
  ['a template action on its own line', '  {{- if .Values.edge }}\nkind: Service\n  {{- end }}\n', TEMPLATE],
  ['a template action as a value', 'kind: Service\nmetadata:\n  name: {{ .Release.Name }}\n', TEMPLATE],
  ['a template action in a list', 'kind: Service\nitems:\n  - {{ .Values.item }}\n', TEMPLATE],
])('%s is passed over', (_, text, reason) => {
  expect(reasonToPassOver(text, 'a.yaml')).toBe(reason);
});

test.each(['Chart.yaml', 'charts/shop/Chart.yml'])('%s is passed over', file => {
  expect(reasonToPassOver('apiVersion: v2\nname: shop\n', file)).toContain('helm template CHART');
});

test.each([
  ['a document without a kind', 'apiVersion: v1\n'],
  ['a document without an apiVersion', 'a: 1\n---\nkind: Service\n'],
  ['a syntax error', 'kind: Service\nspec: [\n'],
  ['a template action inside a string', 'kind: Service\nmetadata: { name: "{{name}}" }\n'],
])('%s is a faulty manifest', (_, text) => {
  expect(reasonToPassOver(text, 'a.yaml')).toBeUndefined();
});
