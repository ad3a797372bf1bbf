// A shop of three services behind a layer-4 load balancer that speaks plain HTTP on port 80, and the same shop behind an ALB.
import { AlbIstioEdge, AlbScheme, BackendProtocol, Ecommerce, GatewayWorkload, GitOpsApp, PathMatch, RouteTarget, ServiceExposure } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/ecommerce' });
const shop = new Ecommerce(app, '10-ecommerce');

// Plain HTTP from the client on: anyone on the path can read the requests. For a lab, or behind a proxy that terminates TLS.
const layer4 = new AlbIstioEdge(app, '20-layer-4', {
  edgeName: 'shop-layer-4',
  hosts: ['plain.shop.example.com'],
  workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ scheme: AlbScheme.INTERNET_FACING, https: false }) }),
  gateway: { protocol: BackendProtocol.HTTP },
});

const alb = new AlbIstioEdge(app, '30-alb', {
  edgeName: 'shop-alb',
  hosts: ['shop.example.com'],
  gateway: { credentialName: 'shop-tls' },
});

for (const edge of [layer4, alb]) {
  edge.addRoute('Graphql', {
    paths: [PathMatch.pathPrefix('/graphql'), PathMatch.pathPrefix('/playground')],
    target: RouteTarget.workload(shop.graphql),
    retries: shop.retries,
  });
}

app.synth();
