// Expected ends, as route tests write them: `cart.shop:80@v2`, `301 https://…`, `403`, `closed`, `80% a:80, 20% b:80`.
import { UsageError } from '../base/errors';
import { percentText } from '../base/share-text';
import { type TraceEnd, wordsOf } from './hops/trace-end';

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
  const shares = ends.map(({ percent = WHOLE }) => percent);
  const sum = shares.reduce((total, { value }) => total + value, 0);
  if (Math.abs(sum - 100) > shares.reduce((total, share) => total + toleranceOf(share), 0)) {
    throw new UsageError(`the expected end "${written}" has shares that add up to ${Number(sum.toFixed(MOST_DIGITS))}%; expected 100%`);
  }
  return { text: written, ends };
}

/** The share of the only end. */
const WHOLE: NonNullable<ExpectedEnd['percent']> = { value: 100, digits: 0 };

/** Those that floating-point numbers up to 100 have for certain. */
const MOST_DIGITS = 12;

/** Half a unit of the last digit, and what floating-point sums are off. */
function toleranceOf({ digits }: NonNullable<ExpectedEnd['percent']>): number {
  return 0.5 * 10 ** -digits + 1e-9;
}

function parseEnd(text: string, part: string): ExpectedEnd {
  const [, percent, digits = '', to] = /^(?:(\d+(?:\.(\d+))?)%\s+)?(\S.*)$/.exec(part.trim()) ?? [];
  if (to === undefined || !/^(?:\d{3}(?: .*)?|closed(?: .*)?|(?:undefined|unsupported)(?:: .*)?|\S*:\d+(?:@\S+)?)$/.test(to)) {
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
    return percent === undefined ? share > 0 : Math.abs(share - percent.value) <= toleranceOf(percent);
  });
}

/** Who expects a redirect does not mean a loop, and who expects a closed connection no wrong name in via: their words cannot be left out. */
function isEnd({ to, kind, reason, host, port, subset }: TraceEnd, { to: wanted }: ExpectedEnd): boolean {
  const isLoop = reason === 'redirect-loop';
  const isWrongGroup = reason === 'no-load-balancer' && to !== `closed ${wordsOf(reason)}`;
  const needsWords = isLoop || isWrongGroup || reason === 'no-gateway' || reason === 'several-load-balancers';
  return to === wanted || (!needsWords && to.startsWith(`${wanted} `)) || ((isLoop || kind === wanted) && to.startsWith(`${wanted}:`))
    || (kind === 'workload' && wanted === `${host}:${port}${subset === undefined ? '' : `@${subset}`}`);
}

/** The ends as an expectation writes them; equal ones are one. */
export function describeEnds(ends: readonly TraceEnd[]): string {
  const shares = new Map<string, number>();
  ends.forEach(({ to, probability }) => shares.set(to, (shares.get(to) ?? 0) + 100 * probability));
  return shares.size === 1 ? [...shares.keys()][0] : [...shares].map(([to, percent]) => `${percentText(percent, 2)}% ${to}`).join(', ');
}
