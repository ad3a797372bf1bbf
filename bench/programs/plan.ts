// Plans the load balancer of one group and prints the CPU time of reading the YAML and of the plan.
//
//   plan RULES
import { planOf, readYaml } from 'cdk8s-alb-istio/inspect';

const RULES_OF_AN_INGRESS = 10;

function service(name: string): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop, uid: ${name} }
spec:
  ports:
    - { name: http, port: 80, targetPort: 8080 }
`;
}

function ingress(index: number): string {
  const paths = Array.from({ length: RULES_OF_AN_INGRESS }, (_, rule) => `
          - path: /team-${index}/page-${rule}
            pathType: Prefix
            backend:
              service:
                name: web-${index}
                port:
                  number: 80`);
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-${index}
  namespace: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS":443}]'
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/a
    alb.ingress.kubernetes.io/healthcheck-path: /healthz
spec:
  ingressClassName: alb
  rules:
    - host: shop-${index}.example.com
      http:
        paths:${paths.join('')}
`;
}

function cpuMilliseconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const rules = Number(process.argv[2]);
const count = rules / RULES_OF_AN_INGRESS;
const text = Array.from({ length: count }, (_, index) => [service(`web-${index}`), ingress(index)]).flat().join('---\n');
const manifests = readYaml(text, 'group.yaml');
const plan = () => planOf(manifests, { controller: { clusterName: 'bench' } });
const [balancer] = plan().loadBalancers;
if (!('listeners' in balancer) || balancer.listeners[0].rules.length !== rules) {
  throw new Error('the plan does not have all rules');
}
// The first runs include JIT compilation.
const least = (run: () => void) => Math.min(...Array.from({ length: 5 }, () => cpuMilliseconds(run)));
console.log(JSON.stringify({ plan: least(plan), parse: least(() => readYaml(text, 'group.yaml')) }));
