// Hosts and paths of a load balancer with settings of their own: the Ingresses, and what is refused.
import { Alb, type AlbProps, BackendProtocolVersion, TargetType } from '../../../src/edge/alb/alb';
import { AlbAuth } from '../../../src/edge/alb/auth';
import type { AlbHostOptions } from '../../../src/edge/alb/forward-options';
import { Listener } from '../../../src/edge/listener/listener';
import { ListenerAction } from '../../../src/edge/listener/action';
import { RulePath } from '../../../src/edge/listener/rule';
import { refusal } from '../../refusal';
import { emptyChart, type Synthesized, synthesized } from '../../synthesized';
import { backend } from '../stubs';

const JWT = AlbAuth.jwt({ issuer: 'https://id.example.com', jwksEndpoint: 'https://id.example.com/jwks' });
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const TEAPOT = { action: ListenerAction.respond(418), path: RulePath.exact('/tea') };

function alb(props: Partial<AlbProps> = {}): Alb {
  return new Alb(emptyChart(), 'Alb', { backend: backend(), hosts: ['www.example.com', 'grpc.example.com'], ...props });
}

function annotationsOf({ metadata }: Synthesized): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.annotations!).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
}

/** For each Ingress its place in the group, and the rules that forward. */
function ingresses(made: Alb): Record<string, string[]> {
  return Object.fromEntries(synthesized(made, 'Ingress').map(ingress => {
    const { 'group.name': group, 'group.order': order = '' } = annotationsOf(ingress);
    const rules = ingress.spec.rules.flatMap(({ host = '*', http }: any) => http.paths.map(({ path = '', pathType, backend: { service } }: any) => (
      `${host} ${pathType} ${path} ${service.name}`)));
    return [`${group}#${order} ${ingress.metadata.namespace}/${ingress.metadata.name}`, rules];
  }));
}

test('a host moves into an Ingress of its own, which precedes the others in a group named after the first one', () => {
  const made = alb();
  const grpc = made.addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.GRPC });
  expect(ingresses(made)).toEqual({
    'front.door# front/door': ['www.example.com Prefix / door'],
    'front.door#-1 front/door-grpc-example-com': ['grpc.example.com Prefix / door'],
  });
  expect({ name: grpc.ingressName, hosts: grpc.hosts, path: grpc.node.path }).toEqual({
    name: 'door-grpc-example-com', hosts: ['grpc.example.com'], path: 'chart/Alb/door-grpc-example-com',
  });
});

test('a load balancer without hosts or paths of their own has no group', () => {
  expect(Object.keys(ingresses(alb()))).toEqual(['undefined# front/door']);
});

test('everything but the options is as in the Ingress beside it', () => {
  const made = alb({ certificateArns: [CERTIFICATE], listeners: [Listener.https(8443)], subnets: ['a', 'b'], tags: { a: 'b' }, wafv2AclName: 'acl', auth: JWT });
  made.addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.GRPC, healthCheck: { healthyThreshold: 5 }, targetType: undefined });
  const [main, grpc] = synthesized(made, 'Ingress').map(annotationsOf);
  expect(grpc).toEqual({
    ...main,
    'group.order': '-1',
    'backend-protocol-version': 'GRPC',
    'healthcheck-path': '/AWS.ALB/healthcheck',
    'healthcheck-port': 'traffic-port',
    'healthcheck-protocol': 'HTTPS',
    'success-codes': '0-99',
    'healthy-threshold-count': '5',
  });
  expect(main).toMatchObject({ 'listen-ports': '[{"HTTPS":8443}]', 'certificate-arn': CERTIFICATE, 'jwt-validation': expect.any(String), 'group.name': 'front.door' });
});

test('the order starts before that of the group, and moves as Ingresses are added', () => {
  const made = alb({ group: { groupName: 'shared' }, groupOrder: 10 });
  made.addPaths([RulePath.prefix('/a')], { auth: AlbAuth.none() });
  expect(Object.keys(ingresses(made))).toEqual(['shared#10 front/door', 'shared#9 front/door-a']);
  made.addHost('grpc.example.com').addPaths([RulePath.exact('/x'), RulePath.pattern('/*.css')], { ingressName: 'mine' });
  made.addPaths([RulePath.exact('/a/b')], { backend: backend({ backendNamespace: 'back', backendService: 'other', targetTypes: [TargetType.IP] }) });
  expect(ingresses(made)).toEqual({
    'shared#10 front/door': ['www.example.com Prefix / door'],
    'shared#6 front/mine': ['grpc.example.com Exact /x door', 'grpc.example.com ImplementationSpecific /*.css door'],
    'shared#7 front/door-grpc-example-com': ['grpc.example.com Prefix / door'],
    'shared#8 back/door-a-b': ['www.example.com Exact /a/b other'],
    'shared#9 front/door-a': ['www.example.com Prefix /a door'],
  });
});

test('no authentication is written, so that it does not depend on what a reader expects', () => {
  const made = alb({ auth: JWT });
  made.addPaths([RulePath.exact('/health')], { auth: AlbAuth.none() });
  const [main, health] = synthesized(made, 'Ingress').map(annotationsOf);
  expect({ main: main['auth-type'], health: health['auth-type'] }).toEqual({ main: undefined, health: 'none' });
  expect(main).toHaveProperty('jwt-validation');
  expect(health).not.toHaveProperty('jwt-validation');
});

describe('odd paths are refused', () => {
  const guarded = (made: Alb) => Object.entries(ingresses(made)).filter(([, rules]) => rules.some(rule => rule.endsWith('odd-paths'))).map(([name]) => name.replace(/.*\//, ''));

  it.each<[string, Partial<AlbProps>, (made: Alb) => void, string[]]>([
    ['not for an exact exemption', { auth: JWT }, made => made.addPaths([RulePath.exact('/a')], { auth: AlbAuth.none() }), []],
    ['not where nothing is exempt', { auth: JWT }, made => made.addPaths([RulePath.prefix('/a')], { multiClusterTargetGroup: true }), []],
    ['not where nobody logs in', {}, made => made.addPaths([RulePath.prefix('/a')], { auth: AlbAuth.none() }), []],
    ['for an exempt prefix', { auth: JWT }, made => made.addPaths([RulePath.prefix('/a')], { auth: AlbAuth.none() }), ['door-a']],
    ['for an exempt pattern', { auth: JWT }, made => made.addPaths([RulePath.pattern('/a/*')], { auth: AlbAuth.none() }), ['door-a-any']],
    ['for an exact path with a login', {}, made => made.addPaths([RulePath.exact('/a')], { auth: JWT }), ['door-a']],
    ['for every prefix of the host, once one path has a login', {}, made => {
      made.addPaths([RulePath.prefix('/a')]);
      made.addPaths([RulePath.exact('/b')]);
      made.addPaths([RulePath.exact('/c')], { auth: JWT });
      made.addHost('grpc.example.com').addPaths([RulePath.prefix('/d')]);
    }, ['door-a', 'door-c']],
  ])('%s', (_, props, call, expected) => {
    const made = alb(props);
    call(made);
    expect(guarded(made)).toEqual(expected);
  });

  it('on the hosts that the Ingress keeps, before its other rules', () => {
    const made = alb({ auth: JWT });
    const open = made.addPaths([RulePath.prefix('/a')], { auth: AlbAuth.none() });
    open.addRule('tea', TEAPOT);
    made.addHost('grpc.example.com');
    expect(ingresses(made)['front.door#-2 front/door-a']).toEqual([
      'www.example.com ImplementationSpecific  odd-paths', 'www.example.com Exact /tea tea', 'www.example.com Prefix /a door',
    ]);
  });
});

test('an Alb can be made for paths alone', () => {
  expect(ingresses(alb({ paths: [RulePath.exact('/a'), RulePath.prefix('/b')], group: { groupName: 'g' }, groupOrder: -5 }))).toEqual({
    'g#-5 front/door': ['www.example.com Exact /a door', 'www.example.com Prefix /b door', 'grpc.example.com Exact /a door', 'grpc.example.com Prefix /b door'],
  });
  expect(refusal(() => alb({ paths: [] }))).toMatchObject({ prop: 'paths', path: 'chart/Alb' });
});

describe('a host is refused', () => {
  it.each<[string, (made: Alb) => unknown, string, RegExp]>([
    ['that the load balancer does not serve', made => made.addHost('other.example.com'), 'host', /must be a host that the edge serves: www/],
    ['that is no host', made => made.addHost('WWW'), 'host', /lower case/],
    ['twice', made => [made.addHost('grpc.example.com'), made.addHost('grpc.example.com', { ingressName: 'x' })], 'host', /already a host with an Ingress of its own/],
    ['if no other is left', made => [made.addHost('grpc.example.com'), made.addHost('www.example.com')], 'host', /only host that is left/],
    ['whose rules exist', made => [made.addRule('tea', { ...TEAPOT, hosts: ['grpc.example.com'] }), made.addHost('grpc.example.com')], 'host', /the host of a listener rule/],
    ['whose paths exist', made => [made.addPaths([RulePath.exact('/a')], { hosts: ['grpc.example.com'] }), made.addHost('grpc.example.com')], 'host', /addPaths names/],
    ['in the Ingress of another host', made => made.addHost('grpc.example.com').addHost('grpc.example.com'), 'host', /load balancer of Ingress door/],
    ['of an Ingress for paths', made => made.addPaths([RulePath.exact('/a')]).addHost('grpc.example.com'), 'host', /cannot be added to an Alb that has paths/],
    ['with the name of another Ingress', made => made.addHost('grpc.example.com', { ingressName: 'door' }), 'ingressName', /already the name of another Ingress/],
    ['with listeners', made => made.addHost('grpc.example.com', { listeners: [] } as AlbHostOptions), 'listeners', /client certificates hold for all hosts on that port/],
    ['with a web ACL', made => made.addHost('grpc.example.com', { wafv2AclName: 'x' } as AlbHostOptions), 'wafv2AclName', /whole load balancer; write exceptions into its rules/],
    ['with what no Ingress has', made => made.addHost('grpc.example.com', { scheme: 'internal' } as AlbHostOptions), 'scheme', /is not a prop of AlbHostOptions/],
  ])('%s', (_, call, prop, reason) => {
    expect(refusal(() => call(alb()))).toMatchObject({ prop, reason: expect.stringMatching(reason), path: expect.stringMatching(/^chart\/Alb/) });
  });

  it('that covers a host of the other Ingress', () => {
    const made = alb({ hosts: ['*.example.com', 'www.example.com', 'a.org'] });
    expect(refusal(() => made.addHost('*.example.com'))).toMatchObject({ prop: 'host', reason: expect.stringMatching(/must not cover www\.example\.com/) });
    made.addHost('www.example.com');
    expect(() => made.addHost('*.example.com')).not.toThrow();
  });

  it('for gRPC without HTTPS', () => {
    expect(refusal(() => alb({ listeners: [Listener.http()] }).addHost('grpc.example.com', { protocolVersion: BackendProtocolVersion.GRPC })))
      .toMatchObject({ prop: 'protocolVersion', reason: expect.stringMatching(/without an HTTPS listener/) });
  });

  it('of the backend alone, unless the backend is another one', () => {
    expect(() => alb().addHost('other.example.com', { backend: backend({ backendService: 'other' }) })).not.toThrow();
  });

  it('in a group whose name is too long, or in which there is no room', () => {
    const long = alb({ ingressName: 'a'.repeat(60) });
    expect(refusal(() => long.addHost('grpc.example.com', { ingressName: 'b' }))).toMatchObject({ prop: 'group' });
    const first = alb({ group: { groupName: 'g' }, groupOrder: -1000 });
    expect(refusal(() => first.addHost('grpc.example.com'))).toEqual({
      prop: 'groupOrder', value: -1000, path: 'chart/Alb', reason: 'must leave room for 1 Ingress in front of this one: orders start at -1000; set a higher groupOrder',
    });
    expect(Object.keys(ingresses(first))).toEqual(['g#-1000 front/door']);
  });

  it('without a trace, so that the next call can have the name', () => {
    const made = alb();
    expect(() => made.addHost('grpc.example.com', { targetType: TargetType.INSTANCE, targetControlPort: 1 })).toThrow();
    expect(made.node.children.map(({ node }) => node.id)).toEqual(['Resource']);
    made.addHost('grpc.example.com');
    expect(() => made.addPaths([RulePath.exact('/a')], { ingressName: 'door-grpc-example-com', backend: backend({ backendNamespace: 'other' }) })).toThrow();
    expect(Object.keys(ingresses(made))).toEqual(['front.door# front/door', 'front.door#-1 front/door-grpc-example-com']);
  });
});

describe('paths are refused', () => {
  it.each<[string, (made: Alb) => unknown, string, RegExp]>([
    ['that are none', made => made.addPaths([]), 'paths', /at least one/],
    ['twice in a call', made => made.addPaths([RulePath.exact('/a'), RulePath.exact('/a')]), 'paths[1]', /already in paths\[0\]/],
    ['twice', made => [made.addPaths([RulePath.exact('/a')]), made.addPaths([RulePath.exact('/a')], { ingressName: 'x' })], 'paths[0]', /already a path of Ingress door-a/],
    ['that are everything', made => made.addPaths([RulePath.exact('/a'), RulePath.prefix('/')], { auth: AlbAuth.none() }), 'paths[1]', /must be a path below \//],
    ['that are everything as a pattern', made => made.addPaths([RulePath.pattern('/*')]), 'paths[0]', /must be a path below \//],
    ['between those of another call', made => [made.addPaths([RulePath.prefix('/a'), RulePath.prefix('/b/c')]), made.addPaths([RulePath.prefix('/a/c'), RulePath.prefix('/b')])],
      'paths', /add them in several calls/],
    ['with a name that is taken', made => [made.addPaths([RulePath.exact('/a')]), made.addPaths([RulePath.prefix('/a')])], 'ingressName', /already the name/],
    ['for a host with an Ingress of its own', made => [made.addHost('grpc.example.com'), made.addPaths([RulePath.exact('/a')], { hosts: ['grpc.example.com'] })],
      'hosts[0]', /must be one of the hosts here, www.example.com; add paths of another host to what addHost returns/],
    ['that are each before those of another call', made => [['/x/1', '/y'], ['/y/1', '/z'], ['/z/1', '/x']].map(paths => made.addPaths(paths.map(path => RulePath.prefix(path)))),
      'paths', /must have an order in which the more specific one comes first/],
    ['below other paths', made => made.addPaths([RulePath.prefix('/a')]).addPaths([RulePath.exact('/a/b')]), 'paths', /add them to the Alb of the host/],
  ])('%s', (_, call, prop, reason) => {
    expect(refusal(() => call(alb()))).toMatchObject({ prop, reason: expect.stringMatching(reason), path: expect.stringMatching(/^chart\/Alb/) });
  });
});

test('paths for a wildcard are refused without the hosts below it: the load balancer would take their requests', () => {
  const made = alb({ hosts: ['*.example.com', 'www.example.com', 'example.org'] });
  const open = { auth: AlbAuth.none() };
  expect(refusal(() => made.addPaths([RulePath.exact('/a')], { ...open, hosts: ['example.org', '*.example.com'] }))).toMatchObject({
    prop: 'hosts', reason: 'must include www.example.com, which *.example.com covers: the load balancer would take these paths from it, too',
  });
  made.addPaths([RulePath.exact('/a')], { ...open, hosts: ['*.example.com', 'www.example.com'] });
  made.addPaths([RulePath.exact('/b')], { ...open, hosts: ['www.example.com'] });
});

test('a listener rule for a host with an Ingress of its own is refused, and can be added there', () => {
  const made = alb();
  const grpc = made.addHost('grpc.example.com');
  expect(refusal(() => made.addRule('tea', { ...TEAPOT, hosts: ['grpc.example.com'] })))
    .toMatchObject({ prop: 'hosts[0]', reason: expect.stringMatching(/addHost\('grpc\.example\.com'\) returned/) });
  made.addRule('tea', TEAPOT);
  grpc.addRule('tea', { ...TEAPOT, hosts: ['grpc.example.com'] });
  expect(ingresses(made)['front.door#-1 front/door-grpc-example-com']).toEqual(['grpc.example.com Exact /tea tea', 'grpc.example.com Prefix / door']);
});

test('paths that hide a listener rule are refused, and the rule can be added to their own Ingress', () => {
  const internal = { action: ListenerAction.respond(403), path: RulePath.prefix('/api/internal') };
  const made = alb({ auth: JWT });
  made.addRule('internal', internal);
  expect(refusal(() => made.addPaths([RulePath.exact('/x'), RulePath.prefix('/api')], { auth: AlbAuth.none() }))).toEqual({
    prop: 'paths', value: ['/x', '/api'], path: 'chart/Alb',
    reason: 'must not cover /api/internal, the path of listener rule internal, which would never be reached; call addPaths first, and addRule on what it returns',
  });
  expect(() => made.addPaths([RulePath.prefix('/api')], { hosts: ['www.example.com'] })).not.toThrow();
  expect(() => made.addPaths([RulePath.prefix('/api/internal/a')])).not.toThrow();

  const other = alb();
  other.addRule('one', { ...internal, hosts: ['www.example.com'] });
  expect(refusal(() => other.addPaths([RulePath.prefix('/api')], { hosts: ['www.example.com'] }))).toMatchObject({ prop: 'paths' });
  other.addPaths([RulePath.prefix('/api')], { hosts: ['grpc.example.com'] }).addRule('internal', internal);
});

test('many hosts have Ingresses of their own, the specific ones first', () => {
  const hosts = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? `*.h${index}.example.com` : `a.h${index - 1}.example.com`));
  const made = alb({ hosts: ['www.example.com', ...hosts] });
  const specific = hosts.filter(host => !host.startsWith('*'));
  [...specific, ...hosts.filter(host => host.startsWith('*'))].forEach(host => made.addHost(host));
  expect(Object.keys(ingresses(made)).slice(1, 3)).toEqual(['front.door#-40 front/door-a-h0-example-com', 'front.door#-39 front/door-a-h2-example-com']);
});
