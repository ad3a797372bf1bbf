// One gateway, two teams: part of a shared host for one, a separate host for the other.
import { Chart } from 'cdk8s';
import { AlbIstioEdge, Delegate, Echoserver, Ecommerce, GitOpsApp, PathMatch, Route, RouteTarget } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/two-teams' });

// The teams' applications precede the edge, because the edge writes objects into their namespaces.
const shop = new Ecommerce(app, '10-shop');
const echo = new Echoserver(app, '20-echo');

// Team shop: it owns the routes below /graphql on the shared host.
const shopRoutes = new Chart(app, '15-shop-routes', { namespace: 'e-commerce', disableResourceNameHashes: true });
const delegate = new Delegate(shopRoutes, 'Shop');
delegate.addRoute('Playground', { paths: [PathMatch.pathPrefix('/graphql/playground')], target: RouteTarget.respond(404) });
delegate.addRoute('Graphql', { paths: [PathMatch.pathPrefix('/graphql')], target: RouteTarget.workload(shop.graphql) });

// The platform team: the edge, and which paths of the shared host belong to whom.
const edge = new AlbIstioEdge(app, '30-edge', {
  hosts: ['www.example.com', 'echo.example.com'],
  gateway: { credentialName: 'edge-tls' },
});
edge.addRoute('Shop', { hosts: ['www.example.com'], paths: [PathMatch.pathPrefix('/graphql')], target: RouteTarget.delegate(delegate) });

// Team echo: its routes are in its own namespace, from which the gateway admits no other host.
const echoRoutes = new Chart(app, '35-echo-routes', { namespace: 'echo', disableResourceNameHashes: true });
new Route(echoRoutes, 'Echo', { gateway: edge.gateway, hosts: ['echo.example.com'], target: RouteTarget.workload(echo.workload) });

app.synth();
