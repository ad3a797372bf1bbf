// HAR files: the requests of a browser.
import { addHar } from '../../../src/trace/traffic/har';
import { Traffic } from '../../../src/trace/traffic/traffic';

function read(text: string): Traffic {
  const traffic = new Traffic();
  addHar(traffic, text, 'shop.har');
  return traffic;
}

const entry = (request: object, response: object = {}) => ({ request, response });
const har = (...entries: readonly object[]) => `\ufeff${JSON.stringify({ log: { entries } })}`;

test('a request has the headers that the browser sent, without those of the connection', () => {
  const headers = [
    { name: ':authority', value: 'a.example.com' }, { name: 'Host', value: 'a.example.com' }, { name: 'Connection', value: 'keep-alive' },
    { name: 'Cookie', value: 'a=1' }, { name: 'cookie', value: 'b=2' }, { name: 'User-Agent', value: 'Firefox' },
  ];
  const { requests } = read(har(entry({ method: 'GET', url: 'https://a.example.com/cart?x=1#top', httpVersion: 'h2', headers }, { status: 200 })));
  expect(requests).toMatchObject([{
    line: 'GET https://a.example.com/cart?x=1 cookie=a=1 cookie=b=2 user-agent=Firefox http=2', count: 1, observed: [{ status: 200, count: 1 }],
  }]);
});

test.each([
  ['http/1.0', ' http=1.0'], ['HTTP/1.1', ' http=1.1'], ['http/2.0', ' http=2'], ['HTTP/2', ' http=2'], ['h2', ' http=2'], ['h3', ''], ['HTTP/3', ''], ['unknown', ''], [undefined, ''],
])('the version %s is read as "%s"', (httpVersion, word) => {
  expect(read(har(entry({ method: 'GET', url: 'https://a.example.com/', httpVersion }))).requests.map(({ line }) => line)).toEqual([`GET https://a.example.com/${word}`]);
});

test('a request without a response has no status, and one that is not sent over HTTP is named', () => {
  const { requests, unreadable } = read(har(entry({ method: 'GET', url: 'http://a.example.com/' }, { status: 0 }), entry({ method: 'GET', url: 'data:,x' }), { request: null }));
  expect(requests).toMatchObject([{ line: 'GET http://a.example.com/', observed: [] }]);
  expect(unreadable).toEqual([
    { file: 'shop.har', entry: 2, reason: 'GET data:,x is not sent over HTTP' }, { file: 'shop.har', entry: 3, reason: 'a request without URL is not sent over HTTP' },
  ]);
});

test.each(['{', '[]', '{"log": {}}'])('%s is no HAR file', text => {
  expect(() => read(text)).toThrow(/^shop\.har is no HAR file: /);
});
