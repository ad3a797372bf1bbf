// Targets for a target group that is there already.
import { TargetType } from '../../../src/base/alb-annotations/words';
import { TargetGroupBinding, type TargetGroupBindingProps, TargetGroupSource } from '../../../src/edge/alb/target-group-binding';
import { refusal } from '../../refusal';
import { emptyChart, labels, theOnly } from '../../synthesized';
import { backend } from '../stubs';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/door/0123456789abcdef';

function binding(props: Partial<TargetGroupBindingProps> = {}): TargetGroupBinding {
  return new TargetGroupBinding(emptyChart(), 'Binding', { targetGroupArn: ARN, backend: backend(), ...props });
}

test('the pods of a Service become targets', () => {
  expect(theOnly(binding(), 'TargetGroupBinding')).toEqual({
    apiVersion: 'elbv2.k8s.aws/v1beta1',
    kind: 'TargetGroupBinding',
    metadata: {
      name: 'door',
      namespace: 'front',
      labels: labels('door', 'alb'),
    },
    spec: { targetGroupARN: ARN, targetType: 'ip', serviceRef: { name: 'door', port: 8443 } },
  });
});

test('sources are security groups and addresses', () => {
  const { spec } = theOnly(binding({
    bindingName: 'mine', targetType: TargetType.INSTANCE, allowedPorts: [31804, 30621],
    allowFrom: [TargetGroupSource.securityGroup('sg-0a1b2c3d'), TargetGroupSource.cidr('10.0.0.0/16')],
  }), 'TargetGroupBinding');
  expect(spec).toMatchObject({
    targetType: 'instance',
    networking: {
      ingress: [{
        from: [{ securityGroup: { groupID: 'sg-0a1b2c3d' } }, { ipBlock: { cidr: '10.0.0.0/16' } }],
        ports: [{ port: 31804, protocol: 'TCP' }, { port: 30621, protocol: 'TCP' }],
      }],
    },
  });
});

test('without ports, all ports are open to the sources', () => {
  expect(theOnly(binding({ allowFrom: [TargetGroupSource.cidr('fd00::/8')] }), 'TargetGroupBinding').spec.networking.ingress)
    .toEqual([{ from: [{ ipBlock: { cidr: 'fd00::/8' } }], ports: [{ protocol: 'TCP' }] }]);
});

test.each<[string, Partial<TargetGroupBindingProps>, string]>([
  ['the ARN of a load balancer', { targetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/0123456789abcdef' }, 'targetGroupArn'],
  ['a malformed name', { bindingName: 'A' }, 'bindingName'],
  ['nodes without node ports', { backend: backend({ targetTypes: [TargetType.IP] }), targetType: TargetType.INSTANCE }, 'targetType'],
  ['a gateway at layer 4', { backend: backend({ targetTypes: [] }) }, 'backend'],
  ['ports without anybody', { allowedPorts: [80] }, 'allowedPorts'],
  ['nobody', { allowFrom: [] }, 'allowFrom'],
  ['no ports', { allowFrom: [TargetGroupSource.cidr('10.0.0.0/8')], allowedPorts: [] }, 'allowedPorts'],
  ['port 0', { allowFrom: [TargetGroupSource.cidr('10.0.0.0/8')], allowedPorts: [80, 0] }, 'allowedPorts[1]'],
])('%s is rejected', (_, props, prop) => {
  expect(refusal(() => binding(props))).toMatchObject({ prop, path: 'chart/Binding' });
});

test('sources are validated when they are created', () => {
  expect(refusal(() => TargetGroupSource.securityGroup('edge'))).toMatchObject({ prop: 'groupId', value: 'edge' });
  expect(refusal(() => TargetGroupSource.cidr('10.0.0.0'))).toMatchObject({ prop: 'cidr', value: '10.0.0.0' });
});
