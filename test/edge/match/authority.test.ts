// The authority of a request.
import { AuthorityMatch, requireAuthority } from '../../../src/edge/match/authority';
import { refusal } from '../../refusal';

test('an authority is matched exactly, by prefix, or by regular expression', () => {
  expect([AuthorityMatch.exact('a.b:8443'), AuthorityMatch.prefix('a.b:'), AuthorityMatch.regex('[a-z]+\\.b')].map(match => match._render()))
    .toEqual([{ exact: 'a.b:8443' }, { prefix: 'a.b:' }, { regex: '[a-z]+\\.b' }]);
  expect(refusal(() => AuthorityMatch.exact(''))).toMatchObject({ prop: 'value', value: '' });
  expect(refusal(() => AuthorityMatch.prefix(1 as never))).toMatchObject({ prop: 'value', value: 1 });
  expect(refusal(() => AuthorityMatch.regex('*'))).toMatchObject({ prop: 'regex', value: '*' });
});

test.each(['a', 'a.b', 'a.b:1', 'a.b:65535'])('%p is a host with an optional port', authority => {
  expect(requireAuthority('host', authority)).toBe(authority);
});

test.each(['', '*', '*.a.b', 'A.b', 'https://a.b', 'a.b/', 'a.b:', 'a.b:0', 'a.b:65536', 'a.b:x', 'a.b:80\n', 'a b', undefined, null, 1, ['a.b']])('%p is not an authority', authority => {
  expect(refusal(() => requireAuthority('host', authority as string))).toMatchObject({ prop: 'host', value: authority });
});
