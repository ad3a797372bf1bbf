// One Application Load Balancer for the Ingresses of a group (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_builder.go).
import { AlbScheme, IpAddressType } from '../../base/alb-annotations/words';
import { groupBy } from '../../base/multimap';
import type { AwsAnswers } from '../aws-answers';
import { Backends } from './backends';
import { Build, classField, classPairs } from './build';
import type { ControllerSettings } from '../controller-options';
import type { References } from '../references';
import { createdCertificate } from './created-certificates';
import { type Frontend, frontendNlbOf } from './frontend-nlb';
import type { Group, Member } from './groups';
import { type MergedPort, mergePort, portsWanted } from './listen-ports';
import type { Attribute, Listener, LoadBalancer, RuleAction } from '../load-balancer';
import { hashOf } from '../names';
import { nameOf, securityGroupsOf, subnetsOf } from './network';
import { protectionOf } from './protection';
import { Refusal } from '../refusal';
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
export function buildApplicationLoadBalancer(group: Group, options: ControllerSettings, references: References, answers: AwsAnswers): Built {
  const build = new Build(group, options, references, answers);
  const { members } = group;
  members.forEach(({ settings }) => settings.get('groupOrder'));
  const created = new Map(members.map(member => [member, createdCertificate(build, member)]));
  const wanted = members.flatMap(member => portsWanted(build, member, created.get(member)));
  const ports = [...groupBy(wanted, ({ port }) => port).values()].map(configs => mergePort(build, configs)).sort((a, b) => a.port - b.port);
  const scheme = wordOf(build, 'scheme', Object.values<string>(AlbScheme)) ?? options.defaultScheme;
  const ipAddressType = wordOf(build, 'ipAddressType', Object.values<string>(IpAddressType)) ?? IpAddressType.IPV4;
  const securityGroups = securityGroupsOf(build, ports, ipAddressType);
  const targetGroups = new TargetGroups(build, ipAddressType.startsWith('dualstack'), securityGroups.targetsAdmit);
  const backends = new Backends(build, targetGroups);
  const redirectPort = sslRedirectOf(build, ports);
  const dropped: Built['dropped'][number][] = [];
  const tags = build.sharedTags();
  const ruleTags = new Map(members.map(member => [member, build.sharedTags([member])]));
  const listeners = ports.map((port): Listener => {
    const isRedirect = port.protocol === 'HTTP' && redirectPort !== undefined;
    const drafts = isRedirect ? [] : rulesOf(port.members, port.protocol === 'HTTPS', backends);
    const { kept, dropped: useless } = optimized(drafts, port.port, port.protocol);
    dropped.push(...useless.map(rule => ({ ...rule, port: port.port })));
    return {
      port: port.port,
      protocol: port.protocol,
      certificates: port.certificates,
      sslPolicy: port.sslPolicy,
      mutualAuthentication: port.mutualAuthentication,
      attributes: listenerAttributes(port),
      tags: build.sharedTags(port.members),
      defaultActions: isRedirect ? [redirectTo(redirectPort)] : defaultActions(port, backends),
      rules: kept.map(({ conditions, transforms, actions, from, member }, index) => ({
        priority: index + 1, conditions, actions, transforms, tags: ruleTags.get(member)!, from,
      })),
    };
  });
  const loadBalancer: LoadBalancer = {
    type: 'application',
    group: group.id,
    members: members.map(({ manifest }) => manifest),
    name: explicitName(build) ?? nameOf(build, hashOf([options.clusterName, group.id, scheme])),
    scheme,
    ipAddressType,
    subnets: subnetsOf(build, scheme),
    securityGroups: securityGroups.ids,
    managedSecurityGroup: securityGroups.managed,
    attributes: loadBalancerAttributes(build),
    tags,
    capacityUnits: capacityOf(build),
    ipv4IpamPool: ipamPoolOf(build),
    customerOwnedIpv4Pool: customerOwnedPoolOf(build),
    ...protectionOf(build),
    createdCertificates: [...created.values()].filter(one => one !== undefined),
    listeners,
    targetGroups: [...targetGroups.made.values()],
    unknown: build.unknown,
  };
  const frontend = frontendNlbOf(new Build(group, options, references, answers), loadBalancer, wanted);
  return { loadBalancer, frontend, dropped };
}

/** The word that the members agree on, in their class or their annotation. */
function wordOf(build: Build, prop: 'scheme' | 'ipAddressType', words: readonly string[]): string | undefined {
  const word = build.agreed<string>(prop, member => classField(member, prop) ?? member.settings.get(prop));
  if (word !== undefined && !words.includes(word)) {
    const { params, manifest } = build.group.members.find(member => classField(member, prop) === word) ?? build.group.members[0];
    throw new Refusal(params?.manifest ?? manifest, `/spec/${prop}`, `must be one of ${words.join(', ')}; got ${word}`);
  }
  return word;
}

function explicitName(build: Build): string | undefined {
  const name = build.agreed('load-balancer-name', member => classField(member, 'loadBalancerName') ?? member.settings.get('loadBalancerName'));
  if (name !== undefined && new TextEncoder().encode(name).length > 32) {
    throw new Refusal(build.group.members[0].manifest, '/metadata/annotations', `load-balancer-name must have at most 32 characters; got ${name}`);
  }
  return name;
}

/** The HTTPS port that HTTP listeners redirect to. A value in class params that is no number turns it off for the Ingress (:514). */
function sslRedirectOf(build: Build, ports: readonly MergedPort[]): number | undefined {
  const port = build.agreed('ssl-redirect', member => {
    const ofClass = asText(member.params?.spec.sslRedirectPort);
    return ofClass === undefined || ofClass === '' ? member.settings.get('sslRedirect') : /^[+-]?\d+$/.test(ofClass) ? Number(ofClass) : undefined;
  });
  if (port !== undefined && !ports.some(own => own.port === port && own.protocol === 'HTTPS')) {
    const { manifest } = build.group.members.find(({ settings }) => settings.has('sslRedirect')) ?? build.group.members[0];
    throw new Refusal(manifest, annotationPointer('ssl-redirect'), `port ${port} must be an HTTPS listener of the load balancer`);
  }
  return port;
}

function redirectTo(port: number): RuleAction {
  return { type: 'redirect', redirectConfig: { port: String(port), protocol: 'HTTPS', statusCode: 'HTTP_301' } };
}

/** The default backend of the only member that has one, or a 404 (pkg/ingress/model_build_listener.go:76). */
function defaultActions({ members, protocol, port }: MergedPort, backends: Backends): readonly RuleAction[] {
  const own = members.filter(defaultBackendOf);
  if (own.length > 1) {
    throw new Refusal(own[1].manifest, '/spec/defaultBackend', `conflicts with the defaultBackend of ${own[0].id}, which also listens on port ${port}`);
  }
  if (own.length === 0) {
    return [{ type: 'fixed-response', fixedResponseConfig: { contentType: 'text/plain', statusCode: '404' } }];
  }
  const backend = backends.read(own[0], defaultBackendOf(own[0]), '/spec/defaultBackend');
  return protocol === 'HTTPS' ? backend.guardedActions() : backend.actions;
}

/** Attributes of all members, which must agree on every key; those of the first member's class win (pkg/ingress/model_build_load_balancer_attributes.go:10). */
function mergedAttributes(
  members: readonly Member[], of: (member: Member) => Readonly<Record<string, string>> | undefined, ofClass: Readonly<Record<string, string>>, what: string,
): Attribute[] {
  const merged: Record<string, string> = {};
  for (const member of members) {
    for (const [key, value] of Object.entries(of(member) ?? {})) {
      if (Object.hasOwn(merged, key) && merged[key] !== value && !Object.hasOwn(ofClass, key)) {
        throw new Refusal(member.manifest, '/metadata/annotations',
          `${what} ${key}=${value} conflicts with ${key}=${merged[key]} of another Ingress that shares the load balancer`);
      }
      merged[key] = value;
    }
  }
  return toAttributes({ ...merged, ...ofClass });
}

function loadBalancerAttributes({ group: { members } }: Build): Attribute[] {
  const ofClass = classPairs(members[0].params?.spec.loadBalancerAttributes);
  return mergedAttributes(members, ({ settings }) => settings.get('loadBalancerAttributes'), ofClass, 'load-balancer-attributes');
}

function listenerAttributes({ members, protocol, port }: MergedPort): Attribute[] {
  const name = `${protocol}-${port}`;
  const ofClass = asList(members[0].params?.spec.listeners).map(asObject).find(own => own.protocol === protocol && own.port === port);
  return mergedAttributes(members, ({ settings }) => settings.named('listenerAttributes', name) as Readonly<Record<string, string>> | undefined,
    classPairs(ofClass?.listenerAttributes), `listener-attributes.${name}`);
}

/** The class of the first member hides all annotations (pkg/ingress/model_build_load_balancer_capacity_reservation.go:40). */
function capacityOf(build: Build): number | undefined {
  const ofClass = asInteger(asObject(build.group.members[0].params?.spec.minimumLoadBalancerCapacity).capacityUnits);
  return ofClass ?? build.agreed('minimum-load-balancer-capacity', ({ settings }) => {
    const units = settings.get('minimumLoadBalancerCapacity')?.CapacityUnits;
    return units === undefined ? undefined : Number(units);
  });
}

function ipamPoolOf(build: Build): string | undefined {
  const ofClass = asText(asObject(build.group.members[0].params?.spec.ipamConfiguration).ipv4IPAMPoolId);
  return ofClass ?? build.agreed('ipam-ipv4-pool-id', ({ settings }) => settings.get('ipamIpv4PoolId') || undefined);
}

function customerOwnedPoolOf(build: Build): string | undefined {
  return build.agreed('customer-owned-ipv4-pool', ({ settings }) => settings.get('customerOwnedIpv4Pool'));
}
