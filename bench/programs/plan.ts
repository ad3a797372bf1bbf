// Plans the load balancer of one group and prints the CPU time of reading the YAML and of the plan. The objects are those of `lbc-plan -bench`
// (conformance/oracles/lbc/bench.go).
//
//   plan RULES UNRELATED
import { plan as planOf, readObjects, readYaml } from 'cdk8s-alb-istio/inspect';
import { leastCpuTime } from './cpu-time';

const RULES_OF_AN_INGRESS = 10;

function service(index: number): string {
  return `apiVersion: v1
kind: Service
metadata: { name: svc-${index}, namespace: bench, uid: svc-${index} }
spec:
  type: ClusterIP
  ports: [{ name: https, port: 443, targetPort: 8443 }]
`;
}

function ingress(index: number): string {
  const rules = Array.from({ length: RULES_OF_AN_INGRESS }, (_, rule) => `
    - host: h${index}-${rule}.example.com
      http:
        paths:
          - { path: /, pathType: Prefix, backend: { service: { name: svc-${index}, port: { number: 443 } } } }`);
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ing-${index}
  namespace: bench
  annotations:
    alb.ingress.kubernetes.io/group.name: bench
    alb.ingress.kubernetes.io/group.order: '${index % 1000}'
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/backend-protocol: HTTPS
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP":80},{"HTTPS":443}]'
    alb.ingress.kubernetes.io/ssl-redirect: '443'
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/bench
spec:
  ingressClassName: alb
  rules:${rules.join('')}
`;
}

/** ConfigMaps and Deployments, of which no load balancer needs anything. */
function unrelated(count: number): object[] {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0
    ? { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `config-${index}`, namespace: 'bench' }, data: { key: 'value' } }
    : { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `app-${index}`, namespace: 'bench' }, spec: { replicas: 2 } }));
}

const [rules, others] = process.argv.slice(2).map(Number);
const text = Array.from({ length: rules / RULES_OF_AN_INGRESS }, (_, index) => [service(index), ingress(index)]).flat().join('---\n');
const manifests = [...readYaml(text, 'group.yaml'), ...readObjects(unrelated(others))];
const plan = () => planOf(manifests, { controller: { clusterName: 'bench' } });
const [balancer] = plan().loadBalancers;
if (!('listeners' in balancer) || balancer.listeners[1].rules.length !== rules) {
  throw new Error('the plan does not have all rules');
}
const runs = Math.max(10, 40_000 / rules);
console.log(JSON.stringify({ plan: leastCpuTime(runs, plan), parse: leastCpuTime(runs, () => readYaml(text, 'group.yaml')) }));
