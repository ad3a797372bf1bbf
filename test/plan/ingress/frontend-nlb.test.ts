// The Network Load Balancer in front of an Application Load Balancer, where no recorded verdict covers it.
import type { LoadBalancer } from '../../../src/plan/load-balancer';
import { type Plan, planOf } from '../../../src/plan/plan';

const KEY = 'alb.ingress.kubernetes.io/';

function planFor(...ingresses: Record<string, string>[]): Plan {
  return planOf(ingresses.map((annotations, index) => ({
    origin: {},
    object: {
      apiVersion: 'networking.k8s.io/v1', kind: 'Ingress',
      metadata: {
        namespace: 'shop', name: `web-${index}`,
        annotations: Object.fromEntries(Object.entries({ 'group.name': 'g', 'enable-frontend-nlb': 'true', ...annotations }).map(([key, value]) => [KEY + key, value])),
      },
      spec: { ingressClassName: 'alb' },
    },
  })), { controller: { clusterName: 'test' } });
}

function frontendOf({ loadBalancers }: Plan): LoadBalancer {
  expect(loadBalancers.map(one => ('refused' in one ? one.refused.reason : one.type))).toEqual(['application', 'network']);
  return loadBalancers[1] as LoadBalancer;
}

function refusalOf({ loadBalancers }: Plan): readonly [pointer: string, reason: string] {
  expect(loadBalancers).toHaveLength(1);
  const [one] = loadBalancers;
  return 'refused' in one ? [one.refused.pointer, one.refused.reason] : ['', 'built'];
}

test('frontend-nlb-tags replace the tags of the Ingress and those of the controller', () => {
  const { tags, listeners, targetGroups } = frontendOf(planFor({ 'tags': 'a=1,b=2', 'frontend-nlb-tags': 'c=3' }));
  expect([tags, listeners[0].tags, targetGroups[0].tags]).toEqual([{ c: '3' }, { c: '3' }, { c: '3' }]);
});

test('the frontend is listed after the load balancer of its group, and forwards to a port of it', () => {
  const { group, listeners, targetGroups, unknown } = frontendOf(planFor({ 'frontend-nlb-listener-port-mapping': '8080=80' }));
  expect(group).toBe('g');
  expect(listeners.map(({ port, protocol }) => [port, protocol])).toEqual([[8080, 'TCP']]);
  expect(targetGroups.map(({ targetType, albPort, port }) => [targetType, albPort, port])).toEqual([['alb', 80, 8080]]);
  expect(unknown).toEqual(['the subnets: discovered by their role tags for scheme internal']);
});

test('a mapping to a port on which the Ingress does not listen is reported as ignored', () => {
  const plan = planFor({ 'frontend-nlb-listener-port-mapping': '8080=81' });
  expect(frontendOf(plan).listeners).toEqual([]);
  expect(plan.events.map(({ severity, reason, pointer, reach }) => [severity, reason, pointer, reach])).toEqual([[
    'ignored', 'the load balancer does not listen on port 8080, because the Ingress does not listen on port 81',
    '/metadata/annotations/alb.ingress.kubernetes.io~1frontend-nlb-listener-port-mapping', 'ingress',
  ]]);
});

test('Elastic IPs are assigned only to subnets that are named or known', () => {
  const allocations = { 'frontend-nlb-scheme': 'internet-facing', 'frontend-nlb-eip-allocations': 'eipalloc-1,eipalloc-2' };
  expect(frontendOf(planFor(allocations)).subnets).toEqual([]);
  expect(frontendOf(planFor({ ...allocations, 'frontend-nlb-subnets': 'subnet-1,subnet-2' })).subnets)
    .toEqual([{ subnetID: 'subnet-1', allocationID: 'eipalloc-1' }, { subnetID: 'subnet-2', allocationID: 'eipalloc-2' }]);
});

test.each([
  ['enable-frontend-nlb', 'false', 'enable-frontend-nlb false conflicts with true of shop/web-0, which shares the load balancer'],
  ['enable-frontend-nlb', 'yes', 'must be true or false'],
  ['frontend-nlb-scheme', 'public', 'must be one of internal, internet-facing'],
  ['frontend-nlb-healthcheck-port', 'http', 'must be traffic-port or a port number'],
  ['frontend-nlb-listener-port-mapping', 'http=80', 'must be a port from 1 to 65535'],
])('%s: %s in a second Ingress refuses the group', (key, value, reason) => {
  expect(refusalOf(planFor({}, { [key]: value }))[1]).toContain(reason);
});

test('unequal Elastic IPs conflict; their order does not matter', () => {
  const allocations = (list: string) => ({ 'frontend-nlb-scheme': 'internet-facing', 'frontend-nlb-subnets': 'subnet-1,subnet-2', 'frontend-nlb-eip-allocations': list });
  expect(frontendOf(planFor(allocations('eipalloc-1,eipalloc-2'), allocations('eipalloc-2,eipalloc-1'))).subnets[0].allocationID).toBe('eipalloc-1');
  expect(refusalOf(planFor(allocations('eipalloc-1,eipalloc-2'), allocations('eipalloc-3,eipalloc-1')))[1]).toContain('frontend-nlb-eip-allocations');
});

test('without the annotation nothing else of the frontend is read', () => {
  expect(planFor({ 'enable-frontend-nlb': 'false', 'frontend-nlb-scheme': 'public' }).loadBalancers).toHaveLength(1);
});
