// The conditions of a delegate and its root, compared with a small model of how Istio merges them.
import fc from 'fast-check';
import type { VirtualServiceSpecHttpMatch } from '../../../imports/istio/networking.istio.io';
import { mismatchOf } from '../../../src/edge/match/delegate-match';
import { runs } from '../../runs';

interface Text { readonly exact?: string; readonly prefix?: string; readonly regex?: string }
type Texts = Record<string, Text>;
type Block = VirtualServiceSpecHttpMatch;

// Istio 1.30, pilot/pkg/model/virtualservice.go, as far as it concerns gateways, in Istio's terms.

/** `stringMatchConflict` */
function textConflict(root: Text | undefined, leaf: Text | undefined): boolean {
  if (root === undefined || leaf === undefined) {
    return false;
  }
  if (root.regex || leaf.regex) {
    return true;
  }
  if (root.exact) {
    return leaf.prefix ? true : leaf.exact !== root.exact;
  }
  if (root.prefix) {
    return leaf.prefix ? !leaf.prefix.startsWith(root.prefix) : leaf.exact ? !leaf.exact.startsWith(root.prefix) : true;
  }
  return true;
}

/** `hasConflict` */
function blockConflict(root: Block, leaf: Block): boolean {
  const maps: [Texts | undefined, Texts | undefined][] = [[root.headers, leaf.headers], [root.withoutHeaders, leaf.withoutHeaders], [root.queryParams, leaf.queryParams]];
  return [[root.uri, leaf.uri], [root.scheme, leaf.scheme], [root.method, leaf.method], [root.authority, leaf.authority]].some(([a, b]) => textConflict(a, b))
    || maps.some(([a = {}, b = {}]) => Object.entries(b).some(([name, text]) => textConflict(a[name], text)))
    || Boolean(root.ignoreUriCase) !== Boolean(leaf.ignoreUriCase)
    || ((root.port ?? 0) > 0 && (leaf.port ?? 0) > 0 && root.port !== leaf.port);
}

/** `mergeHTTPMatchRequests`; undefined if the route is dropped */
function merged(root: readonly Block[], leaf: readonly Block[]): readonly Block[] | undefined {
  if (root.length === 0 || leaf.length === 0) {
    return root.length === 0 ? leaf : root;
  }
  const all = leaf.map(own => root.filter(outer => !blockConflict(outer, own)).map(outer => ({
    ...outer, ...own,
    headers: { ...outer.headers, ...own.headers },
    withoutHeaders: { ...outer.withoutHeaders, ...own.withoutHeaders },
    queryParams: { ...outer.queryParams, ...own.queryParams },
  })));
  return all.some(some => some.length === 0) ? undefined : all.flat();
}

/** Whether a request matches a block. */
function meets(request: Request, block: Block): boolean {
  const { uri, scheme, method, authority, port, ignoreUriCase } = block;
  const has = (texts: Texts | undefined, values: Values) => Object.entries(texts ?? {}).every(([name, text]) => values[name] !== undefined && is(values[name], text));
  return is(request.uri, uri, ignoreUriCase) && is(request.scheme, scheme) && is(request.method, method) && is(request.authority, authority)
    && has(block.headers, request.headers) && has(block.queryParams, request.queryParams)
    && Object.entries(block.withoutHeaders ?? {}).every(([name, text]) => request.headers[name] === undefined || !is(request.headers[name], text))
    && (port === undefined || port === request.port);
}

function is(value: string, { exact, prefix, regex }: Text = {}, ignoreCase = false): boolean {
  const [text, wanted] = ignoreCase ? [value.toLowerCase(), (exact ?? prefix ?? '').toLowerCase()] : [value, exact ?? prefix ?? ''];
  return exact !== undefined ? text === wanted : prefix !== undefined ? text.startsWith(wanted) : regex === undefined || new RegExp(`^(?:${regex})$`).test(value);
}

type Values = Record<string, string>;
interface Request {
  readonly uri: string; readonly scheme: string; readonly method: string; readonly authority: string; readonly port: number; readonly headers: Values; readonly queryParams: Values;
}

const PATHS = ['/', '/a', '/a/', '/a/b', '/A', '/b'];
const WORDS = ['x', 'xy', 'y'];
const text = (of: readonly string[]): fc.Arbitrary<Text> => fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...of).map(exact => ({ exact })) },
  { weight: 3, arbitrary: fc.constantFrom(...of).map(prefix => ({ prefix })) },
  { weight: 1, arbitrary: fc.constant({ regex: '.*' }) },
);
const named = fc.dictionary(fc.constantFrom('one', 'two'), fc.oneof(text(WORDS), fc.constant({})), { maxKeys: 2 });
const FIELDS = {
  uri: text(PATHS), scheme: text(['http', 'https']), method: text(['GET', 'POST']), authority: text(WORDS), headers: named, withoutHeaders: named, queryParams: named,
  ignoreUriCase: fc.constant(true), port: fc.constantFrom(80, 443),
};
const block = fc.subarray(Object.keys(FIELDS) as (keyof typeof FIELDS)[], { maxLength: 3 })
  .chain(names => fc.record(Object.fromEntries(names.map((name): [string, fc.Arbitrary<unknown>] => [name, FIELDS[name]])))) as fc.Arbitrary<Block>;
const blocks = fc.array(block, { maxLength: 3 });
const values = fc.dictionary(fc.constantFrom('one', 'two'), fc.constantFrom(...WORDS));
const request: fc.Arbitrary<Request> = fc.record({
  uri: fc.constantFrom(...PATHS, '/a/b/c'), scheme: fc.constantFrom('http', 'https'), method: fc.constantFrom('GET', 'POST'), authority: fc.constantFrom(...WORDS), port: fc.constantFrom(80, 443),
  headers: values, queryParams: values,
});

test('a mismatch is reported for exactly those routes that Istio drops', () => {
  let [dropped, kept] = [0, 0];
  fc.assert(fc.property(blocks, blocks, (root, own) => {
    const isDropped = merged(root, own) === undefined;
    expect(mismatchOf(root, own)?.effect === 'drops the route').toBe(isDropped);
    dropped += Number(isDropped);
    kept += Number(!isDropped && root.length > 0 && own.length > 0);
  }), runs(3000));
  expect(Math.min(dropped, kept)).toBeGreaterThan(50);
});

test('a request that matches a route of the delegate matches the conditions of both', () => {
  let met = 0;
  fc.assert(fc.property(blocks, blocks, fc.array(request, { minLength: 20, maxLength: 20 }), (root, own, requests) => {
    fc.pre(mismatchOf(root, own) === undefined);
    const joined = merged(root, own)!;
    const matches = (one: Request, all: readonly Block[]) => all.length === 0 || all.some(each => meets(one, each));
    for (const one of requests.filter(each => matches(each, joined))) {
      met++;
      expect({ root: matches(one, root), own: matches(one, own) }).toEqual({ root: true, own: true });
    }
  }), runs(2000));
  expect(met).toBeGreaterThan(200);
});

const prefix = (path: string): Block => ({ uri: { prefix: path } });
const exact = (path: string): Block => ({ uri: { exact: path } });

test.each<[string, Block[], Block[]]>([
  ['a path under the prefix', [prefix('/cart')], [prefix('/cart/items'), exact('/cart')]],
  ['the two blocks of a pathPrefix under the same pathPrefix', [exact('/cart'), prefix('/cart/')], [exact('/cart'), prefix('/cart/')]],
  ['the two blocks of a longer pathPrefix', [exact('/cart'), prefix('/cart/')], [exact('/cart/items'), prefix('/cart/items/')]],
  ['no condition', [prefix('/cart')], []],
  ['any condition under a root without conditions', [], [prefix('/cart')]],
  ['another kind of condition', [prefix('/cart')], [{ method: { exact: 'GET' } }]],
  ['the same header', [{ headers: { a: { exact: 'b' } } }], [{ headers: { a: { exact: 'b' } } }]],
  ['another statPrefix', [{ ...prefix('/cart'), statPrefix: 'root' }], [{ ...prefix('/cart'), statPrefix: 'own' }]],
  ['the same negated condition on a header', [{ withoutHeaders: { a: { prefix: 'b' } } }], [{ withoutHeaders: { a: { prefix: 'b' }, c: {} } }]],
  ['the same port', [{ port: 80 }], [{ port: 80 }]],
])('%s fits', (_, root, own) => {
  expect(mismatchOf(root, own)).toBeUndefined();
});

test.each<[string, Block[], Block[], Block]>([
  ['another path', [prefix('/cart')], [prefix('/cart/items'), prefix('/search')], prefix('/search')],
  ['a shorter prefix', [prefix('/cart/')], [prefix('/cart')], prefix('/cart')],
  ['a prefix under an exact path', [exact('/cart')], [prefix('/cart')], prefix('/cart')],
  ['a regular expression', [prefix('/cart')], [{ uri: { regex: '/cart/.*' } }], { uri: { regex: '/cart/.*' } }],
  ['a path under a regular expression', [{ uri: { regex: '/cart/.*' } }], [exact('/cart/a')], exact('/cart/a')],
  ['several methods, which are a regular expression', [{ method: { regex: 'GET|POST' } }], [{ method: { exact: 'GET' } }], { method: { exact: 'GET' } }],
  ['a header that both require to be present', [{ headers: { a: {} } }], [{ headers: { a: {} } }], { headers: { a: {} } }],
  ['another port', [{ port: 80 }], [{ port: 443 }], { port: 443 }],
  ['no path under a root that ignores case', [{ ...prefix('/cart'), ignoreUriCase: true }], [{ method: { exact: 'GET' } }], { method: { exact: 'GET' } }],
])('%s does not fit: Istio drops the route', (_, root, own, mismatch) => {
  expect(mismatchOf(root, own)).toEqual({ root, own: mismatch, effect: 'drops the route' });
});

test('a narrower withoutHeaders condition than the root\'s is refused: Istio would ignore the root\'s condition', () => {
  const [root, own] = [[{ withoutHeaders: { role: { prefix: 'adm' } } }], [{ withoutHeaders: { role: { exact: 'admin' } } }]];
  expect(merged(root, own)).toEqual([{ headers: {}, queryParams: {}, withoutHeaders: { role: { exact: 'admin' } } }]);
  expect(mismatchOf(root, own)).toEqual({ root, own: own[0], effect: 'ignores the withoutHeaders condition of the root' });
});
