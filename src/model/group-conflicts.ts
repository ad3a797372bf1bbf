// Where members of an IngressGroup disagree: a loop over the merge rules of the annotation table.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings } from '../base/alb-annotations/annotations';
import type { AlbAnnotation } from '../base/alb-annotations/annotation';
import { ListenerProtocol } from '../base/alb-annotations/words';
import { type AlbGroup, type AlbMember, type Setting, settingOf } from './alb-group';
import { classListenerAttributes, classValue } from './ingress-class';
import { asObject } from './plain-json';

/** A value that one member claims, for a setting, a key of it and a port where it has them. */
interface Claim {
  readonly member: AlbMember;
  readonly value: string;
  /** The key of the annotation that it stands in; absent when it comes from the class or is a default. */
  readonly key?: string;
}

/** Two members that claim different values. */
export interface GroupConflict {
  /** What they disagree about, by its key without the prefix: `scheme`, `tags, key team`, `ssl-policy`, `the protocol`. */
  readonly about: string;
  readonly ports: readonly number[];
  readonly first: Claim;
  readonly other: Claim;
}

const ROWS = Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AlbAnnotation<unknown>][];

/** Rows whose class params count only when they are those of the group's first member, and then settle the matter. */
const FIRST_MEMBER: readonly (keyof AlbSettings)[] = ['loadBalancerAttributes', 'listenerAttributes', 'minimumLoadBalancerCapacity', 'ipamIpv4PoolId'];

/** All disagreements of a group, each once, in the order of the table. */
export function conflictsOf(group: AlbGroup): GroupConflict[] {
  if (group.members.length < 2 || group.ambiguous) {
    return [];
  }
  const claims = new Claims();
  for (const [prop, row] of ROWS.filter(([own, { merge }]) => merge !== 'none' && isCompared(group, own))) {
    group.members.forEach(member => claimRow(claims, group, member, prop, row));
  }
  group.members.forEach(member => member.ports?.forEach((protocol, port) => {
    const key = member.annotations.settings.listenPorts ? `${ALB_PREFIX}listen-ports` : undefined;
    claims.add('the protocol', port, { member, value: protocol, key });
  }));
  return claims.conflicts();
}

/** Whether the controller compares the row at all, as things stand in the group. */
function isCompared(group: AlbGroup, prop: keyof AlbSettings): boolean {
  const given = (own: keyof AlbSettings) => group.members.map(member => settingOf(member, own, ALB_ANNOTATIONS[own].classField))
    .filter(setting => setting !== undefined && (setting === 'unknown' || !isEmpty(setting.value)));
  const [first] = group.members;
  if (FIRST_MEMBER.includes(prop) && first.params === 'unknown') {
    return false;
  }
  switch (prop) {
    case 'wafv2AclArn': return given('wafv2AclName').length === 0;
    case 'manageBackendSecurityGroupRules': return given('securityGroups').length > 0;
    case 'minimumLoadBalancerCapacity': case 'ipamIpv4PoolId': return classValue(asObject(first.params), prop) === undefined;
    // An unreadable port in class params switches the redirect off for the whole group (pkg/ingress/model_builder.go:514).
    case 'sslRedirect': return given(prop).every(setting => setting === 'unknown' || !Number.isNaN(setting?.value));
    default: return !prop.startsWith('frontendNlb') || group.members.some(({ annotations }) => annotations.settings.enableFrontendNlb === true);
  }
}

function claimRow(claims: Claims, group: AlbGroup, member: AlbMember, prop: keyof AlbSettings, row: AlbAnnotation<unknown>): void {
  const setting = settingOf(member, prop, FIRST_MEMBER.includes(prop) ? undefined : row.classField);
  const key = ALB_PREFIX + row.key;
  if (prop === 'tags' || prop === 'loadBalancerAttributes') {
    const annotation = member.annotations.settings[prop] ?? {};
    const params = prop === 'tags' ? member.params : group.members[0].params;
    const settled = asObject(classValue(asObject(params), prop)) as Record<string, string>;
    const own = prop === 'tags' && params === 'unknown' ? {} : annotation;
    const about = (name: string) => `${row.key}, key ${name}`;
    Object.entries(own).filter(([name]) => !Object.hasOwn(settled, name))
      .forEach(([name, value]) => claims.add(about(name), undefined, { member, value, key }));
    Object.entries(prop === 'tags' ? settled : {}).forEach(([name, value]) => claims.add(about(name), undefined, { member, value }));
  } else if (prop === 'listenerAttributes') {
    claimListenerAttributes(claims, group, member, row);
  } else if (prop === 'frontendNlbListenerPortMapping') {
    nlbPorts(member).forEach((port, nlbPort) => {
      claims.add(`${row.key}, NLB port ${nlbPort}`, undefined, { member, value: String(port), key: setting ? key : undefined });
    });
  } else if (row.merge === 'exclusive' && setting !== 'unknown') {
    claimExclusive(claims, member, prop, row, setting as Setting<unknown> | undefined);
  }
}

function claimExclusive(claims: Claims, member: AlbMember, prop: keyof AlbSettings, row: AlbAnnotation<unknown>, setting: Setting<unknown> | undefined): void {
  const key = setting?.ofClass ? undefined : ALB_PREFIX + row.key;
  if (prop === 'frontendNlbAttributes') {
    // Once a member has it, every later member must have it too.
    if (setting !== undefined || claims.has(row.key)) {
      claims.add(row.key, undefined, { member, value: setting === undefined ? 'nothing' : canonical(setting.value, row), key: setting && key });
    }
  } else if (setting === undefined || (row.emptyIsAbsent && isEmpty(setting.value))) {
    return;
  } else if (row.scope === 'nlbPort') {
    // Two pointers to success codes are compared, so they differ even with equal values (pkg/ingress/model_build_frontend_nlb.go:875).
    const value = canonical(setting.value, row);
    const never = prop === 'frontendNlbHealthcheckSuccessCodes';
    nlbPorts(member).forEach((_, port) => claims.add(row.key, port, { member, value, key }, never));
  } else if (prop === 'mutualAuthentication') {
    const entries = member.annotations.settings.mutualAuthentication ?? [];
    entries.filter(({ port }) => member.ports?.get(port) === ListenerProtocol.HTTPS).forEach(({ port, mode, trustStore, ...rest }) => {
      // A name and an ARN may mean one trust store.
      const store = trustStore?.replace(/^arn:.*:truststore\/([^/]*).*$/, '$1');
      const value = [mode, store, rest.ignoreClientCertificateExpiry && 'expiry ignored', rest.advertiseTrustStoreCaNames === 'on' && 'CA names advertised'];
      claims.add(row.key, port, { member, value: value.filter(Boolean).join(', '), key });
    });
  } else if (row.scope === 'port') {
    member.ports?.forEach((protocol, port) => {
      if (prop !== 'sslPolicy' || protocol === ListenerProtocol.HTTPS) {
        claims.add(row.key, port, { member, value: canonical(setting.value, row), key });
      }
    });
  } else {
    claims.add(row.key, undefined, { member, value: canonical(setting.value, row), key });
  }
}

function claimListenerAttributes(claims: Claims, group: AlbGroup, member: AlbMember, row: AlbAnnotation<unknown>): void {
  for (const [port, protocol] of member.ports ?? []) {
    const listener = `${protocol}-${port}`;
    const attributes = member.annotations.settings.listenerAttributes?.[listener] ?? {};
    const { params } = claims.firstOn(port, group);
    const settled = classListenerAttributes(asObject(params), protocol, port);
    if (params !== 'unknown') {
      Object.entries(attributes).filter(([name]) => !Object.hasOwn(settled, name))
        .forEach(([name, value]) => claims.add(`${row.key}, key ${name}`, port, { member, value, key: `${ALB_PREFIX}${row.key}.${listener}` }));
    }
  }
}

/** The ports of the NLB, and the ALB port of the member that each leads to; others in the mapping are skipped. */
function nlbPorts({ annotations: { settings, malformed }, ports = new Map<number, ListenerProtocol>() }: AlbMember): Map<number, number> {
  if (malformed.some(({ key }) => key === `${ALB_PREFIX}frontend-nlb-listener-port-mapping`)) {
    return new Map();
  }
  const mapping = settings.frontendNlbListenerPortMapping;
  const pairs = mapping ? Object.entries(mapping) : [...ports.keys()].map(port => [port, port]);
  return new Map(pairs.map(([from, to]): [number, number] => [Number(from), Number(to)]).filter(([, to]) => ports.has(to)));
}

function isEmpty(value: unknown): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}

function canonical(value: unknown, row: AlbAnnotation<unknown>): string {
  if (Array.isArray(value)) {
    return (row.unordered ? [...new Set(value)].sort() : value).join(', ');
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([name, own]) => `${name}=${own}`).sort().join(', ')
    : String(value);
}

/** Collects claims, and keeps the first of each matter and the first that differs from it. */
class Claims {
  private readonly matters = new Map<string, { about: string; port?: number; first: Claim; other?: Claim }>();
  private readonly first = new Map<number, AlbMember>();

  public has(about: string): boolean {
    return this.matters.has(JSON.stringify([about, null]));
  }

  public add(about: string, port: number | undefined, claim: Claim, never = false): void {
    const matter = JSON.stringify([about, port ?? null]);
    const known = this.matters.get(matter);
    if (!known) {
      this.matters.set(matter, { about, port, first: claim });
    } else if (known.other === undefined && known.first.member !== claim.member && (never || known.first.value !== claim.value)) {
      known.other = claim;
    }
  }

  /** The first member that listens on a port. */
  public firstOn(port: number, group: AlbGroup): AlbMember {
    if (this.first.size === 0) {
      group.members.forEach(member => member.ports?.forEach((_, own) => {
        if (!this.first.has(own)) {
          this.first.set(own, member);
        }
      }));
    }
    return this.first.get(port) ?? group.members[0];
  }

  /** Matters on which two members differ; the same two on several ports count once. */
  public conflicts(): GroupConflict[] {
    const found = new Map<string, GroupConflict & { readonly ports: number[] }>();
    for (const { about, port, first, other } of this.matters.values()) {
      if (other) {
        const id = JSON.stringify([about, first.member.name, first.value, other.member.name, other.value]);
        const conflict = found.get(id) ?? { about, ports: [], first, other };
        conflict.ports.push(...port === undefined ? [] : [port]);
        found.set(id, conflict);
      }
    }
    return [...found.values()];
  }
}
