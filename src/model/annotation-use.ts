// Which annotations the controller reads, and which of those it rejects: it reads most annotations only when something uses them.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, type MalformedAnnotation, decodeAlbAnnotations, findRow } from '../base/alb-annotations/annotations';
import { type AlbGroup, type AlbMember, redirectsHttp, usesBackends } from './alb-group';
import type { Backend, Ingress } from './ingress';
import { classValue } from './ingress-class';
import { Manifest, annotationsOf } from '../manifests/manifest';
import { asObject } from '../manifests/plain-json';
import type { Service, Services } from './service';

/** An annotation whose value makes the controller fail. */
export interface RejectedAnnotation extends MalformedAnnotation {
  readonly manifest: Manifest;
}

/** The controller reads these only in combinations that are not modeled here. */
const NEVER: readonly (keyof AlbSettings)[] = ['targetNodeLabels', 'targetControlPorts'];

/** Class params of these rows are merged with the annotation and do not hide it. */
const MERGED: readonly (keyof AlbSettings)[] = ['tags', 'loadBalancerAttributes', 'listenerAttributes'];

/**
 * The annotations of a group's Ingresses and of the Services behind them that the controller is guaranteed to read and reject
 * (AWS Load Balancer Controller 3.5.0 pkg/annotations/parser.go, pkg/ingress).
 */
export function rejectedAnnotations(group: AlbGroup, services: Services): RejectedAnnotation[] {
  const groupUse = useOf(group);
  return group.members.flatMap(member => {
    const { manifest, namespace, targets, annotations: { malformed } } = member.ingress;
    // An invalid group name removes the Ingress from every group, so nothing else of it is read.
    const invalidName = malformed.filter(({ key }) => findRow(key)?.prop === 'groupName' && !isHiddenByClass(member.ingress, 'groupName'));
    if (invalidName.length > 0) {
      return invalidName.map(own => ({ manifest, ...own }));
    }
    const isEvaluated = usesBackends(member, groupUse.redirects);
    const backends = isEvaluated ? member.ingress.backends : [];
    const names = new Set(isEvaluated ? targets.map(({ service }) => service) : []);
    const forwardedTo = [...names].flatMap(name => services.find({ name, namespace }));
    const rejected = malformed.filter(({ key }) => {
      const { prop, name } = findRow(key)!;
      return !isHiddenByClass(member.ingress, prop) && isRead(prop, name, key, { member, groupUse, backends, forwardedTo });
    });
    return [...rejected.map(own => ({ manifest, ...own })), ...forwardedTo.flatMap(service => rejectedOnService(service, member.ingress))];
  });
}

/** Which annotations take effect because of another one in the group. */
interface GroupUse {
  /** HTTP listeners may redirect, and then none of their rules is evaluated. */
  readonly redirects: boolean;
  readonly frontendNlb: boolean;
  readonly securityGroups: boolean;
  readonly ofClass: ReadonlySet<keyof AlbSettings>;
}

function useOf(group: AlbGroup): GroupUse {
  const { members, ambiguous } = group;
  const some = (prop: keyof AlbSettings, test: (value: unknown) => boolean) =>
    !ambiguous && members.some(({ ingress }) => test(ingress.annotations.settings[prop]));
  const firstMemberOnly = ['minimumLoadBalancerCapacity', 'ipamIpv4PoolId'] as const;
  return {
    redirects: redirectsHttp(group),
    frontendNlb: some('enableFrontendNlb', value => value === true),
    securityGroups: some('securityGroups', value => Array.isArray(value) && value.length > 0),
    ofClass: new Set(firstMemberOnly.filter(prop => members.some(({ ingress }) => isHiddenByClass(ingress, prop)))),
  };
}

function isHiddenByClass({ ofClass: { params } }: Ingress, prop: keyof AlbSettings): boolean {
  return ALB_ANNOTATIONS[prop].classField !== undefined && !MERGED.includes(prop)
    && (params === 'unknown' || classValue(asObject(params), prop) !== undefined);
}

interface Use {
  readonly member: AlbMember;
  readonly groupUse: GroupUse;
  readonly backends: readonly Backend[];
  readonly forwardedTo: readonly Service[];
}

function isRead(prop: keyof AlbSettings, name: string | undefined, key: string, { member, groupUse, backends, forwardedTo }: Use): boolean {
  switch (prop) {
    case 'tags': return true;
    case 'actions': return backends.some(backend => backend.name === name && backend.usesAction);
    case 'conditions': case 'transforms': return backends.some(backend => backend.name === name);
    case 'useRegexPathMatch': return backends.some(backend => backend.mayBeRegex);
    case 'jwtValidation': return backends.length > 0;
    case 'manageBackendSecurityGroupRules': return groupUse.securityGroups;
    case 'listenerAttributes': return [...member.ports ?? []].some(([port, protocol]) => name === `${protocol}-${port}`);
    default:
  }
  if (NEVER.includes(prop) || groupUse.ofClass.has(prop) || (prop.startsWith('frontendNlb') && !groupUse.frontendNlb)) {
    return false;
  }
  // The value of a Service overrides that of the Ingress, so a Service outside the input may hide it.
  return !ALB_ANNOTATIONS[prop].on.includes('Service') || forwardedTo.some(({ manifest }) => !annotationsOf(manifest).some(([own]) => own === key));
}

/** Target group settings of a Service. Whether the controller reads the login settings depends on the whole action. */
function rejectedOnService({ manifest }: Service, ingress: Ingress): RejectedAnnotation[] {
  const texts = annotationsOf(manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[0].startsWith(ALB_PREFIX));
  return decodeAlbAnnotations(Object.fromEntries(texts), 'read').malformed.filter(({ key }) => {
    const { prop, row } = findRow(key)!;
    return row.on.includes('Service') && !NEVER.includes(prop) && !prop.startsWith('auth') && !isHiddenByClass(ingress, prop);
  }).map(own => ({ manifest, ...own }));
}
