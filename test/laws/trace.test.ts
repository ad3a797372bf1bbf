// Laws of traces: lines of requests, probabilities, the order of objects, prepared models, and routes that nothing can reach.
import * as fc from 'fast-check';
import { ingressObjects } from '../../conformance/ingresses';
import { meshInput } from '../../conformance/mesh-inputs';
import { serviceObjects } from '../../conformance/services';
import { EdgeError } from '../../src/base/errors';
import { unusedVirtualServices } from '../../src/mesh/unused-virtual-services';
import { type ClientRequest, type Via, formatRequest, parseRequest } from '../../src/trace/client-request';
import { describeEnds, meetsExpectation, parseExpectation } from '../../src/trace/expectation';
import { readRequestFile, withEnds } from '../../src/trace/route-tests/request-file';
import { judge } from '../../src/trace/route-tests/route-test';
import { prepareTrace } from '../../src/trace/models';
import { endsOf, trace } from '../../src/trace/trace';
import { type TraceEnd } from '../../src/trace/hops/trace-end';
import { EDGE, PLAIN_GATEWAY, app } from '../mesh/small-mesh';
import { runs } from '../runs';
import { manifests, routes, to } from '../trace/small-edge';

/** Building the models takes most of the time. */
const WITH_MODELS = { numRuns: process.env.LAWS === 'full' ? 1000 : 30 };

const text = fc.string({ unit: fc.constantFrom(...'abAZ09-_.~"\\= ,;:/?#{}()<>é') });
const token = fc.string({ unit: fc.constantFrom(...'abxAZ09-_.!~'), minLength: 1, maxLength: 8 });
const headerName = token.map(name => name.toLowerCase());
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
const port = fc.integer({ min: 1, max: 65535 });
const host = fc.oneof(fc.constantFrom('shop.example.com', 'api.example.com', 's1', '10.1.2.3', '[2001:db8::1]', 'xn--bcher-kva.example'), name);
const target = fc.string({ unit: fc.constantFrom(...'ab/.?&=#%"{}~+') }).map(own => `/${own}`);
const via: fc.Arbitrary<Via> = fc.oneof(
  port.map((own): Via => ({ is: 'gateway', port: own })),
  fc.record({ is: fc.constant('gateway' as const), port, namespace: name, name }),
  fc.record({ is: fc.constant('pod' as const), namespace: name, workload: name }),
  fc.tuple(name, name).map((own): Via => ({ is: 'load-balancer', group: own.join('/') })),
);
const request: fc.Arbitrary<ClientRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'OPTIONS', 'M-SEARCH'), scheme: fc.constantFrom('http' as const, 'https' as const), host, port, target,
  headers: fc.dictionary(headerName, text, { maxKeys: 3 }), via, serverName: fc.constantFrom('', 'shop.example.com'),
  from: fc.constantFrom('192.0.2.7', '2001:db8::7'), http: fc.constantFrom('1.0' as const, '1.1' as const, '2' as const), hasCertificate: fc.constant(true), isLoggedIn: fc.constant(true),
  claims: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>),
}, { requiredKeys: ['method', 'scheme', 'host', 'port', 'target', 'headers'] });

test('a request is read back from its line', () => {
  fc.assert(fc.property(request, own => {
    const line = formatRequest(own);
    expect(line).not.toContain('\n');
    expect(parseRequest(line)).toEqual(JSON.parse(JSON.stringify(own)));
  }), runs(5000));
});

test('any text is a request or is refused with an EdgeError', () => {
  const words = fc.array(fc.oneof(text, fc.constantFrom('GET', 'https://a/', 'via=', 'via=gateway:', 'claims={', 'claims={}', 'cert', 'login', 'sni=', 'from=::', 'http=2', 'x="', '"')), { maxLength: 5 });
  fc.assert(fc.property(words, own => {
    try {
      const read = parseRequest(own.join(' '));
      expect(parseRequest(formatRequest(read))).toEqual(read);
    } catch (error) {
      expect(error).toBeInstanceOf(EdgeError);
    }
  }), runs(5000));
});

/** Requests that random meshes and load balancers have something to say about. */
const LINES = [
  'GET http://shop.example.com/a/b?q=1 via=gateway:80', 'GET http://api.example.com/ via=gateway:80 x-a=1 from=192.0.2.7', 'POST http://other.example.org/api via=gateway:8080',
  'GET https://shop.example.com/a via=gateway:443 sni=shop.example.com', 'GET https://shop.example.com/a via=gateway:443 cert claims={"iss":"iss","sub":"1"}',
  'GET http://s1/ via=pod:shop/client', 'GET http://s2.team-a/a via=pod:shop/client', 'GET https://ext.example.org/ via=pod:shop/client', 'GET http://shop.example.com/a/b',
  'GET https://shop.example.com/', 'GET https://shop.example.com/ from=192.0.2.7', 'GET http://other.example.org:8080/',
];

const objects = fc.tuple(meshInput, fc.oneof(ingressObjects, serviceObjects)).map(([mesh, balanced]) => JSON.parse(JSON.stringify([...mesh, ...balanced])) as Record<string, unknown>[]);
const sum = (ends: readonly TraceEnd[]) => ends.reduce((total, { probability }) => total + probability, 0);
const shown = (ends: readonly TraceEnd[]) => ends.map(({ to: end, probability, path, authority }) => [end, probability, path, authority]);

test('nothing makes a trace throw, and what a prepared model says is what the input says', () => {
  fc.assert(fc.property(objects, input => {
    const models = prepareTrace(input);
    for (const line of LINES) {
      const { ends, hops } = trace(models, line, { follow: line.includes('sni') });
      expect([line, sum(ends)]).toEqual([line, expect.closeTo(1)]);
      expect(hops.every(({ probability }) => probability > 0 && probability <= 1)).toBe(true);
      expect(meetsExpectation(ends, parseExpectation(describeEnds(ends)))).toBe(true);
      if (!line.includes('sni')) {
        expect(shown(endsOf(models, parseRequest(line)))).toEqual(shown(ends));
      }
    }
    expect(shown(trace(input, LINES[0]).ends)).toEqual(shown(endsOf(models, parseRequest(LINES[0]))));
  }), WITH_MODELS);
});

const written = request.map(({ claims, ...own }) => formatRequest({ ...own, ...(claims === undefined ? {} : { claims: { iss: 'iss' } }) }));
const sent = fc.oneof(written, fc.tuple(host, port).map(([own, at]) => `GET http://${own}:${at}/ via=pod:shop/client`), fc.constantFrom(...LINES));

test('ends that are written into a file of requests are read back and met', () => {
  fc.assert(fc.property(objects, fc.array(sent, { minLength: 1, maxLength: 8 }), (input, asked) => {
    const models = prepareTrace(input);
    const text = asked.join('\n');
    const results = readRequestFile(text, 'requests.txt').map(test => judge(test, trace(models, test.request)));
    const recorded = withEnds(text, new Map(results.map(({ test, got }) => [test.line, got])));
    const again = readRequestFile(recorded, 'requests.txt').map(test => judge(test, trace(models, test.request)));
    expect(again.map(({ test, got, isMet }) => [formatRequest(test.request), got, isMet])).toEqual(results.map(({ test, got }) => [formatRequest(test.request), got, true]));
  }), WITH_MODELS);
});

test('the order of objects changes no trace', () => {
  const shuffled = objects.chain(input => fc.tuple(fc.constant(input), fc.shuffledSubarray(input, { minLength: input.length })));
  fc.assert(fc.property(shuffled, ([input, order]) => {
    const [models, other] = [prepareTrace(input), prepareTrace(order)];
    for (const line of LINES) {
      expect([line, shown(endsOf(other, parseRequest(line)))]).toEqual([line, shown(endsOf(models, parseRequest(line)))]);
    }
  }), WITH_MODELS);
});

test('a VirtualService that no gateway uses decides no request', () => {
  fc.assert(fc.property(objects, input => {
    const models = prepareTrace(input);
    const unused = new Set(unusedVirtualServices(models.mesh).map(({ virtualService }) => virtualService.config.manifest.object));
    const ends = LINES.filter(line => line.includes('via=gateway')).flatMap(line => endsOf(models, parseRequest(line)));
    // A 404 names the VirtualService that has the host and no route for the gateway.
    const deciding = ends.filter(({ reason }) => reason !== 'no-virtual-host').map(({ by }) => by?.manifest.object);
    expect(deciding.filter(own => own !== undefined && unused.has(own))).toEqual([]);
  }), WITH_MODELS);
});

const condition = fc.constantFrom('uri: {prefix: /a}', 'uri: {exact: /a/b}', 'uri: {regex: "/[ab].*"}', 'headers: {x-a: {exact: "1"}}', 'method: {exact: POST}', 'queryParams: {q: {exact: "1"}}');
const route = fc.record({ conditions: fc.uniqueArray(condition, { maxLength: 2, selector: own => own.split(':')[0] }), host: fc.constantFrom('s1', 's2') })
  .map(({ conditions, host: own }) => `{${conditions.length === 0 ? '' : `match: [{${conditions.join(', ')}}], `}${to(own)}}`);
const lines = fc.constantFrom('/', '/a', '/a/b?q=1', '/b x-a=1', '/c/d x-a=2').chain(path => fc.constantFrom('GET', 'POST').map(method => `${method} http://a.example.com${path} via=gateway:80`));

test('a route below one that matches everything changes no trace', () => {
  const ends = (http: readonly string[], line: string) => shown(trace(manifests(EDGE, PLAIN_GATEWAY, app('s1'), app('s2'), app('s3'), routes(http.join(', '))), line).ends);
  fc.assert(fc.property(fc.array(route, { maxLength: 3 }), fc.array(route, { minLength: 1, maxLength: 2 }), lines, (above, below, line) => {
    const all = [...above, `{${to('s3')}}`];
    expect(ends([...all, ...below], line)).toEqual(ends(all, line));
  }), WITH_MODELS);
});

test('the same route a second time is never an end', () => {
  fc.assert(fc.property(fc.array(route, { minLength: 1, maxLength: 3 }), fc.nat(2), lines, (list, which, line) => {
    const http = [...list, list[which % list.length].replace(/host: s\d/, 'host: s3')];
    const { ends } = trace(manifests(EDGE, PLAIN_GATEWAY, app('s1'), app('s2'), app('s3'), routes(http.join(', '))), line);
    expect(ends.map(({ to: end }) => end)).not.toContain('s3.shop:80');
  }), WITH_MODELS);
});
