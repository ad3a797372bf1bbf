// Headers as load balancers and proxies read them: those that are repeated, and the token that stands for claims.
import { formatRequest, parseRequest, sentHeaders } from '../../src/trace/client-request';
import { readToken } from '../../src/trace/policies/jwt';
import { trace } from '../../src/trace/trace';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';
import { MESH, endsOf, ingress, manifests, routes, to } from './small-edge';

const byHeader = (name: string, match: string) => [EDGE, PLAIN_GATEWAY, routes(`{match: [{headers: {${name}: ${match}}}], ${to('s1')}}, {${to('s2')}}`), app('s1'), app('s2')];
const conditions = (header: string, value: string) => ({ 'conditions.gw': JSON.stringify([{ field: 'http-header', httpHeaderConfig: { httpHeaderName: header, values: [value] } }]) });

describe('a repeated header', () => {
  test('meets the condition of a load balancer by any of its values', () => {
    const objects = [ingress(conditions('x-a', 'one')), ...MESH];
    expect(['x-a=zero x-a=one', 'x-a=one x-a=two', 'x-a=zero x-a=two'].map(headers => endsOf(objects, `GET https://a.example.com/ ${headers}`)))
      .toEqual(['s1.shop:80', 's1.shop:80', '404 no rule']);
  });

  test('is joined by commas without a blank at a proxy', () => {
    const objects = byHeader('x-a', '{exact: "one,two"}');
    expect(['x-a=one x-a=two', 'x-a=one,two', 'x-a="one, two"'].map(headers => endsOf(objects, `GET http://a.example.com/ ${headers} via=gateway:80`)))
      .toEqual(['s1.shop:80', 's1.shop:80', 's2.shop:80']);
  });

  test('stays repeated in the line of the request', () => {
    const line = 'GET https://a.example.com/ x-a=one x-a="two, three" cookie=a=1 cookie=b=2';
    expect(formatRequest(parseRequest(line))).toBe(line);
  });
});

describe('claims', () => {
  const CLAIMS = 'claims={"iss":"https://i","sub":"ann"}';

  test('are sent as a token, which all read that read headers', () => {
    expect(endsOf(byHeader('authorization', '{prefix: "Bearer "}'), `GET http://a.example.com/ ${CLAIMS} via=gateway:80`)).toBe('s1.shop:80');
    expect(endsOf([ingress(conditions('Authorization', 'Bearer *')), ...MESH], `GET https://a.example.com/ ${CLAIMS}`)).toBe('s1.shop:80');
    const policy = security('AuthorizationPolicy', 'p', '{selector: {matchLabels: {app: gw}}, action: DENY, rules: [{when: [{key: "request.headers[authorization]", values: ["*"]}]}]}', 'edge');
    expect(['', CLAIMS].map(word => endsOf([...byHeader('x', '{}'), policy], `GET http://a.example.com/ ${word} via=gateway:80`))).toEqual(['s2.shop:80', '403 denied']);
  });

  test('are in the token', () => {
    const claims = { iss: 'https://i', sub: 'Zoë' };
    const { authorization } = sentHeaders({ ...parseRequest('GET https://a.example.com/'), claims });
    expect(readToken(authorization.replace('Bearer ', ''))).toEqual({ claims });
  });

  test('leave a token that is written', () => {
    expect(sentHeaders(parseRequest(`GET https://a.example.com/ authorization="Bearer x" ${CLAIMS}`))).toEqual({ authorization: 'Bearer x' });
  });

  test('are removed with a token that is not forwarded, and routes no longer see it', () => {
    const tokens = (forward: boolean) => security('RequestAuthentication', 'ra',
      `{selector: {matchLabels: {app: gw}}, jwtRules: [{issuer: "https://i", jwksUri: "https://i/keys", forwardOriginalToken: ${forward}}]}`, 'edge');
    const ends = (forward: boolean) => endsOf([...byHeader('authorization', '{prefix: "Bearer "}'), tokens(forward)], `GET http://a.example.com/ ${CLAIMS} via=gateway:80`);
    expect([ends(true), ends(false)]).toEqual(['s1.shop:80', 's2.shop:80']);
  });
});

describe('the server name of a redirect that is followed through a gateway', () => {
  const secure = '{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["a.example.com"], tls: {mode: SIMPLE, credentialName: tls}}';
  const objects = (servers: string, http = `{${to('s1')}}`) => manifests(EDGE, app('s1'), routes(http),
    istio('Gateway', 'gw', `{selector: {app: gw}, servers: [${servers}]}`, 'edge'));
  const end = (input: ReturnType<typeof objects>, line: string) => trace(input, line, { follow: true }).ends[0].to;

  test('is the host, if the client had no handshake before', () => {
    const redirecting = '{port: {number: 80, name: http, protocol: HTTP}, hosts: ["a.example.com"], tls: {httpsRedirect: true}}';
    expect(end(objects(`${redirecting}, ${secure}`), 'GET http://a.example.com/ via=gateway:80')).toBe('s1.shop:80');
  });

  test('is the next host for a client that names hosts, and none for one that does not', () => {
    const http = `{match: [{uri: {exact: /old}}], redirect: {uri: /new}}, {${to('s1')}}`;
    expect(end(objects(secure, http), 'GET https://a.example.com/old via=gateway:443 sni=a.example.com')).toBe('s1.shop:80');
    expect(end(objects(secure.replace('"a.example.com"', '"*"'), http), 'GET https://a.example.com/old via=gateway:443')).toBe('s1.shop:80');
    expect(end(objects(secure, http), 'GET https://a.example.com/old via=gateway:443')).toBe('closed no filter chain');
  });
});
