// External services: one ServiceEntry, and a workload that routes can send requests to.
import { App, Chart } from 'cdk8s';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { ExternalService, type ExternalServiceProps, ServiceLocation } from '../../../src/edge/egress/external-service';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import type { ServiceEndpoint } from '../../../src/edge/egress/service-endpoint';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';

const HTTPS = { number: 443, protocol: MeshProtocol.HTTPS };
const HTTP = { number: 80, protocol: MeshProtocol.HTTP };
const TCP = { number: 5432, protocol: MeshProtocol.TCP };

function external(props: Partial<ExternalServiceProps> = {}): ExternalService {
  return new ExternalService(emptyChart(), 'Api', { hosts: ['api.example.com'], ports: [HTTPS], namespace: 'shop', ...props });
}

function spec(props: Partial<ExternalServiceProps>): unknown {
  return theOnly(external(props), 'ServiceEntry').spec;
}

function refused(props: object): unknown {
  const { prop, value, path } = refusal(() => external(props));
  expect(path).toBe('chart/Api');
  return [prop, value];
}

test('renders a ServiceEntry', () => {
  expect(synthesized(external())).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: {
      name: 'api-example-com',
      namespace: 'shop',
      labels: labels('api-example-com', 'routing'),
    },
    spec: {
      hosts: ['api.example.com'],
      ports: [{ name: 'https-443', number: 443, protocol: 'HTTPS' }],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
    },
  }]);
});

test('every prop has a field', () => {
  expect(spec({
    hosts: ['db.example.com'],
    ports: [{ number: 5432, protocol: MeshProtocol.TCP, name: 'postgres', targetPort: 15432 }],
    entryName: 'db',
    location: ServiceLocation.MESH_INTERNAL,
    addresses: ['240.1.2.3', '10.0.0.0/24', '2001:db8::/64'],
    exportTo: ['.', 'bank'],
    subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/db'],
    resolution: HostResolution.fixed([{
      address: '192.0.2.7',
      ports: { postgres: 25432 },
      labels: { version: 'v1' },
      locality: 'eu-west-1/eu-west-1a',
      network: 'vm',
      serviceAccount: 'db',
      weight: 3,
    }]),
  })).toEqual({
    hosts: ['db.example.com'],
    addresses: ['240.1.2.3', '10.0.0.0/24', '2001:db8::/64'],
    ports: [{ name: 'postgres', number: 5432, protocol: 'TCP', targetPort: 15432 }],
    location: 'MESH_INTERNAL',
    resolution: 'STATIC',
    endpoints: [{
      address: '192.0.2.7', ports: { postgres: 25432 }, labels: { version: 'v1' }, locality: 'eu-west-1/eu-west-1a', network: 'vm', serviceAccount: 'db', weight: 3,
    }],
    exportTo: ['.', 'bank'],
    subjectAltNames: ['spiffe://cluster.local/ns/shop/sa/db'],
  });
});

describe('addresses are resolved', () => {
  it.each<[string, Partial<ExternalServiceProps>, object]>([
    ['by DNS, for other names', { hosts: ['*.example.com'], resolution: HostResolution.dns([{ address: 'a.example.net' }, { address: '192.0.2.1' }]) },
      { resolution: 'DNS', endpoints: [{ address: 'a.example.net' }, { address: '192.0.2.1' }] }],
    ['by DNS, one address at a time', { resolution: HostResolution.dnsRoundRobin() }, { resolution: 'DNS_ROUND_ROBIN' }],
    ['by DNS, one address of another name at a time', { resolution: HostResolution.dnsRoundRobin({ address: 'a.example.net' }) },
      { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.example.net' }] }],
    ['by DNS, for a wildcard', { hosts: ['*.example.com'], ports: [{ number: 443, protocol: MeshProtocol.TLS }], resolution: HostResolution.dynamicDns() }, { resolution: 'DYNAMIC_DNS' }],
    ['to a Unix socket', { ports: [HTTP], resolution: HostResolution.fixed([{ address: 'unix:///var/run/app' }]) }, { resolution: 'STATIC', endpoints: [{ address: 'unix:///var/run/app' }] }],
    ['to an abstract Unix socket', { ports: [HTTP], resolution: HostResolution.fixed([{ address: 'unix://@app' }]) }, { resolution: 'STATIC', endpoints: [{ address: 'unix://@app' }] }],
    ['to the gateway of a network', { resolution: HostResolution.fixed([{ network: 'vm' }]) }, { resolution: 'STATIC', endpoints: [{ network: 'vm' }] }],
    ['to pods', { resolution: HostResolution.pods({ app: 'vm' }) }, { resolution: 'STATIC', workloadSelector: { labels: { app: 'vm' } } }],
    ['by the application', { hosts: ['*.example.com', 'example.com'], resolution: HostResolution.none() }, { resolution: 'NONE' }],
    ['by the application, for a range of addresses', { ports: [TCP], addresses: ['10.1.0.0/16'], resolution: HostResolution.none() }, { resolution: 'NONE', addresses: ['10.1.0.0/16'] }],
  ])('%s', (_, props, fields) => {
    expect(spec(props)).toMatchObject(fields);
  });
});

describe('as a workload', () => {
  it('has its first host and port', () => {
    const { host, namespace, port, selector, serviceName, versions } = external({ ports: [HTTP, HTTPS] });
    expect({ host, namespace, port, selector, serviceName, versions })
      .toEqual({ host: 'api.example.com', namespace: 'shop', port: 80, selector: {}, serviceName: 'api-example-com', versions: [] });
    expect(RouteTarget.workload(external())._render()).toEqual({ route: [{ destination: { host: 'api.example.com', port: { number: 443 } } }] });
  });

  it('can use another port', () => {
    const service = external({ ports: [HTTP, HTTPS] });
    expect(service.onPort(443)).toMatchObject({ host: 'api.example.com', port: 443, serviceName: 'api-example-com' });
    expect(refusal(() => service.onPort(8443))).toEqual({ prop: 'port', value: 8443, reason: 'must be one of the ports of api.example.com: 80, 443', path: 'chart/Api' });
  });

  it('has the labels of its endpoints as versions', () => {
    const endpoints = ['v1', 'v2', 'v1'].map((version, index) => ({ address: `192.0.2.${index}`, labels: { track: version } }));
    const service = external({ resolution: HostResolution.fixed(endpoints), versionLabel: 'track' });
    expect(service.versions).toEqual(['v1', 'v2']);
    expect(service.subset('v2')).toMatchObject({ version: 'v2', workload: service });
    expect(service.onPort(443).subset('v1').workload.port).toBe(443);
    expect(refusal(() => service.subset(undefined as never)).reason).toMatch(/^is required and must be a version of .*: v1, v2$/);
    expect(refusal(() => service.subset('v3')).reason).toBe('must be one of the versions of api.example.com: v1, v2');
    expect(refusal(() => external().subset('v1')).reason).toBe('does not exist, because no endpoint of api.example.com has the label version');
  });

  it('has the labels of its pods as selector', () => {
    expect(external({ resolution: HostResolution.pods({ app: 'vm' }) }).selector).toEqual({ app: 'vm' });
  });
});

describe('TLS origination by the sidecar', () => {
  const tls = ClientTls.simple({ sni: 'api.example.com' });

  it('sends requests on port 80 to port 443', () => {
    const made = external({ ports: [{ ...HTTP, tls }, HTTPS], exportTo: ['.'] });
    expect(theOnly(made, 'ServiceEntry').spec.ports).toEqual([
      { name: 'http-80', number: 80, protocol: 'HTTP', targetPort: 443 }, { name: 'https-443', number: 443, protocol: 'HTTPS' },
    ]);
    expect(theOnly(made, 'DestinationRule')).toMatchObject({
      metadata: { name: 'api-example-com', namespace: 'shop' },
      spec: { host: 'api.example.com', exportTo: ['.'], trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE', sni: 'api.example.com' } }] } },
    });
  });

  it('uses the given target port', () => {
    expect(spec({ ports: [{ ...HTTP, tls, targetPort: 8443 }] })).toMatchObject({ ports: [{ targetPort: 8443 }] });
    expect(spec({ ports: [{ ...HTTP, number: 8080, tls }] })).toMatchObject({ ports: [{ name: 'http-8080', number: 8080, protocol: 'HTTP' }] });
  });

  it('is rejected for TLS of the application, and for several hosts', () => {
    expect(refused({ ports: [{ ...HTTPS, tls }] })).toEqual(['ports[0].tls', tls]);
    expect(refused({ hosts: ['a.example.com', 'b.example.com'], ports: [{ ...HTTP, tls }] })).toEqual(['hosts', ['a.example.com', 'b.example.com']]);
  });

  it('is rejected with a Secret, which sidecars ignore, and with mesh certificates', () => {
    expect(refused({ ports: [HTTPS, { ...HTTP, tls: ClientTls.simple({ credentialName: 'ca' }) }] })).toEqual(['ports[1].tls.credentialName', 'ca']);
    expect(refused({ ports: [{ ...HTTP, tls: ClientTls.istioMutual() }] })).toEqual(['ports[0].tls', expect.any(ClientTls)]);
  });
});

describe('rejects', () => {
  const fixed = (endpoint: ServiceEndpoint) => ({ resolution: HostResolution.fixed([endpoint]) });
  const dns = (endpoint: ServiceEndpoint) => ({ resolution: HostResolution.dns([endpoint]) });
  const at = (part: string) => `resolution.endpoints[0].${part}`;

  it.each<[string, object, string, unknown]>([
    ['no hosts', { hosts: [] }, 'hosts', []],
    ['a host of * alone', { hosts: ['*'] }, 'hosts[0]', '*'],
    ['a partial wildcard', { hosts: ['*foo.example.com'] }, 'hosts[0]', '*foo.example.com'],
    ['an address as a host', { hosts: ['192.0.2.1'] }, 'hosts[0]', '192.0.2.1'],
    ['a host in upper case', { hosts: ['API.example.com'] }, 'hosts[0]', 'API.example.com'],
    ['a duplicate host', { hosts: ['a.b', 'a.b'] }, 'hosts[1]', 'a.b'],
    ['a number as a host', { hosts: [1] }, 'hosts[0]', 1],
    ['no ports', { ports: [] }, 'ports', []],
    ['port 0', { ports: [{ ...HTTP, number: 0 }] }, 'ports[0].number', 0],
    ['a duplicate port', { ports: [HTTP, { ...HTTP, name: 'other' }] }, 'ports[1].number', 80],
    ['a duplicate port name', { ports: [HTTP, { ...HTTPS, name: 'http-80' }] }, 'ports[1].name', 'http-80'],
    ['a long port name', { ports: [{ ...HTTP, name: 'a'.repeat(63) }] }, 'ports[0].name', 'a'.repeat(63)],
    ['target port 0', { ports: [{ ...HTTP, targetPort: 0 }] }, 'ports[0].targetPort', 0],
    ['an unknown protocol', { ports: [{ number: 80, protocol: 'SCTP' }] }, 'ports[0].protocol', 'SCTP'],
    ['a missing protocol', { ports: [{ number: 80 }] }, 'ports[0].protocol', undefined],
    ['TCP for two hosts', { hosts: ['a.b', 'a.c'], ports: [HTTP, TCP] }, 'ports[1].protocol', 'TCP'],
    ['a wildcard that DNS cannot resolve', { hosts: ['a.b', '*.a.b'] }, 'hosts[1]', '*.a.b'],
    ['a CIDR block with DNS', { addresses: ['10.0.0.0/8'] }, 'addresses[0]', '10.0.0.0/8'],
    ['an invalid address', { addresses: ['192.0.2.256'] }, 'addresses[0]', '192.0.2.256'],
    ['a duplicate address', { addresses: ['192.0.2.1', '192.0.2.1'] }, 'addresses[1]', '192.0.2.1'],
    ['one address for two hosts with DNS', { hosts: ['a.b', 'a.c'], addresses: ['192.0.2.1'] }, 'addresses', ['192.0.2.1']],
    ['a TCP port without addresses and resolution', { ports: [TCP], resolution: HostResolution.none() }, 'addresses', undefined],
    ['dynamic DNS without a wildcard', { resolution: HostResolution.dynamicDns() }, 'hosts[0]', 'api.example.com'],
    ['dynamic DNS with addresses', { hosts: ['*.a.b'], addresses: ['192.0.2.1'], resolution: HostResolution.dynamicDns() }, 'addresses', ['192.0.2.1']],
    ['dynamic DNS with HTTPS', { hosts: ['*.a.b'], resolution: HostResolution.dynamicDns() }, 'ports[0].protocol', 'HTTPS'],
    ['an endpoint without an address', fixed({}), at('address'), undefined],
    ['a host name as a fixed address', fixed({ address: 'a.example.net' }), at('address'), 'a.example.net'],
    ['a socket with a trailing slash', { ports: [HTTP], ...fixed({ address: 'unix:///a/' }) }, at('address'), 'unix:///a/'],
    ['a socket with ports', { ports: [HTTP], ...fixed({ address: 'unix:///a', ports: { 'http-80': 80 } }) }, at('address'), 'unix:///a'],
    ['a socket for two ports', { ports: [HTTP, HTTPS], ...fixed({ address: 'unix:///a' }) }, at('address'), 'unix:///a'],
    ['a socket with DNS', dns({ address: 'unix:///a' }), at('address'), 'unix:///a'],
    ['a network with DNS', dns({ network: 'vm' }), at('address'), undefined],
    ['an endpoint with an unknown port', fixed({ address: '192.0.2.1', ports: { http: 80 } }), at('ports'), 'http'],
    ['an endpoint on port 0', fixed({ address: '192.0.2.1', ports: { 'https-443': 0 } }), at('ports.https-443'), 0],
    ['an invalid label', fixed({ address: '192.0.2.1', labels: { a: '*' } }), at('labels.a'), '*'],
    ['a locality with four parts', fixed({ address: '192.0.2.1', locality: 'a/b/c/d' }), at('locality'), 'a/b/c/d'],
    ['an empty network', fixed({ address: '192.0.2.1', network: '' }), at('network'), ''],
    ['weight 0', fixed({ address: '192.0.2.1', weight: 0 }), at('weight'), 0],
    ['an invalid service account', fixed({ address: '192.0.2.1', serviceAccount: 'A' }), at('serviceAccount'), 'A'],
    ['a resolution of the wrong type', { resolution: 'DNS' }, 'resolution', 'DNS'],
    ['an unknown location', { location: 'MOON' }, 'location', 'MOON'],
    ['an empty exportTo', { exportTo: [] }, 'exportTo', []],
    ['exportTo with * and another namespace', { exportTo: ['*', 'bank'] }, 'exportTo[0]', '*'],
    ['an empty subject alternative name', { subjectAltNames: [''] }, 'subjectAltNames[0]', ''],
    ['an invalid name', { entryName: 'a.b' }, 'entryName', 'a.b'],
    ['an invalid namespace', { namespace: 'a.b' }, 'namespace', 'a.b'],
    ['a missing namespace', { namespace: undefined }, 'namespace', undefined],
  ])('%s', (_, props, prop, value) => {
    expect(refused(props)).toEqual([prop, value]);
  });

  it('invalid endpoints and labels', () => {
    expect(refusal(() => HostResolution.fixed([]))).toMatchObject({ prop: 'endpoints', value: [] });
    expect(refusal(() => HostResolution.fixed('192.0.2.1' as never))).toMatchObject({ prop: 'endpoints', value: '192.0.2.1' });
    expect(refusal(() => HostResolution.dns([{ address: 1 as never }]))).toMatchObject({ prop: 'endpoints[0].address', value: 1 });
    expect(refusal(() => HostResolution.pods({}))).toMatchObject({ prop: 'labels', value: {} });
  });
});

test('the namespace is required when the chart has none', () => {
  expect(refusal(() => external({ namespace: undefined }))).toMatchObject({
    prop: 'namespace', reason: 'is required when the chart has none; set it as a prop, or as namespace of the Chart', path: 'chart/Api',
  });
});

test('the namespace defaults to the namespace of the chart', () => {
  const chart = emptyChart('chart', 'bank');
  expect(new ExternalService(chart, 'Api', { hosts: ['a.b'], ports: [HTTPS] }).namespace).toBe('bank');
});

test('default names are valid for a Service', () => {
  const names = ['*.example.com', '1password.com', `${'a'.repeat(60)}.example.com`].map(host => external({ hosts: [host], resolution: HostResolution.none() }).serviceName);
  expect(names).toEqual(['any-example-com', 'host-1password-com', expect.stringMatching(/^a{54}-[0-9a-f]{8}$/)]);
});

test('a host has one ServiceEntry per namespace across all charts', () => {
  const app = new App();
  const make = (chart: string, props: Partial<ExternalServiceProps>) =>
    new ExternalService(new Chart(app, chart), 'Api', { hosts: ['api.example.com'], ports: [HTTPS], namespace: 'shop', ...props });
  make('a', {});
  expect(() => make('b', { namespace: 'bank' })).not.toThrow();
  expect(refusal(() => make('c', { hosts: ['b.example.com', 'api.example.com'] }))).toEqual({
    prop: 'hosts[1]', value: 'api.example.com', reason: '"api.example.com" is already a host of the ServiceEntry a/Api in namespace shop', path: 'c/Api',
  });
  expect(refusal(() => make('d', { hosts: ['api-example.com'] }))).toMatchObject({ prop: 'entryName', value: 'api-example-com' });
  expect(() => make('e', { hosts: ['b.example.com'] })).not.toThrow();
});
