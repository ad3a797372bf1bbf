// Two versions of an echo server behind an ALB: 80 % of the requests go to v1, 20 % to v2.
import { AlbIstioEdge, CurlClient, Echoserver, GitOpsApp, PathMatch, RouteTarget } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/echoserver' });
const echo = new Echoserver(app, '10-echoserver');
new CurlClient(app, '15-curl', { namespace: 'echo', createNamespace: false });

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['echo.example.com'],
  gateway: { credentialName: 'echo-tls' },
});
edge.addRoute('Echo', {
  paths: [PathMatch.prefix('/')],
  target: RouteTarget.split([
    { subset: echo.subset('v1'), weight: 80 },
    { subset: echo.subset('v2'), weight: 20 },
  ]),
});

app.synth();
