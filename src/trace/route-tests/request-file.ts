// Files of route tests: one request per line, with the end that is expected behind `->`. `#` begins a comment line.
import { UsageError } from '../../base/errors';
import { type ClientRequest, parseRequest } from '../client-request';
import { type Expectation, parseExpectation } from '../expectation';

/** One request of a file. */
export interface RouteTest {
  /** From 1. */
  readonly line: number;
  readonly request: ClientRequest;
  /** Absent for a line without `->`. */
  readonly expected?: Expectation;
}

const ARROW = '->';

/**
 * Reads a file.
 *
 * @throws UsageError that lists all lines that cannot be read
 */
export function readRequestFile(text: string, file: string): RouteTest[] {
  const faults: string[] = [];
  const tests = text.split(/\r?\n/).flatMap((line, index): RouteTest[] => {
    const [request, expected] = partsOf(line);
    try {
      return request === '' ? [] : [{
        line: index + 1, request: parseRequest(request), ...(expected === undefined ? {} : { expected: parseExpectation(expected) }),
      }];
    } catch (error) {
      if (!(error instanceof UsageError)) {
        throw error;
      }
      faults.push(`${file}:${index + 1}: ${error.message}`);
      return [];
    }
  });
  if (faults.length > 0) {
    throw new UsageError(faults.length === 1 ? faults[0] : `${faults.length} lines cannot be read:\n${faults.map(fault => `  ${fault}`).join('\n')}`);
  }
  return tests;
}

/** The request, empty for a comment, and the expected end. */
function partsOf(line: string): [request: string, expected?: string] {
  const written = line.trim();
  if (written.startsWith('#')) {
    return [''];
  }
  const at = written.endsWith(` ${ARROW}`) ? written.length - ARROW.length - 1 : written.lastIndexOf(` ${ARROW} `);
  return at === -1 ? [written] : [written.slice(0, at).trimEnd(), written.slice(at + ARROW.length + 1).trim()];
}

/** The text with other ends on some lines. Everything else stays as written. @param ends by line, from 1 */
export function withEnds(text: string, ends: ReadonlyMap<number, string>): string {
  return text.split('\n').map((line, index) => {
    const end = ends.get(index + 1);
    return end === undefined ? line : `${partsOf(line)[0]} ${ARROW} ${end}${line.endsWith('\r') ? '\r' : ''}`;
  }).join('\n');
}
