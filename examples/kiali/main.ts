// Bookinfo, and the dashboards Kiali, Grafana, Prometheus and Jaeger on the same load balancer, behind a login.
import { Duration } from 'cdk8s';
import { alb, AlbIstioEdge, Bookinfo, GitOpsApp, IngressGroup, PathMatch, PolicyScope, RouteTarget, telemetry } from 'cdk8s-alb-istio';

export const app = new GitOpsApp({ folder: 'dist/kiali' });
const bookinfo = new Bookinfo(app, '10-bookinfo');

// A login applies to one Ingress. Two Ingresses share a load balancer in a group.
const group = new IngressGroup(app, 'Group', {
  groupName: 'bookinfo',
  certificateArns: [
    'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789',
    'arn:aws:acm:us-east-1:123456789012:certificate/1b2c3d4e-5f67-89ab-cdef-0123456789ab',
  ],
});

const edge = new AlbIstioEdge(app, '20-edge', {
  hosts: ['bookinfo.example.com'],
  gateway: { credentialName: 'bookinfo-tls' },
  alb: { group },
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

edge.addObservability('Observability', {
  login: alb.AlbAuth.oidc({
    issuer: 'https://login.example.com',
    authorizationEndpoint: 'https://login.example.com/oauth2/authorize',
    tokenEndpoint: 'https://login.example.com/oauth2/token',
    userInfoEndpoint: 'https://login.example.com/oauth2/userinfo',
    secretName: 'observability-login',
    // The controller's default is seven days.
    sessionTimeout: Duration.hours(8),
  }),
  uis: [
    telemetry.ObservabilityUi.kiali('kiali.ops.example.com'),
    telemetry.ObservabilityUi.grafana('grafana.ops.example.com'),
    telemetry.ObservabilityUi.prometheus('prometheus.ops.example.com'),
    telemetry.ObservabilityUi.jaeger('tracing.ops.example.com'),
  ],
});

new telemetry.MeshTelemetry(edge, 'Telemetry', {
  scope: PolicyScope.mesh(),
  accessLogs: [{ providers: ['envoy'], filter: 'response.code >= 400' }],
  tracing: { provider: 'jaeger', samplingPercentage: 5 },
});

app.synth();
