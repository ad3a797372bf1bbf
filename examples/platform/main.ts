// The production edge of a platform in two environments, from one table: public hosts, an internal one, and the routes of two teams.
import { Duration, Size } from 'cdk8s';
import {
  alb, AlbIstioEdge, AlbScheme, Echoserver, GatewayWorkload, gitops, GitOpsApp, HeaderMatch, IngressGroup, PathMatch, PolicyScope, RequestAuthentication,
  RouteTarget, routing, traffic,
} from 'cdk8s-alb-istio';
import { addEgress, Books } from './books';
import { Carts } from './carts';

/** Settings of an environment, which has an AWS account and a cluster of its own. */
interface Environment {
  readonly account: string;
  /** All hosts are below this domain. */
  readonly domain: string;
  /** Id of the ACM certificate for `*.domain`, and of the one for `*.internal.domain`. */
  readonly certificates: { readonly public: string; readonly internal: string };
  readonly gateways: { readonly minReplicas: number; readonly maxReplicas: number };
  /** Share of the requests that go to the new version, in percent. */
  readonly canaryPercent: { readonly search: number; readonly reviews: number };
  /** Whether removing a line here may delete a Namespace or a load balancer. */
  readonly isGuarded: boolean;
}

const ENVIRONMENTS: Record<string, Environment> = {
  staging: {
    account: '222222222222',
    domain: 'staging.example.com',
    certificates: { public: '05000000-0000-4000-8000-000000000001', internal: '05000000-0000-4000-8000-000000000002' },
    gateways: { minReplicas: 2, maxReplicas: 4 },
    canaryPercent: { search: 50, reviews: 100 },
    isGuarded: false,
  },
  production: {
    account: '333333333333',
    domain: 'example.com',
    certificates: { public: '0f000000-0000-4000-8000-000000000001', internal: '0f000000-0000-4000-8000-000000000002' },
    gateways: { minReplicas: 3, maxReplicas: 12 },
    canaryPercent: { search: 0.5, reviews: 10 },
    isGuarded: true,
  },
};

const REGION = 'us-east-1';

function appOf(name: string, { account, domain, certificates, gateways, canaryPercent, isGuarded }: Environment): GitOpsApp {
  const app = new GitOpsApp({ folder: `dist/platform/${name}`, syncWaves: true, pruneGuards: isGuarded });
  const certificate = (id: string) => `arn:aws:acm:${REGION}:${account}:certificate/${id}`;
  const [www, api, grpc] = ['www', 'api', 'grpc'].map(host => `${host}.${domain}`);

  // What the teams run.
  const books = new Books(app, canaryPercent.reviews);
  const carts = new Carts(app);
  const search = new Echoserver(app, '12-search', { namespace: 'search', replicas: 2 });

  // The public load balancer, and its gateway on nodes of its own.
  const group = new IngressGroup(app, 'Public', {
    groupName: 'public',
    certificateArns: [certificate(certificates.public)],
    wafv2AclArn: `arn:aws:wafv2:${REGION}:${account}:regional/webacl/edge/0a1b2c3d-0123-4567-89ab-0123456789ab`,
    attributes: { accessLogs: alb.LogDestination.s3(`${name}-access-logs`), deletionProtection: isGuarded, idleTimeout: Duration.minutes(2) },
    tags: { environment: name },
  });
  const edge = new AlbIstioEdge(app, '20-edge', {
    hosts: [www, api, grpc],
    alb: { group },
    gateway: { credentialName: 'edge-tls' },
    workload: GatewayWorkload.injected({
      ...gateways,
      nodeSelector: { 'example.com/pool': 'edge' },
      tolerations: [{ key: 'example.com/pool', operator: 'Equal', value: 'edge', effect: 'NoSchedule' }],
      priorityClassName: 'edge',
      resources: { cpuRequestMillis: 500, memoryRequest: Size.mebibytes(512) },
      targetMemoryPercent: 80,
    }),
    zeroTrust: {},
  });

  // api and grpc: programs send tokens. The policies precede the routes, so that applying the file in order exposes nothing too early.
  new RequestAuthentication(edge, 'Tokens', {
    scope: PolicyScope.gateway(edge.workload),
    jwtRules: [{ issuer: 'https://id.example.com', jwksUri: 'https://id.example.com/keys', audiences: [domain] }],
    tokenHosts: [api, grpc],
    publicMethods: ['OPTIONS'],
    tokenPorts: [edge.workload.httpsPort],
  });

  // www: people log in, except for static files and the health check of a monitoring service.
  const pages = edge.alb!.addHost(www, {
    auth: alb.AlbAuth.oidc({
      issuer: 'https://login.example.com',
      authorizationEndpoint: 'https://login.example.com/authorize',
      tokenEndpoint: 'https://login.example.com/token',
      userInfoEndpoint: 'https://login.example.com/userinfo',
      secretName: 'login',
      sessionTimeout: Duration.hours(8),
    }),
  });
  pages.addPaths([alb.RulePath.exact('/health'), alb.RulePath.prefix('/static')], { auth: alb.AlbAuth.none() });
  edge.addCanary('Search', {
    hosts: [www],
    paths: [PathMatch.pathPrefix('/search')],
    workload: search.workload,
    stable: 'v1',
    canary: 'v2',
    percent: canaryPercent.search,
    header: HeaderMatch.present('x-canary'),
  });
  edge.addRoute('Pages', {
    hosts: [www],
    paths: [PathMatch.exact('/health'), PathMatch.exact('/productpage'), PathMatch.pathPrefix('/static')],
    target: RouteTarget.workload(books.productpage),
  });
  edge.addRoute('Home', { hosts: [www], paths: [PathMatch.exact('/')], target: RouteTarget.redirect({ path: '/productpage', status: 302 }) });

  // api: pages of www may call it. The paths below /reviews and /details are up to team books.
  edge.addRoute('Books', {
    hosts: [api],
    paths: [PathMatch.pathPrefix('/reviews'), PathMatch.pathPrefix('/details')],
    cors: {
      allowOrigins: [routing.CorsOrigin.exact(`https://${www}`)], allowMethods: ['GET', 'POST'], allowHeaders: ['authorization', 'content-type'],
    },
    target: RouteTarget.delegate(books.routes),
  });

  // grpc: a host of team carts, with targets in HTTP/2.
  edge.alb!.addHost(grpc, { protocolVersion: alb.BackendProtocolVersion.HTTP2 });
  carts.addRoutes(edge.gateway, grpc);

  // A search is expensive: each gateway pod lets a client make 20 a second.
  new traffic.LocalRateLimit(edge, 'SearchPerClient', {
    scope: PolicyScope.gateway(edge.workload), requests: 20, interval: Duration.seconds(1), bucketPer: traffic.RateLimitKey.clientAddress(),
    hosts: [www], paths: [PathMatch.pathPrefix('/search')],
  });

  // Inside the mesh: who calls whom, and which hosts outside of the cluster.
  books.declareCallers(edge);
  addEgress(app);

  // The internal host, for clients in the VPC: another load balancer and other gateway pods.
  const internal = new AlbIstioEdge(app, '40-internal', {
    edgeName: 'internal-ingress',
    hosts: [`search.internal.${domain}`],
    alb: {
      scheme: AlbScheme.INTERNAL, certificateArns: [certificate(certificates.internal)], inboundCidrs: ['10.0.0.0/8'], tags: { environment: name },
    },
    gateway: { credentialName: 'internal-tls' },
    zeroTrust: {},
  });
  internal.addRoute('Search', { target: RouteTarget.workload(search.workload) });

  new gitops.ArgoApplication(app, 'argocd', { repoUrl: 'https://git.example.com/acme/platform.git', project: 'platform' });
  app.synth();
  return app;
}

export const apps = Object.entries(ENVIRONMENTS).map(([name, environment]) => appOf(name, environment));
