// The Network Load Balancer in front of an Application Load Balancer (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_frontend_nlb.go).
import { groupBy } from '../../base/multimap';
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { type Build, keyOf, type Side } from './build';
import { withAddresses } from '../elastic-ips';
import type { Member } from './groups';
import type { PortConfig } from './listen-ports';
import type { From, HealthCheck, Listener, LoadBalancer, SubnetMapping, TargetGroup } from '../load-balancer';
import { generatedName, hashOf } from '../names';
import { nameOf } from './network';
import type { PlanEvent } from '../refusal';
import { requireRoutingPolicy } from '../routing-policy';
import { annotationPointer } from '../settings';
import { toAttributes } from '../attributes';

/** AWS allows 32 characters in a name; the suffix needs four of them (:308). */
const NAME_BYTES = 28;

/** What one Ingress wants of a port of the Network Load Balancer. */
interface Mapping {
  readonly member: Member;
  readonly port: number;
  readonly albPort: number;
  /** Whether the Ingress listens on the port of the Application Load Balancer. */
  readonly isUsed: boolean;
}

/** A frontend, and the settings without effect. */
export interface Frontend {
  readonly loadBalancer: LoadBalancer;
  readonly ignored: readonly PlanEvent[];
}

/**
 * The frontend of a group whose members ask for it; absent if none does.
 *
 * @param build a build of its own: what it cannot know is listed under the frontend
 * @param alb the load balancer behind it
 * @param wanted the ports of the Ingresses
 * @throws Refusal for what makes the controller give up the whole group, the Application Load Balancer included
 */
export function frontendNlbOf(build: Build, alb: LoadBalancer, wanted: readonly PortConfig[]): Frontend | undefined {
  if (build.agreed<boolean>({ prop: 'enableFrontendNlb' }) !== true) {
    return undefined;
  }
  // The scheme of the Application Load Balancer does not matter (:97).
  const scheme = build.agreed<string>({ prop: 'frontendNlbScheme' }) ?? build.options.defaultScheme;
  const tags = build.agreed<LoadBalancer['tags']>({ prop: 'frontendNlbTags', show: showMap }) ?? alb.tags;
  const written = build.group.members.flatMap(member => mappingsOf(member, wanted));
  const mappings = [...groupBy(written.filter(({ isUsed }) => isUsed), ({ port }) => port).values()].sort(([a], [b]) => a.port - b.port);
  const targetGroups = mappings.map(own => targetGroupOf(build, own, tags));
  const listeners = targetGroups.map(({ id, port, protocol }): Listener => ({
    port, protocol, certificates: [], attributes: [], tags, rules: [],
    defaultActions: [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroup: id }] } }],
  }));
  const loadBalancer: LoadBalancer = {
    type: 'network',
    group: alb.group,
    members: alb.members,
    name: nameOfFrontend(alb.name),
    scheme,
    ipAddressType: alb.ipAddressType,
    subnets: subnetsOf(build, scheme),
    securityGroups: securityGroupsOf(build, alb),
    attributes: attributesOf(build),
    tags,
    createdCertificates: [],
    listeners,
    targetGroups,
    unknown: build.unknown,
  };
  return { loadBalancer, ignored: written.filter(({ isUsed }) => !isUsed).map(unused) };
}

function unused({ member, port, albPort }: Mapping): PlanEvent {
  const reason = `the load balancer does not listen on port ${port}, because the Ingress does not listen on port ${albPort}`;
  return { severity: 'ignored', reason, ...placeOf(member), reach: 'ingress' };
}

function placeOf({ manifest, settings }: Member): From {
  const key = settings.has('frontendNlbListenerPortMapping') ? 'frontend-nlb-listener-port-mapping' : 'enable-frontend-nlb';
  return { manifest, pointer: annotationPointer(key) };
}

function showMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map).map(([key, value]) => `${key}=${value}`).sort().join(', ');
}

function sideOf({ member, albPort }: Mapping): Side {
  const prop = 'frontendNlbListenerPortMapping';
  return { member, value: String(albPort), key: member.settings.has(prop) ? keyOf(prop) : undefined };
}

function nameOfFrontend(name: string): string {
  const bytes = new TextEncoder().encode(name).slice(0, NAME_BYTES);
  return `${new TextDecoder().decode(bytes)}-nlb`;
}

/** The port mapping of a member, or all its ports; a mapping to a port that the member does not listen on is skipped without an error (:434). */
function mappingsOf(member: Member, wanted: readonly PortConfig[]): Mapping[] {
  const ports = [...new Set(wanted.filter(own => own.member === member).map(({ port }) => port))];
  const written = Object.entries(member.settings.get('frontendNlbListenerPortMapping') ?? {});
  if (member.settings.unreadable('frontendNlbListenerPortMapping')) {
    return [];
  }
  const mapped = written.length > 0 ? written.map(([port, albPort]) => ({ member, port: Number(port), albPort: Number(albPort) }))
    : ports.map(port => ({ member, port, albPort: port }));
  return mapped.map(own => ({ ...own, isUsed: ports.includes(own.albPort) }));
}

function targetGroupOf(build: Build, mappings: readonly Mapping[], tags: LoadBalancer['tags']): TargetGroup {
  const [{ member, port, albPort }] = mappings;
  const other = mappings.find(own => own.albPort !== albPort);
  if (other) {
    build.refuseConflict(`${keyOf('frontendNlbListenerPortMapping')}, NLB port ${port}`, undefined, sideOf(mappings[0]), sideOf(other));
  }
  const healthCheck = healthCheckOf(build, mappings);
  const { group, options } = build;
  const hash = hashOf([options.clusterName, group.id, String(port), 'alb', 'TCP', String(healthCheck.port), healthCheck.protocol]);
  return {
    id: `FrontendNlb-tg-TCP-${port}`,
    name: group.isExplicit ? nameOf(build, hash) : generatedName(member.namespace, member.name, hash),
    port,
    protocol: 'TCP',
    targetType: 'alb',
    ipAddressType: 'ipv4',
    healthCheck,
    attributes: [],
    tags,
    albPort,
    multiCluster: false,
    opened: [],
    from: placeOf(member),
  };
}

type HealthCheckProp = `frontendNlbHealthcheck${'Port' | 'Protocol' | 'Path' | 'IntervalSeconds' | 'TimeoutSeconds'
  | 'HealthyThresholdCount' | 'UnhealthyThresholdCount'}`;

/** The values that members of the port set must agree; those of the others do not count (:875). */
function healthCheckOf(build: Build, mappings: readonly Mapping[]): HealthCheck {
  const members = mappings.map(({ member }) => member);
  const [{ port: nlbPort }] = mappings;
  const agreed = <P extends HealthCheckProp>(prop: P) => build.agreed<NonNullable<AlbSettings[P]>>({ prop, port: nlbPort, members });
  const port = agreed('frontendNlbHealthcheckPort') ?? 'traffic-port';
  return {
    port: port === 'traffic-port' ? port : Number(port),
    protocol: agreed('frontendNlbHealthcheckProtocol') ?? 'HTTP',
    path: agreed('frontendNlbHealthcheckPath') ?? '/',
    matcher: { httpCode: successCodes(build, members, nlbPort) ?? '200' },
    intervalSeconds: agreed('frontendNlbHealthcheckIntervalSeconds') ?? 15,
    timeoutSeconds: agreed('frontendNlbHealthcheckTimeoutSeconds') ?? 5,
    healthyThresholdCount: agreed('frontendNlbHealthcheckHealthyThresholdCount') ?? 2,
    unhealthyThresholdCount: agreed('frontendNlbHealthcheckUnhealthyThresholdCount') ?? 2,
  };
}

/** Two members that set them always conflict, equal or not: the controller compares pointers (:875). */
function successCodes(build: Build, members: readonly Member[], port: number): string | undefined {
  const prop = 'frontendNlbHealthcheckSuccessCodes';
  const [first, second] = members.filter(({ settings }) => settings.has(prop)).map(member => ({ member, value: member.settings.get(prop), key: keyOf(prop) }));
  if (second) {
    build.refuseConflict(keyOf(prop), port, first, second);
  }
  return first?.value;
}

/** Subnets, each with its Elastic IP. Both lists are compared without their order (:117, :149). */
function subnetsOf(build: Build, scheme: string): SubnetMapping[] {
  const { members } = build.group;
  const inOrder = (list: readonly string[]) => [...list].sort().join(', ');
  const values = build.agreed<readonly string[]>({ prop: 'frontendNlbSubnets', show: inOrder });
  const allocations = build.agreed<readonly string[]>({ prop: 'frontendNlbEipAllocations', show: inOrder });
  const asker = (prop: 'frontendNlbSubnets' | 'frontendNlbEipAllocations') => members.find(({ settings }) => settings.has(prop))!;
  const wanted = { type: 'network', scheme } as const;
  const subnets = values
    ? build.subnets({ ask: 'subnets by id or name', values, ...wanted }, asker('frontendNlbSubnets'), annotationPointer('frontend-nlb-subnets'))
    : build.subnets({ ask: 'subnets by discovery', ...wanted }, members[0], '/metadata');
  const refuse = (reason: string) => (
    asker('frontendNlbEipAllocations').settings.refusal('frontendNlbEipAllocations', reason, undefined, build.unlessOthersDiffer()));
  return allocations ? withAddresses(subnets, allocations, scheme, refuse) : subnets;
}

/** Those that the members name, in one order, or those of the Application Load Balancer. */
function securityGroupsOf(build: Build, alb: LoadBalancer): readonly string[] {
  const named = build.agreed<readonly string[]>({ prop: 'frontendNlbSecurityGroups', show: list => list.join(', ') });
  const asker = build.group.members.find(({ settings }) => settings.has('frontendNlbSecurityGroups'));
  return named && named.length > 0 && asker
    ? build.securityGroups(named, asker, annotationPointer('frontend-nlb-security-groups')) : alb.securityGroups;
}

/** Once a member has attributes, all later members must have the same, silent ones included (:226). */
function attributesOf(build: Build): LoadBalancer['attributes'] {
  const { members } = build.group;
  const first = members.findIndex(({ settings }) => settings.get('frontendNlbAttributes') !== undefined);
  if (first === -1) {
    return [];
  }
  const attributes = members[first].settings.get('frontendNlbAttributes')!;
  const [own, ...others] = members.slice(first).map((member): Side => {
    const written = member.settings.get('frontendNlbAttributes');
    return written === undefined ? { member } : { member, value: showMap(written), key: keyOf('frontendNlbAttributes') };
  });
  const other = others.find(({ value }) => value !== own.value);
  if (other) {
    build.refuseConflict(keyOf('frontendNlbAttributes'), undefined, own, other);
  }
  requireRoutingPolicy(attributes, reason => members[first].settings.refusal('frontendNlbAttributes', reason));
  return toAttributes(attributes);
}
