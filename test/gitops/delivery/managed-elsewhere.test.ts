// The fields that a controller in the cluster sets: found where they are, as Flux and as Argo CD point at them, and nothing else.
import { spawnSync } from 'node:child_process';
import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import { Canary } from '../../../src/edge/release/canary';
import { HeaderMatch, PathMatch } from '../../../src/edge/match/match';
import { Route } from '../../../src/edge/routing/route';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import { Subsets } from '../../../src/edge/traffic-policy/subsets';
import { Workload } from '../../../src/edge/workload/workload';
import { managedElsewhere, type ManagedFields } from '../../../src/gitops/delivery/managed-elsewhere';
import type { Synthesized } from '../../synthesized';
import { applied, AT_GATEWAY, cart, inEmptyDirectory, objectsIn, release } from './applied-app';

inEmptyDirectory();

const VS = 'shop-example-com-80a4a376';
const HOST = 'cart.shop.svc.cluster.local';
const WEIGHTS = 'routes.cdk8s-alb-istio/weights-managed-elsewhere';
const search = new Workload({ serviceName: 'search', namespace: 'find', port: 80, versions: ['old', 'new'] });

/** Rules of an app with these releases, and the objects of the folder that it then writes. */
function found(releases: (chart: Chart) => void): { readonly rules: ManagedFields[]; readonly written: Synthesized[] } {
  const { app, chart } = applied();
  new ApiObject(chart, 'Namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  releases(chart);
  app.synth();
  return { rules: managedElsewhere(app), written: objectsIn('dist/production/10-shop.k8s.yaml') };
}

/** What stands at a JSON pointer (RFC 6901). */
function at(pointer: string, object: unknown): unknown {
  return pointer.split('/').slice(1).reduce((value, key) => (value as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], object);
}

/** All JSON pointers to values of a name. */
function pointersTo(name: string, value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, part]) => [...(key === name ? [`${path}/${key}`] : []), ...pointersTo(name, part, `${path}/${key}`)]);
}

/** The object that a rule is about. */
function objectOf(rule: ManagedFields, written: readonly Synthesized[]): Synthesized {
  const objects = written.filter(({ kind, metadata: { name, namespace } }) => kind === rule.kind && name === rule.name && namespace === rule.namespace);
  expect(objects).toHaveLength(1);
  return objects[0];
}

/** The values at the pointers of a rule, in the files. */
function valuesOf(rule: ManagedFields, written: readonly Synthesized[]): unknown[] {
  return rule.pointers.map(pointer => at(pointer, objectOf(rule, written)));
}

const weights = (...pointers: string[]) => pointers.map(place => `/spec/http/${place}/weight`);
const label = (index: number) => `/spec/subsets/${index}/labels`;
const ofRoute = (name: string) => `.spec.http[] | select(.name == ${name}) | .route[].weight`;
const ofSubset = (name: string) => `.spec.subsets[] | select(.name == "${name}") | .labels["rollouts-pod-template-hash"]`;

const CART_RULE = { kind: 'DestinationRule', name: 'cart', namespace: 'shop', pointers: [label(0), label(1)], expressions: [ofSubset('v1'), ofSubset('v2')] };

describe('the weights of a release', () => {
  it('at a gateway are found behind the other routes of its VirtualService', () => {
    const { rules, written } = found(chart => {
      new Route(chart, 'Down', { ...AT_GATEWAY, paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
      new Route(chart, 'Half', {
        ...AT_GATEWAY, paths: [PathMatch.exact('/half')], target: RouteTarget.split([{ subset: cart.subset('v1'), weight: 50 }, { subset: cart.subset('v3'), weight: 50 }]),
      });
      release(chart);
    });
    expect(rules).toEqual([
      { kind: 'VirtualService', name: VS, namespace: 'front', pointers: weights('2/route/0', '2/route/1'), expressions: [ofRoute('"Cart"')] },
      CART_RULE,
    ]);
    expect(valuesOf(rules[0], written)).toEqual([100, 0]);
    expect(pointersTo('weight', objectOf(rules[0], written))).toEqual([...weights('1/route/0', '1/route/1'), ...rules[0].pointers]);
  });

  it('are those of the share alone where a header chooses the canary too', () => {
    const { rules, written } = found(chart => release(chart, 'Cart', { header: HeaderMatch.present('x-canary') }));
    expect(rules[0]).toMatchObject({ pointers: weights('1/route/0', '1/route/1'), expressions: [ofRoute('"Cart"')] });
    expect(valuesOf(rules[0], written)).toEqual([100, 0]);
    expect(pointersTo('weight', objectOf(rules[0], written))).toEqual(rules[0].pointers);
  });

  it('are found inside the mesh', () => {
    const { rules, written } = found(chart => release(chart, 'Cart', { gateway: undefined, hosts: undefined }));
    expect(rules).toEqual([
      { kind: 'VirtualService', name: 'cart', namespace: 'shop', pointers: weights('0/route/0', '0/route/1'), expressions: [ofRoute('"Cart"')] },
      CART_RULE,
    ]);
    expect(valuesOf(rules[0], written)).toEqual([100, 0]);
  });

  it('are found in both VirtualServices where hosts part', () => {
    const { rules, written } = found(chart => {
      new Route(chart, 'Down', { ...AT_GATEWAY, hosts: ['cart.example.com'], paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
      release(chart, 'Cart', { hosts: ['shop.example.com', 'cart.example.com'] });
    });
    expect(rules.map(({ kind, pointers }) => [kind, pointers])).toEqual([
      ['VirtualService', weights('1/route/0', '1/route/1')], ['VirtualService', weights('0/route/0', '0/route/1')], ['DestinationRule', [label(0), label(1)]],
    ]);
    expect(rules.slice(0, 2).map(rule => [objectOf(rule, written).spec.hosts, ...valuesOf(rule, written)])).toEqual([
      [['cart.example.com'], 100, 0], [['shop.example.com'], 100, 0],
    ]);
  });

  it('are found for each of several releases', () => {
    const { rules, written } = found(chart => {
      release(chart, 'Cart', { paths: [PathMatch.prefix('/cart')] });
      new Canary(chart, 'Fixed', { ...AT_GATEWAY, hosts: ['fixed.example.com'], workload: cart, stable: 'v1', canary: 'v3', percent: 5 });
      release(chart, 'Search', { workload: search, stable: 'old', canary: 'new' });
      release(chart, 'Inside', { workload: search, stable: 'old', canary: 'new', gateway: undefined, hosts: undefined });
    });
    expect(rules).toEqual([
      {
        kind: 'VirtualService', name: VS, namespace: 'front', pointers: weights('0/route/0', '0/route/1', '1/route/0', '1/route/1'),
        expressions: [ofRoute('"Cart"'), ofRoute('"Search"')],
      },
      { kind: 'VirtualService', name: 'search', namespace: 'find', pointers: weights('0/route/0', '0/route/1'), expressions: [ofRoute('"Inside"')] },
      CART_RULE,
      { kind: 'DestinationRule', name: 'search', namespace: 'find', pointers: [label(0), label(1)], expressions: [ofSubset('old'), ofSubset('new')] },
    ]);
    expect(rules.slice(0, 2).flatMap(rule => valuesOf(rule, written))).toEqual([100, 0, 100, 0, 100, 0]);
  });

  it('are nobody else\'s where this program sets them', () => {
    const { app, chart } = applied();
    new Canary(chart, 'Cart', { ...AT_GATEWAY, workload: cart, stable: 'v1', canary: 'v2', percent: 5 });
    expect(managedElsewhere(app)).toEqual([]);
  });
});

test('only the subsets that such a release routes to are listed for a DestinationRule', () => {
  const { rules, written } = found(chart => {
    new Subsets(chart, 'Versions', { workload: cart, versions: { v3: { labels: { version: 'three' } } } });
    release(chart, 'Cart', { stable: 'v3', canary: 'v1' });
    new Route(chart, 'Two', { ...AT_GATEWAY, hosts: ['two.example.com'], target: RouteTarget.subset(cart.subset('v2')) });
  });
  const { spec } = objectOf(rules[1], written);
  const names = spec.subsets.map(({ name }: { name: string }) => name);
  expect([...names].sort()).toEqual(['v1', 'v2', 'v3']);
  expect(rules[1].pointers).toEqual([label(names.indexOf('v3')), label(names.indexOf('v1'))].sort());
  // Argo Rollouts writes its label later: Flux can ignore only what the files have, and that is the labels that it joins.
  expect(valuesOf(rules[1], written)).toEqual(rules[1].pointers.map(() => ({ version: expect.any(String) })));
  expect(rules[1].expressions).toEqual(['v1', 'v3'].map(ofSubset));
});

test('for a subset without labels, Flux ignores nothing and Argo CD ignores the added label', () => {
  const { rules } = found(chart => {
    new ApiObject(chart, 'Rule', {
      apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'cart', namespace: 'shop' }, spec: { host: HOST, subsets: [{ name: 'v1' }, { name: 'v2' }] },
    });
    new ApiObject(chart, 'Release', {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'cart', namespace: 'shop', annotations: { [WEIGHTS]: 'Cart' } },
      spec: { hosts: [HOST], http: [{ name: 'Cart', route: ['v1', 'v2'].map((subset, index) => ({ destination: { host: HOST, subset }, weight: 100 * index })) }] },
    });
  });
  expect(rules[1]).toEqual({ kind: 'DestinationRule', name: 'cart', namespace: 'shop', pointers: [], expressions: [ofSubset('v1'), ofSubset('v2')] });
});

describe('a VirtualService written by hand', () => {
  const to = (host: string, weight?: number, subset?: string) => ({ destination: { host, subset }, weight });
  const http = [
    { name: 'first', route: [to(HOST, 100, 'v1')] },
    { name: 'moved', redirect: { uri: '/new' } },
    { route: [to(HOST, 40, 'v1'), to(HOST, 60, 'v2')] },
    { name: 'second', route: [to('cart', 90, 'v1'), to('cart', 10, 'v2')] },
  ];
  const byHand = (chart: Chart, names: string | undefined, spec: object = { hosts: ['a.b'], http }, namespace: string | undefined = 'shop') => new ApiObject(chart, 'Hand', {
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'hand', namespace, annotations: names === undefined ? {} : { [WEIGHTS]: names } }, spec,
  });
  const ruleByHand = (chart: Chart, host: string, namespace = 'shop') => new ApiObject(chart, `Rule-${namespace}`, {
    apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'hand', namespace },
    spec: { host, subsets: ['v2', 'v1', 'v9'].map(name => ({ name, labels: { version: name } })) },
  });

  it.each<[object]>([
    [{}], [{ http: 1 }], [{ http: [null] }], [{ http: [{ name: 'first', route: [null] }] }], [{ http: [{ name: 'first', route: [{ weight: 1 }] }] }],
    [{ http: [{ name: 'first', route: [{ destination: { host: 1, subset: {} }, weight: 1 }] }] }],
  ])('with malformed fields does not crash: %j', spec => {
    expect(() => found(chart => {
      byHand(chart, 'first', spec);
      new ApiObject(chart, 'Rule', { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'odd' }, spec: { host: 1, subsets: [null, { name: 2 }] } });
    })).not.toThrow();
  });

  it('gets its rule by the annotation', () => {
    const { rules, written } = found(chart => byHand(chart, 'second,first'));
    expect(rules).toEqual([{
      kind: 'VirtualService', name: 'hand', namespace: 'shop', pointers: weights('0/route/0', '3/route/0', '3/route/1'), expressions: [ofRoute('"first"'), ofRoute('"second"')],
    }]);
    expect(valuesOf(rules[0], written)).toEqual([100, 90, 10]);
  });

  it('may have other annotations, before it', () => {
    expect(found(chart => new ApiObject(chart, 'Hand', {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'hand', annotations: { a: 'second', [WEIGHTS]: 'first' } }, spec: { http },
    })).rules[0].expressions).toEqual([ofRoute('"first"')]);
  });

  it('may mirror to a subset, whose labels nobody else sets, and other kinds may have a host and subsets', () => {
    const { rules } = found(chart => {
      byHand(chart, 'first', { hosts: ['a.b'], http: [{ ...http[0], mirrors: [{ destination: { host: HOST, subset: 'v9' } }] }] });
      ruleByHand(chart, HOST);
      new ApiObject(chart, 'Other', { apiVersion: 'example.com/v1', kind: 'Other', metadata: { name: 'other' }, spec: { host: HOST, subsets: [{ name: 'v1' }] } });
    });
    expect(rules.slice(1)).toEqual([{ kind: 'DestinationRule', name: 'hand', namespace: 'shop', pointers: [label(1)], expressions: [ofSubset('v1')] }]);
  });

  it('may have blanks in it', () => {
    expect(found(chart => byHand(chart, ' first , second ')).rules[0].expressions).toEqual([ofRoute('"first"'), ofRoute('"second"')]);
  });

  it.each<[string, string | undefined, object]>([
    ['without the annotation', undefined, { http }],
    ['with an empty one', '', { http }],
    ['that names a route which is not there', 'third', { http }],
    ['that names a route without weights', 'moved', { http }],
    ['without routes', 'first', { hosts: ['a.b'] }],
  ])('%s has none', (_, names, spec) => {
    expect(found(chart => byHand(chart, names, spec)).rules).toEqual([]);
  });

  it('in no namespace has a rule without one', () => {
    const { rules } = found(chart => new ApiObject(chart, 'Hand', {
      apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'hand', annotations: { [WEIGHTS]: 'first' } }, spec: { http },
    }));
    expect(rules).toEqual([{ kind: 'VirtualService', name: 'hand', namespace: undefined, pointers: weights('0/route/0'), expressions: [ofRoute('"first"')] }]);
  });

  it.each([HOST, 'cart'])('leads to the subsets of a DestinationRule for %s, whichever way it writes the host', host => {
    const { rules } = found(chart => {
      byHand(chart, 'second');
      ruleByHand(chart, host);
    });
    expect(rules[1]).toEqual({ kind: 'DestinationRule', name: 'hand', namespace: 'shop', pointers: [label(0), label(1)], expressions: [ofSubset('v2'), ofSubset('v1')] });
  });

  it.each([['cart', 'other'], ['cart.other.svc.cluster.local', 'shop'], ['basket', 'shop']])('leads to none of a DestinationRule for %s in %s', (host, namespace) => {
    expect(found(chart => {
      byHand(chart, 'second');
      ruleByHand(chart, host, namespace);
    }).rules).toHaveLength(1);
  });
});

test('what a patch adds before the route counts', () => {
  const { rules, written } = found(chart => {
    release(chart);
    const object = chart.node.findAll().find(each => ApiObject.isApiObject(each) && each.kind === 'VirtualService') as ApiObject;
    object.addJsonPatch(JsonPatch.add('/spec/http/0', { name: 'patched', directResponse: { status: 204 } }));
  });
  expect({ pointers: rules[0].pointers, values: valuesOf(rules[0], written) }).toEqual({ pointers: weights('1/route/0', '1/route/1'), values: [100, 0] });
});

describe('the expressions of jq', () => {
  const NAMES = ['Cart', 'a"b', 'a\\b', 'a\\(1)b', 'käse ☃', "it's"];

  /** Runs jq, where there is one: the paths that an expression leads to, which are what Argo CD takes out. */
  function paths(expression: string, object: unknown): string[] | undefined {
    const { status, stdout, stderr, error } = spawnSync('jq', ['-c', `[path(${expression})]`], { input: JSON.stringify(object), encoding: 'utf8' });
    if (error) {
      console.warn('the expressions are not run: no jq');
      return undefined;
    }
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return (JSON.parse(stdout) as (string | number)[][]).map(path => `/${path.join('/')}`);
  }

  it('quote the name of a route', () => {
    expect(found(chart => release(chart, 'a"b\\c')).rules[0].expressions).toEqual(['.spec.http[] | select(.name == "a\\"b\\\\c") | .route[].weight']);
  });

  it.each(NAMES)('lead to the same fields as the pointers, for a route named %s', name => {
    const { rules, written } = found(chart => {
      new Route(chart, 'Down', { ...AT_GATEWAY, paths: [PathMatch.exact('/down')], target: RouteTarget.respond(503) });
      release(chart, name, { header: HeaderMatch.present('x-canary') });
    });
    rules.forEach(rule => {
      const led = rule.expressions.map(expression => paths(expression, objectOf(rule, written)));
      // Those of the label lead into the labels, which are what Flux can be told.
      expect(led.includes(undefined) ? rule.pointers : led.flat().map(path => path?.replace('/rollouts-pod-template-hash', ''))).toEqual(rule.pointers);
    });
    expect(rules).toHaveLength(2);
  });
});
