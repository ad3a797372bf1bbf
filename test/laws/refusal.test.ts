// Laws of refusal: whatever text, number or time is handed over, it is taken or refused with InvalidProps, never anything else.
import { App, Chart, Duration } from 'cdk8s';
import * as fc from 'fast-check';
import { InvalidProps } from '../../src/base/errors';
import { type EdgeRouteOptions } from '../../src/chart/edge-props';
import { ListenerAction } from '../../src/edge/listener/action';
import { RulePath } from '../../src/edge/listener/rule';
import { type AlbOptions } from '../../src/edge/alb/options';
import { type InjectedGatewayOptions } from '../../src/edge/gateway-workload/injected-gateway';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import { MeshTls } from '../../src/edge/security/mtls';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, Bookinfo, GatewayWorkload, HeaderMatch, Listener, PathMatch, RouteTarget, ServiceExposure,
  Workload,
} from '../../src/index';
import { synthesized } from '../synthesized';

const PROPS: AlbIstioEdgeProps = { hosts: ['a.b'], gateway: { credentialName: 'tls' } };
const cart = new Workload({ serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'] });

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.constantFrom('', ' ', '*', '-', '.', 'a'.repeat(300), 'A', '__proto__', 'constructor', 'a,b', 'a=b'));
const anyTexts = fc.array(anyText, { maxLength: 4 });
const anyMap = fc.dictionary(anyText, anyText, { maxKeys: 3 });
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(0, -1, -0, 0.5, 65535, 65536, NaN, Infinity));
const anyTime = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.nat()).map(Duration.millis);

/** Runs the call; anything but success and `InvalidProps` breaks the law. What was accepted has to be written too. */
function takenOrRefused(call: () => unknown): void {
  try {
    const made = call();
    if (made instanceof AlbIstioEdge) {
      synthesized(made);
    }
  } catch (error) {
    if (!(error instanceof InvalidProps)) {
      throw error;
    }
    expect(error.prop).not.toBe('');
    expect(error.message).toContain(error.reason);
  }
}

function edge(props: Partial<AlbIstioEdgeProps>): AlbIstioEdge {
  return new AlbIstioEdge(new App(), 'edge', { ...PROPS, ...props });
}

function law<T>(what: string, arbitrary: fc.Arbitrary<T>, call: (value: T) => unknown): void {
  test(`${what} is accepted or rejected with InvalidProps`, () => {
    fc.assert(fc.property(arbitrary, value => takenOrRefused(() => call(value))), { numRuns: 100 });
  });
}

law('a list of hosts', anyTexts, hosts => edge({ hosts }));
law('a name of the edge', anyText, edgeName => edge({ edgeName }));
law('a Secret', anyText, credentialName => edge({ gateway: { credentialName } }));
law('a list of namespaces', anyTexts, admittedNamespaces => edge({ gateway: { credentialName: 'tls', admittedNamespaces } }));

const alb: fc.Arbitrary<AlbOptions> = fc.record({
  scheme: anyText as fc.Arbitrary<never>,
  targetType: anyText as fc.Arbitrary<never>,
  certificateArns: anyTexts,
  sslPolicy: anyText,
  subnets: anyTexts,
  loadBalancerName: anyText,
  deregistrationDelay: anyTime,
  ipAddressType: anyText as fc.Arbitrary<never>,
  protocolVersion: anyText as fc.Arbitrary<never>,
  group: fc.record({ groupName: anyText }, { requiredKeys: [] }) as fc.Arbitrary<never>,
  groupOrder: anyNumber,
  tags: anyMap,
  wafv2AclArn: anyText,
  wafv2AclName: anyText,
  ipamIpv4PoolId: anyText,
  customerOwnedIpv4Pool: anyText,
  certificateAuthorityArn: anyText,
  createCertificate: fc.boolean(),
  minimumCapacityUnits: anyNumber,
  securityGroups: anyTexts,
  inboundCidrs: anyTexts,
  inboundPrefixLists: anyTexts,
  targetNodeLabels: anyMap,
  targetControlPort: anyNumber,
  dnsTtl: anyTime,
  healthCheck: fc.record({ interval: anyTime, timeout: anyTime, healthyThreshold: anyNumber, unhealthyThreshold: anyNumber }, { requiredKeys: [] }),
  attributes: fc.record({ idleTimeout: anyTime, clientKeepAlive: anyTime, other: anyMap }, { requiredKeys: [] }),
  targetGroupAttributes: fc.record({ slowStart: anyTime, other: anyMap }, { requiredKeys: [] }),
  frontendNlb: fc.record({
    subnets: anyTexts, eipAllocations: anyTexts, securityGroups: anyTexts, tags: anyMap,
    portMapping: fc.array(fc.record({ nlbPort: anyNumber, albPort: anyNumber }), { maxLength: 2 }),
    healthCheck: fc.record({ port: anyNumber, path: anyText, interval: anyTime, successCodes: anyText }, { requiredKeys: [] }),
  }, { requiredKeys: [] }),
}, { requiredKeys: [] });
// All at once are nearly always refused for the first.
law('one choice about the load balancer', alb.chain(options => fc.subarray(Object.keys(options), { maxLength: 1 })
  .map(keys => Object.fromEntries(keys.map(key => [key, options[key as keyof AlbOptions]])) as AlbOptions)), options => edge({ alb: options }));
law('any choice about the load balancer', alb, options => edge({ alb: options }));

const injected: fc.Arbitrary<InjectedGatewayOptions> = fc.record({
  namespace: anyText,
  minReplicas: anyNumber,
  maxReplicas: anyNumber,
  trustedProxies: anyNumber,
  drainDuration: anyTime,
  revision: anyText,
}, { requiredKeys: [] });
law('any choice about a gateway of our own', injected, options => edge({ workload: GatewayWorkload.injected(options) }));

const existing = fc.record({
  namespace: anyText, service: anyText, labels: fc.dictionary(anyText, anyText), httpsPort: anyNumber, statusPortName: anyText, drainDuration: anyTime,
}, { requiredKeys: ['namespace', 'service', 'labels'] });
law('any choice about a gateway that is there', existing, options => edge({ workload: GatewayWorkload.fromAttributes(options) }));
law('an existing gateway with any drain', anyTime, drainDuration => edge({ workload: GatewayWorkload.fromAttributes({ namespace: 'a', service: 'b', labels: { c: 'd' }, drainDuration }) }));

law('any node port', fc.record({ status: anyNumber, http: anyNumber, https: anyNumber }), ports => ServiceExposure.nodePort(ports));
law('any port of a listener', anyNumber, port => edge({ alb: { listeners: [Listener.http(port), Listener.https(443)] } }));
law('any choice about a class', fc.record({
  className: anyText, namespaceLabels: anyMap, groupName: anyText, subnetIds: anyTexts, loadBalancerName: anyText, certificateArns: anyTexts, sslPolicy: anyText,
  sslRedirectPort: anyNumber, inboundCidrs: fc.oneof(anyTexts, fc.array(fc.tuple(fc.ipV6(), fc.nat(200)).map(([address, bits]) => `${address}/${bits}`))), tags: anyMap,
  minimumCapacityUnits: anyNumber, wafv2AclName: anyText, attributes: fc.record({ idleTimeout: anyTime, other: anyMap }, { requiredKeys: [] }),
}, { requiredKeys: [] }), props => synthesized(new AlbIngressClass(new Chart(new App(), 'platform'), 'Class', props)));
law('any rule', fc.tuple(anyText, anyTexts, anyText, anyNumber), ([name, hosts, path, status]) => {
  const made = edge({});
  made.alb!.addRule(name, { action: ListenerAction.respond(status, { body: path }), hosts: hosts.length > 0 ? hosts : undefined, path: RulePath.pattern(`/${path}`) });
  return made;
});
law('any path', anyText, path => [PathMatch.exact(path), PathMatch.prefix(path)]);
law('any header', fc.tuple(anyText, anyText), ([name, value]) => [HeaderMatch.exact(name, value), HeaderMatch.prefix(name, value), HeaderMatch.present(name)]);
law('any redirect', fc.record({ host: anyText, path: anyText, status: anyNumber }, { requiredKeys: [] }), options => RouteTarget.redirect(options));
law('any answer', fc.tuple(anyNumber, anyText), ([status, body]) => RouteTarget.respond(status, body));
law('any weights', fc.tuple(anyNumber, anyNumber), weights => RouteTarget.split(weights.map((weight, index) => ({ subset: cart.subset(cart.versions[index]), weight }))));
law('any version', anyText, version => cart.subset(version));

const workload = fc.record({
  serviceName: anyText, namespace: anyText, port: anyNumber, versions: anyTexts, versionLabel: anyText, clusterDomain: anyText, selector: fc.dictionary(anyText, anyText),
}, { requiredKeys: ['serviceName', 'namespace', 'port'] });
law('any workload', workload, props => new Workload(props));
law('any namespaces of mutual TLS', anyTexts, namespaces => new MeshTls(new AlbIstioEdge(new App(), 'edge', PROPS), 'More', { namespaces }));
law('any Gateway elsewhere', fc.tuple(anyText, anyText), ([gatewayName, gatewayNamespace]) => EdgeGateway.fromAttributes({ gatewayName, gatewayNamespace }));
law('any namespace and replicas of a sample', fc.tuple(anyText, anyNumber), ([namespace, replicas]) => new Bookinfo(new App(), 'bookinfo', { namespace, replicas }));

const policy: fc.Arbitrary<Pick<EdgeRouteOptions, 'timeout' | 'retries' | 'hosts'>> = fc.record({
  hosts: anyTexts,
  timeout: anyTime,
  retries: fc.record({ attempts: anyNumber, perTryTimeout: anyTime }, { requiredKeys: ['attempts'] }),
}, { requiredKeys: [] });
law('any hosts, timeout and retries of a route', policy, options => {
  const made = edge({});
  made.addRoute('Route', { ...options, target: RouteTarget.workload(cart) });
  return made;
});
