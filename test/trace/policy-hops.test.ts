// Hops of policies: which token, which rule, and which policies matched nothing.
import { readYaml } from '../../src/manifests/yaml';
import { prepareTrace } from '../../src/trace/models';
import { trace } from '../../src/trace/trace';
import { decidingHop } from '../../src/trace/route-tests/route-test';
import { EDGE, PLAIN_GATEWAY, app, istio, security } from '../mesh/small-mesh';

const ROUTES = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/gw], http: [{route: [{destination: {host: s1}}]}]}');
const TOKENS = 'jwtRules: [{issuer: one}]}';

function policyHops(line: string, ...objects: readonly string[]) {
  const models = prepareTrace(readYaml([EDGE, PLAIN_GATEWAY, ROUTES, app('s1', 'shop', { sidecar: true }), ...objects].join('\n---\n'), 'edge.yaml'));
  return trace(models, `${line} via=gateway:80`).hops.filter(({ at }) => at === 'authentication' || at === 'authorization').map(({ detail, place, passedOver }) => (
    [detail, place?.pointer, ...passedOver.map(({ what, why }) => `${what}: ${why}`)]));
}

test.each([['edge', 'gw'], ['shop', 's1']])('a token is accepted, refused or missing in %s', (namespace, selected) => {
  const objects = [security('RequestAuthentication', 'login', `{selector: {matchLabels: {app: ${selected}}}, ${TOKENS}`, namespace)];
  expect(policyHops('GET http://a.example.com/ claims={"iss":"one"}', ...objects)).toEqual([['accepts the token', '/spec/jwtRules/0']]);
  expect(policyHops('GET http://a.example.com/ claims={"iss":"two"}', ...objects)).toEqual([['refuses the token', '/spec/jwtRules/0']]);
  expect(policyHops('GET http://a.example.com/', ...objects)).toEqual([['the request has no token', undefined, 'issuer one: a request without a token passes']]);
});

test.each([['edge', 'gw'], ['shop', 's1']])('the rule that decides, and the policies that match nothing, in %s', (namespace, selected) => {
  const policy = (name: string, spec: string) => security('AuthorizationPolicy', name, `{selector: {matchLabels: {app: ${selected}}}${spec}}`, namespace);
  const objects = [
    policy('deny', ', action: DENY, rules: [{to: [{operation: {methods: [DELETE]}}]}]'),
    policy('allow', ', rules: [{to: [{operation: {methods: [PUT]}}]}, {to: [{operation: {methods: [GET, DELETE]}}]}]'), policy('nothing', ''),
  ];
  const denies = `DENY policy ${namespace}/deny: none of its rules matches`;
  expect(policyHops('GET http://a.example.com/', ...objects)).toEqual([['allowed', '/spec/rules/1', denies]]);
  expect(policyHops('DELETE http://a.example.com/', ...objects)).toEqual([['denied', '/spec/rules/0']]);
  expect(policyHops('POST http://a.example.com/', ...objects)).toEqual([
    ['no ALLOW policy allows it', undefined, denies, `ALLOW policy ${namespace}/allow: none of its rules matches`, `ALLOW policy ${namespace}/nothing: it has no rules`],
  ]);
});

test('what a provider or the address of the client decides is undecided', () => {
  const policy = (spec: string) => security('AuthorizationPolicy', 'p', `{selector: {matchLabels: {app: gw}}, ${spec}}`, 'edge');
  expect(policyHops('GET http://a.example.com/', policy('action: CUSTOM, provider: {name: ext}, rules: [{}]'))).toEqual([['undecided: a provider decides', '/spec']]);
  const blocked = policy('action: DENY, rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]');
  expect(policyHops('GET http://a.example.com/', blocked)).toEqual([['undecided: the request does not say enough', '/spec']]);
  expect(policyHops('GET http://a.example.com/ from=203.0.113.9', blocked)).toEqual([['allowed', undefined, 'DENY policy edge/p: none of its rules matches']]);
});

describe('nothing that follows what ends a request is a hop', () => {
  const stations = (line: string, ...objects: readonly string[]) => {
    const found = trace(prepareTrace(readYaml([EDGE, ROUTES, app('s1', 'shop', { sidecar: true }), ...objects].join('\n---\n'), 'edge.yaml')), line);
    return [found.hops.map(({ at }) => at).join(' '), decidingHop(found)?.at];
  };
  const gateway = (port: string) => istio('Gateway', 'gw', `{selector: {app: gw}, servers: [{port: {name: a, ${port}}, hosts: ["*"]}]}`, 'edge');
  const REDIRECTING = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {httpsRedirect: true}}]}', 'edge');
  const DENY = security('AuthorizationPolicy', 'deny', '{selector: {matchLabels: {app: gw}}, action: DENY, rules: [{to: [{operation: {paths: [/admin]}}]}]}', 'edge');
  const ALLOW = security('AuthorizationPolicy', 'allow', '{selector: {matchLabels: {app: gw}}, rules: [{to: [{operation: {paths: [/a]}}]}]}', 'edge');
  const LOGIN = security('RequestAuthentication', 'login', `{selector: {matchLabels: {app: gw}}, ${TOKENS}`, 'edge');

  test.each([['a route', PLAIN_GATEWAY], ['a redirect to HTTPS', REDIRECTING]])('a denial in front of %s', (_, own) => {
    const denied = ['gateway-listener filter-chain authorization', 'authorization'];
    expect(stations('GET http://a.example.com/admin via=gateway:80', own, DENY)).toEqual(denied);
    expect(stations('GET http://a.example.com/b via=gateway:80', own, ALLOW)).toEqual(denied);
    expect(stations('GET http://a.example.com/ claims={"iss":"two"} via=gateway:80', own, LOGIN)).toEqual(['gateway-listener filter-chain authentication', 'authentication']);
    expect(stations('GET http://a.example.com/a via=gateway:80', own, DENY, ALLOW)[0]).toMatch(/^gateway-listener filter-chain authorization virtual-host/);
  });

  test('a connection that ends before HTTP is read has no token', () => {
    const named = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [b.example.com], tls: {mode: SIMPLE, credentialName: c}}]}', 'edge');
    expect(stations('GET https://a.example.com/ via=gateway:443', named, LOGIN)).toEqual(['gateway-listener filter-chain', 'filter-chain']);
    const tcp = istio('VirtualService', 'tcp', '{hosts: ["*"], gateways: [edge/gw], tcp: [{route: [{destination: {host: s1, port: {number: 80}}}]}]}');
    expect(stations('GET http://a.example.com/ via=gateway:9000', gateway('number: 9000, protocol: TCP'), tcp, LOGIN)[0]).toMatch(/^gateway-listener filter-chain cluster /);
  });

  test('a client without the certificate that a gateway demands gets to no route', () => {
    const mutual = istio('Gateway', 'gw', '{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: {mode: MUTUAL, credentialName: c}}]}', 'edge');
    expect(stations('GET https://a.example.com/ via=gateway:443', mutual, DENY, LOGIN)).toEqual(['gateway-listener filter-chain', 'filter-chain']);
    expect(stations('GET https://a.example.com/ cert via=gateway:443', mutual)[1]).toBe('route');
  });
});
