// Findings as SARIF 2.1.0, which code scanning of GitHub and many editors read.
import type { Check } from '../../checks/check';
import type { Finding, Report } from '../../checks/finding';
import { showName } from '../object-text';
import { renderUnjudged } from '../text';
import { AS_PASSED, type PathInReport, placeOf } from './finding-place';
import { fingerprintsOf } from './fingerprint';

/** The final schema: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html */
const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

const HOMEPAGE = 'https://github.com/cdk8s-alb-istio/cdk8s-alb-istio';

/** Options of {@link renderSarif}. */
export interface SarifOptions {
  /** The version of this package. @default - not part of the report */
  readonly version?: string;
  /** Paths must be relative to the root of the repository. @default - as passed */
  readonly path?: PathInReport;
}

/**
 * The report as SARIF, with a line break at the end. Acknowledged findings are results with a suppression.
 *
 * @param shelf the checks of the run, which become rules
 */
export function renderSarif(report: Report, shelf: readonly Check[], { version, path = AS_PASSED }: SarifOptions = {}): string {
  const { findings } = report;
  const rules = shelf.map(ruleOf);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const fingerprints = fingerprintsOf(findings, path);
  const results = findings.map((finding, index) => resultOf(finding, indexes.get(finding.id), fingerprints[index], path));
  const driver = { name: 'alb-istio', ...version === undefined ? {} : { version, semanticVersion: version }, informationUri: `${HOMEPAGE}#readme`, rules };
  const base = { '%SRCROOT%': { description: { text: 'The root of the repository.' } } };
  const run = { tool: { driver }, invocations: [invocationOf(report)], originalUriBaseIds: base, columnKind: 'utf16CodeUnits', results };
  return `${JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2)}\n`;
}

/** What could not be judged is a notification of the tool, not a result. */
function invocationOf(report: Report) {
  const unjudged = renderUnjudged(report).trimEnd();
  const notifications = unjudged === '' ? [] : [{ level: 'note', message: { text: unjudged } }];
  return { executionSuccessful: true, ...notifications.length === 0 ? {} : { toolExecutionNotifications: notifications } };
}

function ruleOf({ id, severity, title, why, fix, related }: Check) {
  return {
    id,
    shortDescription: { text: `${title}.` },
    fullDescription: { text: why },
    help: { text: `${why} ${fix}`, markdown: `${why}\n\n**Fix:** ${fix}` },
    helpUri: `${HOMEPAGE}/blob/main/docs/checks/${id}.md`,
    defaultConfiguration: { level: severity },
    properties: { tags: ['kubernetes', 'istio', 'aws', ...related], precision: 'very-high', 'problem.severity': severity },
  };
}

function resultOf(finding: Finding, ruleIndex: number | undefined, fingerprint: string, path: PathInReport) {
  const { id, severity, message, fix } = finding;
  return {
    ruleId: id,
    ...ruleIndex === undefined ? {} : { ruleIndex },
    level: severity,
    message: { text: `${message}. Fix: ${fix}` },
    locations: [locationOf(finding, path)],
    partialFingerprints: { 'albIstioFinding/v1': fingerprint },
    ...suppressionsOf(finding),
  };
}

function locationOf(finding: Finding, path: PathInReport) {
  const { object, pointer, origin } = finding;
  const place = placeOf(finding, path);
  const construct = 'construct' in origin && origin.construct !== undefined ? [{ fullyQualifiedName: origin.construct, kind: 'member' }] : [];
  return {
    ...place === undefined ? {} : { physicalLocation: { artifactLocation: artifactOf(place.file), region: { startLine: place.line } } },
    logicalLocations: [{ name: object.name, fullyQualifiedName: `${showName(object)}${pointer}`, kind: 'object' }, ...construct],
  };
}

/** A path outside of the repository is absolute, and so is its URI. */
function artifactOf(file: string) {
  const uri = file.split(/[/\\]/).map(step => encodeURIComponent(step)).join('/');
  return /^([/\\]|[A-Za-z]:)/.test(file) ? { uri: `file://${uri.startsWith('/') ? '' : '/'}${uri.replace('%3A', ':')}` } : { uri, uriBaseId: '%SRCROOT%' };
}

/** An annotation is in the source, an entry of alb-istio.yaml is not. */
function suppressionsOf({ acknowledged, acknowledgedAt }: Finding) {
  return acknowledged === undefined ? {}
    : { suppressions: [{ kind: acknowledgedAt === undefined ? 'inSource' : 'external', status: 'accepted', justification: acknowledged }] };
}
