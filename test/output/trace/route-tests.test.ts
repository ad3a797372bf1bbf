// `alb-istio test` as text and JSON: misses with what decided, coverage, traffic and what moved.
import { readYaml } from '../../../src/manifests/yaml';
import { coverageLines } from '../../../src/output/trace/coverage-text';
import { renderRouteTestsJson } from '../../../src/output/trace/route-tests-json';
import { renderRouteTestsText } from '../../../src/output/trace/route-tests-text';
import { renderMovesJson, renderTrafficJson } from '../../../src/output/trace/traffic-json';
import { renderMovesText, renderTrafficText } from '../../../src/output/trace/traffic-text';
import { parseRequest } from '../../../src/trace/client-request';
import { prepareTrace } from '../../../src/trace/models';
import { ReachedPlaces, coverageOf } from '../../../src/trace/route-tests/coverage';
import { readRequestFile } from '../../../src/trace/route-tests/request-file';
import { judge } from '../../../src/trace/route-tests/route-test';
import { endsOf, trace } from '../../../src/trace/trace';
import { contradictionsOf, destinationsOf, movesOf } from '../../../src/trace/traffic/replay';
import { Traffic } from '../../../src/trace/traffic/traffic';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../../mesh/small-mesh';

const routes = (count: number) => istio('VirtualService', 'vs', `{hosts: ["*"], gateways: [edge/gw], http: [${
  Array.from({ length: count }, (_, index) => `{name: r${index}, match: [{uri: {prefix: /${index}}}], route: [{destination: {host: s1}}]}`).join(', ')}]}`);
const DENY = security('AuthorizationPolicy', 'deny', '{selector: {matchLabels: {app: gw}}, action: DENY, rules: [{to: [{operation: {methods: [PUT]}}]}]}', 'edge');
const modelsOf = (...objects: readonly string[]) => prepareTrace(readYaml([EDGE, PLAIN_GATEWAY, app('s1'), ...objects].join('\n---\n'), 'edge.yaml'));
const models = modelsOf(routes(2), DENY);

function tested(text: string) {
  const results = readRequestFile(text, 'requests.txt').map(test => judge(test, trace(models, test.request)));
  const reached = new ReachedPlaces();
  results.forEach(({ trace: { hops } }) => reached.add(hops));
  return [results, coverageOf([models], reached)] as const;
}

test('a miss shows what was expected, what came, the hop that decided, and the fix', () => {
  expect(renderRouteTestsText('requests.txt', ...tested(`
GET http://a/0 via=gateway:80 -> s1.shop:80
GET http://a/1 via=gateway:80 -> s2.shop:80
GET http://a/2 via=gateway:80 -> s1.shop:80
PUT http://a/1 via=gateway:80
`))).toBe(`\
requests.txt:3: GET http://a/1 via=gateway:80
  expected  s2.shop:80
  got       s1.shop:80
  route             path /1* → outbound|80||s1.shop.svc.cluster.local
                    VirtualService shop/vs /spec/http/1/match/0 (edge.yaml:39)
                    not route r0: it wants path /0*

requests.txt:4: GET http://a/2 via=gateway:80
  expected  s1.shop:80
  got       404 no route
  route             none of 2 matches
                    not route r0: it wants path /0*
                    not route r1: it wants path /1*
  fix: Add an entry that matches the request to spec.http of the VirtualService.

requests.txt:5: PUT http://a/1 via=gateway:80
  expected  nothing: the line has no ->; --write records the end
  got       403 denied
  authorization     denied
                    AuthorizationPolicy edge/deny /spec/rules/0 (edge.yaml:46)
  fix: Change the DENY policy, or the request.

Coverage 100 %: 2 of 2 routes, 1 of 1 policies
3 of 4 requests not as expected
`);
});

test('if nothing is missed, coverage and summary are left', () => {
  expect(renderRouteTestsText('requests.txt', ...tested('GET http://a/0 via=gateway:80 -> s1.shop:80\n'))).toBe(`\
Coverage 33.3 %: 1 of 2 routes, 0 of 1 policies
  never reached: route r1: path /1*, VirtualService shop/vs /spec/http/1/match/0 (edge.yaml:39)
  never reached: DENY policy edge/deny, rule 1: request.method PUT, AuthorizationPolicy edge/deny /spec/rules/0 (edge.yaml:46)
1 request as expected
`);
});

test('of a long list of what was never reached, the first part is shown', () => {
  const lines = coverageLines(coverageOf([modelsOf(routes(25))], new ReachedPlaces()));
  expect([lines.length, lines[0], lines.at(-1)]).toEqual([22, 'Coverage 0 %: 0 of 25 routes', '  … 5 more']);
});

test('JSON has every test with its ends, and the hop that decided a miss', () => {
  const [results, coverage] = tested('GET http://a/0 via=gateway:80 -> s1.shop:80\nGET http://a/2 via=gateway:80 -> 403\n');
  const document = JSON.parse(renderRouteTestsJson('requests.txt', results, coverage));
  expect(document).toMatchObject({
    schemaVersion: 1, file: 'requests.txt',
    tests: [
      { line: 1, request: 'GET http://a/0 via=gateway:80', expected: 's1.shop:80', got: 's1.shop:80', isMet: true, ends: [{ kind: 'workload' }] },
      { line: 2, expected: '403', got: '404 no route', isMet: false, ends: [{ kind: 'refused' }], decidedBy: { at: 'route', detail: 'none of 2 matches' } },
    ],
    coverage: {
      share: 1 / 3, reached: [{ part: 'routes', what: 'route r0: path /0*', pointer: '/spec/http/0/match/0', origin: { file: 'edge.yaml' } }],
      missed: [{ part: 'routes' }, { part: 'policies' }],
    },
  });
  expect(document.tests[0]).not.toHaveProperty('decidedBy');
});

function traffic(): Traffic {
  const found = new Traffic();
  ['GET http://a/0', 'GET http://a/0', 'PUT http://a/1', 'GET http://a/2', ...Array.from({ length: 6 }, (_, index) => `GET http://a/x${index}`)].forEach((line, index) => (
    found.add({ request: parseRequest(`${line} via=gateway:80`), observed: { status: line.startsWith('PUT') ? 403 : 200, isForwarded: !line.startsWith('PUT') } }, 'access.log', index + 1)));
  Array.from({ length: 7 }, (_, index) => found.add('no request', 'access.log', 20 + index));
  return found;
}

test('traffic is a list of ends with counts; of what is refused, requests and fixes are named', () => {
  const found = traffic();
  const destinations = destinationsOf(found.requests, request => endsOf(models, request));
  const args = [found, destinations, contradictionsOf(destinations), coverageOf([models], new ReachedPlaces())] as const;
  expect(renderTrafficText(...args)).toBe(`\
10 requests, 9 different
         7  404 no route
            GET http://a/2 via=gateway:80
            GET http://a/x0 via=gateway:80
            GET http://a/x1 via=gateway:80
            GET http://a/x2 via=gateway:80
            GET http://a/x3 via=gateway:80
            … 2 more
            fix: Add an entry that matches the request to spec.http of the VirtualService.
         2  s1.shop:80
         1  403 denied
            PUT http://a/1 via=gateway:80
            fix: Change the DENY policy, or the request.

7 responses in the log do not fit the traced end:
         7  200 in the log, traced to 404 no route
            GET http://a/2 via=gateway:80

7 entries of the log without a request that can be traced:
  access.log:20: no request
  access.log:21: no request
  access.log:22: no request
  access.log:23: no request
  access.log:24: no request
  … 2 more

Coverage 0 %: 0 of 2 routes, 0 of 1 policies
  never reached: route r0: path /0*, VirtualService shop/vs /spec/http/0/match/0 (edge.yaml:39)
  never reached: route r1: path /1*, VirtualService shop/vs /spec/http/1/match/0 (edge.yaml:39)
  never reached: DENY policy edge/deny, rule 1: request.method PUT, AuthorizationPolicy edge/deny /spec/rules/0 (edge.yaml:46)
`);
  const document = JSON.parse(renderTrafficJson(...args));
  expect(document).toMatchObject({ schemaVersion: 1, count: 10, different: 9, coverage: { share: 0 } });
  expect(document.unreadable).toHaveLength(7);
  expect(document.destinations[1]).toEqual({
    to: 's1.shop:80', isByDesign: true, count: 2, requests: [{ request: 'GET http://a/0 via=gateway:80', count: 2 }],
    ends: [{ probability: 1, kind: 'workload', to: 's1.shop:80', host: 's1.shop.svc.cluster.local', port: 80, path: '/0', authority: 'a' }],
  });
  expect(document.contradictions).toMatchObject([{ status: 200, to: '404 no route', isPossible: false, count: 7 }]);
});

test('requests that differ in client and headers alone are named once', () => {
  const found = new Traffic();
  ['/2 from=192.0.2.1', '/2 from=192.0.2.2', '/2 from=192.0.2.2', '/3 from=192.0.2.1'].forEach((request, index) => (
    found.add({ request: parseRequest(`GET http://a${request} via=gateway:80`) }, 'access.log', index + 1)));
  const destinations = destinationsOf(found.requests, request => endsOf(models, request));
  expect(renderTrafficText(found, destinations, [], coverageOf([], new ReachedPlaces())).split('\n').slice(0, 4)).toEqual([
    '4 requests, 3 different', '         4  404 no route', '            3 × GET http://a/2, in 2 variants', '            GET http://a/3 via=gateway:80 from=192.0.2.1',
  ]);
});

test('a request that the workload would see otherwise is shown with both paths', () => {
  const found = traffic();
  const rewritten = routes(2).replace('{name: r0, ', '{name: r0, rewrite: {uri: /v2, authority: b}, ');
  const moves = movesOf(found.requests, request => endsOf(models, request), request => endsOf(modelsOf(rewritten, DENY), request));
  expect(renderMovesText(found, moves)).toMatch(/^2 × s1\.shop:80 → s1\.shop:80 with another path and host\n {2}2 × GET http:\/\/a\/0 via=gateway:80\n {2}such as path \/0 → \/v2, host a → b\n\n/);
  expect(renderMovesText(found, moves)).toMatch(/\n\n10 requests, 9 different: 2 would not end as before\n$/);
  expect(JSON.parse(renderMovesJson(found, moves))).toMatchObject({
    moves: [{ before: 's1.shop:80', after: 's1.shop:80', count: 2, differences: [{ what: 'path', before: '/0', after: '/v2' }, { what: 'host', before: 'a', after: 'b' }] }],
  });
});

test('what moves is shown with both ends; nothing moves if nothing changes', () => {
  const found = traffic();
  const moves = (after: typeof models) => movesOf(found.requests, request => endsOf(models, request), request => endsOf(after, request));
  const changed = moves(modelsOf(routes(1)));
  expect(renderMovesText(found, changed).split('\n\n')[0]).toBe('1 × 403 denied → 404 no route\n  PUT http://a/1 via=gateway:80');
  expect(renderMovesText(found, changed)).toMatch(/\n\n10 requests, 9 different: 1 would end elsewhere\n$/);
  expect(renderMovesText(found, moves(models))).toMatch(/\n\n10 requests, 9 different: all end where they ended before\n$/);
  expect(JSON.parse(renderMovesJson(found, changed))).toMatchObject({
    schemaVersion: 1, count: 10, different: 9,
    moves: [{ before: '403 denied', after: '404 no route', count: 1, requests: [{ request: 'PUT http://a/1 via=gateway:80', count: 1 }] }],
  });
});
