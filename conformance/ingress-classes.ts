// Random IngressClasses with their params.
import * as fc from 'fast-check';
import { someFields } from './fields';
import { mostly } from './rule-annotations';

/** Every field of the CRD with values; the last of many is refused by the schema, the webhook or the controller. */
const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  scheme: ['internal', 'internet-facing', 'internet-facing', 'public'],
  ipAddressType: ['ipv4', 'dualstack', 'dualstack-without-public-ipv4', 'ipv6'],
  group: [{ name: 'public' }, { name: 'corp' }, { name: '' }, { name: 'Bad_Name' }],
  loadBalancerName: ['corp', 'shop', '', 'a-name-that-is-longer-than-aws-takes-it'],
  certificateArn: [['arn:aws:acm:us-east-1:123456789012:certificate/class'], [], ['arn:aws:acm:us-east-1:123456789012:certificate/b', 'arn:x']],
  sslPolicy: ['ELBSecurityPolicy-TLS13-1-2-2021-06', ''],
  sslRedirectPort: ['443', '8443', 'yes', '', '+443', '443 '],
  inboundCIDRs: [['10.0.0.0/8'], ['10.0.0.0/8', '2001:db8::/32'], ['10.0.0.1/8'], ['x'], []],
  prefixListsIDs: [['pl-9'], ['pl-9', 'pl-1'], []],
  PrefixListsIDs: [['pl-8'], []],
  targetType: ['ip', 'instance', 'pod'],
  tags: [[{ key: 'team', value: 'class' }], [{ key: 'owner', value: 'platform' }, { key: 'cost', value: '2' }], [{ key: 'a', value: '1' }, { key: 'a',
    value: '2' }], []],
  subnets: [{ ids: ['subnet-1', 'subnet-2'] }, { tags: { tier: ['edge'] } }, { ids: ['subnet-2', 'subnet-1'] }, { tags: { tier: ['missing'] } },
    { ids: ['subnet-1', 'subnet-1'] }, {}, { ids: ['subnet-1', 'subnet-2'], tags: { tier: ['edge'] } }, { tags: {} }, { ids: ['subnet-x', 'subnet-y'] }],
  loadBalancerAttributes: [[{ key: 'idle_timeout.timeout_seconds', value: '90' }], [{ key: 'deletion_protection.enabled', value: 'true' }], []],
  listeners: [[{ protocol: 'HTTPS', port: 443, listenerAttributes: [{ key: 'routing.http.response.server.enabled', value: 'false' }] }],
    [{ protocol: 'HTTP', port: 80, listenerAttributes: [{ key: 'a', value: '2' }] }, { protocol: 'HTTP', port: 80, listenerAttributes: [{ key: 'b',
      value: '2' }] }], [{}], []],
  wafv2AclArn: ['arn:aws:wafv2:us-east-1:123456789012:regional/webacl/class/1', 'none', ''],
  wafv2AclName: ['class-acl', 'none', ''],
  minimumLoadBalancerCapacity: [{ capacityUnits: 500 }, { capacityUnits: 0 }],
  ipamConfiguration: [{ ipv4IPAMPoolId: 'ipam-pool-c' }, {}, { ipv4IPAMPoolId: '' }],
  namespaceSelector: [{ matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, { matchExpressions: [{ key: 'team', operator: 'Exists' }] }, {},
    { matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['prod'] }] }, { matchExpressions: [{ key: 'team', operator: 'In', values: ['shop'] }] },
    { matchLabels: { team: 'x' } }, { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }],
};

const params = someFields(FIELDS, 5);

const parameters = (name: string) => mostly<object | undefined>(
  fc.constant({ apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name }),
  fc.constantFrom(undefined, { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name: 'gone' }, { apiGroup: 'x', kind: 'IngressClassParams', name },
    { kind: 'ConfigMap', name }, { apiGroup: 'elbv2.k8s.aws', kind: 'IngressClassParams', name, scope: 'Cluster' }),
);

const ingressClass = (name: string) => fc.record({
  isDefault: fc.constantFrom('true', undefined, undefined, 'false'),
  controller: fc.constantFrom('ingress.k8s.aws/alb', 'ingress.k8s.aws/alb', 'ingress.k8s.aws/alb', 'example.com/other'),
  own: params,
  parameters: parameters(name),
}).map(({ isDefault, controller, own, parameters: reference }) => [
    {
      apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass',
      metadata: { name, annotations: isDefault === undefined ? {} : { 'ingressclass.kubernetes.io/is-default-class': isDefault } },
      spec: { controller, parameters: reference },
    },
    { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'IngressClassParams', metadata: { name }, spec: own },
  ]);

/** The class `corp`; now and then the class `alb` has params, too. */
export const ingressClasses: fc.Arbitrary<readonly object[]> = fc.tuple(
  ingressClass('corp'), fc.option(ingressClass('alb'), { nil: [], freq: 4 }),
).map(([corp, alb]) => [...corp, ...alb]);
