// Legal values of every row of the annotation table; the compiler demands one for each.
import * as fc from 'fast-check';
import type { AlbSettings } from '../../src/base/alb-annotations/annotations';
import type { ActionSettings, RuleCondition, RuleTransform } from '../../src/base/alb-annotations/rule';
import * as words from '../../src/base/alb-annotations/words';
import { certificate, name, port, subnet } from './names';

const oneOf = <T extends string>(set: Record<string, T>) => fc.constantFrom(...Object.values(set));
const code = fc.integer({ min: 200, max: 499 });
const codes = fc.array(fc.oneof(code.map(String), fc.tuple(code, code).map(([from, to]) => `${from}-${to}`)), { minLength: 1 }).map(all => all.join(','));
const path = fc.stringMatching(/^\/[!-~]{0,40}$/);
const trimmed = fc.string({ unit: 'grapheme' }).map(text => text.replace(/^[\s\x85]+|[\s\x85]+$/g, ''));
const texts = fc.dictionary(trimmed.filter(key => key !== '' && !key.includes('=')), trimmed, { noNullPrototype: true });
const upTo = (max: number) => fc.oneof(fc.string({ minLength: 1, maxLength: max, unit: 'grapheme' }).filter(text => text.length <= max), fc.constant('a'.repeat(max)));
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const securityGroup = fc.oneof(fc.oneof(hex(8), hex(17)).map(id => `sg-${id}`), name.filter(tag => !tag.startsWith('sg-')));
const several = (item: fc.Arbitrary<string>, minLength = 1) => fc.uniqueArray(item, { minLength, maxLength: 5 });
const domain = fc.domain();
const url = fc.tuple(domain, fc.stringMatching(/^(\/[a-z0-9]{0,9})?$/)).map(([host, rest]) => `https://${host}${rest}`);
const cidr = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
  fc.tuple(fc.ipV6().filter(address => !address.includes('.')), fc.integer({ min: 0, max: 128 })),
).map(([address, bits]) => `${address}/${bits}`);
const account = fc.stringMatching(/^\d{12}$/);
const arn = (service: string, resource: fc.Arbitrary<string>) => fc.tuple(account, resource).map(([own, rest]) => `arn:aws:${service}:eu-west-1:${own}:${rest}`);
const targetGroupArn = arn('elasticloadbalancing', fc.tuple(name, hex(16)).map(([own, id]) => `targetgroup/${own}/${id}`));
const extraParams = fc.dictionary(name, upTo(9), { maxKeys: 10, noNullPrototype: true });

/** An object some of whose properties may be left out, and then are not there. */
function partly<T extends object, K extends keyof T>(model: { [P in keyof T]: fc.Arbitrary<T[P]> }, requiredKeys: readonly K[]): fc.Arbitrary<Pick<T, K> & Partial<T>> {
  return fc.record(model, { requiredKeys: [...requiredKeys], noNullPrototype: true }) as fc.Arbitrary<Pick<T, K> & Partial<T>>;
}

const ours = fc.record({ serviceName: name, servicePort: fc.oneof(name, port) });
const target = fc.oneof(ours, fc.record({ targetGroupARN: targetGroupArn }), fc.record({ targetGroupName: name }));
const weight = fc.integer({ min: 0, max: 999 });

const action: fc.Arbitrary<ActionSettings> = fc.oneof(
  partly({
    targetGroups: fc.oneof(fc.tuple(target), fc.array(fc.tuple(target, weight).map(([own, share]) => ({ ...own, weight: share })), { minLength: 1, maxLength: 5 })),
    targetGroupStickinessConfig: partly({ enabled: fc.boolean(), durationSeconds: fc.integer({ min: 1, max: 604800 }) }, []),
  }, ['targetGroups']).map(forwardConfig => ({ type: 'forward' as const, forwardConfig })),
  partly({
    host: upTo(128),
    path: upTo(127).map(rest => `/${rest}`),
    port: fc.oneof(port.map(String), fc.constant('#{port}')),
    protocol: fc.constantFrom('HTTP', 'HTTPS', '#{protocol}'),
    query: fc.oneof(upTo(128), fc.constant('')),
    statusCode: fc.constantFrom('HTTP_301', 'HTTP_302'),
  }, ['statusCode']).map(redirectConfig => ({ type: 'redirect' as const, redirectConfig })),
  partly({
    contentType: fc.constantFrom('text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'),
    messageBody: fc.oneof(upTo(1024), fc.constant('')),
    statusCode: fc.stringMatching(/^[245]\d\d$/),
  }, ['statusCode']).map(fixedResponseConfig => ({ type: 'fixed-response' as const, fixedResponseConfig })),
);

const values = fc.array(upTo(128), { minLength: 1, maxLength: 3 });
const eitherValues = fc.oneof(fc.record({ values }), fc.record({ regexValues: values }));
const header = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/).filter(text => text.toLowerCase() !== 'host');

const condition: fc.Arbitrary<RuleCondition> = fc.oneof(
  eitherValues.map(hostHeaderConfig => ({ field: 'host-header' as const, hostHeaderConfig })),
  eitherValues.map(pathPatternConfig => ({ field: 'path-pattern' as const, pathPatternConfig })),
  fc.tuple(header, eitherValues).map(([httpHeaderName, rest]) => ({ field: 'http-header' as const, httpHeaderConfig: { httpHeaderName, ...rest } })),
  fc.array(fc.stringMatching(/^[A-Z_-]{1,40}$/), { minLength: 1 }).map(methods => ({ field: 'http-request-method' as const, httpRequestMethodConfig: { values: methods } })),
  fc.array(partly({ key: upTo(128), value: upTo(128) }, ['value']), { minLength: 1, maxLength: 3 })
    .map(pairs => ({ field: 'query-string' as const, queryStringConfig: { values: pairs } })),
  fc.array(cidr, { minLength: 1, maxLength: 5 }).map(ranges => ({ field: 'source-ip' as const, sourceIPConfig: { values: ranges } })),
);

const rewrites = fc.array(fc.record({ regex: upTo(1024), replace: fc.oneof(upTo(1024), fc.constant('')) }), { minLength: 1, maxLength: 3 });
const transform: fc.Arbitrary<RuleTransform> = fc.oneof(
  rewrites.map(own => ({ type: 'url-rewrite' as const, urlRewriteConfig: { rewrites: own } })),
  rewrites.map(own => ({ type: 'host-header-rewrite' as const, hostHeaderRewriteConfig: { rewrites: own } })),
);

const family = <T>(member: fc.Arbitrary<T>, key: fc.Arbitrary<string> = name) => fc.dictionary(key, member, { minKeys: 1, maxKeys: 3, noNullPrototype: true });
const claim = fc.record({
  format: fc.constantFrom('single-string' as const, 'string-array' as const, 'space-separated-values' as const),
  name: upTo(20).filter(text => !['exp', 'iss', 'nbf', 'iat'].includes(text)),
  values: fc.array(upTo(256), { minLength: 1, maxLength: 10 }),
});
const clientCertificates = fc.oneof(
  fc.record({ port, mode: fc.constantFrom(words.MutualAuthenticationMode.OFF, words.MutualAuthenticationMode.PASSTHROUGH) }),
  partly({
    port,
    mode: fc.constant(words.MutualAuthenticationMode.VERIFY),
    trustStore: upTo(40),
    ignoreClientCertificateExpiry: fc.boolean(),
    advertiseTrustStoreCaNames: oneOf(words.AdvertiseTrustStoreCaNames),
  }, ['port', 'mode', 'trustStore']),
);
const seconds = { interval: fc.integer({ min: 5, max: 300 }), timeout: fc.integer({ min: 2, max: 120 }), threshold: fc.integer({ min: 2, max: 10 }) };

/** Legal values of every row. */
export const LEGAL: { readonly [P in keyof AlbSettings]-?: fc.Arbitrary<NonNullable<AlbSettings[P]>> } = {
  groupName: fc.stringMatching(/^([a-z0-9][-a-z0-9.]{0,61})?[a-z0-9]$/),
  groupOrder: fc.integer({ min: -1000, max: 1000 }),
  loadBalancerName: fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/).filter(text => !text.startsWith('internal-')),
  scheme: oneOf(words.AlbScheme),
  ipAddressType: oneOf(words.IpAddressType),
  subnets: several(subnet, 2),
  customerOwnedIpv4Pool: fc.stringMatching(/^ipv4pool-coip-[a-zA-Z0-9]{1,242}$/),
  ipamIpv4PoolId: fc.stringMatching(/^ipam-pool-[a-zA-Z0-9]{1,300}$/),
  loadBalancerAttributes: texts,
  minimumLoadBalancerCapacity: fc.nat().map(units => ({ CapacityUnits: String(units % 1e9) })),
  tags: texts,
  wafv2AclArn: fc.oneof(fc.constant('none'), arn('wafv2', fc.tuple(name, fc.uuid()).map(([own, id]) => `regional/webacl/${own}/${id}`))),
  wafv2AclName: fc.stringMatching(/^[A-Za-z0-9_-]{1,128}$/),
  shieldAdvancedProtection: fc.boolean(),
  securityGroups: several(securityGroup),
  manageBackendSecurityGroupRules: fc.boolean(),
  inboundCidrs: several(cidr),
  securityGroupPrefixLists: several(hex(17).map(id => `pl-${id}`)),
  listenPorts: fc.uniqueArray(fc.record({ protocol: oneOf(words.ListenerProtocol), port }), { minLength: 1, selector: each => each.port }),
  sslRedirect: port,
  certificateArns: several(certificate),
  sslPolicy: fc.stringMatching(/^ELBSecurityPolicy-[A-Za-z0-9-]{1,20}$/),
  mutualAuthentication: fc.uniqueArray(clientCertificates, { minLength: 1, maxLength: 3, selector: each => each.port }),
  listenerAttributes: family(texts, fc.tuple(oneOf(words.ListenerProtocol), port).map(([protocol, number]) => `${protocol}-${number}`)),
  createAcmCert: fc.boolean(),
  acmPcaArn: arn('acm-pca', fc.uuid().map(id => `certificate-authority/${id}`)),
  targetType: oneOf(words.TargetType),
  targetNodeLabels: texts,
  backendProtocol: oneOf(words.BackendProtocol),
  backendProtocolVersion: oneOf(words.BackendProtocolVersion),
  targetGroupAttributes: texts,
  healthcheckPort: fc.oneof(port.map(String), name, fc.constant('traffic-port')),
  healthcheckProtocol: oneOf(words.BackendProtocol),
  healthcheckPath: path,
  healthcheckIntervalSeconds: seconds.interval,
  healthcheckTimeoutSeconds: seconds.timeout,
  healthyThresholdCount: seconds.threshold,
  unhealthyThresholdCount: seconds.threshold,
  successCodes: fc.oneof(codes, fc.stringMatching(/^\d{1,2}(-\d{1,2})?(,\d{1,2})*$/)),
  multiClusterTargetGroup: fc.boolean(),
  targetControlPorts: family(port, fc.tuple(name, fc.oneof(name, port)).map(([service, own]) => `${service}.${own}`)),
  authType: oneOf(words.AuthType),
  authIdpCognito: partly({
    userPoolARN: arn('cognito-idp', name.map(pool => `userpool/${pool}`)),
    userPoolClientID: upTo(30),
    userPoolDomain: name,
    authenticationRequestExtraParams: extraParams,
  }, ['userPoolARN', 'userPoolClientID', 'userPoolDomain']),
  authIdpOidc: partly({
    issuer: url,
    authorizationEndpoint: url,
    tokenEndpoint: url,
    userInfoEndpoint: url,
    secretName: name,
    authenticationRequestExtraParams: extraParams,
  }, ['issuer', 'authorizationEndpoint', 'tokenEndpoint', 'userInfoEndpoint', 'secretName']),
  authOnUnauthenticatedRequest: oneOf(words.UnauthenticatedRequest),
  authScope: fc.array(fc.stringMatching(/^[a-z.]{1,9}$/), { minLength: 1 }).map(scopes => scopes.join(' ')),
  authSessionCookie: fc.stringMatching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,20}$/),
  authSessionTimeout: fc.integer({ min: 1, max: 604800 }),
  jwtValidation: partly({
    jwksEndpoint: url.filter(text => text.length <= 256),
    issuer: upTo(256),
    additionalClaims: fc.array(claim, { minLength: 1, maxLength: 3 }),
  }, ['jwksEndpoint', 'issuer']),
  actions: family(action),
  conditions: family(fc.array(condition, { minLength: 1, maxLength: 3 })),
  transforms: family(fc.uniqueArray(transform, { minLength: 1, maxLength: 2, selector: each => each.type })),
  useRegexPathMatch: fc.boolean(),
  enableFrontendNlb: fc.boolean(),
  frontendNlbScheme: oneOf(words.AlbScheme),
  frontendNlbSubnets: several(subnet),
  frontendNlbSecurityGroups: several(securityGroup),
  frontendNlbListenerPortMapping: fc.dictionary(port.map(String), port.map(String), { noNullPrototype: true }),
  frontendNlbEipAllocations: several(hex(17).map(id => `eipalloc-${id}`)),
  frontendNlbHealthcheckPort: fc.oneof(port.map(String), fc.constant('traffic-port')),
  frontendNlbHealthcheckProtocol: oneOf(words.BackendProtocol),
  frontendNlbHealthcheckPath: path,
  frontendNlbHealthcheckIntervalSeconds: seconds.interval,
  frontendNlbHealthcheckTimeoutSeconds: seconds.timeout,
  frontendNlbHealthcheckHealthyThresholdCount: seconds.threshold,
  frontendNlbHealthcheckUnhealthyThresholdCount: seconds.threshold,
  frontendNlbHealthcheckSuccessCodes: codes,
  frontendNlbAttributes: texts,
  frontendNlbTags: texts,
};
