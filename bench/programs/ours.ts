// The program as a user of this package writes it.
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { AlbIstioEdge, HeaderMatch, PathMatch, RouteTarget, Workload } from 'cdk8s-alb-istio';
import { demanded, PORT, VERSIONS, type WantedEdge, type WantedRoute, type WantedWorkload } from './demand';
import { serviceManifest } from './service';

export function build(app: App, edges: readonly WantedEdge[]): void {
  const services = new Chart(app, 'services');
  for (const wanted of edges) {
    const workloads = new Map(wanted.workloads.map(workload => [workload, declare(services, workload)]));
    const edge = new AlbIstioEdge(app, wanted.name, {
      edgeName: wanted.name,
      hosts: [wanted.host],
      gateway: { credentialName: `${wanted.name}-tls` },
    });
    for (const route of wanted.routes) {
      edge.addRoute(route.id, {
        hosts: route.host === undefined ? undefined : [route.host],
        paths: [PathMatch.prefix(route.prefix)],
        headers: route.header === undefined ? undefined : [HeaderMatch.present(route.header)],
        timeout: route.timeoutSeconds === undefined ? undefined : Duration.seconds(route.timeoutSeconds),
        target: target(workloads.get(route.workload)!, route),
      });
    }
  }
}

function declare(chart: Chart, { serviceName, namespace }: WantedWorkload): Workload {
  new ApiObject(chart, `${namespace}-${serviceName}`, serviceManifest(serviceName, namespace));
  return new Workload({ serviceName, namespace, port: PORT, versions: VERSIONS });
}

function target(workload: Workload, { shares }: WantedRoute): RouteTarget {
  const [first, second] = shares;
  if (first === undefined) {
    return RouteTarget.workload(workload);
  }
  return second === undefined
    ? RouteTarget.subset(workload.subset(first.version))
    : RouteTarget.split(shares.map(({ version, weight }) => ({ subset: workload.subset(version), weight: weight! })));
}

// The package loads its parts on first use. A separate row measures that.
build(new App(), demanded('oneEdge', 10));
