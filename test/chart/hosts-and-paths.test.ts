// Hosts and paths with settings of their own: which Ingress a request meets, whether it has to log in, and what reaches the gateway.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { type Alb, BackendProtocolVersion } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { RulePath } from '../../src/edge/listener/rule';
import type { AlbOptions } from '../../src/edge/alb/options';
import { AlbIngressClass, AlbIstioEdge, Bookinfo, RouteTarget } from '../../src';
import { manifestsOf } from '../../src/manifests/input';
import { surveyOf } from '../../src/plan/survey';
import { describeEnds } from '../../src/trace/expectation';
import { trace } from '../../src/trace/trace';

const OIDC = AlbAuth.oidc({
  issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/authorize', tokenEndpoint: 'https://id.example.com/token',
  userInfoEndpoint: 'https://id.example.com/userinfo', secretName: 'oidc',
});
const JWT = AlbAuth.jwt({ issuer: 'https://id.example.com', jwksEndpoint: 'https://id.example.com/jwks' });
const CLAIMS = 'claims={"iss":"https://id.example.com"}';

const LOGIN = '302 https://id.example.com/authorize';
const POD = 'productpage.bookinfo:9080';
const NO_TOKEN = '401 invalid token';
const REFUSED = '400';

/** Paths that Envoy resolves to `/admin`, or an application behind it. */
const ODD_ADMINS = [
  '/public/../admin', '/public/./../admin', '/public/x/%2e%2e/../admin', '/public/%2E./admin', '/public/..\\admin', '/public\\..\\admin', '/%61dmin', '/%41dmin',
  '/adm%69n', '//admin', '/public//../../admin', '/public/..%2Fadmin', '/public%2f..%2fadmin', '/public/..;/admin', '/%2fadmin', '/public%5c..%5cadmin',
];

/** An app with an edge whose routes all lead to one workload. */
function edge(alb: AlbOptions = {}, hosts = ['www.example.com', 'grpc.example.com']): AlbIstioEdge {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'hosts-and-paths-')) });
  const bookinfo = new Bookinfo(app, 'bookinfo');
  const made = new AlbIstioEdge(app, 'edge', { hosts, gateway: { credentialName: 'tls' }, alb });
  made.addRoute('All', { target: RouteTarget.workload(bookinfo.productpage) });
  return made;
}

/** Where requests end. A path is a request for `https://www.example.com`. */
function endsOf(made: AlbIstioEdge, ...requests: readonly string[]): string[] {
  const manifests = manifestsOf(App.of(made));
  return requests.map(request => describeEnds(trace(manifests, request.startsWith('/') ? `GET https://www.example.com${request}` : request).ends));
}

/** The Ingresses, in the order of their rules. */
function membersOf(made: AlbIstioEdge): string[] {
  return surveyOf(manifestsOf(made)).groups.flatMap(({ members }) => members.map(member => member.replace('istio-ingress/', '')));
}

/** Every order of the calls. */
function permutations<T>(all: readonly T[]): T[][] {
  return all.length === 0 ? [[]] : all.flatMap((one, index) => permutations([...all.slice(0, index), ...all.slice(index + 1)]).map(rest => [one, ...rest]));
}

describe('a host with gRPC', () => {
  const requests = [
    'GET https://www.example.com/productpage http=1.1', 'GET https://www.example.com/productpage http=2', 'GET https://grpc.example.com/productpage http=1.1',
    'POST https://grpc.example.com/shop.Cart/Get content-type=application/grpc http=2', 'POST http://grpc.example.com/shop.Cart/Get content-type=application/grpc',
  ];

  it('leaves HTTP/1.1 to the other hosts', () => {
    const made = edge();
    made.alb!.addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.GRPC });
    expect(endsOf(made, ...requests)).toEqual([POD, POD, '464 HTTP/1.1 to a target group for gRPC', POD, '301 https://grpc.example.com/shop.Cart/Get']);
    App.of(made).synth();
  });

  it('would take HTTP/1.1 from all of them without an Ingress of its own', () => {
    expect(endsOf(edge({ protocolVersion: BackendProtocolVersion.GRPC }), ...requests).slice(0, 2))
      .toEqual(['464 HTTP/1.1 to a target group for gRPC', '464 GET to a target group for gRPC']);
  });

  it('keeps the login of the load balancer, unless it is told otherwise', () => {
    const made = edge({ auth: OIDC }, ['www.example.com', 'grpc.example.com', 'open.example.com', 'api.example.com']);
    made.alb!.addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.HTTP2, auth: undefined });
    made.alb!.addHost('open.example.com', { auth: AlbAuth.none() });
    made.alb!.addHost('api.example.com', { auth: JWT });
    expect(endsOf(made, ...['www', 'grpc', 'open', 'api'].map(name => `GET https://${name}.example.com/`), `GET https://api.example.com/ ${CLAIMS}`))
      .toEqual([LOGIN, LOGIN, POD, NO_TOKEN, POD]);
    App.of(made).synth();
  });
});

describe('a login for all but some paths', () => {
  it('exempts an exact path and nothing else', () => {
    const made = edge({ auth: OIDC });
    made.alb!.addPaths([RulePath.exact('/health')], { auth: AlbAuth.none() });
    const others = ['/', '/healthz', '/health/', '/health/x', '/Health', '/x/health', '/health%2f..', ...ODD_ADMINS];
    expect(endsOf(made, '/health', '/health?x', 'GET http://www.example.com/health', 'GET https://grpc.example.com/health', 'GET https://grpc.example.com/x'))
      .toEqual([POD, POD, '301 https://www.example.com/health', POD, LOGIN]);
    expect(endsOf(made, ...others)).toEqual(others.map(() => LOGIN));
    App.of(made).synth();
  });

  it('exempts a prefix without what its dot segments lead to', () => {
    const made = edge({ auth: OIDC });
    made.alb!.addPaths([RulePath.prefix('/public')], { auth: AlbAuth.none() });
    const exempt = ['/public', '/public/', '/public/a.b/c', '/public/.well-known/x', '/public/a..b', '/public/%20', '/public/a%5Bb%5D', '/public/a%2Fb', '/public/x?a=//b/../c'];
    expect(endsOf(made, ...exempt)).toEqual(exempt.map(() => POD));
    expect(endsOf(made, '/', '/publicity', '/admin', '/x/public')).toEqual([LOGIN, LOGIN, LOGIN, LOGIN]);
    expect(endsOf(made, ...ODD_ADMINS)).toEqual(ODD_ADMINS.map(() => REFUSED));
    App.of(made).synth();
  });

  it('exempts from tokens in the same way', () => {
    const made = edge({ auth: JWT });
    made.alb!.addPaths([RulePath.exact('/health'), RulePath.prefix('/docs')], { auth: AlbAuth.none() });
    expect(endsOf(made, '/health', '/docs/a', '/healthz', '/', `GET https://www.example.com/ ${CLAIMS}`, '/docs/../admin'))
      .toEqual([POD, POD, NO_TOKEN, NO_TOKEN, POD, REFUSED]);
  });
});

describe('a login for some paths', () => {
  it.each([RulePath.exact('/admin'), RulePath.prefix('/admin')])('is not avoided by another spelling of the path', path => {
    const made = edge();
    made.alb!.addPaths([RulePath.prefix('/static')], { protocolVersion: BackendProtocolVersion.HTTP2 });
    made.alb!.addPaths([path], { auth: OIDC });
    expect(endsOf(made, '/admin', '/administrator', '/', 'GET https://www.example.com/static/a http=2')).toEqual([LOGIN, POD, POD, POD]);
    const odd = [...ODD_ADMINS, ...ODD_ADMINS.map(each => each.replace('/public', '/static'))];
    // The listener rule that refuses them is in the Ingress with the login.
    expect(endsOf(made, ...odd.map(each => `GET https://www.example.com${each} login http=2`))).toEqual(odd.map(() => REFUSED));
    const hidden = ['/admin%2Fx', '/admin%2fx', '/admin;x=1', '/admin;/x'];
    expect(endsOf(made, ...hidden.map(each => `GET https://www.example.com${each} login`))).toEqual(hidden.map(() => REFUSED));
    expect(endsOf(made, ...ODD_ADMINS, ...hidden).filter(end => end !== LOGIN && end !== REFUSED)).toEqual([]);
  });

  it('leaves odd paths alone where every path has the same login', () => {
    const made = edge({ auth: OIDC });
    made.alb!.addPaths([RulePath.prefix('/static')], { protocolVersion: BackendProtocolVersion.HTTP2 });
    expect(endsOf(made, ...ODD_ADMINS)).toEqual(ODD_ADMINS.map(() => LOGIN));
  });
});

describe('the order of the Ingresses', () => {
  it('has the more specific path first, whatever the order of the calls', () => {
    const calls: ((alb: Alb) => void)[] = [
      alb => alb.addPaths([RulePath.prefix('/a')], { auth: AlbAuth.none() }),
      alb => alb.addPaths([RulePath.exact('/a/b/c')], { auth: AlbAuth.none() }),
      alb => alb.addPaths([RulePath.prefix('/a/b')], { auth: JWT }),
      alb => alb.addHost('grpc.example.com', { auth: JWT }).addPaths([RulePath.exact('/a/b/d')], { auth: AlbAuth.none() }),
    ];
    for (const order of permutations(calls)) {
      const made = edge({ auth: OIDC });
      order.forEach(call => call(made.alb!));
      const names = membersOf(made);
      expect(names.filter(name => !name.includes('grpc'))).toEqual(['istio-ingress-a-b-c', 'istio-ingress-a-b', 'istio-ingress-a', 'istio-ingress']);
      expect(names.filter(name => name.includes('grpc'))).toEqual(['istio-ingress-grpc-example-com-a-b-d', 'istio-ingress-grpc-example-com']);
      expect(names.at(-1)).toBe('istio-ingress');
    }
    const made = edge({ auth: OIDC });
    calls.forEach(call => call(made.alb!));
    expect(endsOf(made, '/a', '/a/b', '/a/b/c', '/a/b/d', '/b')).toEqual([POD, NO_TOKEN, POD, NO_TOKEN, LOGIN]);
    expect(endsOf(made, ...['/a', '/a/b/c', '/a/b/d'].map(path => `GET https://grpc.example.com${path}`))).toEqual([NO_TOKEN, NO_TOKEN, POD]);
  });

  it('has a host before the wildcard that covers it, with all its paths', () => {
    const calls: ((alb: Alb) => void)[] = [
      alb => alb.addHost('www.example.com', { auth: JWT }),
      alb => alb.addHost('*.shop.example.com', { auth: AlbAuth.none() }),
      alb => alb.addPaths([RulePath.exact('/health')], { auth: AlbAuth.none() }),
      alb => alb.addHost('a.shop.example.com', { auth: JWT }),
    ];
    // a.shop.example.com can have an Ingress of its own before the wildcard has, and after it.
    for (const order of [calls, [...calls].reverse()]) {
      const made = edge({ auth: OIDC }, ['*.example.com']);
      order.forEach(call => call(made.alb!));
      const urls = ['www', 'a.shop', 'b.shop', 'x'].flatMap(name => ['/', '/health'].map(path => `GET https://${name}.example.com${path}`));
      expect(endsOf(made, ...urls)).toEqual([NO_TOKEN, NO_TOKEN, NO_TOKEN, NO_TOKEN, POD, POD, LOGIN, POD]);
    }
  });

  it('lets paths apply to some of the hosts', () => {
    const made = edge({ auth: OIDC });
    made.alb!.addPaths([RulePath.prefix('/a')], { hosts: ['www.example.com'], auth: AlbAuth.none() });
    made.alb!.addPaths([RulePath.exact('/a/b')], { auth: JWT });
    expect(endsOf(made, '/a', '/a/b', 'GET https://grpc.example.com/a', 'GET https://grpc.example.com/a/b')).toEqual([POD, NO_TOKEN, LOGIN, NO_TOKEN]);
  });
});

test('frontend NLB, certificates, tags and the settings of a class are the same in every Ingress of the load balancer', () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'hosts-and-paths-')) });
  const bookinfo = new Bookinfo(app, 'bookinfo');
  const made = new AlbIstioEdge(app, 'edge', {
    hosts: ['www.example.com', 'grpc.example.com'],
    gateway: { credentialName: 'tls' },
    alb: {
      certificateArns: ['arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789'], tags: { team: 'a' }, frontendNlb: {},
      inboundCidrs: ['10.0.0.0/8'], loadBalancerName: 'shop', auth: OIDC, wafv2AclName: 'acl', deregistrationDelay: undefined,
    },
  });
  made.addRoute('All', { target: RouteTarget.workload(bookinfo.productpage) });
  made.alb!.addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.GRPC });
  made.alb!.addPaths([RulePath.exact('/health')], { auth: AlbAuth.none() });
  expect(endsOf(made, '/', '/health')).toEqual([LOGIN, POD]);
  app.synth();
});

test('the group is that of the class, where the class has one', () => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'hosts-and-paths-')) });
  const made = edge({ ingressClass: new AlbIngressClass(new Chart(app, 'platform'), 'Class', { className: 'shared', groupName: 'platform' }), auth: OIDC });
  made.alb!.addPaths([RulePath.exact('/health')], { auth: AlbAuth.none() });
  expect(surveyOf([...manifestsOf(made), ...manifestsOf(app)]).groups.map(({ id, members }) => [id, members]))
    .toEqual([['platform', ['istio-ingress/istio-ingress-health', 'istio-ingress/istio-ingress']]]);
});
