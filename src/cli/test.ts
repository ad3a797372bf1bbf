// `alb-istio test`: whether requests end where they should.
import { realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { UsageError } from '../base/errors';
import { renderRouteTestsJson } from '../output/trace/route-tests-json';
import { renderRouteTestsText } from '../output/trace/route-tests-text';
import { notAppliedLines } from '../output/trace/trace-text';
import { ReachedPlaces, coverageOf } from '../trace/route-tests/coverage';
import { readRequestFile, withEnds } from '../trace/route-tests/request-file';
import { type RouteTestResult, judge } from '../trace/route-tests/route-test';
import { trace } from '../trace/trace';
import { isByDesign } from '../trace/hops/trace-end';
import { readFile, statOf, writing } from '../settings/reading';
import type { Command, Options, Terminal } from './command';
import { isCovered } from './min-coverage';
import { type TracedUnit, ambiguous, notAppliedIn, readTracedUnits, servingUnits } from './traced-units';
import { hasTraffic, requireFitting, testTraffic } from './traffic';

/** REQUESTS from standard input. */
const STANDARD_INPUT = '-';

const NEEDS = 'test needs a file of REQUESTS, then a PATH; or --from-har FILE or --from-access-log FILE, and a PATH';

/** Exits with 1 when a request ends elsewhere than expected or than before, or not by design, and when less is covered than demanded. */
export const TEST: Command = {
  formats: ['text', 'json'],
  options: ['write', 'min-coverage', 'from-har', 'from-access-log', 'against', 'complete', 'ignore', 'config'],
  run(args, options, terminal) {
    const isTraffic = hasTraffic(options);
    const [file, ...paths] = isTraffic ? ['', ...args] : args;
    if (file === undefined || paths.length === 0) {
      throw new UsageError(NEEDS);
    }
    requireFitting(options, isTraffic);
    const minimum = percentOf(options['min-coverage']);
    return isTraffic ? testTraffic(paths, options, minimum, terminal) : testFile(file, paths, options, minimum, terminal);
  },
};

function testFile(file: string, paths: readonly string[], options: Options, minimum: number, terminal: Terminal): number {
  if (file === STANDARD_INPUT) {
    requireReadable(paths, options);
  } else if (statOf(file)?.isDirectory() === true) {
    throw new UsageError(`${file} is a folder; ${NEEDS}`);
  }
  const text = file === STANDARD_INPUT ? terminal.input() : readFile(file);
  if (/^apiVersion:/m.test(text)) {
    throw new UsageError(`${file} has manifests; ${NEEDS}`);
  }
  const tests = readRequestFile(text, file === STANDARD_INPUT ? 'standard input' : file);
  if (tests.length === 0) {
    throw new UsageError(`no requests in ${file}`);
  }
  const units = readTracedUnits(paths, options, terminal);
  const everywhere = tests.map(test => servingUnits(units, test.request).map(({ models }) => judge(test, trace(models, test.request))));
  // Where several folders serve a request, the line holds in each of them.
  const results = everywhere.map(each => each.find(({ isMet }) => !isMet) ?? each[0]);
  if (options.write === true) {
    requireOneEnd(everywhere, units);
    notAppliedLines(notAppliedIn(units)).forEach(line => terminal.err(`alb-istio: ${line}\n`));
    return record(file, text, results, terminal);
  }
  const reached = new ReachedPlaces();
  everywhere.flat().forEach(({ trace: { hops } }) => reached.add(hops));
  return report(file, results, units, reached, minimum, options, terminal);
}

function report(
  file: string, results: readonly RouteTestResult[], units: readonly TracedUnit[], reached: ReachedPlaces, minimum: number, { format }: Options,
  terminal: Terminal,
): number {
  const coverage = coverageOf(units.map(({ models }) => models), reached);
  terminal.out((format === 'json' ? renderRouteTestsJson : renderRouteTestsText)(file, results, coverage, notAppliedIn(units)));
  return [results.every(({ isMet }) => isMet), isCovered(coverage, minimum, terminal)].every(Boolean) ? 0 : 1;
}

/** A line has one end. @throws UsageError if a request ends in different ways in the folders that serve it */
function requireOneEnd(everywhere: readonly (readonly RouteTestResult[])[], units: readonly TracedUnit[]): void {
  const [differing] = everywhere.find(each => each.some(({ got }) => got !== each[0].got)) ?? [];
  if (differing !== undefined) {
    throw ambiguous(servingUnits(units, differing.test.request), differing.test.request);
  }
}

/** Standard input has the requests. @throws UsageError if it should have manifests, too, or get the ends */
function requireReadable(paths: readonly string[], { write }: Options): void {
  if (write === true || paths.includes(STANDARD_INPUT)) {
    throw new UsageError(write === true ? '--write needs a file of REQUESTS: it cannot write to standard input'
      : 'test cannot read both REQUESTS and PATH from standard input');
  }
}

/** Writes the ends of today where the file has none or others. A file that is renamed into place is never half written. */
function record(file: string, text: string, results: readonly RouteTestResult[], terminal: Terminal): number {
  const changed = results.filter(({ isMet }) => !isMet);
  if (changed.length > 0) {
    const target = realpathSync(file);
    const temporary = `${target}.${process.pid}.tmp`;
    const written = withEnds(text, new Map(changed.map(({ test, got }) => [test.line, got])));
    writing(file, () => {
      writeFileSync(temporary, written, { mode: statSync(target).mode });
      renameSync(temporary, target);
    });
  }
  changed.filter(({ trace: { ends } }) => !ends.every(isByDesign)).forEach(({ test, got }) => (
    terminal.err(`alb-istio: ${file}:${test.line} now expects "${got}": make sure that it is meant\n`)));
  terminal.out(`wrote ${changed.length} of ${results.length} ends to ${file}\n`);
  return 0;
}

function percentOf(written: string | undefined): number {
  const percent = Number((written ?? '0').replace(/\s*%$/, '') || NaN);
  if (written?.trim() === '' || !(percent >= 0 && percent <= 100)) {
    throw new UsageError(`--min-coverage must be a percentage from 0 to 100; got ${written}`);
  }
  return percent;
}
