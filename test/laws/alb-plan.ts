// Plans of a load balancer: choices that the package has to accept, the class of its Ingress included.
import { Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { BackendProtocolVersion, IpAddressType } from '../../src/edge/alb/alb';
import { AlbAuth, UnauthenticatedRequest } from '../../src/edge/alb/auth';
import { ClientCertificates } from '../../src/edge/listener/client-certificates';
import { type AlbIngressClassProps } from '../../src/edge/alb/ingress-class';
import { ForwardTarget, ListenerAction } from '../../src/edge/listener/action';
import { ListenerCondition } from '../../src/edge/listener/condition';
import { type ListenerRuleOptions, RulePath } from '../../src/edge/listener/rule';
import { ListenerTransform } from '../../src/edge/listener/transform';
import { DesyncMitigationMode, LogDestination, XffHeaderProcessing } from '../../src/edge/alb/load-balancer-attributes';
import { type AlbOptions } from '../../src/edge/alb/options';
import { CrossZone, LoadBalancingAlgorithm, MinimumHealthyTargets, Stickiness } from '../../src/edge/alb/target-group-attributes';
import { AlbScheme, Listener, TargetType } from '../../src/index';
import { LEGAL } from './alb-settings';
import { certificate, dnsLabel, maybe, name, port, subnet } from './names';

const seconds = (min: number, max: number) => fc.integer({ min, max }).map(value => Duration.seconds(value));
const threshold = fc.integer({ min: 2, max: 10 });
const other = fc.dictionary(fc.stringMatching(/^new\.[a-z_]{1,9}\.[a-z]{1,9}$/), fc.stringMatching(/^[a-z,=\\ ]{1,9}$/).map(text => text.trim()), { maxKeys: 2, noNullPrototype: true });
const tag = fc.stringMatching(/^[A-Za-zé][A-Za-z0-9+._:/@-]{0,20}$/);
// Not one pattern with `?`: fast-check takes seconds to prepare that.
const tagValue = fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z0-9=+._:/@-]{1,20}$/));
const tags = fc.dictionary(tag, tagValue, { maxKeys: 4, noNullPrototype: true });
const oneOf = <T extends string>(set: Record<string, T>) => fc.constantFrom(...Object.values(set));
const logs = fc.constantFrom(LogDestination.s3('logs.example'), LogDestination.s3('logs', 'a/b'), LogDestination.off());
const partly = <T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }) => fc.record(model, { requiredKeys: [], noNullPrototype: true });
const networks = fc.uniqueArray(fc.oneof(fc.ipV4().map(address => `${address}/32`), fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '::/0')), { minLength: 1, maxLength: 3 });

const listener = fc.record({
  port,
  attributes: partly({
    serverHeader: fc.boolean(),
    contentSecurityPolicy: fc.constantFrom("default-src 'self'; img-src *", 'a, b=c\\d'),
    cors: partly({ allowOrigin: fc.constant('https://a.b'), allowMethods: fc.constant<string[]>(['GET', 'PUT']), maxAge: seconds(0, 86_400), allowCredentials: fc.boolean() }),
    other,
  }),
  hsts: maybe(seconds(0, 40_000_000)),
  clients: fc.constantFrom(undefined, ClientCertificates.off(), ClientCertificates.passthrough(), ClientCertificates.verify({ trustStore: 'clients', advertiseTrustStoreCaNames: true })),
});

const targets = fc.oneof(
  partly({ algorithm: fc.constant(LoadBalancingAlgorithm.ROUND_ROBIN), slowStart: seconds(30, 900), crossZone: fc.constant(CrossZone.OFF), other }),
  partly({ algorithm: fc.constant(LoadBalancingAlgorithm.LEAST_OUTSTANDING_REQUESTS), stickiness: seconds(1, 604_800).map(duration => Stickiness.applicationCookie('a', duration)), other }),
  fc.record({ algorithm: fc.constant(LoadBalancingAlgorithm.WEIGHTED_RANDOM), anomalyMitigation: fc.boolean(), stickiness: fc.constantFrom(Stickiness.off(), Stickiness.loadBalancerCookie()) }),
  fc.record({ unhealthyStateRouting: fc.integer({ min: 1, max: 100 }).map(MinimumHealthyTargets.percentage), dnsFailover: fc.constant(MinimumHealthyTargets.off()) }),
);

const login = { sessionTimeout: seconds(1, 604_800), scopes: fc.constant<string[]>(['openid', 'email']), onUnauthenticatedRequest: oneOf(UnauthenticatedRequest) };
const auth = fc.oneof(
  LEGAL.authIdpOidc.chain(({ authenticationRequestExtraParams: extraParams, ...oidc }) => partly(login).map(own => AlbAuth.oidc({ ...oidc, extraParams, ...own }))),
  LEGAL.jwtValidation.map(({ jwksEndpoint, issuer }) => AlbAuth.jwt({ jwksEndpoint, issuer })),
);

const action = fc.oneof(
  fc.tuple(LEGAL.frontendNlbHealthcheckSuccessCodes, fc.constantFrom(200, 404, 503)).map(([body, status]) => ListenerAction.respond(status, { body })),
  name.map(label => ListenerAction.redirect({ host: `${label}.elsewhere.test`, path: '/#{path}', query: 'a=#{query}' })),
  fc.integer({ min: 0, max: 999 }).map(weight => ListenerAction.forward([ForwardTarget.targetGroupName('a', weight), ForwardTarget.targetGroupName('b', 1)])),
);
const rule = fc.record({
  action,
  ownHost: fc.boolean(),
  path: fc.constantFrom(RulePath.exact('/a'), RulePath.prefix('/a/'), RulePath.pattern('/*/a?')),
  condition: fc.constantFrom(undefined, ListenerCondition.method(['GET']), ListenerCondition.sourceIp(['10.0.0.0/8']), ListenerCondition.query([{ value: 'a=b,c' }])),
  transform: fc.constantFrom(undefined, ListenerTransform.urlRewrite('^/(a|b)', '/$1')),
});

/** What a class may decide. */
const DECIDABLE = [
  'scheme', 'ipAddressType', 'loadBalancerName', 'certificateArns', 'sslPolicy', 'inboundCidrs', 'inboundPrefixLists', 'wafv2AclArn', 'wafv2AclName', 'minimumCapacityUnits', 'ipamIpv4PoolId',
] as const;

export const albPlan = fc.record({
  /** As they go in, whatever the listeners and targets are. */
  options: partly<AlbOptions>({
    scheme: oneOf(AlbScheme),
    ipAddressType: oneOf(IpAddressType),
    subnets: fc.uniqueArray(subnet, { minLength: 2, maxLength: 4 }),
    loadBalancerName: name,
    group: LEGAL.groupName.map(groupName => ({ groupName })),
    groupOrder: LEGAL.groupOrder,
    attributes: partly({
      idleTimeout: seconds(1, 4000), dropInvalidHeaderFields: fc.boolean(), desyncMitigationMode: oneOf(DesyncMitigationMode), xffHeaderProcessing: oneOf(XffHeaderProcessing),
      accessLogs: logs, connectionLogs: logs, deletionProtection: fc.boolean(), other,
    }),
    minimumCapacityUnits: fc.integer({ min: 0, max: 999_999_999 }),
    ipamIpv4PoolId: LEGAL.ipamIpv4PoolId,
    customerOwnedIpv4Pool: LEGAL.customerOwnedIpv4Pool,
    tags,
    shieldAdvancedProtection: fc.boolean(),
    targetGroupAttributes: targets,
    multiClusterTargetGroup: fc.boolean(),
    dnsTtl: seconds(1, 1000),
    healthCheck: fc.record({ interval: seconds(100, 300), timeout: seconds(2, 99), healthyThreshold: threshold, unhealthyThreshold: maybe(threshold) }),
  }),
  acl: fc.oneof(LEGAL.wafv2AclArn.map(wafv2AclArn => ({ wafv2AclArn })), LEGAL.wafv2AclName.map(wafv2AclName => ({ wafv2AclName })), fc.constant({})),
  doors: fc.oneof(
    partly({ inboundCidrs: networks, inboundPrefixLists: LEGAL.securityGroupPrefixLists.map(all => [...all]) }),
    fc.record({ securityGroups: LEGAL.securityGroups.map(all => [...all]), manageBackendSecurityGroupRules: maybe(fc.boolean()) }),
  ),
  secure: maybe(fc.uniqueArray(listener, { minLength: 1, maxLength: 3, selector: each => each.port })),
  plain: maybe(fc.uniqueArray(listener, { minLength: 1, maxLength: 2, selector: each => each.port })),
  tls: partly<AlbOptions>({ sslPolicy: LEGAL.sslPolicy, auth, protocolVersion: oneOf(BackendProtocolVersion) }),
  certificates: fc.oneof(
    fc.uniqueArray(certificate, { minLength: 1, maxLength: 3 }).map(certificateArns => ({ certificateArns })),
    maybe(LEGAL.acmPcaArn).map(certificateAuthorityArn => ({ createCertificate: true, certificateAuthorityArn })),
    fc.constant({}),
  ),
  delay: maybe(fc.double({ min: 0, max: 1, noNaN: true })),
  nodeLabels: maybe(fc.constant({ 'node.example.com/pool': 'edge' })),
  controlPort: maybe(port),
  frontendNlb: maybe(fc.record({
    options: partly({ scheme: fc.constant(AlbScheme.INTERNAL), subnets: fc.constant<string[]>(['a', 'b']), securityGroups: LEGAL.frontendNlbSecurityGroups.map(all => [...all]), tags }),
    nlbPort: maybe(port),
  })),
  rules: fc.array(rule, { maxLength: 3 }),
  /** How the class is known, and what it decides instead of the Ingress. */
  ingressClass: maybe(fc.record({ className: dnsLabel, named: fc.boolean(), decided: fc.subarray([...DECIDABLE, 'subnets', 'group', 'sslRedirect', 'tags', 'attributes']) })),
});

/** What the arbitrary makes. */
export type AlbPlan = typeof albPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** Choices that fit together, and the props of the class that has some of them instead. */
export interface AlbChoices {
  readonly options: AlbOptions;
  readonly ofClass: AlbIngressClassProps;
}

/** Makes choices from a plan, for a gateway that drains for some seconds and is registered in a way. */
export function choicesOf(plan: AlbPlan, targetType: TargetType, drainSeconds: number): AlbChoices {
  const taken = new Set(plan.secure?.map(each => each.port));
  const plain = plan.plain?.filter(each => !taken.has(each.port)).map(each => Listener.http(each.port, { attributes: each.attributes })) ?? [];
  const secure = plan.secure?.map(({ hsts, attributes, clients, port: number }) => Listener.https(number, {
    attributes: { ...attributes, strictTransportSecurity: hsts && { maxAge: hsts } }, clientCertificates: clients,
  }));
  const isUsual = plain.length === 0 && secure === undefined;
  const listeners = isUsual ? undefined : [...plain, ...secure ?? []];
  const hasTls = isUsual || secure !== undefined;
  // The health check of a frontend NLB has no client certificate.
  const { nlbPort, options: nlb } = listeners?.every(each => each._verifies) ? {} : plan.frontendNlb ?? {};
  const options: Record<string, unknown> & AlbOptions = {
    ...plan.options, ...plan.acl, ...plan.doors, listeners,
    groupOrder: plan.options.group && (plan.options.groupOrder ?? 0),
    ...hasTls ? { ...plan.tls, ...plan.certificates } : {},
    deregistrationDelay: plan.delay === undefined ? undefined : Duration.seconds(Math.floor(plan.delay * Math.min(drainSeconds, 3600))),
    targetNodeLabels: targetType === TargetType.INSTANCE ? plan.nodeLabels : undefined,
    targetControlPort: targetType === TargetType.IP ? plan.controlPort : undefined,
    frontendNlb: nlb && { ...nlb, portMapping: nlbPort === undefined ? undefined : [{ nlbPort, albPort: listeners?.[0].port ?? 80 }] },
  };
  const { decided = [], named = true } = plan.ingressClass ?? {};
  const ofClass: Record<string, unknown> = {};
  if (!named) {
    DECIDABLE.filter(option => decided.includes(option) && options[option] !== undefined).forEach(option => {
      ofClass[option] = options[option];
      Object.assign(options, { [option]: undefined });
    });
    decide(decided, options, ofClass, hasTls ? secure?.[0].port ?? 443 : undefined);
  }
  return { options, ofClass };
}

/** The props of a class that are not those of a load balancer under another scope. */
function decide(decided: readonly string[], options: Record<string, unknown> & AlbOptions, ofClass: Record<string, unknown>, httpsPort: number | undefined): void {
  const { subnets, group, tags: own, attributes } = options;
  if (decided.includes('subnets') && subnets?.every(id => id.startsWith('subnet-'))) {
    ofClass.subnetIds = subnets;
    Object.assign(options, { subnets: undefined });
  }
  if (decided.includes('group') && group) {
    ofClass.groupName = group.groupName;
    Object.assign(options, { group: undefined });
  }
  Object.assign(ofClass, {
    sslRedirectPort: decided.includes('sslRedirect') ? httpsPort : undefined,
    tags: decided.includes('tags') ? own : undefined,
    attributes: decided.includes('attributes') ? attributes : undefined,
  });
  // What the class decides of a map, an Ingress may not say again.
  Object.assign(options, { tags: decided.includes('tags') ? undefined : own, attributes: decided.includes('attributes') ? undefined : attributes });
}

/** The options of a rule. */
export function ruleOf({ ownHost, condition, transform, ...rest }: AlbPlan['rules'][number], host: string): ListenerRuleOptions {
  return { ...rest, hosts: ownHost ? [host] : undefined, conditions: condition && [condition], transforms: transform && [transform] };
}
