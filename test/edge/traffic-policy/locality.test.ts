// Locality load balancing: which regions and zones receive a client's requests.
import { Locality } from '../../../src/edge/traffic-policy/locality';
import { refusal } from '../../refusal';

const plain = (locality: Locality) => JSON.parse(JSON.stringify(locality._render())) as unknown;

test('every maker renders its field', () => {
  expect(plain(Locality.off())).toEqual({ enabled: false });
  expect(plain(Locality.nearest())).toEqual({ enabled: true });
  expect(plain(Locality.distribute([
    { from: 'us-west/a/*', to: { 'us-west/a/*': 80, 'us-west/b/*': 20 } },
    { from: '*', to: { 'us-east': 1, 'us-west/a/one': 99 } },
  ]))).toEqual({
    distribute: [
      { from: 'us-west/a/*', to: { 'us-west/a/*': 80, 'us-west/b/*': 20 } },
      { from: '*', to: { 'us-east': 1, 'us-west/a/one': 99 } },
    ],
  });
  expect(plain(Locality.failover([{ from: 'us-east', to: 'eu-west' }]))).toEqual({ failover: [{ from: 'us-east', to: 'eu-west' }] });
  expect(plain(Locality.failover([{ from: 'us-east', to: 'eu-west' }], ['topology.istio.io/network', 'version=v1'])))
    .toEqual({ failover: [{ from: 'us-east', to: 'eu-west' }], failoverPriority: ['topology.istio.io/network', 'version=v1'] });
  expect(plain(Locality.failoverPriority(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'])))
    .toEqual({ failoverPriority: ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'] });
});

test.each<[string, Locality, boolean]>([
  ['off', Locality.off(), false],
  ['distribute', Locality.distribute([{ from: '*', to: { '*': 100 } }]), false],
  ['nearest', Locality.nearest(), true],
  ['failover', Locality.failover([{ from: 'a', to: 'b' }]), true],
  ['failoverPriority', Locality.failoverPriority(['a']), true],
])('failover requires outlier detection, and nothing else does: %s', (_, locality, needs) => {
  expect(locality._needsOutlierDetection).toBe(needs);
});

test.each(['', '/', 'a/', '/a', 'a//b', 'a/b/c/d', '**', '*/a', 'a/*/b', 'a*', 'a/b/c/*', 'a b'])('%j is no locality', from => {
  expect(refusal(() => Locality.distribute([{ from, to: { '*': 100 } }]))).toMatchObject({ prop: 'shares[0].from', value: from });
  expect(refusal(() => Locality.distribute([{ from: '*', to: { [from]: 100 } }]))).toMatchObject({ prop: 'shares[0].to', value: from });
});

test('a locality that another covers is rejected; for clients, only if it comes later', () => {
  const to = { '*': 100 };
  for (const [wide, narrow] of [['*', 'a'], ['a', 'a'], ['a', 'a/*'], ['a/*', 'a/b'], ['a/b', 'a/b/c'], ['a/*', 'a/b/c']]) {
    expect(refusal(() => Locality.distribute([{ from: wide, to }, { from: narrow, to }]))).toEqual({
      prop: 'shares[1].from', value: narrow, reason: `must not be covered by ${wide}, which is listed too`, path: '',
    });
  }
  expect(plain(Locality.distribute([{ from: 'a/b', to }, { from: 'a', to }]))).toEqual({ distribute: [{ from: 'a/b', to }, { from: 'a', to }] });
  expect(refusal(() => Locality.distribute([{ from: '*', to: { 'a/b': 50, 'a': 50 } }]))).toMatchObject({ prop: 'shares[0].to', value: 'a/b' });
  expect(plain(Locality.distribute([{ from: 'ab', to }, { from: 'a', to: { ab: 50, a: 50 } }]))).toEqual({ distribute: [{ from: 'ab', to }, { from: 'a', to: { ab: 50, a: 50 } }] });
});

test('percentages add up to 100, and none is 0', () => {
  const to = (weights: Record<string, number>) => refusal(() => Locality.distribute([{ from: '*', to: weights }]));
  expect(to({ a: 50, b: 49 })).toEqual({ prop: 'shares[0].to', value: { a: 50, b: 49 }, reason: 'must have percentages that add up to 100, not 99', path: '' });
  expect(to({})).toMatchObject({ prop: 'shares[0].to', value: {} });
  expect(to({ a: 100, b: 0 })).toMatchObject({ prop: 'shares[0].to.b', value: 0, reason: 'must be an integer from 1 to 100' });
  expect(to({ a: 101 })).toMatchObject({ prop: 'shares[0].to.a' });
  expect(to({ a: 99.5, b: 0.5 })).toMatchObject({ prop: 'shares[0].to.a' });
  expect(to({ a: '100' as never })).toMatchObject({ prop: 'shares[0].to.a' });
});

test('a region fails over to another region', () => {
  const regions = (from: string, to: string) => refusal(() => Locality.failover([{ from, to }]));
  expect(regions('a', 'a')).toEqual({ prop: 'regions[0].to', value: 'a', reason: 'must be a region other than from', path: '' });
  expect(regions('a/b', 'c')).toMatchObject({ prop: 'regions[0].from' });
  expect(regions('a', 'c/d')).toMatchObject({ prop: 'regions[0].to' });
  expect(regions('*', 'c')).toMatchObject({ prop: 'regions[0].from' });
  expect(regions('a', '')).toMatchObject({ prop: 'regions[0].to' });
  expect(refusal(() => Locality.failover([]))).toMatchObject({ prop: 'regions' });
});

test.each(['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone', 'topology.kubernetes.io/zone=a'])('%s does not go with regions', label => {
  expect(refusal(() => Locality.failover([{ from: 'a', to: 'b' }], ['version', label]))).toMatchObject({ prop: 'failoverPriority[1]', value: label });
});

test('labels rank pods', () => {
  expect(refusal(() => Locality.failoverPriority([]))).toMatchObject({ prop: 'failoverPriority' });
  expect(refusal(() => Locality.failoverPriority(['a b']))).toMatchObject({ prop: 'failoverPriority[0]' });
  expect(refusal(() => Locality.failoverPriority(['a', 'a']))).toMatchObject({ prop: 'failoverPriority[1]' });
  expect(refusal(() => Locality.failoverPriority(['a=b=c']))).toMatchObject({ prop: 'failoverPriority[0].a', value: 'b=c' });
});

test('values of other types are rejected', () => {
  expect(refusal(() => Locality.distribute('a' as never))).toMatchObject({ prop: 'shares', value: 'a' });
  expect(refusal(() => Locality.distribute([{ from: 'a', to: [] as never }]))).toMatchObject({ prop: 'shares[0].to' });
  expect(refusal(() => Locality.distribute([]))).toMatchObject({ prop: 'shares' });
  expect(refusal(() => Locality.failover([null as never]))).toMatchObject({ prop: 'regions[0]' });
  expect(refusal(() => Locality.failoverPriority('a' as never))).toMatchObject({ prop: 'failoverPriority' });
});
