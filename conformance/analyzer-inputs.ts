// Random configurations for the analyzers: those of route-inputs.ts, with Namespaces, annotations, and settings that Istio ignores.
import * as fc from 'fast-check';
import { manifestsOf } from '../src/manifests/input';
import { meshOf } from '../src/mesh/mesh';
import { mostly, rarely } from './mesh-words';
import { routeInput } from './route-inputs';

type Json = Record<string, any>;

/** Values of annotations, right ones and wrong ones. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'sidecar.istio.io/interceptionMode': ['TPROXY', 'NONE', 'none', ''],
  'status.sidecar.istio.io/port': ['15020', ' 15020', '-1', '70000', 'http'],
  'readiness.status.sidecar.istio.io/periodSeconds': ['5', '5s', '4294967296', ' 5'],
  'traffic.sidecar.istio.io/includeOutboundIPRanges': ['*', '', '10.0.0.0/8,fd00::/8', '10.0.0.0/8, 10.1.0.0/16', '10.0.0.1', '10.0.0.0/08'],
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': ['*', '10.0.0.0/8', '10.0.0.0/33'],
  'traffic.sidecar.istio.io/includeInboundPorts': ['*', '', '80, 90', '80,', '80;90', ' * '],
  'traffic.sidecar.istio.io/excludeOutboundPorts': ['80', '*', '65536', ' 80 '],
  'traffic.sidecar.istio.io/excludeInterfaces': ['eth0, eth1', 'eth0,', '1eth', 'a-name-of-sixteen', ''],
  'prometheus.istio.io/merge-metrics': ['true', 'T', 'yes', 'FALSE', 'fALSE'],
  'sidecar.istio.io/proxyCPU': ['100m', '1', '1 m', '0.5', '1e3', 'lots', '', '1Ki', '1K', ' 1'],
  'sidecar.istio.io/proxyMemory': ['128Mi', '128MB', '1.5Gi'],
  'proxy.istio.io/config': ['{}', 'a: {', 'text', '[1]', 'gatewayTopology: { numTrustedProxies: 2 }', 'gatewayTopology: { numTrustedProxies: two }', 'unknown: 1', ''],
  'sidecar.istio.io/inject': ['true', 'false'],
  'sidecar.istio.io/logLevel': ['debug'],
  'proxy.istio.io/confg': ['{}'],
  'sidecar.istio.io/prxyCPU': ['1'],
  'networking.istio.io/exportTo': ['*'],
  'networking.istio.io/exportto': ['*'],
  'istio.io/rev': ['default'],
  'sidecar.istio.io/status': ['{}'],
  'inject.istio.io/templates': ['sidecar'],
  'example.com/anything': ['1'],
};

const annotations = fc.uniqueArray(fc.constantFrom(...Object.entries(VALUES)).chain(([key, values]) => fc.constantFrom(...values).map((value): [string, string] => [key, value])), {
  minLength: 1, maxLength: 2, selector: ([key]) => key,
}).map(list => Object.fromEntries(list));

const labels = fc.constantFrom<Record<string, string>>({ 'istio-injection': 'enabled' }, { 'istio-injection': 'enabled' }, { 'istio-injection': 'disabled' },
  { 'istio-injection': 'enabled', 'istio.io/rev': 'canary' }, {});
const namespaces = fc.record({ edge: rarely(labels, 0), shop: rarely(labels, 0), 'team-a': rarely(labels, 1) }).chain(own => rarely(annotations, 4).map(added => (
  Object.entries(own).flatMap(([name, list]): Json[] => (list === undefined ? [] : [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: list, ...added === undefined ? {} : { annotations: added } } }])))));

/** What is added to one object. */
interface Extra {
  readonly own?: object;
  readonly pod?: object;
  readonly ciphers?: readonly string[];
  readonly redirects?: boolean;
  readonly certificate?: string;
  readonly locality?: object;
  readonly outlier?: object;
  readonly user?: number;
}

const extra: fc.Arbitrary<Extra> = fc.record({
  own: rarely(annotations, 6), pod: rarely(annotations, 2), ciphers: rarely(fc.constantFrom(['AES128-SHA'], ['ALL', '-AES128-SHA'], ['TLS_AES_128_GCM_SHA256'], ['AES128-SHA', 'PSK']), 5),
  redirects: rarely(fc.boolean(), 6), certificate: rarely(fc.constant('cert'), 6), locality: rarely(fc.constantFrom({ failoverPriority: ['topology.kubernetes.io/zone'] },
    { failover: [{ from: 'eu', to: 'us' }] }, { distribute: [{ from: 'eu/*', to: { 'eu/*': 100 } }] }), 3), outlier: rarely(fc.constantFrom({ consecutiveErrors: 5 }, { consecutive5xxErrors: 5 }), 4),
  user: rarely(mostly(1337, 1000), 8),
});

function added(one: Json, { own, pod, ciphers, redirects, certificate, locality, outlier, user }: Extra): Json {
  const copy = JSON.parse(JSON.stringify(one)) as Json;
  if (own !== undefined && ['Deployment', 'Service'].includes(copy.kind as string)) {
    copy.metadata.annotations = { ...copy.metadata.annotations, ...own };
  }
  if (copy.kind === 'Service') {
    // As the API server completes them; istioctl ignores ports without it.
    copy.spec.ports = copy.spec.ports.map((port: Json) => ({ protocol: 'TCP', ...port }));
  } else if (copy.kind === 'Deployment') {
    const { metadata, spec } = copy.spec.template;
    metadata.annotations = { ...pod, ...metadata.annotations };
    spec.securityContext = user === undefined ? undefined : { runAsUser: user };
  } else if (copy.kind === 'Gateway') {
    for (const { tls } of copy.spec.servers.filter((server: Json) => server.tls !== undefined)) {
      Object.assign(tls, ciphers && { cipherSuites: ciphers }, redirects && { httpsRedirect: true }, certificate !== undefined && tls.credentialName === undefined && { credentialName: certificate });
    }
  } else if (copy.kind === 'DestinationRule' && (locality ?? outlier) !== undefined) {
    copy.spec.trafficPolicy = { ...copy.spec.trafficPolicy, ...locality && { loadBalancer: { localityLbSetting: locality } }, ...outlier && { outlierDetection: outlier } };
  }
  return copy;
}

/** What the API server and Istio's webhook admit: refusals are part of `mesh`. */
function admitted(objects: readonly Json[]): object[] {
  const manifests = manifestsOf(objects);
  const refused = new Set(meshOf(manifests).refusals.map(({ manifest }) => manifest));
  return objects.filter((_, index) => !refused.has(manifests[index]));
}

/** The objects of one configuration, of which no two have one name. */
export const analyzerInput: fc.Arbitrary<object[]> = fc.tuple(routeInput, namespaces, fc.array(extra, { minLength: 8, maxLength: 8 })).map(([objects, spaces, extras]) => (
  admitted(JSON.parse(JSON.stringify([...spaces, ...objects.map((one, index) => added(one, extras[index % extras.length]))])) as Json[])));
