// Redirects.
import { HttpScheme, type RouteConditions } from '../../../src/edge/match/match';
import { PathMatch } from '../../../src/edge/match/path-match';
import { QueryMatch } from '../../../src/edge/match/query-match';
import { DerivePort, type RedirectOptions, renderRedirect, requireNoLoop } from '../../../src/edge/routing/redirect';
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
])('%j is rendered', (options, rendered) => {
  expect(renderRedirect(options)).toEqual(rendered);
});

test.each<[unknown, string, unknown]>([
  [{}, 'host', undefined], [{ status: 302 }, 'host', undefined], [{ derivePort: 'FROM_REQUEST_PORT' }, 'host', undefined], [undefined, 'options', undefined], [null, 'options', null],
  [{ host: '' }, 'host', ''], [{ host: 'https://a.b' }, 'host', 'https://a.b'], [{ host: '*.a.b' }, 'host', '*.a.b'], [{ host: 'a.b:0' }, 'host', 'a.b:0'], [{ host: 1 }, 'host', 1],
  [{ path: '' }, 'path', ''], [{ path: 'new' }, 'path', 'new'], [{ path: 'a/b' }, 'path', 'a/b'], [{ path: '/a b' }, 'path', '/a b'], [{ path: 1 }, 'path', 1],
  [{ scheme: 'ftp' }, 'scheme', 'ftp'], [{ port: 0 }, 'port', 0], [{ port: 65536 }, 'port', 65536], [{ port: '80' }, 'port', '80'], [{ host: 'a.b:80', port: 81 }, 'port', 81],
  [{ host: 'a.b', port: 80, derivePort: 'FROM_REQUEST_PORT' }, 'port', 80], [{ host: 'a.b:80', derivePort: 'FROM_REQUEST_PORT' }, 'derivePort', 'FROM_REQUEST_PORT'],
  [{ path: '/', derivePort: 'FROM_REQUEST_PORT' }, 'derivePort', 'FROM_REQUEST_PORT'], [{ host: 'a.b', derivePort: 'x' }, 'derivePort', 'x'],
  ...[200, 300, 304, 305, 306, 309, 399, 400].map((status): [unknown, string, unknown] => [{ path: '/', status }, 'status', status]), [{ path: '/', status: '301' }, 'status', '301'],
])('%j is refused', (options, prop, value) => {
  expect(refusal(() => renderRedirect(options as RedirectOptions))).toMatchObject({ prop, value });
});

test('the error for a port names what sets the port already', () => {
  expect(refusal(() => renderRedirect({ host: 'a.b:80', port: 81 })).reason).toContain('host');
  expect(refusal(() => renderRedirect({ host: 'a.b', port: 81, derivePort: DerivePort.FROM_REQUEST_PORT })).reason).toContain('derivePort');
});

const HOSTS = ['a.b', '*.c.d'];
const redirect = (options: RedirectOptions, conditions: RouteConditions = {}, hosts = HOSTS) => () => requireNoLoop(renderRedirect(options), conditions, hosts);

test.each<[string, () => void, string]>([
  ['its own host', redirect({ host: 'a.b' }), 'a redirect to a.b'],
  ['a path that it matches', redirect({ path: '/x' }, { paths: [PathMatch.prefix('/y'), PathMatch.exact('/x')] }), 'a redirect to the same host/x'],
  ['a path that it matches, with a query', redirect({ path: '/x?y' }, { paths: [PathMatch.exact('/x')] }), 'a redirect to the same host/x?y'],
  ['a path that it matches, in another case', redirect({ path: '/X' }, { paths: [PathMatch.exact('/x', { ignoreCase: true })] }), 'a redirect to the same host/X'],
  ['a path that it matches on its own host', redirect({ host: 'a.b', path: '/x' }, { paths: [PathMatch.exact('/x')] }), 'a redirect to a.b/x'],
  ['its own host, if it matches one scheme', redirect({ host: 'a.b' }, { scheme: HttpScheme.HTTP }), 'a redirect to a.b'],
  ['the scheme that it matches', redirect({ host: 'a.b', scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTPS }), 'a redirect to a.b'],
  ['a scheme when it matches any scheme', redirect({ scheme: HttpScheme.HTTPS }), 'a redirect to the same host'],
  ['a scheme on its own host when it matches any scheme', redirect({ host: 'a.b', scheme: HttpScheme.HTTPS }), 'a redirect to a.b'],
  ['the default port of HTTPS', redirect({ port: 443 }), 'a redirect to the same host'],
  ['the default port of HTTP', redirect({ port: 80 }), 'a redirect to the same host'],
  ['the default port of its own host', redirect({ host: 'a.b', port: 443 }), 'a redirect to a.b'],
  ['its own host with the default port in the host', redirect({ host: 'a.b:443' }), 'a redirect to a.b:443'],
  ['only the scheme that it matches', redirect({ scheme: HttpScheme.HTTP }, { scheme: HttpScheme.HTTP }), 'a redirect to the same host'],
])('a route that redirects to %s is a redirect loop', (_, call, value) => {
  expect(refusal(call)).toMatchObject({ prop: 'target', value, reason: expect.stringContaining('redirect loop') });
});

test('the error explains how to avoid the loop', () => {
  const loop = 'must not be a redirect that this route matches again, which causes a redirect loop';
  const otherHost = `${loop}; the route must not match requests for a.b`;
  const otherScheme = `${loop}; set \`scheme\` of the route to the scheme of the original requests`;
  expect(refusal(redirect({ host: 'a.b' })).reason).toBe(otherHost);
  expect(refusal(redirect({ host: 'a.b', scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTPS })).reason).toBe(otherHost);
  expect(refusal(redirect({ scheme: HttpScheme.HTTPS })).reason).toBe(otherScheme);
  expect(refusal(redirect({ host: 'a.b', scheme: HttpScheme.HTTPS })).reason).toBe(otherScheme);
  expect(refusal(redirect({ port: 443 })).reason).toBe(loop);
});

test.each<[string, () => void]>([
  ['another host', redirect({ host: 'b.c' })],
  ['a host covered by a wildcard, which another route may match', redirect({ host: 'x.c.d' })],
  ['another port', redirect({ host: 'a.b:8443' })],
  ['another port of the same host', redirect({ host: 'a.b', port: 8443 })],
  ['another path', redirect({ path: '/y' }, { paths: [PathMatch.exact('/x')] })],
  ['a path under a prefix, which an earlier route may match', redirect({ path: '/x/y' }, { paths: [PathMatch.prefix('/x')] })],
  ['the prefix that it matches, which an earlier route may match', redirect({ path: '/x' }, { paths: [PathMatch.prefix('/x')] })],
  ['the path in another case', redirect({ path: '/X' }, { paths: [PathMatch.exact('/x')] })],
  ['another path when the route ignores case', redirect({ path: '/y' }, { paths: [PathMatch.exact('/x', { ignoreCase: true })] })],
  ['a path when the route matches any path', redirect({ path: '/maintenance' })],
  ['the same path on another host', redirect({ host: 'b.c', path: '/x' }, { paths: [PathMatch.exact('/x')] })],
  ['another query when the route matches on the query', redirect({ path: '/x?lang=en' }, { paths: [PathMatch.exact('/x')], queryParams: [QueryMatch.exact('lang', 'de')] })],
  ['another scheme', redirect({ scheme: HttpScheme.HTTPS }, { scheme: HttpScheme.HTTP })],
  ['another scheme and its port', redirect({ scheme: HttpScheme.HTTPS, port: 443 }, { scheme: HttpScheme.HTTP })],
  ['another host and the same scheme', redirect({ host: 'b.c', scheme: HttpScheme.HTTPS })],
])('a redirect to %s is not a loop', (_, call) => {
  expect(call).not.toThrow();
});

test('a redirect to HTTPS needs a route that matches plain HTTP', () => {
  const target = RouteTarget.redirect({ scheme: HttpScheme.HTTPS });
  expect(refusal(() => renderRoute('A', { target }, { hosts: HOSTS }))).toMatchObject({ prop: 'target', reason: expect.stringContaining('set `scheme`') });
  expect(renderRoute('A', { target, scheme: HttpScheme.HTTP }, { hosts: HOSTS }).redirect).toEqual({ scheme: 'https', redirectCode: 301 });
});
