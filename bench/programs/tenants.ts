// Checks the manifests of many tenants and prints the CPU time.
//
//   tenants COUNT
import { check } from 'cdk8s-alb-istio/inspect';

/** Tenants that share a load balancer: more would exceed its quotas. */
const GROUP = 50;

/** The objects of one tenant. All tenants use the same names, each in its own namespace, and the Ingresses of fifty share a group. */
function tenant(index: number): object[] {
  const namespace = `tenant-${index}`;
  const object = (apiVersion: string, kind: string, name: string, spec: object, annotations = {}) => (
    { apiVersion, kind, metadata: { name, namespace, annotations }, spec });
  const gatewayLabels = { app: 'gateway', istio: `gateway-${index}` };
  const route = ['v1', 'v2'].map(subset => ({ destination: { host: 'shop', subset, port: { number: 8080 } }, weight: 50 }));
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    object('networking.k8s.io/v1', 'Ingress', 'edge', {
      ingressClassName: 'alb',
      rules: [{
        host: `${namespace}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'gateway', port: { number: 80 } } } }] },
      }],
    }, {
      'alb.ingress.kubernetes.io/group.name': `group-${Math.floor(index / GROUP)}`,
      'alb.ingress.kubernetes.io/scheme': 'internal', 'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/healthcheck-port': '15021', 'alb.ingress.kubernetes.io/healthcheck-path': '/healthz/ready',
    }),
    object('networking.istio.io/v1', 'Gateway', 'gateway', {
      selector: gatewayLabels, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*/*'] }],
    }),
    object('networking.istio.io/v1', 'VirtualService', 'shop', { hosts: [`${namespace}.example.com`], gateways: ['gateway'], http: [{ route }] }),
    object('v1', 'Service', 'gateway', { selector: gatewayLabels, ports: [{ port: 80 }] }),
    object('v1', 'Service', 'shop', { selector: { app: 'shop' }, ports: [{ port: 8080 }] }),
    object('networking.istio.io/v1', 'DestinationRule', 'shop', { host: 'shop', subsets: ['v1', 'v2'].map(name => ({ name, labels: { version: name } })) }),
  ];
}

function cpuMilliseconds(objects: readonly object[]): number {
  const { user, system } = process.cpuUsage();
  const { findings } = check(objects as never);
  const used = process.cpuUsage({ user, system });
  if (findings.length > 0) {
    throw new Error(`the manifests have findings: ${findings[0].message}`);
  }
  return (used.user + used.system) / 1000;
}

const objects = Array.from({ length: Number(process.argv[2]) }, (_, index) => tenant(index)).flat();
// The first runs include JIT compilation.
const runs = Array.from({ length: 5 }, () => cpuMilliseconds(objects));
console.log(JSON.stringify({ milliseconds: Math.min(...runs) }));
