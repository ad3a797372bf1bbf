// Writes a fleet in one process: for each environment the folder that its cluster applies and the objects that deliver it. Prints the
// measures.
//
//   environments COUNT OUTPUT-FOLDER
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import { AlbIstioEdge, gitops, GitOpsApp, HeaderMatch, PathMatch, RouteTarget, Workload } from 'cdk8s-alb-istio';
import { PORT, VERSIONS } from './demand';
import { serviceManifest } from './service';

const REPOSITORY = 'https://git.example.com/platform.git';

function declare(chart: Chart, serviceName: string): Workload {
  new ApiObject(chart, serviceName, serviceManifest(serviceName, 'shop'));
  return new Workload({ serviceName, namespace: 'shop', port: PORT, versions: VERSIONS });
}

/** Two workloads, an edge with five routes, and a canary. */
function environment(outdir: string, name: string): GitOpsApp {
  const app = new GitOpsApp({ folder: join(outdir, 'dist', name), deliveryFolder: join(outdir, 'clusters', name) });
  const services = new Chart(app, '10-services');
  const [cart, checkout] = ['cart', 'checkout'].map(serviceName => declare(services, serviceName));
  const edge = new AlbIstioEdge(app, '20-edge', { hosts: [`${name}.example.com`], gateway: { credentialName: 'edge-tls' } });
  for (let index = 0; index < 5; index++) {
    edge.addRoute(`Cart-${index}`, { paths: [PathMatch.prefix(`/cart/${index}/`)], target: RouteTarget.subset(cart.subset('v1')) });
  }
  edge.addCanary('Checkout', {
    workload: checkout, stable: 'v1', canary: 'v2', percent: 5, paths: [PathMatch.prefix('/checkout/')], header: HeaderMatch.present('x-canary'),
  });
  deliver(app);
  app.synth();
  return app;
}

function deliver(app: GitOpsApp): void {
  new gitops.FluxDelivery(app, 'flux', { source: gitops.FluxSource.gitRepository({ url: REPOSITORY, branch: 'main' }) });
  new gitops.ArgoApplication(app, 'argocd', { repoUrl: REPOSITORY, project: 'platform' });
}

function fleet(count: number, outdir: string): void {
  const names = Array.from({ length: count }, (_, index) => `environment-${index}`);
  const apps = names.map(name => environment(outdir, name));
  const hub = new gitops.DeliveryApp({ folder: join(outdir, 'clusters') });
  const members = apps.map((app, index) => ({ app, destination: gitops.ArgoDestination.cluster(names[index]) }));
  new gitops.ArgoApplicationSet(hub, 'argocd', { repoUrl: REPOSITORY, project: 'platform', members });
  hub.synth();
}

const [count, outdir] = process.argv.slice(2);
// The package loads its parts on first use. A separate row measures that.
fleet(1, join(outdir, 'first'));
const start = performance.now();
fleet(Number(count), outdir);
console.log(JSON.stringify({ milliseconds: performance.now() - start, kilobytes: process.resourceUsage().maxRSS }));
