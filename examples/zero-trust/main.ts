// Bookinfo with zero trust: tokens at the gateway, and a list of callers for every service.
import {
  AlbIstioEdge, AuthorizationAction, AuthorizationPolicy, AuthorizationRule, Bookinfo, Caller, GitOpsApp, Operation, PathMatch, PolicyScope,
  RequestAuthentication, RouteTarget, security,
} from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/zero-trust' });
const { productpage, details, reviews, ratings } = new Bookinfo(app, '10-bookinfo');

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['bookinfo.example.com'],
  alb: { certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789'] },
  gateway: { credentialName: 'bookinfo-tls' },
  // While a namespace still has callers without a sidecar: mtls: { permissiveNamespaces: ['bookinfo'] }, zeroTrust: { dryRun: true }
  zeroTrust: {},
});

// Clients: a valid token except for static files, the group staff for the API, and no client from one network. The policies precede the
// routes, so that applying the file in order exposes nothing too early.
const gateway = PolicyScope.gateway(edge.workload);
// Istio warns about DENY rules on HTTP attributes without ports, because on a TCP port they would deny everything.
const tokenPorts = [edge.workload.httpsPort];
new RequestAuthentication(edge, 'Login', {
  scope: gateway,
  jwtRules: [{ issuer: 'https://id.example.com', jwksUri: 'https://id.example.com/keys', audiences: ['bookinfo'] }],
  publicPaths: ['/static/*'],
  tokenPorts,
});
new AuthorizationPolicy(edge, 'ApiForStaff', {
  scope: gateway,
  action: AuthorizationAction.DENY,
  rules: [AuthorizationRule.of({
    to: [Operation.of({ paths: ['/api/*'], ports: tokenPorts })], when: [security.Attribute.claim(['groups']).noneOf(['staff'])],
  })],
});
new AuthorizationPolicy(edge, 'BlockedClients', {
  scope: gateway,
  action: AuthorizationAction.DENY,
  rules: [AuthorizationRule.of({ from: [Caller.remoteIpBlocks(['203.0.113.0/24'])] })],
});

edge.addRoute('Productpage', {
  paths: [PathMatch.exact('/productpage'), PathMatch.pathPrefix('/static'), PathMatch.pathPrefix('/api/v1/products')],
  target: RouteTarget.workload(productpage),
});

// Inside the mesh: productpage calls details and reviews, reviews calls ratings. All other calls are denied.
edge.zeroTrust!.allow(details, { from: [Caller.workload(productpage)], to: [Operation.methods(['GET'])] });
edge.zeroTrust!.allow(reviews, { from: [Caller.workload(productpage)], to: [Operation.methods(['GET'])] });
edge.zeroTrust!.allow(ratings, { from: [Caller.workload(reviews)], to: [Operation.methods(['GET'])] });

app.synth();
