// Security groups of pods, which others than the controller manage.
import { check } from '../../src/checks/runner';
import { readObjects } from '../../src/manifests/input';
import { backend, ingress, object, service } from '../manifests';

test('where pods have security groups of their own, their rules may admit the load balancer', () => {
  const annotations = { 'target-type': 'ip', 'security-groups': 'sg-0a1b2c3d4e5f60718' };
  const edge = [service('prod/shop'), ingress('prod/a', annotations, { ingressClassName: 'alb', defaultBackend: backend('shop', 80) })];
  const idsWith = (...others: object[]) => check(readObjects([...edge, ...others])).findings.map(({ id }) => id);
  expect(idsWith()).toEqual(['security-groups-without-backend-rules']);
  expect(idsWith(object('vpcresources.k8s.aws/v1beta1', 'SecurityGroupPolicy', 'prod/shop', { securityGroups: { groupIds: ['sg-0fedcba9876543210'] } }))).toEqual([]);
});
