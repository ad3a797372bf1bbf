import { Kind } from '../../src/model/kind';
import { Model } from '../../src/model/model';
import { comparePointers, pointer } from '../../src/model/pointer';
import { completeHost, serviceMeantBy, serviceOfHost } from '../../src/model/service-host';
import { gatewayReference } from '../../src/model/gateway';
import { HostIndex } from '../../src/model/host-index';
import { readYaml } from '../../src/model/yaml';

const model = (text: string) => new Model(readYaml(text));

describe('kinds', () => {
  test('every version of a kind counts, its group matters', () => {
    const objects = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3', 'gateway.networking.k8s.io/v1', 'v1']
      .map(apiVersion => `apiVersion: ${apiVersion}\nkind: Gateway\n`);
    expect(model(objects.join('---\n')).ofKind(Kind.GATEWAY)).toHaveLength(3);
  });

  test('a Service of another group is no Service', () => {
    expect(model('apiVersion: serving.knative.dev/v1\nkind: Service\n').has(Kind.SERVICE)).toBe(false);
  });

  test('an index is built once and still says what was read', () => {
    const one = model('apiVersion: v1\nkind: Service\nmetadata: { name: a }\n');
    expect(one.services).toBe(one.services);
    expect([...one.kindsRead]).toEqual([Kind.SERVICE]);
  });
});

describe('namespaces', () => {
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: prod }\n';
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: prod }\n';

  test('a Namespace with a Service in it is described', () => {
    expect(model(`${service}---\n${namespace}`).describes('prod')).toBe(true);
  });

  test('neither of them alone describes the namespace', () => {
    expect(model(service).describes('prod')).toBe(false);
    expect(model(namespace).describes('prod')).toBe(false);
  });

  const two = (...services: string[]) => model(['{ kind: Namespace, apiVersion: v1, metadata: { name: prod } }',
    ...services.map(own => `{ kind: Service, apiVersion: v1, metadata: { name: ${own} } }`)].join('\n---\n'));

  test.each([
    ['one other namespace has it', ['a, namespace: prod', 'b, namespace: dev'], 'dev'],
    ['none has it', ['a, namespace: prod'], undefined],
    ['several have it', ['a, namespace: prod', 'b, namespace: dev', 'b, namespace: test'], undefined],
    ['the only one may be applied anywhere', ['a, namespace: prod', 'b'], undefined],
    ['one that may be applied anywhere has it too', ['a, namespace: prod', 'b, namespace: dev', 'b'], undefined],
    ['the namespace that lacks it is not described', ['b, namespace: dev'], undefined],
  ])('a missing Service was meant to be elsewhere, or nothing is known: %s', (_, services, expected) => {
    expect(two(...services).namespaceMeantFor({ name: 'b', namespace: 'prod' })).toBe(expected);
  });

  test('an object without namespace is in default', () => {
    const [found] = model('apiVersion: v1\nkind: Service\nmetadata: { name: a }\n').services.find({ name: 'a', namespace: 'default' });
    expect(found).toMatchObject({ name: 'a', namespace: 'default' });
  });
});

describe('hosts', () => {
  test.each([
    ['reviews', 'reviews.prod.svc.cluster.local'], ['reviews.dev', 'reviews.dev'], ['reviews.dev.svc.cluster.local', 'reviews.dev.svc.cluster.local'],
    ['*', '*'], ['*.example.com', '*.example.com'], ['', ''],
  ])('%j in prod is %j', (host, complete) => {
    expect(completeHost(host, 'prod')).toBe(complete);
  });

  test('only a full name is a Service', () => {
    expect(serviceOfHost('reviews.dev.svc.cluster.local')).toEqual({ name: 'reviews', namespace: 'dev' });
    for (const host of ['reviews', 'reviews.dev', 'reviews.dev.svc', 'a.reviews.dev.svc.cluster.local',
      '*.dev.svc.cluster.local', 'reviews.dev.svc.example.com']) {
      expect(serviceOfHost(host)).toBeUndefined();
    }
  });

  test('a name cut short means a Service only where it has the form of one', () => {
    for (const host of ['reviews.dev', 'reviews.dev.svc', 'reviews.dev.svc.cluster']) {
      expect(serviceMeantBy(host)).toEqual({ name: 'reviews', namespace: 'dev' });
    }
    for (const host of ['www.example.com', 'reviews.dev.svc.example', '*.dev', 'reviews']) {
      expect(serviceMeantBy(host)).toBeUndefined();
    }
  });

  test('the exact host wins over wildcards, the longer wildcard over the shorter', () => {
    const index = new HostIndex<string>();
    ['*', '*.b.c', 'a.b.c', '*.c'].forEach(host => index.add(host, host));
    expect(index.best('a.b.c')).toEqual(['a.b.c']);
    expect(index.best('x.b.c')).toEqual(['*.b.c']);
    expect(index.best('b.c')).toEqual(['*.c']);
    expect(index.best('d')).toEqual(['*']);
    expect(index.all('a.b.c')).toEqual(['a.b.c', '*.b.c', '*.c', '*']);
    expect(index.get('*.c')).toEqual(['*.c']);
    expect(new HostIndex<string>().best('a')).toEqual([]);
  });
});

describe('references to Gateways', () => {
  test.each([
    ['edge', { namespace: 'prod', name: 'edge' }], ['./edge', { namespace: 'prod', name: 'edge' }], ['istio/edge', { namespace: 'istio', name: 'edge' }],
    ['edge.istio.svc.cluster.local', { namespace: 'istio', name: 'edge' }], ['mesh', 'mesh'],
  ])('%s in prod', (text, reference) => {
    expect(gatewayReference(text, 'prod')).toEqual(reference);
  });
});

describe('DestinationRules are looked up as a client does', () => {
  const HOST = 'reviews.prod.svc.cluster.local';
  const rule = (namespace: string, name: string, spec: string) =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
  const used = (client: string, ...rules: string[]) =>
    model(rules.join('---\n')).destinationRules.usedBy(client, HOST, ['prod']).map(own => own.name);

  const own = rule('edge', 'own', `{ host: ${HOST} }`);
  const beside = rule('prod', 'beside', '{ host: reviews }');
  const root = rule('istio-system', 'root', '{ host: "*.local" }');
  const other = rule('other', 'other', `{ host: ${HOST} }`);

  test('its own namespace first, then the Service\'s, then the root namespace, then no other', () => {
    expect(used('edge', root, beside, own, other)).toEqual(['own']);
    expect(used('edge', root, beside, other)).toEqual(['beside']);
    expect(used('edge', root, other)).toEqual(['root']);
    expect(used('edge', other)).toEqual([]);
  });

  test('a wildcard in its own namespace hides the exact rule beside the Service', () => {
    expect(used('edge', beside, rule('edge', 'wide', '{ host: "*.cluster.local" }'))).toEqual(['wide']);
  });

  test('a client in the root namespace sees public rules of its own last', () => {
    expect(used('istio-system', root, beside)).toEqual(['beside']);
    expect(used('istio-system', root)).toEqual(['root']);
    expect(used('istio-system', rule('istio-system', 'private', '{ host: "*.local", exportTo: ["."] }'), beside)).toEqual(['private']);
  });

  test('a rule that is not exported to the client is passed over', () => {
    expect(used('edge', rule('prod', 'hidden', '{ host: reviews, exportTo: ["."] }'), root)).toEqual(['root']);
    expect(used('edge', rule('prod', 'shown', '{ host: reviews, exportTo: [edge] }'), root)).toEqual(['shown']);
    expect(used('prod', rule('prod', 'hidden', '{ host: reviews, exportTo: ["."] }'), root)).toEqual(['hidden']);
  });

  test('a rule for some pods only does not end the search', () => {
    expect(used('edge', rule('edge', 'some', `{ host: ${HOST}, workloadSelector: { matchLabels: { a: b } } }`), beside)).toEqual(['some', 'beside']);
  });
});

describe('routes', () => {
  const routes = (spec: string) => model(`apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a, namespace: prod }\nspec: ${spec}\n`)
    .virtualServices[0].routes;

  test('every destination and mirror has its place', () => {
    const http = '{ route: [{ destination: { host: a } }], mirror: { host: b }, mirrors: [{ destination: { host: c } }] }';
    const destinations = routes(`{ hosts: [a], http: [${http}], tcp: [{ route: [{ destination: { host: d } }] }] }`)
      .flatMap(route => route.destinations.map(({ pointer: place, host }) => `${place} ${host}`));
    expect(destinations).toEqual(['/spec/http/0/route/0/destination a', '/spec/http/0/mirror b', '/spec/http/0/mirrors/0/destination c',
      '/spec/tcp/0/route/0/destination d']);
  });

  test.each([
    ['{ hosts: [a], http: [{}] }', ['mesh']],
    ['{ hosts: [a], gateways: [g], http: [{}] }', [{ namespace: 'prod', name: 'g' }]],
    ['{ hosts: [a], gateways: [g, mesh], http: [{ match: [{ gateways: [mesh] }] }] }', ['mesh']],
    ['{ hosts: [a], gateways: [g, mesh], http: [{ match: [{ gateways: [mesh] }, {}] }] }', [{ namespace: 'prod', name: 'g' }, 'mesh']],
    ['{ http: [{}] }', []],
  ])('who follows the route of %s', (spec, gateways) => {
    expect(routes(spec)[0].gateways).toEqual(gateways);
  });
});

test('pointers escape and sort as people read them', () => {
  expect(pointer('metadata', 'annotations', 'a/b~c', 0)).toBe('/metadata/annotations/a~1b~0c/0');
  expect(['/a/10', '/a/9/b', '/b', '/a/9', '/a/x', ''].sort(comparePointers)).toEqual(['', '/a/9', '/a/9/b', '/a/10', '/a/x', '/b']);
});
