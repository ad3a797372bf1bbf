// Files of route tests: one request per line, with the end that is expected behind `->`. `#` in front of a word begins a comment.
import { UsageError } from '../../base/errors';
import { type ClientRequest, REQUEST_FORM, readRequest, wordsOf } from '../client-request';
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
  let areRequestsWrong = false;
  const tests = text.split(/\r?\n/).flatMap((line, index): RouteTest[] => {
    const { request: written, expected } = partsOf(line);
    let request: ClientRequest | undefined;
    try {
      request = written === '' ? undefined : readRequest(written);
      return request === undefined ? [] : [{ line: index + 1, request, ...(expected === undefined ? {} : { expected: parseExpectation(expected) }) }];
    } catch (error) {
      if (!(error instanceof UsageError)) {
        throw error;
      }
      areRequestsWrong ||= request === undefined;
      faults.push(`${file}:${index + 1}: ${error.message}`);
      return [];
    }
  });
  if (faults.length > 0) {
    const all = faults.length === 1 ? faults[0] : `${faults.length} lines cannot be read:\n${faults.map(fault => `  ${fault}`).join('\n')}`;
    throw new UsageError(areRequestsWrong ? `${all}\n${REQUEST_FORM}` : all);
  }
  return tests;
}

/** The parts of a line. */
interface Parts {
  /** Empty for a comment alone. */
  readonly request: string;
  /** Absent for a line without an arrow. */
  readonly expected?: string;
  /** With the blanks in front of it. */
  readonly comment: string;
}

/** An arrow or a comment is a word of its own: what is in quotes is none. */
function partsOf(line: string): Parts {
  const words = wordsOf(line.trimEnd());
  const noted = words.find(({ text }) => text.startsWith('#'))?.at ?? line.trimEnd().length;
  const written = line.slice(0, noted);
  const at = words.find(({ text, at: place }) => text === ARROW && place < noted)?.at;
  const comment = line.slice(written.trimEnd().length).trimEnd();
  return at === undefined ? { request: written.trim(), comment }
    : { request: line.slice(0, at).trim(), expected: written.slice(at + ARROW.length).trim(), comment };
}

/** The text with other ends on some lines. Everything else stays as written. @param ends by line, from 1 */
export function withEnds(text: string, ends: ReadonlyMap<number, string>): string {
  return text.split('\n').map((line, index) => {
    const end = ends.get(index + 1);
    if (end === undefined) {
      return line;
    }
    const { request, comment } = partsOf(line);
    return `${request} ${ARROW} ${end}${comment}${line.endsWith('\r') ? '\r' : ''}`;
  }).join('\n');
}
