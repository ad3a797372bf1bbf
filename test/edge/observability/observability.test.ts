// Observability UIs: published behind a login, and never without one by mistake.
import { TargetType } from '../../../src/base/alb-annotations/words';
import { AlbAuth, UnauthenticatedRequest } from '../../../src/edge/alb/auth';
import type { IAlbBackend } from '../../../src/edge/listener/backend';
import { EdgeGateway } from '../../../src/edge/gateway/gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { AlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { type IObservabilityGateway, ObservabilityUis, type ObservabilityUisProps } from '../../../src/edge/observability/observability';
import { ObservabilityUi } from '../../../src/edge/observability/ui';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { backend, gatewayPods, HandMadeGateway, service } from '../stubs';

const OIDC = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/userinfo',
  secretName: 'observability-login',
};
const LOGIN = AlbAuth.oidc(OIDC);
const KIALI = ObservabilityUi.kiali('kiali.example.com');
const GROUP = { group: { groupName: 'shared' }, groupOrder: 1 };
const REASON = 'this cluster is a demo without data';

function gateway(overrides: Partial<IAlbBackend> = {}): IObservabilityGateway {
  return Object.assign(new HandMadeGateway(), backend({ targetTypes: [TargetType.IP], ...overrides }));
}

function published(props: Partial<ObservabilityUisProps> = {}): ObservabilityUis {
  return new ObservabilityUis(emptyChart(), 'Tools', { gateway: gateway(), uis: [KIALI], alb: GROUP, login: LOGIN, ...props });
}

function kinds(uis: ObservabilityUis): string[] {
  return synthesized(uis).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

describe('a UI', () => {
  it.each<[string, ObservabilityUi, unknown]>([
    ['Kiali', KIALI, { host: 'kiali.istio-system.svc.cluster.local', port: 20001, home: undefined }],
    ['Prometheus', ObservabilityUi.prometheus('p.example.com'), { host: 'prometheus.istio-system.svc.cluster.local', port: 9090, home: undefined }],
    ['Grafana', ObservabilityUi.grafana('g.example.com'), { host: 'grafana.istio-system.svc.cluster.local', port: 3000, home: undefined }],
    ['Jaeger', ObservabilityUi.jaeger('j.example.com'), { host: 'tracing.istio-system.svc.cluster.local', port: 80, home: '/jaeger/' }],
    ['Zipkin', ObservabilityUi.zipkin('z.example.com'), { host: 'tracing.istio-system.svc.cluster.local', port: 80, home: undefined }],
    ['an add-on with another Service', ObservabilityUi.grafana('g.example.com', { namespace: 'monitoring', serviceName: 'grafana-lb', port: 80 }),
      { host: 'grafana-lb.monitoring.svc.cluster.local', port: 80, home: undefined }],
    ['any other UI', ObservabilityUi.of('perses.example.com', service(), '/home'), { host: 'cart.shop.svc.cluster.local', port: 8080, home: '/home' }],
  ])('%s', (_, { workload, home }, expected) => {
    expect({ host: workload.host, port: workload.port, home }).toEqual(expected);
  });

  it.each<[string, () => unknown, string, unknown]>([
    ['a missing host', () => ObservabilityUi.kiali(undefined!), 'host', undefined],
    ['an invalid host', () => ObservabilityUi.kiali('kiali'.repeat(20)), 'host[0]', 'kiali'.repeat(20)],
    ['a wildcard host', () => ObservabilityUi.kiali('*.example.com'), 'host', '*.example.com'],
    ['a relative home', () => ObservabilityUi.of('a.b', service(), 'home'), 'home', 'home'],
    ['port 0', () => ObservabilityUi.kiali('a.b', { port: 0 }), 'port', 0],
    ['an invalid namespace', () => ObservabilityUi.kiali('a.b', { namespace: 'a.b' }), 'namespace', 'a.b'],
    ['a port as a string', () => ObservabilityUi.kiali('a.b', { port: '80' as never }), 'port', '80'],
    ['a workload of the wrong type', () => ObservabilityUi.of('a.b', 'kiali' as never), 'workload', 'kiali'],
  ])('rejects %s', (_, make, prop, value) => {
    expect(refusal(make)).toMatchObject({ prop, value });
  });
});

describe('behind a login', () => {
  it('renders one Ingress with the login in the group of the edge', () => {
    const made = published({ uis: [KIALI, ObservabilityUi.grafana('grafana.example.com')] });
    const { metadata, spec } = theOnly(made, 'Ingress');
    const forward = { path: '/', pathType: 'Prefix', backend: { service: { name: 'door', port: { number: 8443 } } } };
    expect({ namespace: metadata.namespace, name: metadata.name }).toEqual({ namespace: 'front', name: 'door-observability' });
    expect(metadata.annotations).toMatchObject({
      'alb.ingress.kubernetes.io/auth-type': 'oidc',
      'alb.ingress.kubernetes.io/auth-idp-oidc': JSON.stringify(OIDC),
      'alb.ingress.kubernetes.io/group.name': 'shared',
    });
    expect(spec.rules).toEqual(['kiali.example.com', 'grafana.example.com'].map(host => ({ host, http: { paths: [forward] } })));
    expect(made.alb!.hosts).toEqual(['kiali.example.com', 'grafana.example.com']);
  });

  it('renders a route for every UI and no PeerAuthentication', () => {
    const made = published({ uis: [KIALI, ObservabilityUi.jaeger('tracing.example.com')] });
    expect(synthesized(made, 'VirtualService').map(({ spec }) => spec)).toEqual([
      {
        gateways: ['front/door'],
        hosts: ['kiali.example.com'],
        http: [{ name: 'kiali.example.com', route: [{ destination: { host: 'kiali.istio-system.svc.cluster.local', port: { number: 20001 } } }] }],
      },
      {
        gateways: ['front/door'],
        hosts: ['tracing.example.com'],
        http: [
          { name: 'tracing.example.com-home', match: [{ uri: { exact: '/' } }], redirect: { uri: '/jaeger/', redirectCode: 302 } },
          { name: 'tracing.example.com', route: [{ destination: { host: 'tracing.istio-system.svc.cluster.local', port: { number: 80 } } }] },
        ],
      },
    ]);
    expect(kinds(made).filter(each => !each.startsWith('VirtualService'))).toEqual(['Ingress front/door-observability']);
  });

  it('uses the load balancer options of the edge, except for the login', () => {
    const made = published({ alb: { ...GROUP, auth: AlbAuth.jwt({ jwksEndpoint: 'https://a.b/keys', issuer: 'a' }), wafv2AclArn: 'none', tags: { team: 'a' } }, ingressName: 'tools' });
    expect(theOnly(made, 'Ingress').metadata).toMatchObject({
      name: 'tools',
      annotations: { 'alb.ingress.kubernetes.io/wafv2-acl-arn': 'none', 'alb.ingress.kubernetes.io/tags': 'team=a', 'alb.ingress.kubernetes.io/auth-type': 'oidc' },
    });
    expect(Object.keys(theOnly(made, 'Ingress').metadata.annotations!)).not.toContain('alb.ingress.kubernetes.io/jwt-validation');
  });

  it('accepts the login of the load balancer', () => {
    const made = published({ login: undefined, alb: { ...GROUP, auth: LOGIN } });
    expect(theOnly(made, 'Ingress').metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/auth-type': 'oidc' });
  });

  it('needs no Ingress and no group for hosts that are already behind the same login', () => {
    const made = published({ login: undefined, alb: { auth: LOGIN }, servedHosts: ['*.example.com'] });
    expect(made.alb).toBeUndefined();
    expect(kinds(made)).toEqual([expect.stringMatching(/^VirtualService front\/kiali-example-com-/)]);
  });

  it('accepts the group of the IngressClass', () => {
    const ingressClass = new AlbIngressClass(emptyChart(), 'Class', { className: 'shared', groupName: 'shared' });
    expect(published({ alb: { ingressClass } }).alb).toBeDefined();
  });

  it('accepts node ports if something else protects them', () => {
    const open = gateway({ targetTypes: [TargetType.INSTANCE, TargetType.IP] });
    expect(() => published({ gateway: open, nodePortsGuardedBy: 'only the load balancer may reach nodes' })).not.toThrow();
  });

  it('accepts an EdgeGateway', () => {
    const chart = emptyChart();
    const door = new EdgeGateway(chart, 'Gateway', { workload: gatewayPods(), credentialName: 'tls' });
    expect(() => new ObservabilityUis(chart, 'Tools', { gateway: door, uis: [KIALI], alb: GROUP, login: LOGIN })).not.toThrow();
  });
});

describe('with withoutLogin', () => {
  it('renders an Ingress without a login', () => {
    const made = published({ login: undefined, withoutLogin: REASON });
    expect(Object.keys(theOnly(made, 'Ingress').metadata.annotations!).filter(key => key.includes('auth'))).toEqual([]);
  });

  it('needs no Ingress for hosts of the edge, even behind a Network Load Balancer', () => {
    const made = published({ login: undefined, withoutLogin: REASON, alb: undefined, servedHosts: ['kiali.example.com'], gateway: gateway({ targetTypes: [] }) });
    expect(kinds(made)).toEqual([expect.stringMatching(/^VirtualService/)]);
  });
});

describe('rejects', () => {
  const layer4 = gateway({ targetTypes: [] });
  const lenient = AlbAuth.oidc({ ...OIDC, onUnauthenticatedRequest: UnauthenticatedRequest.ALLOW });
  const bearer = AlbAuth.jwt({ jwksEndpoint: 'https://a.b/keys', issuer: 'a' });

  it.each<[string, object, string, unknown]>([
    ['a missing login', { login: undefined }, 'login', undefined],
    ['bearer tokens', { login: bearer }, 'login', bearer],
    ['bearer tokens of the load balancer', { login: undefined, alb: { ...GROUP, auth: bearer } }, 'login', bearer],
    ['a login that lets unauthenticated requests pass', { login: lenient }, 'login.onUnauthenticatedRequest', 'allow'],
    ['a login of the wrong type', { login: true }, 'login', true],
    ['an empty withoutLogin', { login: undefined, withoutLogin: '' }, 'withoutLogin', ''],
    ['a blank withoutLogin', { login: undefined, withoutLogin: ' ' }, 'withoutLogin', ' '],
    ['withoutLogin as a boolean', { login: undefined, withoutLogin: true }, 'withoutLogin', true],
    ['a login and withoutLogin', { withoutLogin: REASON }, 'withoutLogin', REASON],
    ['a host that a wildcard of the edge serves without the login', { servedHosts: ['*.example.com'] }, 'uis[0].host', 'kiali.example.com'],
    ['a host that the edge serves without the login, as it does any host', { servedHosts: ['*'] }, 'uis[0].host', 'kiali.example.com'],
    ['a host that the edge serves with another login', { alb: { ...GROUP, auth: AlbAuth.oidc(OIDC) }, servedHosts: ['kiali.example.com'] }, 'uis[0].host', 'kiali.example.com'],
    ['node ports', { gateway: gateway({ targetTypes: [TargetType.IP, TargetType.INSTANCE] }) }, 'gateway', ['ip', 'instance']],
    ['an empty nodePortsGuardedBy', { nodePortsGuardedBy: '' }, 'nodePortsGuardedBy', ''],
    ['a login behind a Network Load Balancer', { gateway: layer4 }, 'gateway', 'door'],
    ['other hosts behind a Network Load Balancer', { gateway: layer4, login: undefined, withoutLogin: REASON }, 'uis', ['kiali.example.com']],
    ['a missing group', { alb: {} }, 'alb.group', undefined],
    ['missing load balancer options', { alb: undefined }, 'alb.group', undefined],
    ['an empty list of UIs', { uis: [] }, 'uis', []],
    ['a duplicate host', { uis: [KIALI, ObservabilityUi.grafana('kiali.example.com')] }, 'uis[1].host', 'kiali.example.com'],
    ['a UI of the wrong type', { uis: ['kiali'] }, 'uis[0]', 'kiali'],
    ['a missing gateway', { gateway: undefined }, 'gateway', undefined],
    ['a long name', { ingressName: 'a'.repeat(64) }, 'ingressName', 'a'.repeat(64)],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => published(props))).toMatchObject({ prop, value, path: 'chart/Tools' });
  });

  it('a host that already has routes in the app', () => {
    const chart = emptyChart();
    const props = { gateway: gateway(), uis: [KIALI], alb: GROUP, login: LOGIN };
    new ObservabilityUis(chart, 'Tools', props);
    expect(refusal(() => new ObservabilityUis(chart, 'Others', props))).toMatchObject({ value: 'kiali.example.com' });
  });
});

test('rejects a login for an EdgeGateway behind a Network Load Balancer', () => {
  const chart = emptyChart();
  const door = new EdgeGateway(chart, 'Gateway', { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), credentialName: 'tls', hosts: ['a.example.com'] });
  expect(refusal(() => new ObservabilityUis(chart, 'Tools', { gateway: door, uis: [KIALI], alb: GROUP, login: LOGIN }))).toMatchObject({ prop: 'gateway' });
});

test.each([[undefined], [''], [{ uis: [KIALI] }]])('rejects the id %j', id => {
  const chart = emptyChart();
  expect(refusal(() => new ObservabilityUis(chart, id as never, undefined as never))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
  expect(chart.node.children).toEqual([]);
});
