// One gateway, two teams: a part of a shared host for one of them, a host of its own for the other.
import { Chart } from 'cdk8s';
import { AlbIstioEdge, Delegate, Echoserver, Ecommerce, GitOpsApp, PathMatch, Route, RouteTarget } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/two-teams' });

// The teams' applications come before the edge: what it writes into their namespaces needs the namespaces.
const shop = new Ecommerce(app, '10-shop');
const echo = new Echoserver(app, '20-echo');

// Team shop: it has /graphql of the shared host, and what happens below is its own affair.
const shopRoutes = new Chart(app, '15-shop-routes', { namespace: 'e-commerce', disableResourceNameHashes: true });
const delegate = new Delegate(shopRoutes, 'Shop');
delegate.addRoute('Playground', { paths: [PathMatch.pathPrefix('/graphql/playground')], target: RouteTarget.respond(404) });
delegate.addRoute('Graphql', { paths: [PathMatch.pathPrefix('/graphql')], target: RouteTarget.workload(shop.graphql) });

// The platform team: the edge, and who gets what of the shared host.
const edge = new AlbIstioEdge(app, '30-edge', {
  hosts: ['www.example.com', 'echo.example.com'],
  gateway: { credentialName: 'edge-tls' },
});
edge.addRoute('Shop', { hosts: ['www.example.com'], paths: [PathMatch.pathPrefix('/graphql')], target: RouteTarget.delegate(delegate) });

// Team echo: its routes stand in its own namespace, and the gateway takes no other host from there.
const echoRoutes = new Chart(app, '35-echo-routes', { namespace: 'echo', disableResourceNameHashes: true });
new Route(echoRoutes, 'Echo', { gateway: edge.gateway, hosts: ['echo.example.com'], target: RouteTarget.workload(echo.workload) });

app.synth();
