// Catch-alls, and names of routes whose weights are managed elsewhere.
import { HttpScheme, PathMatch } from '../../../src/edge/match/match';
import { requireListable, requireReachable, isCatchAll } from '../../../src/edge/routing/route-list';
import { renderRoute, type RouteOptions } from '../../../src/edge/routing/route-options';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { HeaderMatch } from '../../../src/edge/match/header-match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { AuthorityMatch } from '../../../src/edge/match/authority';
import { refusal } from '../../refusal';

const target = RouteTarget.respond(503);
const made = (options: Partial<RouteOptions>) => renderRoute('A', { target, ...options });

test.each<[string, Partial<RouteOptions>]>([
  ['no condition', {}],
  ['the prefix /', { paths: [PathMatch.prefix('/')] }],
  ['the prefix / in any case', { paths: [PathMatch.prefix('/', { ignoreCase: true })] }],
  ['the path / and everything below', { paths: [PathMatch.pathPrefix('/')] }],
  ['the regular expression .*', { paths: [PathMatch.regex('.*')] }],
  ['one such path of several', { paths: [PathMatch.exact('/a'), PathMatch.prefix('/')] }],
  ['a name for metrics', { statPrefix: 'a' }],
])('a route with %s is a catch-all', (_, options) => {
  expect(isCatchAll(made(options))).toBe(true);
});

test.each<[string, Partial<RouteOptions>]>([
  ['the exact path /', { paths: [PathMatch.exact('/')] }],
  ['another prefix', { paths: [PathMatch.prefix('/a')] }],
  ['another regular expression', { paths: [PathMatch.regex('/.*')] }],
  ['a header', { headers: [HeaderMatch.present('a')] }],
  ['a header that must be absent', { headers: [HeaderMatch.absent('a')] }],
  ['a parameter', { queryParams: [QueryMatch.present('a')] }],
  ['a method', { methods: ['GET'] }],
  ['a scheme', { scheme: HttpScheme.HTTPS }],
  ['an authority', { authority: AuthorityMatch.exact('a.b') }],
  ['a port', { port: 80 }],
  ['the prefix / and a header', { paths: [PathMatch.prefix('/')], headers: [HeaderMatch.present('a')] }],
  ['a delegate, whose routes may not match every request', { target: RouteTarget.delegate({ delegateName: 'a', delegateNamespace: 'b' }) }],
])('a route with %s is not', (_, options) => {
  expect(isCatchAll(made(options))).toBe(false);
});

test('a route with callers is not a catch-all', () => {
  expect(isCatchAll(renderRoute('A', { target }, { callers: [{ namespace: 'a' }] }))).toBe(false);
});

test('a route after a catch-all is refused, with its paths', () => {
  const all = made({});
  const late = renderRoute('B', { target, paths: [PathMatch.exact('/a'), PathMatch.prefix('/b'), PathMatch.regex('/c.*')] });
  expect(refusal(() => requireReachable(late, all, 'for these hosts'))).toMatchObject({
    prop: 'paths', value: '/a, /b, /c.*', reason: 'can never match: route "A" above matches every request for these hosts; declare "B" before "A"',
  });
  expect(refusal(() => requireReachable(made({ methods: ['GET'] }), all, '')).value).toBe('any path');
  expect(refusal(() => requireReachable(all, all, '')).value).toBe('every request');
  expect(() => requireReachable(late, undefined, '')).not.toThrow();
});

test('names in the annotation have no commas', () => {
  expect(refusal(() => requireListable({ name: 'a,b' }))).toMatchObject({ prop: 'id', value: 'a,b' });
  expect(() => requireListable({ name: 'a b' })).not.toThrow();
});
