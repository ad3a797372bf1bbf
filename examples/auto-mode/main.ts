// EKS Auto Mode instead of the AWS Load Balancer Controller: a class for the public load balancer, and an internal Network Load Balancer.
import { Chart } from 'cdk8s';
import { AlbController, AlbIngressClass, AlbIstioEdge, AlbScheme, Echoserver, GatewayWorkload, GitOpsApp, RouteTarget, ServiceExposure } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/auto-mode' });
const echo = new Echoserver(app, '10-echoserver');

// The class of the platform. Ingresses with this class share one load balancer, because EKS Auto Mode groups by class only.
const platform = new Chart(app, '15-class', { disableResourceNameHashes: true });
const ingressClass = new AlbIngressClass(platform, 'Class', {
  controller: AlbController.EKS_AUTO_MODE,
  className: 'public',
  groupName: 'public',
  scheme: AlbScheme.INTERNET_FACING,
  certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789'],
  tags: { team: 'platform' },
});

// The edge follows the controller of its class.
const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['echo.example.com'],
  gateway: { credentialName: 'echo-tls' },
  alb: { ingressClass },
});
edge.addRoute('Echo', {
  target: RouteTarget.split([
    { subset: echo.subset('v1'), weight: 80 },
    { subset: echo.subset('v2'), weight: 20 },
  ]),
});

// A second gateway, for clients in the VPC: EKS Auto Mode builds its Network Load Balancer, too.
const internal = new AlbIstioEdge(app, '30-internal', {
  hosts: ['echo.internal.example.com'],
  edgeName: 'internal-ingress',
  gateway: { credentialName: 'echo-internal-tls' },
  workload: GatewayWorkload.injected({
    service: ServiceExposure.networkLoadBalancer({ controller: AlbController.EKS_AUTO_MODE, scheme: AlbScheme.INTERNAL }),
  }),
});
internal.addRoute('Echo', { target: RouteTarget.workload(echo.workload) });

app.synth();
