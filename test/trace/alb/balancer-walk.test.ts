// What an Application Load Balancer itself does with a request: redirects, fixed responses, logins, tokens, weights and rewrites.
import { type Annotations } from '../../manifests';
import { MESH, endOf, endsOf, ingress, path, traceOf, yaml } from '../small-edge';

const acting = (action: object, annotations: Annotations = {}) => [
  ingress({ 'actions.own': JSON.stringify(action), ...annotations }, [{ http: { paths: [path('/*', 'own', 'use-annotation', 'ImplementationSpecific')] } }]), ...MESH,
];
const redirect = (redirectConfig: object) => acting({ type: 'redirect', redirectConfig: { statusCode: 'HTTP_302', ...redirectConfig } });

test.each<[config: object, line: string, location: string]>([
  [{ protocol: 'HTTPS', port: '443' }, 'GET http://a.example.com/x?y=1', '302 https://a.example.com/x?y=1'],
  [{ protocol: 'HTTPS', port: '8443' }, 'GET http://a.example.com/', '302 https://a.example.com:8443/'],
  [{ protocol: 'HTTPS' }, 'GET http://a.example.com/', '302 https://a.example.com:80/'],
  [{ host: 'www.#{host}' }, 'GET https://a.example.com/', '302 https://www.a.example.com/'],
  [{ path: '/new/#{path}' }, 'GET https://a.example.com/a/b?c', '302 https://a.example.com/new/a/b?c'],
  [{ path: '/#{host}/#{port}/#{protocol}/#{query}', query: '' }, 'GET https://a.example.com/a?b=c', '302 https://a.example.com/a.example.com/443/HTTPS/b=c'],
  [{ query: '#{query}&via=#{host}' }, 'GET https://a.example.com/a?b=c', '302 https://a.example.com/a?b=c&via=a.example.com'],
  [{ host: 'b.example.com', statusCode: 'HTTP_301' }, 'GET https://a.example.com/#top', '301 https://b.example.com/'],
  [{ host: '#{host}', path: '/#{path}#{unknown}' }, 'GET https://a.example.com/a host=A.example.com:443', '302 https://A.example.com/a#{unknown}'],
])('the redirect %j of %s: %s', (config, line, location) => {
  expect(endsOf(redirect(config), line)).toBe(location);
});

test('ssl-redirect sends plain HTTP to the HTTPS listener, with the request as it is', () => {
  const end = endOf([ingress({ 'ssl-redirect': '443' }), ...MESH], 'POST http://a.example.com/a?b=c');
  expect(end).toMatchObject({ kind: 'redirect', status: 301, location: 'https://a.example.com/a?b=c' });
});

test('a fixed response has its status and its body', () => {
  const objects = acting({ type: 'fixed-response', fixedResponseConfig: { statusCode: '503', contentType: 'text/plain', messageBody: 'back soon' } });
  expect(endOf(objects, 'GET https://a.example.com/')).toMatchObject({ kind: 'response', to: '503', status: 503, body: 'back soon', by: { pointer: expect.stringContaining('/spec') } });
});

test('a fixed response of 404 in a rule is by design; that of the default action is no rule', () => {
  const objects = acting({ type: 'fixed-response', fixedResponseConfig: { statusCode: '404', contentType: 'text/plain' } });
  expect(endOf(objects, 'GET https://a.example.com/')).toMatchObject({ kind: 'response', to: '404' });
  expect(endOf([ingress(), ...MESH], 'GET https://b.example.com/')).toMatchObject({ kind: 'refused', reason: 'no-rule' });
});

test('weights are shares of their sum; a target group with weight 0 gets nothing', () => {
  const target = (serviceName: string, weight?: number) => ({ serviceName, servicePort: 80, weight });
  const forward = (...targetGroups: readonly object[]) => [
    ingress({ 'backend-protocol': 'HTTP', 'actions.own': JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } }) },
      [{ http: { paths: [path('/*', 'own', 'use-annotation', 'ImplementationSpecific')] } }], 'shop/edge'), ...MESH,
  ];
  expect(endsOf(forward(target('s1', 30), target('s2', 10)), 'GET https://a.example.com/')).toBe('75% s1.shop:80, 25% s2.shop:80');
  expect(endsOf(forward(target('s1', 1), target('s2', 0)), 'GET https://a.example.com/')).toBe('s1.shop:80');
  expect(endOf(forward(target('s1', 0), target('s2', 0)), 'GET https://a.example.com/'))
    .toMatchObject({ kind: 'unsupported', fix: 'All weights of the rule are 0, and AWS does not document what follows.' });
});

test('transforms rewrite path with query and host, for the target alone', () => {
  const rewrite = (type: string, key: string, regex: string, replace: string) => ({ type, [key]: { rewrites: [{ regex, replace }] } });
  const transforms = [rewrite('url-rewrite', 'urlRewriteConfig', '^/old/([^?]*)', '/new/$1'), rewrite('host-header-rewrite', 'hostHeaderRewriteConfig', '^a\\.', 'b.')];
  const { hops, ends } = traceOf([ingress({ 'backend-protocol': 'HTTP', 'transforms.s1': JSON.stringify(transforms) }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), ...MESH],
    'GET https://a.example.com/old/x?y=/old/z');
  expect(ends).toMatchObject([{ to: 's1.shop:80', path: '/new/x?y=/old/z', authority: 'b.example.com' }]);
  expect(hops.map(({ detail }) => detail)).toContain('transforms the request to b.example.com/new/x?y=/old/z');
});

test.each([
  ['GET https://a.example.com/', {}, 'a.example.com'],
  ['GET https://a.example.com/ host=a.example.com:443', {}, 'a.example.com'],
  ['GET https://a.example.com:8443/', { 'listen-ports': '[{"HTTPS": 8443}]' }, 'a.example.com:8443'],
  ['GET https://a.example.com:8443/ host=a.example.com', { 'listen-ports': '[{"HTTPS": 8443}]' }, 'a.example.com:8443'],
  ['GET https://a.example.com:8443/ host=a.example.com',
    { 'listen-ports': '[{"HTTPS": 8443}]', 'load-balancer-attributes': 'routing.http.preserve_host_header.enabled=true' }, 'a.example.com'],
])('the Host header that targets of %s with %j see is %s', (line, annotations, authority) => {
  const objects = [ingress({ 'backend-protocol': 'HTTP', ...annotations }, [{ http: { paths: [path('/', 's1', 80)] } }], 'shop/edge'), ...MESH];
  expect(endOf(objects, line).authority).toBe(authority);
});

describe('logins', () => {
  const OIDC = { issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/authorize', tokenEndpoint: 'https://id.example.com/token',
    userInfoEndpoint: 'https://id.example.com/me', secretName: 'oidc' };
  const COGNITO = { userPoolARN: 'arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_x', userPoolClientID: 'client', userPoolDomain: 'shop' };
  const oidc = (more: Annotations = {}) => [ingress({ 'auth-type': 'oidc', 'auth-idp-oidc': JSON.stringify(OIDC), ...more }), ...MESH];
  const cognito = (config: object) => [ingress({ 'auth-type': 'cognito', 'auth-idp-cognito': JSON.stringify({ ...COGNITO, ...config }) }), ...MESH];

  test.each<[name: string, objects: readonly string[], line: string, end: string]>([
    ['without a session the client is sent to the provider', oidc(), '', '302 https://id.example.com/authorize'],
    ['with the session cookie the request passes', oidc(), ' cookie="a=b; AWSELBAuthSessionCookie-0=x"', 's1.shop:80'],
    ['a cookie whose name only begins so is none', oidc(), ' cookie=AWSELBAuthSessionCookies=x', '302 https://id.example.com/authorize'],
    ['the session cookie may have another name', oidc({ 'auth-session-cookie': 'own' }), ' cookie=own-0=x', 's1.shop:80'],
    ['the word login', oidc({ 'auth-session-cookie': 'own' }), ' login', 's1.shop:80'],
    ['the word login, and deny', oidc({ 'auth-on-unauthenticated-request': 'deny' }), ' login', 's1.shop:80'],
    ['deny', oidc({ 'auth-on-unauthenticated-request': 'deny' }), '', '401 login required'],
    ['allow', oidc({ 'auth-on-unauthenticated-request': 'allow' }), '', 's1.shop:80'],
    ['a Cognito domain of AWS', cognito({}), '', '302 https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize'],
    ['a Cognito domain of one\'s own', cognito({ userPoolDomain: 'id.example.com' }), '', '302 https://id.example.com/oauth2/authorize'],
  ])('%s', (_, objects, cookie, end) => {
    expect(endsOf(objects, `GET https://a.example.com/${cookie}`)).toBe(end);
  });

  test('plain HTTP has no login', () => {
    const { hops } = traceOf(oidc(), 'GET http://a.example.com/');
    expect(hops.map(({ at }) => at)).not.toContain('authentication');
  });
});

describe('JWT validation', () => {
  const claims = [{ format: 'single-string', name: 'team', values: ['a', 'b'] }, { format: 'space-separated-values', name: 'scope', values: ['read'] },
    { format: 'string-array', name: 'groups', values: ['admin'] }];
  const objects = [ingress({ 'jwt-validation': JSON.stringify({ jwksEndpoint: 'https://id.example.com/jwks', issuer: 'https://id.example.com', additionalClaims: claims }) }), ...MESH];
  const GOOD = { iss: 'https://id.example.com', team: 'b', scope: 'write read', groups: ['user', 'admin'] };

  test.each<[claims: object | undefined, end: string, fault: string]>([
    [GOOD, 's1.shop:80', ''],
    [undefined, '401 invalid token', 'the request has none'],
    [{ ...GOOD, iss: 'https://other.example.com' }, '401 invalid token', 'its issuer is not https://id.example.com'],
    [{ ...GOOD, team: 'a b' }, '401 invalid token', 'its claim team is not a or b'],
    [{ ...GOOD, scope: 'readonly' }, '401 invalid token', 'its claim scope is not read'],
    [{ ...GOOD, groups: 'admin' }, '401 invalid token', 'its claim groups is not admin'],
    [{ ...GOOD, team: undefined }, '401 invalid token', 'its claim team is not a or b'],
  ])('%j: %s %s', (own, end, fault) => {
    const found = endOf(objects, `GET https://a.example.com/${own === undefined ? '' : ` claims=${JSON.stringify(own)}`}`);
    expect(found.to).toBe(end);
    expect(found.fix ?? '').toBe(fault === '' ? '' : `Send a token that the load balancer accepts: ${fault}.`);
  });
});

describe('mutual TLS', () => {
  const STORE = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/ts/0123456789abcdef';
  const verifying = [ingress({ 'mutual-authentication': `[{"port":443,"mode":"verify","trustStore":"${STORE}"}]` }), ...MESH];

  test('verify wants a certificate; passthrough does not', () => {
    expect(endsOf(verifying, 'GET https://a.example.com/')).toBe('closed no client certificate');
    expect(endsOf(verifying, 'GET https://a.example.com/ cert')).toBe('s1.shop:80');
    expect(endsOf([ingress({ 'mutual-authentication': '[{"port":443,"mode":"passthrough"}]' }), ...MESH], 'GET https://a.example.com/')).toBe('s1.shop:80');
  });
});

describe('464', () => {
  const behind = (version: string, more: Annotations = {}) => [ingress({ 'backend-protocol-version': version, ...more }), ...MESH];

  test.each<[objects: readonly string[], line: string, end: string]>([
    [behind('GRPC'), 'POST https://a.example.com/', 's1.shop:80'],
    [behind('GRPC'), 'POST https://a.example.com/ http=1.1', '464 HTTP/1.1 to a target group for gRPC'],
    [behind('HTTP2'), 'GET https://a.example.com/', 's1.shop:80'],
    [behind('HTTP2'), 'GET https://a.example.com/ http=1.1', '464 HTTP/1.1 to a target group for HTTP/2'],
    [behind('HTTP2', { 'backend-protocol': 'HTTP' }), 'GET http://a.example.com/', '464 HTTP/1.1 to a target group for HTTP/2'],
    [behind('HTTP2', { 'load-balancer-attributes': 'routing.http2.enabled=false' }), 'GET https://a.example.com/', '464 HTTP/1.1 to a target group for HTTP/2'],
    [behind('HTTP1'), 'POST https://a.example.com/ content-type=application/grpc+proto http=2', '464 gRPC to a target group for HTTP/1.1'],
    [behind('HTTP1'), 'POST https://a.example.com/ content-type="application/grpc; x=1" http=2', '464 gRPC to a target group for HTTP/1.1'],
    [behind('HTTP1'), 'POST https://a.example.com/ content-type=application/grpc-web+proto http=2', 's1.shop:80'],
    [behind('HTTP1'), 'GET https://a.example.com/ http=2', 's1.shop:80'],
  ])('%#: %s', (objects, line, end) => {
    expect(endsOf(objects, line)).toBe(end);
  });
});

describe('a target group of somebody else', () => {
  const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/own/0123456789abcdef';
  const binding = (serviceRef: object, more: object = {}, namespace = 'edge') => yaml({
    apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', metadata: { name: 'own', namespace }, spec: { targetGroupARN: ARN, targetType: 'ip', serviceRef, ...more },
  });
  const forward = (target: object, ...more: readonly string[]) => [...acting({ type: 'forward', ...target }), ...more];

  test('is filled by a TargetGroupBinding, in the protocol that its targets speak', () => {
    expect(endsOf(forward({ targetGroupARN: ARN }, binding({ name: 'gw', port: 443 })), 'GET https://a.example.com/')).toBe('s1.shop:80');
    const { hops, ends } = traceOf(forward({ targetGroupARN: ARN }, binding({ name: 's1', port: 80 }, {}, 'shop')), 'GET https://a.example.com/');
    expect(ends).toMatchObject([{ to: 's1.shop:80' }]);
    expect(hops.find(({ at }) => at === 'target-group')).toMatchObject({ detail: `HTTP to target group ${ARN}, target type ip`, place: { pointer: '/spec' } });
  });

  test('has the protocol that the TargetGroupBinding names', () => {
    expect(endsOf(forward({ targetGroupARN: ARN }, binding({ name: 'gw', port: 443 }, { targetGroupProtocol: 'HTTP' })), 'GET https://a.example.com/')).toBe('502 plaintext to TLS');
  });

  test('may be identified by its name', () => {
    const target = { forwardConfig: { targetGroups: [{ targetGroupName: 'mine' }] } };
    const named = binding({ name: 's1', port: 80 }, { targetGroupName: 'mine', targetGroupARN: undefined }, 'shop');
    expect(endsOf(forward(target, named), 'GET https://a.example.com/')).toBe('s1.shop:80');
  });

  test('is unknown if the controller refuses the TargetGroupBinding, or it is about another one', () => {
    const other = binding({ name: 's1', port: 80 }, { targetGroupARN: ARN.replace('own', 'other') }, 'shop');
    expect(endOf(forward({ targetGroupARN: ARN }, other), 'GET https://a.example.com/')).toMatchObject({ kind: 'unsupported' });
    expect(endOf(forward({ targetGroupARN: ARN }, binding({ name: 'missing', port: 80 })), 'GET https://a.example.com/'))
      .toMatchObject({ kind: 'unsupported', fix: `The Service behind target group ${ARN} is not in the input: add it.` });
  });
});

test('target groups of others and Services that the input lacks are unsupported', () => {
  const arn = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/own/0123456789abcdef';
  expect(endOf(acting({ type: 'forward', targetGroupARN: arn }), 'GET https://a.example.com/'))
    .toMatchObject({ kind: 'unsupported', fix: `Target group ${arn} is not made by the controller: what it leads to is not in the input.` });
  expect(endOf([ingress({}, [{ http: { paths: [path('/', 'missing', 80)] } }])], 'GET https://a.example.com/')).toMatchObject({ kind: 'unsupported' });
  const withoutSelector = yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'own', namespace: 'edge' }, spec: { ports: [{ port: 80 }] } });
  expect(endOf([ingress({}, [{ http: { paths: [path('/', 'own', 80)] } }]), withoutSelector], 'GET https://a.example.com/'))
    .toMatchObject({ kind: 'unsupported', fix: 'Service edge/own has no selector: its endpoints are not in the input.' });
});
