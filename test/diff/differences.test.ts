// The difference between two sets of manifests: which objects, which fields, in which order.
import * as fc from 'fast-check';
import { differences, type NamedUnit, type ObjectChange } from '../../src/diff/differences';
import { Risk } from '../../src/diff/risk';
import { readYaml } from '../../src/manifests/yaml';
import { renderDiffText } from '../../src/output/diff-text';
import { runs } from '../runs';

const unit = (yaml: string, name = ''): NamedUnit => ({ name, manifests: readYaml(yaml) });
const diff = (before: string, after: string) => differences([unit(before)], [unit(after)]);
const summary = (before: readonly NamedUnit[], after: readonly NamedUnit[]) => differences(before, after)
  .map(({ change, object: { kind, namespace, name }, units }) => `${change} ${kind} ${namespace ? `${namespace}/` : ''}${name} in ${units.join(' ')}`);
const map = (name: string, data = '{}', metadata = '') => `{ apiVersion: v1, kind: ConfigMap, metadata: { name: ${name}${metadata} }, data: ${data} }\n---\n`;
const service = (spec: string) => `{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: shop }, spec: ${spec} }`;
const fieldsOf = (before: string, after: string) => diff(service(before), service(after)).flatMap(({ fields }) => fields);

describe('objects', () => {
  test('are added, removed and changed', () => {
    expect(summary([unit(map('a') + map('b', '{ x: "1" }'))], [unit(map('b', '{ x: "2" }') + map('c'))]))
      .toEqual(['removed ConfigMap a in ', 'changed ConfigMap b in ', 'added ConfigMap c in ']);
  });

  test('are identified by group, kind, namespace and name, and not by version, file or position', () => {
    const [old, now] = ['v1beta1', 'v1'].map(version => `{ apiVersion: networking.istio.io/${version}, kind: Gateway, metadata: { name: a } }`);
    expect(diff(old, now)).toMatchObject([{ change: 'changed', fields: [{ path: '/apiVersion', before: 'networking.istio.io/v1beta1', after: 'networking.istio.io/v1' }] }]);
    expect(summary([unit(map('a', '{}', ', namespace: x'))], [unit(map('a', '{}', ', namespace: z'))])).toEqual(['removed ConfigMap x/a in ', 'added ConfigMap z/a in ']);
    expect(diff(old, old.replace('networking.istio.io', 'gateway.networking.k8s.io')).map(({ change }) => change)).toEqual(['added', 'removed']);
  });

  test('are compared within a unit, and units are matched by name', () => {
    const [one, two] = [map('a', '{ x: "1" }'), map('a', '{ x: "2" }')];
    expect(summary([unit(one, 'dev'), unit(two, 'production')], [unit(two, 'production'), unit(one, 'dev')])).toEqual([]);
    expect(summary([unit(one, 'dev'), unit(one, 'production')], [unit(one, 'dev'), unit(two, 'production')])).toEqual(['changed ConfigMap a in production']);
    expect(summary([unit(one, 'dev')], [unit(one, 'staging')])).toEqual(['removed ConfigMap a in dev', 'added ConfigMap a in staging']);
  });

  test('that change in the same way in several units are reported once', () => {
    const [one, two] = [map('a', '{ x: "1" }'), map('a', '{ x: "2" }')];
    expect(summary([unit(one, 'b'), unit(one, 'a'), unit(one, 'c')], [unit(two, 'b'), unit(two, 'a'), unit(map('a', '{ x: "3" }'), 'c')]))
      .toEqual(['changed ConfigMap a in a b', 'changed ConfigMap a in c']);
  });

  test('with and without the namespace default are the same: kubectl adds it', () => {
    const ingress = (metadata: string) => `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: shop${metadata} } }`;
    expect(diff(ingress(''), ingress(', namespace: default'))).toMatchObject([
      { change: 'changed', risk: Risk.OTHER, fields: [{ path: '/metadata/namespace', after: 'default' }] },
    ]);
  });

  test.each<[string, string, string, string[]]>([
    ['that change places: the last one wins', '12', '21', ['changed 2 → 1']],
    ['that change places, but not the last one', '123', '213', []],
    ['of which the last one is replaced', '12', '23', ['changed 2 → 3']],
    ['of which the last one is moved', '123', '134', ['changed 3 → 4']],
    ['of which another one is replaced', '12', '32', ['changed 1 → 3']],
    ['that are added at the end', '1', '12', ['changed 1 → 2']],
    ['that are removed at the end', '12', '1', ['changed 2 → 1']],
    ['that are added before', '1', '21', ['added']],
    ['of which one of two equal ones is removed', '11', '1', ['removed']],
    ['of which several differ', '13', '121', ['added', 'changed 3 → 1']],
    ['that are all new', '', '12', ['added']],
  ])('that a unit has several times, %s: %s → %s', (_, before, after, expected) => {
    const side = (digits: string) => [...digits].map(x => map('a', `{ x: "${x}" }`)).join('');
    expect(diff(side(before), side(after)).map(({ change, fields }) => [change, ...fields.map(own => `${String(own.before)} → ${String(own.after)}`)].join(' ')).sort())
      .toEqual(expected);
  });

  test('of one identity are each read a fixed number of times, however many a unit has', () => {
    const readsOf = (count: number): number => {
      let reads = 0;
      const side = (first: number): NamedUnit[] => [{ name: '', manifests: Array.from({ length: count }, (_, index) => ({
        object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, get data() { reads++; return { x: String(first + index) }; } }, origin: {},
      })) }];
      expect(differences(side(0), side(count / 2))).toHaveLength(count / 2);
      return reads / count;
    };
    expect(readsOf(400)).toBeLessThanOrEqual(readsOf(40));
  });

  test('are sorted by risk, then by namespace, kind and name', () => {
    const object = (kind: string, name: string, namespace = 'x') => `{ apiVersion: v1, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} } }\n---\n`;
    const objects = [
      object('ConfigMap', 'b'), object('ConfigMap', 'a'), object('ConfigMap', 'z', 'a'), object('AuthorizationPolicy', 'z'),
      object('Ingress', 'z'), object('VirtualService', 'z'), object('PeerAuthentication', 'z'), object('Gateway', 'z'), object('Binding', 'z'),
    ];
    expect(diff(objects.join(''), '').map(({ risk, object: { kind, name } }) => [risk, kind, name])).toEqual([
      [Risk.LOAD_BALANCER, 'Ingress', 'z'], [Risk.LISTENER, 'Gateway', 'z'], [Risk.MTLS, 'PeerAuthentication', 'z'], [Risk.AUTHORIZATION, 'AuthorizationPolicy', 'z'],
      [Risk.ROUTE, 'VirtualService', 'z'], [Risk.OTHER, 'ConfigMap', 'z'], [Risk.OTHER, 'Binding', 'z'], [Risk.OTHER, 'ConfigMap', 'a'], [Risk.OTHER, 'ConfigMap', 'b'],
    ]);
  });
});

describe('fields', () => {
  test('are reported by path with the old and the new value', () => {
    expect(fieldsOf('{ hosts: [a], x: { v: 1, z: 2 } }', '{ hosts: [a], x: { v: "1", w: true } }')).toEqual([
      { path: '/spec/x/v', before: 1, after: '1' }, { path: '/spec/x/w', after: true }, { path: '/spec/x/z', before: 2 },
    ]);
  });

  test('have names in which a slash is escaped', () => {
    expect(diff(map('a', '{}', ', annotations: { a.b/c: x }'), map('a', '{}', ', annotations: { a.b/c: y }'))[0].fields[0].path).toBe('/metadata/annotations/a.b~1c');
  });

  test('of an object that is new or gone are reported one by one, and an empty one as a whole', () => {
    expect(fieldsOf('{ x: { a: { b: 1 }, c: 2 } }', '{ k: {} }')).toEqual([{ path: '/spec/k', after: {} }, { path: '/spec/x/a/b', before: 1 }, { path: '/spec/x/c', before: 2 }]);
  });

  test('that change their type are reported as a whole', () => {
    expect(fieldsOf('{ x: { a: 1 }, v: [1], z: null }', '{ x: [1], v: 1, z: {} }')).toEqual([
      { path: '/spec/v', before: [1], after: 1 }, { path: '/spec/x', before: { a: 1 }, after: [1] }, { path: '/spec/z', before: null, after: {} },
    ]);
  });

  test('in entries of a list with names are found by name, wherever the entry is', () => {
    const [cart, shop] = ['{ name: cart, weight: 1 }', '{ name: shop, weight: 2 }'];
    expect(fieldsOf(`{ http: [${cart}, ${shop}] }`, `{ http: [{ name: new }, ${cart}, { name: shop, weight: 3 }] }`)).toEqual([
      { path: '/spec/http/new', after: { name: 'new' } }, { path: '/spec/http/shop/weight', before: 2, after: 3 },
    ]);
    expect(fieldsOf(`{ http: [${cart}, ${shop}] }`, `{ http: [${shop}] }`)).toEqual([{ path: '/spec/http/cart', before: { name: 'cart', weight: 1 } }]);
  });

  test('a changed order of named entries is a change: the first route that matches wins', () => {
    expect(fieldsOf('{ http: [{ name: a }, { name: b }, { name: c }] }', '{ http: [{ name: c }, { name: a }, { name: d }] }')).toEqual([
      { path: '/spec/http (order)', before: ['a', 'c'], after: ['c', 'a'] }, { path: '/spec/http/b', before: { name: 'b' } }, { path: '/spec/http/d', after: { name: 'd' } },
    ]);
  });

  test.each([
    ['a name is missing', '[{ name: a }, {}]', '[{ name: a, x: 1 }, {}]', [{ path: '/spec/http/0/x', after: 1 }]],
    ['a name occurs twice', '[{ name: a }, { name: a }]', '[{ name: a }, { name: a, x: 1 }]', [{ path: '/spec/http/1/x', after: 1 }]],
    ['a name is not a string', '[{ name: 1 }]', '[{ name: 2 }]', [{ path: '/spec/http/0/name', before: 1, after: 2 }]],
    ['an entry is inserted', '[b, c]', '[a, b, c]', [{ path: '/spec/http/0', after: 'a' }]],
    ['an entry is removed', '[a, b, c]', '[a, c]', [{ path: '/spec/http/1', before: 'b' }]],
    ['an equal entry is added', '[a, a]', '[a, a, a]', [{ path: '/spec/http/2', after: 'a' }]],
    ['two entries change places', '[a, b]', '[b, a]', [{ path: '/spec/http/0', before: 'a', after: 'b' }, { path: '/spec/http/1', before: 'b', after: 'a' }]],
  ])('in other lists are found by index: %s', (_, before, after, expected) => {
    expect(fieldsOf(`{ http: ${before} }`, `{ http: ${after} }`)).toEqual(expected);
  });

  test('of an object are sorted by risk', () => {
    const ingress = (scheme: string, path: string) => `{ apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: { name: a, labels: { x: "${path}" },
      annotations: { alb.ingress.kubernetes.io/scheme: ${scheme} } }, spec: { rules: [{ http: { paths: [{ path: ${path} }] } }] } }`;
    expect(diff(ingress('internal', '/a'), ingress('internet-facing', '/b'))).toMatchObject([{ risk: Risk.LOAD_BALANCER, fields: [
      { path: '/metadata/annotations/alb.ingress.kubernetes.io~1scheme' }, { path: '/spec/rules/0/http/paths/0/path' }, { path: '/metadata/labels/x' },
    ] }]);
  });

  test.each([
    ['9007199254740993', '9007199254740992'], ['[9007199254740993]', '[9007199254740992]'], ['0x20000000000001', '-9007199254740993'],
    ['&x 9_007_199_254_740_993', '0b100000000000000000000000000000000000000000000000000000'], ['18446744073709551615', '18446744073709551614'],
  ])('that are integers beyond the precision of JavaScript are compared exactly: %s and %s', (one, other) => {
    expect(fieldsOf(`{ x: ${one} }`, `{ x: ${other} }`)).toHaveLength(1);
    expect(fieldsOf(`{ x: ${one} }`, `{ x: ${one} }`)).toEqual([]);
    expect(renderDiffText(diff(service(`{ x: ${one} }`), service(`{ x: ${other} }`)))).not.toMatch(/(\D.*) → \1\n/);
  });

  test('that are such integers are shown with all digits, in any notation', () => {
    expect(fieldsOf('{ x: 9007199254740993 }', '{ x: 0x20000000000001 }')).toEqual([]);
    const text = renderDiffText(diff(service('{ x: 9007199254740993, z: [] }'), service('{ x: 9007199254740992, z: [{ a: -9007199254740993 }] }')));
    expect(text).toContain('/spec/x: 9007199254740993 → 9007199254740992\n');
    expect(text).toContain('/spec/z/0: (not set) → {"a":-9007199254740993}\n');
  });

  test('that are such integers equal those of objects that were not read from YAML', () => {
    const [yaml] = readYaml(service('{ x: 9007199254740992, z: 9007199254740993 }'));
    const plain = (z: number) => ({ object: { ...yaml.object, spec: { x: 2 ** 53, z } }, origin: {} });
    expect(differences([{ name: '', manifests: [yaml] }], [{ name: '', manifests: [plain(0.5)] }])).toMatchObject([{ fields: [{ path: '/spec/z' }] }]);
  });

  test('of a Secret are reported without their values', () => {
    const secret = (data: string) => `{ apiVersion: v1, kind: Secret, type: Opaque, metadata: { name: a }, data: ${data}, stringData: { c: ${data.length} } }`;
    const changes = diff(secret('{ a: eA==, b: eQ== }'), secret('{ b: eg== }'));
    expect(changes[0].fields).toEqual([{ path: '/data/a', before: '***' }, { path: '/data/b', before: '***', after: '***' }, { path: '/stringData/c', before: '***', after: '***' }]);
  });

  test('of a Secret are hidden in annotations and ordered lists, too: kubectl keeps the whole object in an annotation', () => {
    const secret = (value: string) => `{ apiVersion: v1, kind: Secret, metadata: { name: a, labels: { v: ${value} }, annotations: { last-applied: '${value}' } }, `
      + `data: [{ name: ${value} }, { name: ${value}2 }] }`;
    expect(diff(secret('one'), secret('two')).flatMap(({ fields }) => fields).filter(({ path }) => path !== '/metadata/labels/v')
      .flatMap(({ before, after }) => [before, after]).filter(value => value !== undefined && value !== '***')).toEqual([]);
  });
});

describe('laws', () => {
  const object = fc.record({
    apiVersion: fc.constantFrom('v1', 'a.b/v1'), kind: fc.constantFrom('Ingress', 'Service', 'Secret'),
    metadata: fc.record({ name: fc.constantFrom('a', 'b'), namespace: fc.constantFrom('x', 'y') }, { requiredKeys: [] }),
    spec: fc.jsonValue({ maxDepth: 3 }),
  }, { requiredKeys: ['apiVersion', 'kind'] }).map(value => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
  const identity = ({ apiVersion, kind, metadata }: Record<string, unknown>) => JSON.stringify([String(apiVersion).replace(/^v1$/, ''), kind, metadata ?? {}]);
  const objects = fc.uniqueArray(object, { maxLength: 12, selector: identity });
  const of = (list: readonly Record<string, unknown>[]): NamedUnit[] => [{ name: '', manifests: list.map(own => ({ object: own, origin: {} })) }];

  function reversed(value: unknown): unknown {
    return Array.isArray(value) ? value.map(reversed)
      : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, own]) => [key, reversed(own)])) : value;
  }

  test('a set does not differ from itself in another order of objects and keys', () => {
    fc.assert(fc.property(objects, list => {
      expect(differences(of(list), of([...list].reverse().map(own => reversed(own) as Record<string, unknown>)))).toEqual([]);
    }), runs(200));
  });

  test('an object that differs has a field that differs, and swapping the sides changes no path', () => {
    fc.assert(fc.property(object, object, (one, other) => {
      const [before, after] = [one, { ...other, apiVersion: one.apiVersion, kind: one.kind, metadata: one.metadata }];
      const paths = (changes: readonly ObjectChange[]) => changes.flatMap(({ fields }) => fields.map(({ path }) => path)).sort();
      const there = differences(of([before]), of([after]));
      expect(there.every(({ fields }) => fields.length > 0)).toBe(true);
      expect(paths(differences(of([after]), of([before])))).toEqual(paths(there));
    }), runs(200));
  });
});
