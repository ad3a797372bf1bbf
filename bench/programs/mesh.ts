// Builds a mesh and everything that its gateways and one client are programmed with. Prints the CPU time, with --parse also that of reading the YAML, and
// the peak memory of the process. With --print it prints the YAML instead.
//
//   mesh VIRTUAL-SERVICES HOSTS TENANTS SERVICES UNRELATED ROUNDS [--parse] [--print]
import { mesh as meshOf, readYaml } from 'cdk8s-alb-istio/inspect';
import type { Manifest } from 'cdk8s-alb-istio/inspect';
import { leastCpuTime } from './cpu-time';

/** A Service, and the pods that it selects. */
function app(tenant: number, name: string, label: string, port: string, template: string): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: tenant-${tenant} }
spec: { selector: { ${label} }, ports: [${port}] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: tenant-${tenant} }
spec: { selector: { matchLabels: { ${label} } }, template: ${template} }
`;
}

/** One Service of the mesh has a sidecar: the client. */
function service(tenant: number, index: number): string {
  const isClient = tenant === 0 && index === 0;
  const name = `web-${index}`;
  const labels = `{ app: ${name}, version: v1, sidecar.istio.io/inject: "${isClient}" }`;
  const template = `{ metadata: { labels: ${labels} }, spec: { serviceAccountName: ${name}, containers: [{ name: web, image: web }] } }`;
  return app(tenant, name, `app: ${name}`, '{ name: http, port: 80, targetPort: 8080 }', template);
}

function gateway(tenant: number): string {
  const label = `istio: gateway-${tenant}`;
  const metadata = `{ labels: { ${label}, sidecar.istio.io/inject: "true" }, annotations: { inject.istio.io/templates: gateway } }`;
  const template = `{ metadata: ${metadata}, spec: { containers: [{ name: istio-proxy, image: auto }] } }`;
  return `${app(tenant, 'gateway', label, '{ name: https, port: 443, targetPort: 8443 }', template)}---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: tenant-${tenant} }
spec:
  selector: { ${label} }
  servers:
    - port: { number: 443, name: https, protocol: HTTPS }
      tls: { mode: SIMPLE, credentialName: tls }
      hosts: ["*/*.tenant-${tenant}.example.com"]
`;
}

function virtualService(tenant: number, index: number, hosts: number, target: number): string {
  const names = Array.from({ length: hosts }, (_, host) => `    - shop-${index}-${host}.tenant-${tenant}.example.com`).join('\n');
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop-${index}, namespace: tenant-${tenant} }
spec:
  hosts:
${names}
  gateways: [gateway]
  http:
    - name: api
      match:
        - uri: { prefix: /api/ }
          headers:
            x-version: { exact: v2 }
      rewrite: { uri: / }
      timeout: 5s
      retries: { attempts: 3, retryOn: 5xx }
      route:
        - destination: { host: web-${target}, port: { number: 80 } }
    - name: all
      route:
        - destination: { host: web-${target} }
          weight: 90
        - destination: { host: web-${target}, port: { number: 80 } }
          weight: 10
`;
}

function unrelated(index: number): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: settings-${index}, namespace: tenant-0 }
data: { key: value }
`;
}

/** Objects of all tenants; the services and virtual services are spread evenly. */
function documents(virtualServices: number, hosts: number, tenants: number, services: number, others: number): string[] {
  const perTenant = Math.max(1, Math.floor(services / tenants));
  return [
    ...Array.from({ length: tenants }, (_, tenant) => gateway(tenant)),
    ...Array.from({ length: services }, (_, index) => service(index % tenants, Math.floor(index / tenants))),
    ...Array.from({ length: virtualServices }, (_, index) => virtualService(index % tenants, index, hosts, Math.floor(index / tenants) % perTenant)),
    ...Array.from({ length: others }, (_, index) => unrelated(index)),
  ];
}

/** Everything that `alb-istio mesh --format json` reads, what the API server refuses included. @returns the number of routes */
function build(manifests: readonly Manifest[]): number {
  const mesh = meshOf(manifests);
  let routes = 0;
  for (const workload of mesh.gatewayWorkloads()) {
    const proxy = mesh.gateway(workload);
    for (const { action } of proxy.allRouteConfigs().flatMap(({ virtualHosts }) => virtualHosts).flatMap(host => host.routes)) {
      routes++;
      for (const { cluster } of action.is === 'forward' ? action.clusters : []) {
        const found = proxy.cluster(cluster);
        if ('missing' in found) {
          throw new Error(`a cluster lacks its ${found.missing}`);
        }
        found.endpoints.forEach(endpoint => mesh.clusters.tlsTo(found, endpoint));
      }
    }
  }
  const client = mesh.workloads.all.find(({ proxy }) => proxy === 'sidecar')!;
  mesh.sidecar(client).outboundListeners().forEach(({ routeConfig }) => routeConfig?.virtualHosts.forEach(host => { routes += host.routes.length; }));
  return routes;
}

const [virtualServices, hosts, tenants, services, others, rounds] = process.argv.slice(2).map(Number);
const text = documents(virtualServices, hosts, tenants, services, others).join('---\n');
if (process.argv.includes('--print')) {
  process.stdout.write(text);
} else {
  const manifests = readYaml(text, 'mesh.yaml');
  // Each VirtualService has two routes; the client has one for each Service.
  if (build(manifests) < 2 * virtualServices + services) {
    throw new Error('the mesh does not have all routes');
  }
  // Before the next ones, which leave garbage of their own.
  const peak = process.resourceUsage().maxRSS / 1024;
  const mesh = leastCpuTime(rounds, () => { build(manifests); });
  console.log(JSON.stringify({ mesh, peak, ...process.argv.includes('--parse') ? { parse: leastCpuTime(rounds, () => readYaml(text, 'mesh.yaml')) } : {} }));
}
