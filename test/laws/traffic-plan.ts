// Plans of traffic policies and of the subsets that have them: how clients treat a workload.
import * as fc from 'fast-check';
import { ClientTls } from '../../src/edge/traffic-policy/client-tls';
import { type ConnectionPool, H2UpgradePolicy, type TcpConnectionPool } from '../../src/edge/traffic-policy/connection-pool';
import { HashTable } from '../../src/edge/traffic-policy/hash-table';
import { LoadBalancing, type Warmup } from '../../src/edge/traffic-policy/load-balancing';
import { Locality } from '../../src/edge/traffic-policy/locality';
import { type OutlierDetection } from '../../src/edge/traffic-policy/outlier-detection';
import { type RetryBudget } from '../../src/edge/traffic-policy/retry-budget';
import { type SubsetsProps } from '../../src/edge/traffic-policy/subsets';
import { ProxyProtocolVersion, type TrafficPolicy, type TrafficSettings } from '../../src/edge/traffic-policy/traffic-policy';
import { TunnelProtocol } from '../../src/edge/traffic-policy/tunnel';
import { type IWorkload } from '../../src/index';
import { exportChoice, exportToOf, labels, needing, partly, someOf, time, timeOrZero, wordOf } from './istio-texts';
import { maybe, port } from './names';

const count = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constant(2 ** 31 - 1));
const unsigned = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant(2 ** 32 - 1));

const tcpPool = partly<TcpConnectionPool>({
  maxConnections: count, connectTimeout: time, tcpKeepalive: partly({ probes: unsigned, time, interval: time }), maxConnectionDuration: time, idleTimeout: timeOrZero,
});
const http = { http1MaxPendingRequests: count, http2MaxRequests: count, maxRequestsPerConnection: fc.constantFrom(1, 2 ** 29), maxRetries: count, idleTimeout: time, maxConcurrentStreams: count };
const httpPool = fc.oneof(
  partly({ ...http, h2UpgradePolicy: fc.constantFrom(H2UpgradePolicy.DEFAULT, H2UpgradePolicy.DO_NOT_UPGRADE), useClientProtocol: fc.boolean() }),
  partly({ ...http, h2UpgradePolicy: fc.constant(H2UpgradePolicy.UPGRADE), useClientProtocol: fc.constant(false) }),
);

/** Bounds on connections and requests. */
export const connectionPool: fc.Arbitrary<ConnectionPool> = fc.oneof(fc.record({ tcp: tcpPool }), fc.record({ http: httpPool }), fc.record({ tcp: tcpPool, http: httpPool }));

/** Bounds on connections whose requests nobody sees. */
export const tcpConnectionPool: fc.Arbitrary<ConnectionPool> = fc.record({ tcp: tcpPool });

const outlierDetection: fc.Arbitrary<OutlierDetection> = fc.tuple(
  partly<OutlierDetection>({
    consecutive5xxErrors: fc.constantFrom(0, 5, 2 ** 32 - 1), consecutiveGatewayErrors: fc.constantFrom(0, 1, 4), splitExternalLocalOriginErrors: fc.boolean(),
    consecutiveLocalOriginFailures: unsigned, interval: time, baseEjectionTime: time, maxEjectionPercent: fc.integer({ min: 1, max: 100 }), minHealthPercent: fc.integer({ min: 0, max: 100 }),
  }),
).map(([{ consecutiveLocalOriginFailures, ...all }]) => ({ ...all, ...all.splitExternalLocalOriginErrors ? { consecutiveLocalOriginFailures } : {} }));

const anywhere = fc.constantFrom(Locality.off(), Locality.distribute([
  { from: 'eu/a/*', to: { 'eu/a/*': 70, 'eu/b': 30 } }, { from: 'us/*', to: { 'us/x/y': 100 } }]), Locality.distribute([{ from: '*', to: { eu: 1, us: 99 } }]));
const nearby = fc.constantFrom(
  Locality.nearest(), Locality.failover([{ from: 'eu', to: 'us' }, { from: 'us', to: 'eu' }]), Locality.failover([{ from: 'eu', to: 'us' }], ['version', 'topology.istio.io/network=a']),
  Locality.failoverPriority(['topology.kubernetes.io/region', 'version=1']),
);

const tableOf = fc.constantFrom(HashTable.ring(), HashTable.ring(1), HashTable.ring(8388608), HashTable.maglev(), HashTable.maglev(2), HashTable.maglev(4999999));
const warmup = needing<Warmup, 'duration'>(['duration'], { duration: time, minimumPercent: fc.constantFrom(0, 0.5, 10, 100), aggression: fc.constantFrom(0.5, 1, 2.5, 10) });
const balancer = (locality: fc.Arbitrary<Locality>): fc.Arbitrary<LoadBalancing> => fc.oneof(
  partly({ locality, warmup }).map(options => LoadBalancing.roundRobin(options)),
  partly({ locality, warmup }).map(options => LoadBalancing.leastRequest(options)),
  partly({ locality }).map(options => LoadBalancing.random(options)),
  fc.constant(LoadBalancing.passthrough()),
  partly({ locality, table: tableOf }).map(options => LoadBalancing.byHeader('x-user', options)),
  partly({ locality, table: tableOf }).map(options => LoadBalancing.byQueryParameter('user', options)),
  partly({ locality, table: tableOf }).map(options => LoadBalancing.bySourceIp(options)),
  needing(['name'], {
    name: fc.constantFrom('session', '!a'), path: fc.constantFrom('/', '/a b'), ttl: timeOrZero, locality, table: tableOf,
    attributes: someOf([{ name: 'SameSite', value: 'Strict' }, { name: 'Secure' }, { name: 'HttpOnly', value: '' }]),
  }).map(options => LoadBalancing.byCookie(options)),
);

const names = { sni: fc.constantFrom('api.test', 'outbound_.443_._.a.b'), subjectAltNames: someOf(['api.test', 'spiffe://a/b', '*.test']) };
const files = { caCertificates: fc.constant('/etc/ca.pem'), caCrl: fc.constant('/etc/crl.pem') };
const certificate = { clientCertificate: fc.constant('/etc/tls.crt'), privateKey: fc.constant('/etc/tls.key') };

/** TLS with files of the proxy. */
export const clientTls = fc.oneof(
  fc.constant(ClientTls.disable()),
  partly({ ...names, ...files }).map(options => ClientTls.simple(options)),
  fc.constant(ClientTls.simple({ insecureSkipVerify: true })),
  needing(['clientCertificate', 'privateKey'], { ...names, ...files, ...certificate }).map(options => ClientTls.mutual(options)),
);
const secretTls = fc.oneof(
  clientTls,
  partly(names).map(options => ClientTls.simple({ ...options, credentialName: 'ca' })),
  fc.boolean().map(insecureSkipVerify => ClientTls.mutual({ credentialName: 'client.cert', insecureSkipVerify })),
);

/** Settings without TLS: a locality that needs outlier detection has it. */
const settings: fc.Arbitrary<TrafficSettings> = fc.oneof(
  fc.record({ loadBalancer: balancer(anywhere) }),
  fc.record({ loadBalancer: balancer(nearby), outlierDetection }),
  fc.record({ connectionPool }),
  fc.record({ outlierDetection, connectionPool }),
  fc.record({ loadBalancer: balancer(anywhere), connectionPool }),
);

const ports = maybe(fc.uniqueArray(fc.record({ port, settings }), { minLength: 1, maxLength: 2, selector: each => each.port }));
const policyPlan = fc.record({
  settings,
  ports,
  retryBudget: maybe(partly<RetryBudget>({ percent: fc.constantFrom(0, 20, 33.3, 100), minRetryConcurrency: fc.constantFrom(0, 3, 2 ** 32 - 1) })),
  wire: fc.constantFrom('none' as const, 'proxy' as const, 'tunnel' as const),
  proxyProtocol: wordOf(ProxyProtocolVersion),
  tunnel: needing(['targetHost', 'targetPort'], { targetHost: fc.constantFrom('db.test', '10.0.0.1', '2001:db8::1'), targetPort: port, protocol: wordOf(TunnelProtocol) }),
});

/** The policies of a workload. */
export const subsetsPlan = fc.record({
  trafficPolicy: maybe(policyPlan),
  versions: maybe(fc.record({ index: fc.nat({ max: 3 }), labels: maybe(labels), trafficPolicy: maybe(policyPlan) })),
  clients: maybe(fc.array(fc.record({ name: fc.constantFrom('a', '1'), namespace: fc.constantFrom('istio-ingress', 'gw'), labels, trafficPolicy: policyPlan }), { minLength: 1, maxLength: 2 })),
  exportTo: exportChoice,
  tls: maybe(secretTls),
});

export type PolicyPlan = typeof policyPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type SubsetsPlan = typeof subsetsPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** The policy. @param tls where no pod has a sidecar */
export function policyOf({ settings: all, ports: own, retryBudget, wire, proxyProtocol, tunnel }: PolicyPlan, tls?: ClientTls): TrafficPolicy {
  return {
    ...all,
    tls,
    ports: own?.map(({ port: number, settings: single }) => ({ ...single, port: number, tls })),
    retryBudget,
    proxyProtocol: wire === 'proxy' ? proxyProtocol : undefined,
    tunnel: wire === 'tunnel' ? tunnel : undefined,
  };
}

/** The props of subsets; nothing where they would say nothing. */
export function subsetsOf(plan: SubsetsPlan, workload: IWorkload): SubsetsProps | undefined {
  const { trafficPolicy, versions, clients, tls } = plan;
  const { namespace, versions: names_ } = workload;
  const seen = exportToOf(plan.exportTo, namespace);
  const own = clients?.filter((client, index) => clients.findIndex(({ name, namespace: other }) => name === client.name && other === client.namespace) === index)
    .filter(client => seen === undefined || seen[0] === '*' || seen.includes(client.namespace));
  if (!trafficPolicy && names_.length === 0) {
    return undefined;
  }
  return {
    workload,
    trafficPolicy: trafficPolicy && policyOf(trafficPolicy, tls),
    versions: versions && names_.length > 0
      ? { [names_[versions.index % names_.length]]: { labels: versions.labels, trafficPolicy: versions.trafficPolicy && policyOf(versions.trafficPolicy, tls) } } : undefined,
    clients: own && own.length > 0 ? own.map(client => ({ ...client, trafficPolicy: policyOf(client.trafficPolicy, tls) })) : undefined,
    exportTo: seen,
    withoutSidecar: tls ? true : undefined,
  };
}
