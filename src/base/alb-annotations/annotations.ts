// The one table of ALB annotations: encoding, decoding, checks and docs are loops over it.
// Sources: AWS Load Balancer Controller 3.5.0, docs/guide/ingress/annotations.md and pkg/ingress; AWS limits: ELBv2 API 2015-12-01.
import type { AlbAnnotation, Rows } from './annotation';
import { AUTH_ANNOTATIONS, type AuthSettings } from './auth';
import { InvalidProps, within } from '../errors';
import { addTo } from '../multimap';
import { FRONTEND_NLB_ANNOTATIONS, type FrontendNlbSettings } from './frontend-nlb';
import { LISTENER_ANNOTATIONS, type ListenerSettings } from './listener';
import { LOAD_BALANCER_ANNOTATIONS, type LoadBalancerSettings } from './load-balancer';
import { RULE_ANNOTATIONS, type RuleSettings } from './rule';
import { TARGET_GROUP_ANNOTATIONS, type TargetGroupSettings } from './target-group';

/** The prefix of the controller's annotations. */
export const ALB_PREFIX = 'alb.ingress.kubernetes.io/';

/** All settings of a load balancer that annotations can express, typed. */
export interface AlbSettings
  extends LoadBalancerSettings, ListenerSettings, TargetGroupSettings, AuthSettings, RuleSettings, FrontendNlbSettings {}

/** The table, in documentation order. */
export const ALB_ANNOTATIONS: Rows<AlbSettings> = {
  ...LOAD_BALANCER_ANNOTATIONS,
  ...LISTENER_ANNOTATIONS,
  ...TARGET_GROUP_ANNOTATIONS,
  ...AUTH_ANNOTATIONS,
  ...RULE_ANNOTATIONS,
  ...FRONTEND_NLB_ANNOTATIONS,
};

/** Annotations that this package does not write, and why. */
export const UNSUPPORTED_ANNOTATIONS: { readonly [key: string]: string } = {
  'kubernetes.io/ingress.class': 'deprecated; it bypasses IngressClassParams and with them the guard rails of the platform. Use `ingressClassName`.',
  [`${ALB_PREFIX}waf-acl-id`]: 'AWS WAF Classic is past its end of life. Use `wafv2-acl-arn`.',
  [`${ALB_PREFIX}web-acl-id`]: 'an old spelling of `waf-acl-id`.',
  [`${ALB_PREFIX}dry-run-plan`]: 'written by the controller, never read.',
};

const ROWS = Object.entries(ALB_ANNOTATIONS) as [keyof AlbSettings, AlbAnnotation<unknown>][];
const BY_KEY = new Map(ROWS.map(([prop, row]) => [row.key, { prop, row }]));

/** An annotation whose value is rejected. */
export interface MalformedAnnotation {
  readonly key: string;
  readonly value: string;
  /** The rejected part of the value, such as `[0].mode`; empty for the whole value. */
  readonly part: string;
  readonly reason: string;
}

/** The settings in annotations, and annotations that cannot be decoded. */
export interface DecodedAnnotations {
  readonly settings: AlbSettings;
  /** Known keys whose value is rejected. */
  readonly malformed: readonly MalformedAnnotation[];
  /** Keys with the controller's prefix that the controller does not know and silently ignores. */
  readonly unknown: readonly string[];
}

/** Encodes settings as annotations. @throws InvalidProps that names the setting whose value is out of bounds */
export function encodeAlbAnnotations(settings: AlbSettings): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const [prop, row] of ROWS) {
    const value = settings[prop];
    if (value !== undefined && row.family) {
      for (const [name, member] of Object.entries(value)) {
        if (!row.family.test(name)) {
          throw InvalidProps.value(`${prop}.${name}`, name, `must be a name that matches ${row.family.source}`);
        }
        annotations[`${ALB_PREFIX}${row.key}.${name}`] = within(`${prop}.${name}`, () => row.codec.encode(member));
      }
    } else if (value !== undefined) {
      annotations[ALB_PREFIX + row.key] = within(prop, () => row.codec.encode(value));
    }
  }
  return annotations;
}

/**
 * Decodes annotations. Never throws: what cannot be decoded is part of the result.
 *
 * @param how `decode` rejects what the controller or AWS would refuse; `read` rejects only what the controller refuses, so that values
 *   may exceed AWS limits and JSON may lack properties
 */
export function decodeAlbAnnotations(annotations: { readonly [key: string]: string }, how: 'decode' | 'read' = 'decode'): DecodedAnnotations {
  const settings: Record<string, unknown> = {};
  const families = new Map<string, [name: string, member: unknown][]>();
  const malformed: MalformedAnnotation[] = [];
  const unknown: string[] = [];
  for (const [key, value] of Object.entries(annotations).filter(([name]) => name.startsWith(ALB_PREFIX))) {
    const known = findRow(key);
    if (!known) {
      if (!(key in UNSUPPORTED_ANNOTATIONS)) {
        unknown.push(key);
      }
      continue;
    }
    try {
      const decoded = known.row.codec[how](value);
      if (known.name === undefined) {
        settings[known.prop] = decoded;
      } else {
        addTo(families, known.prop, [known.name, decoded]);
      }
    } catch (error) {
      if (!(error instanceof InvalidProps)) {
        throw error;
      }
      malformed.push({ key, value, part: error.prop, reason: error.reason });
    }
  }
  families.forEach((members, prop) => {
    settings[prop] = Object.fromEntries(members);
  });
  return { settings, malformed, unknown };
}

/** A row and, for a key of a family, the name in the key. */
export interface FoundRow {
  readonly prop: keyof AlbSettings;
  readonly row: AlbAnnotation<unknown>;
  readonly name?: string;
}

/** The row for a key with the controller's prefix. */
export function findRow(key: string): FoundRow | undefined {
  const suffix = key.slice(ALB_PREFIX.length);
  const exact = BY_KEY.get(suffix);
  if (exact && !exact.row.family) {
    return exact;
  }
  const dot = suffix.indexOf('.');
  const [head, name] = [suffix.slice(0, dot), suffix.slice(dot + 1)];
  const family = dot > 0 ? BY_KEY.get(head) : undefined;
  return family?.row.family?.test(name) ? { ...family, name } : undefined;
}
