// Pages about the mesh, published behind a login, and never without one by mistake.
import { TargetType } from '../../../src/base/alb-annotations/words';
import { AlbAuth, UnauthenticatedRequest } from '../../../src/edge/alb/auth';
import type { IAlbBackend } from '../../../src/edge/alb/backend';
import { EdgeGateway } from '../../../src/edge/gateway/gateway';
import { GatewayEntry } from '../../../src/edge/gateway-workload/service';
import { AlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { type IObservabilityGateway, ObservabilityUis, type ObservabilityUisProps } from '../../../src/edge/observability/observability';
import { ObservabilityUi } from '../../../src/edge/observability/ui';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { backend, gatewayPods, HandMadeGateway, service } from '../hand-made';

const OIDC = {
  issuer: 'https://login.example.com',
  authorizationEndpoint: 'https://login.example.com/authorize',
  tokenEndpoint: 'https://login.example.com/token',
  userInfoEndpoint: 'https://login.example.com/userinfo',
  secretName: 'observability-login',
};
const LOGIN = AlbAuth.oidc(OIDC);
const KIALI = ObservabilityUi.kiali('kiali.example.com');
const GROUP = { group: { name: 'shared' } };
const WORDS = 'this cluster is a demo without data';

function gateway(overrides: Partial<IAlbBackend> = {}): IObservabilityGateway {
  return Object.assign(new HandMadeGateway(), backend({ targetTypes: [TargetType.IP], ...overrides }));
}

function published(props: Partial<ObservabilityUisProps> = {}): ObservabilityUis {
  return new ObservabilityUis(emptyChart(), 'Tools', { gateway: gateway(), uis: [KIALI], alb: GROUP, login: LOGIN, ...props });
}

function kinds(uis: ObservabilityUis): string[] {
  return synthesized(uis).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

describe('a page', () => {
  it.each<[string, ObservabilityUi, unknown]>([
    ['Kiali', KIALI, ['kiali.istio-system.svc.cluster.local', 20001, undefined]],
    ['Prometheus', ObservabilityUi.prometheus('p.example.com'), ['prometheus.istio-system.svc.cluster.local', 9090, undefined]],
    ['Grafana', ObservabilityUi.grafana('g.example.com'), ['grafana.istio-system.svc.cluster.local', 3000, undefined]],
    ['Jaeger', ObservabilityUi.jaeger('j.example.com'), ['tracing.istio-system.svc.cluster.local', 80, '/jaeger/']],
    ['Zipkin', ObservabilityUi.zipkin('z.example.com'), ['tracing.istio-system.svc.cluster.local', 80, undefined]],
    ['one elsewhere', ObservabilityUi.grafana('g.example.com', { namespace: 'monitoring', serviceName: 'grafana-lb', port: 80 }),
      ['grafana-lb.monitoring.svc.cluster.local', 80, undefined]],
    ['any other', ObservabilityUi.of('perses.example.com', service(), '/home'), ['cart.shop.svc.cluster.local', 8080, '/home']],
  ])('%s', (_, { workload, home }, expected) => {
    expect([workload.host, workload.port, home]).toEqual(expected);
  });

  it.each<[string, () => unknown, string, unknown]>([
    ['without a host', () => ObservabilityUi.kiali(undefined!), 'host', undefined],
    ['for a malformed host', () => ObservabilityUi.kiali('kiali'.repeat(20)), 'host[0]', 'kiali'.repeat(20)],
    ['for a wildcard', () => ObservabilityUi.kiali('*.example.com'), 'host', '*.example.com'],
    ['with a home that is none', () => ObservabilityUi.of('a.b', service(), 'home'), 'home', 'home'],
    ['with port 0', () => ObservabilityUi.kiali('a.b', { port: 0 }), 'port', 0],
    ['with a malformed namespace', () => ObservabilityUi.kiali('a.b', { namespace: 'a.b' }), 'namespace', 'a.b'],
    ['with a port that is a text', () => ObservabilityUi.kiali('a.b', { port: '80' as never }), 'port', '80'],
    ['with a workload that is none', () => ObservabilityUi.of('a.b', 'kiali' as never), 'workload', 'kiali'],
  ])('%s is refused', (_, make, prop, value) => {
    expect(refusal(make)).toMatchObject({ prop, value });
  });
});

describe('behind a login', () => {
  it('one Ingress of the group asks for it, and sends the hosts to the gateway', () => {
    const made = published({ uis: [KIALI, ObservabilityUi.grafana('grafana.example.com')] });
    const { metadata, spec } = theOnly(made, 'Ingress');
    const forward = { path: '/', pathType: 'Prefix', backend: { service: { name: 'door', port: { number: 8443 } } } };
    expect([metadata.namespace, metadata.name]).toEqual(['front', 'door-observability']);
    expect(metadata.annotations).toMatchObject({
      'alb.ingress.kubernetes.io/auth-type': 'oidc',
      'alb.ingress.kubernetes.io/auth-idp-oidc': JSON.stringify(OIDC),
      'alb.ingress.kubernetes.io/group.name': 'shared',
    });
    expect(spec.rules).toEqual(['kiali.example.com', 'grafana.example.com'].map(host => ({ host, http: { paths: [forward] } })));
    expect(made.alb!.hosts).toEqual(['kiali.example.com', 'grafana.example.com']);
  });

  it('every page has a route of its own, and no PeerAuthentication', () => {
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

  it('the choices about the load balancer are those of the edge, but for the login', () => {
    const made = published({ alb: { ...GROUP, auth: AlbAuth.jwt({ jwksEndpoint: 'https://a.b/keys', issuer: 'a' }), wafv2AclArn: 'none', tags: { team: 'a' } }, ingressName: 'tools' });
    expect(theOnly(made, 'Ingress').metadata).toMatchObject({
      name: 'tools',
      annotations: { 'alb.ingress.kubernetes.io/wafv2-acl-arn': 'none', 'alb.ingress.kubernetes.io/tags': 'team=a', 'alb.ingress.kubernetes.io/auth-type': 'oidc' },
    });
    expect(Object.keys(theOnly(made, 'Ingress').metadata.annotations!)).not.toContain('alb.ingress.kubernetes.io/jwt-validation');
  });

  it('a login of the load balancer itself will do', () => {
    const made = published({ login: undefined, alb: { ...GROUP, auth: LOGIN } });
    expect(theOnly(made, 'Ingress').metadata.annotations).toMatchObject({ 'alb.ingress.kubernetes.io/auth-type': 'oidc' });
  });

  it('hosts that stand behind the same login already need no other Ingress, and no group', () => {
    const made = published({ login: undefined, alb: { auth: LOGIN }, servedHosts: ['*.example.com'] });
    expect(made.alb).toBeUndefined();
    expect(kinds(made)).toEqual([expect.stringMatching(/^VirtualService front\/kiali-example-com-/)]);
  });

  it('a group that the class decides will do', () => {
    const ingressClass = new AlbIngressClass(emptyChart(), 'Class', { className: 'shared', groupName: 'shared' });
    expect(published({ alb: { ingressClass } }).alb).toBeDefined();
  });

  it('node ports are taken where something else keeps clients from them', () => {
    const open = gateway({ targetTypes: [TargetType.INSTANCE, TargetType.IP] });
    expect(() => published({ gateway: open, nodePortsGuardedBy: 'only the load balancer may reach nodes' })).not.toThrow();
  });

  it('an edge gateway is one', () => {
    const chart = emptyChart();
    const door = new EdgeGateway(chart, 'Gateway', { workload: gatewayPods(), credentialName: 'tls' });
    expect(() => new ObservabilityUis(chart, 'Tools', { gateway: door, uis: [KIALI], alb: GROUP, login: LOGIN })).not.toThrow();
  });
});

describe('without a login, when told so in words', () => {
  it('the Ingress asks for none', () => {
    const made = published({ login: undefined, withoutLogin: WORDS });
    expect(Object.keys(theOnly(made, 'Ingress').metadata.annotations!).filter(key => key.includes('auth'))).toEqual([]);
  });

  it('hosts of the edge need no Ingress, also behind a Network Load Balancer', () => {
    const made = published({ login: undefined, withoutLogin: WORDS, alb: undefined, servedHosts: ['kiali.example.com'], gateway: gateway({ whyNotBehindAlb: 'layer 4', targetTypes: [] }) });
    expect(kinds(made)).toEqual([expect.stringMatching(/^VirtualService/)]);
  });
});

describe('it is refused', () => {
  const layer4 = gateway({ whyNotBehindAlb: 'it is layer 4', targetTypes: [] });
  const lenient = AlbAuth.oidc({ ...OIDC, onUnauthenticatedRequest: UnauthenticatedRequest.ALLOW });
  const bearer = AlbAuth.jwt({ jwksEndpoint: 'https://a.b/keys', issuer: 'a' });

  it.each<[string, object, string, unknown]>([
    ['without a login', { login: undefined }, 'login', undefined],
    ['with bearer tokens', { login: bearer }, 'login', bearer],
    ['with bearer tokens of the load balancer', { login: undefined, alb: { ...GROUP, auth: bearer } }, 'login', bearer],
    ['with a login that lets others pass', { login: lenient }, 'login.onUnauthenticatedRequest', 'allow'],
    ['with a login that is none', { login: true }, 'login', true],
    ['without a login and without words', { login: undefined, withoutLogin: '' }, 'withoutLogin', ''],
    ['without a login and with few words', { login: undefined, withoutLogin: ' yes I know this ' }, 'withoutLogin', ' yes I know this '],
    ['without a login by a switch', { login: undefined, withoutLogin: true }, 'withoutLogin', true],
    ['with a login and without one', { withoutLogin: WORDS }, 'withoutLogin', WORDS],
    ['with a login that a wildcard of the edge goes around', { servedHosts: ['*.example.com'] }, 'uis[0].host', 'kiali.example.com'],
    ['with a login that any host goes around', { servedHosts: ['*'] }, 'uis[0].host', 'kiali.example.com'],
    ['with another login than that of the host', { alb: { ...GROUP, auth: AlbAuth.oidc(OIDC) }, servedHosts: ['kiali.example.com'] }, 'uis[0].host', 'kiali.example.com'],
    ['with node ports', { gateway: gateway({ targetTypes: [TargetType.IP, TargetType.INSTANCE] }) }, 'gateway', ['ip', 'instance']],
    ['with node ports and few words', { nodePortsGuardedBy: 'a firewall' }, 'nodePortsGuardedBy', 'a firewall'],
    ['with a login behind a Network Load Balancer', { gateway: layer4 }, 'gateway', 'door'],
    ['for other hosts behind a Network Load Balancer', { gateway: layer4, login: undefined, withoutLogin: WORDS }, 'uis', ['kiali.example.com']],
    ['without a group', { alb: {} }, 'alb.group', undefined],
    ['without a load balancer', { alb: undefined }, 'alb.group', undefined],
    ['without pages', { uis: [] }, 'uis', []],
    ['with a host twice', { uis: [KIALI, ObservabilityUi.grafana('kiali.example.com')] }, 'uis[1].host', 'kiali.example.com'],
    ['with a page that is none', { uis: ['kiali'] }, 'uis[0]', 'kiali'],
    ['without a gateway', { gateway: undefined }, 'gateway', undefined],
    ['with a long name', { ingressName: 'a'.repeat(64) }, 'ingressName', 'a'.repeat(64)],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => published(props))).toMatchObject({ prop, value, path: 'chart/Tools' });
  });

  it('with a host that a route of the app has already', () => {
    const chart = emptyChart();
    const props = { gateway: gateway(), uis: [KIALI], alb: GROUP, login: LOGIN };
    new ObservabilityUis(chart, 'Tools', props);
    expect(refusal(() => new ObservabilityUis(chart, 'Others', props))).toMatchObject({ value: 'kiali.example.com' });
  });
});

test('a gateway behind a Network Load Balancer is told by its entry', () => {
  const chart = emptyChart();
  const door = new EdgeGateway(chart, 'Gateway', { workload: gatewayPods({ entry: GatewayEntry.NETWORK_LOAD_BALANCER }), credentialName: 'tls', hosts: ['a.example.com'] });
  expect(refusal(() => new ObservabilityUis(chart, 'Tools', { gateway: door, uis: [KIALI], alb: GROUP, login: LOGIN }))).toMatchObject({ prop: 'gateway' });
});

test.each([[undefined], [''], [{ uis: [KIALI] }]])('the id %j is refused', id => {
  const chart = emptyChart();
  expect(refusal(() => new ObservabilityUis(chart, id as never, undefined as never))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
  expect(chart.node.children).toEqual([]);
});
