// The relation "matches everything the other matches", against requests.
import * as fc from 'fast-check';
import { type RequestMatch, areOnePath, coversMatch, coversText } from '../../src/base/match-cover';
import { type StringMatch, matchesText, readStringMatch } from '../../src/mesh/route/string-match';
import { SeenRequest } from '../../src/trace/request';
import { matchesRoute } from '../../src/trace/route-match';
import { runs } from '../runs';

const exact = (value: string): StringMatch => ({ is: 'exact', value });
const prefix = (value: string): StringMatch => ({ is: 'prefix', value });
const regex = (value: string): StringMatch => readStringMatch({ regex: value });
const ANY: RequestMatch = { path: prefix('/'), ignoresCase: false, headers: [], withoutHeaders: [], queryParams: [], claims: [] };

test.each([
  [prefix('/usrv'), prefix('/usrv-export')],
  [prefix('/a'), exact('/a')],
  [regex('/a.*'), prefix('/a/b')],
  [regex('^/a\\.b.*$'), exact('/a.b/c')],
  [regex('/(a|b)'), exact('/b')],
  [regex('/(a|b)'), regex('/(a|b)')],
  [prefix('/a'), regex('/a/[0-9]+')],
  [regex('/a.*'), regex('/a/b?')],
  [regex('.*'), prefix('/a')],
  [regex('*'), exact('')],
])('%j covers %j', (wide, narrow) => {
  expect(coversText(wide, narrow)).toBe(true);
});

test.each([
  [prefix('/usrv-export'), prefix('/usrv')],
  [exact('/a'), prefix('/a')],
  [prefix('/ab'), regex('/ab?')],
  [prefix('/a'), regex('/a|/b')],
  [prefix('/a'), regex('*')],
  [regex('/a.*'), regex('.*')],
  [regex('/a(/.*)?'), prefix('/a')],
  [prefix('a.'), regex('a.b')],
  [regex('/a.b.*'), prefix('/a.b')],
])('%j does not cover %j', (wide, narrow) => {
  expect(coversText(wide, narrow)).toBe(false);
});

test.each<[string, Partial<RequestMatch>, Partial<RequestMatch>, boolean]>([
  ['no condition covers one', {}, { headers: [['x', exact('a')]] }, true],
  ['a condition does not cover its absence', { headers: [['x', exact('a')]] }, {}, false],
  ['names of headers ignore case', { headers: [['X-A', prefix('a')]] }, { headers: [['x-a', exact('ab')]] }, true],
  ['host and authority are one', { headers: [['host', exact('a')]] }, { headers: [[':authority', exact('a')]] }, true],
  ['names of parameters respect case', { queryParams: [['A', exact('a')]] }, { queryParams: [['a', exact('a')]] }, false],
  ['a parameter in more words', { queryParams: [['a', prefix('v')]] }, { queryParams: [['a', exact('v1')], ['b', exact('')]] }, true],
  ['an excluded header, excluded by value', { withoutHeaders: [['x', exact('a')]] }, { headers: [['x', exact('b')]] }, true],
  ['an excluded header that the other one has', { withoutHeaders: [['x', exact('a')]] }, { headers: [['x', exact('a')]] }, false],
  ['an excluded header, excluded by more', { withoutHeaders: [['x', exact('ab')]] }, { withoutHeaders: [['x', prefix('a')]] }, true],
  ['an excluded header, excluded by less', { withoutHeaders: [['x', prefix('a')]] }, { withoutHeaders: [['x', exact('ab')]] }, false],
  ['a path in any case', { path: prefix('/A'), ignoresCase: true }, { path: exact('/a/b') }, true],
  ['a path in one case', { path: prefix('/a') }, { path: prefix('/a'), ignoresCase: true }, false],
  ['the same claim', { claims: [[['sub'], exact('a'), false]] }, { claims: [[['sub'], exact('a'), false]] }, true],
  ['the same claim, excluded', { claims: [[['sub'], exact('a'), true]] }, { claims: [[['sub'], exact('a'), false]] }, false],
  ['another claim', { claims: [[['sub'], exact('a'), false]] }, { claims: [[['iss'], exact('a'), false]] }, false],
])('%s', (_, wide, narrow, covers) => {
  expect(coversMatch({ ...ANY, ...wide }, { ...ANY, ...narrow })).toBe(covers);
});

const word = fc.array(fc.constantFrom('/', 'a', 'A', 'b', '.'), { maxLength: 3 }).map(parts => parts.join(''));
const condition = fc.oneof(word.map(exact), word.map(prefix),
  fc.constantFrom('/a.*', '.*b', '*', '.*', '/a(/.*)?', '/(a|b).*', '/a?', '/a\\..*', '/ab*', 'a+', '[ab]', '/a|b').map(regex));
const named = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(fc.tuple(fc.constantFrom('x', 'X', 'y'), condition), { maxLength: 2 }));
const path = fc.oneof(word.map(own => prefix(`/${own}`)), word.map(own => exact(`/${own}`)), condition);
const claims = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(fc.tuple(fc.constantFrom(['sub'], ['a', 'b']), condition, fc.boolean()), { maxLength: 1 }));
const match: fc.Arbitrary<RequestMatch> = fc.record({ path, ignoresCase: fc.boolean(), headers: named, withoutHeaders: named, queryParams: named, claims });
/** A match, and one that differs in some conditions. */
const pair = fc.tuple(match, fc.record({ path, ignoresCase: fc.boolean(), headers: named, withoutHeaders: named, queryParams: named, claims }, { requiredKeys: [] }))
  .map(([wide, changes]): [RequestMatch, RequestMatch] => [wide, { ...wide, ...changes }]);

test('a text that the narrow one matches, the wide one matches', () => {
  fc.assert(fc.property(condition, condition, word, (wide, narrow, text) => {
    fc.pre(coversText(wide, narrow) && matchesText(narrow, text));
    expect(matchesText(wide, text)).toBe(true);
  }), { ...runs(3000), maxSkipsPerRun: 1000 });
});

const request = fc.record({
  path: word.map(own => `/${own}`), query: word, x: fc.option(word, { nil: undefined }), y: fc.option(word, { nil: undefined }), sub: fc.option(word, { nil: undefined }),
}).map(({ path, query, x, y, sub }) => {
  const headers = new Map([['x', x], ['y', y]].filter((pair): pair is [string, string] => pair[1] !== undefined));
  return Object.assign(new SeenRequest('GET', 'https', 'a.example.com', path, `?x=${query}`, { headers }), { claims: sub === undefined ? {} : { sub } });
});

test('a request that the narrow one matches, the wide one matches', () => {
  let compared = 0;
  fc.assert(fc.property(pair, request, ([wide, narrow], own) => {
    if (JSON.stringify(wide) !== JSON.stringify(narrow) && coversMatch(wide, narrow) && matchesRoute(narrow, own)) {
      compared++;
      expect(matchesRoute(wide, own)).toBe(true);
    }
  }), { numRuns: 20_000 });
  expect(compared).toBeGreaterThan(100);
});

test('an exact path and the prefix with a slash behind it are one path', () => {
  const at = (path: StringMatch, rest: Partial<RequestMatch> = {}): RequestMatch => ({ ...ANY, path, ...rest });
  expect(areOnePath(at(exact('/a')), at(prefix('/a/')))).toBe(true);
  expect(areOnePath(at(exact('/a'), { headers: [['x', exact('b')]] }), at(prefix('/a/'), { headers: [['X', exact('b')]] }))).toBe(true);
  expect(areOnePath(at(exact('/a')), at(prefix('/a')))).toBe(false);
  expect(areOnePath(at(exact('/a')), at(prefix('/b/')))).toBe(false);
  expect(areOnePath(at(prefix('/a')), at(prefix('/a/')))).toBe(false);
  expect(areOnePath(at(exact('/a')), at(prefix('/a/'), { ignoresCase: true }))).toBe(false);
  expect(areOnePath(at(exact('/a')), at(prefix('/a/'), { headers: [['x', exact('b')]] }))).toBe(false);
  expect(areOnePath(at(exact('/a'), { headers: [['x', exact('b')]] }), at(prefix('/a/')))).toBe(false);
});
