// What a route looks at.
import { HeaderMatch, PathMatch, renderMatches } from '../../src/edge/match';
import { refusal } from '../refusal';

test('a path is compared as a whole or by its beginning', () => {
  expect(PathMatch.exact('/cart')._render()).toEqual({ exact: '/cart' });
  expect(PathMatch.prefix('/')._render()).toEqual({ prefix: '/' });
});

test.each(['', 'cart', ' /cart', '/a b', '/a?b=c', '/a#b', '/a\n', 'https://a/b', undefined, 1])('%p is no path', path => {
  expect(refusal(() => PathMatch.exact(path as string))).toMatchObject({ prop: 'exact', value: path });
  expect(refusal(() => PathMatch.prefix(path as string))).toMatchObject({ prop: 'prefix', value: path });
});

test('a header has a value, a beginning, or is just there', () => {
  const matches = [HeaderMatch.exact('end-user', 'Jason'), HeaderMatch.prefix('x-lab', 'a'), HeaderMatch.present('x-canary')];
  expect(matches.map(match => [match.name, match._render()])).toEqual([['end-user', { exact: 'Jason' }], ['x-lab', { prefix: 'a' }], ['x-canary', {}]]);
});

test.each(['', 'End-User', 'end user', 'a:b', ':authority', undefined, 1])('%p is not the name of a header', name => {
  expect(refusal(() => HeaderMatch.present(name as string))).toMatchObject({ prop: 'name', value: name });
});

test('a value is not empty: Envoy would take it for any value', () => {
  expect(refusal(() => HeaderMatch.exact('a', ''))).toMatchObject({ prop: 'value', value: '' });
  expect(refusal(() => HeaderMatch.prefix('a', undefined as never))).toMatchObject({ prop: 'value', value: undefined });
});

describe('the match blocks of a route', () => {
  const [cart, static_] = [PathMatch.exact('/cart'), PathMatch.prefix('/static')];
  const [jason, lab] = [HeaderMatch.exact('end-user', 'jason'), HeaderMatch.present('x-lab')];

  it('are absent where every request is taken', () => {
    expect(renderMatches([], [])).toBeUndefined();
  });

  it('are one per path, in the order written', () => {
    expect(renderMatches([static_, cart], [])).toEqual([{ uri: { prefix: '/static' } }, { uri: { exact: '/cart' } }]);
  });

  it('are one for headers alone', () => {
    expect(renderMatches([], [jason, lab])).toEqual([{ headers: { 'end-user': { exact: 'jason' }, 'x-lab': {} } }]);
  });

  it('repeat all headers in every path', () => {
    const headers = { 'end-user': { exact: 'jason' } };
    expect(renderMatches([cart, static_], [jason])).toEqual([{ uri: { exact: '/cart' }, headers }, { uri: { prefix: '/static' }, headers }]);
  });

  it('have every header once', () => {
    expect(refusal(() => renderMatches([], [jason, lab, HeaderMatch.prefix('end-user', 'j')]))).toMatchObject({ prop: 'headers[2]', value: 'end-user' });
  });
});
