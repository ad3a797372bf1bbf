// An input that is all there is: what it lacks exists nowhere, so that more is a fault, and nothing less.
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Finding } from '../../src/checks/finding';
import { check } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import { backend, destinationRule, gateway, ingress, ingressClass, namespace, object, service, to, virtualService } from '../manifests';
import { fixture } from './fixture';

const FIELD_CASES = path.join(__dirname, '../../../shared/field-cases');
const DIST = path.join(__dirname, '../../dist');

function readFolder(folder: string): Manifest[] {
  return fs.readdirSync(folder).filter(file => file.endsWith('.yaml')).sort()
    .flatMap(file => readYaml(fs.readFileSync(path.join(folder, file), 'utf8'), file));
}

const show = ({ id, pointer, message }: Finding) => `${id} ${pointer}: ${message}`;
const findingsOf = (objects: readonly object[], complete: boolean) => check(objects as never, { complete }).findings.map(show);

/** What is found only because the input is complete. */
function added(...objects: readonly object[]): string[] {
  const before = findingsOf(objects, false);
  return findingsOf(objects, true).filter(own => !before.includes(own));
}

const HELM = (inNamespace: string) => object('helm.toolkit.fluxcd.io/v2', 'HelmRelease', `${inNamespace}/charts`);

test('every finding of an input is also one if the input is complete, apart from those about acknowledgements of others', () => {
  const inputs = [
    ...SHELF.flatMap(({ id }) => (['bad', 'good'] as const).map(name => readYaml(fixture(id, name), `${id}/${name}`))),
    ...!fs.existsSync(FIELD_CASES) ? [] : fs.readdirSync(FIELD_CASES).filter(name => /^\d/.test(name)).map(name => readFolder(path.join(FIELD_CASES, name))),
    ...fs.readdirSync(DIST).map(name => readFolder(path.join(DIST, name))),
  ];
  const placesOf = (manifests: readonly Manifest[], complete: boolean) => (
    check(manifests, { complete }).findings.filter(({ id }) => id !== 'useless-acknowledgement').map(({ id, object: own, pointer, message, origin }) => JSON.stringify({ id, own, pointer, message, origin })));
  const lost = inputs.flatMap(manifests => {
    const after = new Set(placesOf(manifests, true));
    return placesOf(manifests, false).filter(place => !after.has(place));
  });
  expect(lost).toEqual([]);
  expect(inputs.length).toBeGreaterThan(2 * SHELF.length);
});

test('of the examples, complete inputs lack only Secrets, which are not in Git, and what the READMEs say is installed otherwise', () => {
  const found = fs.readdirSync(DIST).sort().flatMap(name => (
    check(readFolder(path.join(DIST, name)), { complete: true }).findings.map(({ id, object: own }) => `${name}: ${id} ${own.kind} ${own.name}`)));
  expect(found.filter(line => !line.includes('secret-not-delivered'))).toEqual([
    'kiali: refused-by-controller Ingress istio-ingress-observability',
    ...['kiali-ops-example-com-c0199c70', 'grafana-ops-example-com-29646735', 'prometheus-ops-example-com-f7b674c2', 'tracing-ops-example-com-51c51a3a']
      .map(own => `kiali: dangling-destination VirtualService ${own}`),
    'waf-nodeport: dangling-backend Ingress common-external-ingress',
  ]);
});

test('what Istio\'s webhook refuses is refused all the same', () => {
  const all = [virtualService('prod/all', { hosts: ['*'], gateways: ['mesh'], http: [{ route: [to('a')] }] }), service('prod/a')];
  expect(findingsOf(all, true)).toEqual(findingsOf(all, false));
  expect(findingsOf(all, true)).toEqual([expect.stringContaining('refused-by-istio-webhook')]);
});

test('an acknowledgement of what only a complete input can lack is not useless in another one', () => {
  const accepted = virtualService('shop/shop', { hosts: ['shop'], gateways: ['a/b'], http: [{ route: [to('shop')] }] }, {
    'checks.cdk8s-alb-istio/missing-gateway': 'the platform team installs it',
  });
  expect(findingsOf([accepted, service('shop/shop')], false)).toEqual([]);
  expect(check([accepted, service('shop/shop')] as never, { complete: true }).findings.map(({ id, acknowledged }) => [id, acknowledged]))
    .toEqual([['missing-gateway', 'the platform team installs it']]);
});

describe('an Ingress backend', () => {
  const web = ingress('shop/web', {}, { ingressClassName: 'alb', defaultBackend: backend('web', 80) });

  test('is a Service that nobody has', () => {
    expect(added(web)).toEqual(['dangling-backend /spec/defaultBackend: Service "web" does not exist in namespace shop of the Ingress']);
    expect(added(web, service('dev/web'))).toEqual([expect.stringContaining('dangling-backend /spec/defaultBackend')]);
  });

  test('is a Service of the input, or one that a HelmRelease of the input may bring', () => {
    expect(added(web, service('shop/web'))).toEqual([]);
    expect(added(web, HELM('shop'))).toEqual([]);
    expect(added(web, HELM('dev'))).toHaveLength(1);
  });

  test('is not the only fault of its load balancer', () => {
    const both = ingress('shop/web', { 'alb.ingress.kubernetes.io/scheme': 'public' }, { ingressClassName: 'alb', defaultBackend: backend('web', 80) });
    expect(findingsOf([both], false)).toHaveLength(1);
    expect(findingsOf([both], true)).toEqual([...findingsOf([both], false), expect.stringContaining('dangling-backend')]);
  });
});

describe('a route destination', () => {
  const edge = gateway('edge/edge', { istio: 'ingress' });
  const shop = (http: object) => virtualService('shop/shop', { hosts: ['shop.example.com'], gateways: ['edge/edge'], http: [http] });

  test.each([
    ['shops.shop.svc.cluster.local', 'host "shops.shop.svc.cluster.local" does not exist: no Service or ServiceEntry has it'],
    ['shops', 'Istio completes host "shops" to shops.shop.svc.cluster.local, which does not exist: no Service or ServiceEntry has it'],
    ['shops.dev', 'host "shops.dev" does not exist: no Service or ServiceEntry has it'],
    ['api.example.com', 'host "api.example.com" does not exist: no Service or ServiceEntry has it'],
  ])('that nobody has: %s', (host, message) => {
    expect(added(edge, shop({ route: [to(host)] }))).toEqual([`dangling-destination /spec/http/0/route/0/destination/host: ${message}`]);
    expect(added(edge, service('shop/web'), shop({ route: [to('web')], mirror: { host } }))).toEqual([`dangling-mirror /spec/http/0/mirror/host: ${message}`]);
  });

  test('of a subset that no DestinationRule declares: the input has none at all', () => {
    const [web, all] = [service('shop/web'), shop({ route: [{ destination: { host: 'web', subset: 'v2' } }] })];
    expect(added(edge, web, all)).toEqual([
      'unknown-subset /spec/http/0/route/0/destination/subset: no DestinationRule that applies to gateway edge/edge declares subset "v2" of web.shop.svc.cluster.local; '
      + 'no subset is declared',
    ]);
    expect(added(edge, web, all, HELM('shop'))).toEqual([]);
    expect(added(edge, web, all, destinationRule('shop/web', { host: 'web', subsets: [{ name: 'v2', labels: { version: 'v2' } }] }))).toEqual([]);
  });

  const entry = (host: string) => object('networking.istio.io/v1', 'ServiceEntry', 'shop/entry', {
    hosts: [host], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'NONE', location: 'MESH_EXTERNAL',
  });

  test.each<[what: string, host: string, others: readonly object[]]>([
    ['a Service', 'shops', [service('shop/shops')]],
    ['a ServiceEntry', 'api.example.com', [entry('api.example.com')]],
    ['a ServiceEntry with a wildcard', 'api.example.com', [entry('*.example.com')]],
    ['the external name of a Service', 'api.example.com', [service('shop/api', [443], { type: 'ExternalName', externalName: 'api.example.com' })]],
    ['a HelmRelease in its namespace', 'shops', [HELM('shop')]],
    ['a HelmRelease anywhere for a host without a namespace', 'api.example.com', [HELM('dev')]],
    ['an Application of Argo CD', 'shops.dev.svc.cluster.local', [object('argoproj.io/v1alpha1', 'Application', 'argocd/a')]],
    ['Kubernetes itself', 'kubernetes.default.svc.cluster.local', []],
    ['the distribution of Kubernetes', 'metrics-server.kube-system.svc.cluster.local', []],
  ])('that %s has or may have: %s', (_, host, others) => {
    expect(added(edge, shop({ route: [to(host)] }), ...others)).toEqual([]);
  });

  test('of a delegate, a sidecar, and of TCP', () => {
    const other = virtualService('shop/other', { hosts: ['other'], tcp: [{ route: [to('db')] }], http: [{ route: [to('cart')] }] });
    const delegate = virtualService('shop/delegate', { http: [{ route: [to('user')] }] });
    expect(added(other, delegate, service('shop/other')).map(text => text.split(':')[0])).toEqual([
      'dangling-destination /spec/http/0/route/0/destination/host', 'dangling-destination /spec/tcp/0/route/0/destination/host',
      'dangling-destination /spec/http/0/route/0/destination/host',
    ]);
  });

  test('that another namespace has is said so, as without --complete', () => {
    const objects = [namespace('shop'), service('shop/web'), service('dev/cart'), edge, shop({ route: [to('cart')] })];
    expect(findingsOf(objects, true)).toEqual(findingsOf(objects, false));
    expect(findingsOf(objects, true)).toEqual([expect.stringContaining('the only Service with this name is in namespace dev')]);
  });
});

describe('a Gateway', () => {
  const shop = virtualService('shop/shop', { hosts: ['shop.example.com'], gateways: ['istio-system/gw'], http: [{ route: [to('web')] }] });

  test('that nobody has', () => {
    expect(added(shop, service('shop/web'))).toEqual(['missing-gateway /spec/gateways/0: Gateway istio-system/gw does not exist']);
    expect(added(shop, service('shop/web'), gateway('istio-system/gw', {}))).toEqual([]);
    expect(added(shop, service('shop/web'), HELM('istio-system'))).toEqual([]);
  });

  test('that only another namespace has, in a namespace that the input does not describe', () => {
    const short = virtualService('lab/shop', { hosts: ['shop.example.com'], gateways: ['gw'], http: [{ redirect: { uri: '/' } }] });
    expect(added(short, gateway('edge/gw', {}))).toEqual([
      'gateway-in-other-namespace /spec/gateways/0: "gw" means Gateway lab/gw, and the only Gateway with this name is in namespace edge',
    ]);
    expect(added(short, gateway('edge/gw', {}), HELM('lab'))).toEqual([]);
  });
});

test('a delegate that a HelmRelease may bring is no fault', () => {
  const shop = virtualService('shop/shop', { hosts: ['shop'], http: [{ delegate: { name: 'part', namespace: 'parts' } }] });
  expect(added(shop, service('shop/shop'))).toEqual(['missing-delegate /spec/http/0/delegate/name: VirtualService parts/part does not exist']);
  expect(added(shop, service('shop/shop'), HELM('parts'))).toEqual([]);
});

describe('a Secret', () => {
  const deployment = {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'gateway', namespace: 'edge' },
    spec: {
      selector: { matchLabels: { istio: 'ingress' } },
      template: {
        metadata: { labels: { istio: 'ingress' }, annotations: { 'inject.istio.io/templates': 'gateway' } }, spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    },
  };
  const tls = object('networking.istio.io/v1', 'Gateway', 'edge/edge', {
    selector: { istio: 'ingress' },
    servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls: { mode: 'SIMPLE', credentialName: 'edge-tls' } }],
  });
  const secret = (name: string, data: object) => ({ ...object('v1', 'Secret', name), type: 'Opaque', data });
  const pair = { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' };

  test('of a gateway that nobody has, or only another namespace', () => {
    const message = 'secret-not-delivered /spec/servers/0/tls/credentialName: Secret "edge-tls" does not exist in namespace edge, where gateway edge/gateway reads it';
    expect(added(deployment, tls)).toEqual([message]);
    expect(added(deployment, tls, secret('dev/edge-tls', pair))).toEqual([message]);
    expect(added(deployment, tls, secret('edge/edge-tls', pair))).toEqual([]);
  });

  test.each<[maker: string, object: object]>([
    ['Certificate', object('cert-manager.io/v1', 'Certificate', 'edge/any', { secretName: 'edge-tls' })],
    ['ExternalSecret', object('external-secrets.io/v1', 'ExternalSecret', 'edge/any', { target: { name: 'edge-tls' } })],
    ['SealedSecret', object('bitnami.com/v1alpha1', 'SealedSecret', 'edge/edge-tls')],
    ['HelmRelease', HELM('edge')],
    ['annotated Ingress', object('networking.k8s.io/v1', 'Ingress', 'edge/i', { ingressClassName: 'nginx', tls: [{ secretName: 'edge-tls' }] }, { 'cert-manager.io/issuer': 'a' })],
  ])('that a %s makes is no fault', (_, maker) => {
    expect(added(deployment, tls, maker)).toEqual([]);
  });

  test('of a gateway whose pods the input lacks is no fault: where they run is a guess', () => {
    expect(added(tls).filter(text => text.startsWith('secret-not-delivered'))).toEqual([]);
  });

  test('of a login', () => {
    const login = JSON.stringify({ issuer: 'https://a', authorizationEndpoint: 'https://a', tokenEndpoint: 'https://a', userInfoEndpoint: 'https://a', secretName: 'oidc' });
    const web = ingress('shop/web', {
      'alb.ingress.kubernetes.io/auth-type': 'oidc', 'alb.ingress.kubernetes.io/auth-idp-oidc': login, 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]',
      'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:us-east-1:123456789012:certificate/a',
    }, { ingressClassName: 'alb', defaultBackend: backend('web', 80) });
    const missing = ['refused-by-controller /metadata/annotations/alb.ingress.kubernetes.io~1auth-idp-oidc: '
      + 'auth-idp-oidc: refers to Secret shop/oidc, which does not exist'];
    const ids = { clientID: 'YQ==', clientSecret: 'YQ==' };
    expect(added(web, service('shop/web'))).toEqual(missing);
    expect(added(web, service('shop/web'), secret('dev/oidc', ids))).toEqual(missing);
    expect(added(web, service('shop/web'), secret('shop/oidc', ids))).toEqual([]);
    expect(added(web, service('shop/web'), object('external-secrets.io/v1', 'ExternalSecret', 'shop/oidc'))).toEqual([]);
  });
});

describe('the class of an Ingress', () => {
  const ALB = { 'alb.ingress.kubernetes.io/target-type': 'ip' };

  test('is none, and the input has no default one', () => {
    const web = ingress('shop/web', ALB, { defaultBackend: backend('web', 80) });
    expect(added(web, service('shop/web'))).toEqual([expect.stringContaining('missing-ingress-class /spec: names no IngressClass')]);
    const byDefault = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
    expect(added(web, service('shop/web'), ...ingressClass('own', undefined, undefined, byDefault))).toEqual([]);
    expect(added(web, service('shop/web'), HELM('dev'))).toEqual([]);
    expect(check([web, service('shop/web')] as never, { complete: true, controller: { ingressClass: '' } }).findings).toEqual([]);
  });

  test('does not exist, and what is wrong with the Ingress is found all the same', () => {
    const web = ingress('shop/web', { ...ALB, 'alb.ingress.kubernetes.io/listen-ports': 'none' }, { ingressClassName: 'own', defaultBackend: backend('web', 80) });
    expect(added(web, service('shop/web'))).toEqual(['missing-ingress-class /spec/ingressClassName: IngressClass own does not exist']);
    expect(findingsOf([web, service('shop/web')], true)).toHaveLength(2);
  });
});

describe('the host of a DestinationRule', () => {
  const rule = (host: string) => destinationRule('shop/rule', { host });

  test.each([
    ['a', 'Istio completes host "a" to a.shop.svc.cluster.local, which does not exist: no Service or ServiceEntry has it'],
    ['api.example.com', 'host "api.example.com" does not exist: no Service or ServiceEntry has it'],
    ['*.dev.svc.cluster.local', 'no Service or ServiceEntry has a host that fits *.dev.svc.cluster.local'],
  ])('is %s, which nobody has', (host, message) => {
    expect(added(rule(host), service('shop/b'))).toEqual([`unused-destination-rule /spec/host: ${message}`]);
  });

  test.each(['b', '*.shop.svc.cluster.local', '*.local', 'kubernetes.default.svc.cluster.local', '*.kube-system.svc.cluster.local', '*'])('%s exists', host => {
    expect(added(rule(host), service('shop/b'))).toEqual([]);
  });

  test('may be one that a HelmRelease brings', () => {
    expect(added(rule('a'), service('shop/b'), HELM('shop'))).toEqual([]);
    expect(added(rule('*.dev.svc.cluster.local'), service('shop/b'), HELM('shop'))).toEqual([]);
  });
});
