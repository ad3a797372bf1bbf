// Delegates: a team's routes for part of a host that another team owns.
import { Duration } from 'cdk8s';
import { AuthorityMatch } from '../../../src/edge/match/authority';
import { ClaimMatch } from '../../../src/edge/match/claim-match';
import { Delegate, type DelegateProps } from '../../../src/edge/delegate/delegate';
import { CorsOrigin } from '../../../src/edge/routing/cors';
import { FaultAbort } from '../../../src/edge/routing/fault';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { MeshRoute } from '../../../src/edge/routing/mesh-route';
import { Mirror } from '../../../src/edge/routing/mirror';
import { Canary, WeightOwner } from '../../../src/edge/release/canary';
import { Rewrite } from '../../../src/edge/routing/rewrite';
import { Route, type RouteProps } from '../../../src/edge/routing/route';
import { renderRoute } from '../../../src/edge/routing/route-options';
import { type IDelegate, RouteTarget } from '../../../src/edge/routing/route-target';
import { type IWorkload, Workload } from '../../../src/edge/workload/workload';
import * as manifests from '../../manifests';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { HandMadeGateway, service } from '../stubs';

const cart = service();
const bank = service({ serviceName: 'bank', host: 'bank.shop.svc.cluster.local' });
const target = RouteTarget.workload(cart);
const to = (host: string, subset?: string) => [manifests.to(`${host}.shop.svc.cluster.local`, { port: 8080, subset })];

function delegate(props: DelegateProps = {}): Delegate {
  return new Delegate(emptyChart('chart', 'shop'), 'Cart', props);
}

/** A root's route to a delegate, in a chart of its own. */
function root(own: IDelegate, props: Partial<RouteProps> = {}, id = 'Root'): Record<string, unknown> {
  const chart = emptyChart('edge');
  new Route(chart, id, { gateway: new HandMadeGateway(), hosts: ['shop.example.com'], paths: [PathMatch.pathPrefix('/cart')], target: RouteTarget.delegate(own), ...props });
  return theOnly(chart, 'VirtualService').spec.http[0];
}

test('a delegate is a VirtualService without hosts and gateways; its routes keep their declaration order', () => {
  const made = delegate();
  made.addRoute('Down', { paths: [PathMatch.exact('/cart/down')], target: RouteTarget.respond(503) });
  made.addRoute('Rest', { target });
  expect(synthesized(made)).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name: 'cart',
      namespace: 'shop',
      labels: labels('cart', 'routing'),
    },
    spec: {
      http: [
        { name: 'Down', match: [{ uri: { exact: '/cart/down' } }], directResponse: { status: 503 } },
        { name: 'Rest', route: to('cart') },
      ],
    },
  }]);
});

test('name and namespace can be set', () => {
  const made = delegate({ delegateName: 'cart.routes', namespace: 'team' });
  made.addRoute('All', { target });
  expect(made).toMatchObject({ delegateName: 'cart.routes', delegateNamespace: 'team' });
  expect(theOnly(made, 'VirtualService').metadata).toMatchObject({ name: 'cart.routes', namespace: 'team' });
});

test.each<[string, () => unknown, string, unknown]>([
  ['a name in upper case', () => delegate({ delegateName: 'Cart' }), 'delegateName', 'Cart'],
  ['an id that is not a valid name', () => new Delegate(emptyChart('chart', 'shop'), 'My Cart'), 'delegateName', 'my cart'],
  ['an invalid namespace', () => delegate({ namespace: 'a.b' }), 'namespace', 'a.b'],
  ['no namespace', () => new Delegate(emptyChart(), 'Cart'), 'namespace', undefined],
  ['a string instead of props', () => new Delegate(emptyChart('chart', 'shop'), 'Cart', 'shop' as never), 'props', 'shop'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value, path: expect.stringMatching(/^chart\/(My )?Cart$/) });
});

test('a delegate without routes fails the synth, because Istio rejects it', () => {
  const made = delegate();
  expect(made.node.validate()).toEqual(['a delegate needs at least one route: Istio rejects a VirtualService without any']);
  made.addRoute('All', { target });
  expect(made.node.validate()).toEqual([]);
});

describe('the route of a root', () => {
  it('names the delegate and has all settings that the delegate inherits', () => {
    expect(root(delegate(), { requestHeaders: { set: { 'x-edge': 'yes' } }, disableRetries: true, fault: { abort: FaultAbort.http(503, 1) }, mirrors: [Mirror.workload(bank)] })).toEqual({
      name: 'Root',
      match: [{ uri: { exact: '/cart' } }, { uri: { prefix: '/cart/' } }],
      headers: { request: { set: { 'x-edge': 'yes' } } },
      retries: { attempts: 0 },
      fault: { abort: { httpStatus: 503, percentage: { value: 1 } } },
      mirrors: [{ destination: { host: 'bank.shop.svc.cluster.local', port: { number: 8080 } } }],
      delegate: { name: 'cart', namespace: 'shop' },
    });
  });

  it('has no rewrite: Istio would replace the path that the delegate matched', () => {
    for (const rewrite of [Rewrite.prefix('/v2'), Rewrite.path('/v2'), Rewrite.regex('a', 'b'), Rewrite.authority('a.b')]) {
      expect(refusal(() => root(delegate(), { rewrite }))).toMatchObject({ prop: 'rewrite', value: 'a rewrite', path: 'edge/Root' });
    }
  });

  it('may precede others, which match what the delegate does not', () => {
    const chart = emptyChart();
    const gateway = new HandMadeGateway();
    new Route(chart, 'Team', { gateway, hosts: ['shop.example.com'], target: RouteTarget.delegate(delegate()) });
    new Route(chart, 'Rest', { gateway, hosts: ['shop.example.com'], target });
    expect(theOnly(chart, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['Team', 'Rest']);
  });

  it('may match on claims, which a route of the delegate may not', () => {
    const claims = [ClaimMatch.exact(['group'], 'admin')];
    const made = delegate();
    expect(() => root(made, { claims })).not.toThrow();
    expect(refusal(() => made.addRoute('Claims', { target, claims }))).toMatchObject({ prop: 'claims', path: 'chart/Cart/Claims' });
  });
});

describe('a route of a delegate must fit the route that delegates to it', () => {
  it('if the delegating route is added first', () => {
    const made = delegate();
    root(made);
    made.addRoute('Items', { paths: [PathMatch.pathPrefix('/cart/items')], target });
    expect(refusal(() => made.addRoute('Search', { paths: [PathMatch.exact('/search')], target }))).toEqual({
      prop: 'paths',
      value: '{"uri":{"exact":"/search"}}',
      reason: 'cannot be combined with the delegating route: {"uri":{"exact":"/search"}} of route "Search" does not fit {"uri":{"exact":"/cart"}} or {"uri":{"prefix":"/cart/"}} '
        + 'of route "Root", so Istio drops the route',
      path: 'chart/Cart/Search',
    });
    expect(theOnly(made, 'VirtualService').spec.http.map(({ name }: { name: string }) => name)).toEqual(['Items']);
  });

  it('if the delegating route is added last: then it is refused', () => {
    const made = delegate();
    made.addRoute('Search', { paths: [PathMatch.exact('/search')], target });
    expect(refusal(() => root(made))).toMatchObject({ prop: 'target', value: '{"uri":{"exact":"/search"}}', path: 'edge/Root' });
  });

  it('and all of them, if there are two', () => {
    const made = delegate();
    root(made, {}, 'One');
    root(made, { paths: [PathMatch.pathPrefix('/basket')] }, 'Two');
    expect(refusal(() => made.addRoute('Items', { paths: [PathMatch.pathPrefix('/cart/items')], target })).reason).toContain('of route "Two"');
    expect(refusal(() => made.addRoute('Others', { paths: [PathMatch.pathPrefix('/basket/items')], target })).reason).toContain('of route "One"');
    made.addRoute('Lab', { headers: [HeaderMatch.present('x-lab')], target });
    made.addRoute('All', { target });
  });

  it('in its port, but not in its statPrefix', () => {
    const made = delegate();
    root(made, { port: 443, statPrefix: 'edge' });
    made.addRoute('Https', { port: 443, statPrefix: 'cart', target });
    expect(refusal(() => made.addRoute('Http', { port: 80, target }))).toMatchObject({ prop: 'paths', value: '{"port":80}' });
    made.addRoute('Any', { authority: AuthorityMatch.exact('shop.example.com'), target });
  });

  it('in its negated header conditions', () => {
    const made = delegate();
    root(made, { headers: [HeaderMatch.notPrefix('x-role', 'adm')] });
    expect(refusal(() => made.addRoute('A', { headers: [HeaderMatch.notExact('x-role', 'admin')], target })).reason).toContain('Istio ignores the withoutHeaders condition of the root');
    made.addRoute('B', { headers: [HeaderMatch.notPrefix('x-role', 'adm')], target });
  });
});

describe('a route of a delegate', () => {
  it('cannot delegate further', () => {
    expect(refusal(() => delegate().addRoute('A', { target: RouteTarget.delegate(delegate()) }))).toMatchObject({ prop: 'target', value: 'a delegate', path: 'chart/Cart/A' });
  });

  it('is refused after a catch-all', () => {
    const made = delegate();
    made.addRoute('All', { target });
    expect(refusal(() => made.addRoute('Late', { paths: [PathMatch.exact('/cart/a')], target }))).toMatchObject({
      prop: 'paths', value: '/cart/a', reason: 'can never match: route "All" above matches every request that is delegated; declare "Late" before "All"', path: 'chart/Cart/Late',
    });
  });

  it('needs paths for a rewrite of the prefix', () => {
    const made = delegate();
    expect(refusal(() => made.addRoute('A', { target, rewrite: Rewrite.prefix('/v2') }))).toMatchObject({ prop: 'rewrite', value: 'a rewrite to /v2/', path: 'chart/Cart/A' });
    expect(refusal(() => made.addRoute('Get', { target, methods: ['GET'], rewrite: Rewrite.prefix('/v2') }))).toMatchObject({ prop: 'rewrite' });
    made.addRoute('B', { target, paths: [PathMatch.prefix('/cart/a/')], rewrite: Rewrite.prefix('/v2/') });
    made.addRoute('C', { target, paths: [PathMatch.pathPrefix('/cart/b')], rewrite: Rewrite.prefix('/v2') });
    made.addRoute('D', { target, headers: [HeaderMatch.present('x-lab')], rewrite: Rewrite.path('/lab') });
    expect(theOnly(made, 'VirtualService').spec.http.map(({ rewrite }: { rewrite: unknown }) => rewrite)).toEqual([
      { uri: '/v2/' }, { uriRegexRewrite: { match: '^/cart/b(/|$)', rewrite: '/v2\\1' } }, { uriRegexRewrite: { match: '^.*$', rewrite: '/lab' } },
    ]);
  });

  it('can be reached', () => {
    const made = delegate();
    made.addRoute('A', { target, paths: [PathMatch.pathPrefix('/cart')] });
    expect(refusal(() => made.addRoute('B', { target: RouteTarget.respond(503), paths: [PathMatch.exact('/cart/b')] }))).toMatchObject({
      prop: 'paths', value: '/cart/b', path: 'chart/Cart/B',
      reason: 'can never match /cart/b: route "A" above matches every such request that is delegated; declare "B" before "A"',
    });
    made.addRoute('B', { target: RouteTarget.respond(503), paths: [PathMatch.exact('/carts')] });
  });

  it('has an id of its own', () => {
    const made = delegate();
    made.addRoute('A', { target, methods: ['GET'] });
    expect(refusal(() => made.addRoute('A', { target }))).toMatchObject({ prop: 'id', value: 'A', path: 'chart/Cart' });
    expect(refusal(() => made.addRoute('B', null as never))).toMatchObject({ prop: 'props', path: 'chart/Cart/B' });
  });

  it('gets subsets beside the delegate, and is listed if its weights are managed elsewhere', () => {
    const made = delegate();
    made.addRoute('One', { methods: ['GET'], target: RouteTarget.splitElsewhere(cart.subset('v1'), cart.subset('v2')) });
    made.addRoute('Two', { target: RouteTarget.subset(cart.subset('v1')) });
    expect(theOnly(made, 'DestinationRule').spec.subsets.map(({ name }: { name: string }) => name)).toEqual(['v1', 'v2']);
    expect(theOnly(made, 'VirtualService').metadata.annotations).toEqual({ 'routes.cdk8s-alb-istio/weights-managed-elsewhere': 'One' });
    expect(refusal(() => delegate().addRoute('A,B', { target: RouteTarget.splitElsewhere(cart.subset('v1'), cart.subset('v2')) }))).toMatchObject({ prop: 'id', value: 'A,B' });
  });
});

describe('preflight requests that a route with cors and methods delegates', () => {
  const cors = { allowOrigins: [CorsOrigin.exact('https://www.example.com')] };
  const faults = (owner: Partial<RouteProps>, ...own: Partial<RouteProps>[]) => {
    const made = delegate();
    own.forEach((props, index) => made.addRoute(`Own${index}`, { target, ...props }));
    root(made, owner);
    return made.node.validate();
  };
  const lost = 'route "Root" has methods and cors and delegates its preflight requests (OPTIONS) here, where no route matches them; '
    + 'add a route without methods';

  it('need a route of the delegate', () => {
    expect(faults({ methods: ['PUT'], cors }, { methods: ['PUT'] })).toEqual([lost]);
    expect(faults({ methods: ['PUT', 'PATCH'], cors }, { paths: [PathMatch.exact('/cart/a')] }, { paths: [PathMatch.exact('/cart/b')] })).toEqual([]);
    expect(faults({ methods: ['PUT'], cors }, { methods: ['PUT'] }, {})).toEqual([]);
    expect(faults({ methods: ['PUT'], cors }, { methods: ['OPTIONS'] })).toEqual([]);
  });

  it('and only these: others may match a later route of the owner', () => {
    expect(faults({ methods: ['PUT'] }, { methods: ['PUT'] })).toEqual([]);
    expect(faults({ cors }, { methods: ['PUT'] })).toEqual([]);
  });

  it('are announced to the gateway for routes of the delegate, whichever comes first', () => {
    const expected = (steps: (made: Delegate) => readonly (() => unknown)[]) => {
      const preflights: string[] = [];
      const gateway = Object.assign(new HandMadeGateway(), { _expectPreflights: (hosts: readonly string[]) => preflights.push(...hosts) });
      const made = delegate();
      const attach = () => new Route(emptyChart('edge'), 'Root', { gateway, hosts: ['shop.example.com'], target: RouteTarget.delegate(made) });
      steps(made).forEach(step => step());
      attach();
      made.addRoute('Last', { target, paths: [PathMatch.exact('/last')] });
      const before = [...preflights];
      made.addRoute('Cors', { target, cors });
      return [before, preflights];
    };
    expect(expected(() => [])).toEqual([[], ['shop.example.com']]);
    expect(expected(made => [() => made.addRoute('First', { target, cors, paths: [PathMatch.exact('/first')] })])[0]).toEqual(['shop.example.com']);
  });
});

describe('the workloads of a delegate', () => {
  it('are listed once each, including mirrors', () => {
    const made = delegate();
    made.addRoute('A', { methods: ['GET'], target });
    made.addRoute('B', { target, mirrors: [Mirror.workload(bank)] });
    expect(made.workloads).toEqual([cart, bank]);
  });

  it('are announced to the gateway, whether they or the delegating route come first', () => {
    const reached: string[] = [];
    const gateway = Object.assign(new HandMadeGateway(), { _reach: ({ serviceName }: IWorkload) => reached.push(serviceName) });
    const made = delegate();
    made.addRoute('A', { methods: ['GET'], target });
    root(made, { gateway });
    expect(reached).toEqual(['cart']);
    made.addRoute('B', { target: RouteTarget.workload(bank) });
    expect(reached).toEqual(['cart', 'bank']);
  });
});

test('a delegate of another repository is referred to by its name', () => {
  expect(root(Delegate.fromAttributes({ delegateName: 'cart', delegateNamespace: 'shop' }))).toMatchObject({ delegate: { name: 'cart', namespace: 'shop' } });
  expect(refusal(() => Delegate.fromAttributes({ delegateName: 'Cart', delegateNamespace: 'shop' }))).toMatchObject({ prop: 'delegateName', value: 'Cart' });
  expect(refusal(() => Delegate.fromAttributes({ delegateName: 'cart', delegateNamespace: undefined as never }))).toMatchObject({ prop: 'delegateNamespace', value: undefined });
  expect(refusal(() => Delegate.fromAttributes('cart' as never))).toMatchObject({ prop: 'attributes', value: 'cart' });
});

test('only a delegate can be delegated to, and only at a gateway', () => {
  expect(refusal(() => RouteTarget.delegate({ delegateName: 'cart' } as never))).toMatchObject({ prop: 'delegate', value: { delegateName: 'cart' } });
  expect(refusal(() => RouteTarget.delegate(null as never))).toMatchObject({ prop: 'delegate', value: null });
  expect(refusal(() => new MeshRoute(emptyChart(), 'A', { workload: cart, target: RouteTarget.delegate(delegate()) }))).toMatchObject({ prop: 'target', value: 'a delegate', path: 'chart/A' });
  expect(renderRoute('A', { target: RouteTarget.delegate(delegate()) })).toEqual({ name: 'A', delegate: { name: 'cart', namespace: 'shop' } });
});

describe('releases', () => {
  const versioned = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });
  const HOST = versioned.host;
  const share = (subset: string, weight?: number) => manifests.to(HOST, { port: 8080, subset, weight });
  const canary = { workload: versioned, stable: 'v1', canary: 'v2', percent: 0.5 };

  test('a canary is a split after the route for its header, with the subsets that both need', () => {
    const made = delegate();
    made.addCanary('Cart', { ...canary, paths: [PathMatch.pathPrefix('/cart')], header: HeaderMatch.present('x-canary'), timeout: Duration.seconds(2) });
    const uris = [{ uri: { exact: '/cart' } }, { uri: { prefix: '/cart/' } }];
    expect(theOnly(made, 'VirtualService').spec.http).toEqual([
      { name: 'Cart-header', match: uris.map(uri => ({ ...uri, headers: { 'x-canary': {} } })), timeout: '2s', route: [share('v2')] },
      { name: 'Cart', match: uris, timeout: '2s', route: [share('v1', 995), share('v2', 5)] },
    ]);
    expect(theOnly(made.node.root, 'DestinationRule').spec.subsets.map(({ name }: { name: string }) => name)).toEqual(['v1', 'v2']);
    expect(made.workloads).toEqual([versioned]);
    expect(root(made)).toMatchObject({ delegate: { name: 'cart', namespace: 'shop' } });
  });

  test('weights that a controller manages are annotated', () => {
    const made = delegate();
    made.addCanary('Cart', { ...canary, percent: undefined, weights: WeightOwner.ELSEWHERE });
    expect(theOnly(made, 'VirtualService')).toMatchObject({
      metadata: { annotations: { 'routes.cdk8s-alb-istio/weights-managed-elsewhere': 'Cart' } }, spec: { http: [{ route: [share('v1', 100), share('v2', 0)] }] },
    });
  });

  test('a blue-green release sends to the active version, and its header to the other', () => {
    const made = delegate();
    made.addBlueGreen('Cart', { workload: versioned, blue: 'v1', green: 'v2', active: 'v2', previewHeader: 'x-preview' });
    expect(theOnly(made, 'VirtualService').spec.http).toEqual([
      { name: 'Cart-preview', match: [{ headers: { 'x-preview': {} } }], route: [share('v1')] }, { name: 'Cart', route: [share('v2')] },
    ]);
  });

  test.each<[string, (made: Delegate) => void, object]>([
    ['hosts', made => made.addCanary('Cart', { ...canary, hosts: ['shop.example.com'] }), { prop: 'hosts', path: 'chart/Cart/Cart' }],
    ['an unknown version', made => made.addCanary('Cart', { ...canary, canary: 'v9' }), { prop: 'canary', value: 'v9' }],
    ['no active version', made => made.addBlueGreen('Cart', { workload: versioned, blue: 'v1', green: 'v2', active: undefined as never }), { prop: 'active' }],
    ['options that are no object', made => made.addCanary('Cart', null as never), { value: null }],
    ['an id that a route has', made => {
      made.addRoute('Cart-header', { paths: [PathMatch.exact('/cart/a')], target });
      made.addCanary('Cart', { ...canary, header: HeaderMatch.present('x-canary') });
    }, { prop: 'id', value: 'Cart-header' }],
    ['a second release of the workload', made => {
      made.addCanary('One', { ...canary, paths: [PathMatch.exact('/cart/a')] });
      made.addBlueGreen('Two', { workload: versioned, blue: 'v1', green: 'v2', active: 'v2' });
    }, { prop: 'workload', value: HOST, reason: expect.stringContaining('the workload of release chart/Cart/One') }],
  ])('%s is refused', (_, add, expected) => {
    const made = delegate();
    expect(refusal(() => add(made))).toMatchObject(expected);
  });

  test('a rejected release leaves nothing behind', () => {
    const made = delegate();
    root(made);
    expect(refusal(() => made.addCanary('Cart', { ...canary, paths: [PathMatch.exact('/bank')], header: HeaderMatch.present('x-canary') }))).toMatchObject({ prop: 'paths' });
    made.addCanary('Cart', { ...canary, header: HeaderMatch.present('x-canary') });
    expect(theOnly(made, 'VirtualService').spec.http).toHaveLength(2);
  });

  test('the same workload may have a release at the gateway as well', () => {
    const made = delegate();
    made.addCanary('Cart', canary);
    expect(() => new Canary(made.node.scope!, 'Edge', { ...canary, gateway: new HandMadeGateway(), hosts: ['shop.example.com'] })).not.toThrow();
  });
});
