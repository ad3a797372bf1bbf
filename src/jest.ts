// Matchers for Jest and Vitest: where requests end, whether the checks find anything, and what the plan says.
import {
  type CheckOptions, type ClientRequest, type FollowOptions, type Input, type PlanOptions, type TraceInput, type TraceOptions, TraceModels, UsageError,
  check, describeEnds, meetsExpectation, parseExpectation, plan, prepareTrace, readConstructs, renderPlanText, renderText, renderTraceText, trace,
} from './inspect';

/** The matchers, on what `expect` gets: constructs, Kubernetes objects, manifests, or what `prepareTrace` made of them. */
export interface AlbIstioMatchers<R = void> {
  /**
   * Whether the request ends there, and nowhere else.
   *
   * @param request a request, or its line, such as `GET https://shop.example.com/cart user=ann`
   * @param end `HOST:PORT[@SUBSET]`, a status with or without what follows, or shares such as `80% a.shop:80, 20% b.shop:80`
   */
  toRoute(request: string | ClientRequest, end: string, options?: TraceOptions & FollowOptions): R;
  /** Whether no check finds anything, apart from what is acknowledged. */
  toHaveNoFindings(options?: CheckOptions): R;
  /**
   * Whether the plan has these lines of `alb-istio plan`, in this order: a line that is indented belongs to the one above it, `…` is any text, and lines in
   * between may be left out.
   */
  toMatchPlan(lines: string, options?: PlanOptions): R;
}

/* eslint-disable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars */
declare global {
  // What `expect` of @types/jest returns, and a part of what that of Vitest 4 and older returns.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    interface Matchers<R, T = {}> extends AlbIstioMatchers<R> {}
  }
}

// What `expect` of @jest/globals returns, and that of Vitest 5. A project that lacks the package ignores the declaration.
/** @ts-ignore */
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends AlbIstioMatchers<R> {}
}
/** @ts-ignore */
declare module 'vitest' {
  /** @ts-ignore */
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends AlbIstioMatchers<R> {}
}
/* eslint-enable @typescript-eslint/ban-ts-comment, @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars */

/** What `expect.extend` hands to a matcher, in Jest and in Vitest. */
interface MatcherContext {
  readonly isNot?: boolean;
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { readonly isNot?: boolean; readonly secondArgument?: string }): string;
    printExpected(value: unknown): string;
    printReceived(value: unknown): string;
  };
}

/** What a matcher returns. */
interface MatcherResult {
  readonly pass: boolean;
  readonly message: () => string;
}

/** For `expect.extend`, where `expect` is no global variable. */
export const matchers = {
  toRoute(this: MatcherContext, received: TraceInput, request: string | ClientRequest, end: string, options?: TraceOptions & FollowOptions): MatcherResult {
    if (request === undefined || typeof end !== 'string') {
      throw new UsageError(`toRoute needs a request and the end that is expected; got ${request === undefined ? 'no request' : `the end ${String(end)}`}`);
    }
    const expected = parseExpectation(end);
    requireKnown('toRoute', received, options, ['follow'], ['controller', 'aws', 'complete', 'admitted', 'mesh']);
    requireInput('toRoute', received);
    const models = received instanceof TraceModels ? received : prepareTrace(received, options);
    requireObjects('toRoute', models);
    const found = trace(models, request, options);
    const { matcherHint, printExpected, printReceived } = this.utils;
    return {
      pass: meetsExpectation(found.ends, expected),
      message: () => [
        matcherHint('toRoute', 'input', 'request', { isNot: this.isNot === true, secondArgument: 'end' }), '',
        `Expected: ${this.isNot === true ? 'not ' : ''}${printExpected(expected.text)}`,
        ...this.isNot === true ? [] : [`Received: ${printReceived(describeEnds(found.ends))}`],
        '', renderTraceText(found).trimEnd(),
      ].join('\n'),
    };
  },

  toHaveNoFindings(this: MatcherContext, received: TraceInput, options?: CheckOptions): MatcherResult {
    requireKnown('toHaveNoFindings', undefined, options, ['shelf', 'controller', 'mesh', 'complete', 'acknowledgements', 'today', 'hasAllAcknowledged'], []);
    const report = check(requireObjects('toHaveNoFindings', received), options);
    return {
      pass: report.findings.every(({ acknowledged }) => acknowledged !== undefined),
      message: () => [this.utils.matcherHint('toHaveNoFindings', 'input', '', { isNot: this.isNot === true }), '', renderText(report).trimEnd()].join('\n'),
    };
  },

  toMatchPlan(this: MatcherContext, received: TraceInput, lines: string, options?: PlanOptions): MatcherResult {
    requireKnown('toMatchPlan', received, options, [], ['controller', 'aws', 'complete', 'admitted']);
    const input = requireObjects('toMatchPlan', received);
    const text = renderPlanText(received instanceof TraceModels ? received.plan : plan(input, options));
    const missing = missingLine(blocksOf(lines), blocksOf(text));
    return {
      pass: missing === undefined,
      message: () => [
        this.utils.matcherHint('toMatchPlan', 'input', 'lines', { isNot: this.isNot === true }), '',
        missing === undefined ? 'The plan has all the lines, in their order.' : `Missing:  ${this.utils.printExpected(missing.text)}`,
        ...missing?.below === undefined ? [] : [`below:    ${this.utils.printExpected(missing.below)}`],
        '', text.trimEnd(),
      ].join('\n'),
    };
  },
};

/** @throws UsageError for what is no input, such as undefined */
function requireInput(matcher: string, received: unknown): void {
  if (typeof received !== 'object' || received === null) {
    throw new UsageError(`${matcher} got ${String(received)}: pass a construct, Kubernetes objects or manifests`);
  }
}

/** The objects of an input. @throws UsageError if it has none: a test of nothing proves nothing */
function requireObjects(matcher: string, received: TraceInput): Input {
  requireInput(matcher, received);
  const input = received instanceof TraceModels ? received.manifests : 'node' in received ? readConstructs(received) : received;
  if (input.length === 0) {
    throw new UsageError(`${matcher} got no objects: pass a construct, Kubernetes objects or manifests`);
  }
  return input;
}

/**
 * @param always options that count for models, too
 * @param preparing options that models were prepared with
 * @throws UsageError for an option that would be ignored
 */
function requireKnown(matcher: string, received: unknown, options: object | undefined, always: readonly string[], preparing: readonly string[]): void {
  const known = received instanceof TraceModels ? always : [...always, ...preparing];
  const unknown = Object.keys(options ?? {}).find(name => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(preparing.includes(unknown) ? `${matcher} ignores ${unknown} for models that were prepared: pass it to prepareTrace`
      : `${matcher} has no option ${unknown}${known.length === 0 ? '' : `; its options: ${known.join(', ')}`}`);
  }
}

/** A line with those that are indented below it. Blanks in a row count as one, because columns are aligned. */
interface Block {
  readonly text: string;
  readonly below: Block[];
}

function blocksOf(text: string): Block[] {
  const root: Block = { text: '', below: [] };
  const open: { readonly indent: number; readonly block: Block }[] = [{ indent: -1, block: root }];
  for (const line of text.split('\n').filter(own => own.trim() !== '')) {
    const indent = line.search(/\S/);
    while (open.at(-1)!.indent >= indent) {
      open.pop();
    }
    const block: Block = { text: line.trim().replace(/\s+/g, ' '), below: [] };
    open.at(-1)!.block.below.push(block);
    open.push({ indent, block });
  }
  return root.below;
}

/** The first line that is not there, after those before it and somewhere below the line that it is indented under. */
function missingLine(wanted: readonly Block[], found: readonly Block[], below?: string): { readonly text: string; readonly below?: string } | undefined {
  let rest = found.flatMap(withinBlock);
  for (const { text, below: more } of wanted) {
    const candidates = rest.filter(block => fits(text, block.text));
    const match = candidates.find(block => missingLine(more, block.below) === undefined);
    if (match === undefined) {
      const [first] = candidates;
      return first === undefined ? { text, ...(below === undefined ? {} : { below }) } : missingLine(more, first.below, text);
    }
    rest = rest.slice(rest.indexOf(match) + 1);
  }
  return undefined;
}

function withinBlock(block: Block): Block[] {
  return [block, ...block.below.flatMap(withinBlock)];
}

function fits(wanted: string, line: string): boolean {
  const parts = wanted.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(line);
}

declare const expect: { extend(own: typeof matchers): void } | undefined;

if (typeof expect !== 'undefined') {
  expect.extend(matchers);
}
