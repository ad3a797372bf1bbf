// Random TargetGroupBindings that people could write, right ones and wrong ones.
import * as fc from 'fast-check';
import { someFields } from './fields';
import { mostly } from './rule-annotations';

const ARN = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/';

/** Fields with values, the first two of which are right. */
const FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  targetType: ['ip', 'instance', 'alb'],
  targetGroupProtocol: ['HTTP', 'HTTP', 'HTTPS', 'TCP_QUIC', 'http'],
  ipAddressType: ['ipv4', 'ipv4', 'ipv6', 'dual'],
  vpcID: ['vpc-0123456789abcdef0', 'vpc-0123456789abcdef0', 'vpc-1', 'vpc-00000000', 'vpc-0123456789ABCDEF0', ''],
  multiClusterTargetGroup: [true, false],
  nodeSelector: [{ matchLabels: { role: 'edge' } }, {}, { matchExpressions: [{ key: 'role', operator: 'Exists' }] }],
  networking: [{ ingress: [{ from: [{ securityGroup: { groupID: 'sg-1' } }], ports: [{ port: 80, protocol: 'TCP' }] }] },
    { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{}] }] }, {}, { ingress: [] },
    { ingress: [{ from: [{ ipBlock: { cidr: 'x' } }], ports: [{ port: 'http', protocol: 'SCTP' }] }] }],
  iamRoleArnToAssume: ['arn:aws:iam::123456789012:role/x', ''],
  assumeRoleExternalId: ['x', ''],
};

const target = mostly<object>(
  fc.constantFrom({ targetGroupARN: `${ARN}pods/1` }, { targetGroupARN: `${ARN}instance-nodes/1` }, { targetGroupName: 'pods' },
    { targetGroupARN: `${ARN}pods/2` }),
  fc.constantFrom({}, { targetGroupName: 'missing' }, { targetGroupARN: `${ARN}missing/1` }, { targetGroupARN: '', targetGroupName: 'pods' },
    { targetGroupARN: `${ARN}pods/1`, targetGroupName: 'missing' }),
);

const serviceRef = mostly<object>(
  fc.constantFrom({ name: 'web', port: 80 }, { name: 'web', port: 'http' }),
  fc.constantFrom({ name: 'gone', port: 80 }, { name: 'web', port: 'gone' }, { name: 'web' }, { port: 80 }, { name: '', port: 0 }),
);

const binding = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  namespace: fc.constantFrom('shop', 'shop', 'team-a'),
  target, serviceRef,
  fields: someFields(FIELDS, 4),
}).map(({ name, namespace, target: own, serviceRef: reference, fields }) => ({
  apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', metadata: { name, namespace }, spec: { serviceRef: reference, ...own, ...fields },
}));

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } };

/** The objects of an input: one to three bindings, and a Service. */
export const bindingObjects: fc.Arbitrary<readonly object[]> = fc
  .uniqueArray(binding, { minLength: 1, maxLength: 3, selector: ({ metadata: { name, namespace } }) => `${namespace}/${name}` })
  .map(bindings => [SERVICE, ...bindings]);
