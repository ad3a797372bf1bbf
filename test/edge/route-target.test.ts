// What a route does with a request.
import { RouteTarget } from '../../src/edge/route-target';
import { refusal } from '../refusal';
import { service } from './hand-made';

const cart = service();
const HOST = 'cart.shop.svc.cluster.local';
const destination = (subset?: string) => ({ host: HOST, port: { number: 8080 }, subset });

test('a workload is named in full, with its port', () => {
  const target = RouteTarget.workload(cart);
  expect(target._render()).toEqual({ route: [{ destination: destination(), weight: undefined }] });
  expect([target._workloads, target._subsetted]).toEqual([[cart], []]);
});

test('a version is a subset', () => {
  const target = RouteTarget.subset(cart.subset('v2'));
  expect(target._render()).toEqual({ route: [{ destination: destination('v2'), weight: undefined }] });
  expect([target._workloads, target._subsetted]).toEqual([[cart], [cart]]);
});

test('a split keeps weights and order', () => {
  const target = RouteTarget.split([{ subset: cart.subset('v2'), weight: 0 }, { subset: cart.subset('v1'), weight: 100 }]);
  expect(target._render()).toEqual({ route: [{ destination: destination('v2'), weight: 0 }, { destination: destination('v1'), weight: 100 }] });
  expect([target._workloads, target._subsetted]).toEqual([[cart], [cart]]);
});

test('a redirect changes host, path or both', () => {
  expect([
    RouteTarget.redirect({ path: '/new' }),
    RouteTarget.redirect({ host: 'shop.example.com', status: 308 }),
    RouteTarget.redirect({ host: 'shop.example.com:8443', path: '/new?a=b', status: 302 }),
  ].map(target => target._render())).toEqual([
    { redirect: { authority: undefined, uri: '/new', redirectCode: 301 } },
    { redirect: { authority: 'shop.example.com', uri: undefined, redirectCode: 308 } },
    { redirect: { authority: 'shop.example.com:8443', uri: '/new?a=b', redirectCode: 302 } },
  ]);
});

test('an answer has a status, and perhaps a text', () => {
  expect(RouteTarget.respond(503, 'back soon')._render()).toEqual({ directResponse: { status: 503, body: { string: 'back soon' } } });
  expect(RouteTarget.respond(204)._render()).toEqual({ directResponse: { status: 204, body: undefined } });
});

test('what a route answers by itself reaches no workload', () => {
  for (const target of [RouteTarget.respond(503), RouteTarget.redirect({ path: '/' })]) {
    expect([target._workloads, target._subsetted]).toEqual([[], []]);
  }
});

test.each<[string, () => unknown, string, unknown]>([
  ['a split among none', () => RouteTarget.split([]), 'shares', []],
  ['a negative weight', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: -1 }]), 'shares[0].weight', -1],
  ['half a weight', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: 0.5 }]), 'shares[0].weight', 0.5],
  ['no weight', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: 0 }, { subset: cart.subset('v2'), weight: 0 }]), 'shares', [0, 0]],
  ['one version twice', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: 1 }, { subset: cart.subset('v1'), weight: 1 }]), 'shares[1].subset', 'v1'],
  ['a version of another workload', () => RouteTarget.split([
    { subset: cart.subset('v1'), weight: 1 },
    { subset: service({ host: 'bank.shop.svc.cluster.local' }).subset('v2'), weight: 1 },
  ]), 'shares[1].subset', 'v2 of bank.shop.svc.cluster.local'],
  ['a redirect to itself', () => RouteTarget.redirect({}), 'host', undefined],
  ['a redirect with a status alone', () => RouteTarget.redirect({ status: 302 }), 'host', undefined],
  ['a redirect to no host', () => RouteTarget.redirect({ host: '' }), 'host', ''],
  ['a redirect to a URL', () => RouteTarget.redirect({ host: 'https://a.b' }), 'host', 'https://a.b'],
  ['a redirect to a wildcard', () => RouteTarget.redirect({ host: '*.a.b' }), 'host', '*.a.b'],
  ['a redirect to no path', () => RouteTarget.redirect({ path: '' }), 'path', ''],
  ['a redirect to half a path', () => RouteTarget.redirect({ path: 'new' }), 'path', 'new'],
  ['a redirect with another status', () => RouteTarget.redirect({ path: '/', status: 304 }), 'status', 304],
  ['an answer below 200', () => RouteTarget.respond(199), 'status', 199],
  ['an answer above 599', () => RouteTarget.respond(600), 'status', 600],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
