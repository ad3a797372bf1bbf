// Subnets, security groups and inbound rules of a load balancer (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_load_balancer.go).
import { asObject, asTexts, isObject, type PlainObject } from '../../manifests/plain-json';
import type { SubnetQuestion } from '../aws-answers';
import type { Build } from './build';
import type { Member } from './groups';
import type { MergedPort } from './listen-ports';
import type { InboundRule, SubnetMapping } from '../load-balancer';
import { managedGroups, namedGroups, type SecurityGroups } from '../security-groups';
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

/** Those that the members name, or a managed one (:291). @throws Refusal where members disagree */
export function securityGroupsOf(build: Build, ports: readonly MergedPort[], ipAddressType: string): SecurityGroups {
  const { group, options } = build;
  const filled = (list: readonly string[] | undefined) => (list && list.length > 0 ? list : undefined);
  const named = build.agreed<readonly string[]>({
    prop: 'securityGroups', own: ({ settings }) => filled(settings.get('securityGroups')), show: list => list.join(', '),
  });
  if (!named) {
    return managedGroups({
      name: nameOf(build, hashOf([options.clusterName, group.id])),
      inbound: ports.flatMap(port => inboundRules(port, ipAddressType)),
      tags: build.sharedTags(),
    }, options);
  }
  const asker = group.members.find(({ settings }) => filled(settings.get('securityGroups')))!;
  const ids = build.securityGroups(named, asker, annotationPointer('security-groups'));
  const manages = build.agreed<boolean>({ prop: 'manageBackendSecurityGroupRules' })
    ?? options.manageBackendSecurityGroupRules;
  return namedGroups(ids, manages, options, reason => new Refusal(asker.manifest, annotationPointer('manage-backend-security-group-rules'), reason));
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

