// No ALB: a Network Load Balancer forwards connections to the gateway, which terminates the clients' TLS.
import { AlbIstioEdge, AlbScheme, Echoserver, gateway, GatewayCertificate, GatewayWorkload, GitOpsApp, RouteTarget, ServiceExposure } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/nlb' });
const echo = new Echoserver(app, '10-echoserver');

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['echo.example.com'],
  workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ scheme: AlbScheme.INTERNET_FACING }) }),
  gateway: { certificate: GatewayCertificate.issuedBy({ kind: gateway.IssuerKind.CLUSTER_ISSUER, name: 'letsencrypt' }) },
});
edge.addRoute('Echo', {
  target: RouteTarget.split([
    { subset: echo.subset('v1'), weight: 80 },
    { subset: echo.subset('v2'), weight: 20 },
  ]),
});

app.synth();
