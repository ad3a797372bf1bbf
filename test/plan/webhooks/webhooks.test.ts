// What admission webhooks of the controller refuse or complete, where no recorded verdict covers it.
import * as fc from 'fast-check';
import { type Plan, type PlanOptions, planOf } from '../../../src/plan/plan';

const BINDING = { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', metadata: { name: 'b', namespace: 'shop' } };
const PARAMS = { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'IngressClassParams', metadata: { name: 'corp' } };
const INGRESS = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' } };
const SERVICE_REF = { name: 'web', port: 80 };
const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef';

function plan(objects: readonly object[], options?: PlanOptions): Plan {
  return planOf(objects.map(object => ({ object, origin: {} })) as never, options);
}

function bindingOf(spec: object, facts?: readonly string[]): { readonly spec?: object; readonly refused?: string; readonly unknown: readonly string[] } {
  const aws: PlanOptions['aws'] = ({ ask }) => (ask === 'target group by ARN' ? facts : ask === 'target group by name' && facts ? [ARN] : undefined);
  const [{ spec: stored, refused, unknown }] = plan([{ ...BINDING, spec: { serviceRef: SERVICE_REF, ...spec } }], { aws }).targetGroupBindings;
  return { ...stored ? { spec: JSON.parse(JSON.stringify(stored)) } : {}, ...refused ? { refused: refused.reason } : {}, unknown };
}

test('a TargetGroupBinding is completed from its target group', () => {
  expect(bindingOf({ targetGroupName: 'web' }, ['instance', 'ipv6', 'vpc-01234567', 'TCP'])).toEqual({
    spec: { targetGroupARN: ARN, targetGroupName: 'web', targetType: 'instance', ipAddressType: 'ipv6', vpcID: 'vpc-01234567', targetGroupProtocol: 'TCP', serviceRef: SERVICE_REF },
    unknown: [],
  });
});

test('without an answer of AWS, a TargetGroupBinding has what it says, and the rest is unknown', () => {
  expect(bindingOf({ targetGroupARN: ARN, targetType: 'ip' })).toEqual({
    spec: { targetGroupARN: ARN, targetType: 'ip', serviceRef: SERVICE_REF }, unknown: [`the type, protocol and VPC of target group ${ARN}`],
  });
  expect(bindingOf({ targetGroupName: 'web' })).toEqual({ spec: { targetGroupName: 'web', serviceRef: SERVICE_REF }, unknown: ['the ARN of target group web'] });
});

test.each([
  [{ targetGroupARN: ARN }, ['alb', '', 'vpc-01234567', 'TCP'], 'the target group must have target type instance or ip; it has alb'],
  [{ targetGroupARN: ARN, vpcID: 'vpc-76543210' }, ['ip', '', 'vpc-01234567', 'TCP'], 'must be vpc-01234567, as of the target group; got vpc-76543210'],
  [{ targetGroupARN: ARN, iamRoleArnToAssume: 'arn:x' }, ['instance', '', 'vpc-01234567', 'TCP'], 'cannot be set for target type instance'],
  [{ targetGroupARN: ARN, targetType: 'instance' }, ['instance', '', 'vpc-01234567', 'QUIC'], 'cannot be instance for a target group of protocol QUIC'],
])('the binding %j of a target group %j is refused', (spec, facts, reason) => {
  expect(bindingOf(spec, facts).refused).toBe(reason);
});

test('each fault of IngressClassParams has its place', () => {
  const spec = { inboundCIDRs: ['10.0.0.0/8', '10.0.0.1/8', 'x'], subnets: { tags: { zone: ['a', 'b', 'a'] } } };
  expect(plan([{ ...PARAMS, spec }]).events.map(({ pointer, reason, reach, webhook }) => [pointer, reason, reach, webhook])).toEqual([
    ['/spec/inboundCIDRs/1', 'must have no bits behind the prefix; got 10.0.0.1/8', 'object', 'vingressclassparams.elbv2.k8s.aws'],
    ['/spec/inboundCIDRs/2', 'must be a CIDR block; got x', 'object', 'vingressclassparams.elbv2.k8s.aws'],
    ['/spec/subnets/tags/zone/2', 'repeats a', 'object', 'vingressclassparams.elbv2.k8s.aws'],
  ]);
});

test('what the CRDs of the controller do not allow is refused by the API server, and only a cluster that has it all the same uses it', () => {
  const objects = [
    { ...PARAMS, spec: { scheme: 'public' } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name: 'corp' }, spec: { controller: 'ingress.k8s.aws/alb',
      parameters: { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'corp' } } },
    { ...INGRESS, spec: { ingressClassName: 'corp', defaultBackend: { service: { name: 'web', port: { number: 80 } } } } },
    { ...BINDING, spec: { targetGroupARN: ARN, targetType: 'pod', weight: 1 } },
  ];
  const { loadBalancers, targetGroupBindings, events } = plan(objects);
  expect(events.map(({ manifest, pointer, reason, reach, webhook }) => [manifest.object.kind, pointer, reason, reach, webhook])).toEqual([
    ['IngressClassParams', '/spec/scheme', '"public" is not one of internal, internet-facing', 'object', undefined],
    ['TargetGroupBinding', '/spec', 'the field serviceRef is required', 'object', undefined],
    ['TargetGroupBinding', '/spec/targetType', '"pod" is not one of instance, ip', 'object', undefined],
    ['TargetGroupBinding', '/spec/weight', expect.stringContaining('/spec has no field weight; its fields: '), 'object', undefined],
  ]);
  expect(loadBalancers.flatMap(own => ('refused' in own ? [] : own.unknown))).toContain(
    'IngressClassParams corp: the input does not have them, and they replace annotations of the Ingress');
  expect(targetGroupBindings).toEqual([]);
  expect(plan(objects, { admitted: true }).targetGroupBindings).toHaveLength(1);
});

test('the webhook refuses annotations that flags turn off', () => {
  const annotations = { 'kubernetes.io/ingress.class': 'alb', 'alb.ingress.kubernetes.io/group.name': 'g' };
  const reasons = (controller: PlanOptions['controller']) => plan([{ ...INGRESS, metadata: { ...INGRESS.metadata, annotations } }], { controller }).events.map(({ reason }) => reason);
  expect(reasons({})).toEqual([]);
  expect(reasons({ disableIngressClassAnnotation: true })).toEqual(['cannot be set (--disable-ingress-class-annotation)']);
  expect(reasons({ disableIngressGroupNameAnnotation: true })).toEqual(['cannot be set (--disable-ingress-group-name-annotation)']);
});

test('a path without a Service crashes the webhook, unless the Ingress is of another class', () => {
  const rules = [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { resource: { kind: 'Bucket', name: 'x' } } }] } }];
  const webhooks = (ingressClassName: string) => plan([{ ...INGRESS, spec: { ingressClassName, rules } }]).events.map(({ webhook }) => webhook);
  expect(webhooks('alb')).toContain('vingress.elbv2.k8s.aws');
  expect(webhooks('nginx')).toEqual([]);
});

test('no object crashes the plan', () => {
  const kinds = [['v1', 'Service'], ['networking.k8s.io/v1', 'Ingress'], ['networking.k8s.io/v1', 'IngressClass'], [BINDING.apiVersion, BINDING.kind], [PARAMS.apiVersion, PARAMS.kind]];
  const keys = fc.constantFrom('type', 'ports', 'port', 'name', 'rules', 'http', 'paths', 'backend', 'service', 'subnets', 'ids', 'tags', 'inboundCIDRs', 'targetGroupARN',
    'serviceRef', 'ingressClassName', 'controller', 'loadBalancerSourceRanges', 'ipFamilies', 'parameters');
  const value = fc.letrec(tie => ({
    any: fc.oneof({ maxDepth: 4 }, fc.constantFrom<unknown>('LoadBalancer', 'alb', 'ip', 80, 0, null, true, '', 'TCP', 'x'), fc.array(tie('any'), { maxLength: 2 }),
      fc.dictionary(keys, tie('any'), { maxKeys: 4 })),
  })).any;
  const annotations = fc.dictionary(fc.constantFrom('service.beta.kubernetes.io/aws-load-balancer-type', 'service.beta.kubernetes.io/aws-load-balancer-subnets',
    'alb.ingress.kubernetes.io/conditions.x', 'kubernetes.io/ingress.class', 'alb.ingress.kubernetes.io/enable-frontend-nlb'), value);
  const object = fc.tuple(fc.constantFrom(...kinds), value, annotations).map(([[apiVersion, kind], spec, own]) => ({
    apiVersion, kind, metadata: { name: 'x', namespace: 'shop', annotations: own }, spec: kind === 'Service' && typeof spec === 'object' ? { type: 'LoadBalancer', ...spec } : spec,
  }));
  fc.assert(fc.property(fc.array(object, { maxLength: 4 }), fc.boolean(), (objects, complete) => {
    expect(() => plan(objects, { complete })).not.toThrow();
  }), { numRuns: 300 });
});
