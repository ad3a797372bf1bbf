import * as fc from 'fast-check';
import { RoutePaths } from '../../src/mesh/route/route-paths';
import { type Route, type RouteMatch, anyRoute } from '../../src/mesh/route/routes';
import { type StringMatch, readStringMatch } from '../../src/mesh/route/string-match';
import { SeenRequest } from '../../src/trace/request';
import { ROUTE_TEST, matchesRoute } from '../../src/trace/route-match';
import { readYaml } from '../../src/manifests/yaml';
import { runs } from '../runs';

const [manifest] = readYaml('{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: a}}', 'a.yaml');

function routeOf(match: Partial<RouteMatch>): Route {
  const route = anyRoute({ manifest, pointer: '' }, '', { is: 'none' });
  return { ...route, match: { ...route.match, ...match } };
}

function request(path: string, method = 'GET'): SeenRequest {
  return new SeenRequest(method, 'https', 'a.example.com', path, '', { headers: new Map() });
}

function find(routes: readonly Route[], seen: SeenRequest): number {
  return new RoutePaths(routes).find(seen.path, seen, ROUTE_TEST);
}

const path = fc.array(fc.constantFrom('/', 'a', 'A', 'b'), { maxLength: 4 }).map(parts => `/${parts.join('')}`);
const condition: fc.Arbitrary<StringMatch> = fc.oneof(
  path.map((value): StringMatch => ({ is: 'exact', value })), path.map((value): StringMatch => ({ is: 'prefix', value })),
  fc.constantFrom('/a.*', '.*b', '*').map(regex => readStringMatch({ regex })));
const route = fc.record({ path: condition, ignoresCase: fc.boolean(), isPost: fc.boolean() }).map(({ path: own, ignoresCase, isPost }) => (
  routeOf({ path: own, ignoresCase, headers: isPost ? [[':method', { is: 'exact', value: 'POST' }]] : [] })));

test('the route found by its path is the first of all routes that the request matches', () => {
  fc.assert(fc.property(fc.array(route, { minLength: 6, maxLength: 30 }), path, fc.constantFrom('GET', 'POST'), (routes, written, method) => {
    const seen = request(written, method);
    expect(find(routes, seen)).toBe(routes.findIndex(({ match }) => matchesRoute(match, seen)));
  }), runs(2000));
});

test('only routes whose path may match are compared', () => {
  const headers: RouteMatch['headers'] = [['x-tester', { is: 'present' }]];
  const routes = Array.from({ length: 100 }, (_, index) => routeOf({ path: { is: 'prefix', value: `/r${index}/` }, headers }));
  const asked: RouteMatch[] = [];
  expect(new RoutePaths(routes).find('/r57/x', undefined, { all: () => true, rest: match => asked.push(match) > 0 })).toBe(57);
  expect(asked).toEqual([routes[57].match]);
});

test('a request that no route matches has no position', () => {
  expect(find(Array.from({ length: 10 }, (_, index) => routeOf({ path: { is: 'exact', value: `/r${index}` } })), request('/r1/'))).toBe(-1);
});
