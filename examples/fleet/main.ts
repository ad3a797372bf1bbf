// One application in three environments, each in two regions, from one table. To promote, change a number in the table.
import { AlbIstioEdge, Echoserver, GatewayWorkload, gitops, GitOpsApp } from 'cdk8s-alb-istio';

/** Settings of an environment, for all of its regions. */
interface Environment {
  readonly account: string;
  /** The host for users; DNS resolves it to the nearest region. */
  readonly host: string;
  /** Pods of each version. */
  readonly pods: number;
  readonly gateways: { readonly minReplicas: number; readonly maxReplicas: number };
  /** Share of the requests that go to v2, in percent. */
  readonly canaryPercent: number;
}

const ENVIRONMENTS = {
  dev: { account: '111111111111', host: 'echo.dev.example.com', pods: 1, gateways: { minReplicas: 2, maxReplicas: 2 }, canaryPercent: 100 },
  staging: { account: '222222222222', host: 'echo.staging.example.com', pods: 2, gateways: { minReplicas: 2, maxReplicas: 4 }, canaryPercent: 50 },
  production: { account: '333333333333', host: 'echo.example.com', pods: 6, gateways: { minReplicas: 3, maxReplicas: 12 }, canaryPercent: 5 },
} satisfies Record<string, Environment>;

/** Settings of a cluster: one region of an environment. */
interface Site {
  readonly environment: keyof typeof ENVIRONMENTS;
  readonly region: 'us-east-1' | 'eu-west-1';
  /** Id of the ACM certificate. */
  readonly certificate: string;
  /** Name tags of subnets, one to a zone. */
  readonly subnets: string[];
}

/** The key names the folder, and the cluster in a central Argo CD. The compiler rejects duplicate keys. */
const SITES: Record<string, Site> = {
  'dev-us-east-1': {
    environment: 'dev', region: 'us-east-1', certificate: '0d000000-0000-4000-8000-000000000001',
    subnets: ['dev-use1-public-a', 'dev-use1-public-b'],
  },
  'dev-eu-west-1': {
    environment: 'dev', region: 'eu-west-1', certificate: '0d000000-0000-4000-8000-000000000002',
    subnets: ['dev-euw1-public-a', 'dev-euw1-public-b'],
  },
  'staging-us-east-1': {
    environment: 'staging', region: 'us-east-1', certificate: '05000000-0000-4000-8000-000000000001',
    subnets: ['staging-use1-public-a', 'staging-use1-public-b'],
  },
  'staging-eu-west-1': {
    environment: 'staging', region: 'eu-west-1', certificate: '05000000-0000-4000-8000-000000000002',
    subnets: ['staging-euw1-public-a', 'staging-euw1-public-b'],
  },
  'production-us-east-1': {
    environment: 'production', region: 'us-east-1', certificate: '0f000000-0000-4000-8000-000000000001',
    subnets: ['production-use1-public-a', 'production-use1-public-b'],
  },
  'production-eu-west-1': {
    environment: 'production', region: 'eu-west-1', certificate: '0f000000-0000-4000-8000-000000000002',
    subnets: ['production-euw1-public-a', 'production-euw1-public-b'],
  },
};

const REPOSITORY = 'https://git.example.com/acme/platform.git';

function appOf(name: string, { environment, region, certificate, subnets }: Site): GitOpsApp {
  const { account, host, pods, gateways, canaryPercent } = ENVIRONMENTS[environment];
  const app = new GitOpsApp({ folder: `dist/fleet/${name}`, pruneGuards: environment === 'production' });
  const { workload } = new Echoserver(app, '10-echoserver', { replicas: pods });

  const edge = new AlbIstioEdge(app, '20-edge', {
    hosts: [host, `${region}.${host}`],
    gateway: { credentialName: 'echo-tls' },
    workload: GatewayWorkload.injected(gateways),
    alb: { certificateArns: [`arn:aws:acm:${region}:${account}:certificate/${certificate}`], subnets },
  });
  edge.addCanary('Echo', { workload, stable: 'v1', canary: 'v2', percent: canaryPercent });

  // Flux in each cluster, or Argo CD in each cluster: use one of them.
  new gitops.FluxDelivery(app, 'flux', {
    source: gitops.FluxSource.gitRepository({ url: REPOSITORY, secretName: 'platform-git' }), dependsOn: ['istiod', 'aws-load-balancer-controller'],
  });
  new gitops.ArgoApplication(app, 'argocd', { repoUrl: REPOSITORY, project: 'platform' });
  app.synth();
  return app;
}

const sites = Object.entries(SITES).map(([name, site]) => ({ name, app: appOf(name, site) }));
export const apps = sites.map(({ app }) => app);

// Or one Argo CD for all clusters.
const hub = new gitops.DeliveryApp({ folder: 'clusters/fleet' });
new gitops.ArgoApplicationSet(hub, 'argocd', {
  repoUrl: REPOSITORY,
  project: 'platform',
  members: sites.map(({ name, app }) => ({ app, destination: gitops.ArgoDestination.cluster(name) })),
});
hub.synth();
