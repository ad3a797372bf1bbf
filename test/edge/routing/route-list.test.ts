// Which route ends the list of a VirtualService, and how managed weights are marked.
import { PathMatch } from '../../../src/edge/match/match';
import { requireListable, requireReachable, takesAll } from '../../../src/edge/routing/route-list';
import { renderRoute, type RouteOptions } from '../../../src/edge/routing/route-options';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { HeaderMatch } from '../../../src/edge/match/header-match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { HttpScheme } from '../../../src/edge/match/http-scheme';
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
])('a route with %s takes every request', (_, options) => {
  expect(takesAll(made(options))).toBe(true);
});

test.each<[string, Partial<RouteOptions>]>([
  ['the very path /', { paths: [PathMatch.exact('/')] }],
  ['another prefix', { paths: [PathMatch.prefix('/a')] }],
  ['another regular expression', { paths: [PathMatch.regex('/.*')] }],
  ['a header', { headers: [HeaderMatch.present('a')] }],
  ['a header that is not there', { headers: [HeaderMatch.absent('a')] }],
  ['a parameter', { queryParams: [QueryMatch.present('a')] }],
  ['a method', { methods: ['GET'] }],
  ['a scheme', { scheme: HttpScheme.HTTPS }],
  ['an authority', { authority: AuthorityMatch.exact('a.b') }],
  ['a port', { port: 80 }],
  ['the prefix / and a header', { paths: [PathMatch.prefix('/')], headers: [HeaderMatch.present('a')] }],
  ['a delegate, which may leave requests to the routes that follow', { target: RouteTarget.delegate({ delegateName: 'a', delegateNamespace: 'b' }) }],
])('a route with %s does not', (_, options) => {
  expect(takesAll(made(options))).toBe(false);
});

test('callers in the mesh are a condition, too', () => {
  expect(takesAll(renderRoute('A', { target }, { callers: [{ namespace: 'a' }] }))).toBe(false);
  expect(takesAll(undefined)).toBe(false);
});

test('a route is refused where all lists end before it, by its paths', () => {
  const [all, some] = [made({}), made({ methods: ['GET'] })];
  const late = made({ paths: [PathMatch.exact('/a'), PathMatch.prefix('/b'), PathMatch.regex('/c.*')] });
  expect(refusal(() => requireReachable(late, [all, all], 'of these hosts')))
    .toMatchObject({ prop: 'paths', value: '/a, /b, /c.*', reason: 'cannot be set: route A takes every request of these hosts, so write this one before it' });
  expect(refusal(() => requireReachable(some, [all], 'of these hosts')).value).toBe('any path');
  expect(refusal(() => requireReachable(all, [all], 'of these hosts')).value).toBe('every request');
  expect(() => requireReachable(late, [all, some], '')).not.toThrow();
  expect(() => requireReachable(late, [undefined], '')).not.toThrow();
});

test('names that stand in a list have no commas', () => {
  expect(refusal(() => requireListable({ name: 'a,b' }))).toMatchObject({ prop: 'id', value: 'a,b' });
  expect(() => requireListable({ name: 'a b' })).not.toThrow();
});
