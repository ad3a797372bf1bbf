// Which services sidecars can reach: one Sidecar object.
import { App, Chart } from 'cdk8s';
import { ExternalService } from '../../../src/edge/egress/external-service';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { MeshSidecar, type MeshSidecarProps, OutboundTraffic } from '../../../src/edge/egress/sidecar';
import { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from '../../../src/edge/egress/sidecar-listener';
import { Subset } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { service } from '../stubs';

const SHOP = PolicyScope.namespace('shop');
const HTTP = MeshProtocol.HTTP;

function sidecar(props: Partial<MeshSidecarProps>): MeshSidecar {
  return new MeshSidecar(emptyChart(), 'Sidecar', { scope: SHOP, ...props });
}

function spec(props: Partial<MeshSidecarProps>): any {
  return theOnly(sidecar(props), 'Sidecar').spec;
}

test('limits the sidecars of a namespace to certain services', () => {
  expect(synthesized(sidecar({ hosts: ['./*', 'istio-system/*'], outbound: OutboundTraffic.registryOnly() }))).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: {
      name: 'default',
      namespace: 'shop',
      labels: labels('default', 'routing'),
    },
    spec: { egress: [{ hosts: ['./*', 'istio-system/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  }]);
});

describe('reaches', () => {
  const ports = [{ number: 443, protocol: MeshProtocol.TLS }];
  const external = new ExternalService(emptyChart(), 'Api', { hosts: ['a.example.com', '*.b.example.com'], ports, namespace: 'egress', resolution: HostResolution.none() });

  it('lists hosts by namespace, and the root namespace', () => {
    const reaches = [service(), service({ namespace: 'istio-system' }), external, service()];
    expect(spec({ reaches, hosts: ['bank/*'] }).egress)
      .toEqual([{ hosts: ['shop/cart.shop.svc.cluster.local', 'egress/a.example.com', 'egress/*.b.example.com', 'istio-system/*', 'bank/*'] }]);
  });

  it('can be empty except for the root namespace', () => {
    expect(spec({ reaches: [], rootNamespace: 'mesh' }).egress).toEqual([{ hosts: ['mesh/*'] }]);
    expect(spec({ hosts: ['~/*'] }).egress).toEqual([{ hosts: ['~/*'] }]);
  });
});

test('applies to the pods of a workload', () => {
  expect(theOnly(sidecar({ scope: PolicyScope.workload(service()), reaches: [] }), 'Sidecar'))
    .toMatchObject({ metadata: { name: 'sidecar', namespace: 'shop' }, spec: { workloadSelector: { labels: { app: 'cart' } } } });
});

test.each<[string, OutboundTraffic, object]>([
  ['are blocked', OutboundTraffic.registryOnly(), { mode: 'REGISTRY_ONLY' }],
  ['pass', OutboundTraffic.allowAny(), { mode: 'ALLOW_ANY' }],
  ['are sent to a proxy', OutboundTraffic.allowAnyThrough(service()), { mode: 'ALLOW_ANY', egressProxy: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 } } }],
  ['are sent to one version of a proxy', OutboundTraffic.allowAnyThroughSubset(service().subset('v1')),
    { mode: 'ALLOW_ANY', egressProxy: { host: 'cart.shop.svc.cluster.local', port: { number: 8080 }, subset: 'v1' } }],
])('requests to unknown hosts %s', (_, outbound, policy) => {
  expect(spec({ outbound })).toEqual({ outboundTrafficPolicy: policy });
});

test('listeners for single ports precede the default listener', () => {
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

test('renders ingress listeners', () => {
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

describe('rejects', () => {
  const egress = (listener: object) => ({ egressListeners: [{ hosts: ['./*'], protocol: HTTP, ...listener } as SidecarEgressListener] });
  const ingress = (listener: object) => ({ ingressListeners: [{ port: 80, protocol: HTTP, ...listener } as SidecarIngressListener] });
  const out = 'egressListeners[0]';
  const into = 'ingressListeners[0]';

  it.each<[string, object, string, unknown]>([
    ['an empty Sidecar', {}, 'props', undefined],
    ['a missing scope', { scope: undefined, hosts: ['./*'] }, 'scope', undefined],
    ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })), hosts: ['./*'] }, 'scope', { matchLabels: {} }],
    ['a waypoint', { scope: PolicyScope.waypointService('shop', 'cart'), hosts: ['./*'] }, 'scope', [{ group: '', kind: 'Service', name: 'cart' }]],
    ['an invalid name', { sidecarName: 'a.b', hosts: ['./*'] }, 'sidecarName', 'a.b'],
    ['an empty list of hosts', { hosts: [] }, 'hosts', []],
    ['a host without a namespace', { hosts: ['cart.shop.svc.cluster.local'] }, 'hosts[0]', 'cart.shop.svc.cluster.local'],
    ['an empty namespace', { hosts: ['/*'] }, 'hosts[0]', '/*'],
    ['a short host name', { hosts: ['shop/cart'] }, 'hosts[0]', 'shop/cart'],
    ['an address as a host', { hosts: ['shop/192.0.2.1'] }, 'hosts[0]', 'shop/192.0.2.1'],
    ['two slashes', { hosts: ['a/b/*'] }, 'hosts[0]', 'a/b/*'],
    ['a duplicate host', { hosts: ['./*', 'shop/*'] }, 'hosts[1]', 'shop/*'],
    ['a host that another one covers', { hosts: ['shop/a.b', './*'] }, 'hosts[0]', 'shop/a.b'],
    ['a host that */* covers', { hosts: ['*/*', 'istio-system/*'] }, 'hosts[1]', 'istio-system/*'],
    ['a workload of the wrong type', { reaches: ['cart'] }, 'reaches[0]', 'cart'],
    ['an outbound policy of the wrong type', { outbound: 'REGISTRY_ONLY' }, 'outbound', 'REGISTRY_ONLY'],
    ['an invalid root namespace', { reaches: [], rootNamespace: 'a.b' }, 'rootNamespace', 'a.b'],
    ['a listener without port and socket', egress({}), `${out}.port`, undefined],
    ['a listener with port and socket', egress({ port: 80, bind: 'unix:///a' }), `${out}.port`, 80],
    ['a listener on port 0', egress({ port: 0 }), `${out}.port`, 0],
    ['a listener bound to a host name', egress({ port: 80, bind: 'localhost' }), `${out}.bind`, 'localhost'],
    ['a socket with a trailing slash', egress({ bind: 'unix:///a/' }), `${out}.bind`, 'unix:///a/'],
    ['a socket captured by iptables', egress({ bind: 'unix:///a', captureMode: CaptureMode.IPTABLES }), `${out}.captureMode`, 'IPTABLES'],
    ['a listener without hosts', egress({ port: 80, hosts: [] }), `${out}.hosts`, []],
    ['an invalid port name', egress({ port: 80, portName: 'a_b' }), `${out}.portName`, 'a_b'],
    ['a duplicate port', { egressListeners: [80, 80].map(port => ({ port, protocol: HTTP, hosts: ['./*'] })) }, 'egressListeners[1]', 80],
    ['a duplicate socket', { egressListeners: [0, 1].map(() => ({ bind: 'unix:///a', protocol: HTTP, hosts: ['./*'] })) }, 'egressListeners[1]', 'unix:///a'],
    ['a duplicate inbound port', { ingressListeners: [80, 80].map(port => ({ port, protocol: HTTP })) }, 'ingressListeners[1].port', 80],
    ['port 65536', ingress({ port: 65536 }), `${into}.port`, 65536],
    ['an unknown protocol', ingress({ protocol: 'UDP' }), `${into}.protocol`, 'UDP'],
    ['an endpoint on another host', ingress({ defaultEndpoint: '10.0.0.1:80' }), `${into}.defaultEndpoint`, '10.0.0.1:80'],
    ['an endpoint on port 0', ingress({ defaultEndpoint: '127.0.0.1:0' }), `${into}.defaultEndpoint`, '127.0.0.1:0'],
    ['an endpoint with a relative socket', ingress({ defaultEndpoint: 'unix://a' }), `${into}.defaultEndpoint`, 'unix://a'],
    ['an ingress listener bound to a socket', ingress({ bind: 'unix:///a' }), `${into}.bind`, 'unix:///a'],
    ['TLS for HTTP', ingress({ tls: SidecarTls.simple('/a.crt', '/a.key') }), `${into}.tls`, 'TLS'],
    ['HTTP limits for TCP', ingress({ protocol: MeshProtocol.TCP, connectionPool: { http: { maxRetries: 1 } } }), `${into}.connectionPool.http`, { maxRetries: 1 }],
    ['an empty connection pool', { inboundConnectionPool: {} }, 'inboundConnectionPool', {}],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => sidecar(props))).toMatchObject({ prop, value, path: 'chart/Sidecar' });
  });

  it('redundant hosts, and names the host that covers them', () => {
    expect(refusal(() => sidecar({ hosts: ['shop/a.b', './*'] })).reason).toBe('is redundant, because hosts already contains ./*');
    expect(refusal(() => sidecar({ hosts: ['./*', 'shop/*'] })).reason).toBe('is redundant, because hosts already contains ./*');
    expect(refusal(() => sidecar({ hosts: ['*/*', 'bank/*'] })).reason).toBe('is redundant, because hosts already contains */*');
  });

  it('wildcard proxies and invalid certificate files', () => {
    const wildcard = service({ host: '*.example.com' });
    expect(refusal(() => OutboundTraffic.allowAnyThrough(wildcard))).toMatchObject({ prop: 'workload', value: '*.example.com' });
    expect(refusal(() => OutboundTraffic.allowAnyThroughSubset(new Subset(wildcard, 'v1')))).toMatchObject({ prop: 'subset', value: '*.example.com' });
    expect(refusal(() => SidecarTls.simple('tls.crt', '/tls.key'))).toMatchObject({ prop: 'serverCertificate', value: 'tls.crt' });
    expect(refusal(() => SidecarTls.mutual('/tls.crt', '/tls.key', undefined!))).toMatchObject({ prop: 'caCertificates', value: undefined });
  });
});

test('a namespace has one Sidecar across all charts', () => {
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
