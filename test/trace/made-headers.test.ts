// Headers that load balancers and proxies add, drop or replace, and what depends on values that only they know.
import { type Annotations } from '../manifests';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { MESH, endOf, endsOf, ingress, networkService, routes, to } from './small-edge';

const OIDC: Annotations = {
  'auth-type': 'oidc', 'auth-on-unauthenticated-request': 'allow',
  'auth-idp-oidc': '{"issuer":"https://id.example.com","authorizationEndpoint":"https://id.example.com/a","tokenEndpoint":"https://id.example.com/t","userInfoEndpoint":"https://id.example.com/u","secretName":"oidc"}',
};
const SESSION = 'cookie=AWSELBAuthSessionCookie-0=x';
const LINE = 'GET https://a.example.com/';
const allowed = (values: string, key = 'request.headers[x-amzn-oidc-identity]') => security('AuthorizationPolicy', 'ap',
  `{selector: {matchLabels: {app: gw}}, action: ALLOW, rules: [{when: [{key: "${key}", values: [${values}]}]}]}`, 'edge');
const byHeader = (name: string, match: string, annotations: Annotations = {}) => [
  ingress(annotations), ...MESH.filter((_, index) => index !== 2), routes(`{match: [{headers: {${name}: ${match}}}], ${to('s1')}}, {${to('s2')}}`)];

describe('after a login at a load balancer', () => {
  test.each(['identity', 'accesstoken', 'data'])('targets get x-amzn-oidc-%s', name => {
    const objects = [ingress(OIDC), ...MESH, allowed('"*"', `request.headers[x-amzn-oidc-${name}]`)];
    expect([SESSION, ''].map(words => endsOf(objects, `${LINE} ${words}`))).toEqual(['s1.shop:80', '403 not allowed']);
  });

  test('a policy about the value of such a header is undecided', () => {
    const objects = [ingress(OIDC), ...MESH, allowed('ann')];
    expect(endOf(objects, `${LINE} ${SESSION}`)).toMatchObject({
      kind: 'unsupported', fix: 'AuthorizationPolicy edge/ap decides by the value of a header that is made on the way, which is not in the input.',
    });
    expect(endsOf(objects, LINE)).toBe('403 not allowed');
  });

  test('a token that is read from such a header is undecided', () => {
    const tokens = security('RequestAuthentication', 'jwt', '{selector: {matchLabels: {app: gw}}, jwtRules: [{issuer: "https://id.example.com", fromHeaders: [{name: x-amzn-oidc-accesstoken}]}]}', 'edge');
    const objects = [ingress(OIDC), ...MESH, tokens, allowed('"*"', 'request.auth.principal')];
    expect(endOf(objects, `${LINE} ${SESSION}`)).toMatchObject({
      to: 'unsupported: 403 not allowed', fix: 'The token of issuer https://id.example.com may be in a header that is made on the way, and is not in the input.',
    });
    expect(endsOf(objects, LINE)).toBe('403 not allowed');
  });
});

describe('an Application Load Balancer', () => {
  test('adds x-amzn-trace-id, whose value nobody knows', () => {
    expect(endsOf(byHeader('x-amzn-trace-id', '{}'), LINE)).toBe('s1.shop:80');
    expect(endOf(byHeader('x-amzn-trace-id', '{prefix: Root}'), LINE)).toMatchObject({
      to: 'unsupported: s2.shop:80', by: { pointer: expect.stringContaining('/spec/http/0') },
      fix: 'A route decides by the value of header x-amzn-trace-id, which is made on the way and not in the input.',
    });
  });

  test.each(['{regex: ".*"}', '{regex: ".+"}'])('adds what the condition %s is about, whatever its value', match => {
    expect(endsOf(byHeader('x-amzn-trace-id', match), LINE)).toBe('s1.shop:80');
  });

  test('leaves decided what other conditions of the route decide', () => {
    const objects = [ingress(), ...MESH.filter((_, index) => index !== 2), routes(`{match: [{uri: {exact: /other}, headers: {x-amzn-trace-id: {exact: a}}}], ${to('s1')}}, {${to('s2')}}`)];
    expect([LINE, `${LINE}other`].map(line => endsOf(objects, line))).toEqual(['s2.shop:80', 'unsupported: s2.shop:80']);
  });

  test('drops headers with other characters than letters, digits and hyphens on request', () => {
    const dropping = { 'load-balancer-attributes': 'routing.http.drop_invalid_header_fields.enabled=true' };
    expect(endsOf(byHeader('x_canary', '{exact: "1"}', dropping), `${LINE} x_canary=1`)).toBe('s2.shop:80');
    expect(endsOf(byHeader('x_canary', '{exact: "1"}'), `${LINE} x_canary=1`)).toBe('s1.shop:80');
    expect(endsOf(byHeader('x-canary', '{exact: "1"}', dropping), `${LINE} x-canary=1`)).toBe('s1.shop:80');
  });

  test('tells the certificate of the client, by the names that a listener sets', () => {
    const trusting = (mode: string) => ({ 'mutual-authentication': `[{"port":443,"mode":"${mode}"${mode === 'verify' ? ',"trustStore":"arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/ts/0123456789abcdef"' : ''}}]` });
    const serial = 'x-amzn-mtls-clientcert-serial-number';
    expect(endsOf(byHeader(serial, '{}', trusting('verify')), `${LINE} cert`)).toBe('s1.shop:80');
    expect([`${LINE} cert`, LINE].map(line => endsOf(byHeader('x-amzn-mtls-clientcert', '{}', trusting('passthrough')), line))).toEqual(['s1.shop:80', 's2.shop:80']);
    const renamed = { ...trusting('verify'), 'listener-attributes.HTTPS-443': 'routing.http.request.x_amzn_mtls_clientcert_serial_number.header_name=X-Serial' };
    expect([serial, 'x-serial'].map(name => endsOf(byHeader(name, '{}', renamed), `${LINE} cert`))).toEqual(['s2.shop:80', 's1.shop:80']);
  });

  test('tells the TLS of the client on request', () => {
    const telling = { 'load-balancer-attributes': 'routing.http.x_amzn_tls_version_and_cipher_suite.enabled=true' };
    expect([telling, {}].map(own => endsOf(byHeader('x-amzn-tls-version', '{}', own), LINE))).toEqual(['s1.shop:80', 's2.shop:80']);
  });

  test('behind a Network Load Balancer tells its own port', () => {
    const frontend = { 'listen-ports': '[{"HTTPS": 8443}]', 'enable-frontend-nlb': 'true', 'frontend-nlb-listener-port-mapping': '443=8443' };
    expect(endsOf(byHeader('x-forwarded-port', '{exact: "8443"}', frontend), LINE)).toBe('s1.shop:80');
  });
});

describe('x-request-id', () => {
  const at = (match: string) => [EDGE, PLAIN_GATEWAY, app('s1'), app('s2'), routes(`{match: [{headers: {x-request-id: ${match}}}], ${to('s1')}}, {${to('s2')}}`)];
  const line = 'GET http://a.example.com/ via=gateway:80';

  test('is there at a gateway, which replaces that of the client', () => {
    expect([line, `${line} x-request-id=mine`].map(own => endsOf(at('{}'), own))).toEqual(['s1.shop:80', 's1.shop:80']);
    expect(endsOf(at('{exact: mine}'), `${line} x-request-id=mine`)).toBe('unsupported: s2.shop:80');
  });

  test('is there at a sidecar, which keeps that of the client', () => {
    const inside = (match: string) => [app('client', 'shop', { sidecar: true }), app('s1'), app('s2'),
      istio('VirtualService', 'vs', `{hosts: [s1], http: [{match: [{headers: {x-request-id: ${match}}}], ${to('s1')}}, {${to('s2')}}]}`)];
    const sent = 'GET http://s1/ via=pod:shop/client';
    expect(endsOf(inside('{}'), sent)).toBe('s1.shop:80');
    expect([`${sent} x-request-id=mine`, `${sent} x-request-id=other`, sent].map(own => endsOf(inside('{exact: mine}'), own))).toEqual(['s1.shop:80', 's2.shop:80', 'unsupported: s2.shop:80']);
  });

  test('is there at the sidecar of pods that a load balancer reaches without a gateway', () => {
    const service = networkService({ 'nlb-target-type': 'ip' }, [{ name: 'http', port: 80, targetPort: 8080 }]).replaceAll('"gw"', '"s1"').replaceAll('"edge"', '"shop"');
    const policy = security('AuthorizationPolicy', 'ap', '{action: ALLOW, rules: [{when: [{key: "request.headers[x-request-id]", values: ["*"]}]}]}');
    const pods = app('s1', 'shop', { sidecar: true }).split('---')[1];
    expect(endsOf([service, pods, policy], 'GET http://a.example.com/ via=load-balancer:shop/s1')).toBe('s1.shop:80');
  });
});
