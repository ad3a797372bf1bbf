// The annotation table: what it writes, what it reads, and which neighbours of legal values it refuses.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, decodeAlbAnnotations, encodeAlbAnnotations, findRow } from '../../../src/base/alb-annotations/annotations';
import { AlbScheme, ListenerProtocol } from '../../../src/base/alb-annotations/words';
import { refusal } from '../../refusal';
import { EVERYTHING, GOLDEN } from './golden';

const accepts = (key: string, text: string, how: 'decode' | 'read' = 'decode') => {
  const { malformed, unknown } = decodeAlbAnnotations({ [ALB_PREFIX + key]: text }, how);
  expect(unknown).toEqual([]);
  return malformed.length === 0;
};

test.each(Object.entries(GOLDEN))('%s is written under its key and read back', (prop, [value, key, text]) => {
  const settings = { [prop]: value };
  expect(encodeAlbAnnotations(settings)).toEqual({ [ALB_PREFIX + key]: text });
  expect(decodeAlbAnnotations({ [ALB_PREFIX + key]: text })).toEqual({ settings, malformed: [], unknown: [] });
  expect(findRow(ALB_PREFIX + key)?.prop).toBe(prop);
});

test('all settings together are written and read back', () => {
  expect(Object.keys(EVERYTHING).sort()).toEqual(Object.keys(ALB_ANNOTATIONS).sort());
  expect(decodeAlbAnnotations(encodeAlbAnnotations(EVERYTHING))).toEqual({ settings: EVERYTHING, malformed: [], unknown: [] });
});

test('a setting that is not given is not written', () => {
  expect(encodeAlbAnnotations({})).toEqual({});
  expect(encodeAlbAnnotations({ sslRedirect: undefined, scheme: AlbScheme.INTERNAL })).toEqual({ [`${ALB_PREFIX}scheme`]: 'internal' });
});

/** Values just outside of what a row allows, as they would be written. */
const NEIGHBOURS: { readonly [P in keyof AlbSettings]-?: readonly string[] } = {
  groupName: ['', '-a', 'a-', '.a', 'A', 'a_b', 'a'.repeat(64)],
  groupOrder: ['-1001', '1001', '1.0', ''],
  loadBalancerName: ['', 'internal-x', '-x', 'x-', 'a.b', 'a'.repeat(33)],
  scheme: ['public', 'Internal', ''],
  ipAddressType: ['ipv6', 'IPv4', ''],
  subnets: ['', 'a', 'a,a', 'a,subnet-1'],
  customerOwnedIpv4Pool: ['', 'ipv4pool-coip-', 'ipv4pool-ec2-1', `ipv4pool-coip-${'a'.repeat(243)}`],
  ipamIpv4PoolId: ['', 'ipam-pool-', 'pool-1', `ipam-pool-${'a'.repeat(991)}`],
  loadBalancerAttributes: ['a', '=1'],
  minimumLoadBalancerCapacity: ['capacityUnits=1', 'CapacityUnits=', 'CapacityUnits=-1', 'CapacityUnits=1.5', 'Units=1'],
  tags: ['a', '=1'],
  wafv2AclArn: ['', 'None', 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b'],
  wafv2AclName: ['', 'a b', 'a'.repeat(129)],
  shieldAdvancedProtection: ['', 'yes', 'tRUE'],
  securityGroups: ['', 'sg-1', 'a,a'],
  manageBackendSecurityGroupRules: ['', 'on'],
  inboundCidrs: ['', '10.0.0.0', '10.0.0.0/33', '::/129', '10.0.0.0/8,10.0.0.0/8'],
  securityGroupPrefixLists: ['', 'my-list', 'pl-0a1b2c3d,pl-0a1b2c3d'],
  listenPorts: ['[{"HTTP":0}]', '[{"HTTP":65536}]', '[{"http":80}]', '[{"TCP":80}]', '[{"HTTP":"80"}]', '[{"HTTP":80},{"HTTP":80}]', '[{"HTTP":80},{"HTTPS":80}]',
    '[]', '[{}]', '[null]', '[80]', '{"HTTP":80}', '[{"HTTP":80}] x', 'null', '', 'x'],
  sslRedirect: ['0', '65536', ''],
  certificateArns: ['', 'arn:aws:s3:::b'],
  sslPolicy: ['', 'TLS13', 'ELBSecurityPolicy-'],
  mutualAuthentication: ['[]', 'null', '[{"port":0,"mode":"off"}]', '[{"port":65536,"mode":"off"}]', '[{"port":443}]', '[{"mode":"off"}]', '[{"port":443,"mode":"on"}]',
    '[{"port":443,"mode":"verify"}]', '[{"port":443,"mode":"verify","trustStore":""}]', '[{"port":443,"mode":"off","trustStore":"a"}]',
    '[{"port":443,"mode":"passthrough","ignoreClientCertificateExpiry":false}]', '[{"port":443,"mode":"off","advertiseTrustStoreCaNames":"off"}]',
    '[{"port":443,"mode":"verify","trustStore":"a","advertiseTrustStoreCaNames":"yes"}]', '[{"port":443,"mode":"off"},{"port":443,"mode":"off"}]'],
  listenerAttributes: ['a', '=1'],
  createAcmCert: ['', 'yes'],
  acmPcaArn: ['', 'arn:aws:acm:eu-west-1:123456789012:certificate/a'],
  targetType: ['pod', 'IP', ''],
  targetNodeLabels: ['a', '=1'],
  backendProtocol: ['https', 'TCP', ''],
  backendProtocolVersion: ['HTTP3', 'grpc', ''],
  targetGroupAttributes: ['a', '=1'],
  healthcheckPort: ['', '0', '65536', 'Status', '-a'],
  healthcheckProtocol: ['TCP', ''],
  healthcheckPath: ['', 'ready', '/a b', `/${'a'.repeat(1024)}`],
  healthcheckIntervalSeconds: ['4', '301'],
  healthcheckTimeoutSeconds: ['1', '121'],
  healthyThresholdCount: ['1', '11'],
  unhealthyThresholdCount: ['1', '11'],
  successCodes: ['199', '500', '100', '200;204', '200,', ''],
  multiClusterTargetGroup: ['', 'yes'],
  targetControlPorts: ['0', '65536'],
  authType: ['saml', ''],
  authIdpCognito: ['{}', '[]', 'null', '{"userPoolARN":"a","userPoolClientID":"c","userPoolDomain":"d"}', ...eachLeftOut(GOLDEN.authIdpCognito[2]).slice(0, 3),
    GOLDEN.authIdpCognito[2].replace('{"prompt":"login"}', JSON.stringify(Object.fromEntries([...'abcdefghijk'].map(key => [key, '']))))],
  authIdpOidc: ['{}', '[]', ...eachLeftOut(GOLDEN.authIdpOidc[2]), GOLDEN.authIdpOidc[2].replace('https:', 'http:')],
  authOnUnauthenticatedRequest: ['refuse', ''],
  authScope: ['', 'a  b', ' a'],
  authSessionCookie: ['', 'a b', 'a=b'],
  authSessionTimeout: ['0', '604801'],
  jwtValidation: ['{}', ...eachLeftOut(GOLDEN.jwtValidation[2]).slice(0, 2), GOLDEN.jwtValidation[2].replace('"aud"', '"iss"'), GOLDEN.jwtValidation[2].replace('"shop"', ''),
    GOLDEN.jwtValidation[2].replace('single-string', 'text'), GOLDEN.jwtValidation[2].replace('"issuer":"a"', `"issuer":"${'a'.repeat(257)}"`)],
  actions: ['{}', '{"type":"Forward"}', '{"type":"forward"}', '{"type":"redirect"}', '{"type":"fixed-response","fixedResponseConfig":{}}',
    '{"type":"redirect","redirectConfig":{"statusCode":"HTTP_303"}}', '{"type":"redirect","redirectConfig":{"statusCode":"HTTP_301","path":"a"}}',
    '{"type":"fixed-response","fixedResponseConfig":{"statusCode":200}}', '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"300"}}',
    '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"200","contentType":"text/xml"}}', '{"type":"forward","forwardConfig":{"targetGroups":[]}}',
    GOLDEN.actions[2].replace('999', '1000'), GOLDEN.actions[2].replace(',"weight":999', ''), GOLDEN.actions[2].replace('"servicePort":80,', ''),
    '{"type":"forward","targetGroupName":"a","forwardConfig":{"targetGroups":[{"targetGroupName":"a"}]}}',
    '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"a","servicePort":80,"targetGroupName":"b"}]}}'],
  conditions: ['[]', '[{}]', '[{"field":"host"}]', '[{"field":"host-header"}]', '[{"field":"host-header","hostHeaderConfig":{}}]', '[{"field":"host-header","hostHeaderConfig":{"values":[]}}]',
    '[{"field":"path-pattern","pathPatternConfig":{"values":["/a"],"regexValues":["a"]}}]', `[{"field":"path-pattern","pathPatternConfig":{"values":["${'a'.repeat(129)}"]}}]`,
    '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"Host","values":["a"]}}]', '[{"field":"http-request-method","httpRequestMethodConfig":{"values":["get"]}}]',
    '[{"field":"query-string","queryStringConfig":{"values":[{"key":"a"}]}}]', '[{"field":"source-ip","sourceIPConfig":{"values":["10.0.0.1"]}}]',
    `[{"field":"source-ip","sourceIPConfig":{"values":${JSON.stringify([1, 2, 3, 4, 5, 6].map(net => `10.${net}.0.0/16`))}}}]`],
  transforms: ['[]', '[{"type":"rewrite"}]', '[{"type":"url-rewrite"}]', '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[]}}]',
    '[{"type":"url-rewrite","urlRewriteConfig":{"rewrites":[{"regex":"a"}]}}]', `[${[0, 1].map(() => GOLDEN.transforms[2].slice(1, -1)).join()}]`],
  useRegexPathMatch: ['', 'yes'],
  enableFrontendNlb: ['', 'yes'],
  frontendNlbScheme: ['public', ''],
  frontendNlbSubnets: ['', 'subnet-1'],
  frontendNlbSecurityGroups: ['', 'sg-1'],
  frontendNlbListenerPortMapping: ['80', '0=80', '80=65536', 'http=80'],
  frontendNlbEipAllocations: ['', 'eipalloc-1'],
  frontendNlbHealthcheckPort: ['', '0', '65536', 'http'],
  frontendNlbHealthcheckProtocol: ['TCP', ''],
  frontendNlbHealthcheckPath: ['', 'ready', `/${'a'.repeat(1024)}`],
  frontendNlbHealthcheckIntervalSeconds: ['4', '301'],
  frontendNlbHealthcheckTimeoutSeconds: ['1', '121'],
  frontendNlbHealthcheckHealthyThresholdCount: ['1', '11'],
  frontendNlbHealthcheckUnhealthyThresholdCount: ['1', '11'],
  frontendNlbHealthcheckSuccessCodes: ['199', '500', '12'],
  frontendNlbAttributes: ['a', '=1'],
  frontendNlbTags: ['a', '=1'],
};

/** The JSON of an object, each time without one of its properties. */
function eachLeftOut(text: string): string[] {
  const object = JSON.parse(text) as Record<string, unknown>;
  return Object.keys(object).map(left => JSON.stringify({ ...object, [left]: undefined }));
}

test.each(Object.entries(NEIGHBOURS).flatMap(([prop, texts]) => texts.map((text): [string, string] => [prop, text])))('%s refuses %j', (prop, text) => {
  expect(accepts(GOLDEN[prop as keyof AlbSettings][1], text)).toBe(false);
});

test.each<[AlbSettings, string, unknown]>([
  [{ loadBalancerName: 'a'.repeat(33) }, 'loadBalancerName', 'a'.repeat(33)],
  [{ subnets: ['a'] }, 'subnets', ['a']],
  [{ subnets: ['a', 'a'] }, 'subnets[1]', 'a'],
  [{ listenPorts: [] }, 'listenPorts', []],
  [{ listenPorts: [{ protocol: 'TCP' as ListenerProtocol, port: 80 }] }, 'listenPorts[0].protocol', 'TCP'],
  [{ listenPorts: [...EVERYTHING.listenPorts, { protocol: ListenerProtocol.HTTPS, port: 80 }] }, 'listenPorts[2].port', 80],
  [{ minimumLoadBalancerCapacity: { CapacityUnits: 'many' } }, 'minimumLoadBalancerCapacity.CapacityUnits', 'many'],
  [{ targetGroupAttributes: { 'a=b': '' } }, 'targetGroupAttributes', 'a=b'],
  [{ listenerAttributes: { 'TCP-80': {} } }, 'listenerAttributes.TCP-80', 'TCP-80'],
  [{ listenerAttributes: { 'HTTP-80': { a: ' ' } } }, 'listenerAttributes.HTTP-80.a', ' '],
  [{ targetControlPorts: { gateway: 80 } }, 'targetControlPorts.gateway', 'gateway'],
  [{ actions: { a: { type: 'fixed-response', fixedResponseConfig: { statusCode: '300' } } } }, 'actions.a.fixedResponseConfig.statusCode', '300'],
])('%j is not written, because of %s', (settings, prop, value) => {
  expect(refusal(() => encodeAlbAnnotations(settings))).toMatchObject({ prop, value, path: '' });
});

test('malformed values and unknown keys are distinguished, and other annotations are ignored', () => {
  expect(decodeAlbAnnotations({
    [`${ALB_PREFIX}scheme`]: 'public',
    [`${ALB_PREFIX}ssl-redirect`]: '443',
    [`${ALB_PREFIX}shceme`]: 'internal',
    [`${ALB_PREFIX}actions`]: '{}',
    [`${ALB_PREFIX}waf-acl-id`]: 'a',
    [`${ALB_PREFIX}actions.`]: '{}',
    [`${ALB_PREFIX}scheme.a`]: 'internal',
    [`${ALB_PREFIX}.actions`]: '{}',
    'kubernetes.io/ingress.class': 'alb',
    'example.com/ssl-redirect': '443',
    team: 'web',
  })).toEqual({
    settings: { sslRedirect: 443 },
    malformed: [{ key: `${ALB_PREFIX}scheme`, value: 'public', part: '', reason: 'must be one of internal, internet-facing' }],
    unknown: ['shceme', 'actions', 'actions.', 'scheme.a', '.actions'].map(key => ALB_PREFIX + key),
  });
});

test.each(['decode', 'read'] as const)('listeners are at least one, even to the controller: %s', how => {
  for (const value of ['[]', 'null']) {
    expect(decodeAlbAnnotations({ [`${ALB_PREFIX}listen-ports`]: value }, how)).toEqual({
      settings: {}, malformed: [{ key: `${ALB_PREFIX}listen-ports`, value, part: '', reason: 'must be a list of at least 1 entry' }], unknown: [],
    });
  }
});

test.each<[keyof AlbSettings, string, unknown]>([
  ['listenPorts', '[{"HTTP":80,"HTTPS":443}]', EVERYTHING.listenPorts],
  ['listenPorts', '[{"HTTP":80},{"HTTPS":80},{}]', [{ protocol: 'HTTPS', port: 80 }]],
  ['healthcheckIntervalSeconds', '4', 4],
  ['authSessionTimeout', '2147483648', 2147483648],
  ['subnets', 'a', ['a']],
  ['createAcmCert', 'yes', false],
  ['authOnUnauthenticatedRequest', 'refuse', 'refuse'],
  ['sslPolicy', 'mine', 'mine'],
  ['actions', '{"Type":"forward","TargetGroupArn":"a","more":1}', { split: { type: 'forward', forwardConfig: { targetGroups: [{ targetGroupARN: 'a' }] } } }],
  ['conditions', '[{"field":"color","hostHeaderConfig":null}]', { beta: [{ field: 'color' }] }],
  ['mutualAuthentication', '[{"Port":443,"MODE":"off","trustStore":""},{"port":443,"mode":"passthrough"}]', [{ port: 443, mode: 'passthrough' }]],
])('the controller reads %s from %s, whatever AWS says', (prop, text, value) => {
  expect(decodeAlbAnnotations({ [ALB_PREFIX + GOLDEN[prop][1]]: text }, 'read')).toEqual({ settings: { [prop]: value }, malformed: [], unknown: [] });
});

test.each<[keyof AlbSettings, string]>([
  ['groupOrder', '1001'], ['groupName', 'A'], ['healthcheckIntervalSeconds', '2147483648'], ['healthcheckIntervalSeconds', '5s'], ['loadBalancerName', 'a'.repeat(33)],
  ['subnets', ' , '], ['inboundCidrs', '10.0.0.1'], ['minimumLoadBalancerCapacity', 'Units=1'], ['tags', 'a=b,c'], ['listenPorts', '[]'], ['listenPorts', '[{"HTTP":80}]]'],
  ['listenPorts', '[{"HTTPS":65536}]'], ['mutualAuthentication', '[{"port":443,"mode":"verify"}]'], ['actions', '{"type":"forwards"}'], ['actions', '“{}”'],
  ['actions', '{"type":"fixed-response","fixedResponseConfig":{"statusCode":200}}'], ['conditions', '{}'], ['transforms', '[{"type":"path"}]'], ['scheme', ''],
  ['frontendNlbHealthcheckPort', 'http'], ['frontendNlbListenerPortMapping', 'http=80'], ['authIdpOidc', ''], ['shieldAdvancedProtection', 'yes'],
])('the controller refuses %s of %j', (prop, text) => {
  expect(accepts(GOLDEN[prop][1], text, 'read')).toBe(false);
});
