// Runs the checks on an input and collects their findings.
import { once } from '../base/once';
import { compareText } from '../base/order';
import { lineOf } from '../manifests/field-lines';
import { Input, manifestsOf } from '../manifests/input';
import { kindOf } from '../manifests/kind';
import { type Manifest, objectNameOf } from '../manifests/manifest';
import { comparePointers } from '../manifests/pointer';
import { reasonFor } from './acknowledgement';
import type { Check } from './check';
import type { Finding, LocatedFinding, Report, Skipped, Spot } from './finding';
import { type AcknowledgementOptions, type ListedAcknowledgement, isAbout, isExpired } from './listed-acknowledgement';
import { uselessAcknowledgement } from './rules/useless-acknowledgement';
import type { Patch, ReportedPatch } from './patch';
import { SHELF } from './shelf';
import { type ClusterSettings, Subject } from './subject';
import { type JudgedUnit, uselessEntries } from './useless-entries';

/** What a check run takes into account besides the input. */
export interface CheckOptions extends ClusterSettings, AcknowledgementOptions {
  /** The checks to run. @default - all */
  readonly shelf?: readonly Check[];
}

/** What is applied together, and what the operators of its cluster decide. */
export interface CheckedUnit extends ClusterSettings, AcknowledgementOptions {
  readonly input: Input;
}

/**
 * Runs every check whose kinds the input contains. A crash of a check becomes a finding of that check.
 *
 * @param input a construct, Kubernetes objects or manifests
 * @throws EdgeError if the input cannot be read
 */
export function check(input: Input, { shelf, ...settings }: CheckOptions = {}): Report {
  return checkUnits([{ input, ...settings }], shelf);
}

/**
 * Checks several inputs separately, such as those of several clusters, or of several deployments to one cluster. The result is one report,
 * with the findings of one unit after those of the other, and those about listed acknowledgements at the end; a check counts as run if it ran
 * for any unit.
 *
 * @throws EdgeError if an input cannot be read
 */
export function checkUnits(units: readonly CheckedUnit[], shelf: readonly Check[] = SHELF): Report {
  const deselected = notOn(shelf, units.every(({ complete }) => complete === true));
  const results = units.map(unit => checkUnit(unit, shelf, deselected));
  const ran = shelf.filter(one => results.some(own => own.ran.includes(one)));
  const aboutLists = shelf.includes(uselessAcknowledgement) ? uselessEntries(results, deselected) : [];
  return {
    findings: [...results.flatMap(own => own.findings), ...aboutLists],
    ran: ran.map(one => one.id),
    skipped: shelf.filter(one => !ran.includes(one)).map((one): Skipped => ({ id: one.id, missing: one.about })),
    unjudged: results.flatMap(own => own.unjudged),
  };
}

/** The ids of checks that do not run, so that nothing is known about their acknowledgements. */
function notOn(shelf: readonly Check[], isComplete: boolean): ReadonlySet<string> {
  const chosen = new Set(shelf.map(({ id }) => id));
  return new Set(SHELF.filter(({ id, needsComplete }) => !chosen.has(id) || (needsComplete === true && !isComplete)).map(({ id }) => id));
}

interface UnitResult extends JudgedUnit {
  readonly findings: readonly Finding[];
  readonly ran: readonly Check[];
}

/** The findings of {@link check} alone. Nothing else is searched for placeholders, which saves a tenth of the time. */
export function findingsIn(input: Input, { shelf = SHELF, ...settings }: CheckOptions = {}): readonly Finding[] {
  return checkUnit({ input, ...settings }, shelf, notOn(shelf, settings.complete === true), false).findings;
}

function checkUnit(unit: CheckedUnit, shelf: readonly Check[], deselected: ReadonlySet<string>, wantsUnjudged = true): UnitResult {
  const { input, acknowledgements = [], today, ...settings } = unit;
  const hasAllAcknowledged = settings.complete === true || settings.hasAllAcknowledged === true;
  const subject = new Subject(manifestsOf(input), settings);
  const applicable = shelf.filter(one => isApplicable(one, subject));
  const located: LocatedFinding[] = [];
  for (const one of [...applicable.filter(own => !own.last), ...applicable.filter(own => own.last)]) {
    located.push(...run(one, subject, located, deselected, acknowledgements.filter(own => own.id === one.id && !isExpired(own, today))));
  }
  const unjudged = applicable.length === 0 || !wantsUnjudged ? [] : subject.placeholders.all;
  return { findings: inOrder(located, subject), ran: applicable, unjudged, located, manifests: subject.manifests, acknowledgements, today, hasAllAcknowledged };
}

function isApplicable(one: Check, subject: Subject): boolean {
  return one.about.length === 0 ? subject.manifests.length > 0 : one.about.some(kind => subject.has(kind));
}

function run(
  one: Check, subject: Subject, before: readonly LocatedFinding[], deselected: ReadonlySet<string>, acknowledgements: readonly ListedAcknowledgement[],
): LocatedFinding[] {
  const located: LocatedFinding[] = [];
  const seen = new SeenSpots();
  try {
    for (const spot of one.run(subject, one.last ? before : [], deselected)) {
      if (seen.isNew(spot) && !subject.placeholders.mayCause(spot, one)) {
        located.push({ finding: findingAt(one, spot, one.last ? {} : acceptanceOf(spot.manifest, one.id, acknowledgements)), manifest: spot.manifest });
      }
    }
  } catch (error) {
    const manifest = subject.manifests.find(own => one.about.length === 0 || one.about.includes(kindOf(own)!))!;
    located.push({ finding: crashOf(one, manifest, error), manifest, crashed: true });
  }
  return located;
}

/** The spots of one check: several load balancers may lead to one fault. */
class SeenSpots {
  private readonly byManifest = new Map<Manifest, Set<string>>();

  public isNew({ manifest, pointer, message }: Spot): boolean {
    const texts = once(this.byManifest, manifest, () => new Set<string>());
    const text = `${pointer} ${message}`;
    const isNew = !texts.has(text);
    texts.add(text);
    return isNew;
  }
}

type Acceptance = Pick<Finding, 'acknowledged' | 'acknowledgedAt'>;

/** Why the findings of a check on an object are accepted. An annotation on the object comes first. */
function acceptanceOf(manifest: Manifest, id: string, acknowledgements: readonly ListedAcknowledgement[]): Acceptance {
  const acknowledged = reasonFor(manifest, id);
  const entry = acknowledged === undefined ? acknowledgements.find(own => isAbout(own, manifest)) : undefined;
  return acknowledged !== undefined ? { acknowledged }
    : entry === undefined ? {}
      : { acknowledged: entry.reason, ...entry.origin === undefined ? {} : { acknowledgedAt: `${entry.origin.file}:${entry.origin.line}` } };
}

function inOrder(located: readonly LocatedFinding[], subject: Subject): Finding[] {
  if (located.length === 0) {
    return [];
  }
  const position = new Map(subject.manifests.map((manifest, index) => [manifest, index]));
  return [...located].sort((a, b) => position.get(a.manifest)! - position.get(b.manifest)!
    || (a.finding.line ?? 0) - (b.finding.line ?? 0)
    || comparePointers(a.finding.pointer, b.finding.pointer)
    || compareText(a.finding.id, b.finding.id)
    || compareText(a.finding.message, b.finding.message)).map(({ finding }) => finding);
}

/** The finding for a spot. */
function findingAt(check: Check, spot: Spot, acceptance: Acceptance = {}): Finding {
  const line = lineOf(spot.manifest, spot.pointer);
  return {
    id: check.id,
    severity: check.severity,
    message: spot.message,
    why: check.why,
    fix: spot.fix ?? check.fix,
    related: check.related,
    object: objectNameOf(spot.manifest),
    pointer: spot.pointer,
    origin: spot.manifest.origin,
    ...line === undefined ? {} : { line },
    ...spot.patches === undefined ? {} : { patches: spot.patches.map(reported) },
    ...acceptance,
  };
}

function reported({ manifest, ...patch }: Patch): ReportedPatch {
  return { object: objectNameOf(manifest), origin: manifest.origin, ...patch };
}

/** The finding for a check that crashed. The check may have missed a fault, so this is an error and cannot be acknowledged. */
function crashOf(check: Check, manifest: Manifest, error: unknown): Finding {
  const message = `could not be evaluated: ${error instanceof Error ? error.message : String(error)}`;
  return { ...findingAt(check, { manifest, pointer: '', message, fix: 'Report this as a bug of the check, with the manifests.' }), severity: 'error' };
}
