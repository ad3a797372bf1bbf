// The ways in that are about security, the mesh and what it shows of itself, for the law of types.
import { Duration } from 'cdk8s';
import { AlbAuth } from '../../src/edge/alb/auth';
import { EgressGateway } from '../../src/edge/egress/egress-gateway';
import { ExternalService, ServiceLocation } from '../../src/edge/egress/external-service';
import { HostResolution } from '../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../src/edge/egress/mesh-protocol';
import { type ServiceEndpoint } from '../../src/edge/egress/service-endpoint';
import { MeshSidecar, OutboundTraffic } from '../../src/edge/egress/sidecar';
import { CaptureMode, SidecarTls } from '../../src/edge/egress/sidecar-listener';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import { ObservabilityUis } from '../../src/edge/observability/observability';
import { ObservabilityUi } from '../../src/edge/observability/ui';
import { type CallerOptions } from '../../src/edge/security/caller';
import { Attribute, Condition } from '../../src/edge/security/condition';
import { MeshTls } from '../../src/edge/security/mtls';
import { type OperationOptions } from '../../src/edge/security/operation';
import { ZeroTrust } from '../../src/edge/security/zero-trust';
import { TrafficMode } from '../../src/edge/telemetry/access-log';
import { IstioMetric, MetricTag } from '../../src/edge/telemetry/metrics';
import { MeshTelemetry } from '../../src/edge/telemetry/telemetry';
import { TraceTag } from '../../src/edge/telemetry/tracing';
import { LocalRateLimit } from '../../src/edge/rate-limit/local-rate-limit';
import { RateLimitKey } from '../../src/edge/rate-limit/rate-limit-key';
import { ClientTls } from '../../src/edge/traffic-policy/client-tls';
import {
  AlbScheme, AuthorizationAction, AuthorizationPolicy, AuthorizationRule, Caller, Ecommerce, GatewayWorkload, HeaderMatch, MtlsMode, Operation, PathMatch,
  PolicyScope,
  RequestAuthentication, RetryOn, Workload,
} from '../../src/index';
import { gatewayPods } from '../edge/stubs';
import { emptyChart } from '../synthesized';
import { type Entries, inApp, inChart, MADE } from './entry';

const s = Duration.seconds;
const options = 'options';
const cart = () => new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1'], serviceAccount: 'cart' });
const reviews = () => new Workload({ serviceName: 'reviews', namespace: 'shop', port: 80 });

const CALLER: Omit<Required<CallerOptions>, 'serviceAccounts' | 'notServiceAccounts'> = {
  principals: ['a'], notPrincipals: ['b'], namespaces: ['c'], notNamespaces: ['d'], trustDomains: ['e'], notTrustDomains: ['f'], ipBlocks: ['10.0.0.0/8'], notIpBlocks: ['10.0.0.1'],
  remoteIpBlocks: ['10.0.0.0/8'], notRemoteIpBlocks: ['10.0.0.1'], requestPrincipals: ['a/b'], notRequestPrincipals: ['c/d'],
};
const OPERATION: Required<OperationOptions> = {
  hosts: ['a.b'], notHosts: ['c.d'], ports: [80], notPorts: [81], methods: ['GET'], notMethods: ['PUT'], paths: ['/a'], notPaths: ['/b'],
};
const JWT = {
  issuer: 'https://a.b', jwksUri: 'https://a.b/keys', audiences: ['a'], fromHeaders: [{ name: 'a', prefix: 'b' }], fromParams: ['c'], fromCookies: ['d'], outputPayloadToHeader: 'e',
  outputClaimToHeaders: [{ header: 'f', claim: 'g' }], forwardOriginalToken: true, spaceDelimitedClaims: ['h'], timeout: s(1),
};
const ENDPOINT: Required<ServiceEndpoint> = { address: '10.0.0.1', ports: { a: 80 }, labels: { b: 'c' }, locality: 'd', network: 'e', serviceAccount: 'f', weight: 1 };
const POOL = { tcp: { maxConnections: 1, connectTimeout: s(1) } };
const PODS = ['workloadNamespace', 'serviceName', 'selector', 'httpPort', 'httpsPort', 'statusPortName', 'entry', 'targetTypes', 'drainDuration'];
const front = () => ({ ...gatewayPods(), serviceAccount: 'front', trustedProxies: 1 });
const login = AlbAuth.oidc({ issuer: 'https://a.b', authorizationEndpoint: 'https://a.b/1', tokenEndpoint: 'https://a.b/2', userInfoEndpoint: 'https://a.b/3', secretName: 'login' });
const published = () => new EdgeGateway(emptyChart(), 'Gateway', { workload: gatewayPods(), credentialName: 'tls' });

const text = (maker: (value: any) => unknown, name = 'value', good = 'a') => ({ call: maker, good: { [name]: good }, needed: [name] });
const texts = (maker: (values: any) => unknown, name: string, good: string) => ({ call: maker, good: { [name]: [good] }, needed: [name] });
const page = (maker: (host: any, options: any) => unknown) => ({ call: maker, good: { host: 'a.b', options: { namespace: 'a', serviceName: 'b', port: 80 } }, needed: ['host'] });

/** By class and maker. */
export const MESH_ENTRIES: Entries = {
  'Attribute.requestHeader': text(Attribute.requestHeader, 'name'),
  'Attribute.claim': texts(Attribute.claim, 'claim', 'a'),
  'Attribute.envoyFilter': { call: Attribute.envoyFilter, good: { filter: 'a', key: 'b' }, needed: ['filter', 'key'] },
  'Attribute.oneOf': texts(values => Attribute.sni().oneOf(values), 'values', 'a'),
  'Attribute.noneOf': texts(values => Attribute.destinationIp().noneOf(values), 'values', '10.0.0.1'),
  'AuthorizationPolicy': {
    call: inChart(AuthorizationPolicy),
    good: { props: { scope: PolicyScope.workload(cart()), rules: [AuthorizationRule.everything()], action: AuthorizationAction.CUSTOM, provider: 'a', dryRun: false, policyName: 'b' } }, needed: ['props', 'scope', 'rules', 'provider'], path: MADE,
  },
  'AuthorizationPolicy.addRule': {
    call: rule => new AuthorizationPolicy(emptyChart(), 'Made', { scope: PolicyScope.mesh(), rules: [AuthorizationRule.everything()] }).addRule(rule), good: { rule: AuthorizationRule.everything() }, needed: ['rule'], path: MADE,
  },
  'AuthorizationPolicy.denyAll': {
    call: props => AuthorizationPolicy.denyAll(emptyChart(), 'Made', props), good: { props: { scope: PolicyScope.namespace('a'), dryRun: true, policyName: 'b' } }, needed: ['props', 'scope'], path: MADE,
  },
  'AuthorizationRule.of': {
    call: AuthorizationRule.of, good: { options: { from: [Caller.anyInMesh()], to: [Operation.ports([80])], when: [Attribute.sni().oneOf(['a'])] } }, needed: [options],
  },
  'Caller.of': { call: Caller.of, good: { options: CALLER }, needed: [options] },
  'Caller.of, with service accounts': { call: Caller.of, good: { options: { serviceAccounts: ['a/b'], notServiceAccounts: ['c'] } }, needed: [options] },
  'Caller.serviceAccount': { call: Caller.serviceAccount, good: { namespace: 'a', name: 'b', trustDomain: 'c' }, needed: ['namespace', 'name'] },
  'Caller.workload': { call: Caller.workload, good: { workload: cart(), trustDomain: 'a' }, needed: ['workload'] },
  'Caller.gateway': { call: (gateway, name, trustDomain) => Caller.gateway(gateway, name, trustDomain), good: { gateway: front(), name: 'a', trustDomain: 'b' }, needed: ['gateway', ...PODS] },
  'Caller.namespaces': texts(Caller.namespaces, 'namespaces', 'a'),
  'Caller.ipBlocks': texts(Caller.ipBlocks, 'ipBlocks', '10.0.0.0/8'),
  'Caller.loadBalancer': texts(Caller.loadBalancer, 'ipBlocks', '10.0.0.0/8'),
  'Caller.remoteIpBlocks': texts(Caller.remoteIpBlocks, 'remoteIpBlocks', '10.0.0.0/8'),
  'Caller.requestPrincipals': texts(Caller.requestPrincipals, 'requestPrincipals', 'a/b'),
  'Caller.also': { call: other => Caller.anyInMesh().also(other), good: { other: Caller.withToken() }, needed: ['other'] },
  'Caller.butNot': { call: other => Caller.anyInMesh().butNot(other), good: { other: Caller.namespaces(['a']) }, needed: ['other'] },
  'Condition': texts(values => (Attribute.sni().oneOf(['a']) satisfies Condition).butNot(values), 'values', 'b'),
  'Ecommerce': {
    call: inApp(Ecommerce), good: { props: { namespace: 'a', images: { graphql: 'a', orders: 'b', products: 'c' }, replicas: 2, retries: { attempts: 1, perTryTimeout: s(1), retryOn: [RetryOn.RESET] } } }, path: 'made', handedOn: ['retries.'],
  },
  'EgressGateway': { call: inChart(EgressGateway), good: { props: { workload: GatewayWorkload.injected(), gatewayName: 'a' } }, path: MADE },
  'EgressGateway.addService': {
    call: service => new EgressGateway(emptyChart(), 'Made').addService(service), needed: ['service'], path: MADE,
    good: { service: new ExternalService(emptyChart('chart', 'apps'), 'Api', { hosts: ['a.b'], ports: [{ number: 80, protocol: MeshProtocol.HTTP }] }) },
  },
  'ExternalService': {
    call: inChart(ExternalService),
    good: {
      props: {
        hosts: ['a.b'], ports: [{ number: 80, protocol: MeshProtocol.HTTP, name: 'a', targetPort: 443, tls: ClientTls.simple() }], namespace: 'a', entryName: 'b', resolution: HostResolution.dns([ENDPOINT]),
        location: ServiceLocation.MESH_INTERNAL, addresses: ['10.0.0.1'], exportTo: ['*'], subjectAltNames: ['a.b'], versionLabel: 'c',
      },
    },
    needed: ['props', 'hosts', 'ports', 'ports[0].number', 'ports[0].protocol'], path: MADE,
  },
  'ExternalService.onPort': {
    call: port => new ExternalService(emptyChart('chart', 'apps'), 'Made', { hosts: ['a.b'], ports: [{ number: 80, protocol: MeshProtocol.HTTP }] }).onPort(port), good: { port: 80 }, needed: ['port'], path: MADE,
  },
  'HostResolution.dns': { call: HostResolution.dns, good: { endpoints: [ENDPOINT] } },
  'HostResolution.dnsRoundRobin': { call: HostResolution.dnsRoundRobin, good: { endpoint: ENDPOINT }, nested: ['endpoint'], handedOn: ['endpoint'] },
  'HostResolution.fixed': { call: HostResolution.fixed, good: { endpoints: [ENDPOINT] }, needed: ['endpoints'] },
  'HostResolution.pods': { call: HostResolution.pods, good: { labels: { a: 'b' } }, needed: ['labels'], nested: ['labels'] },
  'MeshSidecar': {
    call: inChart(MeshSidecar),
    good: {
      props: {
        scope: PolicyScope.namespace('a'), reaches: [cart()], hosts: ['./*'],
        egressListeners: [{ hosts: ['./*'], protocol: MeshProtocol.HTTP, port: 80, bind: '127.0.0.1', captureMode: CaptureMode.NONE, portName: 'a' }], outbound: OutboundTraffic.registryOnly(),
        ingressListeners: [{ port: 80, protocol: MeshProtocol.HTTP, defaultEndpoint: ':8080', bind: '127.0.0.1', captureMode: CaptureMode.NONE, connectionPool: POOL, portName: 'a' }], inboundConnectionPool: POOL,
        sidecarName: 'b', rootNamespace: 'c',
      },
    },
    needed: ['props', 'scope', 'egressListeners[0].hosts', 'egressListeners[0].protocol', 'egressListeners[0].port', 'ingressListeners[0].port', 'ingressListeners[0].protocol'], path: MADE,
  },
  'MeshSidecar, with TLS': {
    call: inChart(MeshSidecar), good: { props: { scope: PolicyScope.namespace('a'), ingressListeners: [{ port: 80, protocol: MeshProtocol.TLS, tls: SidecarTls.simple('/a', '/b') }] } }, needed: ['props'], path: MADE,
  },
  'MeshTelemetry': {
    call: inChart(MeshTelemetry),
    good: {
      props: {
        scope: PolicyScope.namespace('a'), accessLogs: [{ providers: ['a'], mode: TrafficMode.CLIENT, filter: 'b', disabled: true }],
        metrics: [{ providers: ['a'], overrides: [{ metric: IstioMetric.REQUEST_SIZE, mode: TrafficMode.CLIENT, disabled: true, tags: { a: MetricTag.remove() } }], reportingInterval: s(1) }],
        tracing: {
          provider: 'a', samplingPercentage: 1, customTags: { a: TraceTag.literal('b') }, disableSpanReporting: true, disableContextPropagation: true, enableIstioTags: true, useRequestIdForTraceSampling: true,
          mode: TrafficMode.CLIENT,
        },
        telemetryName: 'b',
      },
    },
    needed: ['props', 'scope', 'metrics[0].overrides[0].tags.a', 'tracing.customTags.a'], path: MADE,
  },
  'MeshTelemetry, with other metrics': {
    call: inChart(MeshTelemetry), good: { props: { scope: PolicyScope.mesh(), metrics: [{ overrides: [{ customMetric: 'a', disabled: true }] }] } }, needed: ['props', 'scope'], path: MADE,
  },
  'LocalRateLimit': {
    call: inChart(LocalRateLimit),
    good: {
      props: {
        scope: PolicyScope.gateway(gatewayPods({ trustedProxies: 1 })), requests: 5, interval: s(1), burst: 9, bucketPer: RateLimitKey.clientAddress(), maxBuckets: 10, hosts: ['a.b'],
        paths: [PathMatch.exact('/a')], methods: ['GET'], headers: [HeaderMatch.present('a')], limitHeaders: true, dryRun: true, policyName: 'a',
      },
    },
    needed: ['props', 'scope', 'requests', 'interval'], path: MADE,
  },
  'RateLimitKey.clientAddress': { call: RateLimitKey.clientAddress, good: { options: { ipv6PrefixLength: 64 } } },
  'RateLimitKey.header': text(RateLimitKey.header, 'name'),
  'MeshTls': { call: inChart(MeshTls), good: { props: { mode: MtlsMode.STRICT, permissiveNamespaces: ['a'], wholeMesh: true, rootNamespace: 'b', namespaces: ['c'] } }, path: MADE },
  'MeshTls.protectNamespace': { call: namespace => new MeshTls(emptyChart(), 'Made').protectNamespace(namespace), good: { namespace: 'a' }, needed: ['namespace'], path: MADE },
  'MeshTls.protect': { call: workload => new MeshTls(emptyChart(), 'Made').protect(workload), good: { workload: cart() }, needed: ['workload'], path: MADE },
  'MeshTls.protectWorkload': {
    call: (workload, own) => new MeshTls(emptyChart(), 'Made').protectWorkload(workload, own), good: { workload: cart(), options: { mode: MtlsMode.STRICT, ports: { 80: MtlsMode.DISABLE } } },
    needed: ['workload', options, 'ports.80'], path: MADE,
  },
  'MetricTag.value': text(MetricTag.value, 'expression'),
  'ObservabilityUi.kiali': page(ObservabilityUi.kiali),
  'ObservabilityUi.prometheus': page(ObservabilityUi.prometheus),
  'ObservabilityUi.grafana': page(ObservabilityUi.grafana),
  'ObservabilityUi.jaeger': page(ObservabilityUi.jaeger),
  'ObservabilityUi.zipkin': page(ObservabilityUi.zipkin),
  'ObservabilityUi.of': { call: ObservabilityUi.of, good: { host: 'a.b', workload: cart(), home: '/a' }, needed: ['host', 'workload'] },
  'ObservabilityUis': {
    call: inChart(ObservabilityUis),
    good: { props: { uis: [ObservabilityUi.kiali('a.b')], gateway: published(), login, nodePortsGuardedBy: 'the security group of the nodes', ingressName: 'c', alb: { group: { groupName: 'd' }, groupOrder: 1, scheme: AlbScheme.INTERNAL }, servedHosts: ['e.f'] } },
    needed: ['props', 'uis', 'gateway', 'login'], path: MADE, handedOn: ['alb.'],
  },
  'ObservabilityUis, without a login': {
    call: inChart(ObservabilityUis), good: { props: { uis: [ObservabilityUi.kiali('a.b')], gateway: published(), withoutLogin: 'nobody but us is in here', servedHosts: ['a.b'] } }, needed: ['props', 'uis', 'gateway'], path: MADE,
  },
  'Operation.of': { call: Operation.of, good: { options: OPERATION }, needed: [options] },
  'Operation.hosts': texts(Operation.hosts, 'hosts', 'a.b'),
  'Operation.ports': { call: Operation.ports, good: { ports: [80] }, needed: ['ports'] },
  'Operation.methods': texts(Operation.methods, 'methods', 'GET'),
  'Operation.paths': texts(Operation.paths, 'paths', '/a'),
  'OutboundTraffic.allowAnyThrough': { call: OutboundTraffic.allowAnyThrough, good: { workload: cart() }, needed: ['workload'] },
  'OutboundTraffic.allowAnyThroughSubset': { call: OutboundTraffic.allowAnyThroughSubset, good: { subset: cart().subset('v1') }, needed: ['subset'] },
  'PolicyScope.workload': { call: PolicyScope.workload, good: { workload: cart() }, needed: ['workload'] },
  'PolicyScope.gateway': { call: PolicyScope.gateway, good: { gateway: front(), options: { trustedProxies: 1 } }, needed: ['gateway', ...PODS] },
  'PolicyScope.namespace': { call: PolicyScope.namespace, good: { namespace: 'a', rootNamespace: 'b' }, needed: ['namespace'] },
  'PolicyScope.mesh': { call: PolicyScope.mesh, good: { rootNamespace: 'a' } },
  'PolicyScope.pods': { call: PolicyScope.pods, good: { namespace: 'a', labels: { b: 'c' } }, needed: ['namespace', 'labels', 'labels.b'], nested: ['labels'] },
  'PolicyScope.gatewayApi': { call: PolicyScope.gatewayApi, good: { namespace: 'a', gatewayName: 'b' }, needed: ['namespace', 'gatewayName'] },
  'PolicyScope.gatewayClass': { call: PolicyScope.gatewayClass, good: { className: 'a', namespace: 'b' }, needed: ['className'] },
  'PolicyScope.waypointService': { call: PolicyScope.waypointService, good: { namespace: 'a', serviceName: 'b' }, needed: ['namespace', 'serviceName'] },
  'PolicyScope.waypointServiceEntry': { call: PolicyScope.waypointServiceEntry, good: { namespace: 'a', serviceEntryName: 'b' }, needed: ['namespace', 'serviceEntryName'] },
  'RequestAuthentication': {
    call: inChart(RequestAuthentication),
    good: {
      props: {
        scope: PolicyScope.workload(cart()), jwtRules: [JWT], requireToken: true, publicPaths: ['/a'], publicMethods: ['GET'], tokenHosts: ['a.b'], tokenPorts: [80], dryRun: true, policyName: 'a',
      },
    },
    needed: ['props', 'scope', 'jwtRules', 'jwtRules[0].issuer', 'jwtRules[0].fromHeaders[0].name', 'jwtRules[0].outputClaimToHeaders[0].header', 'jwtRules[0].outputClaimToHeaders[0].claim'], path: MADE,
  },
  'RequestAuthentication, with keys': {
    call: inChart(RequestAuthentication), good: { props: { scope: PolicyScope.mesh(), jwtRules: [{ issuer: 'a', jwks: '{"keys":[{"kty":"EC"}]}' }] } }, needed: ['props', 'scope', 'jwtRules'], path: MADE,
  },
  'SidecarTls.simple': { call: SidecarTls.simple, good: { serverCertificate: '/a', privateKey: '/b' }, needed: ['serverCertificate', 'privateKey'] },
  'SidecarTls.mutual': { call: SidecarTls.mutual, good: { serverCertificate: '/a', privateKey: '/b', caCertificates: '/c' }, needed: ['serverCertificate', 'privateKey', 'caCertificates'] },
  'TraceTag.literal': text(TraceTag.literal),
  'TraceTag.environment': { call: TraceTag.environment, good: { name: 'a', defaultValue: 'b' }, needed: ['name'] },
  'TraceTag.header': { call: TraceTag.header, good: { name: 'a', defaultValue: 'b' }, needed: ['name'] },
  'TraceTag.formatter': text(TraceTag.formatter),
  'ZeroTrust': {
    call: inChart(ZeroTrust),
    good: {
      props: { gateway: front(), namespaces: ['a'], gatewayServiceAccount: 'b', trustDomain: 'c', gatewayClients: [AuthorizationRule.everything()], dryRun: true, rootNamespace: 'd', policyName: 'e' },
    },
    needed: PODS.map(prop => `gateway.${prop}`), path: MADE,
  },
  'ZeroTrust.protectNamespace': { call: namespace => new ZeroTrust(emptyChart(), 'Made').protectNamespace(namespace), good: { namespace: 'a' }, needed: ['namespace'], path: MADE },
  'ZeroTrust.allowGateway': { call: workload => new ZeroTrust(emptyChart(), 'Made', { gateway: front() }).allowGateway(workload), good: { workload: cart() }, needed: ['workload'], path: MADE },
  'ZeroTrust.allow': {
    call: (workload, own) => new ZeroTrust(emptyChart(), 'Made').allow(workload, own),
    good: { workload: reviews(), options: { from: [Caller.anyInMesh()], to: [Operation.ports([80])], when: [Attribute.sni().oneOf(['a'])] } }, needed: ['workload', options, 'from'], path: MADE,
  },
};
