// Random configurations whose gateway has routes that work, so that most requests get as far as a route; and some of those of mesh-inputs.ts.
import * as fc from 'fast-check';
import { manifestsOf } from '../src/manifests/input';
import { meshOf } from '../src/mesh/mesh';
import { destinationRule } from './destination-rules';
import { meshInput, together } from './mesh-inputs';
import { services, serviceEntry, workloads } from './mesh-services';
import { few, mostly, object, rarely } from './mesh-words';
import { authorizationPolicy, peerAuthentication, requestAuthentication, sidecar } from './policies';
import { httpRoute } from './virtual-services';

const HOSTS = ['shop.example.com', '*.example.com', 'api.example.com', '*', 'a.b.example.com'];
const INSIDE = ['s1.shop.svc.cluster.local', 's2.team-a.svc.cluster.local', 'ext.example.org', 'head.shop.svc.cluster.local', 's1.shop'];

const tls = fc.record({
  mode: mostly('SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL'), credentialName: fc.constant('cert'), minProtocolVersion: rarely(fc.constant('TLSV1_2'), 4),
});
const hosts = fc.oneof({ weight: 4, arbitrary: fc.constant(['*']) }, { weight: 3, arbitrary: few('shop.example.com', '*.example.com', 'api.example.com', 'shop/*', '*/shop.example.com') });
const servers = fc.tuple(
  fc.record({ port: fc.constant({ number: 80, name: 'http', protocol: 'HTTP' }), hosts, tls: rarely(fc.constant({ httpsRedirect: true }), 9) }),
  rarely(fc.record({ port: fc.constant({ number: 443, name: 'https', protocol: 'HTTPS' }), hosts, tls }), 0),
  rarely(fc.constantFrom<object>(
    { port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: ['pass.example.com'], tls: { mode: 'PASSTHROUGH' } }, { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
    { port: { number: 80, name: 'http-other', protocol: 'HTTP' }, hosts: ['a.b.example.com', 'other.test'] }, { port: { number: 443, name: 'https-other', protocol: 'HTTPS' }, hosts: ['a.b.example.com'],
      tls: { mode: 'SIMPLE', credentialName: 'other' } }), 2),
).map(list => list.filter(one => one !== undefined));
const gateway = object('networking', 'Gateway', fc.record({ selector: fc.constant({ app: 'gw' }), servers }), ['gw'], ['edge']);

const destination = fc.record({
  host: fc.oneof({ weight: 8, arbitrary: fc.constantFrom('s1.shop.svc.cluster.local', 's1.shop.svc.cluster.local', 's2.team-a.svc.cluster.local') },
    { weight: 1, arbitrary: fc.constantFrom('ext.example.org', 'head.shop.svc.cluster.local', 's1', 'gone', 's1.shop') }),
  subset: rarely(fc.constantFrom('v1', 'v2'), 3), port: mostly<object | undefined>({ number: 80 }, undefined),
});

/** What the webhook lets pass; refusals are part of mesh-inputs.ts. */
function isAccepted(one: Readonly<Record<string, unknown>>): boolean {
  return meshOf(manifestsOf([one])).refusals.length === 0;
}

const virtualService = (names: readonly string[], spec: Record<string, fc.Arbitrary<unknown>>) => {
  const route = httpRoute(destination).filter(http => isAccepted({
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'vs', namespace: 'shop' }, spec: { hosts: ['a.example.com'], http: [JSON.parse(JSON.stringify(http))] },
  }));
  return object('networking', 'VirtualService', fc.record({ ...spec, http: fc.array(route, { minLength: 1, maxLength: 4 }) }), names, ['shop', 'shop', 'team-a', 'edge'])
    .filter(one => isAccepted(JSON.parse(JSON.stringify(one)) as Record<string, unknown>));
};
const l4 = object('networking', 'VirtualService', fc.constantFrom<object>(
  { hosts: ['pass.example.com'], gateways: ['edge/gw'], tls: [{ match: [{ sniHosts: ['pass.example.com'] }], route: [{ destination: { host: 's1.shop.svc.cluster.local', port: { number: 80 } } }] }] },
  { hosts: ['*'], gateways: ['edge/gw'], tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: 's2.team-a.svc.cluster.local', port: { number: 80 } } }] }] },
), ['l4'], ['shop']);

const app = (name: string, namespace: string) => ({
  apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, creationTimestamp: '2024-01-01T00:00:00Z' },
  spec: { selector: { app: name }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
});
const subsets = { v1: { name: 'v1', labels: { version: 'v1' } }, v2: { name: 'v2', labels: { version: 'v2' } } };
const ruleFor = (host: string, ...own: object[]) => ({
  apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: `subsets-${host.split('.')[0]}`, namespace: host.split('.')[1], creationTimestamp: '2024-01-01T00:00:00Z' },
  spec: { host, subsets: own },
});

/** Configurations that work, apart from single mistakes. */
const working: fc.Arbitrary<object[]> = fc.record({
  hasAges: fc.boolean(),
  // Of two objects of one name the last one counts.
  others: rarely(services, 2).map(list => list ?? []),
  base: workloads,
  services: fc.constant([app('s1', 'shop'), app('s2', 'team-a')]),
  subsets: fc.subarray([ruleFor('s1.shop.svc.cluster.local', subsets.v1, subsets.v2), ruleFor('s2.team-a.svc.cluster.local', subsets.v1)], { minLength: 1 }),
  gateways: gateway.map(one => [one]),
  outside: fc.array(virtualService(['vs1', 'vs2', 'vs3'], { hosts: few(...HOSTS), gateways: fc.constantFrom(['edge/gw'], ['edge/gw'], ['edge/gw', 'mesh']) }), { minLength: 1, maxLength: 3 }),
  inside: fc.array(virtualService(['in1', 'in2'], { hosts: few(...INSIDE), gateways: fc.constantFrom(undefined, ['mesh']) }), { maxLength: 2 }),
  l4: rarely(l4, 3).map(one => (one === undefined ? [] : [one])),
  entries: rarely(serviceEntry, 2).map(one => (one === undefined ? [] : [one])),
  rules: rarely(destinationRule, 3).map(one => (one === undefined ? [] : [one])),
  sidecars: rarely(sidecar, 8).map(one => (one === undefined ? [] : [one])),
  peers: fc.array(peerAuthentication, { maxLength: 1 }),
  requests: rarely(requestAuthentication, 8).map(one => (one === undefined ? [] : [one])),
  policies: rarely(authorizationPolicy, 1).map(one => (one === undefined ? [] : [one])),
}).map(together);

/** Without what makes requests slow, lets one request change the fate of the next, or needs pods that speak more than HTTP. */
function quick(objects: readonly object[]): object[] {
  return JSON.parse(JSON.stringify(objects), (key, value: unknown) => {
    switch (key) {
      case 'fixedDelay': return '1ms';
      case 'timeout': case 'perTryTimeout': return value === '100ms' ? '5s' : value;
      case 'outlierDetection': case 'proxyProtocol': return undefined;
      default: return value;
    }
  }) as object[];
}

interface Pods { readonly kind: string; readonly spec: { readonly template: { readonly metadata: { readonly annotations?: object } } } }

/** Lets the gateway trust the load balancer in front of it. */
function trusting(objects: readonly object[], numTrustedProxies: number): object[] {
  return (objects as readonly Pods[]).map(one => {
    const { annotations, ...metadata } = one.kind === 'Deployment' ? one.spec.template.metadata : {};
    const own = { ...annotations, 'proxy.istio.io/config': JSON.stringify({ gatewayTopology: { numTrustedProxies } }) };
    return annotations === undefined ? one : { ...one, spec: { ...one.spec, template: { ...one.spec.template, metadata: { ...metadata, annotations: own } } } };
  });
}

const mixed = fc.oneof({ weight: 14, arbitrary: working }, { weight: 1, arbitrary: meshInput }).map(quick);

/** The objects of one configuration, of which no two have one name. */
export const routeInput: fc.Arbitrary<object[]> = fc.tuple(mixed, rarely(fc.constantFrom(1, 2), 3)).map(([objects, proxies]) => (proxies === undefined ? objects : trusting(objects, proxies)));
