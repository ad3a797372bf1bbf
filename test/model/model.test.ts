import { Kind } from '../../src/manifests/kind';
import { comparePointers, pointer } from '../../src/manifests/pointer';
import { completeHost, serviceMeantBy, serviceOfHost } from '../../src/model/service-host';
import { gatewayReference, podNamespaces } from '../../src/model/gateway';
import { HostIndex } from '../../src/model/host-index';
import { type KubernetesObject, destinationRule, gateway, modelOf, namespace, object, service, virtualService } from '../manifests';

describe('kinds', () => {
  test('all versions of a kind count, but only in its own group', () => {
    const versions = ['networking.istio.io/v1', 'networking.istio.io/v1beta1', 'networking.istio.io/v1alpha3', 'gateway.networking.k8s.io/v1', 'v1'];
    expect(modelOf(...versions.map(apiVersion => object(apiVersion, 'Gateway', 'a'))).ofKind(Kind.GATEWAY)).toHaveLength(3);
  });

  test('a Service of another group is not a Service', () => {
    expect(modelOf(object('serving.knative.dev/v1', 'Service', 'a')).has(Kind.SERVICE)).toBe(false);
  });

  test('an index is built once and still reports which kinds were read', () => {
    const one = modelOf(service('a'));
    expect(one.services).toBe(one.services);
    expect([...one.kindsRead]).toEqual([Kind.SERVICE]);
  });
});

describe('namespaces', () => {
  test('a Namespace with a Service in it is described', () => {
    expect(modelOf(service('prod/a'), namespace('prod')).describes('prod')).toBe(true);
  });

  test('neither of them alone describes the namespace', () => {
    expect(modelOf(service('prod/a')).describes('prod')).toBe(false);
    expect(modelOf(namespace('prod')).describes('prod')).toBe(false);
  });

  test.each([
    ['one other namespace has it', ['prod/a', 'dev/b'], 'dev'],
    ['no namespace has it', ['prod/a'], undefined],
    ['several namespaces have it', ['prod/a', 'dev/b', 'test/b'], undefined],
    ['the only one has no namespace', ['prod/a', 'b'], undefined],
    ['another one has no namespace', ['prod/a', 'dev/b', 'b'], undefined],
    ['the input does not describe the namespace', ['dev/b'], undefined],
  ])('a missing Service was meant to be in another namespace only if exactly one has it: %s', (_, services, expected) => {
    const model = modelOf(namespace('prod'), ...services.map(name => service(name)));
    expect(model.namespaceMeantFor({ name: 'b', namespace: 'prod' })).toBe(expected);
  });

  test('an object without a namespace is in default', () => {
    const [found] = modelOf(service('a')).services.find({ name: 'a', namespace: 'default' });
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

  test('an incomplete name refers to a Service only if it has the form of one', () => {
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

describe('Gateways', () => {
  test('are found by namespace and name', () => {
    const { gateways } = modelOf(gateway('prod/edge', {}, [80]), gateway('dev/edge', {}, [81]), gateway('prod/other', {}, [82]));
    expect(gateways.find({ namespace: 'dev', name: 'edge' }).map(({ ports }) => ports)).toEqual([[81]]);
    expect(gateways.find({ namespace: 'dev', name: 'other' })).toEqual([]);
    expect(gateways.find('mesh')).toEqual([]);
  });

  test.each([
    ['the same labels', { app: 'gateway', istio: 'edge' }, ['edge']],
    ['some of its labels', { app: 'gateway' }, ['edge', 'shop']],
    ['each label of another Service', { app: 'gateway', istio: 'other' }, []],
    ['a label that no Service selects', { version: 'v1' }, []],
    ['no labels', {}, []],
  ])('have pods in the namespaces of the Services whose selector includes theirs: %s', (_, selector, namespaces) => {
    const services = [
      service('edge/a', [80], { selector: { app: 'gateway', istio: 'edge', version: 'v2' } }), service('shop/b', [80], { selector: { app: 'gateway', istio: 'shop' } }),
      service('none/c'), service('other/d', [80], { selector: { istio: 'other' } }),
    ];
    const model = modelOf(gateway('config/g', selector), ...services);
    expect(podNamespaces(model.gateways.find({ namespace: 'config', name: 'g' })[0], model.services)).toEqual(namespaces);
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

describe('DestinationRules are searched in the order of namespaces that a client uses', () => {
  const HOST = 'reviews.prod.svc.cluster.local';
  const used = (client: string, ...rules: KubernetesObject[]) => modelOf(...rules).destinationRules.usedBy(client, HOST, ['prod']).map(own => own.name);

  const own = destinationRule('edge/own', { host: HOST });
  const beside = destinationRule('prod/beside', { host: 'reviews' });
  const root = destinationRule('istio-system/root', { host: '*.local' });
  const other = destinationRule('other/other', { host: HOST });

  test('its own namespace first, then the Service\'s, then the root namespace, then no other', () => {
    expect(used('edge', root, beside, own, other)).toEqual(['own']);
    expect(used('edge', root, beside, other)).toEqual(['beside']);
    expect(used('edge', root, other)).toEqual(['root']);
    expect(used('edge', other)).toEqual([]);
  });

  test('a wildcard in its own namespace hides the exact rule in the Service\'s namespace', () => {
    expect(used('edge', beside, destinationRule('edge/wide', { host: '*.cluster.local' }))).toEqual(['wide']);
  });

  test('a client in the root namespace sees the public rules there last', () => {
    expect(used('istio-system', root, beside)).toEqual(['beside']);
    expect(used('istio-system', root)).toEqual(['root']);
    expect(used('istio-system', destinationRule('istio-system/private', { host: '*.local', exportTo: ['.'] }), beside)).toEqual(['private']);
  });

  test('a rule that is not exported to the client is ignored', () => {
    expect(used('edge', destinationRule('prod/hidden', { host: 'reviews', exportTo: ['.'] }), root)).toEqual(['root']);
    expect(used('edge', destinationRule('prod/shown', { host: 'reviews', exportTo: ['edge'] }), root)).toEqual(['shown']);
    expect(used('prod', destinationRule('prod/hidden', { host: 'reviews', exportTo: ['.'] }), root)).toEqual(['hidden']);
  });

  test('a rule for some pods only does not end the search', () => {
    expect(used('edge', destinationRule('edge/some', { host: HOST, workloadSelector: { matchLabels: { a: 'b' } } }), beside)).toEqual(['some', 'beside']);
  });
});

describe('routes', () => {
  const routes = (spec: object) => modelOf(virtualService('prod/a', spec)).virtualServices[0].routes;

  test('every destination and mirror has its pointer', () => {
    const http = [{ route: [{ destination: { host: 'a' } }], mirror: { host: 'b' }, mirrors: [{ destination: { host: 'c' } }] }];
    const destinations = routes({ hosts: ['a'], http, tcp: [{ route: [{ destination: { host: 'd' } }] }] })
      .flatMap(route => route.destinations.map(({ pointer: place, host }) => `${place} ${host}`));
    expect(destinations).toEqual(['/spec/http/0/route/0/destination a', '/spec/http/0/mirror b', '/spec/http/0/mirrors/0/destination c',
      '/spec/tcp/0/route/0/destination d']);
  });

  test.each([
    [{ hosts: ['a'], http: [{}] }, ['mesh']],
    [{ hosts: ['a'], gateways: ['g'], http: [{}] }, [{ namespace: 'prod', name: 'g' }]],
    [{ hosts: ['a'], gateways: ['g', 'mesh'], http: [{ match: [{ gateways: ['mesh'] }] }] }, ['mesh']],
    [{ hosts: ['a'], gateways: ['g', 'mesh'], http: [{ match: [{ gateways: ['mesh'] }, {}] }] }, [{ namespace: 'prod', name: 'g' }, 'mesh']],
    [{ http: [{}] }, []],
  ])('the gateways of the route of %j', (spec, gateways) => {
    expect(routes(spec)[0].gateways).toEqual(gateways);
  });

  test.each([
    ['without a percentage', undefined, false],
    ['of null', null, false],
    ['of {}, which protobuf writes for 0', {}, true],
    ['of 0', { value: 0 }, true],
    ['of 0.1', { value: 0.1 }, false],
  ])('a mirror %s is idle: %s', (_, mirrorPercentage, idle) => {
    const [{ destinations: [, mirror] }] = routes({ hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }], mirror: { host: 'b' }, mirrorPercentage }] });
    expect(mirror).toMatchObject({ host: 'b', idle });
  });
});

test('pointers are escaped, and sorted in reading order', () => {
  expect(pointer('metadata', 'annotations', 'a/b~c', 0)).toBe('/metadata/annotations/a~1b~0c/0');
  expect(['/a/10', '/a/9/b', '/b', '/a/9', '/a/x', ''].sort(comparePointers)).toEqual(['', '/a/9', '/a/9/b', '/a/10', '/a/x', '/b']);
});
