// Routes that no request can reach, because earlier routes match all of their requests.
import { App } from 'cdk8s';
import * as fc from 'fast-check';
import { AlbIstioEdge, HeaderMatch, PathMatch, QueryMatch, RouteTarget } from '../../../src';
import { InvalidProps } from '../../../src/base/errors';
import { check } from '../../../src/checks/runner';
import { SHELF } from '../../../src/checks/shelf';
import { EarlierRoutes, requireReached } from '../../../src/edge/routing/earlier-routes';
import { renderRoute, type RouteOptions } from '../../../src/edge/routing/route-options';
import { CorsOrigin } from '../../../src/edge/routing/cors';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { HttpScheme } from '../../../src/edge/match/match';
import { readConstructs } from '../../../src/manifests/constructs';
import { refusal } from '../../refusal';
import { runs } from '../../runs';

type Conditions = Omit<RouteOptions, 'target'>;

const made = (id: string, status: number, conditions: Conditions) => renderRoute(id, { ...conditions, target: RouteTarget.respond(status) }, { hosts: ['a.b'], atGateway: true });
const add = (earlier: Conditions, later: Conditions, status = 504) => () => (
  requireReached(made('Later', status, later), [[new EarlierRoutes([{ http: made('Earlier', 503, earlier) }])]], 'for these hosts'));
const { exact, prefix, pathPrefix, regex } = PathMatch;

test.each<[string, Conditions, Conditions, string]>([
  ['a path below', { paths: [pathPrefix('/api')] }, { paths: [pathPrefix('/api/v2')] }, 'paths can never match /api/v2: route "Earlier" above matches every such request for these hosts; declare "Later" before "Earlier"'],
  ['the same exact path', { paths: [exact('/a')] }, { paths: [exact('/a')] }, 'paths can never match /a: route "Earlier" above matches every such request for these hosts; keep one of the two'],
  ['one path of several', { paths: [exact('/a')] }, { paths: [exact('/b'), exact('/a')] }, 'paths can never match /a: route "Earlier" above matches every such request for these hosts; keep one of the two'],
  ['a longer prefix', { paths: [prefix('/us')] }, { paths: [prefix('/user')] }, 'paths can never match /user: route "Earlier" above matches every such request for these hosts; declare "Later" before "Earlier"'],
  ['a path that a regular expression matches', { paths: [regex('/v[12]/.*')] }, { paths: [exact('/v1/a')] }, 'paths can never match /v1/a: route "Earlier" above matches every such request for these hosts; declare "Later" before "Earlier"'],
  ['a path in another case', { paths: [exact('/a', { ignoreCase: true })] }, { paths: [exact('/A')] }, 'paths can never match /A: route "Earlier" above matches every such request for these hosts; declare "Later" before "Earlier"'],
  ['the same header', { headers: [HeaderMatch.exact('x', 'a')] }, { headers: [HeaderMatch.exact('x', 'a')] }, 'paths can never match: route "Earlier" above matches every such request for these hosts; keep one of the two'],
  ['a header and a method', { headers: [HeaderMatch.present('x')] }, { headers: [HeaderMatch.exact('x', 'a')], methods: ['GET'] }, 'paths can never match: route "Earlier" above matches every such request for these hosts; declare "Later" before "Earlier"'],
  ['the same port', { port: 80 }, { port: 80 }, 'paths can never match: route "Earlier" above matches every such request for these hosts; keep one of the two'],
  ['the same claim', { claims: [ClaimMatch.exact(['a'], 'b')] }, { claims: [ClaimMatch.exact(['a'], 'b')] }, 'paths can never match: route "Earlier" above matches every such request for these hosts; keep one of the two'],
])('a route for %s is refused', (_, earlier, later, message) => {
  expect(add(earlier, later)).toThrow(message);
});

test.each<[string, Conditions, Conditions]>([
  ['a path above', { paths: [pathPrefix('/api/v2')] }, { paths: [pathPrefix('/api')] }],
  ['a path and everything below, of which the path alone is an exception', { paths: [exact('/api')] }, { paths: [pathPrefix('/api')] }],
  ['another path', { paths: [pathPrefix('/api')] }, { paths: [pathPrefix('/apis')] }],
  ['another method', { paths: [exact('/a')], methods: ['GET'] }, { paths: [exact('/a')], methods: ['POST'] }],
  ['another parameter', { queryParams: [QueryMatch.exact('q', 'a')] }, { queryParams: [QueryMatch.exact('q', 'b')] }],
  ['a header that the earlier excludes', { headers: [HeaderMatch.absent('x')] }, { headers: [HeaderMatch.present('x')] }],
  ['another port', { port: 80 }, { port: 443 }],
  ['any port', { port: 80, paths: [exact('/a')] }, { paths: [exact('/a')] }],
  ['another scheme', { scheme: HttpScheme.HTTP }, { scheme: HttpScheme.HTTPS }],
  ['a claim in another case', { claims: [ClaimMatch.exact(['Group'], 'a')] }, { claims: [ClaimMatch.exact(['group'], 'a')] }],
])('a route for %s is not', (_, earlier, later) => {
  expect(add(earlier, later)).not.toThrow();
});

test('a route with a CORS policy whose preflight requests never reach it is refused for its policy', () => {
  const cors = { allowOrigins: [CorsOrigin.exact('https://a.example.com')] };
  const api = { paths: [pathPrefix('/api')], methods: ['GET'], cors };
  const message = (...args: Parameters<typeof add>) => refusal(add(...args)).prop + ' ' + refusal(add(...args)).reason;
  expect(message({ paths: [prefix('/')], methods: ['OPTIONS'] }, api)).toBe(
    'cors cannot respond to preflight requests for /api: route "Earlier" above matches all of them for these hosts; declare "Later" before "Earlier"');
  expect(message({ methods: ['OPTIONS'] }, { methods: ['GET'], cors })).toBe(
    'cors cannot respond to preflight requests: route "Earlier" above matches all of them for these hosts; declare "Later" before "Earlier"');
  expect(message({ paths: [pathPrefix('/api')] }, api)).toMatch(/^paths can never match \/api: /);
  expect(add({ paths: [pathPrefix('/api/v1')], methods: ['OPTIONS'] }, api)).not.toThrow();
});

test('a route that does the same as the earlier one is not refused', () => {
  expect(add({ paths: [pathPrefix('/a')] }, { paths: [exact('/a/b')] }, 503)).not.toThrow();
  expect(add({ paths: [pathPrefix('/a')] }, { paths: [exact('/a/b')] })).toThrow('can never match /a/b');
});

test('requests continue behind a route to a delegate', () => {
  const delegate = renderRoute('Team', { paths: [pathPrefix('/team')], target: RouteTarget.delegate({ delegateName: 'a', delegateNamespace: 'b' }) });
  expect(() => requireReached(made('Later', 503, { paths: [exact('/team/a')] }), [[new EarlierRoutes([{ http: delegate }])]], '')).not.toThrow();
});

test('callers are conditions as well', () => {
  const from = (id: string, status: number, ...namespaces: string[]) => (
    renderRoute(id, { paths: [exact('/a')], target: RouteTarget.respond(status) }, { callers: namespaces.map(namespace => ({ namespace, labels: { a: 'b' } })) }));
  const earlier = [new EarlierRoutes([{ http: from('A', 503, 'x') }])];
  expect(() => requireReached(from('B', 504, 'y'), [earlier], '')).not.toThrow();
  expect(() => requireReached(from('B', 504, 'x', 'y'), [earlier], '')).not.toThrow();
  expect(() => requireReached(from('B', 504, 'x'), [earlier], '')).toThrow('can never match /a');
});

test('a route is refused only if it cannot be reached at any place', () => {
  const lists = [new EarlierRoutes([{ http: made('A', 503, { paths: [exact('/a')] }) }])];
  const later = made('B', 504, { paths: [exact('/a')] });
  expect(() => requireReached(later, [lists, []], '')).not.toThrow();
  expect(() => requireReached(later, [lists, [new EarlierRoutes([])]], '')).not.toThrow();
  expect(() => requireReached(later, [lists, lists], '')).toThrow('can never match /a');
});

describe('at an edge', () => {
  const edge = (app = new App()) => new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com', 'b.example.com'], gateway: { credentialName: 'tls' } });
  const target = (status: number) => RouteTarget.respond(status);

  it('hosts with other routes keep a route', () => {
    const own = edge();
    own.addRoute('Api', { paths: [pathPrefix('/api')], target: target(503), hosts: ['a.example.com'] });
    expect(refusal(() => own.addRoute('V2', { paths: [pathPrefix('/api/v2')], target: target(504), hosts: ['a.example.com'] }))).toMatchObject({
      prop: 'paths', value: '/api/v2', path: 'edge/V2',
    });
    own.addRoute('V2', { paths: [pathPrefix('/api/v2')], target: target(504) });
  });

  it('what the routes of one host hide is left out for that host', () => {
    const own = edge();
    own.addRoute('Own', { paths: [exact('/a')], target: target(501), hosts: ['a.example.com'] });
    own.addRoute('Both', { paths: [exact('/a'), exact('/b')], target: target(502) });
    own.addRoute('All', { target: target(503), hosts: ['a.example.com'] });
    own.addRoute('Rest', { paths: [exact('/c')], target: target(504) });
    const routes = Object.fromEntries(readConstructs(own).filter(({ object }) => object.kind === 'VirtualService').map(({ object }) => {
      const { hosts, http } = object.spec as { hosts: string[]; http: { name: string; match?: { uri: { exact: string } }[] }[] };
      return [hosts.join(), http.map(({ name, match = [] }) => [name, ...match.map(({ uri }) => uri.exact)].join(' '))];
    }));
    expect(routes).toEqual({ 'a.example.com': ['Own /a', 'Both /b', 'All'], 'b.example.com': ['Both /a /b', 'Rest /c'] });
  });

  it('the checks at synth find nothing in what is accepted', () => {
    const shelf = SHELF.filter(({ id }) => id === 'unreachable-route' || id === 'route-behind-catch-all');
    const text = fc.constantFrom('/', '/a', '/a/b', '/ab', '/A');
    const path = fc.oneof(
      fc.tuple(fc.constantFrom(exact, prefix, pathPrefix), text, fc.boolean()).map(([make, own, ignoreCase]) => make(own, { ignoreCase })),
      fc.constantFrom('/a.*', '/(a|b)', '.*b').map(regex),
    );
    const value = fc.constantFrom(HeaderMatch.present('x'), HeaderMatch.exact('x', 'a'), HeaderMatch.prefix('x', 'a'), HeaderMatch.absent('x'), HeaderMatch.notExact('x', 'a'));
    const conditions = fc.record({
      paths: fc.uniqueArray(path, { minLength: 1, maxLength: 2, selector: own => JSON.stringify(own._render()) }), methods: fc.constantFrom('GET', 'GET POST').map(own => own.split(' ')),
      headers: value.map(own => [own]), hosts: fc.constantFrom('a.example.com', 'b.example.com').map(own => [own]), port: fc.constantFrom(80, 8443),
    }, { requiredKeys: [] });
    let [accepted, refused] = [0, 0];
    fc.assert(fc.property(fc.array(conditions, { minLength: 2, maxLength: 6 }), all => {
      const app = new App();
      const own = edge(app);
      all.forEach((one, index) => {
        try {
          own.addRoute(`R${index}`, { ...one, target: target(500 + index) });
          accepted++;
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidProps);
          expect((error as InvalidProps).reason).toMatch(/ above matches every | already matched by another path /);
          refused++;
        }
      });
      expect(check(readConstructs(app), { shelf }).findings.map(({ message }) => message)).toEqual([]);
    }), runs(60));
    expect([accepted, refused].every(count => count > 1)).toBe(true);
  });
});
