// Expected ends, as route tests write them: `cart.shop:80@v2`, `301 https://…`, `403`, `closed`, `80% a:80, 20% b:80`.
import { UsageError } from '../base/errors';
import type { TraceEnd } from './trace-end';

/** What a request should come to. */
export interface Expectation {
  readonly text: string;
  readonly ends: readonly ExpectedEnd[];
}

/** One expected end. */
export interface ExpectedEnd {
  /** A workload, or a status with the words that follow it, of which the last may be left out. */
  readonly to: string;
  /** In percent, as written; absent for the only end. */
  readonly percent?: { readonly value: number; readonly digits: number };
}

const FORMS = 'HOST:PORT[@SUBSET], STATUS, STATUS LOCATION, closed, undefined, unsupported, or shares such as 80% a.shop:80, 20% b.shop:80';

/** Reads an expectation. @throws UsageError if it has none of the forms */
export function parseExpectation(text: string): Expectation {
  const written = text.trim();
  const parts = /^\d+(\.\d+)?%/.test(written) ? written.split(/,\s*(?=\d+(?:\.\d+)?%\s)/) : [written];
  const ends = parts.map(part => parseEnd(written, part));
  const sum = ends.reduce((total, { percent }) => total + (percent?.value ?? 100), 0);
  if (Math.abs(sum - 100) > 0.01 * ends.length) {
    throw new UsageError(`the expected end "${written}" has shares that add up to ${sum}%; expected 100%`);
  }
  return { text: written, ends };
}

function parseEnd(text: string, part: string): ExpectedEnd {
  const [, percent, digits = '', to] = /^(?:(\d+(?:\.(\d+))?)%\s+)?(\S.*)$/.exec(part.trim()) ?? [];
  if (to === undefined || !/^(?:\d{3}(?: .*)?|closed(?: .*)?|(?:undefined|unsupported)(?:: .*)?|[^\s:]+:\d+(?:@\S+)?)$/.test(to)) {
    throw new UsageError(`the expected end "${text}" cannot be read; expected ${FORMS}`);
  }
  return { to, ...(percent === undefined ? {} : { percent: { value: Number(percent), digits: digits.length } }) };
}

/** Whether the ends of a trace are those that were expected: all of them, and no other. */
export function meetsExpectation(ends: readonly TraceEnd[], { ends: expected }: Expectation): boolean {
  const shares = expected.map(() => 0);
  for (const end of ends) {
    const index = expected.findIndex(one => isEnd(end, one));
    if (index === -1) {
      return false;
    }
    shares[index] += 100 * end.probability;
  }
  return expected.every(({ percent }, index) => {
    const share = shares[index];
    return percent === undefined ? share > 0 : Math.abs(share - percent.value) <= 0.5 * 10 ** -percent.digits + 1e-9;
  });
}

function isEnd({ to, kind, host, port, subset }: TraceEnd, { to: wanted }: ExpectedEnd): boolean {
  return to === wanted || to.startsWith(`${wanted} `) || (kind === wanted && to.startsWith(`${wanted}:`))
    || (kind === 'workload' && wanted === `${host}:${port}${subset === undefined ? '' : `@${subset}`}`);
}

/** The ends as an expectation writes them; equal ones are one. */
export function describeEnds(ends: readonly TraceEnd[]): string {
  const shares = new Map<string, number>();
  ends.forEach(({ to, probability }) => shares.set(to, (shares.get(to) ?? 0) + 100 * probability));
  return shares.size === 1 ? [...shares.keys()][0] : [...shares].map(([to, percent]) => `${Number(percent.toFixed(2))}% ${to}`).join(', ');
}
