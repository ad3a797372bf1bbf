// Annotations with a prefix of the controller that it does not know: most are mistyped, and it ignores them silently.
import type { AnnotationTable } from '../base/alb-annotations/annotation-table';
import { similarTo } from '../base/spelling';
import { annotationsOf, type Manifest } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import type { PlanEvent } from './refusal';

/** An annotation that a table does not have. */
export interface UnknownAnnotation {
  readonly key: string;
  /** The key that was probably meant. It is the same if only the name after the dot is unknown. */
  readonly meant?: string;
  /** Whether it is certain enough that another key was meant: one of another controller, or with one or two mistakes. */
  readonly isMistake: boolean;
}

/** Annotations of ingress-nginx (controller 1.14, docs/user-guide/nginx-configuration/annotations.md) for what the controller calls otherwise. */
const OF_NGINX: ReadonlyMap<string, string> = new Map(Object.entries({
  'affinity': 'target-group-attributes',
  'allowlist-source-range': 'inbound-cidrs',
  'auth-tls-secret': 'mutual-authentication',
  'auth-url': 'auth-idp-oidc',
  'canary-weight': 'actions.<name>',
  'force-ssl-redirect': 'ssl-redirect',
  'permanent-redirect': 'actions.<name>',
  'proxy-read-timeout': 'load-balancer-attributes',
  'rewrite-target': 'transforms.<name>',
  'use-regex': 'use-regex-path-match',
  'whitelist-source-range': 'inbound-cidrs',
}));

/**
 * The annotations of an object that a table does not have. A newer controller may have them.
 *
 * @param prefix how keys start that belong to the controller
 */
export function unknownAnnotations<S extends object>(manifest: Manifest, table: AnnotationTable<S>, prefix = table.prefix): UnknownAnnotation[] {
  return annotationsOf(manifest).filter(([key]) => key.startsWith(prefix) && !table.knows(key)).map(([key]) => {
    const meant = meantBy(key, table);
    return { key, ...meant === undefined ? {} : { meant }, isMistake: meant !== undefined && isMistake(key.slice(prefix.length), meant.slice(prefix.length)) };
  });
}

/** The events for the annotations that a table does not have. */
export function unknownAnnotationsOf<S extends object>(manifest: Manifest, table: AnnotationTable<S>, prefix = table.prefix): PlanEvent[] {
  return unknownAnnotations(manifest, table, prefix).map(({ key, meant }): PlanEvent => {
    const hint = meant === key ? ': the name after the dot is not one that it reads' : meant === undefined ? '' : `; did you mean ${meant}?`;
    const reason = `this version of the table (controller 3.5.0) has no such annotation${hint}`;
    return { severity: 'ignored', topic: 'unknown-annotation', reason, manifest, pointer: pointer('metadata', 'annotations', key), reach: 'ingress' };
  });
}

/** The key that is most similar, without what all keys have in common; a member of a family keeps its name. */
function meantBy<S extends object>(key: string, table: AnnotationTable<S>): string | undefined {
  const { exact, families } = table.suffixes();
  const suffix = key.slice(table.prefix.length);
  const dot = suffix.indexOf('.');
  const meant = OF_NGINX.get(suffix) ?? similarTo(suffix, dot === -1 ? exact : [...exact, ...families.map(family => family + suffix.slice(dot))]);
  return meant === undefined ? undefined : table.prefix + meant;
}

/** A key that differs only in a number may be one of a newer version. */
function isMistake(suffix: string, meant: string): boolean {
  const withoutNumbers = (text: string) => text.replace(/\d+/g, '');
  return OF_NGINX.has(suffix) || (similarTo(suffix, [meant], 2) !== undefined && withoutNumbers(suffix) !== withoutNumbers(meant));
}
