// One value of every row of the annotation table, with the annotation that it must become, letter for letter.
import type { AlbSettings } from '../../../src/base/alb-annotations/annotations';
import * as words from '../../../src/base/alb-annotations/words';

type Golden = { readonly [P in keyof AlbSettings]-?: readonly [value: NonNullable<AlbSettings[P]>, key: string, text: string] };

const CERTIFICATES = ['arn:aws:acm:us-east-1:123456789012:certificate/a', 'arn:aws:iam::123456789012:server-certificate/b'];
const WEB_ACL = 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge/0a1b2c3d';
const PCA = 'arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/0a1b2c3d';
const POOL = { userPoolARN: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a', userPoolClientID: 'c', userPoolDomain: 'd' };
const OIDC = { issuer: 'https://a.example', authorizationEndpoint: 'https://a.example/auth', tokenEndpoint: 'https://a.example/token' };

/** Value, key after the prefix, and text. */
export const GOLDEN: Golden = {
  groupName: ['shared.edge', 'group.name', 'shared.edge'],
  groupOrder: [-10, 'group.order', '-10'],
  loadBalancerName: ['shop', 'load-balancer-name', 'shop'],
  scheme: [words.AlbScheme.INTERNET_FACING, 'scheme', 'internet-facing'],
  ipAddressType: [words.IpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4, 'ip-address-type', 'dualstack-without-public-ipv4'],
  subnets: [['subnet-0a1b2c3d', 'public 1b'], 'subnets', 'subnet-0a1b2c3d,public 1b'],
  customerOwnedIpv4Pool: ['ipv4pool-coip-1a', 'customer-owned-ipv4-pool', 'ipv4pool-coip-1a'],
  ipamIpv4PoolId: ['ipam-pool-1a', 'ipam-ipv4-pool-id', 'ipam-pool-1a'],
  loadBalancerAttributes: [{ 'routing.http2.enabled': 'true', 'access_logs.s3.prefix': 'a,b' }, 'load-balancer-attributes', 'access_logs.s3.prefix=a\\,b,routing.http2.enabled=true'],
  minimumLoadBalancerCapacity: [{ CapacityUnits: '1000' }, 'minimum-load-balancer-capacity', 'CapacityUnits=1000'],
  tags: [{ team: 'edge', path: 'a\\b', empty: '' }, 'tags', 'empty=,path=a\\\\b,team=edge'],
  wafv2AclArn: [WEB_ACL, 'wafv2-acl-arn', WEB_ACL],
  wafv2AclName: ['edge_acl', 'wafv2-acl-name', 'edge_acl'],
  shieldAdvancedProtection: [true, 'shield-advanced-protection', 'true'],
  securityGroups: [['sg-0a1b2c3d', 'web'], 'security-groups', 'sg-0a1b2c3d,web'],
  manageBackendSecurityGroupRules: [true, 'manage-backend-security-group-rules', 'true'],
  inboundCidrs: [['203.0.113.0/24', '2001:db8::/32'], 'inbound-cidrs', '203.0.113.0/24,2001:db8::/32'],
  securityGroupPrefixLists: [['pl-0a1b2c3d'], 'security-group-prefix-lists', 'pl-0a1b2c3d'],
  listenPorts: [
    [{ protocol: words.ListenerProtocol.HTTP, port: 80 }, { protocol: words.ListenerProtocol.HTTPS, port: 443 }],
    'listen-ports', '[{"HTTP":80},{"HTTPS":443}]',
  ],
  sslRedirect: [443, 'ssl-redirect', '443'],
  certificateArns: [CERTIFICATES, 'certificate-arn', CERTIFICATES.join(',')],
  sslPolicy: ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ssl-policy', 'ELBSecurityPolicy-TLS13-1-2-2021-06'],
  mutualAuthentication: [
    [{ port: 443, mode: words.MutualAuthenticationMode.VERIFY, trustStore: 'ca', advertiseTrustStoreCaNames: words.AdvertiseTrustStoreCaNames.ON }],
    'mutual-authentication', '[{"port":443,"mode":"verify","trustStore":"ca","advertiseTrustStoreCaNames":"on"}]',
  ],
  listenerAttributes: [{ 'HTTPS-443': { 'routing.http.response.server.enabled': 'false' } }, 'listener-attributes.HTTPS-443', 'routing.http.response.server.enabled=false'],
  createAcmCert: [true, 'create-acm-cert', 'true'],
  acmPcaArn: [PCA, 'acm-pca-arn', PCA],
  targetType: [words.TargetType.IP, 'target-type', 'ip'],
  targetNodeLabels: [{ pool: 'edge' }, 'target-node-labels', 'pool=edge'],
  backendProtocol: [words.BackendProtocol.HTTPS, 'backend-protocol', 'HTTPS'],
  backendProtocolVersion: [words.BackendProtocolVersion.GRPC, 'backend-protocol-version', 'GRPC'],
  targetGroupAttributes: [{ 'deregistration_delay.timeout_seconds': '30' }, 'target-group-attributes', 'deregistration_delay.timeout_seconds=30'],
  healthcheckPort: ['status-port', 'healthcheck-port', 'status-port'],
  healthcheckProtocol: [words.BackendProtocol.HTTP, 'healthcheck-protocol', 'HTTP'],
  healthcheckPath: ['/healthz/ready', 'healthcheck-path', '/healthz/ready'],
  healthcheckIntervalSeconds: [10, 'healthcheck-interval-seconds', '10'],
  healthcheckTimeoutSeconds: [4, 'healthcheck-timeout-seconds', '4'],
  healthyThresholdCount: [3, 'healthy-threshold-count', '3'],
  unhealthyThresholdCount: [4, 'unhealthy-threshold-count', '4'],
  successCodes: ['200,204-299', 'success-codes', '200,204-299'],
  multiClusterTargetGroup: [false, 'multi-cluster-target-group', 'false'],
  targetControlPorts: [{ 'gateway.https': 15021 }, 'target-control-port.gateway.https', '15021'],
  authType: [words.AuthType.OIDC, 'auth-type', 'oidc'],
  authIdpCognito: [{ ...POOL, authenticationRequestExtraParams: { prompt: 'login' } }, 'auth-idp-cognito',
    '{"userPoolARN":"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a","userPoolClientID":"c","userPoolDomain":"d","authenticationRequestExtraParams":{"prompt":"login"}}'],
  authIdpOidc: [{ ...OIDC, userInfoEndpoint: 'https://a.example/me', secretName: 'oidc' }, 'auth-idp-oidc',
    '{"issuer":"https://a.example","authorizationEndpoint":"https://a.example/auth","tokenEndpoint":"https://a.example/token","userInfoEndpoint":"https://a.example/me","secretName":"oidc"}'],
  authOnUnauthenticatedRequest: [words.UnauthenticatedRequest.DENY, 'auth-on-unauthenticated-request', 'deny'],
  authScope: ['openid email', 'auth-scope', 'openid email'],
  authSessionCookie: ['session', 'auth-session-cookie', 'session'],
  authSessionTimeout: [3600, 'auth-session-timeout', '3600'],
  jwtValidation: [
    { jwksEndpoint: 'https://a.example/jwks', issuer: 'a', additionalClaims: [{ format: 'single-string', name: 'aud', values: ['shop'] }] },
    'jwt-validation', '{"jwksEndpoint":"https://a.example/jwks","issuer":"a","additionalClaims":[{"format":"single-string","name":"aud","values":["shop"]}]}',
  ],
  actions: [
    { split: { type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'a', servicePort: 80, weight: 0 }, { serviceName: 'b', servicePort: 'http', weight: 999 }] } } },
    'actions.split', '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"a","servicePort":80,"weight":0},{"serviceName":"b","servicePort":"http","weight":999}]}}',
  ],
  conditions: [{ beta: [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'x-beta', values: ['1'] } }] }, 'conditions.beta',
    '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"x-beta","values":["1"]}}]'],
  transforms: [{ shop: [{ type: 'url-rewrite', urlRewriteConfig: { rewrites: [{ regex: '^/shop', replace: '/' }] } }] }, 'transforms.shop',
    '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/shop","replace":"/"}]}}]'],
  useRegexPathMatch: [true, 'use-regex-path-match', 'true'],
  enableFrontendNlb: [true, 'enable-frontend-nlb', 'true'],
  frontendNlbScheme: [words.AlbScheme.INTERNAL, 'frontend-nlb-scheme', 'internal'],
  frontendNlbSubnets: [['subnet-0a1b2c3d'], 'frontend-nlb-subnets', 'subnet-0a1b2c3d'],
  frontendNlbSecurityGroups: [['sg-0a1b2c3d'], 'frontend-nlb-security-groups', 'sg-0a1b2c3d'],
  frontendNlbListenerPortMapping: [{ 8443: '443' }, 'frontend-nlb-listener-port-mapping', '8443=443'],
  frontendNlbEipAllocations: [['eipalloc-0a1b2c3d', 'eipalloc-0a1b2c3e'], 'frontend-nlb-eip-allocations', 'eipalloc-0a1b2c3d,eipalloc-0a1b2c3e'],
  frontendNlbHealthcheckPort: ['traffic-port', 'frontend-nlb-healthcheck-port', 'traffic-port'],
  frontendNlbHealthcheckProtocol: [words.BackendProtocol.HTTPS, 'frontend-nlb-healthcheck-protocol', 'HTTPS'],
  frontendNlbHealthcheckPath: ['/ready', 'frontend-nlb-healthcheck-path', '/ready'],
  frontendNlbHealthcheckIntervalSeconds: [20, 'frontend-nlb-healthcheck-interval-seconds', '20'],
  frontendNlbHealthcheckTimeoutSeconds: [6, 'frontend-nlb-healthcheck-timeout-seconds', '6'],
  frontendNlbHealthcheckHealthyThresholdCount: [5, 'frontend-nlb-healthcheck-healthy-threshold-count', '5'],
  frontendNlbHealthcheckUnhealthyThresholdCount: [6, 'frontend-nlb-healthcheck-unhealthy-threshold-count', '6'],
  frontendNlbHealthcheckSuccessCodes: ['200-399', 'frontend-nlb-healthcheck-success-codes', '200-399'],
  frontendNlbAttributes: [{ 'dns_record.client_routing_policy': 'any_availability_zone' }, 'frontend-nlb-attributes', 'dns_record.client_routing_policy=any_availability_zone'],
  frontendNlbTags: [{ team: 'edge' }, 'frontend-nlb-tags', 'team=edge'],
};

/** Every setting of the table at once. */
export const EVERYTHING = Object.fromEntries(Object.entries(GOLDEN).map(([prop, [value]]) => [prop, value])) as Required<AlbSettings>;
