// Expected ends of route tests.
import { describeEnds, meetsExpectation, parseExpectation } from '../../src/trace/expectation';
import { type TraceEnd, refusedEnd } from '../../src/trace/hops/trace-end';
import { MESH, traceOf } from './small-edge';

const workload = (to: string, probability = 1): TraceEnd => ({ probability, kind: 'workload', to, host: `${to.split(':')[0]}.svc.cluster.local`, port: 80 });
const redirect: TraceEnd = { probability: 1, kind: 'redirect', to: '301 https://a.example.com:8443/', status: 301 };
const unknown: TraceEnd = { probability: 1, kind: 'undefined', to: 'undefined: a.shop:80 or b.shop:80' };
const thirds = ['a', 'b', 'c'].map(name => workload(`${name}.shop:80`, 1 / 3));
const loop = refusedEnd('redirect-loop', 1, { status: 301, words: 'redirect loop: https://a.example.com/ → https://a.example.com/' });
const meets = (ends: readonly TraceEnd[], text: string) => meetsExpectation(ends, parseExpectation(text));

test.each<[ends: TraceEnd[], text: string, meets: boolean]>([
  [[workload('a.shop:80')], 'a.shop:80', true],
  [[workload('a.shop:80')], 'a.shop.svc.cluster.local:80', true],
  [[workload('a.shop:80')], 'a.shop:80@v1', false],
  [[workload('a.shop:80@v1')], 'a.shop:80', false],
  [[redirect], '301', true],
  [[redirect], '301 https://a.example.com:8443/', true],
  [[redirect], '301 https://a.example.com', false],
  [[refusedEnd('no-route', 1)], '404', true],
  [[refusedEnd('no-route', 1)], '404 no route', true],
  [[refusedEnd('no-route', 1)], '404 no', true],
  [[refusedEnd('no-route', 1)], '404 no virtual host', false],
  [[refusedEnd('no-listener', 1)], 'closed', true],
  [[refusedEnd('no-load-balancer', 1)], 'closed', true],
  [[refusedEnd('no-load-balancer', 1, { words: 'no load balancer shp' })], 'closed', false],
  [[refusedEnd('no-load-balancer', 1, { words: 'no load balancer shp' })], 'closed no load balancer shp', true],
  [[unknown], 'undefined', true],
  [[unknown], 'undefined: a.shop:80 or b.shop:80', true],
  [[unknown], 'unsupported', false],
  [[workload('a.shop:80', 0.8), workload('b.shop:80', 0.2)], '80% a.shop:80, 20% b.shop:80', true],
  [[workload('a.shop:80', 0.8), workload('b.shop:80', 0.2)], '20% b.shop:80, 80% a.shop:80', true],
  [[workload('a.shop:80', 0.8), workload('b.shop:80', 0.2)], '50% a.shop:80, 50% b.shop:80', false],
  [[workload('a.shop:80', 0.8), workload('b.shop:80', 0.2)], 'a.shop:80', false],
  [[workload('a.shop:80', 1 / 3), workload('b.shop:80', 2 / 3)], '33% a.shop:80, 67% b.shop:80', true],
  [[workload('a.shop:80', 1 / 3), workload('b.shop:80', 2 / 3)], '33.3% a.shop:80, 66.7% b.shop:80', true],
  [[workload('a.shop:80')], '100% a.shop:80', true],
  [thirds, '33% a.shop:80, 33% b.shop:80, 33% c.shop:80', true],
  [thirds, '33.3% a.shop:80, 33.3% b.shop:80, 33.3% c.shop:80', true],
  [thirds, '33% a.shop:80, 33% b.shop:80, 34% c.shop:80', false],
  [[workload('[2001:db8::1]:80')], '[2001:db8::1]:80', true],
  [[loop], '301', false],
  [[loop], '301 redirect loop', true],
  [[loop], '301 redirect loop: https://a.example.com/ → https://a.example.com/', true],
  [[refusedEnd('redirect-loop', 1)], 'closed', false],
])('%j meets %s: %s', (ends, text, expected) => {
  expect(meets(ends, text)).toBe(expected);
});

test.each([
  ['cart', 'the expected end "cart" cannot be read; expected HOST:PORT[@SUBSET], STATUS, STATUS LOCATION, closed'],
  ['', 'the expected end "" cannot be read'],
  ['80% a.shop:80, 30% b.shop:80', 'the expected end "80% a.shop:80, 30% b.shop:80" has shares that add up to 110%; expected 100%'],
  ['33.3% a.shop:80, 33.3% b.shop:80, 33.2% c.shop:80', 'has shares that add up to 99.8%; expected 100%'],
  ['33.3% a.shop:80, 66% b.shop:80', 'has shares that add up to 99.3%; expected 100%'],
  ['99.6% a.shop:80', 'has shares that add up to 99.6%; expected 100%'],
])('%s is no expected end', (text, message) => {
  expect(() => parseExpectation(text)).toThrow(message);
});

test('ends are described as an expectation that they meet, equal ones as one', () => {
  const ends = [workload('a.shop:80', 0.3), workload('b.shop:80', 0.4), workload('a.shop:80', 0.3)];
  expect(describeEnds(ends)).toBe('60% a.shop:80, 40% b.shop:80');
  expect(meets(ends, describeEnds(ends))).toBe(true);
  expect(describeEnds([unknown])).toBe('undefined: a.shop:80 or b.shop:80');
  expect(describeEnds(thirds)).toBe('33.33% a.shop:80, 33.33% b.shop:80, 33.33% c.shop:80');
});

test('a rare end is never described as 0%, nor the others as 100%', () => {
  const ends = [workload('a.shop:80', 1e-9), workload('b.shop:80', 1 - 1e-9)];
  expect(describeEnds(ends)).toBe('0.0000001% a.shop:80, 99.9999999% b.shop:80');
  expect(meets(ends, describeEnds(ends))).toBe(true);
});

test('a name in via that does not exist is no closed connection', () => {
  const { ends } = traceOf([...MESH], 'GET http://a.example.com/ via=pod:shop/typo');
  expect([meetsExpectation(ends, parseExpectation('closed')), meetsExpectation(ends, parseExpectation('closed no workload shop/typo'))]).toEqual([false, true]);
});
