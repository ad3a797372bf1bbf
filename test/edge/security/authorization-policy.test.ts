// AuthorizationPolicy: who may send which requests, and deny-by-default.
import { App, Chart } from 'cdk8s';
import { AuthorizationAction, AuthorizationPolicy, type AuthorizationPolicyProps, type DenyAllProps } from '../../../src/edge/security/authorization-policy';
import { registerLayer4Gateway } from '../../../src/edge/gateway-workload/layer4-gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { AuthorizationRule } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import { Operation } from '../../../src/edge/security/operation';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { gatewayPods, service } from '../stubs';

const CART = PolicyScope.workload(service());
const DOOR = PolicyScope.gateway(gatewayPods({ trustedProxies: 1 }));
const STAFF = AuthorizationRule.of({ from: [Caller.namespaces(['staff'])] });
const ADMIN = AuthorizationRule.of({ to: [Operation.paths(['/admin'])] });

function policy(props: Partial<AuthorizationPolicyProps> = {}): AuthorizationPolicy {
  return new AuthorizationPolicy(emptyChart(), 'CartCallers', { scope: CART, rules: [STAFF], ...props });
}

function rule(from: Caller): AuthorizationRule {
  return AuthorizationRule.of({ from: [from] });
}

test('allows the given callers of a workload', () => {
  expect(theOnly(policy(), 'AuthorizationPolicy')).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: {
      name: 'cart-callers',
      namespace: 'shop',
      labels: labels('cart-callers', 'security'),
    },
    spec: { action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { namespaces: ['staff'] } }] }] },
  });
});

test('denies clients by address at the gateway', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.DENY, rules: [rule(Caller.remoteIpBlocks(['203.0.113.0/24']))] });
  expect(theOnly(made, 'AuthorizationPolicy').spec).toEqual({
    action: 'DENY', selector: { matchLabels: { app: 'door' } }, rules: [{ from: [{ source: { remoteIpBlocks: ['203.0.113.0/24'] } }] }],
  });
});

test('sends requests that match a rule to an external authorizer', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.CUSTOM, provider: 'oauth2-proxy', rules: [AuthorizationRule.of({ to: [Operation.paths(['/admin/*'])] })] });
  expect(theOnly(made, 'AuthorizationPolicy').spec).toEqual({
    action: 'CUSTOM', provider: { name: 'oauth2-proxy' }, selector: { matchLabels: { app: 'door' } }, rules: [{ to: [{ operation: { paths: ['/admin/*'] } }] }],
  });
});

test.each([AuthorizationAction.ALLOW, AuthorizationAction.DENY])('a dry run of %s is an annotation', action => {
  expect(theOnly(policy({ action, dryRun: true }), 'AuthorizationPolicy').metadata.annotations).toEqual({ 'istio.io/dry-run': 'true' });
  expect(theOnly(policy({ action }), 'AuthorizationPolicy').metadata.annotations).toBeUndefined();
});

test('rules can be added later, up to the limit', () => {
  const made = policy();
  made.addRule(AuthorizationRule.everything());
  expect(theOnly(made, 'AuthorizationPolicy').spec.rules).toEqual([{ from: [{ source: { namespaces: ['staff'] } }] }, {}]);
  expect(refusal(() => made.addRule({} as never))).toMatchObject({ prop: 'rule', path: 'chart/CartCallers' });
  Array.from({ length: 510 }).forEach(() => made.addRule(STAFF));
  expect(refusal(() => made.addRule(STAFF))).toMatchObject({ prop: 'rule', value: 513, path: 'chart/CartCallers' });
});

describe('denyAll', () => {
  const denyAll = (id: string, props: DenyAllProps) => AuthorizationPolicy.denyAll(emptyChart(), id, props);

  it('renders an empty spec for a namespace', () => {
    const made = denyAll('DenyAll', { scope: PolicyScope.namespace('shop') });
    expect(made).toBeInstanceOf(AuthorizationPolicy);
    expect({ policyName: made.policyName, policyNamespace: made.policyNamespace, spec: theOnly(made, 'AuthorizationPolicy').spec })
      .toEqual({ policyName: 'deny-all', policyNamespace: 'shop', spec: {} });
  });

  it('accepts a scope, a name and a dry run', () => {
    const { metadata, spec } = theOnly(denyAll('Cart', { scope: CART, dryRun: true, policyName: 'closed' }), 'AuthorizationPolicy');
    expect({ name: metadata.name, annotations: metadata.annotations, spec })
      .toEqual({ name: 'closed', annotations: { 'istio.io/dry-run': 'true' }, spec: { selector: { matchLabels: { app: 'cart' } } } });
  });

  it('becomes an ALLOW policy when a rule is added', () => {
    const made = denyAll('DenyAll', { scope: CART });
    made.addRule(STAFF);
    expect(theOnly(made, 'AuthorizationPolicy').spec)
      .toEqual({ action: 'ALLOW', selector: { matchLabels: { app: 'cart' } }, rules: [{ from: [{ source: { namespaces: ['staff'] } }] }] });
  });

  it.each<[string, object, string, unknown]>([
    ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })) }, 'scope', { matchLabels: {} }],
    ['a missing scope', {}, 'scope', undefined],
    ['an action', { scope: CART, action: AuthorizationAction.DENY }, 'action', 'DENY'],
  ])('rejects %s', (_, props, prop, value) => {
    expect(refusal(() => denyAll('DenyAll', props as DenyAllProps))).toMatchObject({ prop, value, path: 'chart/DenyAll' });
  });
});

test('a policy name is unique per namespace of an app', () => {
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
  ['missing rules', { rules: undefined }, 'rules', undefined],
  ['a rule of the wrong type', { rules: [{ from: [] } as never] }, 'rules[0]', { from: [] }],
  ['a missing scope', { scope: undefined }, 'scope', undefined],
  ['a scope of the wrong type', { scope: 'shop' as never }, 'scope', 'shop'],
  ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })) }, 'scope', { matchLabels: {} }],
  ['an unknown action', { action: 'allow' as never }, 'action', 'allow'],
  ['CUSTOM without a provider', { action: AuthorizationAction.CUSTOM }, 'provider', undefined],
  ['an empty provider', { action: AuthorizationAction.CUSTOM, provider: '' }, 'provider', ''],
  ['a provider with a space', { action: AuthorizationAction.CUSTOM, provider: 'oauth2 proxy' }, 'provider', 'oauth2 proxy'],
  ['a provider for ALLOW', { provider: 'oauth2-proxy' }, 'provider', 'oauth2-proxy'],
  ['CUSTOM with an identity', { ...CUSTOM, rules: [AuthorizationRule.everything(), rule(Caller.anyInMesh())] }, 'rules[1].from[0]', 'the identity of the peer'],
  ['CUSTOM with a token', { ...CUSTOM, rules: [rule(Caller.withoutToken())] }, 'rules[0].from[0]', 'a token'],
  ['CUSTOM with a claim', { ...CUSTOM, rules: [AuthorizationRule.of({ when: [Attribute.claim(['a']).oneOf(['b'])] })] }, 'rules[0].when[0]', 'a token'],
  ['a dry run of AUDIT', { action: AuthorizationAction.AUDIT, dryRun: true }, 'dryRun', true],
  ['a dry run of CUSTOM', { ...CUSTOM, rules: [AuthorizationRule.everything()], dryRun: true }, 'dryRun', true],
  ['a mesh identity at a gateway behind an ALB', { scope: DOOR }, 'rules[0].from[0]', 'the identity of the peer'],
  ['a peer address at a gateway behind an ALB', { scope: DOOR, rules: [rule(Caller.ipBlocks(['10.0.0.0/8']))] }, 'rules[0].from[0]', 'the address of the peer'],
  ['a condition on the peer address at a gateway behind an ALB', { scope: DOOR, rules: [AuthorizationRule.of({ when: [Attribute.sourceIp().oneOf(['10.0.0.0/8'])] })] }, 'rules[0].when[0]', 'the address of the peer'],
  ['a client address at a gateway that trusts no proxy', { scope: PolicyScope.gateway(gatewayPods({ trustedProxies: 0 })), rules: [rule(Caller.remoteIpBlocks(['10.0.0.1']))] },
    'rules[0].from[0]', 'the address of the client'],
  ['a client address at a workload', { rules: [AuthorizationRule.of({ when: [Attribute.remoteIp().noneOf(['10.0.0.1'])] })] }, 'rules[0].when[0]', 'the address of the client'],
  ['a malformed name', { policyName: 'Cart' }, 'policyName', 'Cart'],
])('rejects %s', (_, props, prop, value) => {
  expect(refusal(() => policy(props))).toMatchObject({ prop, value, path: 'chart/CartCallers' });
});

test('a gateway behind an ALB can match on the subnets of the load balancer', () => {
  const made = policy({ scope: DOOR, action: AuthorizationAction.DENY, rules: [AuthorizationRule.of({ from: [Caller.of({ notIpBlocks: ['10.9.9.9'] }).also(Caller.loadBalancer(['10.0.1.0/24']))] })] });
  expect(theOnly(made, 'AuthorizationPolicy').spec.rules).toEqual([{ from: [{ source: { notIpBlocks: ['10.9.9.9'], ipBlocks: ['10.0.1.0/24'] } }] }]);
});

describe('a host that starts with *', () => {
  const { DENY, ALLOW, AUDIT } = AuthorizationAction;
  const hosts = [AuthorizationRule.of({ to: [Operation.paths(['/a']), Operation.hosts(['a.b', '*.example.com'])] })];
  const notHosts = [AuthorizationRule.of({ to: [Operation.of({ notHosts: ['*.example.com'] })] })];

  test.each<[string, Partial<AuthorizationPolicyProps>, string]>([
    ['DENY', { action: DENY, rules: hosts }, 'rules[0].to[1].hosts[1]'],
    ['CUSTOM', { ...CUSTOM, rules: hosts }, 'rules[0].to[1].hosts[1]'],
    ['ALLOW with notHosts', { action: ALLOW, rules: notHosts }, 'rules[0].to[0].notHosts[0]'],
  ])('is rejected where a port would bypass the rule: %s', (_, props, prop) => {
    expect(refusal(() => policy(props))).toMatchObject({ prop, value: '*.example.com', path: 'chart/CartCallers', reason: expect.stringContaining('must not start with *') });
  });

  test.each<[string, Partial<AuthorizationPolicyProps>]>([
    ['ALLOW', { rules: hosts }], ['DENY with notHosts', { action: DENY, rules: notHosts }], ['AUDIT', { action: AUDIT, rules: hosts }],
    ['DENY with * alone', { action: DENY, rules: [AuthorizationRule.of({ to: [Operation.hosts(['*', 'a.*'])] })] }],
  ])('is accepted where it would not: %s', (_, props) => {
    expect(() => policy(props)).not.toThrow();
  });
});

test.each<[string, Partial<AuthorizationPolicyProps>, string]>([
  ['a missing provider', { action: AuthorizationAction.CUSTOM }, 'is required when action is CUSTOM'],
  ['a provider for ALLOW', { provider: 'opa' }, 'cannot be set when action is ALLOW; only CUSTOM uses a provider'],
  ['a dry run of AUDIT', { action: AuthorizationAction.AUDIT, dryRun: true }, 'cannot be set when action is AUDIT; Istio supports it for ALLOW and DENY'],
  ['an identity behind an ALB', { scope: DOOR }, 'cannot match on a mesh identity at a gateway behind an ALB, which does not present a mesh certificate'],
])('says what is wrong with %s', (_, props, reason) => {
  expect(refusal(() => policy(props)).reason).toBe(reason);
});

test('a scope has one provider, which does not concern its other policies', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  const rules = [AuthorizationRule.everything()];
  const scope = (selector: Record<string, string>) => PolicyScope.workload(service({ selector }));
  const ask = (chart: Chart, id: string, props: Partial<AuthorizationPolicyProps>) => new AuthorizationPolicy(chart, id, { scope: scope({ app: 'cart', tier: 'web' }), rules, ...props });
  ask(first, 'Ask', CUSTOM);
  ask(second, 'Again', CUSTOM);
  ask(second, 'Allow', {});
  for (const same of [scope({ app: 'cart', tier: 'web' }), scope({ tier: 'web', app: 'cart' })]) {
    expect(refusal(() => ask(new Chart(app, `c${app.node.children.length}`), 'Other', { ...CUSTOM, provider: 'opa', scope: same }))).toMatchObject({
      prop: 'provider', value: 'opa', reason: 'must be oauth2-proxy, which another policy uses for the same scope; with two providers Istio would deny the requests',
    });
  }
  for (const other of [scope({ app: 'bank' }), PolicyScope.namespace('shop'), PolicyScope.waypointService('shop', 'cart'), DOOR]) {
    expect(() => ask(new Chart(app, `c${app.node.children.length}`), `Elsewhere${app.node.children.length}`, { ...CUSTOM, provider: 'opa', scope: other })).not.toThrow();
  }
});

test('a gateway with TCP routes has no rule that denies by HTTP attributes', () => {
  const chart = emptyChart();
  const layer4 = PolicyScope.gateway(gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }));
  registerLayer4Gateway(chart, 'front/door');
  const make = (id: string, props: Partial<AuthorizationPolicyProps>) => new AuthorizationPolicy(chart, id, { scope: layer4, action: AuthorizationAction.DENY, rules: [STAFF, ADMIN], ...props });
  expect(refusal(() => make('Denied', {}))).toMatchObject({ prop: 'rules[1].to[0]', value: 'an HTTP-only condition', path: 'chart/Denied' });
  expect(refusal(() => make('Asked', { ...CUSTOM, rules: [ADMIN] }))).toMatchObject({ prop: 'rules[0].to[0]', path: 'chart/Asked' });
  make('Allowed', { action: AuthorizationAction.ALLOW });
  make('Audited', { action: AuthorizationAction.AUDIT });
  make('Callers', { rules: [STAFF] });
  make('Cart', { scope: CART });
  make('Alb', { scope: PolicyScope.gateway(gatewayPods()), rules: [ADMIN] });
  expect(refusal(() => make('Later', { rules: [STAFF] }).addRule(ADMIN))).toMatchObject({ prop: 'rule.to[0]', path: 'chart/Later' });
});
