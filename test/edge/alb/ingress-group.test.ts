// An IngressGroup: the orders that it gives its members, and the settings that it says for all of them.
import { App, Chart, Duration } from 'cdk8s';
import { AlbScheme } from '../../../src/base/alb-annotations/words';
import { Alb, type AlbProps } from '../../../src/edge/alb/alb';
import { ClientCertificates } from '../../../src/edge/listener/client-certificates';
import { AlbIngressClass } from '../../../src/edge/alb/ingress-class';
import { IngressGroup, type IngressGroupProps } from '../../../src/edge/alb/ingress-group';
import { Listener } from '../../../src/edge/listener/listener';
import { ListenerAction } from '../../../src/edge/listener/action';
import { RulePath } from '../../../src/edge/listener/rule';
import { type AlbOptions } from '../../../src/edge/alb/options';
import { refusal } from '../../refusal';
import { emptyChart, synthesized } from '../../synthesized';
import { backend } from '../stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/';

function groupIn(chart: Chart, props: Partial<IngressGroupProps> = {}): IngressGroup {
  return new IngressGroup(chart, 'Group', { groupName: 'shared', ...props });
}

function member(chart: Chart, id: string, options: AlbOptions & Partial<AlbProps>): Alb {
  return new Alb(chart, id, { backend: backend(), hosts: [`${id.toLowerCase()}.example.com`], ingressName: id.toLowerCase(), ...options });
}

/** The annotations of all Ingresses, by the name of the Ingress, without the prefix. */
function annotations(chart: Chart): Record<string, Record<string, string>> {
  return Object.fromEntries(synthesized(chart, 'Ingress').map(({ metadata }) => (
    [metadata.name, Object.fromEntries(Object.entries(metadata.annotations!).map(([key, value]) => [key.split('/')[1], value]))])));
}

function ordersIn(chart: Chart): Record<string, string> {
  return Object.fromEntries(Object.entries(annotations(chart)).map(([name, own]) => [name, own['group.order']]));
}

describe('orders', () => {
  it('are assigned in the order in which members are made, with room in between', () => {
    const chart = emptyChart();
    const group = groupIn(chart);
    ['One', 'Two', 'Three'].forEach(id => member(chart, id, { group }));
    expect(ordersIn(chart)).toEqual({ one: '10', two: '20', three: '30' });
    expect(annotations(chart).one['group.name']).toBe('shared');
  });

  it('can be set, and those that are assigned pass over them', () => {
    const chart = emptyChart();
    const group = groupIn(chart);
    member(chart, 'First', { group, groupOrder: -5 });
    member(chart, 'Taken', { group, groupOrder: 10 });
    member(chart, 'Next', { group });
    expect(ordersIn(chart)).toEqual({ first: '-5', taken: '10', next: '20' });
  });

  it('of two members are never the same', () => {
    const chart = emptyChart();
    const group = groupIn(chart);
    member(chart, 'One', { group });
    expect(refusal(() => member(chart, 'Two', { group, groupOrder: 10 }))).toEqual({
      prop: 'groupOrder', value: 10, path: 'chart/Two', reason: '10 is already the order of chart/One in IngressGroup "shared"',
    });
    expect(refusal(() => member(chart, 'Three', { group: IngressGroup.fromName('shared'), groupOrder: 10 }))).toMatchObject({ prop: 'groupOrder' });
  });

  it('end at 1000, the last that the controller accepts', () => {
    const chart = emptyChart();
    const group = groupIn(chart);
    Array.from({ length: 100 }, (_, index) => member(chart, `M${index}`, { group }));
    expect(ordersIn(chart).m99).toBe('1000');
    expect(refusal(() => member(chart, 'Last', { group }))).toMatchObject({ prop: 'groupOrder', reason: expect.stringContaining('is 1000') });
    expect(() => member(chart, 'Before', { group, groupOrder: 1 })).not.toThrow();
    expect(refusal(() => member(chart, 'Behind', { group, groupOrder: 1001 }))).toMatchObject({ prop: 'groupOrder', value: 1001 });
  });

  it('are required in a group that is known by its name, where two members may have the same one', () => {
    const chart = emptyChart();
    const group = IngressGroup.fromName('shared');
    expect(refusal(() => member(chart, 'Zero', { group }))).toMatchObject({ prop: 'groupOrder', value: undefined, path: 'chart/Zero' });
    member(chart, 'One', { group, groupOrder: 0 });
    member(chart, 'Two', { group, groupOrder: 0 });
    expect(ordersIn(chart)).toEqual({ one: '0', two: '0' });
  });

  it('need a group', () => {
    expect(refusal(() => member(emptyChart(), 'One', { groupOrder: 1 }))).toMatchObject({ prop: 'group', value: undefined, reason: expect.stringContaining('groupOrder') });
  });
});

describe('what a group says', () => {
  it('is written by all members', () => {
    const chart = emptyChart();
    const group = groupIn(chart, {
      scheme: AlbScheme.INTERNAL, subnets: ['a', 'b'], inboundCidrs: ['10.0.0.0/8'], tags: { team: 'edge' }, attributes: { dropInvalidHeaderFields: false },
      listeners: [Listener.https(8443, { clientCertificates: ClientCertificates.verify({ trustStore: 'partners' }) })], certificateArns: [`${CERTIFICATE}a`],
    });
    member(chart, 'One', { group });
    member(chart, 'Two', { group });
    const { 'group.order': first, ...one } = annotations(chart).one;
    const { 'group.order': second, ...two } = annotations(chart).two;
    expect([first, second]).toEqual(['10', '20']);
    expect(one).toEqual(two);
    expect(one).toMatchObject({
      scheme: 'internal', subnets: 'a,b', 'inbound-cidrs': '10.0.0.0/8', tags: 'team=edge', 'listen-ports': '[{"HTTPS":8443}]',
      'load-balancer-attributes': 'routing.http.drop_invalid_header_fields.enabled=false', 'certificate-arn': `${CERTIFICATE}a`,
      'mutual-authentication': '[{"port":8443,"mode":"verify","trustStore":"partners"}]',
    });
  });

  it('adds to the tags, attributes and certificates of a member', () => {
    const chart = emptyChart();
    const group = groupIn(chart, { tags: { team: 'edge' }, attributes: { deletionProtection: true }, certificateArns: [`${CERTIFICATE}a`, `${CERTIFICATE}b`] });
    member(chart, 'One', { group, tags: { app: 'one' }, attributes: { idleTimeout: Duration.seconds(5) }, certificateArns: [`${CERTIFICATE}c`, `${CERTIFICATE}a`] });
    expect(annotations(chart).one).toMatchObject({
      tags: 'app=one,team=edge', 'certificate-arn': ['a', 'b', 'c'].map(name => CERTIFICATE + name).join(','),
      'load-balancer-attributes': 'deletion_protection.enabled=true,idle_timeout.timeout_seconds=5,routing.http.drop_invalid_header_fields.enabled=true',
    });
  });

  it.each<[string, Partial<IngressGroupProps>, AlbOptions, unknown]>([
    ['scheme', { scheme: AlbScheme.INTERNAL }, { scheme: AlbScheme.INTERNET_FACING }, 'internet-facing'],
    ['subnets', { subnets: ['a', 'b'] }, { subnets: ['a', 'b'] }, ['a', 'b']],
    ['tags.team', { tags: { team: 'edge' } }, { tags: { team: 'shop' } }, 'shop'],
    ['attributes.idleTimeout', { attributes: { idleTimeout: Duration.seconds(5) } }, { attributes: { idleTimeout: Duration.seconds(6) } }, Duration.seconds(6)],
  ])('is not said again: %s', (prop, props, options, value) => {
    const chart = emptyChart();
    const group = groupIn(chart, props);
    expect(refusal(() => member(chart, 'One', { group, ...options }))).toEqual({
      prop, value, path: 'chart/One', reason: 'cannot be set here: IngressGroup chart/Group already sets it',
    });
    expect(() => member(chart, 'Two', { group })).not.toThrow();
  });

  it.each<[string, Partial<IngressGroupProps>]>([
    ['groupName', { groupName: 'Shared' }],
    ['groupName', { groupName: 'a'.repeat(64) }],
    ['loadBalancerName', { loadBalancerName: 'a'.repeat(33) }],
    ['subnets', { subnets: ['a'] }],
    ['inboundPrefixLists[0]', { inboundPrefixLists: ['a'] }],
    ['wafv2AclName', { wafv2AclName: 'a', wafv2AclArn: 'none' }],
    ['inboundCidrs', { securityGroups: ['a'], inboundCidrs: ['10.0.0.0/8'] }],
    ['certificateArns[0]', { certificateArns: ['a'] }],
    ['sslPolicy', { sslPolicy: 'a' }],
    ['attributes.other.idle_timeout.timeout_seconds', { attributes: { other: { 'idle_timeout.timeout_seconds': '5' } } }],
  ])('is checked before there is a member: %s', (prop, props) => {
    expect(refusal(() => groupIn(emptyChart(), props))).toMatchObject({ prop, path: 'chart/Group' });
  });

  it('has bounds for a name alone, too', () => {
    expect(refusal(() => IngressGroup.fromName('Shared'))).toMatchObject({ prop: 'groupName', value: 'Shared', path: '' });
    expect(IngressGroup.fromName('shared.edge')).toEqual({ groupName: 'shared.edge' });
  });
});

describe('a group', () => {
  it('writes no object, so it may be outside of charts', () => {
    const app = new App();
    const group = new IngressGroup(app, 'Group', { groupName: 'shared' });
    const chart = new Chart(app, 'chart');
    expect(() => member(chart, 'One', { group })).not.toThrow();
    expect(synthesized(group)).toEqual([]);
  });

  it('is made once in an app, and before its members', () => {
    const chart = emptyChart();
    groupIn(chart);
    expect(refusal(() => new IngressGroup(chart, 'Again', { groupName: 'shared' })))
      .toEqual({ prop: 'groupName', value: 'shared', path: 'chart/Again', reason: '"shared" is already the name of the group of chart/Group' });
    expect(() => new IngressGroup(chart, 'Other', { groupName: 'other' })).not.toThrow();
    expect(() => groupIn(emptyChart())).not.toThrow();
    const late = emptyChart();
    member(late, 'One', { group: IngressGroup.fromName('shared'), groupOrder: 1 });
    expect(refusal(() => groupIn(late))).toMatchObject({ reason: '"shared" is already the name of the group of chart/One' });
  });

  it('has its members in one app', () => {
    const group = groupIn(emptyChart());
    expect(refusal(() => member(emptyChart(), 'One', { group }))).toMatchObject({ prop: 'group', value: 'chart/Group', path: 'chart/One' });
  });

  it('of the IngressClass cannot be another one', () => {
    const chart = emptyChart();
    const ingressClass = new AlbIngressClass(chart, 'Class', { groupName: 'shared' });
    expect(refusal(() => member(chart, 'One', { ingressClass, group: IngressGroup.fromName('mine') }))).toMatchObject({ prop: 'group', value: 'mine' });
    expect(() => member(chart, 'Two', { ingressClass, groupOrder: 5 })).not.toThrow();
  });
});

describe('a rule without hosts', () => {
  const action = ListenerAction.respond(503);
  const hostsIn = (chart: Chart) => synthesized(chart, 'Ingress')[0].spec.rules.map(({ host }: { host?: string }) => host);

  it('applies to the hosts of its own Ingress in a group', () => {
    const chart = emptyChart();
    const hosts = ['a.example.com', 'b.example.com'];
    member(chart, 'One', { group: groupIn(chart), hosts }).addRule('maintenance', { action, path: RulePath.prefix('/old') });
    expect(hostsIn(chart)).toEqual([...hosts, ...hosts]);
  });

  it('applies to any host on a load balancer of its own, and if the Ingress serves any host', () => {
    const alone = emptyChart();
    member(alone, 'One', {}).addRule('maintenance', { action, path: RulePath.prefix('/old') });
    expect(hostsIn(alone)).toEqual([undefined, 'one.example.com']);
    const any = emptyChart();
    member(any, 'One', { group: groupIn(any), hosts: ['*'], certificateArns: [`${CERTIFICATE}a`] }).addRule('maintenance', { action, path: RulePath.prefix('/old') });
    expect(hostsIn(any)).toEqual([undefined, undefined]);
  });
});
