// Findings as JUnit XML, which most CI systems show as tests: a suite for each check, a test for each finding.
import { type Finding, type Report, type Severity, isFailingAt } from '../../checks/finding';
import { showName } from '../object-text';
import { paragraphOf } from '../text';
import { AS_PASSED, type PathInReport, placeOf } from './finding-place';

/** Options of {@link renderJunit}. */
export interface JunitOptions {
  /** The least severity of findings that are failed tests; others are tests that pass, with output. @default error */
  readonly failOn?: Severity;
  /** @default - as passed */
  readonly path?: PathInReport;
}

interface TestCase {
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly content: string;
}

/** The whole report, with a line break at the end. A check that finds nothing is one test that passes, and a check that did not run one that is skipped. */
export function renderJunit({ findings, ran, skipped }: Report, { failOn = 'error', path = AS_PASSED }: JunitOptions = {}): string {
  const ids = [...new Set([...ran, ...findings.map(({ id }) => id)])].sort();
  const suites = ids.map((id): [string, TestCase[]] => {
    const own = findings.filter(finding => finding.id === id);
    return [id, own.length === 0 ? [{ attributes: nameOf(id, 'no finding'), state: 'passed', content: '' }] : own.map(one => caseOf(one, failOn, path))];
  });
  const notRun = skipped.map(({ id, missing }): [string, TestCase[]] => {
    const message = `the input has no ${missing.map(kind => kind.split('.', 1)[0]).join(' or ') || 'objects'}`;
    return [id, [{ attributes: nameOf(id, 'not run'), state: 'skipped', content: element('skipped', { message }) }]];
  });
  const all = [...suites, ...notRun];
  const content = all.map(([name, cases]) => element('testsuite', { name, ...countsOf(cases) }, `\n${cases.map(show).join('')}  `, '  ')).join('');
  const { tests, failures, errors } = countsOf(all.flatMap(([, cases]) => cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'alb-istio check', tests, failures, errors }, `\n${content}`, '')}`;
}

function nameOf(id: string, name: string): Record<string, string> {
  return { classname: id, name };
}

/** The name of a test contains its file, because several folders may have the same object. */
function caseOf(finding: Finding, failOn: Severity, path: PathInReport): TestCase {
  const { id, severity, message, object, pointer, acknowledged } = finding;
  const place = placeOf(finding, path);
  const attributes = { ...nameOf(id, `${place === undefined ? '' : `${place.file}: `}${showName(object)}${pointer && ` ${pointer}`}`), ...place };
  const text = escaped(paragraphOf(finding));
  return acknowledged !== undefined ? { attributes, state: 'skipped', content: element('skipped', { message: `acknowledged: ${acknowledged}` }) }
    : isFailingAt(failOn)(finding) ? { attributes, state: 'failed', content: element('failure', { type: severity, message }, text) }
      : { attributes, state: 'passed', content: element('system-out', {}, text) };
}

function countsOf(cases: readonly TestCase[]): Record<string, number> {
  const count = (state: TestCase['state']) => cases.filter(own => own.state === state).length;
  return { tests: cases.length, failures: count('failed'), errors: 0, skipped: count('skipped') };
}

function show({ attributes, content }: TestCase): string {
  return element('testcase', attributes, content && `\n${content}    `, '    ');
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, content = '', indent = '      '): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return `${indent}<${name}${written}${content === '' ? '/>' : `>${content}</${name}>`}\n`;
}

/** Characters that XML 1.0 does not have, not even as references, and halves of surrogate pairs. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };

/** Line breaks as references, because parsers turn those in attributes into spaces. */
function escaped(text: string): string {
  return text.replace(NOT_XML, '\uFFFD').replace(/[&<>"\t\n\r]/g, character => REFERENCES[character]);
}
