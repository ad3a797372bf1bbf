// Plans of what a mesh has besides routes: external services, egress gateways, sidecars, telemetry and mutual TLS.
import * as fc from 'fast-check';
import { type ExternalPort } from '../../src/edge/egress/external-port';
import { type ExternalServiceProps, ServiceLocation } from '../../src/edge/egress/external-service';
import { HostResolution } from '../../src/edge/egress/host-resolution';
import { MeshProtocol } from '../../src/edge/egress/mesh-protocol';
import { type ServiceEndpoint } from '../../src/edge/egress/service-endpoint';
import { type MeshSidecarProps, OutboundTraffic } from '../../src/edge/egress/sidecar';
import { CaptureMode, type SidecarEgressListener, type SidecarIngressListener, SidecarTls } from '../../src/edge/egress/sidecar-listener';
import { type WorkloadTlsOptions } from '../../src/edge/security/mtls';
import { type AccessLog, TrafficMode } from '../../src/edge/telemetry/access-log';
import { IstioMetric, type Metrics, MetricTag } from '../../src/edge/telemetry/metrics';
import { type MeshTelemetryProps } from '../../src/edge/telemetry/telemetry';
import { TraceTag, type Tracing } from '../../src/edge/telemetry/tracing';
import { type ClientTls } from '../../src/edge/traffic-policy/client-tls';
import { type IWorkload, MtlsMode, type PolicyScope } from '../../src/index';
import { exportChoice, exportToOf, needing, partly, percentage, someOf, time, wordOf } from './istio-texts';
import { maybe, port } from './names';
import { clientTls, connectionPool, tcpConnectionPool } from './traffic-plan';

const HTTP = [MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.GRPC_WEB] as const;
const TLS = [MeshProtocol.HTTPS, MeshProtocol.TLS] as const;
const OPAQUE = [MeshProtocol.TCP, MeshProtocol.MONGO, MeshProtocol.MYSQL, MeshProtocol.REDIS] as const;

const portsOf = (...protocols: readonly MeshProtocol[]) => fc.uniqueArray(
  needing<ExternalPort, 'number' | 'protocol'>(['number', 'protocol'], { number: fc.constantFrom(80, 443, 8080, 1, 65535), protocol: fc.constantFrom(...protocols), targetPort: port, name: fc.constant(''), tls: fc.constant(undefined as unknown as ClientTls) }),
  { minLength: 1, maxLength: 3, selector: each => each.number },
).map(all => all.map(({ name, ...rest }): ExternalPort => (name === undefined ? rest : { ...rest, name: `p-${rest.number}` })));

const ADDRESSES = ['10.0.0.1', '2001:db8::1'] as const;
const endpoint = (address: fc.Arbitrary<string>) => needing<ServiceEndpoint, 'address'>(['address'], {
  address, ports: fc.constant({}), labels: fc.constantFrom<Record<string, string>>({ version: 'v1' }, { version: 'v2', tier: 'gold' }), locality: fc.constantFrom('eu', 'eu/a', 'eu/a/b'), network: fc.constantFrom('vpc-1'),
  serviceAccount: fc.constantFrom('db.sa'), weight: fc.constantFrom(1, 2 ** 32 - 1),
});
const several = (address: fc.Arbitrary<string>) => fc.array(endpoint(address), { minLength: 1, maxLength: 2 });

const names = fc.subarray(['api', 'x.y', '1'], { minLength: 1, maxLength: 2 });
const blocks = someOf(['10.0.0.1', '192.0.2.0/24', '2001:db8::/32']);
const shape = fc.oneof(
  fc.record({ how: fc.constant('dns' as const), names, ports: portsOf(...HTTP, ...TLS), endpoints: maybe(several(fc.constantFrom('db.test', ...ADDRESSES))), roundRobin: fc.boolean(), wild: fc.boolean() }),
  fc.record({ how: fc.constant('opaque' as const), ports: portsOf(...HTTP, ...TLS, ...OPAQUE), addresses: maybe(someOf(ADDRESSES)), tls: maybe(clientTls) }),
  fc.record({ how: fc.constant('fixed' as const), names, ports: portsOf(...HTTP, ...TLS), endpoints: several(fc.constantFrom(...ADDRESSES)), addresses: maybe(blocks) }),
  fc.record({ how: fc.constant('socket' as const), protocol: fc.constantFrom(...HTTP), address: fc.constantFrom('unix:///var/run/a.sock', 'unix://@a') }),
  fc.record({ how: fc.constant('network' as const), ports: portsOf(...OPAQUE) }),
  fc.record({ how: fc.constant('pods' as const), ports: portsOf(...HTTP, ...OPAQUE), addresses: maybe(blocks) }),
  fc.record({ how: fc.constant('dynamic' as const), ports: portsOf(MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.TLS) }),
  fc.record({ how: fc.constant('none' as const), names, ports: portsOf(...HTTP, ...TLS, ...OPAQUE), addresses: blocks, wild: fc.boolean() }),
);

/** A service that Kubernetes does not know. */
export const externalPlan = fc.record({
  shape, location: maybe(wordOf(ServiceLocation)), exportTo: exportChoice, subjectAltNames: maybe(someOf(['api.test', 'spiffe://a/b'])), versionLabel: maybe(fc.constantFrom('version', 'tier')),
});

/** A service that requests leave to by a gateway. */
export const egressPlan = fc.record({ hosts: fc.integer({ min: 1, max: 2 }), http: fc.boolean(), tls: fc.boolean(), origination: maybe(clientTls), everywhere: fc.boolean() });

const SIDECAR_HOSTS = [['./*', 'team-z/*'], ['~/*'], ['*/*'], ['./cart.shop.svc.cluster.local', '*/*.example.com', '~team/*']];
const listenerHosts = fc.constantFrom(...SIDECAR_HOSTS).map(all => [...all]);
const egressListener = needing<SidecarEgressListener, 'hosts' | 'protocol' | 'port'>(['hosts', 'protocol', 'port'], {
  hosts: listenerHosts, protocol: wordOf(MeshProtocol), port: fc.constantFrom(80, 9080, 65535), bind: fc.constantFrom('127.0.0.1', '::1'), captureMode: wordOf(CaptureMode), portName: fc.constantFrom('a', '1-b'),
});
const socketListener = needing<SidecarEgressListener, 'hosts' | 'protocol' | 'bind'>(['hosts', 'protocol', 'bind'], {
  hosts: listenerHosts, protocol: wordOf(MeshProtocol), port: fc.constant(0), bind: fc.constantFrom('unix:///var/run/a.sock', 'unix://@a'), captureMode: fc.constantFrom(CaptureMode.DEFAULT, CaptureMode.NONE), portName: fc.constant('s'),
}).map(({ port: _, ...rest }) => rest);
const inbound = {
  port: fc.constantFrom(80, 8443, 1), defaultEndpoint: fc.constantFrom('127.0.0.1:8080', '[::1]:1', '0.0.0.0:65535', ':8080', 'unix:///var/run/b.sock', 'unix://@b'), bind: fc.constantFrom('10.0.0.1', '::'),
  captureMode: wordOf(CaptureMode), portName: fc.constantFrom('b'),
};
const never = <T>() => fc.constant(undefined as unknown as T);
const ingressListener: fc.Arbitrary<SidecarIngressListener> = fc.oneof(
  needing<SidecarIngressListener, 'port' | 'protocol'>(['port', 'protocol'], { ...inbound, protocol: fc.constantFrom(...HTTP), connectionPool, tls: never<SidecarTls>() }),
  needing<SidecarIngressListener, 'port' | 'protocol'>(['port', 'protocol'], {
    ...inbound, protocol: fc.constantFrom(...TLS), connectionPool: tcpConnectionPool, tls: fc.constantFrom(SidecarTls.simple('/a.crt', '/a.key'), SidecarTls.mutual('/a.crt', '/a.key', '/ca.crt')),
  }),
);

export const sidecarPlan = fc.record({
  scope: fc.constantFrom('workload' as const, 'namespace' as const, 'mesh' as const, 'pods' as const),
  reaches: fc.boolean(),
  hosts: maybe(listenerHosts),
  egressListeners: maybe(fc.uniqueArray(fc.oneof(egressListener, socketListener), { maxLength: 2, selector: each => ('port' in each ? each.port : each.bind) })),
  outbound: fc.constantFrom('registry' as const, 'any' as const, 'through' as const, 'version' as const, 'unsaid' as const),
  ingressListeners: maybe(fc.uniqueArray(ingressListener, { maxLength: 2, selector: each => each.port })),
  inboundConnectionPool: maybe(connectionPool),
});

const providers = someOf(['envoy', 'otel.1']);
const accessLog = partly<AccessLog>({ providers, mode: wordOf(TrafficMode), filter: fc.constantFrom('response.code >= 400', "request.headers['a'] == \"b\" && !(connection.mtls)"), disabled: fc.boolean() });
const tags = fc.constantFrom<Record<string, MetricTag>>({ host: MetricTag.value('request.host') }, { a: MetricTag.remove(), 'b.c': MetricTag.value('"blue"') });
const match = { disabled: fc.boolean(), mode: wordOf(TrafficMode) };
const override = fc.oneof(
  needing(['tags'], { ...match, tags, metric: wordOf(IstioMetric) }),
  needing(['disabled'], { ...match, customMetric: fc.constantFrom('my_metric') }),
);
const metrics: fc.Arbitrary<Metrics> = fc.oneof(
  needing<Metrics, 'providers'>(['providers'], { providers, overrides: fc.array(override, { maxLength: 2 }), reportingInterval: time }),
  needing<Metrics, 'reportingInterval'>(['reportingInterval'], { providers, overrides: fc.array(override, { maxLength: 2 }), reportingInterval: time }),
);
const traceTags = fc.constantFrom<Record<string, TraceTag>>(
  { a: TraceTag.literal('x'), b: TraceTag.environment('HOME', '') }, { c: TraceTag.environment('A'), d: TraceTag.header('x-a', 'none') }, { e: TraceTag.header('x-b'), f: TraceTag.formatter('%RESPONSE_FLAGS%') },
);
const tracing = needing<Tracing, 'samplingPercentage'>(['samplingPercentage'], {
  provider: fc.constantFrom('jaeger'), samplingPercentage: percentage, customTags: traceTags, disableSpanReporting: fc.boolean(), disableContextPropagation: fc.boolean(), enableIstioTags: fc.boolean(),
  useRequestIdForTraceSampling: fc.boolean(), mode: wordOf(TrafficMode),
});

export const telemetryPlan = fc.record({ accessLogs: fc.array(accessLog, { minLength: 1, maxLength: 2 }), metrics: maybe(fc.array(metrics, { minLength: 1, maxLength: 2 })), tracing: maybe(tracing) });

export const workloadTlsPlan: fc.Arbitrary<WorkloadTlsOptions> = fc.oneof(
  fc.record({ mode: wordOf(MtlsMode) }),
  fc.record({ mode: maybe(wordOf(MtlsMode)), ports: fc.tuple(port, wordOf(MtlsMode), wordOf(MtlsMode)).map(([own, one, other]) => ({ [own]: one, 65535: other })) }),
);

export type ExternalPlan = typeof externalPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type EgressPlan = typeof egressPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type SidecarPlan = typeof sidecarPlan extends fc.Arbitrary<infer Plan> ? Plan : never;
export type TelemetryPlan = typeof telemetryPlan extends fc.Arbitrary<infer Plan> ? Plan : never;

/** The props of an external service, with hosts that no other number has. */
export function externalOf({ shape: own, exportTo, ...rest }: ExternalPlan, number: number, namespace: string): ExternalServiceProps {
  const common = { ...rest, namespace, exportTo: exportToOf(exportTo, namespace) };
  const hostsOf = (labels: readonly string[], wild = false) => labels.map((label, index) => `${wild && index === 0 ? '*.' : ''}${label}-${number}.test`);
  const one = hostsOf(['api']);
  const named = (endpoints: readonly ServiceEndpoint[], ports: readonly ExternalPort[]) => endpoints.map(each => (each.ports
    ? { ...each, ports: { [ports[0].name ?? `${ports[0].protocol.toLowerCase()}-${ports[0].number}`]: 8443 } } : each));
  switch (own.how) {
    case 'dns': {
      const endpoints = own.endpoints && named(own.endpoints, own.ports);
      const resolution = own.roundRobin ? HostResolution.dnsRoundRobin(endpoints?.[0]) : HostResolution.dns(endpoints);
      return { ...common, hosts: hostsOf(own.names, own.wild && endpoints !== undefined), ports: own.ports, resolution };
    }
    case 'opaque': return { ...common, hosts: one, addresses: own.addresses, ports: own.ports.map(each => (own.tls && !(TLS as readonly MeshProtocol[]).includes(each.protocol) ? { ...each, tls: own.tls } : each)) };
    case 'fixed': return { ...common, hosts: hostsOf(own.names), ports: own.ports, addresses: own.addresses, resolution: HostResolution.fixed(named(own.endpoints, own.ports)) };
    case 'socket': return { ...common, hosts: one, ports: [{ number: 80, protocol: own.protocol }], resolution: HostResolution.fixed([{ address: own.address }]) };
    case 'network': return { ...common, hosts: one, ports: own.ports, resolution: HostResolution.fixed([{ network: 'vpc-2' }]) };
    case 'pods': return { ...common, hosts: one, ports: own.ports, addresses: own.addresses, resolution: HostResolution.pods({ app: 'vm' }) };
    case 'dynamic': return { ...common, hosts: hostsOf(['api'], true), ports: own.ports, resolution: HostResolution.dynamicDns() };
    case 'none': return { ...common, hosts: hostsOf(own.names, own.wild), ports: own.ports, addresses: own.addresses, resolution: HostResolution.none() };
  }
}

/** The props of an external service behind an egress gateway. */
export function egressOf({ hosts, http, tls, origination, everywhere }: EgressPlan, number: number, gatewayNamespace: string): ExternalServiceProps {
  const plain: ExternalPort = { number: 80, protocol: MeshProtocol.HTTP, tls: hosts === 1 ? origination : undefined };
  return {
    hosts: Array.from({ length: hosts }, (_, index) => `out-${number}-${index}.test`), namespace: 'team-e',
    ports: [...http || !tls ? [plain] : [], ...tls ? [{ number: 443, protocol: MeshProtocol.TLS }] : []],
    exportTo: everywhere ? ['*'] : ['.', gatewayNamespace],
  };
}

/** The props of a Sidecar. */
export function sidecarOf({ reaches, hosts, outbound, scope: _, ...plan }: SidecarPlan, scope: PolicyScope, workloads: readonly IWorkload[]): MeshSidecarProps {
  const [first] = workloads;
  const plain = workloads.filter(({ host }) => !host.startsWith('*'));
  const through = () => (outbound === 'version' && first.versions.length > 0 ? OutboundTraffic.allowAnyThroughSubset(first.subset(first.versions[0])) : OutboundTraffic.allowAnyThrough(first));
  return {
    ...plan, scope,
    reaches: reaches ? plain : undefined,
    hosts: reaches ? undefined : hosts,
    outbound: outbound === 'unsaid' ? (reaches ? undefined : OutboundTraffic.registryOnly()) : outbound === 'registry' ? OutboundTraffic.registryOnly() : outbound === 'any' ? OutboundTraffic.allowAny() : through(),
  };
}

/** The props of a Telemetry. */
export function telemetryOf(plan: TelemetryPlan, scope: PolicyScope): MeshTelemetryProps {
  return { ...plan, scope };
}

