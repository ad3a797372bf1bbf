// Random Ingresses, Services and classes that people could write, right ones and wrong ones.
import { dump } from 'js-yaml';
import * as fc from 'fast-check';

const PREFIX = 'alb.ingress.kubernetes.io/';
const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';

/** Annotations of an Ingress with values to choose from; most are right. */
const INGRESS: Readonly<Record<string, readonly string[]>> = {
  'group.name': ['public', 'internal', 'Bad_Name'],
  'group.order': ['0', '5', '-1', '1000', '1001', 'first'],
  'listen-ports': [
    '[{"HTTP":80}]', '[{"HTTPS":443}]', '[{"HTTP":80},{"HTTPS":443}]', '[{"HTTP":80},{"HTTPS":443},{"HTTPS":8443}]', '[{"HTTP":8080}]',
    '[{"http":80}]', '[]', '[{"HTTP":80},{"HTTP":80}]',
  ],
  'ssl-redirect': ['443', '8443', 'true'],
  'certificate-arn': [`${ARN}a`, `${ARN}b`, `${ARN}a,${ARN}b`],
  'scheme': ['internal', 'internet-facing', 'public'],
  'ip-address-type': ['ipv4', 'dualstack', 'dualstack-without-public-ipv4'],
  'subnets': ['subnet-1,subnet-2', 'subnet-2,subnet-1', 'one,two', 'missing-a,two'],
  'security-groups': ['sg-1', 'sg-1,sg-2', 'named'],
  'manage-backend-security-group-rules': ['true', 'false', 'on'],
  'inbound-cidrs': ['10.0.0.0/8', '10.0.0.0/8,2001:db8::/32', '0.0.0.0/0', '10.0.0.1'],
  'security-group-prefix-lists': ['pl-1', 'pl-1,pl-2'],
  'ssl-policy': ['ELBSecurityPolicy-TLS13-1-2-2021-06', 'ELBSecurityPolicy-2016-08'],
  'load-balancer-name': ['shop', 'a-name-that-is-longer-than-aws-takes-it'],
  'load-balancer-attributes': ['idle_timeout.timeout_seconds=60', 'idle_timeout.timeout_seconds=30,deletion_protection.enabled=true', 'idle_timeout'],
  'listener-attributes.HTTPS-443': ['routing.http.response.server.enabled=false', 'routing.http.response.server.enabled=true'],
  'tags': ['team=a', 'team=b', 'team=a,cost=1', 'team'],
  'wafv2-acl-arn': ['arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1', 'none', ''],
  'wafv2-acl-name': ['acl', 'none'],
  'shield-advanced-protection': ['true', 'false'],
  'mutual-authentication': [
    '[{"port":443,"mode":"passthrough"}]', '[{"port":443,"mode":"verify","trustStore":"partners"}]', '[{"port":80,"mode":"off"}]', '[]',
  ],
  'target-type': ['ip', 'instance', 'pod'],
  'backend-protocol': ['HTTP', 'HTTPS', 'http'],
  'backend-protocol-version': ['HTTP1', 'HTTP2', 'GRPC', 'HTTP3'],
  'healthcheck-port': ['traffic-port', '15021', 'status', 'http', 'gone'],
  'healthcheck-protocol': ['HTTP', 'HTTPS', 'TCP'],
  'healthcheck-path': ['/healthz', '/'],
  'healthcheck-interval-seconds': ['10', '15s'],
  'success-codes': ['200', '200-299', '0'],
  'target-group-attributes': ['stickiness.enabled=true,stickiness.type=lb_cookie', 'deregistration_delay.timeout_seconds=30'],
  'target-node-labels': ['role=edge', 'role=edge,zone=a'],
  'multi-cluster-target-group': ['true', 'false'],
  'use-regex-path-match': ['true', 'false'],
  'auth-type': ['none', 'cognito', 'oidc'],
  'auth-idp-cognito': ['{"userPoolARN":"arn:aws:cognito-idp:us-east-1:1:userpool/a","userPoolClientID":"b","userPoolDomain":"c"}', '{'],
  'auth-idp-oidc': [
    '{"issuer":"https://i","authorizationEndpoint":"https://a","tokenEndpoint":"https://t","userInfoEndpoint":"https://u","secretName":"oidc"}',
    '{"issuer":"https://i","authorizationEndpoint":"https://a","tokenEndpoint":"https://t","userInfoEndpoint":"https://u","secretName":"gone"}',
  ],
  'auth-on-unauthenticated-request': ['authenticate', 'deny', 'allow'],
  'auth-scope': ['openid email'],
  'auth-session-timeout': ['3600', '1h'],
  'jwt-validation': ['{"jwksEndpoint":"https://i/jwks","issuer":"https://i"}', '{"issuer":"https://i"}'],
  'actions.act': [
    '{"type":"fixed-response","fixedResponseConfig":{"contentType":"text/plain","statusCode":"503","messageBody":"down"}}',
    '{"type":"redirect","redirectConfig":{"protocol":"HTTPS","port":"443","statusCode":"HTTP_301"}}',
    '{"type":"redirect","redirectConfig":{"host":"www.example.com","statusCode":"HTTP_302"}}',
    '{"type":"redirect","redirectConfig":{"path":"/new","statusCode":"HTTP_302"}}',
    '{"Type":"redirect","RedirectConfig":{"Protocol":"HTTPS","Port":"443","StatusCode":"HTTP_301"}}',
    '{"type":"forward","forwardConfig":{"targetGroups":['
      + '{"serviceName":"web","servicePort":80,"weight":9},'
      + '{"serviceName":"api","servicePort":"http","weight":1}]}}',
    '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"web","servicePort":"80"}],'
      + '"targetGroupStickinessConfig":{"enabled":true,"durationSeconds":60}}}',
    '{"type":"forward","targetGroupARN":"arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/x/1"}',
    '{"type":"forward","targetGroupName":"named"}',
    '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"gone","servicePort":80}]}}',
    '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"web","servicePort":80},{"serviceName":"api","servicePort":80}]}}',
    '{"type":"fixed-response"}', '{"type":"redirect","redirectConfig":{"port":443,"statusCode":"HTTP_301"}}', '{"type":"forward"}',
  ],
  'conditions.web': [
    '[{"field":"host-header","hostHeaderConfig":{"values":["other.example.com"]}}]',
    '[{"field":"path-pattern","pathPatternConfig":{"values":["/extra/*"]}}]',
    '[{"field":"path-pattern","pathPatternConfig":{"regexValues":["^/v[0-9]+"]}}]',
    '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"x-a","values":["1","2"]}},'
      + '{"field":"http-request-method","httpRequestMethodConfig":{"values":["GET"]}}]',
    '[{"field":"query-string","queryStringConfig":{"values":[{"key":"a","value":"1"},{"value":"2"}]}},'
      + '{"field":"source-ip","sourceIPConfig":{"values":["10.0.0.0/8"]}}]',
    '[{"field":"cookie"}]', '[{"field":"source-ip"}]', '{"field":"source-ip"}',
  ],
  'transforms.web': [
    '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"^/a","replace":"/b"}]}}]',
    '[{"type":"host-header-rewrite","hostHeaderRewriteConfig":{"rewrites":[{"regex":"^x","replace":"y"}]}}]', '[{"type":"rewrite"}]',
  ],
};

/** Annotations of a Service: target group settings, which replace those of the Ingress, and a login. */
const SERVICE = [
  'target-type', 'backend-protocol', 'backend-protocol-version', 'healthcheck-port', 'healthcheck-path', 'success-codes', 'target-group-attributes',
  'tags', 'multi-cluster-target-group', 'auth-type', 'auth-idp-cognito', 'auth-scope',
];

const CLASS_PARAMS: Readonly<Record<string, readonly unknown[]>> = {
  scheme: ['internal', 'internet-facing'],
  ipAddressType: ['ipv4', 'dualstack'],
  group: [{ name: 'public' }, { name: 'corp' }],
  loadBalancerName: ['corp'],
  certificateArn: [[`${ARN}class`]],
  sslPolicy: ['ELBSecurityPolicy-TLS13-1-2-2021-06'],
  sslRedirectPort: ['443', '8443', 'yes'],
  inboundCIDRs: [['10.0.0.0/8'], ['10.0.0.0/8', '2001:db8::/32']],
  prefixListsIDs: [['pl-9']],
  targetType: ['ip', 'instance'],
  tags: [[{ key: 'team', value: 'class' }], [{ key: 'owner', value: 'platform' }]],
  subnets: [{ ids: ['subnet-1', 'subnet-2'] }, { tags: { tier: ['edge'] } }],
  loadBalancerAttributes: [[{ key: 'idle_timeout.timeout_seconds', value: '90' }]],
  listeners: [[{ protocol: 'HTTPS', port: 443, listenerAttributes: [{ key: 'routing.http.response.server.enabled', value: 'false' }] }]],
  wafv2AclArn: ['arn:aws:wafv2:us-east-1:123456789012:regional/webacl/class/1'],
  wafv2AclName: ['class-acl'],
  minimumLoadBalancerCapacity: [{ capacityUnits: 500 }],
  namespaceSelector: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, { matchExpressions: [{ key: 'team', operator: 'Exists' }] }],
};

/** A few entries of a table, with one of the values of each: mostly one of the first two, which are right. */
function some<T>(table: Readonly<Record<string, readonly T[]>>, most: number): fc.Arbitrary<Record<string, T>> {
  return fc.subarray(Object.keys(table), { maxLength: Math.min(most, Object.keys(table).length) })
    .chain(keys => fc.tuple(...keys.map(key => valueOf(table[key]).map((value): [string, T] => [key, value]))))
    .map(pairs => Object.fromEntries(pairs));
}

function valueOf<T>(values: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...values.slice(0, 2)) }, { weight: 1, arbitrary: fc.constantFrom(...values) });
}

const annotations = (table: Readonly<Record<string, readonly string[]>>, most: number) => some(table, most)
  .map(own => Object.fromEntries(Object.entries(own).map(([key, value]) => [PREFIX + key, value])));

const NAMESPACES = ['shop', 'shop', 'team-a'];
const HOSTS = ['shop.example.com', 'www.example.com', '*.example.com', 'api.example.com', undefined, 'shop.example.com', 'a.nocert.example'];
const PATHS = ['/img/*', '/a?c', '', '/^v[0-9]+$', '/*'];
const PATH_TYPES = ['Prefix', 'Exact', 'ImplementationSpecific', undefined];

const backend = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      name: fc.constantFrom('web', 'web', 'web', 'api', 'api', 'gone'),
      port: valueOf<object>([{ number: 80 }, { name: 'http' }, { number: 8080 }, { name: 'gone' }]),
    }),
  },
  { weight: 2, arbitrary: fc.record({ name: fc.constantFrom('act', 'act', 'none'), port: fc.constant({ name: 'use-annotation' }) }) },
).map(service => ({ service }));

const path = fc.record({
  path: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('/', '/api', '/api/', '/api/v2') }, { weight: 1, arbitrary: fc.constantFrom(...PATHS) }),
  pathType: fc.constantFrom(...PATH_TYPES),
  backend,
});

const rule = fc.record({
  host: fc.constantFrom(...HOSTS),
  http: fc.option(fc.record({ paths: fc.array(path, { minLength: 1, maxLength: 3 }) }), { nil: undefined, freq: 9 }),
});

const ingress = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom(...NAMESPACES),
  className: fc.constantFrom('alb', 'alb', 'corp', undefined),
  oldClass: fc.constantFrom(undefined, undefined, undefined, undefined, 'alb', 'nginx'),
  annotations: annotations(INGRESS, 7),
  isGrouped: fc.boolean(),
  rules: fc.array(rule, { maxLength: 3 }),
  defaultBackend: fc.option(backend, { nil: undefined, freq: 4 }),
  tls: fc.constantFrom(undefined, undefined, [{ hosts: ['tls.example.com'] }]),
}).map(({ name, namespace, className, oldClass, annotations: own, isGrouped, rules, defaultBackend, tls }) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: {
    name, namespace,
    annotations: { ...own, ...isGrouped ? { [`${PREFIX}group.name`]: 'public' } : {}, ...oldClass ? { 'kubernetes.io/ingress.class': oldClass } : {} },
  },
  spec: { ingressClassName: className, rules, defaultBackend, tls },
}));

const service = (name: string) => fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  type: fc.constantFrom('ClusterIP', 'NodePort', 'NodePort'),
  targetPort: fc.constantFrom<number | string | undefined>(8080, 'web', undefined),
  annotations: annotations(Object.fromEntries(SERVICE.map(key => [key, INGRESS[key]])), 2),
  ipFamilies: fc.constantFrom(undefined, undefined, undefined, ['IPv6'], ['IPv4', 'IPv6']),
}).map(({ namespace, type, targetPort, annotations: own, ipFamilies }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, annotations: own },
  spec: { type, ipFamilies, ports: [{ name: 'http', port: 80, targetPort }, { name: 'status', port: 15021, targetPort: 15021 }] },
}));

const ingressClass = fc.record({
  isDefault: fc.boolean(),
  controller: fc.constantFrom('ingress.k8s.aws/alb', 'ingress.k8s.aws/alb', 'example.com/other'),
  params: some(CLASS_PARAMS, 5),
}).map(({ isDefault, controller, params }) => [
    {
      apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass',
      metadata: { name: 'corp', annotations: isDefault ? { 'ingressclass.kubernetes.io/is-default-class': 'true' } : {} },
      spec: { controller, parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'corp' } },
    },
    { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'IngressClassParams', metadata: { name: 'corp' }, spec: params },
  ]);

const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'oidc', namespace: 'shop' }, stringData: { clientID: 'a', clientSecret: 'b' } };

/** An input as YAML: one to three Ingresses, the Services behind them, and a class. */
export const ingressInput: fc.Arbitrary<string> = fc.record({
  ingresses: fc.uniqueArray(ingress, { minLength: 1, maxLength: 3, selector: ({ metadata: { name, namespace } }) => `${namespace}/${name}` }),
  services: fc.tuple(service('web'), service('api')),
  classes: fc.option(ingressClass, { nil: [], freq: 3 }),
}).map(({ ingresses, services, classes }) => {
  const objects = [...classes, ...services, SECRET, ...ingresses];
  return objects.map(object => dump(JSON.parse(JSON.stringify(object)))).join('---\n');
});
