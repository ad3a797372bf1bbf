// Which annotations the controller reads at all, and which of those it refuses: most are read only when something makes use of them.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, decodeAlbAnnotations, findRow } from '../base/alb-annotations/annotations';
import { type AlbGroup, type AlbMember, redirectsHttp, usesBackends } from './alb-group';
import { classValue } from './ingress-class';
import { Manifest, annotationsOf } from './manifest';
import { type PlainObject, asList, asObject, asText, isObject } from './plain-json';
import type { Service, Services } from './service';

/** An annotation that stops the controller. */
export interface RefusedAnnotation {
  readonly manifest: Manifest;
  readonly key: string;
  readonly value: string;
  readonly reason: string;
}

/** Read only in combinations that are not looked into here. */
const NEVER: readonly (keyof AlbSettings)[] = ['targetNodeLabels', 'targetControlPorts'];

/** Class params of these rows are joined with the annotation and do not hide it. */
const JOINED: readonly (keyof AlbSettings)[] = ['tags', 'loadBalancerAttributes', 'listenerAttributes'];

/**
 * The annotations of a group's Ingresses, and of the Services that they send requests to, that the controller certainly reads and refuses
 * (AWS Load Balancer Controller 3.5.0 pkg/annotations/parser.go, pkg/ingress).
 */
export function refusedAnnotations(group: AlbGroup, services: Services): RefusedAnnotation[] {
  const inGroup = whatTheGroupUses(group);
  return group.members.flatMap(member => {
    const { malformed } = member.annotations;
    // An invalid group name takes the Ingress out of every group, so nothing else of it is read.
    const left = malformed.filter(({ key }) => findRow(key)?.prop === 'groupName' && !isHiddenByClass(member, 'groupName'));
    const evaluated = usesBackends(member, inGroup.redirects);
    const backends = evaluated ? backendsOf(member.ingress.manifest) : [];
    const names = new Set(evaluated ? member.ingress.backends.map(({ service }) => service) : []);
    const forwardedTo = [...names].flatMap(name => services.find({ name, namespace: member.ingress.namespace }));
    const refused = left.length > 0 ? left : malformed.filter(({ key }) => {
      const { prop, name } = findRow(key)!;
      return !isHiddenByClass(member, prop) && isRead(prop, name, key, { member, inGroup, backends, forwardedTo });
    });
    const ofServices = left.length > 0 ? [] : forwardedTo;
    return [...refused.map(own => ({ manifest: member.ingress.manifest, ...own })), ...ofServices.flatMap(service => refusedOnService(service, member))];
  });
}

interface GroupUse {
  /** HTTP listeners may redirect, and then none of their rules is evaluated. */
  readonly redirects: boolean;
  readonly frontendNlb: boolean;
  readonly securityGroups: boolean;
  readonly ofClass: ReadonlySet<keyof AlbSettings>;
}

function whatTheGroupUses(group: AlbGroup): GroupUse {
  const { members, ambiguous } = group;
  const some = (prop: keyof AlbSettings, test: (value: unknown) => boolean) =>
    !ambiguous && members.some(({ annotations }) => test(annotations.settings[prop]));
  const firstMemberOnly = ['minimumLoadBalancerCapacity', 'ipamIpv4PoolId'] as const;
  return {
    redirects: redirectsHttp(group),
    frontendNlb: some('enableFrontendNlb', value => value === true),
    securityGroups: some('securityGroups', value => Array.isArray(value) && value.length > 0),
    ofClass: new Set(firstMemberOnly.filter(prop => members.some(member => isHiddenByClass(member, prop)))),
  };
}

function isHiddenByClass({ params }: AlbMember, prop: keyof AlbSettings): boolean {
  return ALB_ANNOTATIONS[prop].classField !== undefined && !JOINED.includes(prop)
    && (params === 'unknown' || classValue(asObject(params), prop) !== undefined);
}

interface Use {
  readonly member: AlbMember;
  readonly inGroup: GroupUse;
  readonly backends: readonly Backend[];
  readonly forwardedTo: readonly Service[];
}

function isRead(prop: keyof AlbSettings, name: string | undefined, key: string, { member, inGroup, backends, forwardedTo }: Use): boolean {
  switch (prop) {
    case 'tags': return true;
    case 'actions': return backends.some(backend => backend.name === name && backend.useAnnotation);
    case 'conditions': case 'transforms': return backends.some(backend => backend.name === name);
    case 'useRegexPathMatch': return backends.some(backend => backend.openPath);
    case 'jwtValidation': return backends.length > 0;
    case 'manageBackendSecurityGroupRules': return inGroup.securityGroups;
    case 'listenerAttributes': return [...member.ports ?? []].some(([port, protocol]) => name === `${protocol}-${port}`);
    default:
  }
  if (NEVER.includes(prop) || inGroup.ofClass.has(prop) || (prop.startsWith('frontendNlb') && !inGroup.frontendNlb)) {
    return false;
  }
  // A Service's value replaces the Ingress's, so one that the input does not hold may hide it.
  return !ALB_ANNOTATIONS[prop].on.includes('Service') || forwardedTo.some(({ manifest }) => !annotationsOf(manifest).some(([own]) => own === key));
}

/** Settings of target groups; whether those of logging in are read depends on the whole action. */
function refusedOnService({ manifest }: Service, member: AlbMember): RefusedAnnotation[] {
  const texts = annotationsOf(manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[0].startsWith(ALB_PREFIX));
  return decodeAlbAnnotations(Object.fromEntries(texts), 'read').malformed.filter(({ key }) => {
    const { prop, row } = findRow(key)!;
    return row.on.includes('Service') && !NEVER.includes(prop) && !prop.startsWith('auth') && !isHiddenByClass(member, prop);
  }).map(own => ({ manifest, ...own }));
}

interface Backend {
  readonly name?: string;
  readonly useAnnotation: boolean;
  /** It is reached by a path of type ImplementationSpecific, or of none. */
  readonly openPath: boolean;
}

const OPEN = 'ImplementationSpecific';

function backendsOf(ingress: Manifest): Backend[] {
  const spec = asObject(ingress.object.spec);
  const paths = asList(spec.rules).flatMap(rule => asList(asObject(asObject(rule).http).paths).map(asObject));
  return [
    ...[spec.defaultBackend].filter(isObject).map(backend => readBackend(backend, false)),
    ...paths.map(({ backend, path, pathType }) => readBackend(asObject(backend), Boolean(asText(path)) && [undefined, OPEN].includes(asText(pathType)))),
  ];
}

function readBackend(backend: PlainObject, openPath: boolean): Backend {
  const { name, port } = asObject(backend.service);
  return { name: asText(name), useAnnotation: asObject(port).name === 'use-annotation', openPath };
}
