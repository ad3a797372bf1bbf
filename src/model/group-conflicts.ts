// Conflicts within an IngressGroup: a loop over the merge rules of the annotation table.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings } from '../base/alb-annotations/annotations';
import type { AlbAnnotation } from '../base/alb-annotations/annotation';
import { ListenerProtocol } from '../base/alb-annotations/words';
import { type AlbGroup, type AlbMember, type Setting, settingOf } from './alb-group';
import { classListenerAttributes, classValue } from './ingress-class';
import { asObject } from '../manifests/plain-json';

/** The value of one member for a setting. */
interface MemberValue {
  readonly member: AlbMember;
  /** Absent if the member does not set it, where that makes a difference. */
  readonly value?: string;
  /** The annotation key of the value; absent if it comes from the class or is a default. */
  readonly key?: string;
}

/** Two members with different values for one setting of the load balancer. */
export interface GroupConflict {
  /** The setting, by its key without the prefix: `scheme`, `tags, key team`, `ssl-policy`, `the protocol`. */
  readonly about: string;
  readonly ports: readonly number[];
  readonly first: MemberValue;
  readonly other: MemberValue;
}

const ROWS = Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AlbAnnotation<unknown>][];

/** Rows whose class params count only if they are those of the group's first member, and then override all members. */
const FIRST_MEMBER: readonly (keyof AlbSettings)[] = ['loadBalancerAttributes', 'listenerAttributes', 'minimumLoadBalancerCapacity', 'ipamIpv4PoolId'];

/** All conflicts of a group, each once, in the order of the table. */
export function conflictsOf(group: AlbGroup): GroupConflict[] {
  if (group.members.length < 2 || group.ambiguous) {
    return [];
  }
  const values = new ComparedValues();
  for (const [prop, row] of ROWS.filter(([own, { merge }]) => merge !== 'none' && isCompared(group, own))) {
    group.members.forEach(member => addRow(values, group, member, prop, row));
  }
  group.members.forEach(member => member.ports?.forEach((protocol, port) => {
    const key = member.ingress.annotations.settings.listenPorts ? `${ALB_PREFIX}listen-ports` : undefined;
    values.add('the protocol', port, { member, value: protocol, key });
  }));
  return values.conflicts();
}

/** Whether the controller compares the row in this group. */
function isCompared(group: AlbGroup, prop: keyof AlbSettings): boolean {
  const given = (own: keyof AlbSettings) => group.members.map(({ ingress }) => settingOf(ingress, own, ALB_ANNOTATIONS[own].classField))
    .filter(setting => setting !== undefined && (setting === 'unknown' || !isEmpty(setting.value)));
  const { params } = group.members[0].ingress.ofClass;
  if (FIRST_MEMBER.includes(prop) && params === 'unknown') {
    return false;
  }
  switch (prop) {
    case 'wafv2AclArn': return given('wafv2AclName').length === 0;
    case 'manageBackendSecurityGroupRules': return given('securityGroups').length > 0;
    case 'minimumLoadBalancerCapacity': case 'ipamIpv4PoolId': return classValue(asObject(params), prop) === undefined;
    // An unreadable port in class params disables the redirect for the whole group (pkg/ingress/model_builder.go:514).
    case 'sslRedirect': return given(prop).every(setting => setting === 'unknown' || !Number.isNaN(setting?.value));
    default: return !prop.startsWith('frontendNlb') || group.members.some(({ ingress }) => ingress.annotations.settings.enableFrontendNlb === true);
  }
}

function addRow(values: ComparedValues, group: AlbGroup, member: AlbMember, prop: keyof AlbSettings, row: AlbAnnotation<unknown>): void {
  const { annotations: { settings }, ofClass } = member.ingress;
  const setting = settingOf(member.ingress, prop, FIRST_MEMBER.includes(prop) ? undefined : row.classField);
  const key = ALB_PREFIX + row.key;
  if (prop === 'tags' || prop === 'loadBalancerAttributes') {
    const annotation = settings[prop] ?? {};
    const params = prop === 'tags' ? ofClass.params : group.members[0].ingress.ofClass.params;
    const fromClass = asObject(classValue(asObject(params), prop)) as Record<string, string>;
    const own = prop === 'tags' && params === 'unknown' ? {} : annotation;
    const about = (name: string) => `${row.key}, key ${name}`;
    Object.entries(own).filter(([name]) => !Object.hasOwn(fromClass, name))
      .forEach(([name, value]) => values.add(about(name), undefined, { member, value, key }));
    Object.entries(prop === 'tags' ? fromClass : {}).forEach(([name, value]) => values.add(about(name), undefined, { member, value }));
  } else if (prop === 'listenerAttributes') {
    addListenerAttributes(values, group, member, row);
  } else if (prop === 'frontendNlbListenerPortMapping') {
    nlbPorts(member).forEach((port, nlbPort) => {
      values.add(`${row.key}, NLB port ${nlbPort}`, undefined, { member, value: String(port), key: setting ? key : undefined });
    });
  } else if (row.merge === 'exclusive' && setting !== 'unknown') {
    addExclusive(values, member, prop, row, setting as Setting<unknown> | undefined);
  }
}

function addExclusive(
  values: ComparedValues, member: AlbMember, prop: keyof AlbSettings, row: AlbAnnotation<unknown>, setting: Setting<unknown> | undefined,
): void {
  const key = setting?.ofClass ? undefined : ALB_PREFIX + row.key;
  if (prop === 'frontendNlbAttributes') {
    // If one member sets it, every later member must set it too.
    if (setting !== undefined || values.has(row.key)) {
      values.add(row.key, undefined, { member, value: setting && canonical(setting.value, row), key: setting && key });
    }
  } else if (setting === undefined || (row.emptyIsAbsent && isEmpty(setting.value))) {
    return;
  } else if (row.scope === 'nlbPort') {
    // The controller compares pointers to the success codes, so equal values differ too (pkg/ingress/model_build_frontend_nlb.go:875).
    const value = canonical(setting.value, row);
    const alwaysDiffer = prop === 'frontendNlbHealthcheckSuccessCodes';
    nlbPorts(member).forEach((_, port) => values.add(row.key, port, { member, value, key }, alwaysDiffer));
  } else if (prop === 'mutualAuthentication') {
    const entries = member.ingress.annotations.settings.mutualAuthentication ?? [];
    entries.filter(({ port }) => member.ports?.get(port) === ListenerProtocol.HTTPS).forEach(({ port, mode, trustStore, ...rest }) => {
      // A name and an ARN may refer to the same trust store.
      const store = trustStore?.replace(/^arn:.*:truststore\/([^/]*).*$/, '$1');
      const value = [mode, store, rest.ignoreClientCertificateExpiry && 'expiry ignored', rest.advertiseTrustStoreCaNames === 'on' && 'CA names advertised'];
      values.add(row.key, port, { member, value: value.filter(Boolean).join(', '), key });
    });
  } else if (row.scope === 'port') {
    member.ports?.forEach((protocol, port) => {
      if (prop !== 'sslPolicy' || protocol === ListenerProtocol.HTTPS) {
        values.add(row.key, port, { member, value: canonical(setting.value, row), key });
      }
    });
  } else {
    values.add(row.key, undefined, { member, value: canonical(setting.value, row), key });
  }
}

function addListenerAttributes(values: ComparedValues, group: AlbGroup, member: AlbMember, row: AlbAnnotation<unknown>): void {
  for (const [port, protocol] of member.ports ?? []) {
    const listener = `${protocol}-${port}`;
    const attributes = member.ingress.annotations.settings.listenerAttributes?.[listener] ?? {};
    const { params } = values.firstOn(port, group).ingress.ofClass;
    const fromClass = classListenerAttributes(asObject(params), protocol, port);
    if (params !== 'unknown') {
      Object.entries(attributes).filter(([name]) => !Object.hasOwn(fromClass, name))
        .forEach(([name, value]) => values.add(`${row.key}, key ${name}`, port, { member, value, key: `${ALB_PREFIX}${row.key}.${listener}` }));
    }
  }
}

/** The NLB ports that forward to a listener of the member, with the port of that listener. */
function nlbPorts({ ingress: { annotations: { settings, malformed } }, ports = new Map<number, ListenerProtocol>() }: AlbMember): Map<number, number> {
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

/** Collects values, and keeps the first of each setting and port and the first that differs from it. */
class ComparedValues {
  private readonly settings = new Map<string, { about: string; port?: number; first: MemberValue; other?: MemberValue }>();
  private readonly first = new Map<number, AlbMember>();

  public has(about: string): boolean {
    return this.settings.has(JSON.stringify([about, null]));
  }

  public add(about: string, port: number | undefined, value: MemberValue, alwaysDiffer = false): void {
    const id = JSON.stringify([about, port ?? null]);
    const known = this.settings.get(id);
    if (!known) {
      this.settings.set(id, { about, port, first: value });
    } else if (known.other === undefined && known.first.member !== value.member && (alwaysDiffer || known.first.value !== value.value)) {
      known.other = value;
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

  /** The settings on which two members differ; a conflict on several ports counts once. */
  public conflicts(): GroupConflict[] {
    const found = new Map<string, GroupConflict & { readonly ports: number[] }>();
    for (const { about, port, first, other } of this.settings.values()) {
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
