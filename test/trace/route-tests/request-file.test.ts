// Files of route tests: how lines are read, and how ends are written into them.
import { readRequestFile, withEnds } from '../../../src/trace/route-tests/request-file';

const read = (text: string) => readRequestFile(text, 'requests.txt').map(({ line, request, expected }) => [line, request.target, expected?.text]);

test('a line is a request and its expected end; comments and blank lines are passed over', () => {
  expect(read('# shop\n\nGET https://a.example.com/cart -> cart.shop:80@v2\r\n  GET https://a.example.com/old   ->   301 https://a.example.com/new  \nGET https://a.example.com/\n')).toEqual([
    [3, '/cart', 'cart.shop:80@v2'], [4, '/old', '301 https://a.example.com/new'], [5, '/', undefined],
  ]);
});

test.each<[line: string, headers: Record<string, string>, expected: string | undefined]>([
  ['GET https://a.example.com/ note="a -> b" -> 403', { note: 'a -> b' }, '403'],
  ['GET https://a.example.com/ note="a -> b"', { note: 'a -> b' }, undefined],
  ['GET https://a.example.com/ -> 403 # why', {}, '403'],
  ['GET https://a.example.com/ x=1 # why -> 404', { x: '1' }, undefined],
  ['GET https://a.example.com/ note="a # b" -> 301 https://a.example.com/#c # why', { note: 'a # b' }, '301 https://a.example.com/#c'],
])('arrows and comments in quotes are none: %s', (line, headers, expected) => {
  const [found] = readRequestFile(line, 'requests.txt');
  expect([found.request.headers, found.expected?.text]).toEqual([headers, expected]);
});

test('all lines that cannot be read are listed', () => {
  expect(() => read('GET a.example.com -> 403\nGET https://a.example.com/ -> 403\nGET https://a.example.com/ ->\n')).toThrow(
    /^2 lines cannot be read:\n {2}requests\.txt:1: the request "GET a\.example\.com" has the URL a.*\n {2}requests\.txt:3: the expected end "" cannot be read; .*\na request is: METHOD URL .*$/);
  expect(() => read('GET https://a.example.com/ -> 80% a:80')).toThrow(/^requests\.txt:1: the expected end "80% a:80" has shares that add up to 80%/);
});

test('comments stay behind the ends that are written', () => {
  expect(withEnds('GET https://a.example.com/  # one\nGET https://b.example.com/ -> 403   # two\n', new Map([[1, '404'], [2, '200']]))).toBe(
    'GET https://a.example.com/ -> 404  # one\nGET https://b.example.com/ -> 200   # two\n');
});

test('ends are written behind the requests; everything else stays', () => {
  const text = '# one\r\nGET https://a.example.com/\r\n\tGET https://b.example.com/  ->  403\nGET https://c.example.com/ -> 404\n';
  expect(withEnds(text, new Map([[2, '403 denied'], [3, 'a.shop:80']]))).toBe(
    '# one\r\nGET https://a.example.com/ -> 403 denied\r\nGET https://b.example.com/ -> a.shop:80\nGET https://c.example.com/ -> 404\n');
});
