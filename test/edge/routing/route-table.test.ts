// Which VirtualService a host gets, and which routes stand in it.
import { App, Chart } from 'cdk8s';
import fc from 'fast-check';
import { coversHost } from '../../../src/base/host';
import { RouteTable, type TableEntry } from '../../../src/edge/routing/route-table';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { HandMadeGateway } from '../hand-made';

/** Writes routes by their hosts into one table; returns the name, hosts and routes of its VirtualServices. */
function tableOf(...routes: [name: string, hosts: string[], virtualService?: string][]): [string, string[], string[]][] {
  const chart = emptyChart();
  const table = RouteTable._ensure(chart, { gateway: new HandMadeGateway(), namespace: 'front' });
  routes.forEach(([name, hosts, virtualService]) => table._add({ hosts, http: { name, match: [{ uri: { exact: '/' } }] }, name: virtualService }));
  return synthesized(chart, 'VirtualService').map(({ metadata, spec }) => [
    metadata.name.replace(/-[0-9a-f]{8}$/, '-#'), spec.hosts, spec.http.map(({ name }: { name: string }) => name),
  ]);
}

test('one host list is one VirtualService', () => {
  expect(tableOf(['One', ['a.b', 'c.d'], 'mine'], ['Two', ['c.d', 'a.b']])).toEqual([['mine', ['a.b', 'c.d'], ['One', 'Two']]]);
});

test('a route for some of the hosts splits them, and the first host keeps the object', () => {
  expect(tableOf(['All', ['a.b', 'c.d', 'e.f'], 'mine'], ['Last', ['e.f']], ['Rest', ['a.b', 'c.d', 'e.f']])).toEqual([
    ['mine', ['a.b', 'c.d'], ['All', 'Rest']],
    ['e-f-#', ['e.f'], ['All', 'Last', 'Rest']],
  ]);
  expect(tableOf(['All', ['a.b', 'c.d', 'e.f'], 'mine'], ['First', ['a.b']])).toEqual([
    ['mine', ['a.b'], ['All', 'First']],
    ['c-d-#', ['c.d', 'e.f'], ['All']],
  ]);
});

test('a name below a wildcard has the routes of the wildcard, too, because Istio does not fall back to it', () => {
  expect(tableOf(['Name', ['shop.a.b']], ['Wild', ['*.a.b']], ['Any', ['*']])).toEqual([
    ['shop-a-b-#', ['shop.a.b'], ['Name', 'Wild', 'Any']],
    ['any-a-b-#', ['*.a.b'], ['Wild', 'Any']],
    ['any-#', ['*'], ['Any']],
  ]);
  expect(tableOf(['Wild', ['*.a.b']], ['Name', ['shop.a.b']])).toEqual([
    ['any-a-b-#', ['*.a.b'], ['Wild']],
    ['shop-a-b-#', ['shop.a.b'], ['Wild', 'Name']],
  ]);
});

test('hosts that cover each other stand in different VirtualServices, as Istio wants it', () => {
  expect(tableOf(['All', ['*.a.b', 'shop.a.b', 'c.d'], 'mine'])).toEqual([
    ['mine', ['*.a.b', 'c.d'], ['All']],
    ['shop-a-b-#', ['shop.a.b'], ['All']],
  ]);
});

test('the name is for hosts that have no VirtualService yet', () => {
  expect(tableOf(['One', ['a.b'], 'first'], ['Two', ['a.b', 'c.d'], 'second'])).toEqual([
    ['first', ['a.b'], ['One', 'Two']],
    ['second', ['c.d'], ['Two']],
  ]);
  expect(refusal(() => tableOf(['One', ['a.b'], 'first'], ['Two', ['a.b'], 'second']))).toMatchObject({ prop: 'virtualServiceName', value: 'second' });
  expect(refusal(() => tableOf(['One', ['a.b'], 'first'], ['Two', ['c.d'], 'first']))).toMatchObject({ prop: 'virtualServiceName', value: 'first' });
  expect(refusal(() => tableOf(['One', ['a.b'], 'First']))).toMatchObject({ prop: 'virtualServiceName', value: 'First' });
});

test('a name is refused, and not passed over, where a part of other hosts has another one already', () => {
  expect(refusal(() => tableOf(['One', ['a.b', 'c.d'], 'first'], ['Two', ['a.b'], 'second'])))
    .toMatchObject({ prop: 'virtualServiceName', value: 'second', reason: 'must be first, as the first route of these hosts has it' });
  expect(tableOf(['One', ['a.b'], 'first'], ['Two', ['c.d']], ['Both', ['a.b', 'c.d'], 'third'])).toEqual([
    ['first', ['a.b'], ['One', 'Both']],
    ['c-d-#', ['c.d'], ['Two', 'Both']],
  ]);
});

test.each<[unknown, string]>([
  [undefined, 'hosts'], ['a.b', 'hosts'], [[], 'hosts'], [['a'], 'hosts[0]'], [['a.b', 'a.b'], 'hosts[1]'], [['a.b,c.d'], 'hosts[0]'], [[undefined], 'hosts[0]'],
])('hosts that are %j are refused, in a table with routes and without', (hosts, prop) => {
  expect(refusal(() => tableOf(['One', hosts as string[]])).prop).toBe(prop);
  expect(refusal(() => tableOf(['One', ['a.b', 'c.d']], ['Two', hosts as string[]])).prop).toBe(prop);
});

const PLACE = { gateway: new HandMadeGateway(), namespace: 'front' };
const some = (name: string): TableEntry['http'] => ({ name, match: [{ uri: { exact: `/${name}` } }] });

describe('a check', () => {
  it('makes nothing, not even a table', () => {
    const chart = emptyChart();
    RouteTable._check(chart, PLACE, { hosts: ['a.b'], http: some('A'), name: 'mine', weightsElsewhere: true });
    expect(chart.node.children).toEqual([]);
    expect(refusal(() => RouteTable._check(chart, { ...PLACE, namespace: 'A' }, { hosts: ['a.b'], http: {} }))).toMatchObject({ prop: 'namespace', value: 'A' });
    expect(refusal(() => RouteTable._check(chart, PLACE, { hosts: ['a'], http: {} }))).toMatchObject({ prop: 'hosts[0]', value: 'a' });
    expect(refusal(() => RouteTable._check(chart, PLACE, { hosts: ['a.b'], http: {}, name: 'A' }))).toMatchObject({ prop: 'virtualServiceName', value: 'A' });
    expect(refusal(() => RouteTable._check(chart, PLACE, { hosts: ['a.b'], http: some('A,B'), weightsElsewhere: true }))).toMatchObject({ prop: 'id', value: 'A,B' });
  });

  it('refuses what adding refuses, and leaves the table as it is', () => {
    const chart = emptyChart();
    const table = RouteTable._ensure(chart, PLACE);
    table._add({ hosts: ['a.b', 'c.d'], http: { name: 'All' } });
    const late = { hosts: ['a.b'], http: some('late') };
    const said = { prop: 'paths', value: '/late', reason: 'cannot be set: route All takes every request of these hosts, so write this one before it' };
    for (const call of [() => RouteTable._check(chart, PLACE, late), () => table._add(late)]) {
      expect(refusal(call)).toMatchObject(said);
    }
    expect(theOnly(chart, 'VirtualService').spec.hosts).toEqual(['a.b', 'c.d']);
    RouteTable._check(chart, PLACE, { hosts: ['a.b', 'e.f'], http: some('late') });
    expect(refusal(() => RouteTable._check(emptyNeighbour(chart), PLACE, { hosts: ['e.f', 'c.d'], http: {} }))).toMatchObject({ prop: 'hosts[1]', value: 'c.d' });
  });
});

function emptyNeighbour(chart: Chart): Chart {
  return new Chart(App.of(chart), 'neighbour');
}

test('a host below a wildcard that takes everything gets no route behind it', () => {
  const chart = emptyChart();
  const table = RouteTable._ensure(chart, PLACE);
  table._add({ hosts: ['*.a.b'], http: { name: 'Wild' } });
  expect(refusal(() => table._add({ hosts: ['x.a.b'], http: some('late') }))).toMatchObject({ prop: 'paths', value: '/late' });
  expect(() => table._add({ hosts: ['x.a.b', 'c.d'], http: some('late') })).not.toThrow();
});

test('the gateway admits hosts that are new, and no others', () => {
  const gateway = new HandMadeGateway();
  const table = RouteTable._ensure(emptyChart(), { gateway, namespace: 'front' });
  for (const hosts of [['a.b', 'c.d'], ['c.d', 'a.b'], ['c.d', 'e.f'], ['a.b']]) {
    table._admit(hosts);
    table._add({ hosts, http: some('A') });
  }
  expect(gateway.admitted).toEqual(['front: a.b, c.d', 'front: e.f']);
});

describe('routes whose weights are managed elsewhere', () => {
  const WEIGHTS = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';
  const annotations = (chart: Chart) => synthesized(chart, 'VirtualService').map(({ metadata, spec }) => [spec.hosts.join(), metadata.annotations]);

  it('are named in the order written, and follow their hosts when those part', () => {
    const chart = emptyChart();
    const table = RouteTable._ensure(chart, PLACE);
    table._add({ hosts: ['*.a.b', 'c.d'], http: some('A'), weightsElsewhere: true });
    table._add({ hosts: ['c.d'], http: some('B') });
    table._add({ hosts: ['c.d'], http: some('C'), weightsElsewhere: true });
    table._add({ hosts: ['x.a.b'], http: some('D'), weightsElsewhere: true });
    table._add({ hosts: ['e.f'], http: some('E') });
    expect(annotations(chart)).toEqual([
      ['*.a.b', { [WEIGHTS]: 'A' }], ['c.d', { [WEIGHTS]: 'A,C' }], ['x.a.b', { [WEIGHTS]: 'A,D' }], ['e.f', undefined],
    ]);
  });

  it('have no commas in their names, which separate them', () => {
    const table = RouteTable._ensure(emptyChart(), PLACE);
    expect(refusal(() => table._add({ hosts: ['a.b'], http: some('A,B'), weightsElsewhere: true }))).toMatchObject({ prop: 'id', value: 'A,B' });
    expect(() => table._add({ hosts: ['a.b'], http: some('A,B') })).not.toThrow();
  });
});

describe('who sees a VirtualService', () => {
  const table = () => RouteTable._ensure(emptyChart(), { namespace: 'shop' });
  const add = (to: RouteTable, exportTo?: string[]) => to._add({ hosts: ['cart.shop.svc.cluster.local'], http: some('A'), exportTo });

  it('is said by the first route, and again in any order and spelling, or not at all', () => {
    const made = table();
    add(made, ['.', 'front']);
    add(made, ['front', 'shop']);
    add(made);
    expect(theOnly(made, 'VirtualService').spec).toMatchObject({ exportTo: ['.', 'front'], http: [{}, {}, {}] });
    expect(refusal(() => add(made, ['.']))).toMatchObject({ prop: 'exportTo', value: ['.'], reason: 'must be ., front, as the first route of these hosts has it' });
  });

  it('is everybody where the first route does not say it', () => {
    const made = table();
    add(made);
    expect(refusal(() => add(made, ['.']))).toMatchObject({ prop: 'exportTo', value: ['.'], reason: 'must be nothing, as the first route of these hosts has it' });
    expect(theOnly(made, 'VirtualService').spec).not.toHaveProperty('exportTo');
  });
});

test('what no route takes has a fallback where there is one, unless a route takes everything', () => {
  const chart = emptyChart();
  const table = RouteTable._ensure(chart, { namespace: 'shop' });
  const names = () => theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name);
  table._add({ hosts: ['cart'], http: some('A'), fallback: { name: 'rest' } });
  expect(names()).toEqual(['A', 'rest']);
  table._add({ hosts: ['cart'], http: { name: 'All' } });
  expect(names()).toEqual(['A', 'All']);
});

test('hosts inside the mesh are those of workloads, however long', () => {
  const chart = emptyChart();
  const host = `${'a'.repeat(63)}.${'b'.repeat(63)}.svc.cluster.local`;
  RouteTable._ensure(chart, { namespace: 'shop' })._add({ hosts: [host], http: some('A') });
  expect(theOnly(chart, 'VirtualService').spec).toMatchObject({ hosts: [host] });
  expect(theOnly(chart, 'VirtualService').spec).not.toHaveProperty('gateways');
});

describe('a host with routes elsewhere', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  RouteTable._ensure(chart, { gateway, namespace: 'front' })._add({ hosts: ['a.b', '*.c.d'], http: {} });

  it('is refused at the same gateway, because Istio would merge the two in no defined order', () => {
    const other = RouteTable._ensure(chart, { gateway, namespace: 'team' });
    expect(refusal(() => other._add({ hosts: ['x.y', 'a.b'], http: {} }))).toMatchObject({ prop: 'hosts[1]', value: 'a.b', reason: expect.stringContaining('chart/Routes-front.door.front') });
    expect(() => other._add({ hosts: ['x.y', 'z.c.d'], http: {} })).not.toThrow();
  });

  it('is free at another gateway', () => {
    expect(() => RouteTable._ensure(chart, { gateway: new HandMadeGateway('gate'), namespace: 'team' })._add({ hosts: ['a.b'], http: {} })).not.toThrow();
  });
});

const HOSTS = ['*', '*.b', '*.a.b', 'a.b', 'x.a.b', '*.x.a.b', 'y.x.a.b', 'c.d'];

test('whatever the host lists, a request meets exactly the routes whose hosts take it, in the order written', () => {
  const lists = fc.array(fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const requests = ['a.b', 'x.a.b', 'y.x.a.b', 'z.x.a.b', 'z.a.b', 'z.b', 'c.d', 'other'];
  fc.assert(fc.property(lists, hostLists => {
    const services = tableOf(...hostLists.map((hosts, index): [string, string[]] => [`R${index}`, hosts]));
    const hosts = services.flatMap(([, own]) => own);
    expect(new Set(hosts).size).toBe(hosts.length);
    services.forEach(([, own]) => expect(own.filter(host => own.some(other => other !== host && coversHost(other, host)))).toEqual([]));
    for (const request of requests) {
      // As Istio and Envoy choose: the very name, then the longest wildcard.
      const [best] = hosts.filter(pattern => coversHost(pattern, request)).sort((a, b) => Number(b === request) - Number(a === request) || b.length - a.length);
      const met = services.find(([, own]) => own.includes(best))?.[2] ?? [];
      const named = hostLists.flatMap((own, index) => (own.some(pattern => coversHost(pattern, best ?? request)) ? [`R${index}`] : []));
      expect(met).toEqual(named);
    }
  }), { numRuns: 300 });
});
