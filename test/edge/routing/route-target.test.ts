// What a route does with a request.
import { RouteTarget, type WeightedSubset } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { service } from '../stubs';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
const HOST = 'cart.shop.svc.cluster.local';
const destination = (subset?: string) => ({ host: HOST, port: { number: 8080 }, subset });
const [v1, v2] = [cart.subset('v1'), cart.subset('v2')];

test('a workload is rendered with its full host and its port', () => {
  const target = RouteTarget.workload(cart);
  expect(target._render()).toEqual({ route: [{ destination: destination() }] });
  expect({ workloads: target._workloads, subsetted: target._subsetted }).toEqual({ workloads: [cart], subsetted: [] });
});

test('a version is rendered as a subset', () => {
  const target = RouteTarget.subset(v2);
  expect(target._render()).toEqual({ route: [{ destination: destination('v2') }] });
  expect({ workloads: target._workloads, subsetted: target._subsetted }).toEqual({ workloads: [cart], subsetted: [cart] });
});

test('a split keeps weights and order', () => {
  const target = RouteTarget.split([{ subset: v2, weight: 0 }, { subset: v1, weight: 100 }]);
  expect(target._render()).toEqual({ route: [{ destination: destination('v2'), weight: 0 }, { destination: destination('v1'), weight: 100 }] });
  expect({ workloads: target._workloads, subsetted: target._subsetted, weightsElsewhere: target._weightsElsewhere, setsHost: target._setsHost })
    .toEqual({ workloads: [cart], subsetted: [cart], weightsElsewhere: false, setsHost: false });
});

test('a share has its own header changes, which may set the host', () => {
  const target = RouteTarget.split([
    { subset: v1, weight: 90, requestHeaders: { set: { host: 'old.example.com' } } },
    { subset: v2, weight: 10, requestHeaders: { add: { 'x-canary': 'yes' } }, responseHeaders: { remove: ['server'] } },
  ]);
  expect(target._render()).toEqual({ route: [
    { destination: destination('v1'), weight: 90, headers: { request: { set: { host: 'old.example.com' } } } },
    { destination: destination('v2'), weight: 10, headers: { request: { add: { 'x-canary': 'yes' } }, response: { remove: ['server'] } } },
  ] });
  expect(target._setsHost).toBe(true);
});

test('a split that is managed elsewhere begins with the stable version', () => {
  const target = RouteTarget.splitElsewhere(v1, v2);
  expect(target._render()).toEqual({ route: [{ destination: destination('v1'), weight: 100 }, { destination: destination('v2'), weight: 0 }] });
  expect({ workloads: target._workloads, subsetted: target._subsetted, weightsElsewhere: target._weightsElsewhere })
    .toEqual({ workloads: [cart], subsetted: [cart], weightsElsewhere: true });
  expect(refusal(() => RouteTarget.splitElsewhere(v1, v1))).toMatchObject({ prop: 'shares[1].subset', value: 'v1' });
});

test('a split among workloads has one destination for each', () => {
  const target = RouteTarget.splitWorkloads([{ workload: cart, weight: 3 }, { workload: bank, weight: 1, responseHeaders: { set: { 'x-from': 'bank' } } }]);
  expect(target._render()).toEqual({ route: [
    { destination: destination(), weight: 3 },
    { destination: { host: 'bank.shop.svc.cluster.local', port: { number: 8080 } }, weight: 1, headers: { response: { set: { 'x-from': 'bank' } } } },
  ] });
  expect({ workloads: target._workloads, subsetted: target._subsetted }).toEqual({ workloads: [cart, bank], subsetted: [] });
});

test('a target knows which workloads and versions receive requests', () => {
  const split = RouteTarget.split([{ subset: v1, weight: 1 }, { subset: v2, weight: 0 }]);
  expect({ v1: split._sendsTo(cart, 'v1'), v2: split._sendsTo(cart, 'v2'), noVersion: split._sendsTo(cart, undefined), elsewhere: split._sendsTo(bank, 'v1') })
    .toEqual({ v1: true, v2: true, noVersion: false, elsewhere: false });
  expect(RouteTarget.workload(cart)._sendsTo(service(), undefined)).toBe(true);
  expect(RouteTarget.respond(503)._sendsTo(cart, undefined)).toBe(false);
});

test('a redirect changes host, path or both', () => {
  expect(RouteTarget.redirect({ host: 'shop.example.com', path: '/new', status: 302 })._render())
    .toEqual({ redirect: { authority: 'shop.example.com', uri: '/new', redirectCode: 302 } });
});

test('a direct response has a status and an optional body', () => {
  expect(RouteTarget.respond(503, 'back soon')._render()).toEqual({ directResponse: { status: 503, body: { string: 'back soon' } } });
  expect(RouteTarget.respond(204)._render()).toEqual({ directResponse: { status: 204 } });
  expect(RouteTarget.respond(200, 'a'.repeat(2 ** 20))._render().directResponse?.body?.string).toHaveLength(2 ** 20);
});

test('requests that a redirect or a direct response ends reach no workload', () => {
  for (const target of [RouteTarget.respond(503), RouteTarget.redirect({ path: '/' })]) {
    expect({ workloads: target._workloads, subsetted: target._subsetted, responds: target._responds }).toEqual({ workloads: [], subsetted: [], responds: true });
  }
  expect(RouteTarget.workload(cart)._responds).toBe(false);
});

const MAX = 2 ** 31 - 1;
const shares = (...weights: number[]): WeightedSubset[] => weights.map((weight, index) => ({ subset: service({ versions: ['a', 'b', 'c'] }).subset('abc'[index]), weight }));

test('the sum of the weights is limited to what Envoy can count', () => {
  expect(RouteTarget.split(shares(MAX, MAX, 1))._render().route?.map(({ weight }) => weight)).toEqual([MAX, MAX, 1]);
  expect(refusal(() => RouteTarget.split(shares(MAX, MAX, 2)))).toMatchObject({ prop: 'shares', value: [MAX, MAX, 2] });
});

test.each<[string, () => unknown, string, unknown]>([
  ['a split without versions', () => RouteTarget.split([]), 'shares', []],
  ['a split without workloads', () => RouteTarget.splitWorkloads([]), 'shares', []],
  ['a negative weight', () => RouteTarget.split([{ subset: v1, weight: -1 }]), 'shares[0].weight', -1],
  ['a fractional weight', () => RouteTarget.split([{ subset: v1, weight: 0.5 }]), 'shares[0].weight', 0.5],
  ['a weight as a string', () => RouteTarget.split([{ subset: v1, weight: '1' as never }]), 'shares[0].weight', '1'],
  ['a weight above 32 bits', () => RouteTarget.split([{ subset: v1, weight: 2 ** 31 }]), 'shares[0].weight', 2 ** 31],
  ['only zero weights', () => RouteTarget.split([{ subset: v1, weight: 0 }, { subset: v2, weight: 0 }]), 'shares', [0, 0]],
  ['a missing weight', () => RouteTarget.splitWorkloads([{ workload: cart } as never]), 'shares[0].weight', undefined],
  ['a duplicate version', () => RouteTarget.split([{ subset: v1, weight: 1 }, { subset: cart.subset('v1'), weight: 1 }]), 'shares[1].subset', 'v1'],
  ['a duplicate workload', () => RouteTarget.splitWorkloads([{ workload: cart, weight: 1 }, { workload: service(), weight: 1 }]), 'shares[1].workload', HOST],
  ['a version of another workload', () => RouteTarget.split([{ subset: v1, weight: 1 }, { subset: service({ host: 'bank.shop.svc.cluster.local' }).subset('v2'), weight: 1 }]),
    'shares[1].subset', 'v2 of bank.shop.svc.cluster.local'],
  ['a list instead of header changes', () => RouteTarget.split([{ subset: v1, weight: 1, requestHeaders: ['a'] as never }]), 'shares[0].requestHeaders', ['a']],
  ['empty header changes', () => RouteTarget.split([{ subset: v1, weight: 1, responseHeaders: {} }]), 'shares[0].responseHeaders', {}],
  ['a host among the response headers', () => RouteTarget.split([{ subset: v1, weight: 1, responseHeaders: { set: { host: 'a' } } }]), 'shares[0].responseHeaders.set', 'host'],
  ['a string instead of shares', () => RouteTarget.split('v1' as never), 'shares', 'v1'],
  ['a number instead of a share', () => RouteTarget.split([1] as never), 'shares[0]', 1],
  ['a share without a version', () => RouteTarget.split([{ weight: 1 }] as never), 'shares[0].subset', undefined],
  ['no workload', () => RouteTarget.workload(undefined as never), 'workload', undefined],
  ['an object that is not a workload', () => RouteTarget.workload({} as never), 'workload', {}],
  ['a string instead of a subset', () => RouteTarget.subset('v1' as never), 'subset', 'v1'],
  ['a redirect to itself', () => RouteTarget.redirect({}), 'host', undefined],
  ['null options of a redirect', () => RouteTarget.redirect(null as never), 'options', null],
  ['a status below 200', () => RouteTarget.respond(199), 'status', 199],
  ['a status above 599', () => RouteTarget.respond(600), 'status', 600],
  ['a status as a string', () => RouteTarget.respond('503' as never), 'status', '503'],
  ['a number instead of a body', () => RouteTarget.respond(200, 1 as never), 'body', 1],
  ['a body above 1 MiB', () => RouteTarget.respond(200, 'é'.repeat(2 ** 19 + 1)), 'body', '1048578 bytes'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
