// A service that Kubernetes does not know: one ServiceEntry, and a workload that routes can send requests to.
import { App, Chart } from 'cdk8s';
import { ClientTls } from '../../../src/edge/traffic-policy/client-tls';
import { ExternalService, type ExternalServiceProps, ServiceLocation } from '../../../src/edge/egress/external-service';
import { HostResolution } from '../../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../../src/edge/egress/mesh-protocol';
import { RouteTarget } from '../../../src/edge/routing/route-target';
import type { ServiceEndpoint } from '../../../src/edge/egress/service-endpoint';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';

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

test('a host outside becomes a ServiceEntry', () => {
  expect(synthesized(external())).toEqual([{
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: {
      name: 'api-example-com',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/name': 'api-example-com',
        'app.kubernetes.io/component': 'routing',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: {
      hosts: ['api.example.com'],
      ports: [{ name: 'https-443', number: 443, protocol: 'HTTPS' }],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
    },
  }]);
});

test('every prop has its field', () => {
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

describe('an address is found', () => {
  it.each<[string, Partial<ExternalServiceProps>, object]>([
    ['by DNS, for other names', { hosts: ['*.example.com'], resolution: HostResolution.dns([{ address: 'a.example.net' }, { address: '192.0.2.1' }]) },
      { resolution: 'DNS', endpoints: [{ address: 'a.example.net' }, { address: '192.0.2.1' }] }],
    ['by DNS, one address at a time', { resolution: HostResolution.dnsRoundRobin() }, { resolution: 'DNS_ROUND_ROBIN' }],
    ['by DNS, one address of another name at a time', { resolution: HostResolution.dnsRoundRobin({ address: 'a.example.net' }) },
      { resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a.example.net' }] }],
    ['by DNS, below a wildcard', { hosts: ['*.example.com'], ports: [{ number: 443, protocol: MeshProtocol.TLS }], resolution: HostResolution.dynamicDns() }, { resolution: 'DYNAMIC_DNS' }],
    ['at a socket', { ports: [HTTP], resolution: HostResolution.fixed([{ address: 'unix:///var/run/app' }]) }, { resolution: 'STATIC', endpoints: [{ address: 'unix:///var/run/app' }] }],
    ['at an abstract socket', { ports: [HTTP], resolution: HostResolution.fixed([{ address: 'unix://@app' }]) }, { resolution: 'STATIC', endpoints: [{ address: 'unix://@app' }] }],
    ['behind the gateway of a network', { resolution: HostResolution.fixed([{ network: 'vm' }]) }, { resolution: 'STATIC', endpoints: [{ network: 'vm' }] }],
    ['from pods', { resolution: HostResolution.pods({ app: 'vm' }) }, { resolution: 'STATIC', workloadSelector: { labels: { app: 'vm' } } }],
    ['by the application', { hosts: ['*.example.com', 'example.com'], resolution: HostResolution.none() }, { resolution: 'NONE' }],
    ['by the application, for a range of addresses', { ports: [TCP], addresses: ['10.1.0.0/16'], resolution: HostResolution.none() }, { resolution: 'NONE', addresses: ['10.1.0.0/16'] }],
  ])('%s', (_, props, fields) => {
    expect(spec(props)).toMatchObject(fields);
  });
});

describe('as a workload', () => {
  it('it takes requests by its first host and port', () => {
    const { host, namespace, port, selector, serviceName, versions } = external({ ports: [HTTP, HTTPS] });
    expect({ host, namespace, port, selector, serviceName, versions })
      .toEqual({ host: 'api.example.com', namespace: 'shop', port: 80, selector: {}, serviceName: 'api-example-com', versions: [] });
    expect(RouteTarget.workload(external())._render()).toEqual({ route: [{ destination: { host: 'api.example.com', port: { number: 443 } } }] });
  });

  it('it takes requests by another of its ports', () => {
    const service = external({ ports: [HTTP, HTTPS] });
    expect(service.onPort(443)).toMatchObject({ host: 'api.example.com', port: 443, serviceName: 'api-example-com' });
    expect(refusal(() => service.onPort(8443))).toEqual({ prop: 'port', value: 8443, reason: 'must be a port of api.example.com: 80, 443', path: 'chart/Api' });
  });

  it('labels of its endpoints are its versions', () => {
    const endpoints = ['v1', 'v2', 'v1'].map((version, index) => ({ address: `192.0.2.${index}`, labels: { track: version } }));
    const service = external({ resolution: HostResolution.fixed(endpoints), versionLabel: 'track' });
    expect(service.versions).toEqual(['v1', 'v2']);
    expect(service.subset('v2')).toMatchObject({ version: 'v2', workload: service });
    expect(service.onPort(443).subset('v1').workload.port).toBe(443);
    expect(refusal(() => service.subset('v3')).reason).toBe('must be a version of api.example.com: v1, v2');
    expect(refusal(() => external().subset('v1')).reason).toBe('cannot be set: no endpoint of api.example.com has the label version');
  });

  it('pods behind it are its selector', () => {
    expect(external({ resolution: HostResolution.pods({ app: 'vm' }) }).selector).toEqual({ app: 'vm' });
  });
});

describe('the sidecar opens TLS', () => {
  const tls = ClientTls.simple({ sni: 'api.example.com' });

  it('for requests to port 80, which go to port 443', () => {
    const made = external({ ports: [{ ...HTTP, tls }, HTTPS], exportTo: ['.'] });
    expect(theOnly(made, 'ServiceEntry').spec.ports).toEqual([
      { name: 'http-80', number: 80, protocol: 'HTTP', targetPort: 443 }, { name: 'https-443', number: 443, protocol: 'HTTPS' },
    ]);
    expect(theOnly(made, 'DestinationRule')).toMatchObject({
      metadata: { name: 'api-example-com', namespace: 'shop' },
      spec: { host: 'api.example.com', exportTo: ['.'], trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE', sni: 'api.example.com' } }] } },
    });
  });

  it('to the port that is said', () => {
    expect(spec({ ports: [{ ...HTTP, tls, targetPort: 8443 }] })).toMatchObject({ ports: [{ targetPort: 8443 }] });
    expect(spec({ ports: [{ ...HTTP, number: 8080, tls }] })).toMatchObject({ ports: [{ name: 'http-8080', number: 8080, protocol: 'HTTP' }] });
  });

  it('but not around TLS of the application, and for one host', () => {
    expect(refused({ ports: [{ ...HTTPS, tls }] })).toEqual(['ports[0].tls', tls]);
    expect(refused({ hosts: ['a.example.com', 'b.example.com'], ports: [{ ...HTTP, tls }] })).toEqual(['hosts', ['a.example.com', 'b.example.com']]);
  });

  it('but not with a Secret, which sidecars ignore', () => {
    expect(refused({ ports: [HTTPS, { ...HTTP, tls: ClientTls.simple({ credentialName: 'ca' }) }] })).toEqual(['ports[1].tls.credentialName', 'ca']);
    expect(refused({ ports: [{ ...HTTP, tls: ClientTls.istioMutual() }] })).toEqual(['ports[0].tls', expect.any(ClientTls)]);
  });
});

describe('it is refused', () => {
  const fixed = (endpoint: ServiceEndpoint) => ({ resolution: HostResolution.fixed([endpoint]) });
  const dns = (endpoint: ServiceEndpoint) => ({ resolution: HostResolution.dns([endpoint]) });
  const at = (part: string) => `resolution.endpoints[0].${part}`;

  it.each<[string, object, string, unknown]>([
    ['without hosts', { hosts: [] }, 'hosts', []],
    ['for any host', { hosts: ['*'] }, 'hosts[0]', '*'],
    ['for a partial wildcard', { hosts: ['*foo.example.com'] }, 'hosts[0]', '*foo.example.com'],
    ['for an address', { hosts: ['192.0.2.1'] }, 'hosts[0]', '192.0.2.1'],
    ['for upper case', { hosts: ['API.example.com'] }, 'hosts[0]', 'API.example.com'],
    ['for a host twice', { hosts: ['a.b', 'a.b'] }, 'hosts[1]', 'a.b'],
    ['for a host that is no text', { hosts: [1] }, 'hosts[0]', 1],
    ['without ports', { ports: [] }, 'ports', []],
    ['with port 0', { ports: [{ ...HTTP, number: 0 }] }, 'ports[0].number', 0],
    ['with a port twice', { ports: [HTTP, { ...HTTP, name: 'other' }] }, 'ports[1].number', 80],
    ['with a name twice', { ports: [HTTP, { ...HTTPS, name: 'http-80' }] }, 'ports[1].name', 'http-80'],
    ['with a long name', { ports: [{ ...HTTP, name: 'a'.repeat(63) }] }, 'ports[0].name', 'a'.repeat(63)],
    ['with target port 0', { ports: [{ ...HTTP, targetPort: 0 }] }, 'ports[0].targetPort', 0],
    ['with a protocol that is none', { ports: [{ number: 80, protocol: 'SCTP' }] }, 'ports[0].protocol', 'SCTP'],
    ['without a protocol', { ports: [{ number: 80 }] }, 'ports[0].protocol', undefined],
    ['with TCP for two hosts', { hosts: ['a.b', 'a.c'], ports: [HTTP, TCP] }, 'ports[1].protocol', 'TCP'],
    ['with an unresolvable wildcard', { hosts: ['a.b', '*.a.b'] }, 'hosts[1]', '*.a.b'],
    ['with a block of addresses and DNS', { addresses: ['10.0.0.0/8'] }, 'addresses[0]', '10.0.0.0/8'],
    ['with an address that is none', { addresses: ['192.0.2.256'] }, 'addresses[0]', '192.0.2.256'],
    ['with an address twice', { addresses: ['192.0.2.1', '192.0.2.1'] }, 'addresses[1]', '192.0.2.1'],
    ['with one address for two hosts that DNS resolves', { hosts: ['a.b', 'a.c'], addresses: ['192.0.2.1'] }, 'addresses', ['192.0.2.1']],
    ['with an open TCP port', { ports: [TCP], resolution: HostResolution.none() }, 'addresses', undefined],
    ['below no wildcard', { resolution: HostResolution.dynamicDns() }, 'hosts[0]', 'api.example.com'],
    ['below a wildcard with addresses', { hosts: ['*.a.b'], addresses: ['192.0.2.1'], resolution: HostResolution.dynamicDns() }, 'addresses', ['192.0.2.1']],
    ['below a wildcard with HTTPS', { hosts: ['*.a.b'], resolution: HostResolution.dynamicDns() }, 'ports[0].protocol', 'HTTPS'],
    ['without an address of an endpoint', fixed({}), at('address'), undefined],
    ['with a name among fixed addresses', fixed({ address: 'a.example.net' }), at('address'), 'a.example.net'],
    ['with a socket that ends in a slash', { ports: [HTTP], ...fixed({ address: 'unix:///a/' }) }, at('address'), 'unix:///a/'],
    ['with a socket and ports', { ports: [HTTP], ...fixed({ address: 'unix:///a', ports: { 'http-80': 80 } }) }, at('address'), 'unix:///a'],
    ['with a socket for two ports', { ports: [HTTP, HTTPS], ...fixed({ address: 'unix:///a' }) }, at('address'), 'unix:///a'],
    ['with a socket that DNS resolves', dns({ address: 'unix:///a' }), at('address'), 'unix:///a'],
    ['with a network that DNS resolves', dns({ network: 'vm' }), at('address'), undefined],
    ['with an endpoint of a port that is not there', fixed({ address: '192.0.2.1', ports: { http: 80 } }), at('ports'), 'http'],
    ['with an endpoint on port 0', fixed({ address: '192.0.2.1', ports: { 'https-443': 0 } }), at('ports.https-443'), 0],
    ['with a malformed label', fixed({ address: '192.0.2.1', labels: { a: '*' } }), at('labels.a'), '*'],
    ['with four parts of a locality', fixed({ address: '192.0.2.1', locality: 'a/b/c/d' }), at('locality'), 'a/b/c/d'],
    ['with an empty network', fixed({ address: '192.0.2.1', network: '' }), at('network'), ''],
    ['with weight 0', fixed({ address: '192.0.2.1', weight: 0 }), at('weight'), 0],
    ['with a malformed service account', fixed({ address: '192.0.2.1', serviceAccount: 'A' }), at('serviceAccount'), 'A'],
    ['with a resolution that is none', { resolution: 'DNS' }, 'resolution', 'DNS'],
    ['with a location that is none', { location: 'MOON' }, 'location', 'MOON'],
    ['for nobody', { exportTo: [] }, 'exportTo', []],
    ['for all and one', { exportTo: ['*', 'bank'] }, 'exportTo[0]', '*'],
    ['with an empty name of a certificate', { subjectAltNames: [''] }, 'subjectAltNames[0]', ''],
    ['with a malformed name', { entryName: 'a.b' }, 'entryName', 'a.b'],
    ['with a malformed namespace', { namespace: 'a.b' }, 'namespace', 'a.b'],
    ['without a namespace', { namespace: undefined }, 'namespace', undefined],
  ])('%s', (_, props, prop, value) => {
    expect(refused(props)).toEqual([prop, value]);
  });

  it('with endpoints that are none', () => {
    expect(refusal(() => HostResolution.fixed([]))).toMatchObject({ prop: 'endpoints', value: [] });
    expect(refusal(() => HostResolution.fixed('192.0.2.1' as never))).toMatchObject({ prop: 'endpoints', value: '192.0.2.1' });
    expect(refusal(() => HostResolution.dns([{ address: 1 as never }]))).toMatchObject({ prop: 'endpoints[0].address', value: 1 });
    expect(refusal(() => HostResolution.pods({}))).toMatchObject({ prop: 'labels', value: {} });
  });
});

test('a chart with a namespace is where a service without one goes', () => {
  const chart = emptyChart('chart', 'bank');
  expect(new ExternalService(chart, 'Api', { hosts: ['a.b'], ports: [HTTPS] }).namespace).toBe('bank');
});

test('names are those that a Service could have', () => {
  const names = ['*.example.com', '1password.com', `${'a'.repeat(60)}.example.com`].map(host => external({ hosts: [host], resolution: HostResolution.none() }).serviceName);
  expect(names).toEqual(['any-example-com', 'host-1password-com', expect.stringMatching(/^a{54}-[0-9a-f]{8}$/)]);
});

test('a host stands in one ServiceEntry of a namespace, whichever chart asks first', () => {
  const app = new App();
  const make = (chart: string, props: Partial<ExternalServiceProps>) =>
    new ExternalService(new Chart(app, chart), 'Api', { hosts: ['api.example.com'], ports: [HTTPS], namespace: 'shop', ...props });
  make('a', {});
  expect(() => make('b', { namespace: 'bank' })).not.toThrow();
  expect(refusal(() => make('c', { hosts: ['b.example.com', 'api.example.com'] }))).toEqual({
    prop: 'hosts[1]', value: 'api.example.com', reason: 'must be one that no other ServiceEntry of shop has; a/Api has this one', path: 'c/Api',
  });
  expect(refusal(() => make('d', { hosts: ['api-example.com'] }))).toMatchObject({ prop: 'entryName', value: 'api-example-com' });
  expect(() => make('e', { hosts: ['b.example.com'] })).not.toThrow();
});
