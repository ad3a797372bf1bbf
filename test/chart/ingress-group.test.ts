// Several edges that share one load balancer: what one member says, all have to agree with, and the synth sees to it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import { Alb } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { type AlbOptions } from '../../src/edge/alb/options';
import { ObservabilityUi } from '../../src/edge/observability/ui';
import { AlbIngressClass, AlbIstioEdge, AlbScheme, IngressGroup, Listener } from '../../src';
import { manifestsOf } from '../../src/manifests/input';
import { surveyOf } from '../../src/plan/survey';
import { backend } from '../edge/stubs';
import { refusal } from '../refusal';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/';

function newApp(): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'ingress-group-')) });
}

function edge(app: App, edgeName: string, alb: AlbOptions): AlbIstioEdge {
  return new AlbIstioEdge(app, edgeName, { edgeName, hosts: [`${edgeName}.example.com`], gateway: { credentialName: 'tls' }, alb });
}

/** An app with two edges in one group. */
function pair(one: AlbOptions, other: AlbOptions): App {
  const app = newApp();
  const group = new IngressGroup(app, 'Group', { groupName: 'shared' });
  edge(app, 'one', { group, ...one });
  edge(app, 'other', { group, ...other });
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
  ])('may set %s, and the checks agree', (_, one, other) => {
    expect(() => pair(one, other).synth()).not.toThrow();
  });

  it('fail where they are made if they have different values, which the checks find in the YAML of two apps', () => {
    expect(refusal(() => pair({ scheme: AlbScheme.INTERNAL }, {}))).toMatchObject({ prop: 'scheme', path: 'other/Alb', reason: expect.stringContaining('as in one/Alb') });
    const [one, other] = [{ scheme: AlbScheme.INTERNAL }, {}].map((alb, index) => {
      const app = newApp();
      edge(app, `edge-${index}`, { group: IngressGroup.fromName('shared'), groupOrder: index, ...alb });
      return manifestsOf(app);
    });
    expect(surveyOf([...one, ...other]).conflicts).toMatchObject([{ cause: { about: 'scheme' } }]);
  });
});

test('an Alb without an edge is a member too', () => {
  const app = newApp();
  const group = new IngressGroup(app, 'Group', { groupName: 'shared' });
  edge(app, 'one', { group });
  const team = new Chart(app, 'team', { disableResourceNameHashes: true });
  const hosts = ['team.example.com'];
  expect(refusal(() => new Alb(team, 'Alb', { hosts, backend: backend(), scheme: AlbScheme.INTERNAL, group }))).toMatchObject({ prop: 'scheme', path: 'team/Alb' });
});

test('members are in the order in which they are made, unless groupOrder is set', () => {
  expect(groupsIn(pair({}, {}))).toEqual(['shared: one/one, other/other']);
  expect(groupsIn(pair({ groupOrder: 15 }, {}))).toEqual(['shared: other/other, one/one']);
  expect(groupsIn(pair({}, { groupOrder: -1 }))).toEqual(['shared: other/other, one/one']);
});

test('pages of an edge are a member behind it, whatever its order is', () => {
  const login = AlbAuth.oidc({
    issuer: 'https://id.example.com', authorizationEndpoint: 'https://id.example.com/a', tokenEndpoint: 'https://id.example.com/t', userInfoEndpoint: 'https://id.example.com/u', secretName: 'oidc',
  });
  const app = newApp();
  const group = new IngressGroup(app, 'Group', { groupName: 'shared', scheme: AlbScheme.INTERNAL });
  const pages = { uis: [ObservabilityUi.kiali('kiali.example.com')], login };
  edge(app, 'one', { group, groupOrder: -7 }).addObservability('Pages', pages);
  expect(groupsIn(app)).toEqual(['shared: one/one, one/one-observability']);
  const elsewhere = newApp();
  edge(elsewhere, 'one', { group: IngressGroup.fromName('shared'), groupOrder: 3 }).addObservability('Pages', pages);
  expect(groupsIn(elsewhere)).toEqual(['shared: one/one, one/one-observability']);
});

test('a class joins all its Ingresses into one group, and its settings resolve their conflicts', () => {
  const app = newApp();
  const platform = new AlbIngressClass(new Chart(app, 'platform', { disableResourceNameHashes: true }), 'Class', {
    className: 'platform', groupName: 'all', scheme: AlbScheme.INTERNAL, sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06', tags: { team: 'platform' },
  });
  edge(app, 'one', { groupOrder: 5, ingressClass: platform, tags: { owner: 'a' } });
  edge(app, 'other', { ingressClass: platform });
  expect(groupsIn(app)).toEqual(['all: other/other, one/one']);
  expect(() => app.synth()).not.toThrow();
});
