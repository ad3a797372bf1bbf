// One table of wrong props: each is refused where it is handed over, with the prop, its value and the construct path.
import { App, Chart, Duration } from 'cdk8s';
import { Alb, BackendProtocolVersion } from '../../src/edge/alb/alb';
import { ListenerAction } from '../../src/edge/alb/listener-action';
import { RulePath } from '../../src/edge/alb/listener-rule';
import { InjectedGateway, type InjectedGatewayOptions } from '../../src/edge/gateway-workload/injected-gateway';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, AlbScheme, BackendProtocol, Bookinfo, CurlClient, Echoserver, GatewayWorkload, GitOpsApp,
  HeaderMatch, Listener, PathMatch, Route, RouteTarget, ServiceExposure, Subsets, TargetType, Workload,
} from '../../src/index';
import { refusal } from '../refusal';
import { emptyChart } from '../synthesized';
import { backend, gatewayPods, HandMadeGateway } from './hand-made';

const LONG = 'a'.repeat(64);
const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';

function edge(props: Partial<AlbIstioEdgeProps>): AlbIstioEdge {
  return new AlbIstioEdge(new App(), 'edge', { hosts: ['a.b'], gateway: { credentialName: 'tls' }, ...props });
}

function injected(options: InjectedGatewayOptions): AlbIstioEdge {
  return edge({ workload: GatewayWorkload.injected(options) });
}

const WORKLOAD = { serviceName: 'cart', namespace: 'shop', port: 80, versions: ['v1', 'v2'] };
const cart = new Workload(WORKLOAD);
const target = RouteTarget.workload(cart);

type Case = [what: string, call: () => unknown, prop: string, value: unknown, path: string];

const EDGE: Case[] = [
  ['no hosts', () => edge({ hosts: [] }), 'hosts', [], 'edge'],
  ['an empty host', () => edge({ hosts: [''] }), 'hosts[0]', '', 'edge'],
  ['a malformed host', () => edge({ hosts: ['*.a.b', 'a..b'] }), 'hosts[1]', 'a..b', 'edge'],
  ['a wildcard in the middle', () => edge({ hosts: ['a.*.b'] }), 'hosts[0]', 'a.*.b', 'edge'],
  ['a host twice', () => edge({ hosts: ['a.b', 'a.b'] }), 'hosts[1]', 'a.b', 'edge'],
  ['a long name', () => edge({ edgeName: LONG }), 'edgeName', LONG, 'edge'],
  ['a name with a dot', () => edge({ edgeName: 'a.b' }), 'edgeName', 'a.b', 'edge'],
  ['no Secret', () => edge({ gateway: {} as never }), 'credentialName', undefined, 'edge/Gateway'],
  ['no word about the Secret', () => edge({ gateway: undefined }), 'credentialName', undefined, 'edge/Gateway'],
  ['a Secret for plain HTTP', () => edge({ gateway: { protocol: BackendProtocol.HTTP, credentialName: 'tls' } }), 'credentialName', 'tls', 'edge/Gateway'],
  ['a Secret of another namespace', () => edge({ gateway: { credentialName: 'ns/tls' } }), 'credentialName', 'ns/tls', 'edge/Gateway'],
  ['a malformed namespace', () => edge({ gateway: { credentialName: 'tls', admittedNamespaces: ['*'] } }), 'admittedNamespaces[0]', '*', 'edge/Gateway'],
  ['a malformed root namespace', () => edge({ mtls: { rootNamespace: 'A' } }), 'rootNamespace', 'A', 'edge/Mtls'],
];

const ALB: Case[] = [
  ['a malformed ARN', () => edge({ alb: { certificateArns: [`${ARN}a`, 'arn:aws:acm'] } }), 'certificateArns[1]', 'arn:aws:acm', 'edge/Alb'],
  ['an ARN twice', () => edge({ alb: { certificateArns: [`${ARN}a`, `${ARN}a`] } }), 'certificateArns[1]', `${ARN}a`, 'edge/Alb'],
  ['no ARN', () => edge({ alb: { certificateArns: [] } }), 'certificateArns', [], 'edge/Alb'],
  ['a malformed subnet', () => edge({ alb: { subnets: ['subnet-0a1b2c3d', 'subnet-x'] } }), 'subnets[1]', 'subnet-x', 'edge/Alb'],
  ['one subnet', () => edge({ alb: { subnets: ['a'] } }), 'subnets', ['a'], 'edge/Alb'],
  ['a long load balancer name', () => edge({ alb: { loadBalancerName: 'a'.repeat(33) } }), 'loadBalancerName', 'a'.repeat(33), 'edge/Alb'],
  ['an unknown scheme', () => edge({ alb: { scheme: 'public' as AlbScheme } }), 'scheme', 'public', 'edge/Alb'],
  ['an unknown TLS policy', () => edge({ alb: { sslPolicy: 'TLS13' } }), 'sslPolicy', 'TLS13', 'edge/Alb'],
  ['a malformed class', () => AlbIngressClass.fromName(''), 'className', '', ''],
  ['no listeners', () => edge({ alb: { listeners: [] } }), 'listeners', [], 'edge/Alb'],
  ['two listeners on a port', () => edge({ alb: { listeners: [Listener.http(), Listener.https(80)] } }), 'listeners[1].port', 80, 'edge/Alb'],
  ['certificates without HTTPS', () => edge({ alb: { listeners: [Listener.http()], certificateArns: [`${ARN}a`] } }), 'certificateArns', [`${ARN}a`], 'edge/Alb'],
  ['a TLS policy without HTTPS', () => edge({ alb: { listeners: [Listener.http()], sslPolicy: 'x' } }), 'sslPolicy', 'x', 'edge/Alb'],
  ['any host without a certificate', () => edge({ hosts: ['*'] }), 'certificateArns', undefined, 'edge/Alb'],
  ['nodes without node ports', () => edge({ alb: { targetType: TargetType.INSTANCE } }), 'targetType', 'instance', 'edge/Alb'],
  ['a delay beyond the drain', () => edge({ alb: { deregistrationDelay: Duration.seconds(31) } }), 'deregistrationDelay', '31000 ms', 'edge/Alb'],
  ['half a second of delay', () => edge({ alb: { deregistrationDelay: Duration.millis(500) } }), 'deregistrationDelay', '500 ms', 'edge/Alb'],
  ['a fraction of a millisecond', () => edge({ alb: { deregistrationDelay: Duration.seconds(0.0001) } }), 'deregistrationDelay', '0.1 ms', 'edge/Alb'],
  ['a long Ingress name', () => new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['a.b'], ingressName: LONG }), 'ingressName', LONG, 'chart/Alb'],
  ['a group in upper case', () => edge({ alb: { group: { name: 'A' } } }), 'group.name', 'A', 'edge/Alb'],
  ['an order beyond a thousand', () => edge({ alb: { group: { name: 'a', order: 1001 } } }), 'group.order', 1001, 'edge/Alb'],
  ['gRPC without HTTPS', () => edge({ alb: { listeners: [Listener.http()], protocolVersion: BackendProtocolVersion.GRPC } }), 'protocolVersion', 'GRPC', 'edge/Alb'],
  ['an attribute out of bounds', () => edge({ alb: { attributes: { idleTimeout: Duration.seconds(0) } } }), 'attributes.idleTimeout', '0 ms', 'edge/Alb'],
  ['a malformed prefix list', () => edge({ alb: { inboundPrefixLists: ['a'] } }), 'inboundPrefixLists[0]', 'a', 'edge/Alb'],
  ['a health check without an end', () => edge({ alb: { healthCheck: { timeout: Duration.seconds(15) } } }), 'healthCheck.timeout', '15 s', 'edge/Alb'],
  ['an ALB before a Network Load Balancer', () => edge({ alb: {}, workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer() }) }), 'backend', 'istio-ingress',
    'edge/Alb'],
  ['a rule that takes the name of the gateway', () => edge({}).alb!.addRule('istio-ingress', { action: ListenerAction.respond(404), hosts: ['a.b'] }), 'name', 'istio-ingress', 'edge/Alb'],
  ['a rule of a host that is not served', () => edge({}).alb!.addRule('a', { action: ListenerAction.respond(404), hosts: ['a.c'] }), 'hosts[0]', 'a.c', 'edge/Alb'],
  ['a class with one subnet', () => new AlbIngressClass(emptyChart(), 'Class', { subnetIds: ['subnet-0a1b2c3d'] }), 'subnetIds', ['subnet-0a1b2c3d'], 'chart/Class'],
  ['a number for a time', () => edge({ alb: { dnsTtl: 60 as never } }), 'dnsTtl', 60, 'edge/Alb'],
  ['a text for a list', () => edge({ alb: { subnets: 'a,b' as never } }), 'subnets', 'a,b', 'edge/Alb'],
  ['a text for options', () => edge({ alb: 'x' as never }), 'alb', 'x', 'edge'],
  ['a boolean for options', () => edge({ alb: { frontendNlb: true as never } }), 'frontendNlb', true, 'edge/Alb'],
  ['another part for a login', () => edge({ alb: { auth: Listener.https() as never } }), 'auth', Listener.https(), 'edge/Alb'],
  ['a rule without options', () => edge({}).alb!.addRule('a', undefined as never), 'options', undefined, 'edge/Alb'],
  ['a rule without an action', () => edge({}).alb!.addRule('a', { hosts: ['a.b'] } as never), 'action', undefined, 'edge/Alb'],
  ['a rule that takes every request', () => edge({}).alb!.addRule('a', { action: ListenerAction.respond(404), path: RulePath.prefix('/') }), 'options', '/*', 'edge/Alb'],
  ['no props of a load balancer', () => new Alb(emptyChart(), 'Alb', undefined as never), 'props', undefined, 'chart/Alb'],
  ['a backend that is none', () => new Alb(emptyChart(), 'Alb', { backend: {} as never, hosts: ['a.b'] }), 'backend.backendNamespace', undefined, 'chart/Alb'],
  ['a listener on port 0', () => Listener.http(0), 'port', 0, ''],
  ['a listener above 65535', () => Listener.https(65536), 'port', 65536, ''],
];

const GATEWAY: Case[] = [
  ['a malformed namespace', () => injected({ namespace: 'a_b' }), 'namespace', 'a_b', 'edge/Workload'],
  ['a number for options', () => edge({ gateway: 5 as never }), 'gateway', 5, 'edge'],
  ['an object for a workload', () => edge({ workload: {} as never }), 'workload', {}, 'edge'],
  ['an object for a certificate', () => edge({ gateway: { certificate: {} as never } }), 'certificate', {}, 'edge/Gateway'],
  ['a text for resources', () => GatewayWorkload.injected({ resources: 'x' as never }), 'resources', 'x', ''],
  ['no props of a Gateway', () => new EdgeGateway(emptyChart(), 'Gateway', undefined as never), 'props', undefined, 'chart/Gateway'],
  ['a node port that is missing', () => ServiceExposure.nodePort({ status: 30000, http: 30001 } as never), 'https', undefined, ''],
  ['one replica', () => injected({ minReplicas: 1 }), 'minReplicas', 1, 'edge/Workload'],
  ['fewer at most than at least', () => injected({ minReplicas: 4, maxReplicas: 3 }), 'maxReplicas', 3, 'edge/Workload'],
  ['less than no proxy', () => injected({ trustedProxies: -1 }), 'trustedProxies', -1, 'edge/Workload'],
  ['no drain', () => injected({ drainDuration: Duration.seconds(0) }), 'drainDuration', '0 ms', 'edge/Workload'],
  ['a drain of a second and a half', () => injected({ drainDuration: Duration.millis(1500) }), 'drainDuration', '1500 ms', 'edge/Workload'],
  ['a drain of a fraction of a millisecond', () => injected({ drainDuration: Duration.seconds(0.0001) }), 'drainDuration', '0.1 ms', 'edge/Workload'],
  ['a drain above an hour', () => injected({ drainDuration: Duration.seconds(3601) }), 'drainDuration', '3601000 ms', 'edge/Workload'],
  ['a malformed revision', () => injected({ revision: '1.30' }), 'revision', '1.30', 'edge/Workload'],
  ['a long name', () => new InjectedGateway(emptyChart(), 'Workload', { gatewayName: LONG }), 'gatewayName', LONG, 'chart/Workload'],
  ['a node port below 30000', () => ServiceExposure.nodePort({ status: 29999, http: 30001, https: 30002 }), 'status', 29999, ''],
  ['a node port above 32767', () => ServiceExposure.nodePort({ status: 30000, http: 30001, https: 32768 }), 'https', 32768, ''],
  ['a node port twice', () => ServiceExposure.nodePort({ status: 30000, http: 30001, https: 30001 }), 'https', 30001, ''],
  ['no labels', () => GatewayWorkload.fromAttributes({ namespace: 'a', service: 'b', labels: {} }), 'labels', {}, ''],
  ['a malformed Service', () => GatewayWorkload.fromAttributes({ namespace: 'a', service: '1b', labels: { a: 'b' } }), 'service', '1b', ''],
  ['a long Gateway name', () => new EdgeGateway(emptyChart(), 'Gateway', { workload: gatewayPods(), credentialName: 'tls', gatewayName: LONG }), 'gatewayName', LONG,
    'chart/Gateway'],
  ['a Gateway elsewhere without a name', () => EdgeGateway.fromAttributes({ gatewayName: '', gatewayNamespace: 'a' }), 'gatewayName', '', ''],
  ['a Gateway elsewhere without a namespace', () => EdgeGateway.fromAttributes({ gatewayName: 'a', gatewayNamespace: '' }), 'gatewayNamespace', '', ''],
];

const MESH: Case[] = [
  ['a long Service name', () => new Workload({ ...WORKLOAD, serviceName: LONG }), 'serviceName', LONG, ''],
  ['a long namespace', () => new Workload({ ...WORKLOAD, namespace: LONG }), 'namespace', LONG, ''],
  ['port 0', () => new Workload({ ...WORKLOAD, port: 0 }), 'port', 0, ''],
  ['port 65536', () => new Workload({ ...WORKLOAD, port: 65536 }), 'port', 65536, ''],
  ['a version twice', () => new Workload({ ...WORKLOAD, versions: ['v1', 'v1'] }), 'versions[1]', 'v1', ''],
  ['a malformed version', () => new Workload({ ...WORKLOAD, versions: ['1.0'] }), 'versions[0]', '1.0', ''],
  ['an empty selector', () => new Workload({ ...WORKLOAD, selector: {} }), 'selector', {}, ''],
  ['a malformed version label', () => new Workload({ ...WORKLOAD, versionLabel: 'a b' }), 'versionLabel', 'a b', ''],
  ['a malformed domain', () => new Workload({ ...WORKLOAD, clusterDomain: '.local' }), 'clusterDomain', '.local', ''],
  ['an unknown version', () => cart.subset('v3'), 'version', 'v3', ''],
  ['subsets of no versions', () => new Subsets(emptyChart(), 'Subsets', { workload: new Workload({ ...WORKLOAD, versions: [] }) }), 'workload',
    'cart.shop.svc.cluster.local', 'chart/Subsets'],
];

const ROUTES: Case[] = [
  ['an id twice', () => { const e = edge({}); e.addRoute('A', { target }); e.addRoute('A', { target }); }, 'id', 'A', 'edge'],
  ['a route without a target', () => edge({}).addRoute('A', {} as never), 'target', undefined, 'edge/A'],
  ['an empty id', () => edge({}).addRoute('', { target }), 'id', '', 'edge'],
  ['the id of a part', () => edge({}).addRoute('Alb', { target }), 'id', 'Alb', 'edge'],
  ['a host that the edge does not serve', () => edge({}).addRoute('A', { target, hosts: ['c.d'] }), 'hosts[0]', 'c.d', 'edge'],
  ['no hosts', () => edge({}).addRoute('A', { target, hosts: [] }), 'hosts', [], 'edge'],
  ['a header twice', () => edge({}).addRoute('A', { target, headers: [HeaderMatch.present('x'), HeaderMatch.present('x')] }), 'headers[1]', 'x', 'edge/A'],
  ['no time', () => edge({}).addRoute('A', { target, timeout: Duration.seconds(0) }), 'timeout', '0 ms', 'edge/A'],
  ['no attempts', () => edge({}).addRoute('A', { target, retries: { attempts: 0 } }), 'retries.attempts', 0, 'edge/A'],
  ['no outcome', () => edge({}).addRoute('A', { target, retries: { attempts: 1, retryOn: [] } }), 'retries.retryOn', [], 'edge/A'],
  ['a malformed host', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['A'] }), 'hosts[0]', 'A', 'chart/A'],
  ['a malformed namespace', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['a.b'], namespace: 'A' }), 'namespace', 'A', 'chart/A'],
  ['an empty name', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['a.b'], virtualServiceName: '' }), 'virtualServiceName', '',
    'chart/A'],
  ['a long name', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['a.b'], virtualServiceName: LONG }), 'virtualServiceName', LONG,
    'chart/A'],
  ['a namespace that is not admitted', () => new Route(emptyChart(), 'A', {
    target, hosts: ['a.b'], namespace: 'c', gateway: EdgeGateway.fromAttributes({ gatewayName: 'a', gatewayNamespace: 'b', admittedNamespaces: ['b'] }),
  }), 'namespace', 'c', 'chart/A'],
  ['half a path', () => PathMatch.prefix('a'), 'prefix', 'a', ''],
  ['a header in upper case', () => HeaderMatch.exact('X', 'a'), 'name', 'X', ''],
  ['a header without a value', () => HeaderMatch.exact('x', ''), 'value', '', ''],
  ['a negative weight', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: -1 }]), 'shares[0].weight', -1, ''],
  ['weights that are all zero', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: 0 }]), 'shares', [0], ''],
  ['a subset twice', () => RouteTarget.split([{ subset: cart.subset('v1'), weight: 1 }, { subset: cart.subset('v1'), weight: 2 }]), 'shares[1].subset', 'v1', ''],
  ['a subset of another workload', () => RouteTarget.split([
    { subset: cart.subset('v1'), weight: 1 }, { subset: new Workload({ ...WORKLOAD, serviceName: 'bank' }).subset('v2'), weight: 1 },
  ]), 'shares[1].subset', 'v2 of bank.shop.svc.cluster.local', ''],
];

const CHARTS: Case[] = [
  ['a malformed namespace of Bookinfo', () => new Bookinfo(new App(), 'a', { namespace: 'A' }), 'namespace', 'A', 'a'],
  ['half a replica of Bookinfo', () => new Bookinfo(new App(), 'a', { replicas: 0.5 }), 'replicas', 0.5, 'a'],
  ['a malformed namespace of the echo server', () => new Echoserver(new App(), 'a', { namespace: '' }), 'namespace', '', 'a'],
  ['less than no replica of the echo server', () => new Echoserver(new App(), 'a', { replicas: -1 }), 'replicas', -1, 'a'],
  ['a malformed namespace of the client', () => new CurlClient(new App(), 'a', { namespace: '-' }), 'namespace', '-', 'a'],
  ['a word for a boolean of the client', () => new CurlClient(new App(), 'a', { createNamespace: 'no' as never }), 'createNamespace', 'no', 'a'],
  ['no folder', () => new GitOpsApp({ folder: '' }), 'folder', '', ''],
  ['the working directory', () => new GitOpsApp({ folder: '.' }), 'folder', '.', ''],
  ['a folder above the working directory', () => new GitOpsApp({ folder: '..' }), 'folder', '..', ''],
  ['the root of the file system', () => new GitOpsApp({ folder: '/' }), 'folder', '/', ''],
];

describe.each([['edge', EDGE], ['load balancer', ALB], ['gateway', GATEWAY], ['mesh', MESH], ['route', ROUTES], ['chart', CHARTS]])('a wrong prop of the %s', (_, cases) => {
  it.each(cases)('is refused: %s', (_what, call, prop, value, path) => {
    expect(refusal(call)).toEqual({ prop, value, path, reason: expect.stringMatching(/./) });
  });
});

test('wildcards of any depth are hosts', () => {
  expect(() => edge({ hosts: ['*.a.b', '*.b', '*.c.d.e'] })).not.toThrow();
});

test('what was refused left nothing in the way of a second attempt in another chart', () => {
  const app = new App();
  expect(() => new AlbIstioEdge(app, 'one', { hosts: [], gateway: { credentialName: 'tls' } })).toThrow();
  expect(() => new AlbIstioEdge(app, 'two', { hosts: ['a.b'], gateway: { credentialName: 'tls' } })).not.toThrow();
  expect(Chart.isChart(app.node.findChild('two'))).toBe(true);
});
