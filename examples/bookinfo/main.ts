// Bookinfo behind an ALB: client –TLS→ ALB –TLS→ gateway –mTLS→ productpage.
import { AlbIstioEdge, Bookinfo, GitOpsApp, PathMatch, RouteTarget } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/bookinfo' });
const bookinfo = new Bookinfo(app, '10-bookinfo');

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['bookinfo.example.com'],
  alb: {
    certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789'],
    loadBalancerName: 'bookinfo-ingress',
    subnets: ['subnet-0c6d0e5f7a8b9c0d1', 'subnet-016a2b3c4d5e6f708'],
  },
  gateway: { credentialName: 'bookinfo-tls' },
});
edge.addRoute('Productpage', {
  paths: [
    PathMatch.exact('/productpage'),
    PathMatch.pathPrefix('/static'),
    PathMatch.exact('/login'),
    PathMatch.exact('/logout'),
    PathMatch.pathPrefix('/api/v1/products'),
  ],
  target: RouteTarget.workload(bookinfo.productpage),
});

app.synth();
