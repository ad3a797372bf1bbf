// What sidecars know and reach: one Sidecar object.
import { App, Chart } from 'cdk8s';
import { ExternalService } from '../../../src/edge/egress/external-service';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { MeshSidecar, type MeshSidecarProps, OutboundTraffic } from '../../../src/edge/egress/sidecar';
import { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from '../../../src/edge/egress/sidecar-listener';
import { Subset } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { service } from '../hand-made';

const SHOP = PolicyScope.namespace('shop');
const HTTP = MeshProtocol.HTTP;

function sidecar(props: Partial<MeshSidecarProps>): MeshSidecar {
  return new MeshSidecar(emptyChart(), 'Sidecar', { scope: SHOP, ...props });
}

function spec(props: Partial<MeshSidecarProps>): any {
  return theOnly(sidecar(props), 'Sidecar').spec;
}

test('the sidecars of a namespace know certain services, and refuse others', () => {
  expect(synthesized(sidecar({ hosts: ['./*', 'istio-system/*'], outbound: OutboundTraffic.registryOnly() }))).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: {
      name: 'default',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/name': 'default',
        'app.kubernetes.io/component': 'routing',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  }]);
});

describe('what is reached', () => {
  const ports = [{ number: 443, protocol: MeshProtocol.TLS }];
  const external = new ExternalService(emptyChart(), 'Api', { hosts: ['a.example.com', '*.b.example.com'], ports, namespace: 'egress', resolution: HostResolution.none() });

  it('is written by namespace and host, the root namespace besides', () => {
    const reaches = [service(), service({ namespace: 'istio-system' }), external, service()];
    expect(spec({ reaches, hosts: ['bank/*'] }).egress)
      .toEqual([{ hosts: ['shop/cart.shop.svc.cluster.local', 'egress/a.example.com', 'egress/*.b.example.com', 'istio-system/*', 'bank/*'] }]);
  });

  it('may be nothing but the root namespace', () => {
    expect(spec({ reaches: [], rootNamespace: 'mesh' }).egress).toEqual([{ hosts: ['mesh/*'] }]);
    expect(spec({ hosts: ['~/*'] }).egress).toEqual([{ hosts: ['~/*'] }]);
  });
});

test('it is about the pods of a workload', () => {
  expect(theOnly(sidecar({ scope: PolicyScope.workload(service()), reaches: [] }), 'Sidecar'))
    .toMatchObject({ metadata: { name: 'sidecar', namespace: 'shop' }, spec: { workloadSelector: { labels: { app: 'cart' } } } });
});

test.each<[string, OutboundTraffic, object]>([
  ['are refused', OutboundTraffic.registryOnly(), { mode: 'REGISTRY_ONLY' }],
  ['go through', OutboundTraffic.allowAny(), { mode: 'ALLOW_ANY' }],
  ['go through a proxy', OutboundTraffic.allowAnyThrough(service()), { mode: 'ALLOW_ANY', egressProxy: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } } }],
  ['go through one version of a proxy', OutboundTraffic.allowAnyThroughSubset(service().subset('v1')),
    { mode: 'ALLOW_ANY', egressProxy: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 }, subset: 'v1' } }],
])('requests to unknown hosts %s', (_, outbound, policy) => {
  expect(spec({ outbound })).toEqual({ outboundTrafficPolicy: policy });
});

test('listeners for single ports stand before the one for all', () => {
  const egressListeners: SidecarEgressListener[] = [
    { port: 3306, protocol: MeshProtocol.MYSQL, bind: '127.0.0.1', captureMode: CaptureMode.NONE, hosts: ['shop/db.shop.svc.cluster.local'], portName: 'db' },
    { protocol: HTTP, bind: 'unix:///var/run/out', hosts: ['./*'] },
  ];
  expect(spec({ egressListeners, hosts: ['./*'] }).egress).toEqual([
    { port: { number: 3306, protocol: 'MYSQL', name: 'db' }, bind: '127.0.0.1', captureMode: 'NONE', hosts: ['shop/db.shop.svc.cluster.local'] },
    { port: { number: 0, protocol: 'HTTP', name: 'http-socket' }, bind: 'unix:///var/run/out', hosts: ['./*'] },
    { hosts: ['./*'] },
  ]);
});

test('listeners for what comes in', () => {
  const pool = { tcp: { maxConnections: 10 } };
  const ingressListeners: SidecarIngressListener[] = [
    { port: 9080, protocol: HTTP, defaultEndpoint: '127.0.0.1:8080', bind: '0.0.0.0', captureMode: CaptureMode.IPTABLES, connectionPool: pool },
    { port: 9443, protocol: MeshProtocol.HTTPS, defaultEndpoint: 'unix:///var/run/in', tls: SidecarTls.simple('/certs/tls.crt', '/certs/tls.key') },
    { port: 9444, protocol: MeshProtocol.TLS, tls: SidecarTls.mutual('/certs/tls.crt', '/certs/tls.key', '/certs/ca.crt'), portName: 'mutual' },
  ];
  expect(spec({ ingressListeners, inboundConnectionPool: { http: { http2MaxRequests: 5 } } })).toEqual({
    inboundConnectionPool: { http: { http2MaxRequests: 5 } },
    ingress: [
      {
        port: { number: 9080, protocol: 'HTTP', name: 'http-9080' },
        bind: '0.0.0.0',
        captureMode: 'IPTABLES',
        defaultEndpoint: '127.0.0.1:8080',
        connectionPool: { tcp: { maxConnections: 10 } },
      },
      {
        port: { number: 9443, protocol: 'HTTPS', name: 'https-9443' },
        defaultEndpoint: 'unix:///var/run/in',
        tls: { mode: 'SIMPLE', serverCertificate: '/certs/tls.crt', privateKey: '/certs/tls.key' },
      },
      {
        port: { number: 9444, protocol: 'TLS', name: 'mutual' },
        tls: { mode: 'MUTUAL', serverCertificate: '/certs/tls.crt', privateKey: '/certs/tls.key', caCertificates: '/certs/ca.crt' },
      },
    ],
  });
});

describe('it is refused', () => {
  const egress = (listener: object) => ({ egressListeners: [{ hosts: ['./*'], protocol: HTTP, ...listener } as SidecarEgressListener] });
  const ingress = (listener: object) => ({ ingressListeners: [{ port: 80, protocol: HTTP, ...listener } as SidecarIngressListener] });
  const out = 'egressListeners[0]';
  const into = 'ingressListeners[0]';

  it.each<[string, object, string, unknown]>([
    ['without anything to say', {}, 'props', undefined],
    ['without a scope', { scope: undefined, hosts: ['./*'] }, 'scope', undefined],
    ['for a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })), hosts: ['./*'] }, 'scope', { matchLabels: {} }],
    ['for a waypoint', { scope: PolicyScope.waypointService('shop', 'cart'), hosts: ['./*'] }, 'scope', [{ group: '', kind: 'Service', name: 'cart' }]],
    ['with a malformed name', { sidecarName: 'a.b', hosts: ['./*'] }, 'sidecarName', 'a.b'],
    ['without hosts', { hosts: [] }, 'hosts', []],
    ['with a host that has no namespace', { hosts: ['cart.shop.svc.cluster.local'] }, 'hosts[0]', 'cart.shop.svc.cluster.local'],
    ['with an empty namespace', { hosts: ['/*'] }, 'hosts[0]', '/*'],
    ['with a short name', { hosts: ['shop/cart'] }, 'hosts[0]', 'shop/cart'],
    ['with an address', { hosts: ['shop/192.0.2.1'] }, 'hosts[0]', 'shop/192.0.2.1'],
    ['with two slashes', { hosts: ['a/b/*'] }, 'hosts[0]', 'a/b/*'],
    ['with a host twice', { hosts: ['./*', 'shop/*'] }, 'hosts[1]', 'shop/*'],
    ['with a host that another covers', { hosts: ['shop/a.b', './*'] }, 'hosts[0]', 'shop/a.b'],
    ['with hosts beside all', { hosts: ['*/*', 'istio-system/*'] }, 'hosts[1]', 'istio-system/*'],
    ['with a workload that is none', { reaches: ['cart'] }, 'reaches[0]', 'cart'],
    ['with a policy that is none', { outbound: 'REGISTRY_ONLY' }, 'outbound', 'REGISTRY_ONLY'],
    ['with a malformed root namespace', { reaches: [], rootNamespace: 'a.b' }, 'rootNamespace', 'a.b'],
    ['with a listener without port and socket', egress({}), `${out}.port`, undefined],
    ['with a listener with port and socket', egress({ port: 80, bind: 'unix:///a' }), `${out}.port`, 80],
    ['with a listener on port 0', egress({ port: 0 }), `${out}.port`, 0],
    ['with a listener at a name', egress({ port: 80, bind: 'localhost' }), `${out}.bind`, 'localhost'],
    ['with a socket that ends in a slash', egress({ bind: 'unix:///a/' }), `${out}.bind`, 'unix:///a/'],
    ['with a socket behind iptables', egress({ bind: 'unix:///a', captureMode: CaptureMode.IPTABLES }), `${out}.captureMode`, 'IPTABLES'],
    ['with a listener without hosts', egress({ port: 80, hosts: [] }), `${out}.hosts`, []],
    ['with a malformed name of a port', egress({ port: 80, portName: 'a_b' }), `${out}.portName`, 'a_b'],
    ['with a port twice', { egressListeners: [80, 80].map(port => ({ port, protocol: HTTP, hosts: ['./*'] })) }, 'egressListeners[1]', 80],
    ['with a socket twice', { egressListeners: [0, 1].map(() => ({ bind: 'unix:///a', protocol: HTTP, hosts: ['./*'] })) }, 'egressListeners[1]', 'unix:///a'],
    ['with a port that comes in twice', { ingressListeners: [80, 80].map(port => ({ port, protocol: HTTP })) }, 'ingressListeners[1].port', 80],
    ['with port 65536', ingress({ port: 65536 }), `${into}.port`, 65536],
    ['with another protocol', ingress({ protocol: 'UDP' }), `${into}.protocol`, 'UDP'],
    ['with an endpoint elsewhere', ingress({ defaultEndpoint: '10.0.0.1:80' }), `${into}.defaultEndpoint`, '10.0.0.1:80'],
    ['with an endpoint on port 0', ingress({ defaultEndpoint: '127.0.0.1:0' }), `${into}.defaultEndpoint`, '127.0.0.1:0'],
    ['with an endpoint at a relative socket', ingress({ defaultEndpoint: 'unix://a' }), `${into}.defaultEndpoint`, 'unix://a'],
    ['bound to a socket', ingress({ bind: 'unix:///a' }), `${into}.bind`, 'unix:///a'],
    ['with TLS on HTTP', ingress({ tls: SidecarTls.simple('/a.crt', '/a.key') }), `${into}.tls`, 'TLS'],
    ['with bounds on requests that are not seen', ingress({ protocol: MeshProtocol.TCP, connectionPool: { http: { maxRetries: 1 } } }), `${into}.connectionPool.http`, { maxRetries: 1 }],
    ['with a connection pool that bounds nothing', { inboundConnectionPool: {} }, 'inboundConnectionPool', {}],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => sidecar(props))).toMatchObject({ prop, value, path: 'chart/Sidecar' });
  });

  it('with parts that cannot be', () => {
    const wildcard = service({ host: '*.example.com' });
    expect(refusal(() => OutboundTraffic.allowAnyThrough(wildcard))).toMatchObject({ prop: 'workload', value: '*.example.com' });
    expect(refusal(() => OutboundTraffic.allowAnyThroughSubset(new Subset(wildcard, 'v1')))).toMatchObject({ prop: 'subset', value: '*.example.com' });
    expect(refusal(() => SidecarTls.simple('tls.crt', '/tls.key'))).toMatchObject({ prop: 'serverCertificate', value: 'tls.crt' });
    expect(refusal(() => SidecarTls.mutual('/tls.crt', '/tls.key', undefined!))).toMatchObject({ prop: 'caCertificates', value: undefined });
  });
});

test('a namespace has one Sidecar for all pods, whichever chart asks first', () => {
  const app = new App();
  const make = (chart: string, scope: PolicyScope) => new MeshSidecar(new Chart(app, chart), 'Sidecar', { scope, hosts: ['./*'] });
  make('a', SHOP);
  make('b', PolicyScope.namespace('bank'));
  make('c', PolicyScope.workload(service()));
  expect(refusal(() => make('d', SHOP))).toEqual({
    prop: 'scope', value: 'shop', reason: '"shop" is already the scope of the Sidecar a/Sidecar, and Istio applies only one Sidecar to a pod', path: 'd/Sidecar',
  });
  expect(refusal(() => make('e', PolicyScope.workload(service())))).toMatchObject({ prop: 'scope' });
  expect(refusal(() => make('f', PolicyScope.pods('shop', { a: 'b' })))).toMatchObject({ prop: 'sidecarName', value: 'sidecar' });
});
