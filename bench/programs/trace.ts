// Traces requests through a prepared mesh: each host has its VirtualService with as many routes, in front of 100 Services with sidecars, and one gateway
// behind one load balancer. Prints the CPU time of each request in microseconds: of its ends alone, and of a trace with hops.
//
//   trace HOSTS ROUTES gateway|load-balancer ROUNDS       HOSTS is a multiple of 1000
import { type ClientRequest, endsOf, parseRequest, prepareTrace, readYaml, trace } from 'cdk8s-alb-istio/inspect';
import { leastCpuTime } from './cpu-time';

const SERVICES = 100;
/** Hosts that requests are sent to: the traffic is the same, however many hosts the mesh has. */
const VISITED = 1000;
/** Many enough that no request is in the caches of the processor again. */
const REQUESTS = 20_000;

function app(namespace: string, name: string, port: string, annotations = ''): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [${port}] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { app: ${name}, sidecar.istio.io/inject: "true" }, annotations: { ${annotations} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: istio-proxy, image: auto }] }
`;
}

const EDGE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
  namespace: edge
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]'
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000
    alb.ingress.kubernetes.io/backend-protocol: HTTPS
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: gateway, port: { number: 443 } } } }] } }]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: edge }
spec:
  selector: { app: gateway }
  servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: tls }, hosts: ["*"] }]
`;

/** The last route matches what the others leave; every fifth one has a condition on a header, too. */
function virtualService(host: number, routes: number): string {
  const entries = Array.from({ length: routes }, (_, route) => {
    const header = route % 5 === 4 ? ', headers: { x-version: { exact: v2 } }' : '';
    const match = route === routes - 1 ? '' : `match: [{ uri: { prefix: /r${route}/ }${header} }], `;
    const destinations = route % 2 === 0 ? `{ destination: { host: web-${(host + route) % SERVICES} } }`
      : `{ destination: { host: web-${host % SERVICES} }, weight: 90 }, { destination: { host: web-${(host + 1) % SERVICES} }, weight: 10 }`;
    return `    - { name: r${route}, ${match}route: [${destinations}] }`;
  });
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: host-${host}, namespace: shop }
spec:
  hosts: [host-${host}.example.com]
  gateways: [edge/gateway]
  http:
${entries.join('\n')}
`;
}

const [hosts, routes] = process.argv.slice(2, 4).map(Number);
const [way, rounds] = process.argv.slice(4);

/** Spread over a thousand of the hosts and their routes, in an order that does not repeat soon. */
function requests(): ClientRequest[] {
  const via = way === 'gateway' ? ' via=gateway:443' : '';
  return Array.from({ length: REQUESTS }, (_, index) => {
    const spread = (index * 7919) % (VISITED * routes);
    const host = (spread % VISITED) * (hosts / VISITED);
    return parseRequest(`GET https://host-${host}.example.com/r${Math.floor(spread / VISITED)}/x?y=z x-version=v${1 + index % 2} from=192.0.2.7${via}`);
  });
}

const text = [
  EDGE, app('edge', 'gateway', '{ name: https, port: 443, targetPort: 8443 }', 'inject.istio.io/templates: gateway'),
  ...Array.from({ length: SERVICES }, (_, index) => app('shop', `web-${index}`, '{ name: http, port: 80, targetPort: 8080 }')),
  ...Array.from({ length: hosts }, (_, index) => virtualService(index, routes)),
].join('---\n');
const models = prepareTrace(readYaml(text, 'mesh.yaml'));
const all = requests();
if (all.some(request => endsOf(models, request).some(({ kind }) => kind !== 'workload'))) {
  throw new Error('a request does not end at a workload');
}
const microseconds = (run: (request: ClientRequest) => void) => 1000 * leastCpuTime(Number(rounds), () => all.forEach(run)) / REQUESTS;
console.log(JSON.stringify({
  ends: microseconds(request => { endsOf(models, request); }), hops: microseconds(request => { trace(models, request); }),
}));
