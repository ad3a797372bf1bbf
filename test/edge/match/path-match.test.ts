// Conditions on the path of a request.
import { PathMatch, renderPaths } from '../../../src/edge/match/path-match';
import { refusal } from '../../refusal';

test('a path is matched exactly, by prefix, or by regular expression', () => {
  expect(PathMatch.exact('/cart')._render()).toEqual([{ uri: { exact: '/cart' } }]);
  expect(PathMatch.prefix('/')._render()).toEqual([{ uri: { prefix: '/' } }]);
  expect(PathMatch.prefix('/cart')._render()).toEqual([{ uri: { prefix: '/cart' } }]);
  expect(PathMatch.regex('/v[12]/.*')._render()).toEqual([{ uri: { regex: '/v[12]/.*' } }]);
});

test('pathPrefix is rendered as two conditions, because a prefix in Istio ignores path segments', () => {
  expect(PathMatch.pathPrefix('/foo')._render()).toEqual([{ uri: { exact: '/foo' } }, { uri: { prefix: '/foo/' } }]);
  expect(PathMatch.pathPrefix('/foo/')._render()).toEqual(PathMatch.pathPrefix('/foo')._render());
  expect(PathMatch.pathPrefix('/')._render()).toEqual([{ uri: { prefix: '/' } }]);
});

test('case can be ignored', () => {
  expect(PathMatch.exact('/Cart', { ignoreCase: true })._render()).toEqual([{ uri: { exact: '/Cart' }, ignoreUriCase: true }]);
  expect(PathMatch.prefix('/Cart', { ignoreCase: true })._render()).toEqual([{ uri: { prefix: '/Cart' }, ignoreUriCase: true }]);
  expect(PathMatch.pathPrefix('/a', { ignoreCase: true })._render()).toEqual([{ uri: { exact: '/a' }, ignoreUriCase: true }, { uri: { prefix: '/a/' }, ignoreUriCase: true }]);
  expect(PathMatch.exact('/a', { ignoreCase: false })._render()).toEqual([{ uri: { exact: '/a' } }]);
  expect(refusal(() => PathMatch.exact('/a', { ignoreCase: 'yes' as never }))).toMatchObject({ prop: 'ignoreCase', value: 'yes' });
  expect(refusal(() => PathMatch.exact('/a', null as never))).toMatchObject({ prop: 'options', value: null });
});

test.each(['', 'cart', ' /cart', '/a b', '/a?b=c', '/a#b', '/a\n', '/a\0', 'https://a/b', undefined, null, 1, ['/a']])('%p is not a path', path => {
  for (const how of ['exact', 'prefix', 'pathPrefix'] as const) {
    expect(refusal(() => PathMatch[how](path as string))).toMatchObject({ prop: how, value: path });
  }
});

test.each([
  ['/api/*', "PathMatch.pathPrefix('/api')"], ['/api/**', "PathMatch.pathPrefix('/api')"], ['/*', "PathMatch.pathPrefix('/')"], ['/api*', "PathMatch.prefix('/api')"],
  ['/api/(.*)', "PathMatch.pathPrefix('/api')"], ['/api/.*', "PathMatch.pathPrefix('/api')"], ['/users/{id}', "PathMatch.regex('/users/[^/]+')"],
  ['/v1.0/{id}/orders/**', "PathMatch.regex('/v1\\.0/[^/]+/orders/.*')"], ['/a/*/c', "PathMatch.regex('/a/[^/]+/c')"], ['/a/(.*)/c', "PathMatch.regex('/a/.*/c')"],
])('%s is a glob or a template, and %s is meant', (path, meant) => {
  for (const how of ['exact', 'prefix', 'pathPrefix'] as const) {
    expect(refusal(() => PathMatch[how](path))).toEqual({ prop: how, value: path, path: '', reason: expect.stringContaining(`use ${meant} instead`) });
  }
});

test.each(['/a.b', '/a:b', "/it's", '/a$b', '/a+b', '/a,b;c=d', '/a%2Ab', '/Products(1)'])('%s is a path that requests may have', path => {
  expect(PathMatch.exact(path)._render()).toEqual([{ uri: { exact: path } }]);
});

test('a regular expression must be valid RE2', () => {
  for (const regex of ['', '/(?=a)', '*', undefined]) {
    expect(refusal(() => PathMatch.regex(regex as string))).toMatchObject({ prop: 'regex', value: regex });
  }
});

test('several paths keep their declaration order', () => {
  const paths = [PathMatch.pathPrefix('/b'), PathMatch.exact('/a'), PathMatch.exact('/a', { ignoreCase: true }), PathMatch.prefix('/a')];
  expect(renderPaths(paths)).toEqual([
    { uri: { exact: '/b' } }, { uri: { prefix: '/b/' } }, { uri: { exact: '/a' } }, { uri: { exact: '/a' }, ignoreUriCase: true }, { uri: { prefix: '/a' } },
  ]);
});

test('a path that another path of the route already matches is refused', () => {
  expect(refusal(() => renderPaths([PathMatch.exact('/a'), PathMatch.prefix('/b'), PathMatch.exact('/a')]))).toMatchObject({
    prop: 'paths[2]', value: '/a', reason: '"/a" is already matched by another path of the route',
  });
  expect(refusal(() => renderPaths([PathMatch.pathPrefix('/a'), PathMatch.prefix('/a/')]))).toMatchObject({ prop: 'paths[1]', value: '/a/' });
  expect(refusal(() => renderPaths([PathMatch.regex('/a'), PathMatch.regex('/a')]))).toMatchObject({ prop: 'paths[1]', value: '/a' });
});
