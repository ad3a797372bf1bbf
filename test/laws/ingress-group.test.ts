// Law: the members of a group that fit together when they are made are those that the checks, which read YAML, find no fault with.
import { ApiObject, App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { AlbScheme } from '../../src/base/alb-annotations/words';
import { InvalidProps } from '../../src/base/errors';
import { Alb, type AlbProps } from '../../src/edge/alb/alb';
import { AlbAuth } from '../../src/edge/alb/auth';
import { IngressGroup } from '../../src/edge/alb/ingress-group';
import { Listener } from '../../src/edge/listener/listener';
import { ListenerAction } from '../../src/edge/listener/action';
import { ListenerCondition } from '../../src/edge/listener/condition';
import { type ListenerRuleOptions, RulePath } from '../../src/edge/listener/rule';
import { type AlbOptions } from '../../src/edge/alb/options';
import { check } from '../../src/inspect';
import { backend } from '../edge/stubs';

const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const FAULTS = ['conflicting-group-members', 'unreachable-rule', 'open-rule-before-login', 'rules-lost-to-redirect', 'inbound-cidrs-beside-security-groups'] as const;

const HOSTS = ['a.example.com', 'b.example.com', 'c.b.example.com', '*.example.com', '*.b.example.com', '*'];
const LISTENERS = [undefined, [Listener.http()], [Listener.https()], [Listener.https(8443)], [Listener.http(), Listener.https(8443)], [Listener.http(443)]];
const AUTH = AlbAuth.jwt({ jwksEndpoint: 'https://id.example.com/keys', issuer: 'https://id.example.com' });
const RULES: ListenerRuleOptions[] = [
  { path: RulePath.prefix('/old'), action: ListenerAction.respond(503) },
  { conditions: [ListenerCondition.hostHeader(['*.example.com'])], action: ListenerAction.respond(503) },
  { conditions: [ListenerCondition.hostHeader(['*.B.example.com'])], path: RulePath.exact('/a'), action: ListenerAction.respond(404) },
  { conditions: [ListenerCondition.method(['POST'])], action: ListenerAction.respond(405) },
];

/** One member: mostly plain, so that many pairs fit together. */
const MEMBER = fc.record({
  hosts: fc.uniqueArray(fc.constantFrom(...HOSTS), { minLength: 1, maxLength: 2 }),
  groupOrder: fc.integer({ min: -1, max: 1 }),
  listeners: fc.option(fc.constantFrom(...LISTENERS), { freq: 2, nil: undefined }),
  guarded: fc.boolean(),
  door: fc.constantFrom<AlbOptions>({}, {}, {}, { inboundCidrs: ['10.0.0.0/8'] }, { securityGroups: ['sg-0a1b2c3d'] }),
  said: fc.constantFrom<AlbOptions>({}, {}, {}, {}, { scheme: AlbScheme.INTERNAL }, { tags: { team: 'a' } }, { tags: { team: 'b' } }, { sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' }),
  rules: fc.subarray(RULES, { maxLength: 1 }),
});

type Member = typeof MEMBER extends fc.Arbitrary<infer M> ? M : never;

function make(chart: Chart, id: string, { hosts, groupOrder, listeners, guarded, door, said, rules }: Member): void {
  const hasTls = listeners?.some(({ protocol }) => protocol === 'HTTPS') ?? true;
  const { sslPolicy, ...rest } = said;
  const props: AlbProps = {
    hosts, groupOrder, listeners, ...door, ...rest, backend: backend({ backendService: id }), ingressName: id, group: IngressGroup.fromName('shared'),
    ...hasTls ? { certificateArns: [CERTIFICATE], sslPolicy, auth: guarded ? AUTH : undefined } : {},
  };
  const alb = new Alb(chart, id, props);
  // A Service that is not in the input may have a login of its own.
  new ApiObject(chart, `service-${id}`, {
    apiVersion: 'v1', kind: 'Service', metadata: { name: id, namespace: 'front' }, spec: { ports: [{ name: 'https', port: 8443 }, { name: 'health', port: 15021 }] },
  });
  rules.forEach((rule, index) => alb.addRule(`rule-${id}-${index}`, rule));
}

function findings(apps: readonly App[]): string[] {
  const manifests = apps.flatMap(app => app.charts.flatMap(chart => chart.toJson() as object[]));
  return check(manifests as never).findings.filter(({ id }) => (FAULTS as readonly string[]).includes(id)).map(({ id, message }) => `${id}: ${message}`);
}

/** Both members in one chart, and the refusal of the second. */
function together(members: readonly [Member, Member]): { readonly app: App; readonly refused?: InvalidProps } {
  const app = new App();
  const chart = new Chart(app, 'chart', { disableResourceNameHashes: true });
  make(chart, 'one', members[0]);
  try {
    make(chart, 'two', members[1]);
  } catch (error) {
    if (error instanceof InvalidProps) {
      return { app, refused: error };
    }
    throw error;
  }
  return { app };
}

function apart(members: readonly [Member, Member]): App[] {
  return members.map((member, index) => {
    const app = new App();
    make(new Chart(app, `chart-${index}`, { disableResourceNameHashes: true }), ['one', 'two'][index], member);
    return app;
  });
}

/** A member that fits no other one, because it has faults of its own, is no case. */
function isSound(member: Member): boolean {
  const app = new App();
  make(new Chart(app, 'chart', { disableResourceNameHashes: true }), 'one', member);
  return findings([app]).length === 0;
}

test('two members are refused where the checks find a fault between them', () => {
  let [accepted, refusals] = [0, 0];
  fc.assert(fc.property(fc.tuple(MEMBER.filter(isSound), MEMBER.filter(isSound)), members => {
    const { app, refused } = together(members);
    // The check tolerates an HTTP listener without rules if another member serves its hosts over HTTPS.
    if (refused?.message.includes('lose all its rules')) {
      return;
    }
    const found = findings(refused === undefined ? [app] : apart(members));
    const said = refused?.message ?? 'accepted';
    expect({ said, found: found.length > 0 || found }).toEqual({ said, found: refused !== undefined || [] });
    [accepted, refusals] = refused === undefined ? [accepted + 1, refusals] : [accepted, refusals + 1];
  }), { numRuns: process.env.LAWS === 'full' ? 500 : 50 });
  expect(Math.min(accepted, refusals)).toBeGreaterThan(5);
});
