// The match blocks of a route.
import { AuthorityMatch } from '../../../src/edge/match/authority';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { HttpScheme } from '../../../src/edge/match/http-scheme';
import { HeaderMatch, PathMatch, renderMatches } from '../../../src/edge/match/match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { refusal } from '../../refusal';

const [cart, static_] = [PathMatch.exact('/cart'), PathMatch.prefix('/static')];
const [jason, lab] = [HeaderMatch.exact('end-user', 'jason'), HeaderMatch.present('x-lab')];

test('there are none where every request is taken', () => {
  expect(renderMatches({})).toBeUndefined();
  expect(renderMatches({ headers: [], claims: [], queryParams: [] })).toBeUndefined();
});

test('there is one per path, in the order written', () => {
  expect(renderMatches({ paths: [static_, cart] })).toEqual([{ uri: { prefix: '/static' } }, { uri: { exact: '/cart' } }]);
  expect(renderMatches({ paths: [PathMatch.pathPrefix('/a')] })).toEqual([{ uri: { exact: '/a' } }, { uri: { prefix: '/a/' } }]);
});

test('there is one for other conditions alone', () => {
  expect(renderMatches({ headers: [jason, lab] })).toEqual([{ headers: { 'end-user': { exact: 'jason' }, 'x-lab': {} } }]);
});

test('every path repeats the other conditions', () => {
  const headers = { 'end-user': { exact: 'jason' } };
  expect(renderMatches({ paths: [cart, static_], headers: [jason] })).toEqual([{ uri: { exact: '/cart' }, headers }, { uri: { prefix: '/static' }, headers }]);
});

test('all conditions stand in one block', () => {
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

test('claims stand among the headers', () => {
  expect(renderMatches({ claims: [ClaimMatch.exact(['a'], 'b')] })).toEqual([{ headers: { '@request.auth.claims[a]': { exact: 'b' } } }]);
  expect(renderMatches({ claims: [ClaimMatch.notExact(['a'], 'b')] })).toEqual([{ withoutHeaders: { '@request.auth.claims[a]': { exact: 'b' } } }]);
});

test('several methods are alternatives', () => {
  expect(renderMatches({ methods: ['GET', 'M-SEARCH'] })).toEqual([{ method: { regex: 'GET|M-SEARCH' } }]);
});

test('every path is for every caller', () => {
  const callers = [{ sourceNamespace: 'a' }, { sourceLabels: { app: 'b' } }];
  expect(renderMatches({}, callers)).toEqual(callers);
  expect(renderMatches({ headers: [lab] }, callers)).toEqual([{ headers: { 'x-lab': {} }, sourceNamespace: 'a' }, { headers: { 'x-lab': {} }, sourceLabels: { app: 'b' } }]);
  expect(renderMatches({ paths: [PathMatch.pathPrefix('/a')] }, callers)).toEqual([
    { uri: { exact: '/a' }, sourceNamespace: 'a' }, { uri: { exact: '/a' }, sourceLabels: { app: 'b' } },
    { uri: { prefix: '/a/' }, sourceNamespace: 'a' }, { uri: { prefix: '/a/' }, sourceLabels: { app: 'b' } },
  ]);
});

test('a route does not change the conditions that it shares with others', () => {
  const before = JSON.stringify(cart._render());
  renderMatches({ paths: [cart], headers: [lab], port: 80 }, [{ sourceNamespace: 'a' }], 'x');
  expect(JSON.stringify(cart._render())).toBe(before);
});

test.each<[string, () => unknown, string, unknown]>([
  ['no path', () => renderMatches({ paths: [] }), 'paths', []],
  ['a path twice', () => renderMatches({ paths: [cart, cart] }), 'paths[1]', '/cart'],
  ['no method', () => renderMatches({ methods: [] }), 'methods', []],
  ['a method in lower case', () => renderMatches({ methods: ['GET', 'post'] }), 'methods[1]', 'post'],
  ['a method twice', () => renderMatches({ methods: ['GET', 'GET'] }), 'methods[1]', 'GET'],
  ['several methods in one text', () => renderMatches({ methods: ['GET|POST'] }), 'methods[0]', 'GET|POST'],
  ['more methods than fit', () => renderMatches({ methods: ['A'.repeat(600), 'B'.repeat(600)] }), 'methods', `${'A'.repeat(600)}|${'B'.repeat(600)}`],
  ['a header twice', () => renderMatches({ headers: [jason, lab, HeaderMatch.prefix('end-user', 'j')] }), 'headers[2]', 'end-user'],
  ['a header not twice', () => renderMatches({ headers: [HeaderMatch.notExact('a', 'b'), HeaderMatch.notExact('a', 'c')] }), 'headers[1]', 'a'],
  ['a header there and missing', () => renderMatches({ headers: [jason, HeaderMatch.absent('end-user')] }), 'headers', 'end-user'],
  ['a header so and not so', () => renderMatches({ headers: [jason, HeaderMatch.notExact('end-user', 'jason')] }), 'headers', 'end-user'],
  ['a claim twice', () => renderMatches({ claims: [ClaimMatch.exact(['a'], 'b'), ClaimMatch.exact(['a'], 'c')] }), 'claims[1]', '@request.auth.claims[a]'],
  ['a claim so and not so', () => renderMatches({ claims: [ClaimMatch.exact(['a'], 'b'), ClaimMatch.notExact(['a'], 'b')] }), 'claims', '@request.auth.claims[a]'],
  ['a parameter twice', () => renderMatches({ queryParams: [QueryMatch.present('a'), QueryMatch.exact('a', 'b')] }), 'queryParams[1]', 'a'],
  ['port 0', () => renderMatches({ port: 0 }), 'port', 0],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
