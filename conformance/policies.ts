// Random PeerAuthentications, RequestAuthentications, AuthorizationPolicies and Sidecars.
import * as fc from 'fast-check';
import { few, mostly, object, podLabels, rarely } from './mesh-words';

const mode = mostly('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET', 'PERMISSIVE');
const selector = rarely(fc.oneof({ weight: 5, arbitrary: podLabels.map(matchLabels => ({ matchLabels })) }, { weight: 1, arbitrary: fc.constantFrom({}, { matchLabels: {} }) }), 1);

/** PeerAuthentications. */
export const peerAuthentication: fc.Arbitrary<object> = object('security', 'PeerAuthentication', fc.record({
  selector, mtls: rarely(fc.record({ mode }), 0),
  portLevelMtls: rarely(fc.dictionary(fc.constantFrom('8080', '80', '9000', '7'), fc.record({ mode }), { minKeys: 1, maxKeys: 2 }), 2),
}), ['pa1', 'pa2', 'default'], ['shop', 'shop', 'team-a', 'istio-system', 'edge']);

const KEYS = '{"keys":[]}';
const jwtRule = fc.record({
  issuer: mostly('https://issuer.example.com', 'other', ''), audiences: rarely(few('a', 'b'), 2), jwks: mostly<string | undefined>(KEYS, undefined, 'x'),
  fromHeaders: rarely(fc.constantFrom([{ name: 'x-token', prefix: 'T ' }], [{ name: 'authorization', prefix: 'Bearer ' }, { name: 'x' }], [{ prefix: 'x' }]), 3),
  fromParams: rarely(few('t', 'access_token'), 4), fromCookies: rarely(few('session'), 5), forwardOriginalToken: rarely(fc.boolean(), 2),
  outputPayloadToHeader: rarely(fc.constant('x-payload'), 8),
});

/** RequestAuthentications. */
export const requestAuthentication: fc.Arbitrary<object> = object('security', 'RequestAuthentication', fc.record({
  selector, jwtRules: rarely(fc.array(jwtRule, { minLength: 1, maxLength: 2 }), 0),
}), ['ra1', 'ra2'], ['edge', 'edge', 'shop', 'istio-system']);

const some = (...values: readonly string[]) => rarely(few(...values), 5);
const PRINCIPALS = ['cluster.local/ns/shop/sa/client', '*', 'cluster.local/ns/shop/*', '*/sa/gw', 'other.domain/ns/a/sa/b'];
const source = fc.record({
  principals: some(...PRINCIPALS), notPrincipals: some(...PRINCIPALS), requestPrincipals: some('*', 'iss/sub', 'iss/*'), notRequestPrincipals: some('*', 'iss/sub'),
  namespaces: some('shop', 'team-*', '*-a'), notNamespaces: some('edge'), ipBlocks: some('10.0.0.0/8', '1.2.3.4', 'bad'), notIpBlocks: some('10.1.0.0/16'),
  remoteIpBlocks: some('203.0.113.0/24'), notRemoteIpBlocks: some('203.0.113.7'), serviceAccounts: rarely(few('client', 'shop/s1-v1'), 9),
});
const operation = fc.record({
  hosts: some('shop.example.com', '*.example.com', 'shop.*', '*'), notHosts: some('api.example.com'), ports: some('80', '8080', '70000'), notPorts: some('9000'),
  methods: some('GET', 'POST', '*'), notMethods: some('DELETE'), paths: some('/a', '/a*', '*/b', '/a/{*}/c', '/{**}', '/{x}', '*'), notPaths: some('/x'),
});
const when = fc.record({
  key: fc.constantFrom('request.headers[x-a]', 'request.auth.claims[group]', 'request.auth.claims[a][b]', 'source.ip', 'remote.ip', 'source.namespace', 'source.principal',
    'request.auth.principal', 'request.auth.audiences', 'request.auth.presenter', 'destination.ip', 'destination.port', 'connection.sni', 'nonsense', 'request.headers', 'source.serviceAccount'),
  values: rarely(fc.constantFrom(['a'], ['a*', '*b'], ['*'], ['10.0.0.0/8'], ['80']), 0), notValues: rarely(fc.constantFrom(['a'], ['10.1.1.1'], ['90']), 5),
});
const rule = fc.record({
  from: rarely(fc.array(fc.record({ source }), { minLength: 1, maxLength: 2 }), 1), to: rarely(fc.array(fc.record({ operation }), { minLength: 1, maxLength: 2 }), 1),
  when: rarely(fc.array(when, { minLength: 1, maxLength: 2 }), 1),
});

/** AuthorizationPolicies. */
export const authorizationPolicy: fc.Arbitrary<object> = fc.tuple(object('security', 'AuthorizationPolicy', fc.record({
  selector, action: mostly<string | undefined>('ALLOW', 'DENY', undefined, 'DENY', 'AUDIT'), rules: rarely(fc.array(rule, { minLength: 1, maxLength: 2 }), 0),
}), ['ap1', 'ap2', 'ap3'], ['edge', 'shop', 'shop', 'istio-system']), rarely(fc.constantFrom('true', 'false'), 12)).map(([one, dryRun]) => {
  const { metadata, spec } = one as { readonly metadata: object; readonly spec: { readonly action?: string } };
  return dryRun === undefined || spec.action === 'AUDIT' ? one : { ...one, metadata: { ...metadata, annotations: { 'istio.io/dry-run': dryRun } } };
});

const egress = fc.record({
  hosts: fc.uniqueArray(fc.constantFrom('./*', '*/*', 'shop/*', 'team-a/*', '*/s1.shop.svc.cluster.local', 'shop/ext.example.org', '~/*', '*/*.wild.org', '*/shop.example.com', 'istio-system/*'), { minLength: 1, maxLength: 3 }),
});

/** Sidecars. */
export const sidecar: fc.Arbitrary<object> = object('networking', 'Sidecar', fc.record({
  workloadSelector: rarely(podLabels.map(labels => ({ labels })), 2), egress: rarely(fc.array(egress, { minLength: 1, maxLength: 1 }), 0),
  outboundTrafficPolicy: rarely(fc.constantFrom({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}), 2),
}), ['sc1', 'default'], ['shop', 'shop', 'team-a', 'istio-system']);
