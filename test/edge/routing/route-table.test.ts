// Which VirtualService each host is in, and the routes of each VirtualService.
import type { Chart } from 'cdk8s';
import fc from 'fast-check';
import { coversHost } from '../../../src/base/host';
import { RouteTable, type RouteTableProps, type TableEntry } from '../../../src/edge/routing/route-table';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { HandMadeGateway } from '../stubs';

interface Table {
  readonly scope: Chart;
  add(entry: TableEntry): void;
}

/** The table of a Gateway or of the mesh in a scope. */
function tableIn(scope: Chart, place: RouteTableProps): Table {
  return { scope, add: entry => RouteTable._add(scope, place, entry) };
}

/** Adds routes with their hosts to one table; returns the name, hosts and routes of its VirtualServices. */
function tableOf(...routes: [name: string, hosts: string[], virtualService?: string][]): [string, string[], string[]][] {
  const chart = emptyChart();
  const table = tableIn(chart, { gateway: new HandMadeGateway(), namespace: 'front' });
  routes.forEach(([name, hosts, virtualService]) => table.add({ hosts, http: { name, match: [{ uri: { exact: '/' } }] }, name: virtualService }));
  return synthesized(chart, 'VirtualService').map(({ metadata, spec }) => [
    metadata.name.replace(/-[0-9a-f]{8}$/, '-#'), spec.hosts, spec.http.map(({ name }: { name: string }) => name),
  ]);
}

test('routes with the same hosts share one VirtualService', () => {
  expect(tableOf(['One', ['a.b', 'c.d'], 'mine'], ['Two', ['c.d', 'a.b']])).toEqual([['mine', ['a.b', 'c.d'], ['One', 'Two']]]);
});

test('a route for some of the hosts splits the VirtualService, and the first host keeps its name', () => {
  expect(tableOf(['All', ['a.b', 'c.d', 'e.f'], 'mine'], ['Last', ['e.f']], ['Rest', ['a.b', 'c.d', 'e.f']])).toEqual([
    ['mine', ['a.b', 'c.d'], ['All', 'Rest']],
    ['e-f-#', ['e.f'], ['All', 'Last', 'Rest']],
  ]);
  expect(tableOf(['All', ['a.b', 'c.d', 'e.f'], 'mine'], ['First', ['a.b']])).toEqual([
    ['mine', ['a.b'], ['All', 'First']],
    ['c-d-#', ['c.d', 'e.f'], ['All']],
  ]);
});

test('a host below a wildcard also gets the routes of the wildcard, because Istio does not fall back to it', () => {
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

test('hosts that cover each other are in different VirtualServices, as Istio requires', () => {
  expect(tableOf(['All', ['*.a.b', 'shop.a.b', 'c.d'], 'mine'])).toEqual([
    ['mine', ['*.a.b', 'c.d'], ['All']],
    ['shop-a-b-#', ['shop.a.b'], ['All']],
  ]);
});

test('the name applies to hosts that have no VirtualService yet', () => {
  expect(tableOf(['One', ['a.b'], 'first'], ['Two', ['a.b', 'c.d'], 'second'])).toEqual([
    ['first', ['a.b'], ['One', 'Two']],
    ['second', ['c.d'], ['Two']],
  ]);
  expect(refusal(() => tableOf(['One', ['a.b'], 'first'], ['Two', ['a.b'], 'second']))).toMatchObject({ prop: 'virtualServiceName', value: 'second' });
  expect(refusal(() => tableOf(['One', ['a.b'], 'first'], ['Two', ['c.d'], 'first']))).toMatchObject({ prop: 'virtualServiceName', value: 'first' });
  expect(refusal(() => tableOf(['One', ['a.b'], 'First']))).toMatchObject({ prop: 'virtualServiceName', value: 'First' });
});

test('a name that differs from the existing one is refused, also for a part of the hosts', () => {
  expect(refusal(() => tableOf(['One', ['a.b', 'c.d'], 'first'], ['Two', ['a.b'], 'second'])))
    .toMatchObject({ prop: 'virtualServiceName', value: 'second', reason: 'must be first, as set by the first route of these hosts' });
  expect(tableOf(['One', ['a.b'], 'first'], ['Two', ['c.d']], ['Both', ['a.b', 'c.d'], 'third'])).toEqual([
    ['first', ['a.b'], ['One', 'Both']],
    ['c-d-#', ['c.d'], ['Two', 'Both']],
  ]);
});

test.each<[unknown, string]>([
  [undefined, 'hosts'], ['a.b', 'hosts'], [[], 'hosts'], [['a'], 'hosts[0]'], [['a.b', 'a.b'], 'hosts[1]'], [['a.b,c.d'], 'hosts[0]'], [[undefined], 'hosts[0]'],
])('hosts %j are refused, in a table with and without routes', (hosts, prop) => {
  expect(refusal(() => tableOf(['One', hosts as string[]])).prop).toBe(prop);
  expect(refusal(() => tableOf(['One', ['a.b', 'c.d']], ['Two', hosts as string[]])).prop).toBe(prop);
});

const PLACE = { gateway: new HandMadeGateway(), namespace: 'front' };
const some = (name: string): TableEntry['http'] => ({ name, match: [{ uri: { exact: `/${name}` } }] });

test('invalid namespaces, names and hosts are refused', () => {
  const add = (entry: Partial<TableEntry>) => () => tableIn(emptyChart(), PLACE).add({ hosts: ['a.b'], http: some('A'), ...entry });
  expect(refusal(() => tableIn(emptyChart(), { ...PLACE, namespace: 'A' }).add({ hosts: ['a.b'], http: some('A') }))).toMatchObject({ prop: 'namespace', value: 'A' });
  expect(refusal(add({ hosts: ['a'] }))).toMatchObject({ prop: 'hosts[0]', value: 'a' });
  expect(refusal(add({ name: 'A' }))).toMatchObject({ prop: 'virtualServiceName', value: 'A' });
});

test('a route after a catch-all is refused, unless one of its hosts has none', () => {
  const table = tableIn(emptyChart(), PLACE);
  table.add({ hosts: ['a.b', 'c.d'], http: { name: 'All' } });
  const unreachable = { prop: 'paths', value: '/late', reason: 'can never match: route "All" above matches every request for these hosts; declare "late" before "All"' };
  expect(refusal(() => table.add({ hosts: ['a.b'], http: some('late') }))).toMatchObject(unreachable);
  table.add({ hosts: ['a.b', 'e.f'], http: some('late') });
  expect(refusal(() => table.add({ hosts: ['a.b'], http: some('late') }))).toMatchObject(unreachable);
});

test('a host below a wildcard with a catch-all gets no route after it', () => {
  const chart = emptyChart();
  const table = tableIn(chart, PLACE);
  table.add({ hosts: ['*.a.b'], http: { name: 'Wild' } });
  expect(refusal(() => table.add({ hosts: ['x.a.b'], http: some('late') }))).toMatchObject({ prop: 'paths', value: '/late' });
  expect(() => table.add({ hosts: ['x.a.b', 'c.d'], http: some('late') })).not.toThrow();
});

test('the gateway admits each new host once', () => {
  const gateway = new HandMadeGateway();
  const table = tableIn(emptyChart(), { gateway, namespace: 'front' });
  for (const hosts of [['a.b', 'c.d'], ['c.d', 'a.b'], ['c.d', 'e.f'], ['a.b']]) {
    table.add({ hosts, http: some('A') });
  }
  expect(gateway.admitted).toEqual(['front: a.b, c.d', 'front: e.f']);
});

describe('routes whose weights are managed elsewhere', () => {
  const WEIGHTS = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';
  const annotations = (chart: Chart) => synthesized(chart, 'VirtualService').map(({ metadata, spec }) => [spec.hosts.join(), metadata.annotations]);

  it('are listed in declaration order, and stay with their hosts when a VirtualService is split', () => {
    const chart = emptyChart();
    const table = tableIn(chart, PLACE);
    table.add({ hosts: ['*.a.b', 'c.d'], http: some('A'), weightsElsewhere: true });
    table.add({ hosts: ['c.d'], http: some('B') });
    table.add({ hosts: ['c.d'], http: some('C'), weightsElsewhere: true });
    table.add({ hosts: ['x.a.b'], http: some('D'), weightsElsewhere: true });
    table.add({ hosts: ['e.f'], http: some('E') });
    expect(annotations(chart)).toEqual([
      ['*.a.b', { [WEIGHTS]: 'A' }], ['c.d', { [WEIGHTS]: 'A,C' }], ['x.a.b', { [WEIGHTS]: 'A,D' }], ['e.f', undefined],
    ]);
  });

});

describe('exportTo of a VirtualService', () => {
  const table = () => tableIn(emptyChart(), { namespace: 'shop' });
  const add = (to: Table, exportTo?: string[]) => to.add({ hosts: ['cart.shop.svc.cluster.local'], http: some('A'), exportTo });

  it('is set by the first route; later routes repeat it in any order and spelling, or omit it', () => {
    const made = table();
    add(made, ['.', 'front']);
    add(made, ['front', 'shop']);
    add(made);
    expect(theOnly(made.scope, 'VirtualService').spec).toMatchObject({ exportTo: ['.', 'front'], http: [{}, {}, {}] });
    expect(refusal(() => add(made, ['.']))).toMatchObject({ prop: 'exportTo', value: ['.'], reason: 'must be ., front, as set by the first route of these hosts' });
    expect(refusal(() => add(made, ['.', 'back']))).toMatchObject({ prop: 'exportTo', value: ['.', 'back'] });
  });

  it('is unset if the first route does not set it', () => {
    const made = table();
    add(made);
    expect(refusal(() => add(made, ['.']))).toMatchObject({ prop: 'exportTo', value: ['.'], reason: 'must be unset, as it is not set by the first route of these hosts' });
    expect(theOnly(made.scope, 'VirtualService').spec).not.toHaveProperty('exportTo');
  });
});

test('a fallback comes last, unless there is a catch-all', () => {
  const chart = emptyChart();
  const table = tableIn(chart, { namespace: 'shop' });
  const names = () => theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name);
  table.add({ hosts: ['cart'], http: some('A'), fallback: { name: 'rest' } });
  expect(names()).toEqual(['A', 'rest']);
  table.add({ hosts: ['cart'], http: { name: 'All' } });
  expect(names()).toEqual(['A', 'All']);
});

test('hosts inside the mesh may be longer than client-facing hosts', () => {
  const chart = emptyChart();
  const host = `${'a'.repeat(63)}.${'b'.repeat(63)}.svc.cluster.local`;
  tableIn(chart, { namespace: 'shop' }).add({ hosts: [host], http: some('A') });
  expect(theOnly(chart, 'VirtualService').spec).toMatchObject({ hosts: [host] });
  expect(theOnly(chart, 'VirtualService').spec).not.toHaveProperty('gateways');
});

describe('a host with routes elsewhere', () => {
  const chart = emptyChart();
  const gateway = new HandMadeGateway();
  tableIn(chart, { gateway, namespace: 'front' }).add({ hosts: ['a.b', '*.c.d'], http: {} });

  it('is refused at the same gateway, because Istio would merge both in an undefined order', () => {
    const other = tableIn(chart, { gateway, namespace: 'team' });
    expect(refusal(() => other.add({ hosts: ['x.y', 'a.b'], http: {} }))).toMatchObject({ prop: 'hosts[1]', value: 'a.b', reason: expect.stringContaining('chart/Routes-front.door.front') });
    expect(() => other.add({ hosts: ['x.y', 'z.c.d'], http: {} })).not.toThrow();
  });

  it('is allowed at another gateway', () => {
    expect(() => tableIn(chart, { gateway: new HandMadeGateway('gate'), namespace: 'team' }).add({ hosts: ['a.b'], http: {} })).not.toThrow();
  });
});

test('a list of many hosts, split host by host, keeps declaration order and names', () => {
  const hosts = Array.from({ length: 6 }, (_, index) => `h${index}.a.b`);
  const services = tableOf(['All', hosts], ...hosts.map((host, index): [string, string[]] => [`R${index}`, [host]]), ['Rest', ['*.a.b']]);
  expect(services.map(([, own, routes]) => [own.join(), routes.join()])).toEqual([
    ...hosts.map((host, index) => [host, `All,R${index},Rest`]), ['*.a.b', 'Rest'],
  ]);
});

const HOSTS = ['*', '*.b', '*.a.b', 'a.b', 'x.a.b', '*.x.a.b', 'y.x.a.b', 'c.d'];

test('whatever the host lists, a request meets exactly the routes whose hosts match it, in declaration order', () => {
  const lists = fc.array(fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  const requests = ['a.b', 'x.a.b', 'y.x.a.b', 'z.x.a.b', 'z.a.b', 'z.b', 'c.d', 'other'];
  fc.assert(fc.property(lists, hostLists => {
    const services = tableOf(...hostLists.map((hosts, index): [string, string[]] => [`R${index}`, hosts]));
    const hosts = services.flatMap(([, own]) => own);
    expect(new Set(hosts).size).toBe(hosts.length);
    services.forEach(([, own]) => expect(own.filter(host => own.some(other => other !== host && coversHost(other, host)))).toEqual([]));
    for (const request of requests) {
      // As Istio and Envoy choose: the exact name, then the longest wildcard.
      const [best] = hosts.filter(pattern => coversHost(pattern, request)).sort((a, b) => Number(b === request) - Number(a === request) || b.length - a.length);
      const met = services.find(([, own]) => own.includes(best))?.[2] ?? [];
      const named = hostLists.flatMap((own, index) => (own.some(pattern => coversHost(pattern, best ?? request)) ? [`R${index}`] : []));
      expect(met).toEqual(named);
    }
  }), { numRuns: 300 });
});
