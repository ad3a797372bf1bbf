// Rewrites.
import { RE2JS } from 're2js';
import { PathMatch, renderPaths } from '../../../src/edge/match/path-match';
import { Rewrite } from '../../../src/edge/routing/rewrite';
import { refusal } from '../../refusal';

/** The path that Envoy 1.38 forwards, as Istio 1.30 configures it; undefined if no path of the route matches the request. */
function forwarded(rewrite: Rewrite, paths: PathMatch[], path: string): string | undefined {
  const matched = paths.length === 0 ? { uri: undefined } : renderPaths(paths).find(({ uri, ignoreUriCase }) => {
    const [own, requested] = [uri!.exact ?? uri!.prefix ?? '', path].map(text => (ignoreUriCase ? text.toLowerCase() : text));
    return uri!.regex !== undefined ? RE2JS.matches(uri!.regex, path) : uri!.exact !== undefined ? own === requested : requested.startsWith(own);
  });
  const { uri, uriRegexRewrite } = rewrite._render(paths);
  if (matched === undefined || uriRegexRewrite !== undefined) {
    return matched && everyReplaced(uriRegexRewrite!.match!, uriRegexRewrite!.rewrite!, path);
  }
  if (uri === undefined) {
    return path;
  }
  const replaced = matched.uri === undefined ? '/' : matched.uri.prefix ?? path;
  return uri + path.slice(replaced.length);
}

/** RE2::GlobalReplace on a path. */
function everyReplaced(regex: string, substitution: string, path: string): string {
  const matcher = RE2JS.compile(regex).matcher(path);
  let [made, end] = ['', 0];
  while (matcher.find()) {
    made += path.slice(end, matcher.start()) + substitution.replace(/\\([0-9\\])/g, (_, mark: string) => (mark === '\\' ? mark : matcher.group(Number(mark)) ?? ''));
    end = matcher.end();
  }
  return made + path.slice(end);
}

describe('a rewrite of the prefix', () => {
  const below = PathMatch.pathPrefix;

  it('uses a regular expression for paths with two conditions', () => {
    expect(Rewrite.prefix('/v2')._render([below('/foo')])).toEqual({ uriRegexRewrite: { match: '^/foo(/|$)', rewrite: '/v2\\1' } });
    expect(Rewrite.prefix('/')._render([below('/foo')])).toEqual({ uriRegexRewrite: { match: '^/foo(?:/|$)', rewrite: '/' } });
    expect(Rewrite.prefix('/v2')._render([below('/a.b'), below('/c', { ignoreCase: true })])).toEqual({ uriRegexRewrite: { match: '^(?:/a\\.b|(?i:/c))(/|$)', rewrite: '/v2\\1' } });
  });

  it('uses a plain string for paths with one condition', () => {
    expect(Rewrite.prefix('/v2')._render([PathMatch.prefix('/foo')])).toEqual({ uri: '/v2' });
    expect(Rewrite.prefix('/v2')._render([PathMatch.prefix('/foo/'), PathMatch.prefix('/bar/')])).toEqual({ uri: '/v2/' });
    expect(Rewrite.prefix('/v1')._render([])).toEqual({ uri: '/v1/' });
    expect(Rewrite.prefix('/v1')._render([below('/')])).toEqual({ uri: '/v1/' });
    expect(Rewrite.prefix('/v1//')._render([below('/')])).toEqual({ uri: '/v1/' });
  });

  it.each<[string, PathMatch[], string, [string, string | undefined][]]>([
    ['/v2', [below('/foo')], 'whole segments', [['/foo', '/v2'], ['/foo/', '/v2/'], ['/foo/x', '/v2/x'], ['/foo/foo/x', '/v2/foo/x'], ['/foobar', undefined]]],
    ['/v2/', [below('/foo/')], 'trailing slashes', [['/foo', '/v2'], ['/foo/x', '/v2/x']]],
    ['/', [below('/foo')], 'an empty rest', [['/foo', '/'], ['/foo/', '/'], ['/foo/x', '/x'], ['/foo/x/y', '/x/y'], ['/foobar', undefined]]],
    ['/v2', [below('/a'), below('/a/b')], 'the first that matches', [['/a/b/c', '/v2/b/c'], ['/a/b', '/v2/b']]],
    ['/v2', [below('/a/b'), below('/a')], 'the first that matches, in another order', [['/a/b/c', '/v2/c'], ['/a/c', '/v2/c']]],
    ['/v2', [below('/a'), below('/')], 'the root as well', [['/a/b', '/v2/b'], ['/', '/v2/'], ['/c', '/v2/c'], ['/ab', '/v2/ab']]],
    ['/v2', [below('/a.b')], 'a dot, not a pattern', [['/a.b/c', '/v2/c'], ['/aXb', undefined]]],
    ['/v2', [below('/Foo', { ignoreCase: true })], 'any case', [['/fOO/x', '/v2/x'], ['/FOO', '/v2']]],
    ['/v\\1', [below('/foo')], 'a backslash', [['/foo/x', '/v\\1/x']]],
    ['/$1', [below('/foo')], 'a dollar', [['/foo/x', '/$1/x']]],
    ['/v2', [PathMatch.prefix('/foo')], 'plain strings', [['/foo', '/v2'], ['/foo/x', '/v2/x'], ['/foobar', '/v2bar']]],
    ['/v2', [PathMatch.prefix('/foo/')], 'a missing trailing slash', [['/foo/x', '/v2/x'], ['/foo/', '/v2/'], ['/foo', undefined]]],
    ['/', [PathMatch.prefix('/foo/')], 'plain strings with trailing slashes', [['/foo/x', '/x'], ['/foo/', '/']]],
    ['/v1', [PathMatch.prefix('/')], 'every path', [['/', '/v1/'], ['/x', '/v1/x']]],
    ['/v1', [], 'no condition', [['/', '/v1/'], ['/x', '/v1/x'], ['/x/y', '/v1/x/y']]],
    ['/v1', [below('/')], 'the root', [['/', '/v1/'], ['/x', '/v1/x']]],
  ])('to %s with %j handles %s', (to, paths, _, rows) => {
    expect(rows.map(([path]) => [path, forwarded(Rewrite.prefix(to), paths, path)])).toEqual(rows);
  });

  it.each<[string, string, PathMatch[]]>([
    ['an exact path', '/v2', [PathMatch.exact('/a')]],
    ['a regular expression', '/v2', [PathMatch.regex('/a.*')]],
    ['prefixes of both kinds', '/v2', [below('/a'), PathMatch.prefix('/b')]],
    ['prefixes with and without a trailing slash', '/v2', [PathMatch.prefix('/a'), PathMatch.prefix('/b/')]],
    ['a prefix whose slash would be lost', '/', [PathMatch.prefix('/foo')]],
    ['a prefix whose slash would be doubled', '/v2/', [PathMatch.prefix('/foo')]],
    ['an exact path that ends with a slash', '/v2', [PathMatch.exact('/foo/')]],
    ['/ without paths', '/', []],
    ['/ for pathPrefix /', '/', [below('/')]],
  ])('is refused for %s', (_, to, paths) => {
    expect(refusal(() => Rewrite.prefix(to)._render(paths))).toMatchObject({ prop: 'rewrite', value: `Rewrite.prefix('${to}')` });
  });

  it('is refused if the regular expression would be too long', () => {
    expect(refusal(() => Rewrite.prefix('/v2')._render([below(`/${'a'.repeat(600)}`), below(`/${'b'.repeat(600)}`)]))).toMatchObject({ prop: 'rewrite' });
  });
});

describe('a rewrite of the whole path', () => {
  it('uses a plain string if all paths match the whole path, and otherwise a regular expression', () => {
    expect(Rewrite.path('/v2')._render([PathMatch.exact('/a'), PathMatch.regex('/b.*')])).toEqual({ uri: '/v2' });
    expect(Rewrite.path('/v2')._render([PathMatch.exact('/a'), PathMatch.prefix('/b')])).toEqual({ uriRegexRewrite: { match: '^.*$', rewrite: '/v2' } });
  });

  it.each<[PathMatch[], string]>([
    [[PathMatch.exact('/a')], '/a'], [[PathMatch.regex('/a.*')], '/abc'], [[PathMatch.prefix('/a')], '/abc/d'], [[PathMatch.pathPrefix('/a')], '/a/b/c'], [[PathMatch.pathPrefix('/a')], '/a'],
    [[PathMatch.exact('/a'), PathMatch.prefix('/b')], '/bc'], [[], '/any/path'],
  ])('replaces the path with %j', (paths, path) => {
    expect(forwarded(Rewrite.path('/new\\1'), paths, path)).toBe('/new\\1');
  });
});

describe('a rewrite by regular expression', () => {
  it('replaces what it matches', () => {
    const rewrite = Rewrite.regex('^/service/([^/]+)(/.*)$', '\\2/instance/\\1');
    expect(rewrite._render([PathMatch.prefix('/')])).toEqual({ uriRegexRewrite: { match: '^/service/([^/]+)(/.*)$', rewrite: '\\2/instance/\\1' } });
    expect(forwarded(rewrite, [PathMatch.prefix('/')], '/service/foo/v1/api')).toBe('/v1/api/instance/foo');
  });

  it.each<[string, string, string, string]>([
    ['*', '/a', 'regex', '*'], ['/(?=a)', '/a', 'regex', '/(?=a)'], ['/a', '', 'substitution', ''], ['/a', '\\1', 'substitution', '\\1'], ['/(a)', '\\1\\2', 'substitution', '\\1\\2'],
    ['/(a)', '\\n', 'substitution', '\\n'], ['/(a)', '\\', 'substitution', '\\'], ['/a', '/a\n', 'substitution', '/a\n'], ['/a', ['/b'] as never, 'substitution', ['/b'] as never],
  ])('%p to %p is refused', (regex, substitution, prop, value) => {
    expect(refusal(() => Rewrite.regex(regex, substitution))).toMatchObject({ prop, value });
  });

  it('may refer to the whole match and contain a backslash', () => {
    expect(() => Rewrite.regex('/a', '\\0\\\\')).not.toThrow();
  });
});

test('the host is rewritten alone or together with the path', () => {
  expect(Rewrite.authority('a.b:80')._render([PathMatch.prefix('/a')])).toEqual({ authority: 'a.b:80' });
  expect(Rewrite.prefix('/v2', { authority: 'a.b' })._render([PathMatch.prefix('/a')])).toEqual({ uri: '/v2', authority: 'a.b' });
  expect(Rewrite.path('/v2', { authority: 'a.b' })._render([PathMatch.exact('/a')])).toEqual({ uri: '/v2', authority: 'a.b' });
  expect(Rewrite.regex('a', 'b', { authority: 'a.b' })._render([])).toEqual({ uriRegexRewrite: { match: 'a', rewrite: 'b' }, authority: 'a.b' });
});

test.each<[string, () => unknown, string, unknown]>([
  ['a path without a leading slash', () => Rewrite.prefix('v2'), 'prefix', 'v2'],
  ['a path with a query', () => Rewrite.path('/a?b'), 'path', '/a?b'],
  ['no path', () => Rewrite.path(undefined as never), 'path', undefined],
  ['no host', () => Rewrite.authority(''), 'authority', ''],
  ['a wildcard', () => Rewrite.prefix('/a', { authority: '*.a.b' }), 'authority', '*.a.b'],
  ['a number instead of a host', () => Rewrite.prefix('/a', { authority: 1 as never }), 'authority', 1],
  ['null options', () => Rewrite.prefix('/a', null as never), 'options', null],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
