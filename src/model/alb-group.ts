// IngressGroups: the Ingresses that share one load balancer, in the order in which the controller evaluates them.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings, type DecodedAnnotations, findRow } from '../base/alb-annotations/annotations';
import { ListenerProtocol } from '../base/alb-annotations/words';
import { groupBy } from '../base/multimap';
import type { Ingress } from './ingress';
import { classValue } from './ingress-class';
import { nameOf } from '../manifests/manifest';
import { asObject } from '../manifests/plain-json';

/** An Ingress of a group. */
export interface AlbMember {
  readonly ingress: Ingress;
  /** `namespace/name`. */
  readonly name: string;
  /** The listener ports; absent if they cannot be determined. */
  readonly ports?: ReadonlyMap<number, ListenerProtocol>;
}

/** Ingresses that share one load balancer. */
export interface AlbGroup {
  /** The name of the group; absent for an Ingress without a group. */
  readonly name?: string;
  /** In the controller's order: by `group.order`, then by `namespace/name`. */
  readonly members: readonly AlbMember[];
  /** The same Ingress occurs twice, so the input mixes clusters and group membership cannot be determined. */
  readonly ambiguous: boolean;
}

/**
 * Groups Ingresses (AWS Load Balancer Controller 3.5.0 pkg/ingress/group_loader.go:233): by `group.name` of the class params, else by the
 * annotation; an Ingress without either is alone. So is an Ingress with an invalid name, which the controller removes from every group.
 */
export function readAlbGroups(ingresses: readonly Ingress[]): AlbGroup[] {
  const members = ingresses.map((ingress): AlbMember => ({ ingress, name: `${ingress.namespace}/${nameOf(ingress.manifest)}`, ports: readPorts(ingress) }));
  const groups = groupBy(members, ({ ingress }) => {
    const name = groupName(ingress);
    return name === undefined ? ingress : JSON.stringify([ingress.ofClass.controller, name]);
  });
  return [...groups.values()].map(own => ({
    name: groupName(own[0].ingress),
    members: [...own].sort(compareMembers),
    ambiguous: new Set(own.map(({ name }) => name)).size < own.length,
  }));
}

/** A value and its source: an annotation, or the class. */
export interface Setting<T> {
  readonly value: T;
  readonly ofClass: boolean;
}

/** A setting of an Ingress, where class params override annotations; `unknown` if the class params are. */
export function settingOf<P extends keyof AlbSettings>(
  { ofClass: { params }, annotations }: Ingress, prop: P, classField: string | undefined,
): Setting<NonNullable<AlbSettings[P]>> | 'unknown' | undefined {
  if (classField !== undefined && params === 'unknown') {
    return 'unknown';
  }
  const ofClass = classField === undefined ? undefined : classValue(asObject(params), prop);
  if (ofClass !== undefined) {
    return { value: ofClass as NonNullable<AlbSettings[P]>, ofClass: true };
  }
  const value = annotations.settings[prop];
  return value === undefined ? undefined : { value: value as NonNullable<AlbSettings[P]>, ofClass: false };
}

/** Whether HTTP listeners of the group redirect, or may; then their rules are not evaluated (pkg/ingress/model_build_listener.go:72). */
export function redirectsHttp({ members }: AlbGroup): boolean {
  return members.some(({ ingress }) => settingOf(ingress, 'sslRedirect', ALB_ANNOTATIONS.sslRedirect.classField) !== undefined
    || ingress.annotations.malformed.some(({ key }) => findRow(key)?.prop === 'sslRedirect'));
}

/** Whether the controller is guaranteed to evaluate the member's backends: at least one of its listeners has rules. */
export function usesBackends({ ports, ingress }: AlbMember, groupRedirects: boolean): boolean {
  return ports === undefined
    ? !groupRedirects && !hasMalformedPorts(ingress.annotations)
    : [...ports.values()].some(protocol => protocol === ListenerProtocol.HTTPS || !groupRedirects);
}

/** `listen-ports`, else HTTPS on 443 with explicit certificates, else HTTP on 80 (pkg/ingress/model_build_listener.go:237). */
function readPorts(ingress: Ingress): AlbMember['ports'] {
  const { settings } = ingress.annotations;
  if (hasMalformedPorts(ingress.annotations)) {
    return undefined;
  }
  if (settings.listenPorts) {
    return new Map(settings.listenPorts.map(({ port, protocol }) => [port, protocol]));
  }
  const certificates = settingOf(ingress, 'certificateArns', 'certificateArn');
  // A feature gate of the controller decides whether it creates a certificate.
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

function groupName(ingress: Ingress): string | undefined {
  const setting = settingOf(ingress, 'groupName', 'group.name');
  return setting === 'unknown' || typeof setting?.value !== 'string' ? undefined : setting.value;
}

function compareMembers(a: AlbMember, b: AlbMember): number {
  const order = ({ ingress }: AlbMember) => ingress.annotations.settings.groupOrder ?? 0;
  return order(a) - order(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}
