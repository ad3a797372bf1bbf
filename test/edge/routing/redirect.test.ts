// Redirects.
import { HttpScheme } from '../../../src/edge/match/http-scheme';
import type { RouteConditions } from '../../../src/edge/match/match';
import { PathMatch } from '../../../src/edge/match/path-match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { DerivePort, type RedirectOptions, renderRedirect, requireWayOut } from '../../../src/edge/routing/redirect';
import { renderRoute } from '../../../src/edge/routing/route-options';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';

test.each<[RedirectOptions, object]>([
  [{ path: '/new' }, { uri: '/new', redirectCode: 301 }],
  [{ host: 'shop.example.com', status: 308 }, { authority: 'shop.example.com', redirectCode: 308 }],
  [{ host: 'shop.example.com:8443', path: '/new?a=b', status: 302 }, { authority: 'shop.example.com:8443', uri: '/new?a=b', redirectCode: 302 }],
  [{ scheme: HttpScheme.HTTPS, status: 307 }, { scheme: 'https', redirectCode: 307 }],
  [{ port: 8443, status: 303 }, { port: 8443, redirectCode: 303 }],
  [{ host: 'a.b', port: 8443, scheme: HttpScheme.HTTPS }, { authority: 'a.b', port: 8443, scheme: 'https', redirectCode: 301 }],
  [{ host: 'a.b', derivePort: DerivePort.FROM_REQUEST_PORT }, { authority: 'a.b', derivePort: 'FROM_REQUEST_PORT', redirectCode: 301 }],
  [{ scheme: HttpScheme.HTTPS, derivePort: DerivePort.FROM_PROTOCOL_DEFAULT }, { scheme: 'https', derivePort: 'FROM_PROTOCOL_DEFAULT', redirectCode: 301 }],
])('%j is written', (options, written) => {
  expect(renderRedirect(options)).toEqual(written);
});

test.each<[unknown, string, unknown]>([
  [{}, 'host', undefined], [{ status: 302 }, 'host', undefined], [{ derivePort: 'FROM_REQUEST_PORT' }, 'host', undefined], [undefined, 'options', undefined], [null, 'options', null],
  [{ host: '' }, 'host', ''], [{ host: 'https://a.b' }, 'host', 'https://a.b'], [{ host: '*.a.b' }, 'host', '*.a.b'], [{ host: 'a.b:0' }, 'host', 'a.b:0'], [{ host: 1 }, 'host', 1],
  [{ path: '' }, 'path', ''], [{ path: 'new' }, 'path', 'new'], [{ path: '/a b' }, 'path', '/a b'], [{ path: 1 }, 'path', 1],
  [{ scheme: 'ftp' }, 'scheme', 'ftp'], [{ port: 0 }, 'port', 0], [{ port: 65536 }, 'port', 65536], [{ port: '80' }, 'port', '80'], [{ host: 'a.b:80', port: 81 }, 'port', 81],
  [{ host: 'a.b', port: 80, derivePort: 'FROM_REQUEST_PORT' }, 'port', 80], [{ host: 'a.b:80', derivePort: 'FROM_REQUEST_PORT' }, 'derivePort', 'FROM_REQUEST_PORT'],
  [{ path: '/', derivePort: 'FROM_REQUEST_PORT' }, 'derivePort', 'FROM_REQUEST_PORT'], [{ host: 'a.b', derivePort: 'x' }, 'derivePort', 'x'],
  ...[200, 300, 304, 305, 306, 309, 399, 400].map((status): [unknown, string, unknown] => [{ path: '/', status }, 'status', status]), [{ path: '/', status: '301' }, 'status', '301'],
])('%j is refused', (options, prop, value) => {
  expect(refusal(() => renderRedirect(options as RedirectOptions))).toMatchObject({ prop, value });
});

const HOSTS = ['a.b', '*.c.d'];
const wayOut = (options: RedirectOptions, conditions: RouteConditions = {}, hosts = HOSTS) => () => requireWayOut(renderRedirect(options), conditions, hosts);

test.each<[string, () => void, string]>([
  ['the host that it is about', wayOut({ host: 'a.b' }), 'a redirect to a.b'],
  ['a path that it takes itself', wayOut({ path: '/x' }, { paths: [PathMatch.prefix('/y'), PathMatch.exact('/x')] }), 'a redirect to the same host/x'],
  ['that path with a query', wayOut({ path: '/x?y' }, { paths: [PathMatch.exact('/x')] }), 'a redirect to the same host/x?y'],
  ['that path in another case', wayOut({ path: '/X' }, { paths: [PathMatch.exact('/x', { ignoreCase: true })] }), 'a redirect to the same host/X'],
  ['that path of that host', wayOut({ host: 'a.b', path: '/x' }, { paths: [PathMatch.exact('/x')] }), 'a redirect to a.b/x'],
  ['the scheme that it is about', wayOut({ host: 'a.b', scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTPS }), 'a redirect to a.b'],
  ['a scheme that it takes, too', wayOut({ scheme: HttpScheme.HTTPS }), 'a redirect to the same host'],
  ['a scheme that it takes, too, of that host', wayOut({ host: 'a.b', scheme: HttpScheme.HTTPS }), 'a redirect to a.b'],
  ['the default port of HTTPS', wayOut({ port: 443 }), 'a redirect to the same host'],
  ['the default port of HTTP', wayOut({ port: 80 }), 'a redirect to the same host'],
  ['the default port of that host', wayOut({ host: 'a.b', port: 443 }), 'a redirect to a.b'],
  ['the default port of that host, written behind it', wayOut({ host: 'a.b:443' }), 'a redirect to a.b:443'],
  ['the same scheme and nothing else', wayOut({ scheme: HttpScheme.HTTP }, { scheme: HttpScheme.HTTP }), 'a redirect to the same host'],
])('a route that redirects to %s would do so for ever', (_, call, value) => {
  expect(refusal(call)).toMatchObject({ prop: 'target', value, reason: expect.stringContaining('for ever') });
});

test('the error says what to change', () => {
  const loop = 'must be a redirect that leads elsewhere: this route would take the request again, for ever';
  const elsewhere = `${loop}; only a route that does not take requests for a.b may lead there`;
  const otherScheme = `${loop}; name the scheme that the requests have in \`scheme\``;
  expect(refusal(wayOut({ host: 'a.b' })).reason).toBe(elsewhere);
  expect(refusal(wayOut({ host: 'a.b', scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTPS })).reason).toBe(elsewhere);
  expect(refusal(wayOut({ scheme: HttpScheme.HTTPS })).reason).toBe(otherScheme);
  expect(refusal(wayOut({ host: 'a.b', scheme: HttpScheme.HTTPS })).reason).toBe(otherScheme);
  expect(refusal(wayOut({ port: 443 })).reason).toBe(loop);
});

test.each<[string, () => void]>([
  ['another host', wayOut({ host: 'b.c' })],
  ['a host below a wildcard, which another route may take', wayOut({ host: 'x.c.d' })],
  ['another port', wayOut({ host: 'a.b:8443' })],
  ['another port of the same host', wayOut({ host: 'a.b', port: 8443 })],
  ['another path', wayOut({ path: '/y' }, { paths: [PathMatch.exact('/x')] })],
  ['a path below a prefix, which an earlier route may take', wayOut({ path: '/x/y' }, { paths: [PathMatch.prefix('/x')] })],
  ['a path of a route that takes all', wayOut({ path: '/maintenance' })],
  ['the same path on another host', wayOut({ host: 'b.c', path: '/x' }, { paths: [PathMatch.exact('/x')] })],
  ['another query, by which it tells requests apart', wayOut({ path: '/x?lang=en' }, { paths: [PathMatch.exact('/x')], queryParams: [QueryMatch.exact('lang', 'de')] })],
  ['another scheme', wayOut({ scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTP })],
  ['another scheme and its port', wayOut({ scheme: HttpScheme.HTTPS, port: 443 }, { scheme: HttpScheme.HTTP })],
  ['another host and the same scheme', wayOut({ host: 'b.c', scheme: HttpScheme.HTTPS })],
])('a redirect to %s is a way out', (_, call) => {
  expect(call).not.toThrow();
});

test('a route to HTTPS is one of plain HTTP', () => {
  const target = RouteTarget.redirect({ scheme: HttpScheme.HTTPS });
  expect(refusal(() => renderRoute('A', { target }, { hosts: HOSTS }))).toMatchObject({ prop: 'target', reason: expect.stringContaining('name the scheme') });
  expect(renderRoute('A', { target, scheme: HttpScheme.HTTP }, { hosts: HOSTS }).redirect).toEqual({ scheme: 'https', redirectCode: 301 });
});
