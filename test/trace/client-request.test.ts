// The one line of text of a request.
import { type ClientRequest, formatRequest, parseRequest } from '../../src/trace/client-request';

const BASE: ClientRequest = { method: 'GET', scheme: 'https', host: 'a.example.com', port: 443, target: '/', headers: {} };

test.each<[line: string, request: Partial<ClientRequest>]>([
  ['GET https://a.example.com/', {}],
  ['  PURGE   http://A.Example.com:8080?q=1  ', { method: 'PURGE', scheme: 'http', host: 'a.example.com', port: 8080, target: '/?q=1' }],
  ['GET HTTPS://[::1]:8443/x#y', { host: '[::1]', port: 8443, target: '/x#y' }],
  ['GET https://a.example.com/ X-User=ann x-b=', { headers: { 'x-user': 'ann', 'x-b': '' } }],
  ['GET https://a.example.com/ a="b c" d=e=f g="\\"h\\\\"', { headers: { a: 'b c', d: 'e=f', g: '"h\\' } }],
  ['GET https://a.example.com/ x=1 X=2 x="3 4"', { headers: { x: '1,2,3 4' }, repeated: { x: ['1', '2', '3 4'] } }],
  ['GET https://a.example.com/ cookie=a=1 cookie=b=2', { headers: { cookie: 'a=1; b=2' }, repeated: { cookie: ['a=1', 'b=2'] } }],
  ['GET https://a.example.com/"b c=d"', { target: '/"b', headers: { c: 'd"' } }],
  ['GET https://a.example.com/="b c=d"', { target: '/="b', headers: { c: 'd"' } }],
  ['GET https://a.example.com/ via=gateway:8443', { via: { is: 'gateway', port: 8443 } }],
  ['GET https://a.example.com/ via=gateway:edge/gw:443', { via: { is: 'gateway', namespace: 'edge', name: 'gw', port: 443 } }],
  ['GET https://a.example.com/ via=pod:shop/cart', { via: { is: 'pod', namespace: 'shop', workload: 'cart' } }],
  ['GET https://a.example.com/ via=load-balancer:shop/edge', { via: { is: 'load-balancer', group: 'shop/edge' } }],
  ['GET https://a.example.com/ sni=B.example.com from=2001:db8::1 http=2 cert', { serverName: 'b.example.com', from: '2001:db8::1', http: '2', hasCertificate: true }],
  ['GET https://a.example.com/ login Login=x', { isLoggedIn: true, headers: { login: 'x' } }],
  ['GET https://a.example.com/ sni=', { serverName: '' }],
  ['GET https://a.example.com/ claims={"iss": "a b", "x": {"y": "}"}} From=me', { claims: { iss: 'a b', x: { y: '}' } }, headers: { from: 'me' } }],
])('%s is read', (line, request) => {
  expect(parseRequest(line)).toEqual({ ...BASE, ...request });
});

test.each([
  ['GET', 'has no method or no URL'],
  ['G(T https://a/', 'starts with G(T, which is no HTTP method'],
  ['GET a.example.com/', 'has the URL a.example.com/; expected http:// or https://, a host, and a path'],
  ['GET https://user@a.example.com/', 'has the URL https://user@a.example.com/'],
  ['GET https://a:0/', 'has the port 0; expected 1 to 65535'],
  ['GET https://a:65536/', 'has the port 65536; expected 1 to 65535'],
  ['GET https://a/ header', 'has the word header; expected header=value'],
  ['GET https://a/ c="d e', 'has c="d; expected a quote at the end of the value, too'],
  ['GET https://a/ c="d"e', 'has c="d"e; expected a quote at the end of the value, too'],
  ['GET https://a/ c="', 'has c="; expected a quote at the end of the value, too'],
  ['GET https://a/ Host="b c"', 'has Host="b c"; expected a host without blanks'],
  ['GET https://a/ form=1.2.3.4', 'has the header form; did you mean from? If not, write it with a capital: Form=…'],
  ['GET https://a/ claim={"iss": "a b"}', 'has the header claim; did you mean claims? If not, write it with a capital: Claim=…'],
  ['GET https://a/ certs=1', 'has the header certs; did you mean cert? If not, write it with a capital: Certs=…'],
  ['GET https://a/ cert=1', 'has cert=1; the word cert has no value, and a header of that name is written Cert=…'],
  ['GET https://a/ login=ann', 'has login=ann; the word login has no value, and a header of that name is written Login=…'],
  ['GET https://a/ logins=1', 'has the header logins; did you mean login? If not, write it with a capital: Logins=…'],
  ['GET https://a/ sni=a sni=b', 'has sni twice'],
  ['GET https://a/ from=host', 'has from=host; expected an IP address'],
  ['GET https://a/ http=3', 'has http=3; expected 1.0, 1.1 or 2'],
  ['GET https://a/ via=pod:x', 'has via=pod:x; expected gateway:PORT'],
  ['GET https://a/ via=gateway:70000', 'has the port 70000; expected 1 to 65535'],
  ['get https://a/', 'starts with get; methods are case-sensitive: write GET'],
  ['GET wss://a/', 'has the URL wss://a/; a WebSocket begins with a request of HTTP: write https://'],
  ['GET ws://a/', 'has the URL ws://a/; a WebSocket begins with a request of HTTP: write http://'],
  ['GET https://a/ claims=[]', 'has claims=[]; expected a JSON object'],
  ['GET https://a/ claims={"a": 1', 'has claims={"a": 1; expected a JSON object'],
])('%s is no request', (line, message) => {
  expect(() => parseRequest(line)).toThrow(`the request "${line}" ${message}`);
  expect(() => parseRequest(line)).toThrow('\na request is: METHOD URL [header=value …]');
});

test.each<[line: string, request: Partial<ClientRequest>]>([
  ['GET https://a.example.com/', {}],
  ['GET http://a.example.com:443/', { scheme: 'http' }],
  ['GET https://a.example.com/ Via=x Cert=y z="1 2" sni= cert login', { headers: { via: 'x', cert: 'y', z: '1 2' }, serverName: '', hasCertificate: true, isLoggedIn: true }],
])('%s is written', (line, request) => {
  expect(formatRequest({ ...BASE, ...request })).toBe(line);
});

test('a header that looks like a slip of a word is written with a capital, and no registered header does', () => {
  const request = { ...BASE, headers: { form: '1', claim: '2', cert: '3', 'x-form': '4' } };
  expect(formatRequest(request)).toBe('GET https://a.example.com/ Form=1 Claim=2 Cert=3 x-form=4');
  expect(parseRequest(formatRequest(request))).toEqual(request);
  const registered = 'accept age allow authorization close connection cookie date dnt dpr ect etag expect expires forwarded from host link location origin pragma prefer '
    + 'range referer rtt server te trailer upgrade vary via warning width priority';
  const headers = Object.fromEntries(registered.split(' ').filter(name => name !== 'from' && name !== 'via').map(name => [name, 'x']));
  expect(parseRequest(`GET https://a.example.com/ ${Object.keys(headers).map(name => `${name}=x`).join(' ')}`).headers).toEqual(headers);
});
