// Random Services of a mesh and the workloads behind them, ServiceEntries and WorkloadEntries.
import * as fc from 'fast-check';
import { exportTo, mostly, object, rarely } from './mesh-words';

const HTTP = { name: 'http', port: 80, targetPort: 8080 };
const PORTS: readonly object[][] = [
  [HTTP], [HTTP, { name: 'tcp-db', port: 9000 }], [{ name: 'https', port: 443, targetPort: 8443 }, HTTP], [{ port: 80, targetPort: 8080 }], [{ name: 'any', port: 8080 }],
  [{ ...HTTP, targetPort: 'web' }], [{ name: 'grpc', port: 8080, targetPort: 9090 }, { name: 'metrics', port: 9000, appProtocol: 'http' }],
  [{ name: 'mysql', port: 3306 }], [{ name: 'tls-x', port: 9000 }, { name: 'udp', port: 80, protocol: 'UDP' }], [{ name: 'http', port: 80, targetPort: 'gone' }, { name: 'http2', port: 8080 }],
];

const service = fc.record({
  key: fc.constantFrom(['s1', 'shop'], ['s2', 'team-a'], ['s1', 'team-a'], ['s2', 'shop'], ['head', 'shop'], ['name', 'shop'], ['s3', 'istio-system']),
  ports: fc.constantFrom(...PORTS, PORTS[0], PORTS[1]), labels: rarely(fc.constant({ tier: 'x' }), 6),
  exports: rarely(fc.constantFrom('.', '*', 'shop', '~', 'team-a,edge'), 8), clusterIP: rarely(fc.constant('None'), 8), noSelector: rarely(fc.constant(true), 8),
}).map(({ key: [name, namespace], ports, labels, exports, clusterIP, noSelector }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name, namespace, labels, creationTimestamp: '2024-01-01T00:00:00Z', ...exports ? { annotations: { 'networking.istio.io/exportTo': exports } } : {},
  },
  spec: name === 'name' ? { type: 'ExternalName', externalName: 'ext.example.org', ports }
    : { ports, ...noSelector ? {} : { selector: { app: name } }, ...name === 'head' ? { clusterIP: 'None' } : clusterIP ? { clusterIP } : {} },
}));

/** Services, one for each name. */
export const services: fc.Arbitrary<object[]> = fc.uniqueArray(service, { minLength: 1, maxLength: 5, selector: ({ metadata }) => `${metadata.namespace}/${metadata.name}` });

const port = fc.constantFrom<object>({ number: 80, name: 'http', protocol: 'HTTP' }, { number: 443, name: 'tls', protocol: 'TLS' }, { number: 9000, name: 'tcp', protocol: 'TCP' },
  { number: 443, name: 'https', protocol: 'HTTPS', targetPort: 8443 }, { number: 80, name: 'auto' }, { number: 8080, name: 'http-x', protocol: 'HTTP', targetPort: 80 });

/** No address, an address for each host, or a block for those whose resolution allows one. */
function addressesOf({ hosts: [host], resolution, addressing }: { readonly hosts: readonly string[]; readonly resolution?: string; readonly addressing: number }): string[] | undefined {
  const number = ['ext.example.org', '*.wild.org', 'a.wild.org', 'mesh.internal'].indexOf(host) + 1;
  const isBlock = addressing === 2 && (resolution === undefined || resolution === 'NONE' || resolution === 'STATIC');
  return addressing === 0 ? undefined : isBlock ? [`240.${number}.0.0/16`] : [`240.1.1.${number}`];
}

/** ServiceEntries. */
export const serviceEntry: fc.Arbitrary<object> = object('networking', 'ServiceEntry', fc.record({
  hosts: mostly(['ext.example.org'], ['*.wild.org'], ['a.wild.org'], ['mesh.internal']),
  ports: rarely(fc.uniqueArray(port, { minLength: 1, maxLength: 2, selector: one => (one as { number: number }).number }), 0),
  resolution: fc.constantFrom('DNS', 'STATIC', 'NONE', 'DNS', 'STATIC', undefined, 'DNS_ROUND_ROBIN'),
  location: fc.constantFrom('MESH_EXTERNAL', 'MESH_EXTERNAL', 'MESH_INTERNAL', undefined),
  endpoints: rarely(fc.array(fc.record({
    address: fc.constantFrom('1.2.3.4', '1.2.3.5', 'real.example.net'), labels: rarely(fc.constantFrom({ version: 'v1' }, { version: 'v2' }), 1),
    ports: rarely(fc.constantFrom({ http: 8888 }, { tcp: 9999 }, { gone: 1 }), 3), weight: rarely(fc.constant(3), 6), serviceAccount: rarely(fc.constant('vm'), 5),
  }), { minLength: 1, maxLength: 2 }), 1),
  workloadSelector: rarely(fc.constantFrom({ labels: { app: 'vm' } }, { labels: { app: 's1' } }), 5),
  exportTo, subjectAltNames: rarely(fc.constant(['san.example.org']), 6), addressing: fc.constantFrom(0, 1, 2),
}).map(({ addressing, ...spec }) => ({ ...spec, addresses: addressesOf({ ...spec, addressing }) })), ['se1', 'se2', 'se3'], ['shop', 'team-a', 'edge']);

/** WorkloadEntries. */
export const workloadEntry: fc.Arbitrary<object> = object('networking', 'WorkloadEntry', fc.record({
  address: fc.constantFrom('2.2.2.2', '2.2.2.3', 'vm.example.net'), labels: fc.constantFrom({ app: 'vm' }, { app: 's1', version: 'v1' }, { app: 'vm', version: 'v2' }),
  serviceAccount: rarely(fc.constant('vm'), 1), ports: rarely(fc.constantFrom({ http: 8888 }), 3), weight: rarely(fc.constant(2), 6),
}), ['we1', 'we2'], ['shop', 'team-a']);

const pods = (name: string, namespace: string, labels: object, sidecar: boolean, replicas?: number, ports: readonly object[] = []) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    replicas,
    template: { metadata: { labels: { ...labels, 'sidecar.istio.io/inject': String(sidecar) } }, spec: { serviceAccountName: name, containers: [{ name: 'app', ports }] } },
  },
});

const WEB = [{ name: 'web', containerPort: 8080 }];

/** Workloads: the gateway, and some of the applications. */
export const workloads: fc.Arbitrary<object[]> = fc.record({
  gateway: fc.constantFrom(...[[['http', 80, 8080], ['https', 443, 8443], ['tcp', 9000, 9000]], [['http', 80, 80], ['https', 443, 443]], [['status', 15021, 15021]], []]),
  apps: fc.subarray([
    pods('s1-v1', 'shop', { app: 's1', version: 'v1' }, true, 2, WEB), pods('s1-v2', 'shop', { app: 's1', version: 'v2' }, false), pods('s2', 'team-a', { app: 's2', version: 'v1' }, true),
    pods('client', 'shop', { app: 'client' }, true), pods('head', 'shop', { app: 'head' }, true), pods('s1-old', 'team-a', { app: 's1' }, false, 0),
  ], { minLength: 1, maxLength: 4 }),
}).map(({ gateway, apps }) => [
  ...gateway.length === 0 ? [] : [{
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'gw', namespace: 'edge', creationTimestamp: '2024-01-01T00:00:00Z' },
    spec: { selector: { app: 'gw' }, ports: gateway.map(([name, port1, targetPort]) => ({ name, port: port1, targetPort })) },
  }],
  {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'gw', namespace: 'edge' },
    spec: {
      template: {
        metadata: { labels: { 'app': 'gw', 'sidecar.istio.io/inject': 'true' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
        spec: { serviceAccountName: 'gw', containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    },
  },
  ...apps,
]);

