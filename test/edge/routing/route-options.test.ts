// One route of a VirtualService.
import { Duration } from 'cdk8s';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { CorsOrigin } from '../../../src/edge/routing/cors';
import { FaultAbort } from '../../../src/edge/routing/fault';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Delegate } from '../../../src/edge/delegate/delegate';
import { Mirror } from '../../../src/edge/routing/mirror';
import { Rewrite } from '../../../src/edge/routing/rewrite';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from '../../../src/edge/routing/route-options';
import { RetryOn } from '../../../src/edge/routing/route-policy';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { service } from '../stubs';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
const target = RouteTarget.workload(cart);
const route = [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } } }];

test('a route without options has a name and a target', () => {
  expect(Object.entries(renderRoute('All', { target }))).toEqual(Object.entries({ name: 'All', route }));
});

test('all options are rendered into one route', () => {
  expect(renderRoute('Cart', {
    target,
    paths: [PathMatch.pathPrefix('/cart')],
    headers: [HeaderMatch.present('x-lab')],
    rewrite: Rewrite.prefix('/v2', { authority: 'cart.internal' }),
    requestHeaders: { set: { 'x-env': 'prod' } },
    responseHeaders: { remove: ['server'] },
    timeout: Duration.seconds(10),
    retries: { attempts: 3, perTryTimeout: Duration.seconds(2), retryOn: [RetryOn.RESET] },
    fault: { abort: FaultAbort.http(503, 1) },
    mirrors: [Mirror.workload(bank, 5)],
    cors: { allowOrigins: [CorsOrigin.any()] },
    statPrefix: 'cart',
  })).toEqual({
    name: 'Cart',
    match: [{ uri: { exact: '/cart' }, headers: { 'x-lab': {} }, statPrefix: 'cart' }, { uri: { prefix: '/cart/' }, headers: { 'x-lab': {} }, statPrefix: 'cart' }],
    rewrite: { uriRegexRewrite: { match: '^/cart(/|$)', rewrite: '/v2\\1' }, authority: 'cart.internal' },
    headers: { request: { set: { 'x-env': 'prod' } }, response: { remove: ['server'] } },
    timeout: '10s',
    retries: { attempts: 3, perTryTimeout: '2s', retryOn: 'reset' },
    fault: { abort: { httpStatus: 503, percentage: { value: 1 } } },
    mirrors: [{ destination: { host: 'bank.shop.svc.cluster.local', port: { number: 8080 } }, percentage: { value: 5 } }],
    corsPolicy: { allowOrigins: [{ exact: '*' }] },
    route,
  });
});

test('retries can be disabled', () => {
  expect(renderRoute('A', { target, disableRetries: true }).retries).toEqual({ attempts: 0 });
  expect(renderRoute('A', { target, disableRetries: false }).retries).toBeUndefined();
});

test('a rewrite of a route without paths prepends its prefix', () => {
  expect(renderRoute('A', { target, rewrite: Rewrite.prefix('/v1') }).rewrite).toEqual({ uri: '/v1/' });
});

test('redirects and direct responses may change response headers and have a CORS policy', () => {
  const options = { responseHeaders: { set: { 'content-type': 'text/html' } }, cors: { allowOrigins: [CorsOrigin.any()] }, disableRetries: false };
  const shared = { headers: { response: { set: { 'content-type': 'text/html' } } }, corsPolicy: { allowOrigins: [{ exact: '*' }] } };
  expect(renderRoute('A', { ...options, target: RouteTarget.respond(503, '<p>') })).toEqual({ name: 'A', ...shared, directResponse: { status: 503, body: { string: '<p>' } } });
  expect(renderRoute('A', { ...options, target: RouteTarget.redirect({ path: '/b' }) })).toEqual({ name: 'A', ...shared, redirect: { uri: '/b', redirectCode: 301 } });
});

test('every path is combined with every caller', () => {
  expect(renderRoute('A', { target, paths: [PathMatch.exact('/a')] }, { callers: [{ namespace: 'b' }, { labels: { app: 'c' } }] }).match).toEqual([
    { uri: { exact: '/a' }, sourceNamespace: 'b' }, { uri: { exact: '/a' }, sourceLabels: { app: 'c' } },
  ]);
  expect(renderRoute('A', { target }, { callers: [] }).match).toBeUndefined();
  expect(refusal(() => renderRoute('A', { target }, { callers: [{}] }))).toMatchObject({ prop: 'callers[0]', value: {} });
});

test('claims are only allowed at gateways', () => {
  const claims = [ClaimMatch.exact(['group'], 'admin')];
  expect(renderRoute('A', { target, claims }, { atGateway: true }).match).toEqual([{ headers: { '@request.auth.claims[group]': { exact: 'admin' } } }]);
  for (const surroundings of [{}, { callers: [] }, { hosts: ['a.b'] }]) {
    expect(refusal(() => renderRoute('A', { target, claims }, surroundings))).toMatchObject({ prop: 'claims', value: ['@request.auth.claims[group]'] });
  }
});

test('a redirect loop is refused, as far as the hosts are known', () => {
  const redirect = { target: RouteTarget.redirect({ host: 'a.b' }) };
  expect(renderRoute('A', redirect).redirect).toEqual({ authority: 'a.b', redirectCode: 301 });
  expect(renderRoute('A', redirect, { hosts: ['b.c'] }).redirect).toEqual({ authority: 'a.b', redirectCode: 301 });
  expect(refusal(() => renderRoute('A', redirect, { hosts: ['a.b'] }))).toMatchObject({ prop: 'target', value: 'a redirect to a.b' });
  expect(refusal(() => renderRoute('A', { target: RouteTarget.redirect({ path: '/a' }), paths: [PathMatch.exact('/a')] }))).toMatchObject({ prop: 'target' });
});

test('a mirrored workload is among the workloads of the route', () => {
  const options: RouteOptions = { target: RouteTarget.subset(cart.subset('v1')), mirrors: [Mirror.subset(cart.subset('v2')), Mirror.workload(bank)] };
  expect({ reachedWorkloads: reachedWorkloads(options), subsettedWorkloads: subsettedWorkloads(options) })
    .toEqual({ reachedWorkloads: [cart, bank], subsettedWorkloads: [cart] });
  expect({ reachedWorkloads: reachedWorkloads({ target }), subsettedWorkloads: subsettedWorkloads({ target }) })
    .toEqual({ reachedWorkloads: [cart], subsettedWorkloads: [] });
  expect(subsettedWorkloads({ target, mirrors: [Mirror.subset(bank.subset('v1'))] })).toEqual([bank]);
});

describe.each([['a redirect', RouteTarget.redirect({ path: '/b' })], ['a direct response', RouteTarget.respond(503)]])('for %s', (_, response) => {
  it.each<[string, Partial<RouteOptions>]>([
    ['rewrite', { rewrite: Rewrite.path('/a') }], ['requestHeaders', { requestHeaders: { remove: ['a'] } }], ['timeout', { timeout: Duration.seconds(1) }], ['retries', { retries: { attempts: 1 } }],
    ['disableRetries', { disableRetries: true }], ['fault', { fault: { abort: FaultAbort.http(500, 1) } }], ['mirrors', { mirrors: [] }],
  ])('%s is refused, because it would have no effect', (prop, options) => {
    expect(refusal(() => renderRoute('A', { target: response, ...options }))).toMatchObject({ prop, value: options[prop as keyof RouteOptions] });
  });
});

test.each<[string, object, string, unknown]>([
  ['no target', { target: undefined }, 'target', undefined],
  ['a target as a plain object', { target: {} }, 'target', {}],
  ['a workload instead of a target', { target: cart }, 'target', cart],
  ['a string instead of paths', { paths: '/x' }, 'paths', '/x'],
  ['strings instead of PathMatch', { paths: ['/x'] }, 'paths[0]', '/x'],
  ['null paths', { paths: null }, 'paths', null],
  ['one header instead of a list', { headers: HeaderMatch.present('a') }, 'headers', HeaderMatch.present('a')],
  ['a header as a plain object', { headers: [{ name: 'a' }] }, 'headers[0]', { name: 'a' }],
  ['a string instead of methods', { methods: 'GET' }, 'methods', 'GET'],
  ['a number instead of a method', { methods: [1] }, 'methods[0]', 1],
  ['a string instead of a claim', { claims: ['group'] }, 'claims[0]', 'group'],
  ['a string instead of a parameter', { queryParams: ['a'] }, 'queryParams[0]', 'a'],
  ['a string instead of an authority', { authority: 'a.b' }, 'authority', 'a.b'],
  ['an unknown scheme', { scheme: 'ftp' }, 'scheme', 'ftp'],
  ['a string instead of a port', { port: '80' }, 'port', '80'],
  ['a string instead of a rewrite', { rewrite: '/v2' }, 'rewrite', '/v2'],
  ['a list instead of header changes', { requestHeaders: ['a'] }, 'requestHeaders', ['a']],
  ['a number instead of a Duration', { timeout: 5 }, 'timeout', 5],
  ['a number instead of a retry policy', { retries: 3 }, 'retries', 3],
  ['an unknown retry condition', { retries: { attempts: 1, retryOn: ['bogus'] } }, 'retries.retryOn[0]', 'bogus'],
  ['a string instead of a Duration', { retries: { attempts: 1, perTryTimeout: '1s' } }, 'retries.perTryTimeout', '1s'],
  ['a string instead of a boolean', { disableRetries: 'yes' }, 'disableRetries', 'yes'],
  ['retries that are also disabled', { disableRetries: true, retries: { attempts: 1 } }, 'retries', { attempts: 1 }],
  ['an abort as a plain object', { fault: { abort: {} } }, 'fault.abort', {}],
  ['a workload instead of a mirror', { mirrors: [cart] }, 'mirrors[0]', cart],
  ['a mirror to the target', { mirrors: [Mirror.workload(cart)] }, 'mirrors[0]', 'cart.shop.svc.cluster.local'],
  ['a mirror to the version of the target', { target: RouteTarget.subset(cart.subset('v1')), mirrors: [Mirror.subset(cart.subset('v1'))] }, 'mirrors[0]', 'v1 of cart.shop.svc.cluster.local'],
  ['a string instead of a CORS policy', { cors: '*' }, 'cors', '*'],
  ['an empty statPrefix', { statPrefix: '' }, 'statPrefix', ''],
  ['a number instead of a statPrefix', { statPrefix: 1 }, 'statPrefix', 1],
  ['a rewrite that does not fit the paths', { paths: [PathMatch.exact('/a')], rewrite: Rewrite.prefix('/b') }, 'rewrite', "Rewrite.prefix('/b')"],
  ['two hosts for the workload', {
    target: RouteTarget.split([{ subset: cart.subset('v1'), weight: 1, requestHeaders: { set: { host: 'a.b' } } }]), rewrite: Rewrite.authority('b.c'),
  }, 'rewrite', 'b.c'],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => new Delegate(emptyChart(), 'Made', { namespace: 'shop' }).addRoute('A', { target, ...options } as RouteOptions))).toMatchObject({ prop, value });
});

test('a version can get copies in addition to its share of the requests to the workload', () => {
  expect(renderRoute('A', { target, mirrors: [Mirror.subset(cart.subset('v1'))] })).toMatchObject({ route, mirrors: [{ destination: { subset: 'v1' } }] });
});

test.each([null, undefined, 'a', []])('%j is refused as options', options => {
  expect(refusal(() => new Delegate(emptyChart(), 'Made', { namespace: 'shop' }).addRoute('A', options as never))).toMatchObject({ prop: 'props', value: options });
});

test('an id with a comma is refused for weights that are managed elsewhere', () => {
  const elsewhere = RouteTarget.splitElsewhere(cart.subset('v1'), cart.subset('v2'));
  expect(refusal(() => renderRoute('A,B', { target: elsewhere }))).toMatchObject({ prop: 'id', value: 'A,B' });
  expect(() => renderRoute('A,B', { target: RouteTarget.workload(cart) })).not.toThrow();
});

describe('a CORS policy with methods', () => {
  const cors = { allowOrigins: [CorsOrigin.exact('https://shop.example.com')] };
  const matches = (options: Partial<RouteOptions>) => renderRoute('A', { target: RouteTarget.respond(503), ...options }).match;

  it('also matches the preflights for these methods, and no other OPTIONS request', () => {
    expect(matches({ cors, methods: ['GET', 'PUT'], paths: [PathMatch.exact('/a')], headers: [HeaderMatch.present('x')] })).toEqual([
      { uri: { exact: '/a' }, method: { regex: 'GET|PUT' }, headers: { x: {} } },
      { uri: { exact: '/a' }, method: { exact: 'OPTIONS' }, headers: { 'access-control-request-method': { regex: 'GET|PUT' }, 'origin': {}, 'x': {} } },
    ]);
    expect(matches({ cors, methods: ['PUT'] })).toEqual([
      { method: { exact: 'PUT' } }, { method: { exact: 'OPTIONS' }, headers: { 'access-control-request-method': { exact: 'PUT' }, 'origin': {} } },
    ]);
  });

  it('needs no such match if OPTIONS is one of them, or without methods or a policy', () => {
    expect(matches({ cors, methods: ['PUT', 'OPTIONS'] })).toEqual([{ method: { regex: 'PUT|OPTIONS' } }]);
    expect(matches({ cors })).toBeUndefined();
    expect(matches({ methods: ['PUT'] })).toEqual([{ method: { exact: 'PUT' } }]);
  });
});
