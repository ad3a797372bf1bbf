// Who may send what to whom: one AuthorizationPolicy, and the one that allows nothing.
import { App, Chart } from 'cdk8s';
import { AllowNothing } from '../../../src/edge/security/allow-nothing';
import { AuthorizationAction, AuthorizationPolicy, type AuthorizationPolicyProps } from '../../../src/edge/security/authorization-policy';
import { AuthorizationRule } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import { Operation } from '../../../src/edge/security/operation';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, service } from '../hand-made';

const CART = PolicyScope.workload(service());
const DOOR = PolicyScope.gateway(gatewayPods({ trustedProxies: 1 }));
const STAFF = AuthorizationRule.of({ from: [Caller.namespaces(['staff'])] });

function policy(props: Partial<AuthorizationPolicyProps> = {}): AuthorizationPolicy {
  return new AuthorizationPolicy(emptyChart(), 'CartCallers', { scope: CART, rules: [STAFF], ...props });
}

function rule(from: Caller): AuthorizationRule {
  return AuthorizationRule.of({ from: [from] });
}

test('callers are allowed to send to a workload, and all others refused', () => {
  expect(theOnly(policy(), 'AuthorizationPolicy')).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: 'cart-callers',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/name': 'cart-callers', 'app.kubernetes.io/component': 'security', 'app.kubernetes.io/part-of': 'edge', 'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: { action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { namespaces: ['staff'] } }] }] },
  });
});

test('clients are denied by their address, at the gateway', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.DENY, rules: [rule(Caller.remoteIpBlocks(['203.0.113.0/24']))] });
  expect(theOnly(made, 'AuthorizationPolicy').spec).toEqual({
    action: 'DENY', selector: { matchLabels: { app: 'door' } }, rules: [{ from: [{ source: { remoteIpBlocks: ['203.0.113.0/24'] } }] }],
  });
});

test('an external service is asked about the requests that a rule matches', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.CUSTOM, provider: 'oauth2-proxy', rules: [AuthorizationRule.of({ to: [Operation.paths(['/admin/*'])] })] });
  expect(theOnly(made, 'AuthorizationPolicy').spec).toEqual({
    action: 'CUSTOM', provider: { name: 'oauth2-proxy' }, selector: { matchLabels: { app: 'door' } }, rules: [{ to: [{ operation: { paths: ['/admin/*'] } }] }],
  });
});

test('a policy can be tried without refusing anything', () => {
  const { metadata } = theOnly(policy({ dryRun: true }), 'AuthorizationPolicy');
  expect(metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
});

test('rules can be added', () => {
  const made = policy();
  made.addRule(AuthorizationRule.everything());
  expect(theOnly(made, 'AuthorizationPolicy').spec.rules).toEqual([{ from: [{ source: { namespaces: ['staff'] } }] }, {}]);
  expect(refusal(() => made.addRule({} as never))).toMatchObject({ prop: 'rule', path: 'chart/CartCallers' });
  Array.from({ length: 510 }).forEach(() => made.addRule(STAFF));
  expect(refusal(() => made.addRule(STAFF))).toMatchObject({ prop: 'rule', value: 513, path: 'chart/CartCallers' });
});

test('a policy that allows nothing has no rules', () => {
  const made = new AllowNothing(emptyChart(), 'AllowNothing', { scope: PolicyScope.namespace('shop') });
  expect([made.policyName, made.policyNamespace, theOnly(made, 'AuthorizationPolicy').spec]).toEqual(['allow-nothing', 'shop', {}]);
  const tried = theOnly(new AllowNothing(emptyChart(), 'Cart', { scope: CART, dryRun: true, policyName: 'closed' }), 'AuthorizationPolicy');
  expect([tried.metadata.name, tried.metadata.annotations, tried.spec]).toEqual(['closed', { 'istio.io/dry-run': 'true' }, { selector: { matchLabels: { app: 'cart' } } }]);
  expect(refusal(() => new AllowNothing(emptyChart(), 'A', { scope: PolicyScope.workload(service({ selector: {} })) }))).toMatchObject({ prop: 'scope', path: 'chart/A' });
  expect(refusal(() => new AllowNothing(emptyChart(), 'AllowNothing', {} as never))).toMatchObject({ prop: 'scope', value: undefined, path: 'chart/AllowNothing' });
});

test('two policies of an app never share a name in a namespace', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  new AuthorizationPolicy(first, 'Callers', { scope: CART, rules: [STAFF] });
  expect(refusal(() => new AuthorizationPolicy(second, 'Callers', { scope: PolicyScope.namespace('shop'), rules: [STAFF] })))
    .toMatchObject({ prop: 'policyName', value: 'callers', path: 'b/Callers', reason: expect.stringContaining('a/Callers') });
  expect(() => new AuthorizationPolicy(second, 'Others', { scope: DOOR, rules: [rule(Caller.withToken())], policyName: 'callers' })).not.toThrow();
  expect(synthesized(app).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(['shop/callers', 'front/callers']);
});

const CUSTOM = { action: AuthorizationAction.CUSTOM, provider: 'oauth2-proxy' };

test.each<[string, Partial<AuthorizationPolicyProps>, string, unknown]>([
  ['no rules', { rules: [] }, 'rules', []],
  ['rules that are missing', { rules: undefined }, 'rules', undefined],
  ['a rule that is none', { rules: [{ from: [] } as never] }, 'rules[0]', { from: [] }],
  ['no scope', { scope: undefined }, 'scope', undefined],
  ['a scope that is none', { scope: 'shop' as never }, 'scope', 'shop'],
  ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })) }, 'scope', { matchLabels: {} }],
  ['an unknown action', { action: 'allow' as never }, 'action', 'allow'],
  ['CUSTOM without a provider', { action: AuthorizationAction.CUSTOM }, 'provider', undefined],
  ['an empty provider', { action: AuthorizationAction.CUSTOM, provider: '' }, 'provider', ''],
  ['a provider without CUSTOM', { provider: 'oauth2-proxy' }, 'provider', 'oauth2-proxy'],
  ['CUSTOM on an identity', { ...CUSTOM, rules: [AuthorizationRule.everything(), rule(Caller.anyInMesh())] }, 'rules[1].from[0]', 'the identity of the peer'],
  ['CUSTOM on a token', { ...CUSTOM, rules: [rule(Caller.withoutToken())] }, 'rules[0].from[0]', 'a token'],
  ['CUSTOM on a claim', { ...CUSTOM, rules: [AuthorizationRule.of({ when: [Attribute.claim(['a']).oneOf(['b'])] })] }, 'rules[0].when[0]', 'a token'],
  ['a dry run of AUDIT', { action: AuthorizationAction.AUDIT, dryRun: true }, 'dryRun', true],
  ['a dry run of CUSTOM', { ...CUSTOM, rules: [AuthorizationRule.everything()], dryRun: true }, 'dryRun', true],
  ['an identity at a gateway behind an ALB', { scope: DOOR }, 'rules[0].from[0]', 'the identity of the peer'],
  ['the address of the peer there', { scope: DOOR, rules: [rule(Caller.ipBlocks(['10.0.0.0/8']))] }, 'rules[0].from[0]', 'the address of the peer'],
  ['its condition there', { scope: DOOR, rules: [AuthorizationRule.of({ when: [Attribute.sourceIp().oneOf(['10.0.0.0/8'])] })] }, 'rules[0].when[0]', 'the address of the peer'],
  ['clients\' addresses that no proxy is trusted with', { scope: PolicyScope.gateway(gatewayPods({ trustedProxies: 0 })), rules: [rule(Caller.remoteIpBlocks(['10.0.0.1']))] },
    'rules[0].from[0]', 'the address of the client'],
  ['clients\' addresses at a workload', { rules: [AuthorizationRule.of({ when: [Attribute.remoteIp().noneOf(['10.0.0.1'])] })] }, 'rules[0].when[0]', 'the address of the client'],
  ['a malformed name', { policyName: 'Cart' }, 'policyName', 'Cart'],
])('%s is refused', (_, props, prop, value) => {
  expect(refusal(() => policy(props))).toMatchObject({ prop, value, path: 'chart/CartCallers' });
});

test('a gateway behind an ALB can be kept for the load balancer, by its subnets', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.DENY, rules: [AuthorizationRule.of({ from: [Caller.of({ notIpBlocks: ['10.9.9.9'] }).also(Caller.loadBalancer(['10.0.1.0/24']))] })] });
  expect(theOnly(made, 'AuthorizationPolicy').spec.rules).toEqual([{ from: [{ source: { notIpBlocks: ['10.9.9.9'], ipBlocks: ['10.0.1.0/24'] } }] }]);
});

describe('a * at the beginning of a host', () => {
  const { DENY, ALLOW, AUDIT } = AuthorizationAction;
  const hosts = [AuthorizationRule.of({ to: [Operation.paths(['/a']), Operation.hosts(['a.b', '*.example.com'])] })];
  const notHosts = [AuthorizationRule.of({ to: [Operation.of({ notHosts: ['*.example.com'] })] })];

  test.each<[string, Partial<AuthorizationPolicyProps>, string]>([
    ['DENY', { action: DENY, rules: hosts }, 'rules[0].to[1].hosts[1]'],
    ['CUSTOM', { ...CUSTOM, rules: hosts }, 'rules[0].to[1].hosts[1]'],
    ['ALLOW of others', { action: ALLOW, rules: notHosts }, 'rules[0].to[0].notHosts[0]'],
  ])('is refused where a port would get around the rule: %s', (_, props, prop) => {
    expect(refusal(() => policy(props))).toMatchObject({ prop, value: '*.example.com', path: 'chart/CartCallers', reason: expect.stringContaining('concrete names, or no hosts') });
  });

  test.each<[string, Partial<AuthorizationPolicyProps>]>([
    ['ALLOW', { rules: hosts }], ['DENY of others', { action: DENY, rules: notHosts }], ['AUDIT', { action: AUDIT, rules: hosts }],
    ['DENY of all', { action: DENY, rules: [AuthorizationRule.of({ to: [Operation.hosts(['*', 'a.*'])] })] }],
  ])('and stays where it would not: %s', (_, props) => {
    expect(() => policy(props)).not.toThrow();
  });
});

test('one provider is asked for a scope', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  const rules = [AuthorizationRule.everything()];
  new AuthorizationPolicy(first, 'Ask', { scope: CART, ...CUSTOM, rules });
  expect(() => new AuthorizationPolicy(second, 'Again', { scope: PolicyScope.workload(service()), ...CUSTOM, rules })).not.toThrow();
  expect(refusal(() => new AuthorizationPolicy(second, 'Other', { scope: PolicyScope.workload(service()), ...CUSTOM, provider: 'opa', rules })))
    .toMatchObject({ prop: 'provider', value: 'opa', path: 'b/Other', reason: expect.stringContaining('oauth2-proxy') });
  expect(() => new AuthorizationPolicy(second, 'Elsewhere', { scope: DOOR, ...CUSTOM, provider: 'opa', rules })).not.toThrow();
});
