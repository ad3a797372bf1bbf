// Findings that reports are rendered from.
import type { Finding, Report } from '../../../src/checks/finding';
import { Kind } from '../../../src/manifests/kind';

/** An error in a file. */
export const ERROR: Finding = {
  id: 'unknown-subset',
  severity: 'error',
  message: 'subset "v9" is declared nowhere: 100%, <none>',
  why: 'Requests get 503.',
  fix: 'Declare it.',
  related: ['IST0101'],
  object: { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'prod', name: 'shop' },
  pointer: '/spec/http/0',
  origin: { file: 'dist/a, b: c/shop #1.yaml', document: 2, line: 14 },
  line: 17,
};

/** A warning of a construct. */
export const WARNING: Finding = {
  ...ERROR, id: 'weights-not-100', severity: 'warning', message: 'the weights add up to 3\n', pointer: '', origin: { construct: 'app/shop' }, line: undefined,
};

/** An error that an annotation accepts, and one that an entry of a list accepts. */
export const ACKNOWLEDGED: readonly Finding[] = [
  { ...ERROR, id: 'zero-weights', acknowledged: 'set by "Argo" & co.' },
  { ...ERROR, id: 'zero-weights', pointer: '/spec/http/1', acknowledged: 'known', acknowledgedAt: 'alb-istio.yaml:3' },
];

/** All of them. */
export const REPORT: Report = {
  findings: [ERROR, WARNING, ...ACKNOWLEDGED],
  ran: ['malformed-annotation', 'unknown-subset', 'weights-not-100', 'zero-weights'],
  skipped: [{ id: 'dangling-backend', missing: [Kind.INGRESS] }],
  unjudged: [],
};

/** Nothing was found. */
export const EMPTY: Report = { findings: [], ran: [], skipped: [], unjudged: [] };

/** Two fields have placeholders. */
export const UNJUDGED: Report = {
  ...EMPTY,
  unjudged: ['${host}\n::error::none', '$(path)'].map((value, index) => ({
    manifest: { object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' } }, origin: {} },
    pointer: `/spec/rules/${index}/host`,
    value,
  })),
};
