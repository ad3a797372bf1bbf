// Secrets in `spec.tls`, which no load balancer uses.
import { planOf } from '../../../src/plan/plan';

test('a Secret of an Ingress has no effect, whether it exists or not; its hosts have', () => {
  const ingress = {
    apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'a', namespace: 'shop' },
    spec: { ingressClassName: 'alb', tls: [{ hosts: ['a.example.com'] }, { hosts: ['b.example.com'], secretName: 'tls' }, { secretName: '' }] },
  };
  const { events } = planOf([{ object: ingress, origin: {} }] as never);
  expect(events.map(({ severity, pointer, reason, reach }) => [severity, pointer, reason, reach])).toEqual([
    ['ignored', '/spec/tls/1/secretName', 'Secret tls has no effect, whether it exists or not: the certificates of a load balancer are in ACM or IAM', 'ingress'],
  ]);
});
