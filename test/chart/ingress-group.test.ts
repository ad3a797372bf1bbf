// Several edges that share one load balancer: what one member says, all have to agree with, and the synth sees to it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import { Alb } from '../../src/edge/alb/alb';
import { LogDestination } from '../../src/edge/alb/load-balancer-attributes';
import { type AlbOptions } from '../../src/edge/alb/options';
import { AlbIngressClass, AlbIstioEdge, AlbScheme, Listener } from '../../src';
import { manifestsOf } from '../../src/manifests/input';
import { surveyOf } from '../../src/plan/survey';
import { backend } from '../edge/stubs';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';

function newApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'ingress-group-')) });
}

function edge(app: App, edgeName: string, alb: AlbOptions, group = 'shared'): AlbIstioEdge {
  return new AlbIstioEdge(app, edgeName, { edgeName, hosts: [`${edgeName}.example.com`], gateway: { credentialName: 'tls' }, alb: { group: { name: group }, ...alb } });
}

/** An app with two edges in one group. */
function pair(one: AlbOptions, other: AlbOptions, groups = ['shared', 'shared']): App {
  const app = newApp();
  edge(app, 'one', one, groups[0]);
  edge(app, 'other', other, groups[1]);
  return app;
}

/** Members of groups, in the order of their rules. */
function groupsIn(app: App): string[] {
  return surveyOf(manifestsOf(app)).groups.map(({ id, members }) => `${id}: ${members.join(', ')}`);
}

describe('two edges in one group', () => {
  it.each<[string, AlbOptions, AlbOptions]>([
    ['nothing but the group', {}, {}],
    ['the same of everything', { scheme: AlbScheme.INTERNAL, subnets: ['a', 'b'], tags: { a: 'b' } }, { scheme: AlbScheme.INTERNAL, subnets: ['b', 'a'], tags: { a: 'b' } }],
    ['what one says alone', { loadBalancerName: 'shared', wafv2AclArn: 'none' }, {}],
    ['other tags and other attributes', { tags: { a: 'b' }, attributes: { http2: true } }, { tags: { c: 'd' }, attributes: { idleTimeout: Duration.seconds(5) } }],
    ['other certificates', { certificateArns: [`${ARN}a`] }, { certificateArns: [`${ARN}b`] }],
    ['other ports with other policies', { listeners: [Listener.https(8443)], sslPolicy: 'ELBSecurityPolicy-2016-08' }, { listeners: [Listener.https(9443)] }],
    ['other target groups', { healthCheck: { healthyThreshold: 5 } }, { deregistrationDelay: Duration.seconds(1) }],
  ])('may set %s', (_, one, other) => {
    expect(() => pair(one, other).synth()).not.toThrow();
  });

  it.each<[string, AlbOptions, AlbOptions, RegExp]>([
    ['the scheme', { scheme: AlbScheme.INTERNAL }, {}, /scheme is "internal" in one\/one and "internet-facing" in other\/other/],
    ['the subnets', { subnets: ['a', 'b'] }, { subnets: ['a', 'c'] }, /subnets is/],
    ['the name', { loadBalancerName: 'a' }, { loadBalancerName: 'b' }, /load-balancer-name is/],
    ['a tag', { tags: { team: 'a' } }, { tags: { team: 'b' } }, /tags, key team is "a" in one\/one and "b" in other\/other/],
    ['an attribute', { attributes: { accessLogs: LogDestination.s3('one') } }, { attributes: { accessLogs: LogDestination.off() } }, /load-balancer-attributes, key access_logs/],
    ['an attribute that is on by default', { attributes: { dropInvalidHeaderFields: false } }, {}, /drop_invalid_header_fields\.enabled/],
    ['the TLS policy of a port', { sslPolicy: 'ELBSecurityPolicy-2016-08' }, {}, /ssl-policy on port 443 is/],
    ['the port of the redirect', {}, { listeners: [Listener.http(), Listener.https(8443)] }, /ssl-redirect is "443" in one\/one and "8443"/],
    ['the protocol of a port', { listeners: [Listener.http(443)] }, { listeners: [Listener.https(443)] }, /the protocol on port 443 is/],
    ['the web ACL', { wafv2AclName: 'a' }, { wafv2AclName: 'b' }, /wafv2-acl-name is/],
    ['the reservation', { minimumCapacityUnits: 1 }, { minimumCapacityUnits: 2 }, /minimum-load-balancer-capacity is/],
    ['who may come in on a port', { inboundCidrs: ['10.0.0.0/8'] }, { inboundCidrs: ['0.0.0.0/0'] }, /inbound-cidrs on port 80, 443 is/],
  ])('cannot have different values for %s', (_, one, other, message) => {
    const app = pair(one, other);
    expect(() => app.synth()).toThrow(/error conflicting-group-members: .*the controller rejects the whole group "shared": one\/one, other\/other/);
    expect(() => app.synth()).toThrow(message);
    expect(() => pair(one, other, ['shared', 'mine']).synth()).not.toThrow();
  });
});

test('an Alb without an edge is a member too', () => {
  const app = newApp();
  edge(app, 'one', {});
  const team = new Chart(app, 'team', { disableResourceNameHashes: true });
  new Alb(team, 'Alb', { hosts: ['team.example.com'], backend: backend(), scheme: AlbScheme.INTERNAL, group: { name: 'shared' } });
  expect(() => app.synth()).toThrow(/conflicting-group-members.*front\/door/);
});

test('members are sorted by group.order, then by namespace and name', () => {
  expect(groupsIn(pair({}, {}))).toEqual(['shared: one/one, other/other']);
  expect(groupsIn(pair({ group: { name: 'shared', order: 1 } }, {}))).toEqual(['shared: other/other, one/one']);
  expect(groupsIn(pair({}, { group: { name: 'shared', order: -1 } }))).toEqual(['shared: other/other, one/one']);
});

test('a class joins all its Ingresses into one group, and its settings resolve their conflicts', () => {
  const app = newApp();
  const platform = new AlbIngressClass(new Chart(app, 'platform', { disableResourceNameHashes: true }), 'Class', {
    className: 'platform', groupName: 'all', scheme: AlbScheme.INTERNAL, sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', tags: { team: 'platform' },
  });
  edge(app, 'one', { group: { order: 5 }, ingressClass: platform, tags: { owner: 'a' } });
  edge(app, 'other', { group: undefined, ingressClass: platform });
  expect(groupsIn(app)).toEqual(['all: other/other, one/one']);
  expect(() => app.synth()).not.toThrow();
});
