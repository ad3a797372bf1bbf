// Faults between objects that fail the synth of an edge.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Duration } from 'cdk8s';
import { Namespace } from 'cdk8s-plus-28';
import {
  AlbIngressClass, AlbIstioEdge, type AlbIstioEdgeProps, AuthorizationAction, AuthorizationPolicy, AuthorizationRule, EdgeGateway, Operation, PathMatch, PolicyScope,
  RequestAuthentication, Route, RouteTarget, routing, traffic, Workload,
} from '../../src';
import { Alb, IpAddressType } from '../../src/edge/alb/alb';
import { backend } from '../edge/stubs';

const JWT_RULES = [{ issuer: 'https://id.example.com' }];
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const webAcl = (region: string) => `arn:aws:wafv2:${region}:123456789012:regional/webacl/shop/0a1b2c3d-4e5f-6789-abcd-ef0123456789`;

function edgeIn(app: App, props: Partial<AlbIstioEdgeProps> = {}): AlbIstioEdge {
  return new AlbIstioEdge(app, 'edge', { hosts: ['shop.example.com', '*.api.example.com'], gateway: { credentialName: 'tls' }, ...props });
}

function newApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'synth-faults-')) });
}

/** What fails the synth of an edge; empty if nothing does. */
function faultOf(change: (edge: AlbIstioEdge, app: App) => void, props: Partial<AlbIstioEdgeProps> = {}): string {
  const app = newApp();
  const edge = edgeIn(app, props);
  change(edge, app);
  edge.addRoute('All', { target: RouteTarget.respond(200) });
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('hosts of policies at a gateway are hosts of its load balancers', () => {
  const served = 'must be a host that a load balancer of the app passes to the gateway istio-ingress/istio-ingress: shop.example.com, *.api.example.com';
  const login = (...tokenHosts: string[]) => (edge: AlbIstioEdge) => {
    new RequestAuthentication(edge, 'Login', { scope: PolicyScope.gateway(edge.workload), jwtRules: JWT_RULES, tokenHosts });
  };
  const allow = (operation: Operation, scope = (edge: AlbIstioEdge) => PolicyScope.gateway(edge.workload)) => (edge: AlbIstioEdge) => {
    new AuthorizationPolicy(edge, 'Policy', { scope: scope(edge), action: AuthorizationAction.ALLOW, rules: [AuthorizationRule.of({ to: [operation] })] });
  };

  it.each(['shop.example.org', 'shpo.example.com', 'api.example.com'])('a token is not asked of %s', host => {
    expect(faultOf(login('shop.example.com', host))).toContain(`tokenHosts[1] ${served}; got ${JSON.stringify(host)}`);
  });

  it.each(['shop.example.com', 'Shop.Example.com', 'a.api.example.com', 'shop.example.com:8443', 'shop*', 'a.b.c*'])('but of %s', host => {
    expect(faultOf(login(host))).toBe('');
  });

  it('nor does a rule name another one', () => {
    expect(faultOf(allow(Operation.hosts(['shpo.example.com'])))).toContain(`rules[0].to[0].hosts ${served}; got "shpo.example.com"`);
    expect(faultOf(allow(Operation.of({ notHosts: ['shpo.example.com'] })))).toContain('rules[0].to[0].notHosts must be a host');
    expect(faultOf(allow(Operation.hosts(['*.example.com'])))).toBe('');
    expect(faultOf(allow(Operation.hosts(['other.example.com']), () => PolicyScope.workload(new Workload({ serviceName: 'a', namespace: 'b', port: 80 }))))).toBe('');
  });

  it('nor does a rate limit at the gateway count requests for another one', () => {
    const limit = (host: string, scope = (edge: AlbIstioEdge) => PolicyScope.gateway(edge.workload)) => (edge: AlbIstioEdge) => {
      new traffic.LocalRateLimit(edge, 'Limit', { scope: scope(edge), requests: 10, interval: Duration.seconds(1), hosts: ['shop.example.com', host] });
    };
    expect(faultOf(limit('shpo.example.com'))).toContain(`hosts[1] ${served}; got "shpo.example.com"`);
    expect(faultOf(limit('*.example.com'))).toBe('');
    expect(faultOf(limit('a.api.example.com'))).toBe('');
    expect(faultOf(limit('other.example.com', () => PolicyScope.workload(new Workload({ serviceName: 'a', namespace: 'b', port: 80 }))))).toBe('');
  });

  it('load balancers that are declared later count', () => {
    expect(faultOf((edge, app) => {
      login('shop.example.org')(edge);
      new Alb(new Chart(app, 'second'), 'Alb', { backend: edge.gateway, hosts: ['shop.example.org'], ingressName: 'second' });
    })).toBe('');
  });
});

describe('hosts of routes are hosts of the load balancers', () => {
  const route = (host: string) => (edge: AlbIstioEdge) => {
    new Route(edge, 'Own', { gateway: edge.gateway, hosts: [host], target: RouteTarget.respond(200) });
  };

  it('of the app, where it has one for the gateway', () => {
    expect(faultOf(route('shpo.example.com'))).toContain('every host of a route and of admittedHosts must be a host that a load balancer of the app passes');
    expect(faultOf(route('a.api.example.com'))).toBe('');
    expect(faultOf(() => undefined, { gateway: { credentialName: 'tls', admittedHosts: ['team/shpo.example.com'] } })).toContain('got "shpo.example.com"');
    expect(faultOf(() => undefined, { gateway: { credentialName: 'tls', admittedHosts: ['team/shop.example.com'], admittedNamespaces: ['other'] } })).toBe('');
  });

  it('and any host where it has none', () => {
    const app = newApp();
    const chart = new Chart(app, 'chart');
    const { workload } = edgeIn(newApp());
    const gateway = new EdgeGateway(chart, 'Gateway', { workload, credentialName: 'tls' });
    new Route(chart, 'Own', { gateway, hosts: ['any.example.com'], target: RouteTarget.respond(200) });
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a token that is required of preflight requests', () => {
  const login = (props: object, withCors = true) => (edge: AlbIstioEdge) => {
    new RequestAuthentication(edge, 'Login', { scope: PolicyScope.gateway(edge.workload), jwtRules: JWT_RULES, ...props });
    const cors = { allowOrigins: [routing.CorsOrigin.exact('https://www.example.com')] };
    edge.addRoute('Api', { paths: [PathMatch.pathPrefix('/api')], target: RouteTarget.respond(201), hosts: ['shop.example.com'], ...(withCors ? { cors } : {}) });
  };

  it('fails the synth where a route has a CORS policy', () => {
    const message = 'publicMethods must contain OPTIONS: a route for shop.example.com has a CORS policy, and browsers send its preflight requests without a token';
    expect(faultOf(login({}))).toContain(message);
    expect(faultOf(login({ publicMethods: ['GET'], tokenHosts: ['shop.example.com'] }))).toContain(message);
  });

  it.each<[string, object, boolean?]>([
    ['public', { publicMethods: ['OPTIONS'] }], ['other hosts', { tokenHosts: ['a.api.example.com'] }], ['only logged', { dryRun: true }], ['optional', { requireToken: false }],
    ['in a cookie', { jwtRules: [{ issuer: 'https://id.example.com', fromCookies: ['token'] }] }], ['for other paths', { publicPaths: ['/api/*'] }], ['without CORS', {}, false],
  ])('but not where it is %s', (_, props, withCors = true) => {
    expect(faultOf(login(props, withCors))).toBe('');
  });

  it('applies at the gateway alone', () => {
    expect(faultOf(edge => {
      login({ publicMethods: ['OPTIONS'] })(edge);
      new RequestAuthentication(edge, 'Other', { scope: PolicyScope.workload(new Workload({ serviceName: 'a', namespace: 'b', port: 80 })), jwtRules: JWT_RULES });
    })).toBe('');
  });
});

describe('AWS resources', () => {
  it('of another Region fail the synth', () => {
    expect(faultOf(() => undefined, { alb: { certificateArns: [CERTIFICATE], wafv2AclArn: webAcl('us-east-1') } })).toContain('arn-of-another-region');
    expect(faultOf(() => undefined, { alb: { certificateArns: [CERTIFICATE], wafv2AclArn: webAcl('eu-west-1') } })).toBe('');
  });

  it('inbound ranges of another address family fail the synth', () => {
    expect(faultOf(() => undefined, { alb: { inboundCidrs: ['2001:db8::/32'] } })).toContain('no-inbound-range');
    expect(faultOf(() => undefined, { alb: { inboundCidrs: ['2001:db8::/32'], ipAddressType: IpAddressType.DUALSTACK } })).toBe('');
  });
});

test('a namespace without the labels of the class fails the synth', () => {
  const withLabels = (labels: Record<string, string>) => {
    const app = newApp();
    const chart = new Chart(app, 'class', { disableResourceNameHashes: true });
    const ingressClass = new AlbIngressClass(chart, 'Class', { className: 'front', namespaceLabels: { team: 'edge' } });
    const edge = edgeIn(app, { alb: { ingressClass } });
    const namespace = edge.node.findAll().filter(ApiObject.isApiObject).find(({ kind }) => kind === 'Namespace')
      ?? ApiObject.of(new Namespace(chart, 'Namespace', { metadata: { name: 'istio-ingress' } }));
    Object.entries(labels).forEach(([key, value]) => namespace.metadata.addLabel(key, value));
    return () => app.synth();
  };
  expect(withLabels({})).toThrow('the namespaceSelector of IngressClassParams front does not match namespace istio-ingress');
  expect(withLabels({ team: 'edge' })).not.toThrow();
});

test('a load balancer straight to pods that the edge makes STRICT fails the synth', () => {
  const shop = new Workload({ serviceName: 'shop', namespace: 'shop', port: 80 });
  const straight = (edge: AlbIstioEdge, app: App) => {
    edge.addRoute('Shop', { target: RouteTarget.workload(shop), hosts: ['shop.example.com'] });
    const chart = new Chart(app, 'shop');
    const labels = { app: 'shop' };
    new ApiObject(chart, 'Service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop', namespace: 'shop' }, spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } });
    const template = { metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'true' } }, spec: { containers: [{ name: 'shop', image: 'shop:1', ports: [{ containerPort: 8080 }] }] } };
    new ApiObject(chart, 'Deployment', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop', namespace: 'shop' }, spec: { selector: { matchLabels: labels }, template } });
    new Alb(chart, 'Alb', { backend: backend({ backendNamespace: 'shop', backendService: 'shop', backendPort: 80, healthCheckPort: 'traffic-port' }), hosts: ['straight.example.com'] });
  };
  expect(faultOf(straight)).toContain('load-balancer-to-strict-pods');
});
