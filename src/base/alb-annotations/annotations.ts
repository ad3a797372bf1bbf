// The one table of ALB annotations: encoding, decoding, checks and docs are loops over it.
// Sources: AWS Load Balancer Controller 3.5.0, docs/guide/ingress/annotations.md and pkg/ingress; AWS limits: ELBv2 API 2015-12-01.
import type { AlbAnnotation, Rows } from './annotation';
import { AnnotationTable, type Decoded, type Found, type MalformedAnnotation } from './annotation-table';
import { AUTH_ANNOTATIONS, type AuthSettings } from './auth';
import { FRONTEND_NLB_ANNOTATIONS, type FrontendNlbSettings } from './frontend-nlb';
import { LISTENER_ANNOTATIONS, type ListenerSettings } from './listener';
import { LOAD_BALANCER_ANNOTATIONS, type LoadBalancerSettings } from './load-balancer';
import { RULE_ANNOTATIONS, type RuleSettings } from './rule';
import { TARGET_GROUP_ANNOTATIONS, type TargetGroupSettings } from './target-group';

export type { MalformedAnnotation };

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

/** The table with its loops. */
export const ALB_TABLE = new AnnotationTable<AlbSettings, AlbAnnotation<unknown>>(ALB_PREFIX, ALB_ANNOTATIONS, key => key in UNSUPPORTED_ANNOTATIONS);

/** The settings in annotations, and annotations that cannot be decoded. */
export type DecodedAnnotations = Decoded<AlbSettings>;

/** Encodes settings as annotations. @throws InvalidProps that names the setting whose value is out of bounds */
export function encodeAlbAnnotations(settings: AlbSettings): Record<string, string> {
  return ALB_TABLE.encode(settings);
}

/** Decodes annotations. Never throws: what cannot be decoded is part of the result. */
export function decodeAlbAnnotations(annotations: { readonly [key: string]: string }, how: 'decode' | 'read' = 'decode'): DecodedAnnotations {
  return ALB_TABLE.decode(annotations, how);
}

/** The row for a key with the controller's prefix. */
export function findRow(key: string): Found<AlbSettings, AlbAnnotation<unknown>> | undefined {
  return ALB_TABLE.find(key);
}
