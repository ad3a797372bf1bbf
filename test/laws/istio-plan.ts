// Plans of whole edges with all that Istio has around them, as data: legal by construction, so that nothing that is refused is hidden.
import { App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { type AlbOptions } from '../../src/edge/alb/options';
import { GatewayEntry } from '../../src/edge/gateway-workload/service';
import { GatewayTlsVersion } from '../../src/edge/gateway/tls';
import { WeightOwner } from '../../src/edge/release/canary';
import { TcpRoute } from '../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../src/edge/routing/tls-route';
import {
  AlbIstioEdge, type AlbIstioEdgeProps, BackendProtocol, BlueGreen, Canary, Delegate, GatewayWorkload, HeaderMatch, type IWorkload, MeshRoute,
  MtlsMode, PathMatch, Route, RouteTarget, ServiceExposure, Subsets, TargetType, Workload,
} from '../../src/index';
import { exportChoice, exportToOf, NAMESPACES, someOf } from './istio-texts';
import { maybe, port } from './names';
import { callers, distinct, lastRoutePlan, type ReleasePlan, releasePlan, routeOf, routePlan, settingsOf } from './route-plan';
import { subsetsOf, subsetsPlan } from './traffic-plan';
import { unlessHidden } from './unless-hidden';

const HOSTS = [['a.test'], ['a.test', '*.b.test'], ['*.test', 'a.test', 'x.y.test'], ['*'], ['1.test', 'null.test', '*.wild.test']] as const;

const workload = fc.record({
  namespace: fc.constantFrom(...NAMESPACES), port, versions: fc.subarray(['v1', 'v2', '1']), versionLabel: maybe(fc.constantFrom('version', 'app.kubernetes.io/version')), told: fc.boolean(),
});

/** What every edge has: hosts, pods that run the gateway, and workloads behind it. */
const clientTls = fc.record({
  minProtocolVersion: fc.constantFrom(GatewayTlsVersion.TLS_1_2, undefined), maxProtocolVersion: maybe(fc.constantFrom(...Object.values(GatewayTlsVersion))),
  cipherSuites: maybe(fc.constantFrom<string[]>(['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES128-SHA'])),
  clientCertificates: maybe(fc.record({ required: maybe(fc.boolean()), caCertCredentialName: fc.constantFrom(undefined, 'partners'), subjectAltNames: maybe(fc.constantFrom<string[]>(['a.b'])) })),
});

export const standPlan = fc.record({
  hosts: fc.constantFrom(...HOSTS),
  pods: fc.constantFrom('existing' as const, 'existing' as const, 'existing' as const, 'injected' as const, 'installed' as const),
  layer4: fc.boolean(),
  proxies: maybe(fc.integer({ min: 1, max: 3 })),
  plain: fc.boolean(), tls: maybe(clientTls),
  seesClients: fc.boolean(),
  admitted: maybe(someOf(['team-c', '0'])),
  admittedHosts: fc.boolean(),
  ingressName: fc.boolean(),
  mtls: maybe(fc.record({ mode: maybe(fc.constantFrom(MtlsMode.STRICT, MtlsMode.PERMISSIVE)), permissiveNamespaces: maybe(someOf(['shop', 'legacy'])), wholeMesh: fc.boolean() })),
  workloads: fc.array(workload, { minLength: 1, maxLength: 3 }),
});

const releases = fc.record({
  settings: releasePlan, gateway: fc.boolean(), percent: fc.integer({ min: 0, max: 100 }), elsewhere: fc.boolean(), preview: fc.boolean(), blueGreen: fc.boolean(),
});

export const routesPlan = fc.record({
  stand: standPlan,
  routes: fc.array(fc.tuple(routePlan, fc.boolean()), { maxLength: 2 }),
  last: maybe(lastRoutePlan),
  team: maybe(routePlan),
  mesh: maybe(fc.record({ routes: fc.array(fc.tuple(routePlan, callers), { maxLength: 2 }), last: maybe(lastRoutePlan), exportTo: exportChoice })),
  releases: maybe(releases),
  delegate: maybe(fc.record({ root: releasePlan, routes: fc.array(lastRoutePlan, { minLength: 1, maxLength: 2 }), header: fc.boolean(), late: fc.boolean(), elsewhere: fc.boolean() })),
  connections: maybe(fc.record({ target: lastRoutePlan, hosts: someOf(['raw.example', '*.raw.example']), tcp: fc.boolean(), team: fc.boolean() })),
  subsets: maybe(subsetsPlan),
  subsetsLate: fc.boolean(),
});

export type StandPlan = typeof standPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type RoutesPlan = typeof routesPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** An edge, and what stands around it. */
export interface Stand {
  readonly app: App;
  readonly edge: AlbIstioEdge;
  readonly workloads: readonly Workload[];
}

/** Builds the edge through the public door only. @param more props that a law adds */
export function standOf(plan: StandPlan, more: (stand: Omit<Stand, 'edge'>) => Partial<AlbIstioEdgeProps> = () => ({})): Stand {
  const app = new App();
  const workloads = plan.workloads.map(({ told, ...props }, index) => new Workload({
    ...props, serviceName: ['cart', 'web', 'db'][index], serviceAccount: told ? 'sa.x' : undefined, selector: index === 1 ? { tier: 'Web_1', empty: '' } : undefined,
  }));
  const isPlain = plan.plain && (plan.layer4 || plan.pods !== 'existing' || plan.proxies !== undefined);
  const edge = new AlbIstioEdge(app, 'edge', {
    hosts: [...plan.hosts],
    workload: podsOf(plan),
    gateway: {
      protocol: isPlain ? BackendProtocol.HTTP : undefined, credentialName: isPlain ? undefined : 'edge.tls', admittedNamespaces: plan.admitted,
      admittedHosts: plan.admittedHosts ? [`team-d/${plan.hosts[0]}`] : undefined,
      tls: plan.layer4 && !isPlain ? plan.tls : undefined,
    },
    mtls: plan.mtls,
    alb: albOf(plan),
    ...more({ app, workloads }),
  });
  return { app, edge, workloads };
}

/** The options of the load balancer: without a host name there is no certificate to discover. */
export function albOf({ layer4, hosts }: StandPlan, more: AlbOptions = {}): AlbOptions | undefined {
  return layer4 ? undefined : { ...more, certificateArns: hosts.some(host => host === '*') ? ['arn:aws:acm:eu-west-1:123456789012:certificate/a'] : undefined };
}

function podsOf({ pods, layer4, proxies, seesClients }: StandPlan): GatewayWorkload {
  if (pods === 'existing') {
    return GatewayWorkload.fromAttributes({
      namespace: 'gw', service: 'ingress', labels: { istio: 'ingress' }, entry: layer4 ? GatewayEntry.NETWORK_LOAD_BALANCER : undefined, trustedProxies: layer4 ? undefined : proxies, serviceAccount: 'ingress',
      tcpPorts: layer4 ? [5432] : undefined,
    });
  }
  const service = layer4 ? ServiceExposure.networkLoadBalancer({ tcpPorts: [5432], targetType: TargetType.IP, preserveClientIp: seesClients }) : ServiceExposure.clusterIp();
  return GatewayWorkload[pods]({ namespace: 'gw', service, trustedProxies: layer4 ? undefined : proxies });
}

/** Builds an app with routes of all kinds. */
export function buildRoutes(plan: RoutesPlan): App {
  const { app, edge, workloads } = standOf(plan.stand);
  const teams = new Chart(app, 'teams', { disableResourceNameHashes: true });
  const subsets = () => {
    const props = plan.subsets && subsetsOf(plan.subsets, workloads[0]);
    if (props) {
      new Subsets(teams, 'Policies', props);
    }
  };
  if (!plan.subsetsLate) {
    subsets();
  }
  const place = { workloads, atGateway: true };
  plan.routes.forEach(([route, ownHost], index) => unlessHidden(() => edge.addRoute(`Route${index}`, { ...routeOf(route, place), hosts: ownHost ? [plan.stand.hosts[0]] : undefined })));
  addDelegate(plan, { app, edge, workloads }, teams);
  addReleases(plan, { app, edge, workloads }, teams);
  if (plan.last) {
    edge.addRoute('Last', routeOf(plan.last, place));
  }
  if (plan.team && (!plan.stand.layer4 || plan.stand.hosts.some(host => host === '*' || host === '*.test'))) {
    new Route(teams, 'Team', { ...routeOf(plan.team, place), gateway: edge.gateway, hosts: ['team.test'], namespace: 'team-c', virtualServiceName: 'team' });
  }
  addMeshRoutes(plan, workloads, teams);
  addConnections(plan, { app, edge, workloads }, teams);
  if (plan.subsetsLate) {
    subsets();
  }
  return app;
}

const toVersions = (workload_: IWorkload) => ({ answers: false, sets: false, sends: (other: IWorkload, version?: string) => other === workload_ && version !== undefined });

function addDelegate({ delegate: plan }: RoutesPlan, { edge, workloads }: Stand, teams: Chart): void {
  if (!plan) {
    return;
  }
  const imported = Delegate.fromAttributes({ delegateName: 'other.team', delegateNamespace: 'team-f' });
  const delegate = new Delegate(teams, 'Team0', { namespace: 'team-a', delegateName: plan.late ? 'team.0' : undefined });
  const routes = () => plan.routes.forEach((route, index) => {
    // Istio joins texts that begin alike, and no regular expressions.
    const own = route.paths?.flatMap(({ kind, text }) => (kind === 'exact' || kind === 'prefix' ? [{ kind, text: `/team0${text}` }] : []));
    // A prefix is replaced where the route says which.
    const rewrite = route.rewrite?.by === 'prefix' && !own?.length ? undefined : route.rewrite;
    const options = routeOf({ ...route, rewrite, paths: own && own.length > 0 ? distinct(own) : undefined }, { workloads, atGateway: false });
    unlessHidden(() => delegate.addRoute(`Own${index}`, options));
  });
  if (!plan.late) {
    routes();
  }
  const root = { ...plan.root, paths: undefined, conditions: {}, rewrite: undefined, mirrors: undefined };
  const settings = settingsOf(root, { workloads, atGateway: true }, toVersions(workloads[0]));
  edge.addRoute('Delegated', {
    ...settings, paths: [PathMatch.prefix('/team0')], headers: plan.header ? [HeaderMatch.present('x-team')] : undefined, target: RouteTarget.delegate(plan.elsewhere ? imported : delegate),
  });
  if (plan.late) {
    routes();
  }
}

function addReleases({ releases: plan }: RoutesPlan, { edge, workloads }: Stand, teams: Chart): void {
  const workload_ = plan && workloads.find(({ versions }) => versions.length > 1);
  if (!plan || !workload_) {
    return;
  }
  const [one, other] = workload_.versions;
  const settings = settingsOf(plan.settings as ReleasePlan, { workloads, atGateway: plan.gateway }, toVersions(workload_));
  if (plan.blueGreen) {
    const options = { ...settings, workload: workload_, blue: one, green: other, active: plan.elsewhere ? one : other, previewHeader: plan.preview ? 'x-preview' : undefined };
    if (plan.gateway) {
      edge.addBlueGreen('BlueGreen', options);
    } else {
      new BlueGreen(teams, 'BlueGreen', options);
    }
    return;
  }
  const options = {
    ...settings, workload: workload_, stable: one, canary: other, header: plan.preview ? HeaderMatch.exact('x-canary', 'yes') : undefined,
    ...plan.elsewhere ? { weights: WeightOwner.ELSEWHERE } : { percent: plan.percent },
  };
  if (plan.gateway) {
    edge.addCanary('Canary', options);
  } else {
    new Canary(teams, 'Canary', options);
  }
}

function addMeshRoutes({ mesh: plan }: RoutesPlan, workloads: readonly Workload[], teams: Chart): void {
  if (!plan) {
    return;
  }
  const place = { workloads, atGateway: false };
  // Not the workload of a release in the mesh, whose routes have no exportTo.
  const own = workloads.find(({ versions }) => versions.length <= 1);
  if (own) {
    const exportTo = exportToOf(plan.exportTo, own.namespace);
    plan.routes.forEach(([route, from], index) => unlessHidden(() => {
      new MeshRoute(teams, `Mesh${index}`, { ...routeOf(route, place), workload: own, callers: from, exportTo });
    }));
    if (plan.last) {
      new MeshRoute(teams, 'MeshLast', { ...routeOf(plan.last, place), workload: own, exportTo });
    }
  }
}

function addConnections({ connections: plan, stand }: RoutesPlan, { edge, workloads }: Stand, teams: Chart): void {
  if (!plan || !stand.layer4) {
    return;
  }
  const { target: wish } = plan.target;
  // Nothing of a connection can be changed, redirected or answered.
  const plain = 'shares' in wish ? { ...wish, shares: wish.shares.map(({ weight }) => ({ weight })) } : wish;
  const to = ['redirect', 'respond'].includes(wish.to) ? RouteTarget.workload(workloads[0]) : routeOf({ ...plan.target, target: plain }, { workloads, atGateway: true }).target;
  const namespace = plan.team ? 'team-c' : undefined;
  // A plain load balancer does not stop TLS of others.
  new TlsRoute(teams, 'raw.tls', { gateway: edge.gateway, hosts: plan.hosts, target: to, namespace });
  if (plan.tcp) {
    new TcpRoute(teams, 'raw-tcp', { gateway: edge.gateway, port: 5432, target: to, namespace });
  }
}
