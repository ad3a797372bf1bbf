// Bookinfo's reviews in three versions: a service-to-service canary, and blue-green at the gateway.
import { AlbIstioEdge, Bookinfo, Canary, GitOpsApp, HeaderMatch, PathMatch, RouteTarget } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/canary-blue-green' });
const { productpage, reviews } = new Bookinfo(app, '10-bookinfo');

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['bookinfo.example.com', 'reviews.example.com'],
  gateway: { credentialName: 'bookinfo-tls' },
});
edge.addRoute('Productpage', {
  hosts: ['bookinfo.example.com'],
  paths: [
    PathMatch.exact('/productpage'),
    PathMatch.pathPrefix('/static'),
    PathMatch.exact('/login'),
    PathMatch.exact('/logout'),
    PathMatch.pathPrefix('/api/v1/products'),
  ],
  target: RouteTarget.workload(productpage),
});

// Service-to-service: 90 % of productpage's requests to reviews go to v1, 10 % to v2. Requests of the user jason always go to v2.
new Canary(edge, 'ReviewsInMesh', {
  workload: reviews,
  stable: 'v1',
  canary: 'v2',
  percent: 10,
  header: HeaderMatch.exact('end-user', 'jason'),
});

// At the gateway: all requests go to v1; requests with the header x-preview go to v3.
edge.addBlueGreen('Reviews', {
  hosts: ['reviews.example.com'],
  paths: [PathMatch.pathPrefix('/reviews')],
  workload: reviews,
  blue: 'v1',
  green: 'v3',
  active: 'v1',
  previewHeader: 'x-preview',
});

app.synth();
