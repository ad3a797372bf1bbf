// One Application Load Balancer for the Ingresses of a group (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_builder.go).
import { AlbScheme, IpAddressType } from '../../base/alb-annotations/words';
import { groupBy } from '../../base/multimap';
import { Backends } from './backends';
import { type Build, classField } from './build';
import { createdCertificate } from './created-certificates';
import { type Frontend, frontendNlbOf } from './frontend-nlb';
import type { Member } from './groups';
import { classPairs } from './ingress-classes';
import { type MergedPort, mergePort, type PortConfig, portsWanted } from './listen-ports';
import type { Attribute, Listener, LoadBalancer, RuleAction } from '../load-balancer';
import { hashOf } from '../names';
import { nameOf, securityGroupsOf, subnetsOf } from './network';
import { protectionOf } from './protection';
import { PREVENTABLE, Refusal } from '../refusal';
import { optimized } from './rule-optimizer';
import { type DraftRule, defaultBackendOf, rulesOf } from './rules';
import { annotationPointer } from '../settings';
import { TargetGroups } from './target-groups';
import { toAttributes } from '../attributes';
import { asInteger, asList, asObject, asText } from '../../manifests/plain-json';

/** The load balancers of a group, and the rules that the optimizer dropped. */
export interface Built {
  readonly loadBalancer: LoadBalancer;
  readonly frontend?: Frontend;
  readonly dropped: readonly (DraftRule & { readonly port: number })[];
}

/** @throws Refusal for what makes the controller give up the whole group */
export function buildApplicationLoadBalancer(build: Build): Built {
  const { group, options, refusals } = build;
  const { members } = group;
  members.forEach(({ assumption }) => assumption !== undefined && build.note(assumption));
  members.forEach(({ settings }) => settings.get('groupOrder'));
  const created = new Map(members.map(member => [member, refusals.attempt(() => createdCertificate(build, member), undefined)]));
  const wanted = members.flatMap(member => refusals.attempt(() => portsWanted(build, member, created.get(member)), []));
  const ports = [...groupBy(wanted, ({ port }) => port).values()].map(configs => mergePort(build, configs)).sort((a, b) => a.port - b.port);
  const scheme = refusals.attempt(() => wordOf(build, 'scheme', Object.values<string>(AlbScheme)), undefined) ?? options.defaultScheme;
  const ipAddressType = refusals.attempt(() => wordOf(build, 'ipAddressType', Object.values<string>(IpAddressType)), undefined) ?? IpAddressType.IPV4;
  const securityGroups = securityGroupsOf(build, ports, ipAddressType);
  const targetGroups = new TargetGroups(build, ipAddressType.startsWith('dualstack'), securityGroups.targetsAdmit);
  const backends = new Backends(build, targetGroups);
  const redirectPort = sslRedirectOf(build, ports);
  const mayRedirect = redirectPort !== undefined || (refusals.areCollected && members.some(mayRedirectHttp));
  const dropped: Built['dropped'][number][] = [];
  const tags = build.sharedTags();
  const ruleTags = new Map(members.map(member => [member, build.sharedTags([member])]));
  const listeners = ports.map((port): Listener => {
    const isRedirect = port.protocol === 'HTTP' && mayRedirect;
    const drafts = isRedirect ? [] : rulesOf(build, port.members, port.protocol === 'HTTPS', backends);
    const { kept, dropped: useless } = refusals.areCollected ? { kept: drafts, dropped: [] } : optimized(drafts, port.port, port.protocol);
    dropped.push(...useless.map(rule => ({ ...rule, port: port.port })));
    return {
      port: port.port,
      protocol: port.protocol,
      certificates: port.certificates,
      sslPolicy: port.sslPolicy,
      mutualAuthentication: port.mutualAuthentication,
      attributes: listenerAttributes(build, port),
      tags: build.sharedTags(port.members),
      defaultActions: isRedirect ? [redirectTo(redirectPort ?? 0)] : defaultActions(build, port, backends),
      rules: kept.map(({ conditions, transforms, actions, from, member }, index) => ({
        priority: index + 1, conditions, actions, transforms, tags: ruleTags.get(member)!, from,
      })),
    };
  });
  if (refusals.areCollected && !mayRedirect) {
    surveyWithoutPorts(build, wanted, backends);
  }
  const loadBalancer: LoadBalancer = {
    type: 'application',
    group: group.id,
    members: members.map(({ manifest }) => manifest),
    name: refusals.attempt(() => explicitName(build), undefined) ?? nameOf(build, hashOf([options.clusterName, group.id, scheme])),
    scheme,
    ipAddressType,
    subnets: refusals.attempt(() => subnetsOf(build, scheme), []),
    securityGroups: securityGroups.ids,
    managedSecurityGroup: securityGroups.managed,
    attributes: loadBalancerAttributes(build),
    tags,
    capacityUnits: capacityOf(build),
    ipv4IpamPool: ipamPoolOf(build),
    customerOwnedIpv4Pool: customerOwnedPoolOf(build),
    ...refusals.attempt(() => protectionOf(build), {}),
    createdCertificates: [...created.values()].filter(one => one !== undefined),
    listeners,
    targetGroups: [...targetGroups.made.values()],
    unknown: build.unknown,
  };
  const frontend = refusals.attempt(() => frontendNlbOf(build.another(), loadBalancer, wanted), undefined);
  return { loadBalancer, frontend, dropped };
}

/** The word that the members agree on, in their class or their annotation. */
function wordOf(build: Build, prop: 'scheme' | 'ipAddressType', words: readonly string[]): string | undefined {
  const word = build.agreed<string>({ prop, ofClass: member => classField(member, prop) });
  if (word !== undefined && !words.includes(word)) {
    const { params, manifest } = build.group.members.find(member => classField(member, prop) === word) ?? build.group.members[0];
    throw new Refusal(params?.manifest ?? manifest, `/spec/${prop}`, `must be one of ${words.join(', ')}; got ${word}`);
  }
  return word;
}

function explicitName(build: Build): string | undefined {
  const name = build.agreed<string>({ prop: 'loadBalancerName', ofClass: member => classField(member, 'loadBalancerName') });
  if (name !== undefined && new TextEncoder().encode(name).length > 32) {
    const reason = `load-balancer-name must have at most 32 characters; got ${name}`;
    const annotated = build.group.members.find(({ settings }) => settings.has('loadBalancerName'));
    throw annotated?.settings.refusal('loadBalancerName', reason) ?? new Refusal(build.group.members[0].manifest, '/metadata/annotations', reason);
  }
  return name;
}

/** Reads the rules of Ingresses whose ports are unknown: whatever they are, they have rules. */
function surveyWithoutPorts(build: Build, wanted: readonly PortConfig[], backends: Backends): void {
  const known = new Set(wanted.map(({ member }) => member));
  const members = build.group.members.filter(member => !known.has(member) && !member.settings.unreadable('listenPorts'));
  if (members.length > 0) {
    rulesOf(build, members, false, backends);
    defaultActions(build, { port: 0, protocol: 'HTTP', members, cidrs: [], prefixLists: [], certificates: [] }, backends);
  }
}

/** Whether a redirect is unknown: the class may set it, or what the annotation means. */
function mayRedirectHttp(member: Member): boolean {
  const { settings } = member;
  return settings.isHidden('sslRedirect') || (classField(member, 'sslRedirectPort') === undefined && settings.unreadable('sslRedirect') !== undefined);
}

/** The HTTPS port that HTTP listeners redirect to. A value in class params that is no number turns it off for the whole group (:482). */
function sslRedirectOf(build: Build, ports: readonly MergedPort[]): number | undefined {
  const { members } = build.group;
  const ofClass = (member: Member) => classField(member, 'sslRedirectPort');
  const bad = members.findIndex(member => !/^[+-]?\d+$/.test(ofClass(member) ?? '0'));
  if (bad !== -1) {
    members.slice(0, bad).filter(member => ofClass(member) === undefined).forEach(({ settings }) => settings.get('sslRedirect'));
    return undefined;
  }
  const port = build.agreed<number>({ prop: 'sslRedirect', ofClass: member => (ofClass(member) === undefined ? undefined : Number(ofClass(member))) });
  // Of unreadable ports, which only a survey passes over, one may be the port.
  const isKnown = members.every(({ settings }) => settings.unreadable('listenPorts') === undefined);
  if (port !== undefined && isKnown && !ports.some(own => own.port === port && own.protocol === 'HTTPS')) {
    const { manifest } = build.group.members.find(({ settings }) => settings.has('sslRedirect')) ?? build.group.members[0];
    build.refusals.report(new Refusal(manifest, annotationPointer('ssl-redirect'), `port ${port} must be an HTTPS listener of the load balancer`,
      build.unlessOthersDiffer()));
  }
  return port;
}

function redirectTo(port: number): RuleAction {
  return { type: 'redirect', redirectConfig: { port: String(port), protocol: 'HTTPS', statusCode: 'HTTP_301' } };
}

/** The default backend of the only member that has one, or a 404 (pkg/ingress/model_build_listener.go:76). */
function defaultActions({ refusals }: Build, { members, protocol, port }: MergedPort, backends: Backends): readonly RuleAction[] {
  const own = members.filter(defaultBackendOf);
  if (own.length > 1) {
    const reason = `conflicts with the defaultBackend of ${own[0].id}, which also listens on port ${port}`;
    // Ports of a survey may be unknown, and an Ingress that occurs twice belongs to two clusters.
    const cause = port === 0 || own[0].id === own[1].id ? PREVENTABLE : undefined;
    refusals.report(new Refusal(own[1].manifest, '/spec/defaultBackend', reason, cause));
  }
  if (own.length === 0) {
    return [{ type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', statusCode: '404' } }];
  }
  const [actions] = own.map(member => refusals.attempt((): readonly RuleAction[] => {
    const { value, pointer } = defaultBackendOf(member)!;
    const backend = backends.read(member, value, pointer);
    return protocol === 'HTTPS' ? backend.guardedActions() : backend.actions;
  }, []));
  return actions;
}

/** Attributes of all members, which must agree on every key; those of the first member's class win (pkg/ingress/model_build_load_balancer_attributes.go:10). */
function loadBalancerAttributes(build: Build): Attribute[] {
  const [{ params, hasUnknownParams }] = build.group.members;
  const ofClass = classPairs(params?.spec.loadBalancerAttributes);
  const merged = build.agreedMap({
    prop: 'loadBalancerAttributes',
    of: ({ settings }) => settings.get('loadBalancerAttributes'),
    isIgnored: key => hasUnknownParams || Object.hasOwn(ofClass, key),
  });
  return toAttributes({ ...merged, ...ofClass });
}

function listenerAttributes(build: Build, { members, protocol, port }: MergedPort): Attribute[] {
  const name = `${protocol}-${port}`;
  const [{ params, hasUnknownParams }] = members;
  const ofClass = classPairs(asList(params?.spec.listeners).map(asObject).find(own => own.protocol === protocol && own.port === port)?.listenerAttributes);
  const merged = build.agreedMap({
    prop: 'listenerAttributes', name, port, members, isIgnored: key => hasUnknownParams || Object.hasOwn(ofClass, key),
    of: ({ settings }) => settings.named('listenerAttributes', name) as Readonly<Record<string, string>> | undefined,
  });
  return toAttributes({ ...merged, ...ofClass });
}

/** The class of the first member hides all annotations (pkg/ingress/model_build_load_balancer_capacity_reservation.go:40). */
function capacityOf(build: Build): number | undefined {
  if (!build.isOn('LBCapacityReservation')) {
    return undefined;
  }
  const ofClass = asInteger(asObject(build.group.members[0].params?.spec.minimumLoadBalancerCapacity).capacityUnits);
  return ofClass ?? (build.group.members[0].hasUnknownParams ? undefined : build.agreed<number>({
    prop: 'minimumLoadBalancerCapacity',
    own: ({ settings }) => {
      const units = settings.get('minimumLoadBalancerCapacity')?.CapacityUnits;
      return units === undefined ? undefined : Number(units);
    },
  }));
}

function ipamPoolOf(build: Build): string | undefined {
  const ofClass = asText(asObject(build.group.members[0].params?.spec.ipamConfiguration).ipv4IPAMPoolId);
  return ofClass ?? (build.group.members[0].hasUnknownParams ? undefined
    : build.agreed<string>({ prop: 'ipamIpv4PoolId', own: ({ settings }) => settings.get('ipamIpv4PoolId') || undefined }));
}

function customerOwnedPoolOf(build: Build): string | undefined {
  return build.agreed<string>({ prop: 'customerOwnedIpv4Pool' });
}
