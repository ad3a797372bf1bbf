// The match blocks of a route.
import { AuthorityMatch } from '../../../src/edge/match/authority';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { HeaderMatch, HttpScheme, PathMatch, renderMatches } from '../../../src/edge/match/match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { refusal } from '../../refusal';

const [cart, static_] = [PathMatch.exact('/cart'), PathMatch.prefix('/static')];
const [jason, lab] = [HeaderMatch.exact('end-user', 'jason'), HeaderMatch.present('x-lab')];

test('a route that matches every request has no match blocks', () => {
  expect(renderMatches({})).toBeUndefined();
  expect(renderMatches({ headers: [], claims: [], queryParams: [] })).toBeUndefined();
});

test('each path gets its own blocks, in declaration order', () => {
  expect(renderMatches({ paths: [static_, cart] })).toEqual([{ uri: { prefix: '/static' } }, { uri: { exact: '/cart' } }]);
  expect(renderMatches({ paths: [PathMatch.pathPrefix('/a')] })).toEqual([{ uri: { exact: '/a' } }, { uri: { prefix: '/a/' } }]);
});

test('conditions without a path share one block', () => {
  expect(renderMatches({ headers: [jason, lab] })).toEqual([{ headers: { 'end-user': { exact: 'jason' }, 'x-lab': {} } }]);
});

test('the blocks of all paths repeat the other conditions', () => {
  const headers = { 'end-user': { exact: 'jason' } };
  expect(renderMatches({ paths: [cart, static_], headers: [jason] })).toEqual([{ uri: { exact: '/cart' }, headers }, { uri: { prefix: '/static' }, headers }]);
});

test('all conditions are rendered into one block', () => {
  expect(renderMatches({
    paths: [PathMatch.prefix('/a', { ignoreCase: true })],
    methods: ['GET'],
    headers: [jason, HeaderMatch.absent('x-old'), HeaderMatch.notExact('x-lab', 'b'), lab],
    claims: [ClaimMatch.exact(['group'], 'admin'), ClaimMatch.notExact(['level'], 'low')],
    queryParams: [QueryMatch.present('debug'), QueryMatch.exact('lang', 'de')],
    authority: AuthorityMatch.prefix('a.b:'),
    scheme: HttpScheme.HTTPS,
    port: 443,
  }, [], 'shop')).toEqual([{
    uri: { prefix: '/a' },
    ignoreUriCase: true,
    method: { exact: 'GET' },
    headers: { 'end-user': { exact: 'jason' }, 'x-lab': {}, '@request.auth.claims[group]': { exact: 'admin' } },
    withoutHeaders: { 'x-old': {}, 'x-lab': { exact: 'b' }, '@request.auth.claims[level]': { exact: 'low' } },
    queryParams: { debug: {}, lang: { exact: 'de' } },
    authority: { prefix: 'a.b:' },
    scheme: { exact: 'https' },
    port: 443,
    statPrefix: 'shop',
  }]);
});

test('claims are rendered as headers', () => {
  expect(renderMatches({ claims: [ClaimMatch.exact(['a'], 'b')] })).toEqual([{ headers: { '@request.auth.claims[a]': { exact: 'b' } } }]);
  expect(renderMatches({ claims: [ClaimMatch.notExact(['a'], 'b')] })).toEqual([{ withoutHeaders: { '@request.auth.claims[a]': { exact: 'b' } } }]);
});

test('several methods are alternatives', () => {
  expect(renderMatches({ methods: ['GET', 'M-SEARCH'] })).toEqual([{ method: { regex: 'GET|M-SEARCH' } }]);
});

test('every path is combined with every caller', () => {
  const callers = [{ sourceNamespace: 'a' }, { sourceLabels: { app: 'b' } }];
  expect(renderMatches({}, callers)).toEqual(callers);
  expect(renderMatches({ headers: [lab] }, callers)).toEqual([{ headers: { 'x-lab': {} }, sourceNamespace: 'a' }, { headers: { 'x-lab': {} }, sourceLabels: { app: 'b' } }]);
  expect(renderMatches({ paths: [PathMatch.pathPrefix('/a')] }, callers)).toEqual([
    { uri: { exact: '/a' }, sourceNamespace: 'a' }, { uri: { exact: '/a' }, sourceLabels: { app: 'b' } },
    { uri: { prefix: '/a/' }, sourceNamespace: 'a' }, { uri: { prefix: '/a/' }, sourceLabels: { app: 'b' } },
  ]);
});

test('rendering does not change conditions, which routes may share', () => {
  const before = JSON.stringify(cart._render());
  renderMatches({ paths: [cart], headers: [lab], port: 80 }, [{ sourceNamespace: 'a' }], 'x');
  expect(JSON.stringify(cart._render())).toBe(before);
});

test.each<[string, () => unknown, string, unknown]>([
  ['no path', () => renderMatches({ paths: [] }), 'paths', []],
  ['a duplicate path', () => renderMatches({ paths: [cart, cart] }), 'paths[1]', '/cart'],
  ['no method', () => renderMatches({ methods: [] }), 'methods', []],
  ['a method in lower case', () => renderMatches({ methods: ['GET', 'post'] }), 'methods[1]', 'post'],
  ['a duplicate method', () => renderMatches({ methods: ['GET', 'GET'] }), 'methods[1]', 'GET'],
  ['several methods in one string', () => renderMatches({ methods: ['GET|POST'] }), 'methods[0]', 'GET|POST'],
  ['more methods than a regular expression can hold', () => renderMatches({ methods: ['A'.repeat(600), 'B'.repeat(600)] }), 'methods', `${'A'.repeat(600)}|${'B'.repeat(600)}`],
  ['two conditions on one header', () => renderMatches({ headers: [jason, lab, HeaderMatch.prefix('end-user', 'j')] }), 'headers[2]', 'end-user'],
  ['two negated conditions on one header', () => renderMatches({ headers: [HeaderMatch.notExact('a', 'b'), HeaderMatch.notExact('a', 'c')] }), 'headers[1]', 'a'],
  ['a header both present and absent', () => renderMatches({ headers: [jason, HeaderMatch.absent('end-user')] }), 'headers', 'end-user'],
  ['a header both with and without a value', () => renderMatches({ headers: [jason, HeaderMatch.notExact('end-user', 'jason')] }), 'headers', 'end-user'],
  ['two conditions on one claim', () => renderMatches({ claims: [ClaimMatch.exact(['a'], 'b'), ClaimMatch.exact(['a'], 'c')] }), 'claims[1]', '@request.auth.claims[a]'],
  ['a claim both with and without a value', () => renderMatches({ claims: [ClaimMatch.exact(['a'], 'b'), ClaimMatch.notExact(['a'], 'b')] }), 'claims', '@request.auth.claims[a]'],
  ['two conditions on one parameter', () => renderMatches({ queryParams: [QueryMatch.present('a'), QueryMatch.exact('a', 'b')] }), 'queryParams[1]', 'a'],
  ['port 0', () => renderMatches({ port: 0 }), 'port', 0],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
