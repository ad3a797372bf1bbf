// One entry of a VirtualService.
import { Duration } from 'cdk8s';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { CorsOrigin } from '../../../src/edge/routing/cors';
import { FaultAbort } from '../../../src/edge/routing/fault';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Mirror } from '../../../src/edge/routing/mirror';
import { Rewrite } from '../../../src/edge/routing/rewrite';
import { reachedWorkloads, renderRoute, type RouteOptions, subsettedWorkloads } from '../../../src/edge/routing/route-options';
import { RetryOn } from '../../../src/edge/routing/route-policy';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { refusal } from '../../refusal';
import { service } from '../hand-made';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
const target = RouteTarget.workload(cart);
const route = [{ destination: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } } }];

test('a route without options has a name and a target', () => {
  expect(JSON.parse(JSON.stringify(renderRoute('All', { target })))).toEqual({ name: 'All', route });
});

test('all options stand in one entry', () => {
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

test('retries can be switched off', () => {
  expect(renderRoute('A', { target, disableRetries: true }).retries).toEqual({ attempts: 0 });
  expect(renderRoute('A', { target, disableRetries: false }).retries).toBeUndefined();
});

test('a rewrite of a route without paths puts its prefix in front', () => {
  expect(renderRoute('A', { target, rewrite: Rewrite.prefix('/v1') }).rewrite).toEqual({ uri: '/v1/' });
});

test('answers may change their headers and take part in CORS', () => {
  const options = { responseHeaders: { set: { 'content-type': 'text/html' } }, cors: { allowOrigins: [CorsOrigin.any()] }, disableRetries: false };
  const shared = { headers: { response: { set: { 'content-type': 'text/html' } } }, corsPolicy: { allowOrigins: [{ exact: '*' }] } };
  expect(renderRoute('A', { ...options, target: RouteTarget.respond(503, '<p>') })).toEqual({ name: 'A', ...shared, directResponse: { status: 503, body: { string: '<p>' } } });
  expect(renderRoute('A', { ...options, target: RouteTarget.redirect({ path: '/b' }) })).toEqual({ name: 'A', ...shared, redirect: { uri: '/b', redirectCode: 301 } });
});

test('callers divide every path', () => {
  expect(renderRoute('A', { target, paths: [PathMatch.exact('/a')] }, { callers: [{ namespace: 'b' }, { labels: { app: 'c' } }] }).match).toEqual([
    { uri: { exact: '/a' }, sourceNamespace: 'b' }, { uri: { exact: '/a' }, sourceLabels: { app: 'c' } },
  ]);
  expect(renderRoute('A', { target }, { callers: [] }).match).toBeUndefined();
  expect(refusal(() => renderRoute('A', { target }, { callers: [{}] }))).toMatchObject({ prop: 'callers[0]', value: {} });
});

test('claims are for gateways', () => {
  const claims = [ClaimMatch.exact(['group'], 'admin')];
  expect(renderRoute('A', { target, claims }, { atGateway: true }).match).toEqual([{ headers: { '@request.auth.claims[group]': { exact: 'admin' } } }]);
  for (const surroundings of [{}, { callers: [] }, { hosts: ['a.b'] }]) {
    expect(refusal(() => renderRoute('A', { target, claims }, surroundings))).toMatchObject({ prop: 'claims', value: ['@request.auth.claims[group]'] });
  }
});

test('a redirect leads away, as far as the hosts are known', () => {
  const back = { target: RouteTarget.redirect({ host: 'a.b' }) };
  expect(renderRoute('A', back).redirect).toEqual({ authority: 'a.b', redirectCode: 301 });
  expect(renderRoute('A', back, { hosts: ['b.c'] }).redirect).toEqual({ authority: 'a.b', redirectCode: 301 });
  expect(refusal(() => renderRoute('A', back, { hosts: ['a.b'] }))).toMatchObject({ prop: 'target', value: 'a redirect to a.b' });
  expect(refusal(() => renderRoute('A', { target: RouteTarget.redirect({ path: '/a' }), paths: [PathMatch.exact('/a')] }))).toMatchObject({ prop: 'target' });
});

test('a copy makes its workload a part of the route', () => {
  const options: RouteOptions = { target: RouteTarget.subset(cart.subset('v1')), mirrors: [Mirror.subset(cart.subset('v2')), Mirror.workload(bank)] };
  expect({ reachedWorkloads: reachedWorkloads(options), subsettedWorkloads: subsettedWorkloads(options) })
    .toEqual({ reachedWorkloads: [cart, bank], subsettedWorkloads: [cart] });
  expect({ reachedWorkloads: reachedWorkloads({ target }), subsettedWorkloads: subsettedWorkloads({ target }) })
    .toEqual({ reachedWorkloads: [cart], subsettedWorkloads: [] });
  expect(subsettedWorkloads({ target, mirrors: [Mirror.subset(bank.subset('v1'))] })).toEqual([bank]);
});

describe.each([['a redirect', RouteTarget.redirect({ path: '/b' })], ['an answer', RouteTarget.respond(503)]])('with %s', (_, answer) => {
  it.each<[string, Partial<RouteOptions>]>([
    ['rewrite', { rewrite: Rewrite.path('/a') }], ['requestHeaders', { requestHeaders: { remove: ['a'] } }], ['timeout', { timeout: Duration.seconds(1) }], ['retries', { retries: { attempts: 1 } }],
    ['disableRetries', { disableRetries: true }], ['fault', { fault: { abort: FaultAbort.http(500, 1) } }], ['mirrors', { mirrors: [] }],
  ])('%s would have no effect', (prop, options) => {
    expect(refusal(() => renderRoute('A', { target: answer, ...options }))).toMatchObject({ prop, value: options[prop as keyof RouteOptions] });
  });
});

test.each<[string, object, string, unknown]>([
  ['nothing', { target: undefined }, 'target', undefined],
  ['a target that no maker made', { target: {} }, 'target', {}],
  ['a workload for a target', { target: cart }, 'target', cart],
  ['a text for paths', { paths: '/x' }, 'paths', '/x'],
  ['texts for paths', { paths: ['/x'] }, 'paths[0]', '/x'],
  ['no paths', { paths: null }, 'paths', null],
  ['a header for headers', { headers: HeaderMatch.present('a') }, 'headers', HeaderMatch.present('a')],
  ['an object for a header', { headers: [{ name: 'a' }] }, 'headers[0]', { name: 'a' }],
  ['a text for methods', { methods: 'GET' }, 'methods', 'GET'],
  ['a number for a method', { methods: [1] }, 'methods[0]', 1],
  ['a text for a claim', { claims: ['group'] }, 'claims[0]', 'group'],
  ['a text for a parameter', { queryParams: ['a'] }, 'queryParams[0]', 'a'],
  ['a text for an authority', { authority: 'a.b' }, 'authority', 'a.b'],
  ['another scheme', { scheme: 'ftp' }, 'scheme', 'ftp'],
  ['a text for a port', { port: '80' }, 'port', '80'],
  ['a text for a rewrite', { rewrite: '/v2' }, 'rewrite', '/v2'],
  ['a list for header changes', { requestHeaders: ['a'] }, 'requestHeaders', ['a']],
  ['a number for a time', { timeout: 5 }, 'timeout', 5],
  ['a number for retries', { retries: 3 }, 'retries', 3],
  ['an unknown outcome', { retries: { attempts: 1, retryOn: ['bogus'] } }, 'retries.retryOn[0]', 'bogus'],
  ['a time in a text', { retries: { attempts: 1, perTryTimeout: '1s' } }, 'retries.perTryTimeout', '1s'],
  ['a word for yes', { disableRetries: 'yes' }, 'disableRetries', 'yes'],
  ['retries both ways', { disableRetries: true, retries: { attempts: 1 } }, 'retries', { attempts: 1 }],
  ['an abort that no maker made', { fault: { abort: {} } }, 'fault.abort', {}],
  ['a workload for a mirror', { mirrors: [cart] }, 'mirrors[0]', cart],
  ['a mirror of itself', { mirrors: [Mirror.workload(cart)] }, 'mirrors[0]', 'cart.shop.svc.cluster.local'],
  ['a mirror of its own version', { target: RouteTarget.subset(cart.subset('v1')), mirrors: [Mirror.subset(cart.subset('v1'))] }, 'mirrors[0]', 'v1 of cart.shop.svc.cluster.local'],
  ['a star for CORS', { cors: '*' }, 'cors', '*'],
  ['an empty prefix of metrics', { statPrefix: '' }, 'statPrefix', ''],
  ['a number for a prefix of metrics', { statPrefix: 1 }, 'statPrefix', 1],
  ['a rewrite that the paths do not fit', { paths: [PathMatch.exact('/a')], rewrite: Rewrite.prefix('/b') }, 'rewrite', "Rewrite.prefix('/b')"],
  ['two hosts for the workload', {
    target: RouteTarget.split([{ subset: cart.subset('v1'), weight: 1, requestHeaders: { set: { host: 'a.b' } } }]), rewrite: Rewrite.authority('b.c'),
  }, 'rewrite', 'b.c'],
])('%s is refused', (_, options, prop, value) => {
  expect(refusal(() => renderRoute('A', { target, ...options } as RouteOptions))).toMatchObject({ prop, value });
});

test('a version gets copies besides its part of the requests to the workload', () => {
  expect(renderRoute('A', { target, mirrors: [Mirror.subset(cart.subset('v1'))] })).toMatchObject({ route, mirrors: [{ destination: { subset: 'v1' } }] });
});

test.each([null, undefined, 'a', []])('%j are no options', options => {
  expect(refusal(() => renderRoute('A', options as never))).toMatchObject({ prop: 'props', value: options });
});
