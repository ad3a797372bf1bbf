// Load balancing: which pod of a workload receives a request.
import { Duration } from 'cdk8s';
import { HashTable } from '../../../src/edge/traffic-policy/hash-table';
import { LoadBalancing } from '../../../src/edge/traffic-policy/load-balancing';
import { Locality } from '../../../src/edge/traffic-policy/locality';
import { refusal } from '../../refusal';

const plain = (written: { _render(): object }) => JSON.parse(JSON.stringify(written._render())) as unknown;

test('simple algorithms render their Istio names', () => {
  expect(plain(LoadBalancing.roundRobin())).toEqual({ simple: 'ROUND_ROBIN' });
  expect(plain(LoadBalancing.leastRequest())).toEqual({ simple: 'LEAST_REQUEST' });
  expect(plain(LoadBalancing.random())).toEqual({ simple: 'RANDOM' });
  expect(plain(LoadBalancing.passthrough())).toEqual({ simple: 'PASSTHROUGH' });
});

test('warmup is rendered', () => {
  expect(plain(LoadBalancing.roundRobin({ warmup: { duration: Duration.seconds(30) } }))).toEqual({ simple: 'ROUND_ROBIN', warmup: { duration: '30s' } });
  expect(plain(LoadBalancing.leastRequest({ warmup: { duration: Duration.millis(1500), minimumPercent: 0, aggression: 1.5 } })))
    .toEqual({ simple: 'LEAST_REQUEST', warmup: { duration: '1500ms', minimumPercent: 0, aggression: 1.5 } });
  expect(plain(LoadBalancing.roundRobin({ warmup: { duration: Duration.seconds(1), minimumPercent: 100 } })))
    .toEqual({ simple: 'ROUND_ROBIN', warmup: { duration: '1s', minimumPercent: 100 } });
});

test('a warmup that Istio would refuse is rejected', () => {
  const warmup = (options: object) => refusal(() => LoadBalancing.roundRobin({ warmup: { duration: Duration.seconds(1), ...options } }));
  expect(warmup({ duration: Duration.millis(0) })).toEqual({ prop: 'warmup.duration', value: expect.anything(), reason: expect.stringContaining('at least 1'), path: '' });
  expect(warmup({ duration: undefined })).toMatchObject({ prop: 'warmup.duration', value: undefined });
  expect(warmup({ minimumPercent: -1 })).toEqual({ prop: 'warmup.minimumPercent', value: -1, reason: 'must be a number from 0 to 100', path: '' });
  expect(warmup({ minimumPercent: 100.5 })).toMatchObject({ prop: 'warmup.minimumPercent' });
  expect(warmup({ minimumPercent: NaN })).toMatchObject({ prop: 'warmup.minimumPercent' });
  expect(warmup({ aggression: 0 })).toEqual({ prop: 'warmup.aggression', value: 0, reason: 'must be a number greater than 0', path: '' });
  expect(warmup({ aggression: Infinity })).toMatchObject({ prop: 'warmup.aggression' });
});

test('consistent hashing uses a key of the request', () => {
  expect(plain(LoadBalancing.byHeader('x-user'))).toEqual({ consistentHash: { httpHeaderName: 'x-user' } });
  expect(plain(LoadBalancing.byQueryParameter('user id'))).toEqual({ consistentHash: { httpQueryParameterName: 'user id' } });
  expect(plain(LoadBalancing.bySourceIp())).toEqual({ consistentHash: { useSourceIp: true } });
  expect(plain(LoadBalancing.byCookie({ name: 'user' }))).toEqual({ consistentHash: { httpCookie: { name: 'user' } } });
  expect(plain(LoadBalancing.byCookie({
    name: 'user', path: '/shop', ttl: Duration.minutes(5), attributes: [{ name: 'SameSite', value: 'Strict' }, { name: 'Secure' }], table: HashTable.maglev(),
  }))).toEqual({
    consistentHash: {
      httpCookie: { name: 'user', path: '/shop', ttl: '300s', attributes: [{ name: 'SameSite', value: 'Strict' }, { name: 'Secure' }] },
      maglev: { tableSize: 65537 },
    },
  });
  expect(plain(LoadBalancing.byCookie({ name: 'user', ttl: Duration.seconds(0) }))).toEqual({ consistentHash: { httpCookie: { name: 'user', ttl: '0s' } } });
});

test('an impossible hash key is rejected', () => {
  expect(refusal(() => LoadBalancing.byHeader('x user'))).toEqual({
    prop: 'name', value: 'x user', reason: 'must consist of letters, digits and ! # $ % & \' * + - . ^ _ ` | ~', path: '',
  });
  expect(refusal(() => LoadBalancing.byHeader(''))).toMatchObject({ prop: 'name' });
  expect(refusal(() => LoadBalancing.byQueryParameter(''))).toMatchObject({ prop: 'name' });
  expect(refusal(() => LoadBalancing.byCookie({ name: '' }))).toMatchObject({ prop: 'name' });
  expect(refusal(() => LoadBalancing.byCookie({ name: 'a', path: 'shop' }))).toMatchObject({ prop: 'path', value: 'shop' });
  expect(refusal(() => LoadBalancing.byCookie({ name: 'a', path: '/a;b' }))).toMatchObject({ prop: 'path' });
  expect(refusal(() => LoadBalancing.byCookie({ name: 'a', ttl: Duration.millis(0.5) }))).toMatchObject({ prop: 'ttl' });
});

test('cookie attribute names are unique', () => {
  const attributes = (...list: object[]) => refusal(() => LoadBalancing.byCookie({ name: 'a', attributes: list as never }));
  expect(attributes({ name: '' })).toMatchObject({ prop: 'attributes[0].name' });
  expect(attributes({ name: 'a' }, { name: 'a', value: 'b' })).toMatchObject({ prop: 'attributes[1]', value: 'a' });
  expect(attributes({ name: 'a', value: 'b;c' })).toMatchObject({ prop: 'attributes[0].value' });
  expect(attributes({})).toMatchObject({ prop: 'attributes[0].name', value: undefined });
});

test('a ring has 1 to 8388608 points', () => {
  expect(plain(HashTable.ring())).toEqual({ ringHash: {} });
  expect(plain(HashTable.ring(1))).toEqual({ ringHash: { minimumRingSize: 1 } });
  expect(plain(LoadBalancing.byHeader('a', { table: HashTable.ring(8388608) }))).toEqual({ consistentHash: { httpHeaderName: 'a', ringHash: { minimumRingSize: 8388608 } } });
  for (const size of [0, -1, 1.5, 8388609, NaN, '5' as never]) {
    expect(refusal(() => HashTable.ring(size))).toMatchObject({ prop: 'minimumRingSize', value: size });
  }
});

test('the size of a Maglev table is a prime number below 5000011', () => {
  expect(plain(HashTable.maglev())).toEqual({ maglev: { tableSize: 65537 } });
  for (const size of [2, 3, 251, 4999999]) {
    expect(plain(HashTable.maglev(size))).toEqual({ maglev: { tableSize: size } });
  }
  for (const size of [-7, 0, 1, 4, 9, 65536, 5000010, 5000011, 2.5, NaN, Infinity, '7' as never]) {
    expect(refusal(() => HashTable.maglev(size))).toMatchObject({ prop: 'tableSize', value: size, reason: 'must be a prime number below 5000011' });
  }
});

test('a locality works with every algorithm except passthrough', () => {
  const locality = Locality.off();
  const localityLbSetting = { enabled: false };
  expect(plain(LoadBalancing.roundRobin({ locality }))).toEqual({ simple: 'ROUND_ROBIN', localityLbSetting });
  expect(plain(LoadBalancing.leastRequest({ locality }))).toEqual({ simple: 'LEAST_REQUEST', localityLbSetting });
  expect(plain(LoadBalancing.random({ locality }))).toEqual({ simple: 'RANDOM', localityLbSetting });
  expect(plain(LoadBalancing.byHeader('a', { locality }))).toEqual({ consistentHash: { httpHeaderName: 'a' }, localityLbSetting });
  expect(plain(LoadBalancing.byCookie({ name: 'a', locality }))).toEqual({ consistentHash: { httpCookie: { name: 'a' } }, localityLbSetting });
});

test('values of other types are rejected', () => {
  expect(refusal(() => LoadBalancing.roundRobin(null as never))).toMatchObject({ prop: 'options' });
  expect(refusal(() => LoadBalancing.random({ locality: 'off' as never })))
    .toEqual({ prop: 'locality', value: 'off', reason: 'must be a Locality, such as traffic.Locality.off()', path: '' });
  expect(refusal(() => LoadBalancing.byHeader(5 as never))).toMatchObject({ prop: 'name', value: 5 });
  expect(refusal(() => LoadBalancing.byQueryParameter(undefined as never))).toMatchObject({ prop: 'name' });
  expect(refusal(() => LoadBalancing.bySourceIp({ table: {} as never }))).toMatchObject({ prop: 'table' });
  expect(refusal(() => LoadBalancing.byCookie(undefined as never))).toMatchObject({ prop: 'options' });
  expect(refusal(() => LoadBalancing.roundRobin({ warmup: { duration: 30 as never } }))).toMatchObject({ prop: 'warmup.duration', value: 30 });
});
