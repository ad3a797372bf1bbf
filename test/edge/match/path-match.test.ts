// Conditions on the path of a request.
import { PathMatch, renderPaths } from '../../../src/edge/match/path-match';
import { refusal } from '../../refusal';

test('a path is compared as a whole, by its beginning, or by a regular expression', () => {
  expect(PathMatch.exact('/cart')._render()).toEqual([{ uri: { exact: '/cart' } }]);
  expect(PathMatch.prefix('/')._render()).toEqual([{ uri: { prefix: '/' } }]);
  expect(PathMatch.prefix('/cart')._render()).toEqual([{ uri: { prefix: '/cart' } }]);
  expect(PathMatch.regex('/v[12]/.*')._render()).toEqual([{ uri: { regex: '/v[12]/.*' } }]);
});

test('a path with all below it is two conditions, because a prefix of Istio knows no segments', () => {
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

test.each(['', 'cart', ' /cart', '/a b', '/a?b=c', '/a#b', '/a\n', '/a\0', 'https://a/b', undefined, null, 1, ['/a']])('%p is no path', path => {
  for (const how of ['exact', 'prefix', 'pathPrefix'] as const) {
    expect(refusal(() => PathMatch[how](path as string))).toMatchObject({ prop: how, value: path });
  }
});

test('a regular expression is one of RE2', () => {
  for (const regex of ['', '/(?=a)', '*', undefined]) {
    expect(refusal(() => PathMatch.regex(regex as string))).toMatchObject({ prop: 'regex', value: regex });
  }
});

test('several paths stand in the order written', () => {
  const paths = [PathMatch.pathPrefix('/b'), PathMatch.exact('/a'), PathMatch.exact('/a', { ignoreCase: true }), PathMatch.prefix('/a')];
  expect(renderPaths(paths)).toEqual([
    { uri: { exact: '/b' } }, { uri: { prefix: '/b/' } }, { uri: { exact: '/a' } }, { uri: { exact: '/a' }, ignoreUriCase: true }, { uri: { prefix: '/a' } },
  ]);
});

test('a path stands once, as a part of another one too', () => {
  expect(refusal(() => renderPaths([PathMatch.exact('/a'), PathMatch.prefix('/b'), PathMatch.exact('/a')]))).toMatchObject({ prop: 'paths[2]', value: '/a', reason: 'must be every path once' });
  expect(refusal(() => renderPaths([PathMatch.pathPrefix('/a'), PathMatch.prefix('/a/')]))).toMatchObject({ prop: 'paths[1]', value: '/a/' });
  expect(refusal(() => renderPaths([PathMatch.regex('/a'), PathMatch.regex('/a')]))).toMatchObject({ prop: 'paths[1]', value: '/a' });
});
