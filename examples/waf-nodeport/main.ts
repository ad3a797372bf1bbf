// One ALB with a web ACL for any host, in front of a gateway that Helm or istioctl installs on fixed node ports.
import { AlbIstioEdge, Echoserver, GatewayWorkload, GitOpsApp, RouteTarget, ServiceExposure } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/waf-nodeport' });
const echo = new Echoserver(app, '10-echoserver');

const gateway = GatewayWorkload.installed({
  gatewayName: 'istio-ingressgateway',
  namespace: 'istio-ingress',
  service: ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 }),
});
app.addGatewayInstall(gateway);

const edge = new AlbIstioEdge(app, '20-edge', {
  edgeName: 'common-external-ingress',
  hosts: ['*'],
  workload: gateway,
  gateway: { credentialName: 'common-external-tls' },
  alb: {
    loadBalancerName: 'common-external-ingress',
    certificateArns: ['arn:aws:acm:us-west-2:123456789011:certificate/26cec536-5d01-4140-890d-0a1b2c3d4e5f'],
    subnets: ['subnet-031c060a1b2c3d4e5', 'subnet-03444d0a1b2c3d4e5', 'subnet-0360f00a1b2c3d4e5'],
    wafv2AclArn: 'arn:aws:wafv2:us-west-2:123456789011:regional/webacl/prod-common-alb-acl/ae2e63f9-02f4-44b8-9d25-0a1b2c3d4e5f',
  },
});
edge.addRoute('Echo', { target: RouteTarget.workload(echo.workload) });

app.synth();
