// Edges of every kind that the typed API can make, and what a test asks of them.
import { App, Duration } from 'cdk8s';
import { load } from 'js-yaml';
import { encodeAlbAnnotations } from '../../src/base/alb-annotations/annotations';
import { BackendProtocolVersion } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { ClientCertificates } from '../../src/edge/listener/client-certificates';
import { type AlbOptions } from '../../src/edge/alb/options';
import { GatewayCertificate, IssuerKind } from '../../src/edge/gateway/certificate';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, AlbScheme, BackendProtocol, GatewayWorkload, IngressGroup, Listener, PathMatch, RouteTarget,
  ServiceExposure, TargetType, Workload,
} from '../../src/index';
import { synthesized, type Synthesized } from '../synthesized';

/** An edge of an app of its own, over one host and one Secret where nothing else is said. */
export function edge(props: Partial<AlbIstioEdgeProps> = {}, app = new App()): AlbIstioEdge {
  return new AlbIstioEdge(app, 'edge', { hosts: ['shop.example.com'], gateway: { credentialName: 'shop-tls' }, ...props });
}

/** Edges in one IngressGroup, each with a host of its own, unless the props say otherwise. */
export function group(...members: readonly (AlbOptions & { readonly hosts?: string[] })[]): App {
  const app = new App();
  const shared = new IngressGroup(app, 'Group', { groupName: 'shared' });
  members.forEach(({ hosts = [], ...alb }, index) => new AlbIstioEdge(app, `edge-${index}`, {
    edgeName: `edge-${index}`, hosts: hosts.length > 0 ? hosts : [`${index}.example.com`], gateway: { credentialName: 'tls' }, alb: { group: shared, ...alb },
  }));
  return app;
}

/** A workload of the mesh with two versions. */
export const CART = new Workload({ serviceName: 'cart', namespace: 'shop', port: 8080, versions: ['v1', 'v2'] });

export const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
export const ACL = 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/ae2e63f9';

const NODE_PORTS = { status: 30021, http: 30080, https: 30443 };
const EXISTING = { namespace: 'gateways', service: 'door', labels: { istio: 'door' } };

/** What an edge has made, as plain objects. */
export class Made {
  public readonly all: readonly Synthesized[];

  public constructor(public readonly name: string, public readonly edge: AlbIstioEdge) {
    this.all = synthesized(edge);
  }

  public of(kind: string): Synthesized[] {
    return this.all.filter(object => object.kind === kind);
  }

  public only(kind: string): Synthesized {
    const found = this.of(kind);
    expect([this.name, kind, found.length]).toEqual([this.name, kind, 1]);
    return found[0];
  }

  /** The annotations of the Ingress without their prefix. */
  public get annotations(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.only('Ingress').metadata.annotations!).map(([key, value]) => [key.replace(PREFIX, ''), value]));
  }

  public get attributes(): string[] {
    return (this.annotations['load-balancer-attributes'] ?? '').split(',');
  }

  public get ports(): Record<string, number>[] {
    return JSON.parse(this.annotations['listen-ports']);
  }

  /** Services that the Ingress forwards to. */
  public get backends(): { readonly name: string; readonly port: { readonly number?: number; readonly name?: string } }[] {
    return this.only('Ingress').spec.rules.flatMap((rule: any) => rule.http.paths.map((path: any) => path.backend.service));
  }

  public get servers(): any[] {
    return this.only('Gateway').spec.servers;
  }

  public get routes(): any[] {
    return this.of('VirtualService').flatMap(({ spec }) => spec.http);
  }

  public get destinations(): any[] {
    return this.routes.flatMap(route => route.route ?? []).map((route: any) => route.destination);
  }

  public get pod(): any {
    return this.only('Deployment').spec.template;
  }

  public get proxyConfig(): any {
    return load(this.pod.metadata.annotations['proxy.istio.io/config']);
  }
}

/** The prefix of the annotations, read from the table: its text belongs to one file. */
export const PREFIX = Object.keys(encodeAlbAnnotations({ groupOrder: 0 }))[0].replace('group.order', '');

function behindAlb(): [string, Partial<AlbIstioEdgeProps>][] {
  return [
    ['the defaults', {}],
    ['many hosts', { hosts: ['shop.example.com', '*.example.org', '*'], alb: { certificateArns: [CERTIFICATE] } }],
    ['plain HTTP to the gateway', { gateway: { protocol: BackendProtocol.HTTP } }],
    ['nodes as targets', { workload: GatewayWorkload.injected({ service: ServiceExposure.nodePort(NODE_PORTS) }) }],
    ['pods as targets of a NodePort', { workload: GatewayWorkload.injected({ service: ServiceExposure.nodePort(NODE_PORTS) }), alb: { targetType: TargetType.IP } }],
    ['a gateway that is there', { workload: GatewayWorkload.fromAttributes(EXISTING) }],
    ['other ports of a gateway that is there', { workload: GatewayWorkload.fromAttributes({ ...EXISTING, httpPort: 8080, httpsPort: 8443, statusPortName: 'health' }) }],
    ['a gateway of Helm', { workload: GatewayWorkload.installed() }],
    ['a gateway of Helm on nodes', { workload: GatewayWorkload.installed({ service: ServiceExposure.nodePort(NODE_PORTS), gatewayName: 'istio-door' }) }],
    ['gRPC', { alb: { protocolVersion: BackendProtocolVersion.GRPC } }],
    ['HTTP/2', { alb: { protocolVersion: BackendProtocolVersion.HTTP2, listeners: [Listener.https(8443)] } }],
    ['HTTP alone', { alb: { listeners: [Listener.http(8080)] } }],
    ['two ports of each', { alb: { listeners: [Listener.http(), Listener.http(8080), Listener.https(), Listener.https(8443)] } }],
    ['a class that is there', { alb: { ingressClass: AlbIngressClass.fromName('internal'), scheme: AlbScheme.INTERNAL } }],
    ['a group', { alb: { group: IngressGroup.fromName('shop'), groupOrder: 10, loadBalancerName: 'shop' } }],
    ['groups of its own', { alb: { securityGroups: ['sg-0a1b2c3d'], subnets: ['subnet-0a1b2c3d', 'subnet-0a1b2c3e'] } }],
    ['protection', { alb: { inboundCidrs: ['10.0.0.0/8'], wafv2AclArn: ACL, tags: { team: 'shop' } } }],
    ['client certificates', { alb: { listeners: [Listener.https(443, { clientCertificates: ClientCertificates.verify({ trustStore: 'clients' }) })] } }],
    ['tokens', { alb: { auth: AlbAuth.jwt({ jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' }) } }],
    ['a certificate that signs itself', { gateway: { certificate: GatewayCertificate.selfSigned() } }],
    ['a Network Load Balancer in front', { alb: { frontendNlb: {} } }],
    ['a revision and a long drain', { workload: GatewayWorkload.injected({ revision: 'canary', drainDuration: Duration.minutes(10), preStopDuration: Duration.seconds(1) }) }],
    ['two proxies', { edgeName: 'door', workload: GatewayWorkload.injected({ trustedProxies: 2, namespace: 'front', minReplicas: 7 }) }],
  ];
}

/** Makes the edge of a name, with a route to one version and routes to several. */
function make([name, props]: [string, Partial<AlbIstioEdgeProps>]): Made {
  const made = edge(props);
  made.addRoute('One', { paths: [PathMatch.exact('/one')], target: RouteTarget.subset(CART.subset('v2')) });
  made.addRoute('Rest', { target: RouteTarget.split([{ subset: CART.subset('v1'), weight: 80 }, { subset: CART.subset('v2'), weight: 20 }]) });
  return new Made(name, made);
}

/** Edges with an ALB. */
export const BEHIND_ALB: readonly Made[] = behindAlb().map(make);

/** Edges with a Network Load Balancer, which leads straight to the gateway. */
export const BEHIND_NLB: readonly Made[] = ([
  ['layer 4', { workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer() }) }],
  ['the PROXY protocol', { workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ proxyProtocol: true }) }) }],
  ['an issuer', {
    workload: GatewayWorkload.injected({ service: ServiceExposure.networkLoadBalancer({ targetType: TargetType.INSTANCE }) }),
    gateway: { certificate: GatewayCertificate.issuedBy({ kind: IssuerKind.CLUSTER_ISSUER, name: 'letsencrypt' }) },
  }],
] as [string, Partial<AlbIstioEdgeProps>][]).map(make);

/** All of them. */
export const EDGES: readonly Made[] = [...BEHIND_ALB, ...BEHIND_NLB];

/** Edges with an ALB whose gateway pods are made here. */
export const DEPLOYED: readonly Made[] = BEHIND_ALB.filter(made => made.of('Deployment').length > 0);

/** The default edge. */
export const DEFAULT = BEHIND_ALB[0];

/** Every edge keeps to it; the message names the one that does not. */
export function each(edges: readonly Made[], look: (made: Made) => unknown, expected: (made: Made) => unknown): void {
  expect(edges.length).toBeGreaterThan(0);
  expect(edges.map(made => [made.name, look(made)])).toEqual(edges.map(made => [made.name, expected(made)]));
}
