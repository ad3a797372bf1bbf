// Invalid props that neither the tests of each part nor the type law cover. Each error has the prop, its value and the construct path.
import { App, Chart, Duration } from 'cdk8s';
import { Alb } from '../../src/edge/alb/alb';
import { ListenerAction } from '../../src/edge/listener/action';
import { InjectedGateway, type InjectedGatewayOptions } from '../../src/edge/gateway-workload/injected-gateway';
import { EdgeGateway } from '../../src/edge/gateway/gateway';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, Bookinfo, CurlClient, Echoserver, GatewayWorkload, GitOpsApp, Listener, Route, RouteTarget, Workload,
} from '../../src/index';
import { refusal } from '../refusal';
import { emptyChart } from '../synthesized';
import { backend, gatewayPods, HandMadeGateway } from './stubs';

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
  ['a host twice', () => edge({ hosts: ['a.b', 'a.b'] }), 'hosts[1]', 'a.b', 'edge'],
  ['a Secret of another namespace', () => edge({ gateway: { credentialName: 'ns/tls' } }), 'credentialName', 'ns/tls', 'edge/Gateway'],
];

const ALB: Case[] = [
  ['a malformed ARN', () => edge({ alb: { certificateArns: [`${ARN}a`, 'arn:aws:acm'] } }), 'certificateArns[1]', 'arn:aws:acm', 'edge/Alb'],
  ['an ARN twice', () => edge({ alb: { certificateArns: [`${ARN}a`, `${ARN}a`] } }), 'certificateArns[1]', `${ARN}a`, 'edge/Alb'],
  ['no ARN', () => edge({ alb: { certificateArns: [] } }), 'certificateArns', [], 'edge/Alb'],
  ['a malformed subnet', () => edge({ alb: { subnets: ['subnet-0a1b2c3d', 'subnet-x'] } }), 'subnets[1]', 'subnet-x', 'edge/Alb'],
  ['an unknown TLS policy', () => edge({ alb: { sslPolicy: 'TLS13' } }), 'sslPolicy', 'TLS13', 'edge/Alb'],
  ['a malformed class', () => AlbIngressClass.fromName(''), 'className', '', ''],
  ['two listeners on a port', () => edge({ alb: { listeners: [Listener.http(), Listener.https(80)] } }), 'listeners[1].port', 80, 'edge/Alb'],
  ['half a second of delay', () => edge({ alb: { deregistrationDelay: Duration.millis(500) } }), 'deregistrationDelay', '500 ms', 'edge/Alb'],
  ['a fraction of a millisecond', () => edge({ alb: { deregistrationDelay: Duration.seconds(0.0001) } }), 'deregistrationDelay', '0.1 ms', 'edge/Alb'],
  ['a long Ingress name', () => new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['a.b'], ingressName: LONG }), 'ingressName', LONG, 'chart/Alb'],
  ['a rule that takes the name of the gateway', () => edge({}).alb!.addRule('istio-ingress', { action: ListenerAction.respond(404), hosts: ['a.b'] }), 'name', 'istio-ingress', 'edge/Alb'],
  ['a rule of a host that is not served', () => edge({}).alb!.addRule('a', { action: ListenerAction.respond(404), hosts: ['a.c'] }), 'hosts[0]', 'a.c', 'edge/Alb'],
];

const GATEWAY: Case[] = [
  ['a malformed namespace', () => injected({ namespace: 'a_b' }), 'namespace', 'a_b', 'edge/Workload'],
  ['one replica', () => injected({ minReplicas: 1 }), 'minReplicas', 1, 'edge/Workload'],
  ['fewer at most than at least', () => injected({ minReplicas: 4, maxReplicas: 3 }), 'maxReplicas', 3, 'edge/Workload'],
  ['less than no proxy', () => injected({ trustedProxies: -1 }), 'trustedProxies', -1, 'edge/Workload'],
  ['no drain', () => injected({ drainDuration: Duration.seconds(0) }), 'drainDuration', '0 ms', 'edge/Workload'],
  ['a drain of a second and a half', () => injected({ drainDuration: Duration.millis(1500) }), 'drainDuration', '1500 ms', 'edge/Workload'],
  ['a drain of a fraction of a millisecond', () => injected({ drainDuration: Duration.seconds(0.0001) }), 'drainDuration', '0.1 ms', 'edge/Workload'],
  ['a drain above an hour', () => injected({ drainDuration: Duration.seconds(3601) }), 'drainDuration', '3601000 ms', 'edge/Workload'],
  ['a malformed revision', () => injected({ revision: '1.30' }), 'revision', '1.30', 'edge/Workload'],
  ['a long name', () => new InjectedGateway(emptyChart(), 'Workload', { gatewayName: LONG }), 'gatewayName', LONG, 'chart/Workload'],
  ['a long Gateway name', () => new EdgeGateway(emptyChart(), 'Gateway', { workload: gatewayPods(), credentialName: 'tls', gatewayName: LONG }), 'gatewayName', LONG,
    'chart/Gateway'],
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
];

const ROUTES: Case[] = [
  ['an id twice', () => { const e = edge({}); e.addRoute('A', { target }); e.addRoute('A', { target }); }, 'id', 'A', 'edge'],
  ['the id of a part', () => edge({}).addRoute('Alb', { target }), 'id', 'Alb', 'edge'],
  ['a host that the edge does not serve', () => edge({}).addRoute('A', { target, hosts: ['c.d'] }), 'hosts[0]', 'c.d', 'edge/A'],
  ['no hosts', () => edge({}).addRoute('A', { target, hosts: [] }), 'hosts', [], 'edge/A'],
  ['a malformed host', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['A'] }), 'hosts[0]', 'A', 'chart/A'],
  ['an empty name', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['a.b'], virtualServiceName: '' }), 'virtualServiceName', '',
    'chart/A'],
  ['a long name', () => new Route(emptyChart(), 'A', { target, gateway: new HandMadeGateway(), hosts: ['a.b'], virtualServiceName: LONG }), 'virtualServiceName', LONG,
    'chart/A'],
  ['a namespace that is not admitted', () => new Route(emptyChart(), 'A', {
    target, hosts: ['a.b'], namespace: 'c', gateway: EdgeGateway.fromAttributes({ gatewayName: 'a', gatewayNamespace: 'b', admittedNamespaces: ['b'] }),
  }), 'namespace', 'c', 'chart/A'],
];

const CHARTS: Case[] = [
  ['a malformed namespace of Bookinfo', () => new Bookinfo(new App(), 'a', { namespace: 'A' }), 'namespace', 'A', 'a'],
  ['half a replica of Bookinfo', () => new Bookinfo(new App(), 'a', { replicas: 0.5 }), 'replicas', 0.5, 'a'],
  ['a malformed namespace of the echo server', () => new Echoserver(new App(), 'a', { namespace: '' }), 'namespace', '', 'a'],
  ['less than no replica of the echo server', () => new Echoserver(new App(), 'a', { replicas: -1 }), 'replicas', -1, 'a'],
  ['a malformed namespace of the client', () => new CurlClient(new App(), 'a', { namespace: '-' }), 'namespace', '-', 'a'],
  ['no folder', () => new GitOpsApp({ folder: '' }), 'folder', '', ''],
  ['the working directory', () => new GitOpsApp({ folder: '.' }), 'folder', '.', ''],
  ['a folder above the working directory', () => new GitOpsApp({ folder: '..' }), 'folder', '..', ''],
  ['the root of the file system', () => new GitOpsApp({ folder: '/' }), 'folder', '/', ''],
];

describe.each([['edge', EDGE], ['load balancer', ALB], ['gateway', GATEWAY], ['mesh', MESH], ['route', ROUTES], ['chart', CHARTS]])('an invalid prop of the %s', (_, cases) => {
  it.each(cases)('is rejected: %s', (_what, call, prop, value, path) => {
    expect(refusal(call)).toEqual({ prop, value, path, reason: expect.stringMatching(/./) });
  });
});

test('wildcard hosts can have any number of labels', () => {
  expect(() => edge({ hosts: ['*.a.b', '*.b', '*.c.d.e'] })).not.toThrow();
});

test('a rejected edge does not block a second one in another chart of the app', () => {
  const app = new App();
  expect(() => new AlbIstioEdge(app, 'one', { hosts: [], gateway: { credentialName: 'tls' } })).toThrow();
  expect(() => new AlbIstioEdge(app, 'two', { hosts: ['a.b'], gateway: { credentialName: 'tls' } })).not.toThrow();
  expect(Chart.isChart(app.node.findChild('two'))).toBe(true);
});
