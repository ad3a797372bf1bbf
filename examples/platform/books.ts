// Team books: its services, its routes for a part of the API, who calls whom, and the host outside of the cluster that it calls.
import { Chart } from 'cdk8s';
import { type AlbIstioEdge, Bookinfo, Caller, Delegate, egress, Operation, PathMatch, PolicyScope, RouteTarget, traffic } from 'cdk8s-alb-istio';
import type { Construct } from 'constructs';

/** What team books deploys, in the namespace `bookinfo`. */
export class Books extends Bookinfo {
  /** The routes of the team; the platform decides for which host. */
  public readonly routes: Delegate;

  /** @param canaryPercent share of the requests for reviews that go to v3 */
  public constructor(scope: Construct, canaryPercent: number) {
    super(scope, '10-books', { replicas: 2 });
    this.routes = new Delegate(teamChart(scope, '15-books-routes'), 'Books');
    this.routes.addCanary('Reviews', { paths: [PathMatch.pathPrefix('/reviews')], workload: this.reviews, stable: 'v1', canary: 'v3', percent: canaryPercent });
    this.routes.addRoute('Details', { paths: [PathMatch.pathPrefix('/details')], methods: ['GET', 'OPTIONS'], target: RouteTarget.workload(this.details) });
  }

  /** Declares who calls whom. All other calls are denied. */
  public declareCallers({ zeroTrust }: AlbIstioEdge): void {
    zeroTrust!.allow(this.details, { from: [Caller.workload(this.productpage)], to: [Operation.methods(['GET'])] });
    zeroTrust!.allow(this.reviews, { from: [Caller.workload(this.productpage)], to: [Operation.methods(['GET'])] });
    zeroTrust!.allow(this.ratings, { from: [Caller.workload(this.reviews)], to: [Operation.methods(['GET'])] });
  }
}

/** Opens one host outside of the cluster to the namespace of team books, and closes the rest. Requests leave through a gateway. */
export function addEgress(scope: Construct): void {
  const outside = teamChart(scope, '30-books-egress');
  const catalog = new egress.ExternalService(outside, 'Catalog', {
    hosts: ['catalog.example.net'],
    ports: [{ number: 80, protocol: egress.MeshProtocol.HTTP, tls: traffic.ClientTls.simple() }],
  });
  new egress.MeshSidecar(outside, 'Closed', { scope: PolicyScope.namespace('bookinfo'), outbound: egress.OutboundTraffic.registryOnly() });
  new egress.EgressGateway(new Chart(scope, '31-egress-gateway', { disableResourceNameHashes: true }), 'Egress').addService(catalog);
}

function teamChart(scope: Construct, id: string): Chart {
  return new Chart(scope, id, { namespace: 'bookinfo', disableResourceNameHashes: true });
}
