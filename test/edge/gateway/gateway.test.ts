// The Istio Gateway, with a stub for its pods.
import { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../../src/base/alb-annotations/words';
import { GatewayCertificate, IssuerKind } from '../../../src/edge/gateway/certificate';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { EdgeGateway, type EdgeGatewayProps } from '../../../src/edge/gateway/gateway';
import type { IWorkload } from '../../../src/edge/workload/workload';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, service } from '../stubs';

function gateway(props: Partial<EdgeGatewayProps> = {}): EdgeGateway {
  return new EdgeGateway(emptyChart(), 'Gateway', { workload: gatewayPods(), credentialName: 'tls', ...props });
}

function hosts(of: EdgeGateway): string[] {
  return theOnly(of, 'Gateway').spec.servers[0].hosts;
}

test('a Gateway has one HTTPS server that accepts connections without SNI', () => {
  expect(theOnly(gateway(), 'Gateway')).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: {
      name: 'door',
      namespace: 'front',
      labels: labels('door', 'gateway'),
    },
    spec: {
      selector: { app: 'door' },
      servers: [{ port: { name: 'https', number: 8443, protocol: 'HTTPS' }, hosts: ['front/*'], tls: { mode: 'SIMPLE', credentialName: 'tls' } }],
    },
  });
});

test('the Gateway can have a name other than that of its Service', () => {
  const made = gateway({ gatewayName: 'mine' });
  expect({ gatewayName: made.gatewayName, gatewayNamespace: made.gatewayNamespace, name: theOnly(made, 'Gateway').metadata.name })
    .toEqual({ gatewayName: 'mine', gatewayNamespace: 'front', name: 'mine' });
});

test('admitted namespaces are sorted and unique, including those of later routes', () => {
  const made = gateway({ admittedNamespaces: ['shop', 'front', 'bank'] });
  made.admitRoutesFrom('shop');
  made.admitRoutesFrom('art');
  expect(hosts(made)).toEqual(['art/*', 'bank/*', 'front/*', 'shop/*']);
});

test('an invalid namespace is not admitted', () => {
  expect(refusal(() => gateway().admitRoutesFrom('*'))).toMatchObject({ prop: 'namespace', value: '*', path: 'chart/Gateway' });
  expect(refusal(() => gateway({ admittedNamespaces: ['shop', 'Shop'] }))).toMatchObject({ prop: 'admittedNamespaces[1]', value: 'Shop', path: 'chart/Gateway' });
});

test('an ALB backend describes what the pods support', () => {
  const made = gateway({ workload: gatewayPods({ targetTypes: [TargetType.INSTANCE], drainDuration: Duration.seconds(9) }) });
  expect(made).toMatchObject({
    backendNamespace: 'front',
    backendService: 'door',
    backendPort: 8443,
    backendProtocol: BackendProtocol.HTTPS,
    healthCheckPort: 'health',
    healthCheckProtocol: BackendProtocol.HTTP,
    healthCheckPath: '/healthz/ready',
    targetTypes: [TargetType.INSTANCE],
  });
  expect(made.drainDuration.toSeconds()).toBe(9);
});

describe('plain HTTP behind an ALB', () => {
  const plain = { protocol: BackendProtocol.HTTP, credentialName: undefined, workload: gatewayPods({ trustedProxies: 1 }) };

  it('is one option that determines server, port and backend', () => {
    const made = gateway(plain);
    expect(theOnly(made, 'Gateway').spec.servers).toEqual([{ port: { name: 'http', number: 8080, protocol: 'HTTP' }, hosts: ['front/*'] }]);
    expect(made).toMatchObject({ backendPort: 8080, backendProtocol: BackendProtocol.HTTP, healthCheckPort: 'health', targetTypes: [TargetType.IP] });
  });

  it('has neither Secret nor certificate', () => {
    expect(refusal(() => gateway({ ...plain, credentialName: 'tls' }))).toMatchObject({ prop: 'credentialName', value: 'tls', path: 'chart/Gateway' });
    expect(refusal(() => gateway({ ...plain, certificate: GatewayCertificate.selfSigned() }))).toMatchObject({ prop: 'certificate', path: 'chart/Gateway' });
  });

  it('requires a gateway that trusts the ALB, so that it knows that the client used HTTPS', () => {
    expect(refusal(() => gateway({ ...plain, workload: gatewayPods({ trustedProxies: 0 }) }))).toMatchObject({ prop: 'protocol', value: 'HTTP', path: 'chart/Gateway' });
    expect(refusal(() => gateway({ ...plain, workload: gatewayPods() }))).toMatchObject({
      prop: 'workload.trustedProxies', value: undefined, path: 'chart/Gateway',
      reason: 'is required when protocol is HTTP: only a gateway that trusts the ALB (numTrustedProxies: 1) knows from X-Forwarded-Proto that the client used HTTPS',
    });
    expect(() => gateway({ ...plain, hosts: ['a.example.com'], workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }) })).not.toThrow();
    expect(() => gateway({ workload: gatewayPods({ trustedProxies: 0 }) })).not.toThrow();
  });

  it('accepts one of two values', () => {
    expect(refusal(() => gateway({ protocol: 'TCP' as BackendProtocol }))).toMatchObject({ prop: 'protocol', value: 'TCP' });
  });
});

describe('a certificate', () => {
  it('or a Secret is required for HTTPS', () => {
    expect(refusal(() => gateway({ credentialName: undefined }))).toMatchObject({ prop: 'credentialName', value: undefined, path: 'chart/Gateway' });
  });

  it('has a Secret named after the gateway, in the namespace of the pods', () => {
    const made = gateway({ credentialName: undefined, certificate: GatewayCertificate.selfSigned() });
    expect(theOnly(made, 'Gateway').spec.servers[0].tls.credentialName).toBe('door-tls');
    expect(synthesized(made).map(({ kind, metadata: { name, namespace } }) => [kind, namespace, name])).toEqual([
      ['Gateway', 'front', 'door'], ['Issuer', 'front', 'door-tls'], ['Certificate', 'front', 'door-tls'],
    ]);
    expect(theOnly(made, 'Certificate').spec).toMatchObject({ secretName: 'door-tls', dnsNames: ['door.front.svc.cluster.local'] });
  });

  it('can have a Secret with another name', () => {
    const made = gateway({ credentialName: 'mine', certificate: GatewayCertificate.selfSigned() });
    expect({ credentialName: theOnly(made, 'Gateway').spec.servers[0].tls.credentialName, secretName: theOnly(made, 'Certificate').spec.secretName })
      .toEqual({ credentialName: 'mine', secretName: 'mine' });
  });
});

describe('behind a Network Load Balancer', () => {
  const layer4 = { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), hosts: ['a.example.com', '*.b.example.com'] };

  it('the gateway terminates TLS and redirects HTTP to HTTPS', () => {
    const made = gateway({ ...layer4, admittedNamespaces: ['bank'] });
    const hosts = ['bank/a.example.com', 'bank/*.b.example.com', 'front/a.example.com', 'front/*.b.example.com'];
    expect(theOnly(made, 'Gateway').spec.servers).toEqual([
      { port: { name: 'https', number: 8443, protocol: 'HTTPS' }, hosts, tls: { mode: 'SIMPLE', credentialName: 'tls' } },
      { port: { name: 'http', number: 8080, protocol: 'HTTP' }, hosts, tls: { httpsRedirect: true } },
    ]);
  });

  it('plain HTTP has one server', () => {
    expect(theOnly(gateway({ ...layer4, protocol: BackendProtocol.HTTP, credentialName: undefined }), 'Gateway').spec.servers).toEqual([
      { port: { name: 'http', number: 8080, protocol: 'HTTP' }, hosts: ['front/a.example.com', 'front/*.b.example.com'] },
    ]);
  });

  it('hosts are required', () => {
    expect(refusal(() => gateway({ ...layer4, hosts: undefined }))).toMatchObject({ prop: 'hosts', path: 'chart/Gateway' });
    expect(refusal(() => gateway({ ...layer4, hosts: ['A'] }))).toMatchObject({ prop: 'hosts[0]', value: 'A', path: 'chart/Gateway' });
  });

  it('no ALB may forward to it', () => {
    const made = gateway({ ...layer4, workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, targetTypes: [TargetType.IP] }) });
    expect(made.targetTypes).toEqual([]);
  });

  it('clients verify its certificate', () => {
    expect(refusal(() => gateway({ ...layer4, credentialName: undefined, certificate: GatewayCertificate.selfSigned() })))
      .toMatchObject({ prop: 'certificate', path: 'chart/Gateway' });
    const issued = GatewayCertificate.issuedBy({ kind: IssuerKind.CLUSTER_ISSUER, name: 'letsencrypt' });
    expect(theOnly(gateway({ ...layer4, certificate: issued }), 'Certificate').spec.dnsNames).toEqual(layer4.hosts);
    expect(refusal(() => gateway({ ...layer4, hosts: ['*'], certificate: issued }))).toMatchObject({ prop: 'certificate.dnsNames', path: 'chart/Gateway' });
  });

  it('the address is on the Service, not on an Ingress', () => {
    expect(theOnly(gateway({ ...layer4, ingressName: 'door' }), 'Gateway').metadata.annotations).toBeUndefined();
  });
});

test('ExternalDNS annotations name the Ingress that has the address', () => {
  expect(theOnly(gateway({ ingressName: 'edge' }), 'Gateway').metadata.annotations).toEqual({
    'external-dns.alpha.kubernetes.io/ingress': 'front/edge', 'external-dns.kubernetes.io/ingress': 'front/edge',
  });
  expect(theOnly(gateway(), 'Gateway').metadata.annotations).toBeUndefined();
  expect(theOnly(gateway({ ingressName: 'edge', externalDns: false }), 'Gateway').metadata.annotations).toBeUndefined();
  expect(refusal(() => gateway({ ingressName: 'a/b' }))).toMatchObject({ prop: 'ingressName', value: 'a/b', path: 'chart/Gateway' });
});

test('hosts behind an ALB are up to the routes', () => {
  expect(hosts(gateway({ hosts: ['a.example.com'] }))).toEqual(['front/*']);
});

describe('hosts of teams', () => {
  it('are admitted in Istio\'s notation, next to those of routes', () => {
    const made = gateway({ admittedHosts: ['team/shop.example.com', 'team/*.team.example.com', 'art/art.example.com'] });
    made.admitRoutesFrom('team', ['x.team.example.com', 'team.example.com']);
    expect(hosts(made)).toEqual(['art/art.example.com', 'front/*', 'team/shop.example.com', 'team/*.team.example.com', 'team/team.example.com']);
  });

  it('must be hosts that the gateway serves, in valid notation', () => {
    const layer4 = { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), hosts: ['*.example.com'] };
    expect(hosts(gateway({ ...layer4, admittedHosts: ['team/shop.example.com'] }))).toEqual(['front/*.example.com', 'team/shop.example.com']);
    expect(refusal(() => gateway({ ...layer4, admittedHosts: ['team/shop.example.com', 'team/example.com'] })))
      .toMatchObject({ prop: 'admittedHosts[1]', value: 'team/example.com', path: 'chart/Gateway' });
    expect(refusal(() => gateway({ admittedHosts: ['shop.example.com'] }))).toMatchObject({ prop: 'admittedHosts[0]', value: 'shop.example.com', path: 'chart/Gateway' });
    expect(refusal(() => gateway(layer4).admitRoutesFrom('team', ['example.com']))).toMatchObject({ prop: 'hosts[0]', value: 'example.com', path: 'chart/Gateway' });
  });
});

describe('passthrough connections', () => {
  const layer4 = { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432] }), hosts: ['a.example.com'] };
  const protocols = (of: EdgeGateway) => theOnly(of, 'Gateway').spec.servers.map(({ port, hosts: own }: any) => [port.protocol, port.number, own]);

  it('have their own servers', () => {
    const made = gateway(layer4);
    made.passTlsThrough('shop', ['db.example.com']);
    made.passTcpThrough('shop', 5432);
    expect(protocols(made)).toEqual([
      ['HTTPS', 8443, ['front/a.example.com']], ['TLS', 8443, ['shop/db.example.com']], ['HTTP', 8080, ['front/a.example.com']], ['TCP', 5432, ['shop/*']],
    ]);
  });

  it('are rejected with the construct path', () => {
    expect(refusal(() => gateway(layer4).passTlsThrough('shop', ['a.example.com']))).toMatchObject({ prop: 'hosts[0]', value: 'a.example.com', path: 'chart/Gateway' });
    expect(refusal(() => gateway(layer4).passTcpThrough('shop', 22))).toMatchObject({ prop: 'port', value: 22, path: 'chart/Gateway' });
    expect(refusal(() => gateway().passTlsThrough('shop', ['b.example.com']))).toMatchObject({ prop: 'gateway', path: 'chart/Gateway' });
    expect(refusal(() => gateway().passTcpThrough('shop', 22))).toMatchObject({ prop: 'gateway', path: 'chart/Gateway' });
  });

  it('and terminated hosts belong to one Gateway of the pods', () => {
    const chart = emptyChart();
    const at = (id: string, props: Partial<EdgeGatewayProps> = {}) => new EdgeGateway(chart, id, { ...layer4, credentialName: 'tls', gatewayName: id.toLowerCase(), ...props });
    const one = at('One');
    one.passTlsThrough('shop', ['db.example.com']);
    one.passTlsThrough('art', ['db.example.com']);
    one.passTcpThrough('shop', 5432);
    expect(refusal(() => at('Two', { hosts: ['b.example.com', 'a.example.com'] }))).toMatchObject({
      prop: 'workload', value: 'front/door:8443 a.example.com', path: 'chart/Two', reason: 'cannot be used, because chart/One already has a server for host a.example.com on front/door:8443; for a second edge, set another edgeName, such as edgeName: \'other\', or another workload; to share the gateway, add routes or another Alb to that Gateway',
    });
    expect(refusal(() => at('Three', { hosts: ['db.example.com'] }))).toMatchObject({ prop: 'workload', value: 'front/door:8443 db.example.com' });
    const four = at('Four', { hosts: ['c.example.com'] });
    expect(refusal(() => four.passTlsThrough('shop', ['db.example.com']))).toMatchObject({ prop: 'hosts', value: 'front/door:8443 db.example.com', path: 'chart/Four' });
    expect(refusal(() => four.passTcpThrough('shop', 5432))).toMatchObject({ prop: 'port', value: 'front/door:5432', path: 'chart/Four' });
    four.passTlsThrough('shop', ['d.example.com']);
    expect(protocols(four).map(([protocol]: [string]) => protocol)).toEqual(['HTTPS', 'TLS', 'HTTP']);
  });
});

test('a load balancer without HTTPS requires plain HTTP', () => {
  const plainHttp = { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, plainHttpOnly: true }), hosts: ['a.example.com'] };
  expect(refusal(() => gateway(plainHttp))).toMatchObject({ prop: 'protocol', value: 'HTTPS', reason: expect.stringContaining('https: false'), path: 'chart/Gateway' });
  const made = gateway({ ...plainHttp, protocol: BackendProtocol.HTTP, credentialName: undefined });
  expect(theOnly(made, 'Gateway').spec.servers.map(({ port }: any) => port.name)).toEqual(['http']);
});

describe('a load balancer that terminates the TLS of clients', () => {
  const pods = gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tlsTerminated: true });

  it('leads to servers for every host, because no SNI may be expected', () => {
    const servers = theOnly(gateway({ workload: pods, hosts: ['a.example.com'] }), 'Gateway').spec.servers;
    expect(servers.map(({ port, hosts, tls }: any) => [port.protocol, hosts, tls])).toEqual([
      ['HTTPS', ['front/*'], { mode: 'SIMPLE', credentialName: 'tls' }], ['HTTP', ['front/*'], { httpsRedirect: true }],
    ]);
  });

  it('needs HTTPS, and leaves TLS options and passthrough to others', () => {
    expect(refusal(() => gateway({ workload: pods, protocol: BackendProtocol.HTTP, credentialName: undefined }))).toMatchObject({ prop: 'protocol', value: 'HTTP' });
    expect(refusal(() => gateway({ workload: pods, tls: { clientCertificates: {} } }))).toMatchObject({ prop: 'tls', reason: expect.stringContaining('certificateArns') });
    expect(refusal(() => gateway({ workload: pods }).passTlsThrough('shop', ['c.d']))).toMatchObject({ prop: 'gateway', reason: expect.stringContaining('certificateArns') });
  });
});

test('a load balancer without HTTP has no server for it, and requires HTTPS', () => {
  const workload = gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, noPlainHttp: true });
  const made = gateway({ workload, hosts: ['a.example.com'] });
  expect(theOnly(made, 'Gateway').spec.servers.map(({ port }: any) => port.name)).toEqual(['https']);
  expect(refusal(() => gateway({ workload, hosts: ['a.example.com'], protocol: BackendProtocol.HTTP, credentialName: undefined })))
    .toMatchObject({ prop: 'protocol', value: 'HTTP', reason: expect.stringContaining('http: false') });
});

test('a load balancer for TCP ports only has servers for those, no certificate and no HTTP routes', () => {
  const workload = gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, noPlainHttp: true, plainHttpOnly: true, tcpPorts: [5432] });
  const only = { workload, hosts: ['a.example.com'], credentialName: undefined };
  const made = gateway({ ...only, admittedNamespaces: ['shop'] });
  made.passTcpThrough('shop', 5432);
  expect(theOnly(made, 'Gateway').spec.servers).toEqual([{ port: { name: 'tcp-5432', number: 5432, protocol: 'TCP' }, hosts: ['shop/*'] }]);
  expect(refusal(() => made.admitRoutesFrom('shop'))).toMatchObject({ prop: 'gateway', value: 'a gateway for HTTP routes', path: 'chart/Gateway' });
  expect(refusal(() => gateway({ ...only, protocol: BackendProtocol.HTTPS }))).toMatchObject({ prop: 'protocol', value: 'HTTPS' });
  expect(refusal(() => gateway({ ...only, credentialName: 'tls' }))).toMatchObject({ prop: 'credentialName' });
});

test('pods without a status port are checked by number', () => {
  expect(gateway({ workload: gatewayPods({ statusPort: 15021 }) }).healthCheckPort).toBe('15021');
});

describe('the workloads behind a Gateway', () => {
  it('are reported once each, both earlier and later ones', () => {
    const made = gateway();
    const [cart, bank] = [service(), service({ serviceName: 'bank' })];
    const told: string[] = [];
    made._reach(cart);
    made._onWorkload({ _accept: () => undefined, _reach: ({ serviceName }) => told.push(serviceName) });
    made._reach(bank);
    made._reach(cart);
    expect(told).toEqual(['cart', 'bank']);
  });

  it('are accepted by every listener, once each, before one of them acts', () => {
    const made = gateway();
    const [cart, bank] = [service(), service({ serviceName: 'bank' })];
    const told: string[] = [];
    made._reach(cart);
    const listener = { _accept: (workloads: readonly IWorkload[]) => told.push(`? ${workloads.map(({ serviceName }) => serviceName).join()}`), _reach: ({ serviceName }: IWorkload) => told.push(serviceName) };
    made._onWorkload(listener);
    made._accept([cart, bank]);
    made._accept([cart]);
    expect(told).toEqual(['? cart', 'cart', '? bank']);
    expect(() => made._onWorkload({ _accept: () => { throw new RangeError('no'); }, _reach: () => told.push('never') })).toThrow(RangeError);
    made._reach(bank);
    expect(told).toEqual(['? cart', 'cart', '? bank', 'bank']);
  });
});
