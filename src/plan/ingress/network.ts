// Subnets, security groups and inbound rules of a load balancer (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_load_balancer.go).
import { asObject, asTexts, isObject, type PlainObject } from '../../manifests/plain-json';
import type { SubnetQuestion } from '../aws-answers';
import type { Build } from './build';
import type { Member } from './groups';
import type { MergedPort } from './listen-ports';
import type { InboundRule, ManagedSecurityGroup, SubnetMapping } from '../load-balancer';
import { BACKEND, MANAGED } from '../security-group-ids';
import { generatedGroupName, generatedName, hashOf } from '../names';
import { Refusal } from '../refusal';
import { annotationPointer } from '../settings';

/** The subnets: of the class params, or the annotations, or by discovery (:203). @throws Refusal where members disagree */
export function subnetsOf(build: Build, scheme: string): SubnetMapping[] {
  const { members } = build.group;
  const ofClass = ({ params }: Member) => (isObject(params?.spec.subnets) ? params.spec.subnets : undefined);
  const found = build.agreed<readonly string[], PlainObject>({ prop: 'subnets', ofClass, show: own => (isObject(own) ? showSelector(own) : inOrder(own)) });
  if (found === undefined) {
    return build.subnets({ ask: 'subnets by discovery', type: 'application', scheme }, members[0], '/metadata');
  }
  return isObject(found)
    ? build.subnets(questionOf(found, scheme), members.find(member => ofClass(member))!, '/spec/ingressClassName')
    : build.subnets({ ask: 'subnets by id or name', values: found, type: 'application', scheme },
      members.find(({ settings }) => settings.has('subnets'))!, annotationPointer('subnets'));
}

function questionOf(selector: PlainObject, scheme: string): SubnetQuestion {
  const type = 'application';
  const ids = asTexts(selector.ids);
  const tags = Object.entries(asObject(selector.tags)).map(([key, values]): [string, string[]] => [key, asTexts(values)]);
  if (ids.length > 0) {
    return { ask: 'subnets by id or name', values: ids, type, scheme };
  }
  return tags.length > 0 ? { ask: 'subnets by tags', tags: Object.fromEntries(tags), type, scheme } : { ask: 'subnets by discovery', type, scheme };
}

function showSelector({ ids, tags }: PlainObject): string {
  const shown = Object.entries(asObject(tags)).map(([key, values]) => `${key}=${asTexts(values).sort().join('|')}`);
  return `of the class: ${[...asTexts(ids).sort(), ...shown.sort()].join(', ')}`;
}

function inOrder(list: readonly string[]): string {
  return [...new Set(list)].sort().join(', ');
}

/** The security groups of a load balancer, and what the targets admit. */
export interface SecurityGroups {
  readonly ids: readonly string[];
  readonly managed?: ManagedSecurityGroup;
  /** The group that the controller opens targets to; absent if it opens none. */
  readonly targetsAdmit?: string;
}

/** Those that the members name, or a managed one (:291). @throws Refusal where members disagree */
export function securityGroupsOf(build: Build, ports: readonly MergedPort[], ipAddressType: string): SecurityGroups {
  const { group, options } = build;
  const filled = (list: readonly string[] | undefined) => (list && list.length > 0 ? list : undefined);
  const named = build.agreed<readonly string[]>({
    prop: 'securityGroups', own: ({ settings }) => filled(settings.get('securityGroups')), show: list => list.join(', '),
  });
  if (!named) {
    const managed = {
      name: nameOf(build, hashOf([options.clusterName, group.id])),
      inbound: ports.flatMap(port => inboundRules(port, ipAddressType)),
      tags: build.sharedTags(),
    };
    return options.backendSecurityGroup ? { ids: [MANAGED, BACKEND], managed, targetsAdmit: BACKEND } : { ids: [MANAGED], managed, targetsAdmit: MANAGED };
  }
  const asker = group.members.find(({ settings }) => filled(settings.get('securityGroups')))!;
  const ids = build.securityGroups(named, asker, annotationPointer('security-groups'));
  const manages = build.agreed<boolean>({ prop: 'manageBackendSecurityGroupRules' })
    ?? options.manageBackendSecurityGroupRules;
  if (!manages) {
    return { ids };
  }
  if (!options.backendSecurityGroup) {
    throw new Refusal(asker.manifest, annotationPointer('manage-backend-security-group-rules'),
      'needs the backend security group, which --enable-backend-security-group=false turns off');
  }
  return { ids: [...ids, BACKEND], targetsAdmit: BACKEND };
}

/** The name of a load balancer or security group that the group does not name. */
export function nameOf({ group }: Build, hash: string): string {
  const [{ namespace, name }] = group.members;
  return group.isExplicit ? generatedGroupName(group.id, hash) : generatedName(namespace, name, hash);
}

/** IPv4 ranges always, IPv6 ranges for the dualstack types, and prefix lists (pkg/ingress/model_build_managed_sg.go:76). */
function inboundRules({ port, cidrs, prefixLists }: MergedPort, ipAddressType: string): InboundRule[] {
  const protocol = 'tcp' as const;
  const isIpv6 = (cidr: string) => cidr.includes(':');
  return [
    ...cidrs.filter(cidr => !isIpv6(cidr)).map(cidrIP => ({ protocol, port, cidrIP })),
    ...ipAddressType.startsWith('dualstack') ? cidrs.filter(isIpv6).map(cidrIPv6 => ({ protocol, port, cidrIPv6 })) : [],
    ...prefixLists.map(prefixList => ({ protocol, port, prefixList })),
  ];
}

