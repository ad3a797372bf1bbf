// Plans of security: callers, operations, conditions, tokens and the policies that are made of them, as far as the place can judge them.
import * as fc from 'fast-check';
import { type IGatewayWorkload } from '../../src/edge/gateway-workload/service';
import { type AuthorizationPolicyProps } from '../../src/edge/security/authorization-policy';
import { type AuthorizationRuleOptions } from '../../src/edge/security/authorization-rule';
import { Attribute, Condition } from '../../src/edge/security/condition';
import { type JwtRule } from '../../src/edge/security/jwt-rule';
import { type OperationOptions } from '../../src/edge/security/operation';
import { type RequestAuthenticationProps } from '../../src/edge/security/request-authentication';
import { AuthorizationAction, AuthorizationRule, Caller, type IWorkload, Operation, PolicyScope } from '../../src/index';
import { needing, partly, someOf, time, wordOf } from './istio-texts';
import { maybe } from './names';

/** What a rule judges by. */
type Evidence = 'identity' | 'token' | 'peer' | 'client' | 'none';

const IDS = ['cluster.local/ns/shop/sa/cart', 'a/ns/1/sa/b*', '*/sa/c', '*'];
const OTHER_IDS = ['td/ns/x/sa/y', 'td/*'];
const BLOCKS = ['10.0.0.0/8', '203.0.113.7', '2001:db8::/32'];
const OTHER_BLOCKS = ['10.1.2.3/32', '192.0.2.0/24', '::1'];

const who = (evidence: Evidence) => (caller: Caller) => ({ evidence, caller });
const caller = fc.oneof(
  fc.oneof(
    partly({ principals: someOf(IDS.slice(0, 3)), notPrincipals: someOf(OTHER_IDS), namespaces: someOf(['shop', 'team-*']), notNamespaces: someOf(['a*z']), trustDomains: someOf(['td.*', 'cluster.local']), notTrustDomains: someOf(['x']) })
      .map(options => Caller.of(Object.keys(options).length > 0 ? options : { principals: ['*'] })),
    partly({ serviceAccounts: someOf(['cart', 'shop/cart']), notServiceAccounts: someOf(['1/x.y']), trustDomains: someOf(['td']) }).map(options => Caller.of(Object.keys(options).length > 0 ? options : { serviceAccounts: ['a'] })),
    fc.constantFrom(Caller.serviceAccount('shop', 'cart'), Caller.serviceAccount('shop', 'cart', '*'), Caller.namespaces(['shop']), Caller.anyInMesh(), Caller.anyInMesh().butNot(Caller.serviceAccount('shop', 'thief'))),
  ).map(who('identity')),
  fc.oneof(
    partly({ requestPrincipals: someOf(['https://issuer.test/*', '*/admin', 'a/b']), notRequestPrincipals: someOf(['https://other.test/root']) }).map(options => Caller.of(Object.keys(options).length > 0 ? options : { requestPrincipals: ['*'] })),
    fc.constantFrom(Caller.withToken(), Caller.withoutToken(), Caller.requestPrincipals(['a/b'])),
  ).map(who('token')),
  partly({ ipBlocks: someOf(BLOCKS), notIpBlocks: someOf(OTHER_BLOCKS) }).map(options => Caller.of(Object.keys(options).length > 0 ? options : { ipBlocks: BLOCKS })).map(who('peer')),
  partly({ remoteIpBlocks: someOf(BLOCKS), notRemoteIpBlocks: someOf(OTHER_BLOCKS) }).map(options => Caller.of(Object.keys(options).length > 0 ? options : { remoteIpBlocks: BLOCKS })).map(who('client')),
);

const operation = partly<OperationOptions>({
  hosts: someOf(['shop.test', 'Shop.test:8443', 'wild.*', 'a.*', '*']),
  notHosts: someOf(['internal.test']),
  ports: someOf([1, 8080, 65535]),
  notPorts: someOf([9090]),
  methods: someOf(['GET', 'P*', 'M-SEARCH']),
  notMethods: someOf(['DELETE', 'TRACE']),
  paths: someOf(['/products', '/products/*', '*.html', '*', '/shops/{*}/items/{**}', '/{**}/end']),
  notPaths: someOf(['/internal/{*}', '/admin*']),
}).map(options => Operation.of(Object.keys(options).length > 0 ? options : { ports: [80] }));

const texts = someOf(['a', 'b*', '*c', 'ü d']);
const when = (evidence: Evidence, attribute: Attribute, values: fc.Arbitrary<string[]>, others: string[]) => fc.tuple(values, fc.nat({ max: 2 })).map(([all, how]) => ({
  evidence, condition: how === 0 ? attribute.oneOf(all) : how === 1 ? attribute.noneOf(all) : attribute.oneOf(all).butNot(others),
}));
const condition: fc.Arbitrary<{ readonly evidence: Evidence; readonly condition: Condition }> = fc.oneof(
  when('none', Attribute.requestHeader('X-Team'), texts, ['bz']), when('none', Attribute.sni(), texts, ['bz']), when('none', Attribute.envoyFilter('envoy.filters.a', 'k.b'), texts, ['bz']),
  when('none', Attribute.destinationIp(), someOf(BLOCKS), OTHER_BLOCKS.slice(0, 1)), when('none', Attribute.destinationPort(), someOf(['1', '65535']), ['80']),
  when('token', Attribute.claim(['realm_access', 'roles']), texts, ['bz']), when('token', Attribute.requestPrincipal(), someOf(['a/b', '*/c', 'https://x/*']), ['d/e']),
  when('token', Attribute.audiences(), texts, ['bz']), when('token', Attribute.presenter(), texts, ['bz']),
  when('identity', Attribute.sourcePrincipal(), someOf(IDS.slice(0, 3)), ['z']), when('identity', Attribute.sourceServiceAccount(), someOf(['shop/a', 'b']), ['c']),
  when('identity', Attribute.sourceNamespace(), someOf(['shop', 'x*']), ['y']), when('identity', Attribute.sourceTrustDomain(), someOf(['td', 'a.*']), ['b']),
  when('peer', Attribute.sourceIp(), someOf(BLOCKS), ['10.9.0.0/16']), when('client', Attribute.remoteIp(), someOf(BLOCKS), ['10.9.0.0/16']),
);

const pick = { maxLength: 2 };
const rulePlan = fc.record({ from: fc.array(caller, pick), to: fc.array(operation, pick), when: fc.array(condition, pick), alb: fc.boolean() });

/** Where a policy is. */
export const SCOPES = ['workload', 'gateway', 'namespace', 'mesh', 'pods', 'gatewayApi', 'gatewayClass', 'waypointService', 'waypointServiceEntry'] as const;
const jwks = fc.constantFrom('{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}', '{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}');
const jwtRule = fc.tuple(needing<JwtRule, 'issuer'>(['issuer'], {
  issuer: fc.constantFrom('https://issuer.test', 'http://a.b:8080/x?y'), jwksUri: fc.constantFrom('https://issuer.test/keys', 'http://10.0.0.1:80/a%20b'), jwks, audiences: someOf(['a', 'b c']),
  fromHeaders: someOf([{ name: 'X-Token' }, { name: 'x-jwt', prefix: 'Bearer ' }]), fromParams: someOf(['token', 'ü']), fromCookies: someOf(['session']), outputPayloadToHeader: fc.constant('X-Payload'),
  outputClaimToHeaders: someOf([{ header: 'x_sub', claim: 'sub' }, { header: 'X-Group', claim: 'a.b' }]), forwardOriginalToken: fc.boolean(), spaceDelimitedClaims: someOf(['scp', 'roles']), timeout: time,
})).map(([{ jwks: keys, ...rest }]) => (rest.jwksUri === undefined ? { ...rest, jwks: keys } : rest));

export const policyPlan = fc.record({
  scope: fc.constantFrom(...SCOPES), action: maybe(wordOf(AuthorizationAction)), rules: fc.array(rulePlan, { minLength: 1, maxLength: 2 }), dryRun: maybe(fc.boolean()), named: fc.boolean(),
});
export const tokenPlan = fc.record({
  scope: fc.constantFrom(...SCOPES), jwtRules: fc.array(jwtRule, { minLength: 1, maxLength: 2 }), required: fc.boolean(),
  about: partly({ publicPaths: someOf(['/healthz', '/public/*']), publicMethods: someOf(['OPTIONS']), tokenHosts: someOf(['a.b', 'c.*']), tokenPorts: someOf([8080]), dryRun: fc.boolean() }),
});
export const zeroTrustPlan = fc.record({ dryRun: fc.boolean(), trustDomain: maybe(fc.constant('td.test')), clients: fc.constantFrom('all' as const, 'blocks' as const, 'token' as const), allow: maybe(rulePlan) });

export type AuthorizationPlan = typeof policyPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type TokenPlan = typeof tokenPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type ZeroTrustPlan = typeof zeroTrustPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
type RulePlan = AuthorizationPlan['rules'][number];

/** What a gateway sees of its clients. */
export interface Seeing {
  readonly gateway: Pick<IGatewayWorkload, 'trustedProxies' | 'seesClientAddress'>;
  readonly behindAlb: boolean;
}

/** What there is to protect. */
export interface Protected extends Seeing {
  readonly workload: IWorkload;
  readonly gateway: IGatewayWorkload;
}

/** The scope, for a policy number of which there may be several. */
export function scopeOf(kind: typeof SCOPES[number], { workload, gateway }: Protected): PolicyScope {
  switch (kind) {
    case 'workload': return PolicyScope.workload(workload);
    case 'gateway': return PolicyScope.gateway(gateway);
    case 'namespace': return PolicyScope.namespace(workload.namespace);
    case 'mesh': return PolicyScope.mesh();
    case 'pods': return PolicyScope.pods('team-b', { app: 'b' });
    case 'gatewayApi': return PolicyScope.gatewayApi('team-b', 'waypoint');
    case 'gatewayClass': return PolicyScope.gatewayClass('istio-waypoint');
    case 'waypointService': return PolicyScope.waypointService('team-b', 'svc');
    case 'waypointServiceEntry': return PolicyScope.waypointServiceEntry('team-b', 'ext.1');
  }
}

/** What can be judged there. */
function judgeable(kind: typeof SCOPES[number], action: AuthorizationAction | undefined, { gateway, behindAlb }: Seeing): (evidence: Evidence) => boolean {
  const unknown: Evidence[] = action === AuthorizationAction.CUSTOM ? ['identity', 'token'] : [];
  if (kind === 'workload') {
    unknown.push('client');
  }
  if (kind === 'gateway' && behindAlb) {
    unknown.push('identity', 'peer', ...(gateway.trustedProxies ?? 0) > 0 ? [] : ['client' as const]);
  }
  if (kind === 'gateway' && !behindAlb && gateway.seesClientAddress === false) {
    unknown.push('client');
  }
  return evidence => !unknown.includes(evidence);
}

function partsOf(plan: RulePlan, fits: (evidence: Evidence) => boolean): AuthorizationRuleOptions {
  const from = plan.from.filter(({ evidence }) => fits(evidence)).map(each => each.caller);
  // Two conditions on one attribute may contradict each other, and so may a caller without a token and a condition that needs one.
  const without = from.some(each => each._render().notRequestPrincipals?.includes('*'));
  const fitting = plan.when.filter(({ evidence, condition: each }) => fits(evidence) && !(without && evidence === 'token' && each._render().values)).map(each => each.condition);
  const when_ = fitting.filter((each, index) => fitting.findIndex(other => other._render().key === each._render().key) === index);
  return { ...from.length > 0 ? { from } : {}, ...plan.to.length > 0 ? { to: plan.to } : {}, ...when_.length > 0 ? { when: when_ } : {} };
}

function ruleOf(plan: RulePlan, fits: (evidence: Evidence) => boolean): AuthorizationRule {
  const parts = partsOf(plan, fits);
  return Object.keys(parts).length > 0 ? AuthorizationRule.of(parts) : AuthorizationRule.everything();
}

/** The props of an AuthorizationPolicy. */
export function authorizationOf({ scope, action, rules, dryRun, named }: AuthorizationPlan, place: Protected, index: number): AuthorizationPolicyProps {
  const fits = judgeable(scope, action, place);
  const dry = action === undefined || action === AuthorizationAction.ALLOW || action === AuthorizationAction.DENY;
  return {
    scope: scopeOf(scope, place), action, rules: rules.map(rule => ruleOf(rule, fits)), dryRun: dry ? dryRun : undefined, policyName: named ? `policy-${index}` : undefined,
    provider: action === AuthorizationAction.CUSTOM ? 'oauth2-proxy' : undefined,
  };
}

/** The props of a RequestAuthentication. */
export function tokensOf({ scope, jwtRules, required, about }: TokenPlan, place: Protected): RequestAuthenticationProps {
  return { scope: scopeOf(scope, place), jwtRules, ...required ? about : { requireToken: false } };
}

/** Rules for the clients of a gateway. */
export function clientsOf({ clients }: ZeroTrustPlan, place: Seeing): AuthorizationRule[] {
  const fits = judgeable('gateway', undefined, place);
  if (clients === 'blocks' && fits('client')) {
    return [AuthorizationRule.of({ from: [Caller.remoteIpBlocks(BLOCKS).also(Caller.loadBalancer(['10.0.0.0/8']))] })];
  }
  return [clients === 'token' ? AuthorizationRule.of({ from: [Caller.withToken()], to: [Operation.paths(['/a/*'])] }) : AuthorizationRule.everything()];
}

/** What a workload allows besides; callers are there always. */
export function allowedOf(plan: RulePlan): AuthorizationRuleOptions {
  return { from: [Caller.anyInMesh()], ...partsOf(plan, evidence => evidence !== 'client') };
}

