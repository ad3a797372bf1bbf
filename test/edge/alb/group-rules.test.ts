// Rules of members of a group that nothing reaches, because an earlier member matches all their requests.
import type { Chart } from 'cdk8s';
import { Alb, type AlbProps, BackendProtocolVersion } from '../../../src/edge/alb/alb';
import { AlbAuth } from '../../../src/edge/alb/auth';
import { AlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { IngressGroup } from '../../../src/edge/alb/ingress-group';
import { Listener } from '../../../src/edge/listener/listener';
import { ListenerAction } from '../../../src/edge/listener/action';
import { ListenerCondition } from '../../../src/edge/listener/condition';
import { RulePath } from '../../../src/edge/listener/rule';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { backend } from '../stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const LOGIN = AlbAuth.oidc({
  issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/a', tokenEndpoint: 'https://id.example.com/t', userInfoEndpoint: 'https://id.example.com/u', secretName: 'oidc',
});
const TOKENS = AlbAuth.jwt({ jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' });
const DOWN = ListenerAction.respond(503);

type Options = Partial<AlbProps> & { readonly service?: string };

/** A member, which has a backend of its own. */
function member(chart: Chart, id: string, hosts: string[], groupOrder: number, { service = id.toLowerCase(), ...options }: Options = {}): Alb {
  return new Alb(chart, id, {
    backend: backend({ backendService: service }), hosts, ingressName: id.toLowerCase(), group: IngressGroup.fromName('shared'), groupOrder, certificateArns: [CERTIFICATE], ...options,
  });
}

/** Two members, made in this order. */
function pair(one: [hosts: string[], order: number, options?: Options], two: [hosts: string[], order: number, options?: Options]): [Alb, Alb] {
  const chart = emptyChart();
  return [member(chart, 'One', ...one), member(chart, 'Two', ...two)];
}

describe('a host of two members', () => {
  const reason = 'must be served by one member of IngressGroup "shared": chart/One serves it, too, and nothing would reach the rules of the later member';

  it.each([[1, 2], [2, 1], [1, 1]])('is refused, whichever comes first: %d and %d', (first, second) => {
    expect(refusal(() => pair([['a.example.com', 'b.example.com'], first], [['c.example.com', 'b.example.com'], second])))
      .toEqual({ prop: 'hosts[1]', value: 'b.example.com', path: 'chart/Two', reason });
  });

  it.each<[string, Options]>([['login', { auth: LOGIN }], ['token validation', { auth: TOKENS }]])('is refused with the %s that would never apply', (guard, options) => {
    expect(refusal(() => pair([['a.example.com'], 1], [['a.example.com'], 2, options])).reason).toBe(`${reason}, and the ${guard} of this Ingress would never apply`);
    expect(refusal(() => pair([['a.example.com'], 2, options], [['a.example.com'], 1])).reason).toBe(`${reason}, whose ${guard} would never apply`);
  });

  it('is refused in the group that a class sets, and in one that assigns orders', () => {
    const ofClass = emptyChart();
    const ingressClass = new AlbIngressClass(ofClass, 'Class', { groupName: 'shared' });
    const props = (service: string): AlbProps => ({ backend: backend({ backendService: service }), hosts: ['a.example.com'], ingressName: service });
    new Alb(ofClass, 'One', { ...props('one'), ingressClass });
    expect(refusal(() => new Alb(ofClass, 'Two', { ...props('two'), ingressClass }))).toMatchObject({ prop: 'hosts[0]', reason });
    const chart = emptyChart();
    const group = new IngressGroup(chart, 'Group', { groupName: 'shared' });
    new Alb(chart, 'One', { ...props('one'), group });
    expect(refusal(() => new Alb(chart, 'Two', { ...props('two'), group }))).toMatchObject({ prop: 'hosts[0]', reason });
  });

  it('is accepted on two load balancers, on two ports, and if both members do the same', () => {
    const hosts = ['a.example.com'];
    expect(() => pair([hosts, 1], [hosts, 2, { group: IngressGroup.fromName('other') }])).not.toThrow();
    expect(() => pair([hosts, 1, { listeners: [Listener.https(443)] }], [hosts, 2, { listeners: [Listener.https(8443)] }])).not.toThrow();
    expect(() => pair([hosts, 1], [hosts, 2, { service: 'one' }])).not.toThrow();
  });

  it('does not do the same with another login, target group or namespace', () => {
    const hosts = ['a.example.com'];
    const others: Options[] = [{ auth: LOGIN }, { protocolVersion: BackendProtocolVersion.GRPC }, { backend: backend({ backendService: 'one', backendNamespace: 'other' }) }];
    others.forEach(options => expect(refusal(() => pair([hosts, 1], [hosts, 2, { service: 'one', ...options }]))).toMatchObject({ prop: 'hosts[0]' }));
  });
});

describe('a wildcard', () => {
  it.each(['*', '*.example.com', '*.com'])('%s is refused in front of a narrower host', wide => {
    expect(refusal(() => pair([[wide], 1], [['a.example.com'], 2]))).toEqual({
      prop: 'hosts[0]', value: 'a.example.com', path: 'chart/Two',
      reason: `must not be behind host ${wide} of chart/One in IngressGroup "shared", which matches all its requests; give this Ingress a lower groupOrder`,
    });
    expect(refusal(() => pair([['a.example.com'], 2, { auth: LOGIN }], [[wide], 1]))).toEqual({
      prop: 'hosts[0]', value: wide, path: 'chart/Two',
      reason: 'must not match all requests for host a.example.com of chart/One, whose login would never apply: it is later in IngressGroup "shared"; give this Ingress a higher groupOrder',
    });
  });

  it('is refused in front of a narrower wildcard', () => {
    expect(refusal(() => pair([['*.example.com'], 1], [['*.a.example.com'], 2]))).toMatchObject({ prop: 'hosts[0]' });
    expect(() => pair([['*.example.com'], 2], [['*.a.example.com'], 1])).not.toThrow();
  });

  it('is accepted behind narrower hosts, and beside others', () => {
    expect(() => pair([['*'], 2], [['a.example.com'], 1])).not.toThrow();
    expect(() => pair([['a.example.com'], 1], [['*.example.com'], 2])).not.toThrow();
    expect(() => pair([['*.example.com'], 1], [['example.com', 'a.example.org'], 2])).not.toThrow();
  });

  it('is refused where the name decides between equal orders', () => {
    expect(refusal(() => pair([['*.example.com'], 1], [['a.example.com'], 1]))).toMatchObject({ path: 'chart/Two' });
    const chart = emptyChart();
    member(chart, 'Z', ['*.example.com'], 1);
    expect(() => member(chart, 'A', ['a.example.com'], 1)).not.toThrow();
  });
});

describe('a rule that somebody adds', () => {
  it('is refused if it matches all requests of a later member', () => {
    const [one] = pair([['a.example.com'], 1], [['b.example.com'], 2]);
    expect(refusal(() => one.addRule('down', { action: DOWN, conditions: [ListenerCondition.hostHeader(['*.example.com'])] }))).toEqual({
      prop: 'name', value: 'down', path: 'chart/One',
      reason: 'must not match all requests for host b.example.com of chart/Two: it is later in IngressGroup "shared"; give this Ingress a higher groupOrder',
    });
  });

  it('is refused if a later member joins after it', () => {
    const chart = emptyChart();
    member(chart, 'One', ['a.example.com'], 1).addRule('down', { action: DOWN, conditions: [ListenerCondition.hostHeader(['B*.example.com'])] });
    expect(refusal(() => member(chart, 'Two', ['c.example.com', 'beta.x.example.com'], 2))).toMatchObject({ prop: 'hosts[1]', reason: expect.stringContaining('behind rule down of chart/One') });
    member(chart, 'Upper', ['d.example.org'], 1).addRule('off', { action: DOWN, conditions: [ListenerCondition.hostHeader(['E.Example.org'])] });
    expect(refusal(() => member(chart, 'Lower', ['e.example.org'], 2))).toMatchObject({ prop: 'hosts[0]', reason: expect.stringContaining('behind rule off of chart/Upper') });
  });

  it('is refused if an earlier member matches all its requests', () => {
    const [one, two] = pair([['a.example.com'], 1], [['*.example.com'], 2]);
    expect(refusal(() => two.addRule('old', { action: DOWN, hosts: ['a.example.com'], path: RulePath.prefix('/old') })))
      .toMatchObject({ prop: 'name', value: 'old', path: 'chart/Two', reason: expect.stringContaining('must not be behind host a.example.com of chart/One') });
    expect(() => two.addRule('old', { action: DOWN, hosts: ['b.example.com'], path: RulePath.prefix('/old') })).not.toThrow();
    expect(() => one.addRule('old', { action: DOWN, path: RulePath.prefix('/old') })).not.toThrow();
  });

  it('is accepted if it matches some requests of a later member, and of its own all', () => {
    const [one, two] = pair([['a.example.com'], 1], [['b.example.com'], 2]);
    expect(() => one.addRule('down', { action: DOWN, conditions: [ListenerCondition.hostHeader(['*.example.com']), ListenerCondition.sourceIp(['10.0.0.0/8'])] })).not.toThrow();
    expect(() => one.addRule('old', { action: DOWN, conditions: [ListenerCondition.hostHeader(['*.example.com'])], path: RulePath.prefix('/old') })).not.toThrow();
    expect(() => one.addRule('all', { action: DOWN })).not.toThrow();
    expect(() => two.addRule('regex', { action: DOWN, conditions: [ListenerCondition.hostHeaderRegex(['b.*'])] })).not.toThrow();
  });

  it('leaves no trace if it is refused', () => {
    const [one, two] = pair([['a.example.com'], 1], [['b.example.com'], 2]);
    expect(() => one.addRule('down', { action: DOWN, conditions: [ListenerCondition.hostHeader(['b.example.com'])] })).toThrow();
    expect(() => one.addRule('down', { action: DOWN, path: RulePath.exact('/down') })).not.toThrow();
    expect(() => two.addRule('down', { action: DOWN, path: RulePath.exact('/down') })).not.toThrow();
  });
});

describe('a host or path with an Ingress of its own', () => {
  it('is compared with other members, whichever comes first', () => {
    const [one, two] = pair([['a.example.com'], 10], [['*.example.com', 'b.example.org'], 20]);
    expect(refusal(() => two.addHost('a.example.com', { auth: LOGIN }))).toEqual({
      prop: 'host', value: 'a.example.com', path: 'chart/Two', reason: 'must be served by one member of IngressGroup "shared": chart/One serves it, too, '
        + 'and nothing would reach the rules of the later member, and the login of this Ingress would never apply',
    });
    expect(refusal(() => two.addHost('a.example.com', { auth: AlbAuth.none() })).reason).toMatch(/reach the rules of the later member$/);
    one.addPaths([RulePath.prefix('/open')]);
    const last = () => member(one.node.scope as Chart, 'Last', ['c.example.com'], 30);
    two.addHost('*.example.com');
    expect(refusal(last)).toMatchObject({ prop: 'hosts[0]', path: 'chart/Last', reason: expect.stringContaining('must not be behind host *.example.com of chart/Two in') });
  });

  it('has rules that are compared, too', () => {
    const [one, two] = pair([['*.example.com', 'b.example.org'], 10], [['a.example.com'], 5]);
    const further = one.addHost('*.example.com');
    expect(refusal(() => further.addRule('down', { action: DOWN, hosts: ['a.example.com'] }))).toMatchObject({
      prop: 'name', value: 'down', path: one.node.path + '/one-any-example-com', reason: expect.stringContaining('must not be behind host a.example.com of chart/Two in'),
    });
    expect(() => further.addRule('down', { action: DOWN, hosts: ['c.example.com'] })).not.toThrow();
    expect(two.hosts).toEqual(['a.example.com']);
  });

  it('never comes before another member that precedes its own one', () => {
    const [, two] = pair([['a.example.com'], 18, { auth: TOKENS }], [['*.example.com'], 20]);
    two.addPaths([RulePath.prefix('/one')]);
    expect(refusal(() => two.addPaths([RulePath.prefix('/two')]))).toEqual({
      prop: 'groupOrder', value: 20, path: 'chart/Two',
      reason: 'must leave room for 2 Ingresses in front of chart/Two in IngressGroup "shared": 18 is the order of chart/One; set a higher groupOrder',
    });
    expect(two.node.children.map(({ node }) => node.id)).toEqual(['Resource', 'two-one']);
  });

  it('keeps later members from its position', () => {
    const [one] = pair([['a.example.com', 'b.example.com'], 10], [['c.example.com'], 20]);
    one.addHost('a.example.com');
    expect(refusal(() => member(one.node.scope as Chart, 'Three', ['d.example.com'], 9))).toEqual({
      prop: 'groupOrder', value: 9, path: 'chart/Three', reason: '9 is already the order of chart/One/one-a-example-com in IngressGroup "shared"',
    });
    expect(() => member(one.node.scope as Chart, 'Four', ['e.example.com'], 8)).not.toThrow();
  });

  it('shares its position only with those of a member that has the order of its own one', () => {
    const [one, two] = pair([['a.example.com', 'b.example.com'], 0], [['c.example.com', 'd.example.com'], 0]);
    expect(() => [one.addHost('a.example.com'), two.addHost('c.example.com')]).not.toThrow();
  });
});

test('many members with many hosts are compared in time that grows with their number', () => {
  const time = (members: number) => {
    const chart = emptyChart();
    const start = process.cpuUsage().user;
    for (let index = 0; index < members; index++) {
      member(chart, `M${index}`, Array.from({ length: 20 }, (_, host) => `h${host}.m${index}.example.com`), index);
    }
    member(chart, 'Rest', ['*.example.com'], members);
    return process.cpuUsage().user - start;
  };
  time(50);
  expect(time(800)).toBeLessThan(time(100) * 8 * 4);
});
