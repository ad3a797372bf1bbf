// IngressGroups: the Ingresses that share one load balancer, in the order in which the controller takes them, with their settings.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, type DecodedAnnotations, decodeAlbAnnotations, findRow } from '../base/alb-annotations/annotations';
import { ListenerProtocol } from '../base/alb-annotations/words';
import type { Ingress } from './ingress';
import { type ClassOf, IngressClasses, classValue } from './ingress-class';
import { annotationsOf, nameOf } from './manifest';
import { asObject } from './plain-json';

/** An Ingress of a group. */
export interface AlbMember {
  readonly ingress: Ingress;
  /** `namespace/name`. */
  readonly name: string;
  /** What the controller reads in the annotations, and what of it it refuses. */
  readonly annotations: DecodedAnnotations;
  readonly params: ClassOf['params'];
  /** The ports that it listens on; absent when they cannot be known. */
  readonly ports?: ReadonlyMap<number, ListenerProtocol>;
}

/** Ingresses that share one load balancer. */
export interface AlbGroup {
  /** The name of the group; absent where an Ingress stands alone. */
  readonly name?: string;
  /** In the controller's order: by `group.order`, then by `namespace/name`. */
  readonly members: readonly AlbMember[];
  /** One Ingress is there twice, so the input describes more than one cluster, and who meets whom cannot be known. */
  readonly ambiguous: boolean;
}

/**
 * Groups Ingresses (AWS Load Balancer Controller 3.5.0 pkg/ingress/group_loader.go:233): by `group.name` of the class params, else by
 * the annotation, else each is alone. An invalid name takes an Ingress out of every group; it is left alone here.
 */
export function readAlbGroups(ingresses: readonly Ingress[], classes: IngressClasses): AlbGroup[] {
  const groups = new Map<string, AlbMember[]>();
  ingresses.forEach((ingress, index) => {
    const ofClass = classes.of(ingress.manifest);
    if (!ofClass) {
      return;
    }
    const { controller, params } = ofClass;
    const member = readMember(ingress, params);
    const name = groupName(member);
    const key = name === undefined ? `alone ${index}` : JSON.stringify([controller, name]);
    const filed = groups.get(key);
    if (filed) {
      filed.push(member);
    } else {
      groups.set(key, [member]);
    }
  });
  return [...groups.values()].map(members => ({
    name: groupName(members[0]),
    members: [...members].sort(compareMembers),
    ambiguous: new Set(members.map(({ name }) => name)).size < members.length,
  }));
}

/** Where a value comes from: an annotation, or the class. */
export interface Setting<T> {
  readonly value: T;
  readonly ofClass: boolean;
}

/** A setting of a member, where class params replace annotations. `unknown` when its class params are. */
export function settingOf<P extends keyof AlbSettings>(
  member: AlbMember, prop: P, classField: string | undefined,
): Setting<NonNullable<AlbSettings[P]>> | 'unknown' | undefined {
  if (classField !== undefined && member.params === 'unknown') {
    return 'unknown';
  }
  const ofClass = classField === undefined ? undefined : classValue(asObject(member.params), prop);
  if (ofClass !== undefined) {
    return { value: ofClass as NonNullable<AlbSettings[P]>, ofClass: true };
  }
  const value = member.annotations.settings[prop];
  return value === undefined ? undefined : { value: value as NonNullable<AlbSettings[P]>, ofClass: false };
}

/** Whether HTTP listeners of the group redirect, or may: then none of their rules is evaluated (pkg/ingress/model_build_listener.go:72). */
export function redirectsHttp({ members }: AlbGroup): boolean {
  return members.some(member => settingOf(member, 'sslRedirect', ALB_ANNOTATIONS.sslRedirect.classField) !== undefined
    || member.annotations.malformed.some(({ key }) => findRow(key)?.prop === 'sslRedirect'));
}

/** Whether the controller certainly looks at the member's backends: some listener of it evaluates its rules. */
export function usesBackends({ ports, annotations }: AlbMember, groupRedirects: boolean): boolean {
  return ports === undefined
    ? !groupRedirects && !hasMalformedPorts(annotations)
    : [...ports.values()].some(protocol => protocol === ListenerProtocol.HTTPS || !groupRedirects);
}

function readMember(ingress: Ingress, params: ClassOf['params']): AlbMember {
  const texts = annotationsOf(ingress.manifest).filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const annotations = decodeAlbAnnotations(Object.fromEntries(texts), 'read');
  const member = { ingress, name: `${ingress.namespace}/${nameOf(ingress.manifest)}`, annotations, params };
  return { ...member, ports: readPorts(member) };
}

/** `listen-ports`, else HTTPS on 443 with explicit certificates, else HTTP on 80 (pkg/ingress/model_build_listener.go:237). */
function readPorts(member: AlbMember): AlbMember['ports'] {
  const { settings } = member.annotations;
  if (hasMalformedPorts(member.annotations)) {
    return undefined;
  }
  if (settings.listenPorts) {
    return new Map(settings.listenPorts.map(({ port, protocol }) => [port, protocol]));
  }
  const certificates = settingOf(member, 'certificateArns', 'certificateArn');
  // Whether a certificate is created depends on a feature gate of the controller.
  if (certificates === 'unknown' || (settings.createAcmCert && certificates === undefined)) {
    return undefined;
  }
  return certificates !== undefined && certificates.value.length > 0
    ? new Map([[443, ListenerProtocol.HTTPS]])
    : new Map([[80, ListenerProtocol.HTTP]]);
}

function hasMalformedPorts({ malformed }: DecodedAnnotations): boolean {
  return malformed.some(({ key }) => key === `${ALB_PREFIX}listen-ports`);
}

function groupName(member: AlbMember): string | undefined {
  const setting = settingOf(member, 'groupName', 'group.name');
  return setting === 'unknown' || typeof setting?.value !== 'string' ? undefined : setting.value;
}

function compareMembers(a: AlbMember, b: AlbMember): number {
  const order = (member: AlbMember) => member.annotations.settings.groupOrder ?? 0;
  return order(a) - order(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
