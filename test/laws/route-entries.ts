// The ways in that are about routes and traffic, for the law of types.
import { Duration } from 'cdk8s';
import { AuthorityMatch } from '../../src/edge/match/authority';
import { ClaimMatch } from '../../src/edge/match/claim-match';
import { HttpScheme } from '../../src/edge/match/match';
import { WeightOwner } from '../../src/edge/release/canary';
import { CorsOrigin, type CorsPolicy, UnmatchedPreflights } from '../../src/edge/routing/cors';
import { FaultAbort, GrpcStatus } from '../../src/edge/routing/fault';
import { type HeaderOperations } from '../../src/edge/routing/header-operations';
import { Mirror } from '../../src/edge/routing/mirror';
import { DerivePort } from '../../src/edge/routing/redirect';
import { Rewrite } from '../../src/edge/routing/rewrite';
import { type RouteSettings } from '../../src/edge/routing/route-options';
import { type RetryPolicy } from '../../src/edge/routing/route-policy';
import { TcpRoute } from '../../src/edge/routing/tcp-route';
import { TlsRoute } from '../../src/edge/routing/tls-route';
import { ClientTls } from '../../src/edge/traffic-policy/client-tls';
import { type ConnectionPool, H2UpgradePolicy } from '../../src/edge/traffic-policy/connection-pool';
import { HashTable } from '../../src/edge/traffic-policy/hash-table';
import { LoadBalancing } from '../../src/edge/traffic-policy/load-balancing';
import { Locality } from '../../src/edge/traffic-policy/locality';
import { type OutlierDetection } from '../../src/edge/traffic-policy/outlier-detection';
import { ProxyProtocolVersion, type TrafficSettings } from '../../src/edge/traffic-policy/traffic-policy';
import { TunnelProtocol } from '../../src/edge/traffic-policy/tunnel';
import { BlueGreen, Canary, Delegate, HeaderMatch, MeshRoute, PathMatch, QueryMatch, RetryOn, Route, RouteTarget, Subsets, Workload } from '../../src/index';
import { HandMadeGateway, service } from '../edge/stubs';
import { emptyChart } from '../synthesized';
import { type Entries, inChart, MADE } from './entry';

const s = Duration.seconds;
const options = 'options';
const cart = () => new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'] });

const OPERATIONS: Required<HeaderOperations> = { set: { a: 'b' }, add: { c: 'd' }, remove: ['e'] };
const RETRIES: Required<RetryPolicy> = { attempts: 2, perTryTimeout: s(1), retryOn: [RetryOn.RESET], retryStatusCodes: [503], backoff: s(1), retryRemoteLocalities: true, ignorePreviousHosts: true };
const CORS: Required<CorsPolicy> = {
  allowOrigins: [CorsOrigin.exact('https://a.b')], allowMethods: ['GET'], allowHeaders: ['a'], exposeHeaders: ['b'], maxAge: s(60), allowCredentials: true, unmatchedPreflights: UnmatchedPreflights.IGNORE,
};
/** Everything but the claims, which only gateways know, and `disableRetries`, which excludes retries. */
const SETTINGS: Omit<Required<RouteSettings>, 'claims' | 'disableRetries'> = {
  paths: [PathMatch.exact('/a')], methods: ['GET'], headers: [HeaderMatch.present('a')], queryParams: [QueryMatch.present('q')], authority: AuthorityMatch.exact('a.b'), scheme: HttpScheme.HTTPS, port: 443,
  rewrite: Rewrite.path('/b'), requestHeaders: OPERATIONS, responseHeaders: OPERATIONS, timeout: s(10), retries: RETRIES, fault: { delay: { duration: s(1), percentage: 1 }, abort: FaultAbort.http(503, 1) },
  mirrors: [Mirror.workload(service({ host: 'copy.shop.svc.cluster.local' }))], cors: CORS, statPrefix: 'a',
};
const IN_SETTINGS = ['retries.attempts', 'fault.delay.duration', 'fault.delay.percentage', 'cors.allowOrigins'];
const AT_GATEWAY = { claims: [ClaimMatch.exact(['group'], 'admin')] };

const POOL: Required<ConnectionPool> = {
  tcp: { maxConnections: 1, connectTimeout: s(1), tcpKeepalive: { probes: 1, time: s(1), interval: s(1) }, maxConnectionDuration: s(1), idleTimeout: s(1) },
  http: {
    http1MaxPendingRequests: 1, http2MaxRequests: 1, maxRequestsPerConnection: 1, maxRetries: 1, idleTimeout: s(1), h2UpgradePolicy: H2UpgradePolicy.DEFAULT,
    useClientProtocol: true, maxConcurrentStreams: 1,
  },
};
const OUTLIER: Required<OutlierDetection> = {
  consecutive5xxErrors: 5, consecutiveGatewayErrors: 4, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 5,
  interval: s(1), baseEjectionTime: s(1), maxEjectionPercent: 50, minHealthPercent: 50,
};
const TRAFFIC: Required<TrafficSettings> = { loadBalancer: LoadBalancing.roundRobin(), connectionPool: POOL, outlierDetection: OUTLIER, tls: ClientTls.simple() };
const POLICY = {
  ...TRAFFIC, ports: [{ ...TRAFFIC, port: 80 }], retryBudget: { percent: 20, minRetryConcurrency: 3 }, tunnel: { targetHost: 'a.b', targetPort: 443, protocol: TunnelProtocol.POST },
};
const neededOf = (prefix: string) => ['ports[0].port', 'tunnel.targetHost', 'tunnel.targetPort'].map(prop => `${prefix}.${prop}`);

const WARMING = { locality: Locality.off(), warmup: { duration: s(1), minimumPercent: 10, aggression: 1 } };
const HASHING = { locality: Locality.off(), table: HashTable.ring() };
const NAMES = { sni: 'a.b', subjectAltNames: ['a.b'] };
const FILES = { caCertificates: '/a', caCrl: '/b' };

const text = (maker: (value: any) => unknown, name = 'value', good = 'a') => ({ call: maker, good: { [name]: good }, needed: [name] });
const named = (maker: (name: any, value: any) => unknown, second = 'value') => ({ call: maker, good: { name: 'a', [second]: 'b' }, needed: ['name', second] });
const claimed = (maker: (claim: any, value: any) => unknown, second = 'value') => ({ call: maker, good: { claim: ['a'], [second]: 'b' }, needed: ['claim', second] });
const gateway = new HandMadeGateway();
const layer4 = new HandMadeGateway();

/** By class and maker. */
export const ROUTE_ENTRIES: Entries = {
  'AuthorityMatch.exact': text(AuthorityMatch.exact),
  'AuthorityMatch.prefix': text(AuthorityMatch.prefix),
  'AuthorityMatch.regex': text(AuthorityMatch.regex, 'regex'),
  'BlueGreen': {
    call: inChart(BlueGreen), good: { props: { ...SETTINGS, ...AT_GATEWAY, workload: cart(), blue: 'v1', green: 'v2', active: 'v1', gateway, hosts: ['a.b'], virtualServiceName: 'a' } },
    needed: ['props', 'workload', ...IN_SETTINGS], path: MADE,
  },
  'BlueGreen, with a preview': { call: inChart(BlueGreen), good: { props: { workload: cart(), blue: 'v1', green: 'v2', active: 'v1', previewHeader: 'x-preview' } }, needed: ['workload'], path: MADE },
  'Canary': {
    call: inChart(Canary),
    good: { props: { ...SETTINGS, ...AT_GATEWAY, workload: cart(), stable: 'v1', canary: 'v2', percent: 5, weights: WeightOwner.HERE, gateway, hosts: ['a.b'], virtualServiceName: 'a' } },
    needed: ['props', 'workload', ...IN_SETTINGS], path: MADE,
  },
  'Canary, with a header': { call: inChart(Canary), good: { props: { workload: cart(), stable: 'v1', canary: 'v2', percent: 5, header: HeaderMatch.present('x-canary') } }, needed: ['workload', 'percent'], path: MADE },
  'ClaimMatch.exact': claimed(ClaimMatch.exact),
  'ClaimMatch.prefix': claimed(ClaimMatch.prefix),
  'ClaimMatch.regex': claimed(ClaimMatch.regex, 'regex'),
  'ClaimMatch.notExact': claimed(ClaimMatch.notExact),
  'ClaimMatch.notPrefix': claimed(ClaimMatch.notPrefix),
  'ClaimMatch.notRegex': claimed(ClaimMatch.notRegex, 'regex'),
  'ClientTls.simple': { call: ClientTls.simple, good: { options: { ...NAMES, ...FILES, insecureSkipVerify: false } } },
  'ClientTls.simple, with a Secret': { call: ClientTls.simple, good: { options: { credentialName: 'a' } } },
  'ClientTls.mutual': { call: ClientTls.mutual, good: { options: { ...NAMES, ...FILES, clientCertificate: '/c', privateKey: '/d', insecureSkipVerify: false } }, needed: [options, 'clientCertificate', 'privateKey'] },
  'ClientTls.istioMutual': { call: ClientTls.istioMutual, good: { options: NAMES } },
  'CorsOrigin.exact': text(CorsOrigin.exact, 'origin', 'https://a.b'),
  'CorsOrigin.prefix': text(CorsOrigin.prefix, 'origin', 'https://a.b'),
  'CorsOrigin.regex': text(CorsOrigin.regex, 'regex'),
  'Delegate': { call: inChart(Delegate), good: { props: { delegateName: 'a', namespace: 'b' } }, path: MADE },
  'Delegate.fromAttributes': { call: Delegate.fromAttributes, good: { attributes: { delegateName: 'a', delegateNamespace: 'b' } }, needed: ['attributes', 'delegateName', 'delegateNamespace'] },
  'Delegate.addRoute': {
    call: route => new Delegate(emptyChart('chart', 'apps'), 'Made').addRoute('A', route), good: { props: { ...SETTINGS, target: RouteTarget.workload(cart()) } }, needed: ['props', 'target', ...IN_SETTINGS], path: `${MADE}/A`,
  },
  'Delegate.addCanary': {
    call: options => new Delegate(emptyChart('chart', 'apps'), 'Made').addCanary('A', options), path: `${MADE}/A`,
    good: { props: { ...SETTINGS, workload: cart(), stable: 'v1', canary: 'v2', percent: 5, weights: WeightOwner.HERE } }, needed: ['props', 'workload', ...IN_SETTINGS],
  },
  'Delegate.addBlueGreen': {
    call: options => new Delegate(emptyChart('chart', 'apps'), 'Made').addBlueGreen('A', options), path: `${MADE}/A`,
    good: { props: { ...SETTINGS, workload: cart(), blue: 'v1', green: 'v2', active: 'v1' } }, needed: ['props', 'workload', ...IN_SETTINGS],
  },
  'FaultAbort.http': { call: FaultAbort.http, good: { status: 503, percentage: 1 }, needed: ['status', 'percentage'] },
  'FaultAbort.grpc': { call: FaultAbort.grpc, good: { status: GrpcStatus.INTERNAL, percentage: 1 }, needed: ['status', 'percentage'] },
  'HashTable.ring': { call: HashTable.ring, good: { minimumRingSize: 1 } },
  'HashTable.maglev': { call: HashTable.maglev, good: { tableSize: 7 } },
  'HeaderMatch.exact': named(HeaderMatch.exact),
  'HeaderMatch.prefix': named(HeaderMatch.prefix),
  'HeaderMatch.regex': named(HeaderMatch.regex, 'regex'),
  'HeaderMatch.present': text(HeaderMatch.present, 'name'),
  'HeaderMatch.absent': text(HeaderMatch.absent, 'name'),
  'HeaderMatch.notExact': named(HeaderMatch.notExact),
  'HeaderMatch.notPrefix': named(HeaderMatch.notPrefix),
  'HeaderMatch.notRegex': named(HeaderMatch.notRegex, 'regex'),
  'LoadBalancing.roundRobin': { call: LoadBalancing.roundRobin, good: { options: WARMING }, needed: ['warmup.duration'] },
  'LoadBalancing.leastRequest': { call: LoadBalancing.leastRequest, good: { options: WARMING }, needed: ['warmup.duration'] },
  'LoadBalancing.random': { call: LoadBalancing.random, good: { options: { locality: Locality.off() } } },
  'LoadBalancing.byHeader': { call: LoadBalancing.byHeader, good: { name: 'a', options: HASHING }, needed: ['name'] },
  'LoadBalancing.byCookie': {
    call: LoadBalancing.byCookie, good: { options: { ...HASHING, name: 'a', path: '/', ttl: s(1), attributes: [{ name: 'a', value: 'b' }] } }, needed: [options, 'name', 'attributes[0].name'],
  },
  'LoadBalancing.byQueryParameter': { call: LoadBalancing.byQueryParameter, good: { name: 'a', options: HASHING }, needed: ['name'] },
  'LoadBalancing.bySourceIp': { call: LoadBalancing.bySourceIp, good: { options: HASHING } },
  'Locality.distribute': { call: Locality.distribute, good: { shares: [{ from: 'a', to: { b: 100 } }] }, needed: ['shares', 'shares[0].from', 'shares[0].to', 'shares[0].to.b'] },
  'Locality.failover': { call: Locality.failover, good: { regions: [{ from: 'a', to: 'b' }], failoverPriority: ['c'] }, needed: ['regions', 'regions[0].from', 'regions[0].to'] },
  'Locality.failoverPriority': { call: Locality.failoverPriority, good: { failoverPriority: ['c'] }, needed: ['failoverPriority'] },
  'MeshRoute': {
    call: inChart(MeshRoute), good: { props: { ...SETTINGS, workload: cart(), callers: [{ labels: { a: 'b' }, namespace: 'c' }], exportTo: ['*'], target: RouteTarget.workload(cart()) } },
    needed: ['props', 'workload', 'target', ...IN_SETTINGS], path: MADE,
  },
  'Mirror.workload': { call: Mirror.workload, good: { workload: cart(), percentage: 1 }, needed: ['workload'] },
  'Mirror.subset': { call: Mirror.subset, good: { subset: cart().subset('v1'), percentage: 1 }, needed: ['subset'] },
  'PathMatch.exact': { call: PathMatch.exact, good: { exact: '/a', options: { ignoreCase: true } }, needed: ['exact'] },
  'PathMatch.prefix': { call: PathMatch.prefix, good: { prefix: '/a', options: { ignoreCase: true } }, needed: ['prefix'] },
  'PathMatch.pathPrefix': { call: PathMatch.pathPrefix, good: { pathPrefix: '/a', options: { ignoreCase: true } }, needed: ['pathPrefix'] },
  'PathMatch.regex': text(PathMatch.regex, 'regex'),
  'QueryMatch.exact': named(QueryMatch.exact),
  'QueryMatch.prefix': named(QueryMatch.prefix),
  'QueryMatch.regex': named(QueryMatch.regex, 'regex'),
  'QueryMatch.present': text(QueryMatch.present, 'name'),
  'Rewrite.prefix': { call: Rewrite.prefix, good: { prefix: '/a', options: { authority: 'a.b' } }, needed: ['prefix'] },
  'Rewrite.path': { call: Rewrite.path, good: { path: '/a', options: { authority: 'a.b' } }, needed: ['path'] },
  'Rewrite.regex': { call: Rewrite.regex, good: { regex: 'a', substitution: 'b', options: { authority: 'a.b' } }, needed: ['regex', 'substitution'] },
  'Rewrite.authority': text(Rewrite.authority, 'authority', 'a.b'),
  'Route': {
    call: inChart(Route), good: { props: { ...SETTINGS, ...AT_GATEWAY, gateway, hosts: ['a.b'], namespace: 'c', virtualServiceName: 'd', target: RouteTarget.workload(cart()) } },
    needed: ['props', 'gateway', 'hosts', 'target', ...IN_SETTINGS], path: MADE,
  },
  'Route, without retries': { call: inChart(Route), good: { props: { gateway, hosts: ['a.b'], disableRetries: true, target: RouteTarget.workload(cart()) } }, needed: ['target'], path: MADE },
  'RouteTarget.workload': { call: RouteTarget.workload, good: { workload: cart() }, needed: ['workload'] },
  'RouteTarget.subset': { call: RouteTarget.subset, good: { subset: cart().subset('v1') }, needed: ['subset'] },
  'RouteTarget.split': {
    call: RouteTarget.split, good: { shares: [{ subset: cart().subset('v1'), weight: 1, requestHeaders: OPERATIONS, responseHeaders: OPERATIONS }] }, needed: ['shares', 'shares[0].subset', 'shares[0].weight'],
  },
  'RouteTarget.splitWorkloads': {
    call: RouteTarget.splitWorkloads, good: { shares: [{ workload: cart(), weight: 1, requestHeaders: OPERATIONS, responseHeaders: OPERATIONS }] }, needed: ['shares', 'shares[0].workload', 'shares[0].weight'],
  },
  'RouteTarget.redirect': { call: RouteTarget.redirect, good: { options: { host: 'a.b', path: '/a', scheme: HttpScheme.HTTPS, port: 8443, status: 301 } }, needed: [options] },
  'RouteTarget.redirect, with a derived port': { call: RouteTarget.redirect, good: { options: { host: 'a.b', derivePort: DerivePort.FROM_REQUEST_PORT } }, needed: [options, 'host'] },
  'RouteTarget.respond': { call: RouteTarget.respond, good: { status: 503, body: 'a' }, needed: ['status'] },
  'RouteTarget.delegate': { call: RouteTarget.delegate, good: { delegate: new Delegate(emptyChart('chart', 'apps'), 'Made') }, needed: ['delegate'] },
  'Subsets': {
    call: inChart(Subsets),
    good: {
      props: {
        workload: cart(), trafficPolicy: POLICY, versions: { v1: { labels: { a: 'b' }, trafficPolicy: { ...TRAFFIC, proxyProtocol: ProxyProtocolVersion.V2 } } },
        clients: [{ name: 'a', namespace: 'b', labels: { c: 'd' }, trafficPolicy: POLICY }], exportTo: ['*'], withoutSidecar: true,
      },
    },
    needed: ['props', 'workload', ...neededOf('trafficPolicy'), ...neededOf('clients[0].trafficPolicy'), 'clients[0].name', 'clients[0].namespace', 'clients[0].labels', 'clients[0].trafficPolicy'], path: MADE,
  },
  'TcpRoute': { call: props => new TcpRoute(emptyChart('chart', 'apps'), 'raw', props), good: { props: { gateway: layer4, port: 5432, namespace: 'a', target: RouteTarget.workload(cart()) } }, needed: ['props', 'gateway', 'target'], path: 'chart/raw' },
  'TlsRoute': { call: props => new TlsRoute(emptyChart('chart', 'apps'), 'raw', props), good: { props: { gateway: layer4, hosts: ['a.b'], namespace: 'a', target: RouteTarget.workload(cart()) } }, needed: ['props', 'gateway', 'hosts', 'target'], path: 'chart/raw' },
  'Workload': {
    call: props => new Workload(props), good: { props: { serviceName: 'a', namespace: 'b', port: 80, selector: { c: 'd' }, versions: ['e'], versionLabel: 'f', serviceAccount: 'g', clusterDomain: 'h.i', withoutSidecar: true } },
    needed: ['props', 'serviceName', 'namespace', 'port'],
  },
};
