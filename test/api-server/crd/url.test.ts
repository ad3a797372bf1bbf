// URLs as Go reads them: what `ParseRequestURI` of Go 1.26 net/url says of each.
import { parseGoUrl } from '../../../src/api-server/crd/go-url';

test.each([
  ['http://a', 'http'], ['HTTPS://a/b?c#d', 'https'], ['oci://registry:5000/a/b@sha256:0', 'oci'], ['file:///a b', 'file'],
  ['http://', 'http'], ['http:///a', 'http'], ['mailto:a@b', 'mailto'], ['localhost:5000/a', 'localhost'], ['a.b-c+d:', 'a.b-c+d'],
  ['/', ''], ['/a:b', ''], ['*', ''], ['http://u:p@a:80/', 'http'], ['http://a:/', 'http'], ['http://a:99999/', 'http'],
  ['http://[::1]:80/', 'http'], ['http://[fe80::1%25en0]:80/', 'http'], ['http://[fe80::1%25%65%20]/', 'http'], ['http://a%25', 'http'], ['http://a:b:1', 'http'], ['http://ä/', 'http'], ['http://%C3%A4/', 'http'], ['http://a?b c', 'http'],
])('%s has the scheme "%s"', (text, scheme) => {
  expect(parseGoUrl(text)).toEqual({ scheme });
});

test.each([
  '', 'a', 'a/b:c', '?a', '#a', ':a', '1a:b', ' http://a', 'http://a b/', 'http://a:b/', 'http://a\n', '/\x7f', 'http://a/%', 'http://a/%zz', '/%g0',
  'http://[::1', 'http://[::1]a/', 'http://[a]/', 'http://[1.2.3.4]/', 'http://[fe80::1%25]/', 'http://[fe80::1%25%2f]/', 'http://a[::1]/', 'http://192.168.0.%31/', 'http://%41/', 'http://a#b', 'http://u ser@a/', 'http://a\\b/', 'http://a^/',
])('%j is not a URL', text => {
  expect(parseGoUrl(text)).toBeUndefined();
});
