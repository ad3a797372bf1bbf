// HTTP-only deny rules are rejected at gateways that also proxy TCP or TLS passthrough.
import type { Chart } from 'cdk8s';
import { AuthorizationAction, AuthorizationPolicy, type AuthorizationPolicyProps } from '../../../src/edge/security/authorization-policy';
import { AuthorizationRule, type AuthorizationRuleOptions } from '../../../src/edge/security/authorization-rule';
import { Caller } from '../../../src/edge/security/caller';
import { Attribute } from '../../../src/edge/security/condition';
import { EdgeGateway } from '../../../src/edge/gateway/gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { Operation } from '../../../src/edge/security/operation';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { RequestAuthentication } from '../../../src/edge/security/request-authentication';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { gatewayPods, service } from '../stubs';

const PODS = gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER, tcpPorts: [5432] });
const SCOPE = PolicyScope.gateway(PODS);
const HTTP = Operation.ports([8443]);

function gateway(chart: Chart, workload = PODS): EdgeGateway {
  return new EdgeGateway(chart, 'Gateway', { workload, hosts: ['a.example.com'], credentialName: 'tls' });
}

function policy(chart: Chart, rule: AuthorizationRuleOptions, props: Partial<AuthorizationPolicyProps> = {}): AuthorizationPolicy {
  return new AuthorizationPolicy(chart, 'Closed', { scope: SCOPE, action: AuthorizationAction.DENY, rules: [AuthorizationRule.of(rule)], ...props });
}

function login(chart: Chart, tokenPorts?: number[]): RequestAuthentication {
  return new RequestAuthentication(chart, 'Login', { scope: SCOPE, jwtRules: [{ issuer: 'https://id.example.com' }], tokenPorts });
}

/** The policy after the route, and the route after the policy. */
function both(deny: (chart: Chart) => unknown): [first: () => unknown, last: () => unknown] {
  const [after, before] = [emptyChart(), emptyChart()];
  gateway(after).passTcpThrough('shop', 5432);
  return [() => deny(after), () => {
    deny(before);
    gateway(before).passTlsThrough('shop', ['db.example.com']);
  }];
}

test.each<[string, AuthorizationRuleOptions, string]>([
  ['paths next to an operation with ports only', { to: [HTTP, Operation.paths(['/admin'])] }, 'to[1]'],
  ['tokens', { from: [Caller.ipBlocks(['10.0.0.0/8']), Caller.withoutToken()] }, 'from[1]'],
  ['headers', { when: [Attribute.requestHeader('x-a').oneOf(['b'])] }, 'when[0]'],
])('rejects a rule on %s, which would deny every connection', (_, rule, part) => {
  const [policyLast, routeLast] = both(chart => policy(chart, rule));
  expect(refusal(policyLast)).toMatchObject({ prop: `rules[0].${part}`, path: 'chart/Closed', reason: expect.stringContaining('must be limited to the HTTP ports of the gateway front/door') });
  expect(refusal(routeLast)).toMatchObject({ prop: 'gateway', value: 'front/door', path: 'chart/Gateway', reason: expect.stringContaining('chart/Closed') });
});

test('rejects paths for an external authorizer', () => {
  const [policyLast, routeLast] = both(chart => policy(chart, { to: [Operation.paths(['/a'])] }, { action: AuthorizationAction.CUSTOM, provider: 'opa' }));
  expect(refusal(policyLast)).toMatchObject({ prop: 'rules[0].to[0]' });
  expect(refusal(routeLast)).toMatchObject({ prop: 'gateway' });
});

test('rejects the requirement of a token, unless it is limited to the HTTP ports', () => {
  const [policyLast, routeLast] = both(chart => login(chart));
  expect(refusal(policyLast)).toMatchObject({ prop: 'tokenPorts', value: undefined, path: 'chart/Login' });
  expect(refusal(routeLast)).toMatchObject({ prop: 'gateway', reason: expect.stringContaining('chart/Login') });
  both(chart => login(chart, [8443])).forEach(call => expect(call).not.toThrow());
});

test.each<[string, AuthorizationRuleOptions, Partial<AuthorizationPolicyProps>]>([
  ['paths on ports', { to: [Operation.of({ paths: ['/a'], ports: [8443] })] }, {}],
  ['tokens on the port of the pod', { from: [Caller.withoutToken()], when: [Attribute.destinationPort().oneOf(['8443'])] }, {}],
  ['paths that are allowed', { to: [Operation.paths(['/a'])] }, { action: AuthorizationAction.ALLOW }],
  ['paths that are audited', { to: [Operation.paths(['/a'])] }, { action: AuthorizationAction.AUDIT }],
  ['paths at a workload', { to: [Operation.paths(['/a'])] }, { scope: PolicyScope.workload(service()) }],
  ['paths at another gateway', { to: [Operation.paths(['/a'])] }, { scope: PolicyScope.gateway(gatewayPods({ ...PODS, serviceName: 'gate' })) }],
])('accepts a rule on %s', (_, rule, props) => {
  both(chart => policy(chart, rule, props)).forEach(call => expect(call).not.toThrow());
});

test('checks rules that are added later', () => {
  const chart = emptyChart();
  gateway(chart).passTcpThrough('shop', 5432);
  const made = policy(chart, { from: [Caller.ipBlocks(['10.0.0.0/8'])] });
  expect(refusal(() => made.addRule(AuthorizationRule.of({ to: [Operation.paths(['/a'])] })))).toMatchObject({ prop: 'rule.to[0]', path: 'chart/Closed' });
});
