// Team carts: a gRPC service, and the routes of the host that the platform gave to the team.
import { Chart } from 'cdk8s';
import { type IGateway, PathMatch, Route, RouteTarget, Workload } from 'cdk8s-alb-istio';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';

/** What team carts deploys, in the namespace `carts`. */
export class Carts extends Chart {
  /** The Service, which speaks gRPC. */
  public readonly workload = new Workload({ serviceName: 'carts', namespace: 'carts', port: 9000, serviceAccount: 'carts' });

  public constructor(scope: Construct) {
    super(scope, '11-carts', { disableResourceNameHashes: true });
    const labels = { app: 'carts' };
    const metadata = { name: 'carts', namespace: 'carts', labels };
    new k8s.KubeNamespace(this, 'Namespace', { metadata: { name: 'carts', labels: { 'istio-injection': 'enabled' } } });
    new k8s.KubeServiceAccount(this, 'ServiceAccount', { metadata });
    // The protocol of the port decides how the gateway calls the pods: without it, in HTTP/1.1.
    new k8s.KubeService(this, 'Service', {
      metadata,
      spec: { selector: labels, ports: [{ name: 'grpc', port: 9000, appProtocol: 'grpc' }] },
    });
    new k8s.KubeDeployment(this, 'Deployment', {
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { serviceAccountName: 'carts', containers: [{ name: 'carts', image: 'registry.example.com/carts:1.0.0', ports: [{ containerPort: 9000 }] }] },
        },
      },
    });
  }

  /** Routes the host of the team. The gateway admits no other host from the namespace. */
  public addRoutes(gateway: IGateway, host: string): void {
    const routes = new Chart(this.node.scope!, '25-carts-routes', { namespace: 'carts', disableResourceNameHashes: true });
    new Route(routes, 'Carts', { gateway, hosts: [host], paths: [PathMatch.prefix('/carts.v1.Carts/')], target: RouteTarget.workload(this.workload) });
  }
}
