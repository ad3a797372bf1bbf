// The hop from the ALB to the gateway: what the two have to agree about. One sentence per failure mode.
import { App } from 'cdk8s';
import { load } from 'js-yaml';
import { BackendProtocolVersion } from '../../src/edge/alb/alb';
import { type InstalledGateway } from '../../src/edge/gateway-workload/gateway-workload';
import { GatewayCertificate } from '../../src/edge/gateway/certificate';
import { AlbIstioEdge, BackendProtocol, GatewayWorkload, Listener, ServiceExposure, TargetType } from '../../src/index';
import { refusal } from '../refusal';
import { BEHIND_ALB, BEHIND_NLB, DEFAULT, DEPLOYED, EDGES, each, edge, Made } from './edges';

/** The server that the ALB's connections end up at. */
const reached = (made: Made) => made.servers.filter(server => made.backends.some(({ port }) => port.number === server.port.number));
const isGrpc = (made: Made) => made.annotations['backend-protocol-version'] === 'GRPC';
const NODE_PORTS = { status: 30021, http: 30080, https: 30443 };

test('every server that an ALB reaches takes connections without a server name (E001)', () => {
  each(BEHIND_ALB, made => reached(made).flatMap(({ hosts }) => hosts.map((host: string) => host.split('/')[1])), made => reached(made).flatMap(({ hosts }) => hosts.map(() => '*')));
  expect(BEHIND_ALB.every(made => reached(made).length === 1 && reached(made)[0].hosts.length > 0)).toBe(true);
});

test('a server with TLS has the mode SIMPLE and nothing but its Secret besides (E002)', () => {
  const modes = EDGES.flatMap(made => made.servers).filter(({ port }) => port.protocol === 'HTTPS').map(({ tls }) => [tls.mode, Object.keys(tls).sort().join()]);
  expect(new Set(modes.map(String))).toEqual(new Set(['SIMPLE,credentialName,mode']));
});

test('an ALB speaks TLS to a server with TLS (E003)', () => {
  const tls = BEHIND_ALB.filter(made => reached(made)[0].port.protocol === 'HTTPS');
  each(tls, made => made.annotations['backend-protocol'], () => 'HTTPS');
});

test('an ALB speaks plain HTTP to a server without TLS (E004)', () => {
  const plain = BEHIND_ALB.filter(made => reached(made)[0].port.protocol === 'HTTP');
  each(plain, made => made.annotations['backend-protocol'], () => 'HTTP');
});

test('a health check of the status port speaks plain HTTP, whatever the traffic speaks (E005)', () => {
  const status = BEHIND_ALB.filter(made => !isGrpc(made));
  each(status, ({ annotations }) => [annotations['healthcheck-protocol'], annotations['healthcheck-path'], annotations['success-codes']], () => ['HTTP', '/healthz/ready', '200']);
});

test('a health check names its port, on nodes too, and a number is no name (E006)', () => {
  each(BEHIND_ALB.filter(made => !isGrpc(made)), made => /^[a-z][a-z-]*$/.test(made.annotations['healthcheck-port']), () => true);
  expect(BEHIND_ALB.some(made => made.annotations['target-type'] === 'instance')).toBe(true);
  expect(refusal(() => GatewayWorkload.fromAttributes({ namespace: 'a', service: 'b', labels: { c: 'd' }, statusPortName: '15021' }))).toMatchObject({ prop: 'statusPortName' });
});

test('the port of the health check is on the gateway\'s Service, with a number as target port (E007)', () => {
  const deployed = DEPLOYED.filter(made => !isGrpc(made));
  each(deployed, made => made.only('Service').spec.ports.filter(({ name }: any) => name === made.annotations['healthcheck-port']).map(({ targetPort }: any) => targetPort), () => [15021]);
});

test('a health check goes to the traffic port for gRPC alone (E008)', () => {
  each(BEHIND_ALB, made => made.annotations['healthcheck-port'] === 'traffic-port', isGrpc);
});

test('no server that an ALB reaches answers a health check with a redirect (E009)', () => {
  each(BEHIND_ALB, made => made.servers.filter(({ tls }) => tls?.httpsRedirect !== undefined), () => []);
});

test('a gRPC health check asks the traffic port, and any gRPC answer will do (E010)', () => {
  const { annotations } = BEHIND_ALB.find(isGrpc)!;
  expect({ healthcheckPort: annotations['healthcheck-port'], healthcheckPath: annotations['healthcheck-path'], successCodes: annotations['success-codes'], healthcheckProtocol: annotations['healthcheck-protocol'] })
    .toEqual({ healthcheckPort: 'traffic-port', healthcheckPath: '/AWS.ALB/healthcheck', successCodes: '0-99', healthcheckProtocol: annotations['backend-protocol'] });
});

test('a target group speaks HTTP/1.1 unless protocolVersion says otherwise (E011)', () => {
  expect(DEFAULT.annotations).not.toHaveProperty(['backend-protocol-version']);
  expect(new Made('asked', edge({ alb: { protocolVersion: BackendProtocolVersion.HTTP2 } })).annotations['backend-protocol-version']).toBe('HTTP2');
});

test.each([BackendProtocolVersion.HTTP2, BackendProtocolVersion.GRPC])('%s is only behind HTTPS listeners; HTTP listeners redirect (E012)', protocolVersion => {
  expect(refusal(() => edge({ alb: { listeners: [Listener.http()], protocolVersion } }))).toMatchObject({ prop: 'protocolVersion', value: protocolVersion });
  expect(new Made('both', edge({ alb: { protocolVersion } })).annotations['ssl-redirect']).toBe('443');
});

test('the gateway asks for no TLS version or cipher, and its key is one that an ALB takes (E013)', () => {
  const fields = EDGES.flatMap(made => made.servers).flatMap(({ tls }) => Object.keys(tls ?? {}));
  expect(fields.filter(field => /protocol|cipher/i.test(field))).toEqual([]);
  const keys = EDGES.flatMap(made => made.of('Certificate')).map(({ spec }) => [spec.privateKey.algorithm, spec.privateKey.size]);
  expect(keys).toEqual([['ECDSA', 256], ['ECDSA', 256]]);
});

test('a gateway behind an ALB never waits for the PROXY protocol (E014)', () => {
  each(DEPLOYED, made => made.proxyConfig.gatewayTopology.proxyProtocol, () => undefined);
  expect(BEHIND_NLB.map(made => made.proxyConfig.gatewayTopology.proxyProtocol)).toEqual([undefined, {}, undefined]);
  const key = 'service.beta.kubernetes.io/aws-load-balancer-proxy-protocol';
  expect(refusal(() => edge({ workload: GatewayWorkload.injected({ serviceAnnotations: { [key]: '*' } }) }))).toMatchObject({ prop: `serviceAnnotations.${key}` });
  const proxied = GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ proxyProtocol: true }) });
  expect(refusal(() => edge({ workload: proxied, alb: {} }))).toMatchObject({ prop: 'alb' });
});

test('a gateway behind an ALB never redirects to HTTPS (E015)', () => {
  expect(JSON.stringify(BEHIND_ALB.flatMap(made => made.servers))).not.toContain('httpsRedirect');
});

test('plain HTTP needs a gateway that believes the ALB about HTTPS (E016)', () => {
  const gateway = { protocol: BackendProtocol.HTTP };
  expect(refusal(() => edge({ gateway, workload: GatewayWorkload.injected({ trustedProxies: 0 }) }))).toMatchObject({ prop: 'protocol', value: 'HTTP' });
  expect(refusal(() => edge({ gateway, workload: GatewayWorkload.installed({ trustedProxies: 0 }) }))).toMatchObject({ prop: 'protocol', value: 'HTTP' });
  const existing = GatewayWorkload.fromAttributes({ namespace: 'front', service: 'door', labels: { istio: 'door' } });
  expect(refusal(() => edge({ gateway, workload: existing }))).toMatchObject({ prop: 'workload.trustedProxies', value: undefined });
  const plain = DEPLOYED.filter(made => made.annotations['backend-protocol'] === 'HTTP');
  each(plain, made => made.proxyConfig.gatewayTopology.numTrustedProxies >= 1, () => true);
});

test('a Gateway selects by labels that its pods have (E017)', () => {
  each(DEPLOYED, made => made.pod.metadata.labels, made => expect.objectContaining(made.only('Gateway').spec.selector));
  expect(DEPLOYED.every(made => Object.keys(made.only('Gateway').spec.selector).length > 0)).toBe(true);
  const installed = GatewayWorkload.installed({ gatewayName: 'istio-door' });
  expect((load(installed.helmValues()) as any).labels).toEqual(new Made('Helm', edge({ workload: installed })).only('Gateway').spec.selector);
});

test('an Ingress forwards to no port without a server of the Gateway (E018)', () => {
  each(BEHIND_ALB, made => made.backends.map(({ port }) => made.servers.filter(server => server.port.number === port.number).length), made => made.backends.map(() => 1));
});

test('a Gateway names the ports of its Service, not of the pods (E019)', () => {
  const deployed = EDGES.filter(made => made.of('Deployment').length > 0);
  each(deployed, made => made.servers.filter(server => !made.only('Service').spec.ports.some(({ port }: any) => port === server.port.number)), () => []);
});

test('a gateway without root may bind the ports it is sent to (E020)', () => {
  each(DEPLOYED, made => made.pod.spec.securityContext.sysctls, () => [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]);
  const { service } = (load((GatewayWorkload.installed() as InstalledGateway).istioOperator()) as any).spec.components.ingressGateways[0].k8s;
  expect(service.ports.map(({ targetPort }: any) => targetPort)).toEqual([15021, 8080, 8443]);
});

test('two ports of a gateway\'s Service never lead to one port of its pods (E023)', () => {
  const targets = EDGES.flatMap(made => made.of('Service')).map(({ spec }) => spec.ports.map(({ targetPort }: any) => targetPort));
  expect(targets.filter(ports => new Set(ports).size !== ports.length)).toEqual([]);
  expect(refusal(() => GatewayWorkload.fromAttributes({ namespace: 'a', service: 'b', labels: { c: 'd' }, httpPort: 443 }))).toMatchObject({ prop: 'httpPort' });
});

test('a Gateway has server names that differ, hosts, and TLS where and only where it says HTTPS (E024)', () => {
  for (const { servers } of EDGES) {
    expect(new Set(servers.map(({ port }) => port.name)).size).toBe(servers.length);
    expect(servers.filter(({ hosts }) => hosts.length === 0)).toEqual([]);
    expect(servers.map(({ port, tls }) => [port.protocol, tls?.credentialName !== undefined])).toEqual(servers.map(({ port }) => [port.protocol, port.protocol === 'HTTPS']));
  }
  const gateway = { protocol: BackendProtocol.HTTP };
  expect(refusal(() => edge({ gateway: { ...gateway, credentialName: 'tls' } }))).toMatchObject({ prop: 'credentialName' });
  expect(refusal(() => edge({ gateway: { ...gateway, certificate: GatewayCertificate.selfSigned() } }))).toMatchObject({ prop: 'certificate' });
  expect(refusal(() => edge({ gateway: {} }))).toMatchObject({ prop: 'credentialName', value: undefined });
});

test('a Secret is named without a namespace, and a certificate is made where the pods are (E025)', () => {
  expect(refusal(() => edge({ gateway: { credentialName: 'other/tls' } }))).toMatchObject({ prop: 'credentialName' });
  const certified = EDGES.filter(made => made.of('Certificate').length > 0);
  each(certified, made => [made.only('Certificate').metadata.namespace, made.only('Certificate').spec.secretName],
    made => [made.only('Deployment').metadata.namespace, made.servers[0].tls.credentialName]);
});

test('the pods of a gateway ask for injection, and no option takes that away (E026)', () => {
  each(DEPLOYED, made => [made.pod.metadata.labels['sidecar.istio.io/inject'], made.pod.metadata.annotations['inject.istio.io/templates'], made.pod.spec.containers[0].image],
    () => ['true', 'gateway', 'auto']);
  expect(DEPLOYED.flatMap(made => made.of('Namespace')).filter(({ metadata }) => 'istio-injection' in metadata.labels!)).toEqual([]);
  for (const key of ['sidecar.istio.io/inject', 'inject.istio.io/templates']) {
    expect(refusal(() => edge({ workload: GatewayWorkload.injected({ podAnnotations: { [key]: 'false' } }) }))).toMatchObject({ prop: `podAnnotations.${key}` });
  }
});

test('the target type is one that the gateway\'s Service can be used with (E048)', () => {
  expect(refusal(() => edge({ alb: { targetType: TargetType.INSTANCE } }))).toMatchObject({ prop: 'targetType', value: 'instance' });
  each(DEPLOYED, made => made.annotations['target-type'] !== 'instance' || made.only('Service').spec.type === 'NodePort', () => true);
  expect(new Made('nodes', edge({ workload: GatewayWorkload.injected({ service: ServiceExposure.nodePort(NODE_PORTS) }) })).annotations['target-type']).toBe('instance');
});

test('one workload takes one HTTPS server for any name (E021)', () => {
  const app = new App();
  const workload = GatewayWorkload.fromAttributes({ namespace: 'front', service: 'door', labels: { istio: 'door' }, trustedProxies: 1 });
  const props = { hosts: ['a.example.com'], workload, gateway: { credentialName: 'tls' } };
  new AlbIstioEdge(app, 'one', { ...props, edgeName: 'one' });
  expect(refusal(() => new AlbIstioEdge(app, 'two', { ...props, edgeName: 'two', hosts: ['b.example.com'] })))
    .toMatchObject({ prop: 'workload', value: 'front/door:443', path: 'two/Gateway' });
  expect(() => new AlbIstioEdge(app, 'plain', { ...props, edgeName: 'plain', gateway: { protocol: BackendProtocol.HTTP } })).not.toThrow();
  expect(() => new AlbIstioEdge(new App(), 'one', props)).not.toThrow();
});

test('one workload takes no second HTTPS server for the names of another namespace (E022)', () => {
  const app = new App();
  const workload = GatewayWorkload.fromAttributes({ namespace: 'front', service: 'door', labels: { istio: 'door' } });
  const props = { hosts: ['a.example.com'], workload, gateway: { credentialName: 'tls', admittedNamespaces: ['team-a'] } };
  new AlbIstioEdge(app, 'one', { ...props, edgeName: 'one' });
  expect(refusal(() => new AlbIstioEdge(app, 'two', { ...props, edgeName: 'two', gateway: { credentialName: 'tls', admittedNamespaces: ['team-b'] } })))
    .toMatchObject({ prop: 'workload', path: 'two/Gateway' });
});
