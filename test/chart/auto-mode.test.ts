// An edge of EKS Auto Mode: what the constructs accept, the plan finds nothing ignored in.
import { App, Duration } from 'cdk8s';
import { BackendProtocolVersion, IpAddressType } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { ListenerAction } from '../../src/edge/listener/action';
import { ListenerCondition } from '../../src/edge/listener/condition';
import { RulePath } from '../../src/edge/listener/rule';
import type { AlbOptions } from '../../src/edge/alb/options';
import type { NetworkLoadBalancerOptions } from '../../src/edge/gateway-workload/network-load-balancer';
import { AlbController, AlbIstioEdge, AlbScheme, GatewayWorkload, Listener, RouteTarget, ServiceExposure, TargetType } from '../../src/index';
import { check } from '../../src/inspect';
import { readConstructs } from '../../src/manifests/constructs';
import { planOf } from '../../src/plan/plan';

const controller = AlbController.EKS_AUTO_MODE;
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';

/** Every option of an ALB that EKS Auto Mode is not known to ignore, in two edges because some exclude each other. */
const ALBS: readonly AlbOptions[] = [
  {
    scheme: AlbScheme.INTERNAL, certificateArns: [CERTIFICATE], sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', listeners: [Listener.http(), Listener.https(8443)],
    auth: AlbAuth.cognito({ userPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/a', userPoolClientId: 'b', userPoolDomain: 'c' }),
    ipAddressType: IpAddressType.DUALSTACK, subnets: ['a', 'b'], loadBalancerName: 'front', attributes: { idleTimeout: Duration.minutes(2) }, minimumCapacityUnits: 100,
    ipamIpv4PoolId: 'ipam-pool-1', tags: { team: 'edge' }, wafv2AclArn: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/ae2e63f9-02f4-44b8-9d25-0a1b2c3d4e5f',
    securityGroups: ['sg-01234567'], manageBackendSecurityGroupRules: true, targetType: TargetType.IP, protocolVersion: BackendProtocolVersion.HTTP2,
    healthCheck: { interval: Duration.seconds(20) }, deregistrationDelay: Duration.seconds(10), multiClusterTargetGroup: true, dnsTtl: Duration.minutes(1),
  },
  { wafv2AclName: 'front', inboundCidrs: ['10.0.0.0/8'], inboundPrefixLists: ['pl-01234567'], targetControlPort: 3000 },
];

const NLBS: readonly NetworkLoadBalancerOptions[] = [
  { scheme: AlbScheme.INTERNAL, proxyProtocol: true, crossZone: false, deletionProtection: true, tags: { a: 'b' } },
  { targetType: TargetType.INSTANCE, securityGroups: ['sg-01234567'], tcpPorts: [5432], loadBalancerName: 'front', ipAddressType: IpAddressType.DUALSTACK },
];

function ignoredIn(app: App): string[] {
  return planOf(readConstructs(app)).events.filter(({ severity }) => severity === 'ignored').map(({ pointer, reason }) => `${pointer}: ${reason}`);
}

test.each(ALBS)('the plan of an edge finds nothing ignored, and knows who builds the load balancer: %#', alb => {
  const app = new App();
  const edge = new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com'], gateway: { credentialName: 'tls' }, alb: { ...alb, controller } });
  edge.alb!.addRule('old', { path: RulePath.prefix('/old'), conditions: [ListenerCondition.method(['GET'])], action: ListenerAction.respond(503) });
  edge.addRoute('A', { target: RouteTarget.respond(200) });
  expect(planOf(readConstructs(app)).loadBalancers).toMatchObject([{ type: 'application', autoMode: true }]);
  expect(ignoredIn(app)).toEqual([]);
});

test.each(NLBS)('nor in one of a Network Load Balancer: %#', options => {
  const app = new App();
  const service = ServiceExposure.networkLoadBalancer({ ...options, controller });
  new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com'], gateway: { credentialName: 'tls' }, workload: GatewayWorkload.injected({ service }) })
    .addRoute('A', { target: RouteTarget.respond(200) });
  expect(planOf(readConstructs(app)).loadBalancers).toMatchObject([{ type: 'network', autoMode: true }]);
  expect(ignoredIn(app)).toEqual([]);
});

test('an edge with the controller alone has no findings', () => {
  const app = new App();
  new AlbIstioEdge(app, 'edge', { hosts: ['a.example.com'], gateway: { credentialName: 'tls' }, alb: { controller } }).addRoute('A', { target: RouteTarget.respond(200) });
  expect(check(app).findings).toEqual([]);
  expect(planOf(readConstructs(app)).loadBalancers).toMatchObject([{ autoMode: true, scheme: 'internet-facing' }]);
});
