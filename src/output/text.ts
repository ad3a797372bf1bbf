// Findings as text for people: the origin, the fault, the object and the fix, with a count at the end.
import { Finding, Report, Skipped } from '../checks/finding';
import { type Kind } from '../manifests/kind';
import { objectNameOf } from '../manifests/manifest';
import { showName, showOrigin } from './object-text';

/** Options of {@link renderText}. */
export interface TextOptions {
  /** Whether to print terminal colors. @default false */
  readonly color?: boolean;
}

type Paint = (text: string, ...codes: number[]) => string;

const RED = 31;
const YELLOW = 33;
const DIM = 2;

/** The whole report: a paragraph for each finding, and a line with counts. Ends with a line break. */
export function renderText(report: Report, { color = false }: TextOptions = {}): string {
  const paint: Paint = color ? (text, ...codes) => `\u001b[${codes.join(';')}m${text}\u001b[0m` : text => text;
  return [...report.findings.map(finding => paragraph(finding, paint)), renderUnjudged(report) + renderCounts(report)].join('\n');
}

/** One finding as a paragraph without colors. */
export function paragraphOf(finding: Finding): string {
  return paragraph(finding, text => text);
}

/** One finding on one line, as cdk8s prints messages of a validation. */
export function renderLine(finding: Finding): string {
  const { severity, id, object, pointer, message, fix } = finding;
  return `${showPlace(finding)}${severity} ${id}: ${showName(object)}${pointer && ` ${pointer}`}: ${message}. Fix: ${fix}`;
}

function paragraph(finding: Finding, paint: Paint): string {
  const { acknowledged, acknowledgedAt, severity } = finding;
  const tag = acknowledged === undefined ? paint(severity, severity === 'error' ? RED : YELLOW) : paint('acknowledged', DIM);
  return [
    `${showPlace(finding)}${tag} ${finding.id}: ${showName(finding.object)}`,
    ...finding.pointer ? [`  at ${finding.pointer}`] : [],
    `  ${finding.message}`,
    acknowledged === undefined ? `  fix: ${finding.fix}` : `  reason: ${acknowledged}${acknowledgedAt === undefined ? '' : ` (${acknowledgedAt})`}`,
    '',
  ].join('\n');
}

/** `file:line: ` of the field, or the path of the construct; empty if neither is known. */
function showPlace({ origin, line }: Finding): string {
  return showOrigin('file' in origin && line !== undefined ? { ...origin, line } : origin);
}

/** One line: how many findings of each severity there are, and how many checks ran. */
export function renderCounts({ findings, ran, skipped }: Report): string {
  const open = findings.filter(finding => finding.acknowledged === undefined);
  const errors = open.filter(finding => finding.severity === 'error').length;
  const parts = [
    count(errors, 'error'), count(open.length - errors, 'warning'),
    ...open.length < findings.length ? [`${findings.length - open.length} acknowledged`] : [],
    `${count(ran.length, 'check')} ran`,
    ...skipped.length > 0 ? [`${skipped.length} skipped: ${reasonFor(skipped)}`] : [],
  ];
  return `${parts.join(', ')}\n`;
}

/** One line about what could not be judged, and why; empty if everything could be. */
export function renderUnjudged({ unjudged }: Report): string {
  if (unjudged.length === 0) {
    return '';
  }
  const [{ manifest, pointer, value }, ...others] = unjudged;
  const place = `${value} at ${showName(objectNameOf(manifest))} ${pointer}`;
  const what = others.length === 0 ? `${place}, and what depends on it, because it is a placeholder`
    : `${place} and ${count(others.length, 'other value')}, and what depends on them, because they are placeholders`;
  return `not judged: ${what}; check the rendered manifests\n`;
}

/** The input contains none of the kinds of any skipped check. */
function reasonFor(skipped: readonly Skipped[]): string {
  const kinds = [...new Set(skipped.flatMap(({ missing }) => missing.map(nameOfKind)))];
  const names = [...kinds.length > 1 ? [kinds.slice(0, -1).join(', ')] : [], ...kinds.slice(-1)];
  return names.length === 0 ? 'the input is empty' : `the input has no ${names.join(' or ')}`;
}

function nameOfKind(kind: Kind): string {
  return kind.split('.', 1)[0];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
