// Annotations that the controller does not know.
import { planOf } from '../../src/plan/plan';

function ignored(kind: 'Ingress' | 'Service', annotations: object, spec: object): string[] {
  const apiVersion = kind === 'Ingress' ? 'networking.k8s.io/v1' : 'v1';
  const { events } = planOf([{ object: { apiVersion, kind, metadata: { name: 'web', namespace: 'shop', annotations }, spec }, origin: {} }] as never);
  return events.filter(({ severity }) => severity === 'ignored').map(({ pointer, reason }) => `${pointer.split('~1')[1]}: ${reason}`);
}

const NONE = 'this version of the table (controller 3.5.0) has no such annotation';

test.each([
  ['schema', `schema: ${NONE}; did you mean alb.ingress.kubernetes.io/scheme?`],
  ['listen-port', `listen-port: ${NONE}; did you mean alb.ingress.kubernetes.io/listen-ports?`],
  ['action.web', `action.web: ${NONE}; did you mean alb.ingress.kubernetes.io/actions.web?`],
  ['listener-attributes.https-443', `listener-attributes.https-443: ${NONE}: the name after the dot is not one that it reads`],
  ['completely-different', `completely-different: ${NONE}`],
])('an unknown annotation %s is ignored, and the one that it most likely means is named', (key, event) => {
  expect(ignored('Ingress', { [`alb.ingress.kubernetes.io/${key}`]: 'x' }, { ingressClassName: 'alb' })).toEqual([event]);
  expect(ignored('Ingress', { [`alb.ingress.kubernetes.io/${key}`]: 'x' }, { ingressClassName: 'nginx' })).toEqual([]);
  expect(ignored('Service', { [`alb.ingress.kubernetes.io/${key}`]: 'x' }, { ports: [] })).toEqual([event]);
});

test('annotations that are known are not, nor those of other controllers', () => {
  const known = ['scheme', 'actions.web', 'waf-acl-id', 'dry-run-plan'].map(key => [`alb.ingress.kubernetes.io/${key}`, 'x']);
  expect(ignored('Ingress', { ...Object.fromEntries(known), 'nginx.ingress.kubernetes.io/schema': 'x' }, { ingressClassName: 'alb' })).toEqual([]);
});

test('of a Service of type LoadBalancer', () => {
  const key = 'service.beta.kubernetes.io/aws-load-balancer-schema';
  const others = { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' };
  const spec = { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb', ports: [{ port: 80 }] };
  expect(ignored('Service', { [key]: 'x', ...others }, spec)).toEqual([
    `aws-load-balancer-schema: ${NONE}; did you mean service.beta.kubernetes.io/aws-load-balancer-scheme?`]);
  expect(ignored('Service', { [key]: 'x' }, { ...spec, loadBalancerClass: 'other' })).toEqual([]);
});
