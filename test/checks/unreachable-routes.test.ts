// Routes that the checks call unreachable, against traces.
import * as fc from 'fast-check';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { EDGE, PLAIN_GATEWAY, app } from '../mesh/small-mesh';
import { manifests, routes, to } from '../trace/small-edge';

const shelf = SHELF.filter(({ id }) => id === 'unreachable-route' || id === 'route-behind-catch-all');

const path = fc.array(fc.constantFrom('a', 'b', '/', 'B'), { maxLength: 3 }).map(parts => `/${parts.join('')}`);
const text = fc.oneof(path.map(own => ({ prefix: own })), path.map(own => ({ exact: own })), fc.constantFrom('/.*', '/a.*', '/(a|b)', '.*b', '/a/?').map(regex => ({ regex })));
const value = fc.constantFrom<object>({}, { exact: 'a' }, { prefix: 'a' }, { exact: 'ab' }, { regex: 'a.*' });
const match = fc.record({
  uri: text, ignoreUriCase: fc.boolean(), method: fc.constantFrom({ exact: 'GET' }, { prefix: 'P' }), headers: fc.record({ x: value }),
  withoutHeaders: fc.record({ y: value }), queryParams: fc.record({ q: value }), port: fc.constantFrom(80, 81), gateways: fc.constantFrom(['edge/gw'], ['edge/other']),
}, { requiredKeys: [] });
const http = fc.array(fc.record({ match: fc.array(match, { minLength: 1, maxLength: 2 }), host: fc.constantFrom('s1', 's2') }, { requiredKeys: ['host'] }), { minLength: 2, maxLength: 6 });
const requests = fc.array(fc.record({
  method: fc.constantFrom('GET', 'POST'), path, q: fc.constantFrom('', '?q=a', '?q=ab', '?r=a'), x: fc.constantFrom('', ' x=a', ' x=ab', ' x=b'), y: fc.constantFrom('', ' y=a', ' y=b'),
}).map(({ method, path: own, q, x, y }) => `${method} http://a.example.com${own}${q}${x}${y}`), { minLength: 10, maxLength: 20 });

test('no request of a trace ends at a route that is called unreachable', () => {
  let [unreachable, reached] = [0, 0];
  fc.assert(fc.property(http, requests, (entries, lines) => {
    const list = entries.map(({ match: matches, host }) => `{${matches === undefined ? '' : `match: ${JSON.stringify(matches)}, `}${to(host)}}`).join(', ');
    const objects = manifests(EDGE, PLAIN_GATEWAY, routes(list), app('s1'), app('s2'));
    const places = check(objects, { shelf }).findings.map(({ pointer }) => pointer);
    const models = prepareTrace(objects);
    unreachable += places.length;
    for (const line of lines) {
      const { hops } = trace(models, `${line} via=gateway:80`);
      const own = hops.filter(({ at, place }) => at === 'route' && place !== undefined).map(hop => hop.place!.pointer);
      reached += own.length;
      expect(places.filter(place => own.includes(place))).toEqual([]);
    }
  }), { numRuns: 300 });
  expect(unreachable).toBeGreaterThan(30);
  expect(reached).toBeGreaterThan(300);
});
