// Every way into the package that takes values of a user, each with an argument that is good and says as much as goes together.
import { App, Duration, Size } from 'cdk8s';
import { AlpnPolicy } from '../../src/base/alb-annotations/words';
import { Alb, type AlbProps, BackendProtocolVersion, IpAddressType } from '../../src/edge/alb/alb';
import { AlbBackend } from '../../src/edge/listener/backend';
import { AlbAuth, JwtClaimFormat, UnauthenticatedRequest } from '../../src/edge/alb/auth';
import { ClientCertificates } from '../../src/edge/listener/client-certificates';
import { DnsClientRoutingPolicy } from '../../src/edge/alb/frontend-nlb-attributes';
import { type AlbIngressClassProps } from '../../src/edge/alb/ingress-class';
import { type IngressGroupProps } from '../../src/edge/alb/ingress-group';
import { ListenerProtocol } from '../../src/edge/listener/listener';
import { ForwardTarget, ListenerAction, ResponseContentType } from '../../src/edge/listener/action';
import { ContentTypeOptions, FrameOptions, type ListenerAttributes } from '../../src/edge/listener/attributes';
import { ListenerCondition } from '../../src/edge/listener/condition';
import { RulePath } from '../../src/edge/listener/rule';
import { ListenerTransform } from '../../src/edge/listener/transform';
import { DesyncMitigationMode, LogDestination, XffHeaderProcessing } from '../../src/edge/alb/load-balancer-attributes';
import { type AlbOptions } from '../../src/edge/alb/options';
import { CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness } from '../../src/edge/alb/target-group-attributes';
import { TargetGroupBinding, TargetGroupSource } from '../../src/edge/alb/target-group-binding';
import { InstalledGateway } from '../../src/edge/gateway-workload/gateway-workload';
import { InjectedGateway, type InjectedGatewayProps } from '../../src/edge/gateway-workload/injected-gateway';
import { GatewayDisruptionBudget, UnhealthyPodEvictionPolicy } from '../../src/edge/gateway-workload/disruption-budget';
import { GatewayInstaller, type InstalledGatewayOptions } from '../../src/edge/gateway-workload/installed-gateway';
import { type NetworkLoadBalancerOptions } from '../../src/edge/gateway-workload/network-load-balancer';
import { GatewayWorkloadKind } from '../../src/edge/gateway-workload/scaling';
import { GatewayEntry } from '../../src/edge/gateway-workload/service';
import { GatewayCertificate, IssuerKind } from '../../src/edge/gateway/certificate';
import { EdgeGateway, type EdgeGatewayProps } from '../../src/edge/gateway/gateway';
import { GatewayTlsVersion } from '../../src/edge/gateway/tls';
import {
  AlbController, AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, AlbScheme, BackendProtocol, Bookinfo, CurlClient, Echoserver, GatewayWorkload, IngressGroup,
  Listener,
  MtlsMode, RouteTarget, ServiceExposure, TargetType,
} from '../../src/index';
import { backend, gatewayPods } from '../edge/stubs';
import { emptyChart } from '../synthesized';
import { DELIVERY_ENTRIES } from './delivery-entries';
import { type Entries, inApp, inChart, MADE } from './entry';
import { MESH_ENTRIES } from './mesh-entries';
import { ROUTE_ENTRIES } from './route-entries';

const ACCOUNT = 'eu-west-1:123456789012';
const CERTIFICATE = `arn:aws:acm:${ACCOUNT}:certificate/a`;
const LOAD_BALANCER = `arn:aws:elasticloadbalancing:${ACCOUNT}`;
const WEB_ACL = `arn:aws:wafv2:${ACCOUNT}:regional/webacl/a/b`;
const s = Duration.seconds;
const bucket = LogDestination.s3('my-logs', 'edge');
const other = { 'new.attribute': 'b' };

const ATTRIBUTES = {
  idleTimeout: s(60), clientKeepAlive: s(60), http2: true, dropInvalidHeaderFields: true, desyncMitigationMode: DesyncMitigationMode.STRICTEST, preserveHostHeader: true,
  tlsVersionAndCipherSuiteHeaders: true, xffClientPort: false, xffHeaderProcessing: XffHeaderProcessing.APPEND, deletionProtection: true, accessLogs: bucket, connectionLogs: bucket,
  healthCheckLogs: bucket, wafFailOpen: true, zonalShift: true, denyAllInternetGatewayIpv6Traffic: true, other,
} satisfies Required<AlbOptions['attributes']>;

const TARGETS = {
  slowStart: s(0), stickiness: Stickiness.off(), algorithm: LoadBalancingAlgorithm.WEIGHTED_RANDOM, anomalyMitigation: true, crossZone: CrossZone.OFF,
  dnsFailover: MinimumHealthyTargets.count(2), unhealthyStateRouting: MinimumHealthyTargets.count(2), other,
} satisfies Required<AlbOptions['targetGroupAttributes']>;

const LISTENER = {
  serverHeader: false,
  strictTransportSecurity: { maxAge: Duration.days(400), includeSubDomains: true, preload: true },
  cors: { allowOrigin: 'https://a.b', allowMethods: ['GET'], allowHeaders: ['a'], allowCredentials: true, exposeHeaders: ['b'], maxAge: s(60) },
  contentSecurityPolicy: "default-src 'self'", contentTypeOptions: ContentTypeOptions.NOSNIFF, frameOptions: FrameOptions.DENY,
  tlsRequestHeaderNames: {
    clientCertificateSerialNumber: 'a', clientCertificateIssuer: 'b', clientCertificateSubject: 'c', clientCertificateValidity: 'd', clientCertificateLeaf: 'e', clientCertificate: 'f',
    tlsVersion: 'g', tlsCipherSuite: 'h',
  },
  other,
} satisfies Required<ListenerAttributes>;
const HTTP_LISTENER = Object.fromEntries(Object.entries(LISTENER).filter(([prop]) => !['strictTransportSecurity', 'tlsRequestHeaderNames'].includes(prop))) as ListenerAttributes;

const FRONTEND = {
  scheme: AlbScheme.INTERNET_FACING, subnets: ['a', 'b'], securityGroups: ['front'], eipAllocations: ['eipalloc-01234567', 'eipalloc-01234568'],
  portMapping: [{ nlbPort: 443, albPort: 8443 }],
  healthCheck: { port: 8443, path: '/', interval: s(20), timeout: s(4), healthyThreshold: 3, unhealthyThreshold: 3, successCodes: '200' },
  attributes: {
    crossZone: true, dnsClientRoutingPolicy: DnsClientRoutingPolicy.ANY_AVAILABILITY_ZONE, secondaryIpsPerSubnet: 1, deletionProtection: true, accessLogs: bucket, zonalShift: true,
    denyAllInternetGatewayIpv6Traffic: true, other,
  } satisfies Required<NonNullable<NonNullable<AlbOptions['frontendNlb']>['attributes']>>,
  tags: { team: 'edge' },
} satisfies Required<AlbOptions['frontendNlb']>;

const ALB: AlbProps = {
  backend: backend(), hosts: ['a.b'], ingressName: 'front', scheme: AlbScheme.INTERNAL, certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
  listeners: [Listener.https(8443)], auth: AlbAuth.jwt({ jwksEndpoint: 'https://a.b/keys', issuer: 'https://a.b' }), ipAddressType: IpAddressType.DUALSTACK, subnets: ['a', 'b'],
  loadBalancerName: 'front', group: { groupName: 'common' }, groupOrder: 3, ingressClass: { className: 'front' }, controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER,
  attributes: ATTRIBUTES, minimumCapacityUnits: 100, ipamIpv4PoolId: 'ipam-pool-1',
  customerOwnedIpv4Pool: 'ipv4pool-coip-1', tags: { team: 'edge' }, wafv2AclArn: WEB_ACL, shieldAdvancedProtection: true, securityGroups: ['sg-01234567'], manageBackendSecurityGroupRules: false,
  targetType: TargetType.INSTANCE, protocolVersion: BackendProtocolVersion.HTTP2, healthCheck: { interval: s(20), timeout: s(4), healthyThreshold: 3, unhealthyThreshold: 3 },
  deregistrationDelay: s(10), targetGroupAttributes: TARGETS, targetNodeLabels: { pool: 'edge' }, multiClusterTargetGroup: true, frontendNlb: FRONTEND, dnsTtl: s(60),
};
const SECOND_ALB: AlbProps = {
  backend: backend(), hosts: ['a.b'], createCertificate: true, certificateAuthorityArn: `arn:aws:acm-pca:${ACCOUNT}:certificate-authority/a`, wafv2AclName: 'front', inboundCidrs: ['10.0.0.0/8'],
  inboundPrefixLists: ['pl-01234567'], targetControlPort: 3000,
};

const CLASS: AlbIngressClassProps = {
  controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER, className: 'front', isDefault: true, namespaceLabels: { team: 'edge' }, groupName: 'common', scheme: AlbScheme.INTERNAL, ipAddressType: IpAddressType.IPV4,
  subnetIds: ['subnet-01234567', 'subnet-01234568'], loadBalancerName: 'front', certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', sslRedirectPort: 443,
  inboundCidrs: ['10.0.0.0/8'], inboundPrefixLists: ['pl-01234567'], wafv2AclArn: WEB_ACL, targetType: TargetType.IP, tags: { team: 'edge' }, attributes: ATTRIBUTES, minimumCapacityUnits: 100,
  ipamIpv4PoolId: 'ipam-pool-1',
};

const GROUP: IngressGroupProps = {
  groupName: 'common', scheme: AlbScheme.INTERNAL, certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', listeners: [Listener.https(8443)],
  ipAddressType: IpAddressType.DUALSTACK, subnets: ['a', 'b'], loadBalancerName: 'front', attributes: ATTRIBUTES, minimumCapacityUnits: 100, ipamIpv4PoolId: 'ipam-pool-1',
  customerOwnedIpv4Pool: 'ipv4pool-coip-1', tags: { team: 'edge' }, wafv2AclArn: WEB_ACL, shieldAdvancedProtection: true, securityGroups: ['sg-01234567'],
  manageBackendSecurityGroupRules: false, frontendNlb: FRONTEND,
};

const DEPLOYED = {
  gatewayName: 'front', namespace: 'doors', service: ServiceExposure.clusterIp(), serviceAnnotations: { a: 'b' }, minReplicas: 3, maxReplicas: 4, targetCpuPercent: 70,
  resources: { cpuRequestMillis: 100, cpuLimitMillis: 1000, memoryRequest: Size.mebibytes(128), memoryLimit: Size.mebibytes(256) }, trustedProxies: 2, drainDuration: s(20),
  preStopDuration: s(10), podAnnotations: { a: 'b' }, revision: 'canary', labels: { a: 'b' }, annotations: { a: 'b' }, serviceAccountAnnotations: { a: 'b' },
  nodeSelector: { a: 'b' }, tolerations: [{ operator: 'Exists' }], affinity: { nodeAffinity: {} }, priorityClassName: 'high', imagePullSecrets: ['registry'],
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }],
  env: [{ name: 'A', value: 'b' }], volumes: [{ name: 'a', emptyDir: {} }], volumeMounts: [{ name: 'a', mountPath: '/a' }],
  kind: GatewayWorkloadKind.DEPLOYMENT, autoscaling: true, targetMemoryPercent: 70, scalingBehavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
  metrics: [{ type: 'ContainerResource', containerResource: { name: 'cpu', container: 'istio-proxy', target: { type: 'Utilization', averageUtilization: 70 } } }],
  disruptionBudget: GatewayDisruptionBudget.minAvailable(2),
} satisfies Required<Omit<InstalledGatewayOptions, 'replicas' | 'installer'>>;
const INSTALLED = { ...DEPLOYED, installer: GatewayInstaller.ISTIOCTL } satisfies Omit<InstalledGatewayOptions, 'replicas'>;
const BUDGET = { unhealthyPodEvictionPolicy: UnhealthyPodEvictionPolicy.ALWAYS_ALLOW };
/** What the structs of Kubernetes contain is validated at synth, like every other object. */
const KUBERNETES = ['tolerations[0].', 'affinity.', 'topologySpreadConstraints[0].', 'env[0].', 'volumes[0].', 'volumeMounts[0].', 'metrics[0].', 'scalingBehavior.'];
const INJECTED = { ...DEPLOYED, createNamespace: false } satisfies Required<Omit<InjectedGatewayProps, 'replicas'>>;

const GATEWAY: EdgeGatewayProps = {
  workload: { ...gatewayPods(), trustedProxies: 1 }, protocol: BackendProtocol.HTTPS, credentialName: 'front-tls', certificate: GatewayCertificate.selfSigned(), admittedNamespaces: ['shop'],
  gatewayName: 'front', hosts: ['a.b'], ingressName: 'front',
};
const LAYER_4: EdgeGatewayProps = {
  workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), credentialName: 'front-tls', hosts: ['a.b'], admittedHosts: ['shop/a.b'],
  tls: {
    minProtocolVersion: GatewayTlsVersion.TLS_1_2, maxProtocolVersion: GatewayTlsVersion.TLS_1_3, cipherSuites: ['ECDHE-RSA-AES128-SHA'],
    clientCertificates: { required: true, caCertCredentialName: 'a', subjectAltNames: ['a.b'] },
  },
};
const POOL = `arn:aws:cognito-idp:${ACCOUNT}:userpool/a`;
const LOGIN = { onUnauthenticatedRequest: UnauthenticatedRequest.DENY, scopes: ['openid'], sessionCookie: 'mine', sessionTimeout: s(60), extraParams: { a: 'b' } };
const OIDC = { issuer: 'https://a.b', authorizationEndpoint: 'https://a.b/1', tokenEndpoint: 'https://a.b/2', userInfoEndpoint: 'https://a.b/3', secretName: 'login' };
const CLAIM = { name: 'role', format: JwtClaimFormat.STRING_ARRAY, values: ['admin'] };
const EDGE: AlbIstioEdgeProps = {
  hosts: ['a.b'], gateway: { credentialName: 'tls' }, alb: { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }, workload: GatewayWorkload.injected(), mtls: { mode: MtlsMode.STRICT }, edgeName: 'front',
};
const RULE = {
  action: ListenerAction.respond(404), hosts: ['a.b'], path: RulePath.exact('/a'), conditions: [ListenerCondition.method(['GET'])], transforms: [ListenerTransform.urlRewrite('a', 'b')],
};
const NLB = {
  controller: AlbController.EKS_AUTO_MODE, scheme: AlbScheme.INTERNET_FACING, subnets: ['a'], securityGroups: ['front'], loadBalancerName: 'front', ipAddressType: IpAddressType.IPV4, eipAllocations: ['eipalloc-01234567'], crossZone: true,
  targetType: TargetType.IP, proxyProtocol: false, preserveClientIp: true, deletionProtection: true, loadBalancerAttributes: { a: 'b' }, targetGroupAttributes: { a: 'b' }, tags: { a: 'b' },
  http: true, https: true, certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', alpnPolicy: AlpnPolicy.HTTP2_PREFERRED, tcpPorts: [5432],
} satisfies Required<Omit<NetworkLoadBalancerOptions, 'inboundCidrs' | 'inboundPrefixLists' | 'privateIpv4Addresses'>>;
const INTERNAL_NLB = {
  scheme: AlbScheme.INTERNAL, subnets: ['a'], privateIpv4Addresses: ['10.0.0.5'], inboundCidrs: ['10.0.0.0/8'], inboundPrefixLists: ['pl-0a1b2c3d'],
} satisfies NetworkLoadBalancerOptions;

const edge = () => new AlbIstioEdge(new App(), 'made', EDGE);
const values = { values: ['a'] };
const BACKEND = ['backendNamespace', 'backendService', 'backendPort', 'backendProtocol', 'healthCheckPort', 'healthCheckProtocol', 'healthCheckPath', 'targetTypes', 'drainDuration']
  .map(prop => `backend.${prop}`);
const PODS = ['workloadNamespace', 'serviceName', 'selector', 'httpPort', 'httpsPort', 'statusPortName', 'entry', 'targetTypes', 'drainDuration'].map(prop => `workload.${prop}`);
const options = 'options';

/** By class and maker; a name after a comma tells a second one apart. */
export const ENTRIES: Entries = {
  ...ROUTE_ENTRIES,
  ...MESH_ENTRIES,
  ...DELIVERY_ENTRIES,
  'Alb': { call: inChart(Alb), good: { props: ALB }, needed: ['props', 'backend', 'hosts', ...BACKEND, 'group.groupName', 'groupOrder', 'ingressClass.className'], path: MADE },
  'Alb, with other choices': { call: inChart(Alb), good: { props: SECOND_ALB }, needed: ['props', 'backend', 'hosts', ...BACKEND], path: MADE },
  'Alb.addRule': { call: (name, rule) => edge().alb!.addRule(name, rule), good: { name: 'down', options: RULE }, needed: ['name', options, 'action'], path: 'made/Alb' },
  'AlbAuth.cognito': {
    call: AlbAuth.cognito, good: { options: { ...LOGIN, userPoolArn: POOL, userPoolClientId: 'a', userPoolDomain: 'b' } }, needed: [options, 'userPoolArn', 'userPoolClientId', 'userPoolDomain'],
  },
  'AlbAuth.oidc': { call: AlbAuth.oidc, good: { options: { ...LOGIN, ...OIDC } }, needed: [options, ...Object.keys(OIDC)] },
  'AlbAuth.jwt': {
    call: AlbAuth.jwt, good: { options: { jwksEndpoint: 'https://a.b', issuer: 'a', claims: [CLAIM] } },
    needed: [options, 'jwksEndpoint', 'issuer', ...Object.keys(CLAIM).map(prop => `claims[0].${prop}`)],
  },
  'AlbIngressClass': { call: inChart(AlbIngressClass), good: { props: CLASS }, path: MADE },
  'AlbIngressClass, with other choices': { call: inChart(AlbIngressClass), good: { props: { wafv2AclName: 'front' } }, path: MADE },
  'AlbIngressClass.fromName': { call: AlbIngressClass.fromName, good: { className: 'front' }, needed: ['className'] },
  'AlbIstioEdge': { call: inApp(AlbIstioEdge), good: { props: EDGE }, needed: ['props', 'hosts'], path: 'made' },
  'AlbIstioEdge.addRoute': { call: route => edge().addRoute('A', route), good: { options: { hosts: ['a.b'], target: RouteTarget.respond(503) } }, needed: [options, 'target'], path: 'made/A' },
  'Bookinfo': { call: inApp(Bookinfo), good: { props: { namespace: 'a', registry: 'b', tag: 'c', replicas: 2 } }, path: 'made' },
  'ClientCertificates.verify': { call: ClientCertificates.verify, good: { options: { trustStore: 'a', ignoreExpiry: true, advertiseTrustStoreCaNames: true } }, needed: [options, 'trustStore'] },
  'CurlClient': { call: inApp(CurlClient), good: { props: { namespace: 'a', createNamespace: false, image: 'b' } }, path: 'made' },
  'Echoserver': { call: inApp(Echoserver), good: { props: { namespace: 'a', image: 'b', replicas: 2 } }, path: 'made' },
  'EdgeGateway': { call: inChart(EdgeGateway), good: { props: GATEWAY }, needed: ['props', 'workload', ...PODS], path: MADE },
  'EdgeGateway at layer 4': { call: inChart(EdgeGateway), good: { props: LAYER_4 }, needed: ['props', 'workload', ...PODS], path: MADE },
  'EdgeGateway.fromAttributes': {
    call: EdgeGateway.fromAttributes, good: { attributes: { gatewayName: 'a', gatewayNamespace: 'b', admittedNamespaces: ['c'] } }, needed: ['attributes', 'gatewayName', 'gatewayNamespace'],
  },
  'EdgeGateway.admitRoutesFrom': { call: namespace => new EdgeGateway(emptyChart(), 'Made', GATEWAY).admitRoutesFrom(namespace), good: { namespace: 'a' }, needed: ['namespace'], path: MADE },
  'EdgeGateway.shareRoutesWith': {
    call: gateway => new EdgeGateway(emptyChart(), 'Made', GATEWAY).shareRoutesWith(gateway), good: { gateway: EdgeGateway.fromAttributes({ gatewayName: 'a', gatewayNamespace: 'b' }) }, needed: ['gateway'], path: MADE,
  },
  'AlbBackend.service': {
    call: AlbBackend.service, needed: [options, 'serviceName', 'namespace', 'port'],
    good: {
      options: {
        serviceName: 'a', namespace: 'b', port: 80, protocol: BackendProtocol.HTTP, healthCheckPath: '/a', healthCheckPort: 'c', targetTypes: [TargetType.IP], drainDuration: Duration.seconds(5),
      },
    },
  },
  'ForwardTarget.backend': { call: ForwardTarget.backend, good: { backend: backend(), weight: 1 }, needed: ['backend'] },
  'ForwardTarget.service': { call: ForwardTarget.service, good: { serviceName: 'a', port: 80, weight: 1 }, needed: ['serviceName', 'port'] },
  'ForwardTarget.targetGroup': { call: ForwardTarget.targetGroup, good: { targetGroupArn: `${LOAD_BALANCER}:targetgroup/a/0123456789abcdef`, weight: 1 }, needed: ['targetGroupArn'] },
  'ForwardTarget.targetGroupName': { call: ForwardTarget.targetGroupName, good: { targetGroupName: 'a', weight: 1 }, needed: ['targetGroupName'] },
  'GatewayCertificate.selfSigned': { call: GatewayCertificate.selfSigned, good: { options: { duration: Duration.days(2), renewBefore: Duration.days(1) } } },
  'GatewayCertificate.issuedBy': {
    call: GatewayCertificate.issuedBy, good: { options: { duration: Duration.days(2), renewBefore: Duration.days(1), kind: IssuerKind.ISSUER, name: 'a', dnsNames: ['a.b'] } },
    needed: [options, 'kind', 'name'],
  },
  'GatewayWorkload.injected': { call: GatewayWorkload.injected, good: { options: INJECTED }, handedOn: KUBERNETES },
  'GatewayWorkload.fromAttributes': {
    call: GatewayWorkload.fromAttributes,
    good: {
      attributes: {
        namespace: 'a', service: 'b', labels: { c: 'd' }, httpPort: 81, httpsPort: 444, statusPortName: 'status', entry: GatewayEntry.ALB, targetTypes: [TargetType.IP], drainDuration: s(5),
      },
    },
    needed: ['attributes', 'namespace', 'service', 'labels'],
  },
  'GatewayWorkload.installed': { call: GatewayWorkload.installed, good: { options: INSTALLED }, handedOn: KUBERNETES },
  'InstalledGateway': { call: own => new InstalledGateway(own), good: { options: INSTALLED }, handedOn: KUBERNETES },
  'IngressGroup': { call: inChart(IngressGroup), good: { props: GROUP }, needed: ['props', 'groupName'], path: MADE },
  'IngressGroup, with other choices': { call: inChart(IngressGroup), good: { props: { groupName: 'a', wafv2AclName: 'b', inboundCidrs: ['10.0.0.0/8'], inboundPrefixLists: ['pl-01234567'] } }, path: MADE },
  'IngressGroup.fromName': { call: IngressGroup.fromName, good: { groupName: 'common' }, needed: ['groupName'] },
  'InjectedGateway': { call: inChart(InjectedGateway), good: { props: INJECTED }, path: MADE, handedOn: KUBERNETES },
  'Listener.http': { call: Listener.http, good: { port: 80, options: { attributes: HTTP_LISTENER } } },
  'Listener.https': {
    call: Listener.https, good: { port: 443, options: { attributes: LISTENER, clientCertificates: ClientCertificates.off() } }, needed: ['attributes.strictTransportSecurity.maxAge'],
  },
  'ListenerAction.forward': { call: ListenerAction.forward, good: { targets: [ForwardTarget.service('a', 80)], options: { stickiness: s(60) } }, needed: ['targets'] },
  'ListenerAction.redirect': {
    call: ListenerAction.redirect, good: { options: { host: 'a.b', path: '/a', port: 443, protocol: ListenerProtocol.HTTPS, query: 'c', permanent: false } }, needed: [options],
  },
  'ListenerAction.respond': { call: ListenerAction.respond, good: { status: 404, options: { contentType: ResponseContentType.TEXT_HTML, body: 'a' } }, needed: ['status'] },
  'ListenerCondition.hostHeader': { call: ListenerCondition.hostHeader, good: { values: ['a.b'] }, needed: ['values'] },
  'ListenerCondition.hostHeaderRegex': { call: ListenerCondition.hostHeaderRegex, good: { regexValues: ['a'] }, needed: ['regexValues'] },
  'ListenerCondition.path': { call: ListenerCondition.path, good: { values: ['/a'] }, needed: ['values'] },
  'ListenerCondition.pathRegex': { call: ListenerCondition.pathRegex, good: { regexValues: ['a'] }, needed: ['regexValues'] },
  'ListenerCondition.httpHeader': { call: ListenerCondition.httpHeader, good: { name: 'a', ...values }, needed: ['name', 'values'] },
  'ListenerCondition.httpHeaderRegex': { call: ListenerCondition.httpHeaderRegex, good: { name: 'a', regexValues: ['a'] }, needed: ['name', 'regexValues'] },
  'ListenerCondition.method': { call: ListenerCondition.method, good: { values: ['GET'] }, needed: ['values'] },
  'ListenerCondition.query': { call: ListenerCondition.query, good: { pairs: [{ key: 'a', value: 'b' }] }, needed: ['pairs', 'pairs[0].value'] },
  'ListenerCondition.sourceIp': { call: ListenerCondition.sourceIp, good: { cidrs: ['10.0.0.0/8'] }, needed: ['cidrs'] },
  'ListenerTransform.urlRewrite': { call: ListenerTransform.urlRewrite, good: { regex: 'a', replace: 'b' }, needed: ['regex', 'replace'] },
  'ListenerTransform.hostHeaderRewrite': { call: ListenerTransform.hostHeaderRewrite, good: { regex: 'a', replace: 'b' }, needed: ['regex', 'replace'] },
  'LogDestination.s3': { call: LogDestination.s3, good: { bucket: 'my-logs', prefix: 'edge' }, needed: ['bucket'] },
  'GatewayDisruptionBudget.maxUnavailable': { call: GatewayDisruptionBudget.maxUnavailable, good: { pods: 1, options: BUDGET }, needed: ['pods'] },
  'GatewayDisruptionBudget.maxUnavailablePercent': { call: GatewayDisruptionBudget.maxUnavailablePercent, good: { percent: 1, options: BUDGET }, needed: ['percent'] },
  'GatewayDisruptionBudget.minAvailable': { call: GatewayDisruptionBudget.minAvailable, good: { pods: 1, options: BUDGET }, needed: ['pods'] },
  'GatewayDisruptionBudget.minAvailablePercent': { call: GatewayDisruptionBudget.minAvailablePercent, good: { percent: 1, options: BUDGET }, needed: ['percent'] },
  'MinimumHealthyTargets.count': { call: MinimumHealthyTargets.count, good: { count: 1 }, needed: ['count'] },
  'MinimumHealthyTargets.percentage': { call: MinimumHealthyTargets.percentage, good: { percentage: 1 }, needed: ['percentage'] },
  'MinimumHealthyTargets.countAndPercentage': { call: MinimumHealthyTargets.countAndPercentage, good: { count: 1, percentage: 2 }, needed: ['count', 'percentage'] },
  'RulePath.exact': { call: RulePath.exact, good: { path: '/a' }, needed: ['path'] },
  'RulePath.prefix': { call: RulePath.prefix, good: { path: '/a' }, needed: ['path'] },
  'RulePath.pattern': { call: RulePath.pattern, good: { path: '/a' }, needed: ['path'] },
  'ServiceExposure.nodePort': { call: ServiceExposure.nodePort, good: { ports: { status: 30000, http: 30001, https: 30002 } }, needed: ['ports', 'status', 'http', 'https'] },
  'ServiceExposure.networkLoadBalancer': { call: ServiceExposure.networkLoadBalancer, good: { options: NLB } },
  'ServiceExposure.networkLoadBalancer, internal': { call: ServiceExposure.networkLoadBalancer, good: { options: INTERNAL_NLB } },
  'Stickiness.loadBalancerCookie': { call: Stickiness.loadBalancerCookie, good: { duration: s(60) } },
  'Stickiness.applicationCookie': { call: Stickiness.applicationCookie, good: { cookieName: 'a', duration: s(60) }, needed: ['cookieName'] },
  'TargetGroupBinding': {
    call: inChart(TargetGroupBinding),
    good: {
      props: {
        targetGroupArn: `${LOAD_BALANCER}:targetgroup/a/0123456789abcdef`, backend: backend(), targetType: TargetType.IP, allowFrom: [TargetGroupSource.cidr('10.0.0.0/8')], allowedPorts: [80],
        bindingName: 'a', controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER,
      },
    },
    needed: ['props', 'targetGroupArn', 'backend', ...BACKEND], path: MADE,
  },
  'TargetGroupSource.securityGroup': { call: TargetGroupSource.securityGroup, good: { groupId: 'sg-01234567' }, needed: ['groupId'] },
  'TargetGroupSource.cidr': { call: TargetGroupSource.cidr, good: { cidr: '10.0.0.0/8' }, needed: ['cidr'] },
};

/** Classes whose makers are tried beside their own tests: the folders that all is written to, and what others make. */
export const OTHER_CLASSES: readonly string[] = ['AlbIstioValidation', 'DeliveryApp', 'GitOpsApp', 'Subset'];

/** Makers that only the class itself calls, which JavaScript cannot tell, or whose arguments are what others made. */
export const OTHER_MAKERS: readonly string[] = ['LoadBalancing.hash', 'LoadBalancing.simple', 'LoadBalancing.warming', 'ObservabilityUi.addon', 'RouteTarget.splitElsewhere'];
