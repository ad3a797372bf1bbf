// What keeps the edge closed: one door, one trusted proxy, certificates that are verified. One sentence per failure mode.
import { App, Chart } from 'cdk8s';
import { ClientCertificates } from '../../src/edge/listener/client-certificates';
import { type AlbIngressClassProps } from '../../src/edge/alb/ingress-class';
import { XffHeaderProcessing } from '../../src/edge/alb/load-balancer-attributes';
import { type AlbOptions } from '../../src/edge/alb/options';
import {
  AlbIngressClass, AlbScheme, AuthorizationAction, AuthorizationPolicy, AuthorizationRule, Caller, GatewayWorkload, Listener, Operation, PolicyScope,
  RequestAuthentication, RouteTarget, ServiceExposure,
} from '../../src/index';
import { decodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';
import { ACL, BEHIND_ALB, BEHIND_NLB, CART, DEFAULT, DEPLOYED, EDGES, each, edge, group, Made, PREFIX } from './edges';

const alb = (options: AlbOptions) => new Made('alb', edge({ alb: options }));
const refusedAlb = (options: AlbOptions) => refusal(() => alb(options));

function ofClass(decided: AlbIngressClassProps, options: AlbOptions = {}): Made {
  const app = new App();
  return new Made('of a class', edge({ alb: { ...options, ingressClass: new AlbIngressClass(new Chart(app, 'platform'), 'Class', decided) } }, app));
}

test('a gateway with an ALB has no load balancer of its own, and the other way round (E083)', () => {
  each(DEPLOYED, made => made.only('Service').spec.type === 'LoadBalancer', () => false);
  each(BEHIND_NLB, made => made.of('Ingress'), () => []);
  const own = GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer() });
  expect(refusal(() => edge({ workload: own, alb: { scheme: AlbScheme.INTERNAL } }))).toMatchObject({ prop: 'alb' });
});

test('a Gateway lists namespaces, never all of them (E086)', () => {
  each(EDGES, made => made.servers.flatMap(({ hosts }) => hosts).filter((host: string) => !/^[a-z0-9-]+\/.+$/.test(host)), () => []);
  expect(refusal(() => edge({ gateway: { credentialName: 'tls', admittedNamespaces: ['*'] } }))).toMatchObject({ prop: 'admittedNamespaces[0]' });
});

test('nobody can join the load balancer unless group says so (E087)', () => {
  each(BEHIND_ALB, made => made.annotations['group.name'], made => (made.name === 'a group' ? 'shop' : undefined));
  expect(theOnly(ofClass({ groupName: 'shop', namespaceLabels: { team: 'shop' } }).edge.node.root, 'IngressClassParams').spec)
    .toMatchObject({ group: { name: 'shop' }, namespaceSelector: { matchLabels: { team: 'shop' } } });
});

test('an Ingress never escapes its class by the old annotation (E088)', () => {
  each(BEHIND_ALB, made => 'kubernetes.io/ingress.class' in made.only('Ingress').metadata.annotations!, () => false);
  expect(ofClass({ className: 'platform' }).only('Ingress').spec.ingressClassName).toBe('platform');
});

test('the redirect port of a class is a number (E089)', () => {
  expect(refusal(() => ofClass({ sslRedirectPort: 'https' as never }))).toMatchObject({ prop: 'sslRedirectPort', value: 'https' });
  expect(theOnly(ofClass({ sslRedirectPort: 443 }).edge.node.root, 'IngressClassParams').spec.sslRedirectPort).toBe('443');
});

test('one proxy is trusted, and the ALB appends, unless trustedProxies or xffHeaderProcessing says otherwise (E090)', () => {
  each(DEPLOYED, made => made.proxyConfig.gatewayTopology.numTrustedProxies, made => (made.name === 'two proxies' ? 2 : 1));
  each(BEHIND_ALB, made => made.attributes.filter(attribute => /xff_header/.test(attribute)), () => []);
  expect(alb({ attributes: { xffHeaderProcessing: XffHeaderProcessing.REMOVE } }).attributes).toContain('routing.http.xff_header_processing.mode=remove');
  expect(refusedAlb({ attributes: { other: { 'routing.http.xff_header_processing.mode': 'preserve' } } }).prop).toContain('xff_header_processing');
});

test('a gateway takes no client certificate from a header, and no option changes that (E092)', () => {
  each([...DEPLOYED, ...BEHIND_NLB], made => made.proxyConfig.gatewayTopology.forwardClientCertDetails, () => 'SANITIZE_SET');
  expect(refusal(() => edge({ workload: GatewayWorkload.injected({ podAnnotations: { 'proxy.istio.io/config': '{}' } }) }))).toMatchObject({ prop: 'podAnnotations.proxy.istio.io/config' });
});

test('client certificates are verified on an HTTPS listener with the same port (E094)', () => {
  const { annotations, ports } = alb({ listeners: [Listener.http(), Listener.https(8443, { clientCertificates: ClientCertificates.verify({ trustStore: 'clients' }) })] });
  expect(JSON.parse(annotations['mutual-authentication'])).toEqual([{ port: 8443, mode: 'verify', trustStore: 'clients' }]);
  expect(ports).toContainEqual({ HTTPS: 8443 });
  expect(refusal(() => Listener.http(80, { clientCertificates: ClientCertificates.passthrough() } as never))).toMatchObject({ prop: 'clientCertificates' });
});

test('verification has a trust store, and unverified certificates require an explicit option (E095)', () => {
  expect(refusal(() => ClientCertificates.verify({ trustStore: '' }))).toMatchObject({ prop: 'trustStore' });
  expect(ClientCertificates.passthrough()._render(443)).toEqual({ port: 443, mode: 'passthrough' });
  expect(ClientCertificates.off()._render(443)).toEqual({ port: 443, mode: 'off' });
  expect(DEFAULT.annotations).not.toHaveProperty('mutual-authentication');
});

test.each<[string, AlbOptions]>([
  ['inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }], ['inboundPrefixLists', { inboundPrefixLists: ['pl-0a1b2c3d'] }],
])('%s are refused beside security groups, which would win (E096)', (prop, options) => {
  expect(refusedAlb({ ...options, securityGroups: ['sg-0a1b2c3d'] })).toMatchObject({ prop });
  expect(refusal(() => ofClass(options as AlbIngressClassProps, { securityGroups: ['sg-0a1b2c3d'] }))).toMatchObject({ prop: 'securityGroups' });
});

test.each<[string, AlbOptions]>([
  ['inboundCidrs', { inboundCidrs: ['10.0.0.0/8'] }], ['inboundPrefixLists', { inboundPrefixLists: ['pl-0a1b2c3d'] }],
])('%s of one member of a group are refused beside security groups of another (E096)', (prop, options) => {
  expect(refusal(() => group(options, { securityGroups: ['sg-0a1b2c3d'] }))).toMatchObject({ prop: 'securityGroups' });
  expect(refusal(() => group({ securityGroups: ['sg-0a1b2c3d'] }, options))).toMatchObject({ prop });
  expect(() => group(options, {})).not.toThrow();
});

test('HTTPS speaks TLS 1.2 or later unless sslPolicy says otherwise (E097)', () => {
  const https = BEHIND_ALB.filter(({ ports }) => ports.some(port => 'HTTPS' in port));
  each(https, made => made.annotations['ssl-policy'], () => 'ELBSecurityPolicy-TLS13-1-2-2021-06');
  expect(alb({ sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }).annotations['ssl-policy']).toBe('ELBSecurityPolicy-TLS13-1-3-2021-06');
});

test('a web ACL is one of WAFv2, named once (E099)', () => {
  const globally = ACL.replace('regional', 'global');
  expect(refusedAlb({ wafv2AclArn: globally })).toMatchObject({ prop: 'wafv2AclArn', value: globally });
  expect(refusedAlb({ wafv2AclArn: '6d3b1c9e-1f3a-4b5c-8d7e-9f0a1b2c3d4e' })).toMatchObject({ prop: 'wafv2AclArn' });
  expect(refusedAlb({ wafv2AclArn: ACL, wafv2AclName: 'edge' })).toMatchObject({ prop: 'wafv2AclName' });
  expect(refusal(() => ofClass({ wafv2AclArn: ACL }, { wafv2AclName: 'edge' }))).toMatchObject({ prop: 'wafv2AclName' });
  expect(refusal(() => group({ wafv2AclArn: ACL }, { wafv2AclName: 'edge' }))).toMatchObject({ prop: 'wafv2AclName', path: 'edge-1/Alb' });
  const classic = { [`${PREFIX}waf-acl-id`]: 'a', [`${PREFIX}web-acl-id`]: 'a' };
  expect(decodeAlbAnnotations(classic).settings).toEqual({});
});

test('invalid headers are dropped unless dropInvalidHeaderFields is false (E107)', () => {
  each(BEHIND_ALB, made => made.attributes, () => expect.arrayContaining(['routing.http.drop_invalid_header_fields.enabled=true']));
  expect(alb({ attributes: { dropInvalidHeaderFields: false } }).attributes).toEqual(['routing.http.drop_invalid_header_fields.enabled=false']);
});

/** A policy that denies what the callers ask. */
function denial(scope: PolicyScope, ...from: Caller[]): AuthorizationPolicy {
  return new AuthorizationPolicy(emptyChart(), 'Denial', { scope, action: AuthorizationAction.DENY, rules: [AuthorizationRule.of({ from })] });
}

const BLOCKED = ['203.0.113.0/24'];

test('a rule of a gateway behind an ALB asks for no identity of the mesh (E043)', () => {
  const gateway = PolicyScope.gateway(edge().workload);
  expect(refusal(() => denial(gateway, Caller.namespaces(['shop'])))).toMatchObject({ prop: 'rules[0].from[0]', value: 'the identity of the peer' });
  expect(refusal(() => denial(gateway, Caller.serviceAccount('shop', 'cart')))).toMatchObject({ prop: 'rules[0].from[0]' });
  expect(refusal(() => new AuthorizationPolicy(emptyChart(), 'None', { scope: gateway, rules: [] }))).toMatchObject({ prop: 'rules' });
});

test('the gateway is let in by the account that its pods run as (E044)', () => {
  const made = edge({ zeroTrust: {} });
  made.addRoute('A', { target: RouteTarget.workload(CART) });
  const { namespace, name } = theOnly(made, 'ServiceAccount').metadata;
  expect(theOnly(made, 'Deployment').spec.template.spec.serviceAccountName).toBe(name);
  expect(synthesized(made, 'AuthorizationPolicy', `${made.edgeName}-cart`).map(({ spec }) => spec.rules))
    .toEqual([[{ from: [{ source: { principals: [`cluster.local/ns/${namespace}/sa/${name}`] } }] }]]);
});

test('a token that the ALB signs is not validated in the mesh, which cannot (E045)', () => {
  const jwtRules = [{ issuer: 'https://a.b', jwksUri: 'https://a.b/keys', fromHeaders: [{ name: 'x-amzn-oidc-data' }] }];
  expect(refusal(() => new RequestAuthentication(emptyChart(), 'Login', { scope: PolicyScope.gateway(edge().workload), jwtRules })))
    .toMatchObject({ prop: 'jwtRules[0].fromHeaders[0].name', value: 'x-amzn-oidc-data' });
});

test('a rule about client addresses is one of the gateway, about the address behind the ALB (E091)', () => {
  const gateway = PolicyScope.gateway(edge().workload);
  expect(refusal(() => denial(gateway, Caller.ipBlocks(BLOCKED)))).toMatchObject({ prop: 'rules[0].from[0]', value: 'the address of the peer' });
  expect(refusal(() => denial(PolicyScope.workload(CART), Caller.remoteIpBlocks(BLOCKED)))).toMatchObject({ prop: 'rules[0].from[0]' });
  expect(() => denial(gateway, Caller.remoteIpBlocks(BLOCKED))).not.toThrow();
});

test('a rule about a host holds with a port behind the name, too (E103)', () => {
  const chart = emptyChart();
  const rules = [AuthorizationRule.of({ to: [Operation.hosts(['admin.example.com'])] })];
  new AuthorizationPolicy(chart, 'Admin', { scope: PolicyScope.gateway(edge().workload), action: AuthorizationAction.DENY, rules });
  expect(theOnly(chart, 'AuthorizationPolicy').spec.rules[0].to[0].operation.hosts).toEqual(['admin.example.com', 'admin.example.com:*']);
});
