// Annotations with a prefix of the controller that it does not know: most are mistyped, and it ignores them silently.
import type { AnnotationTable } from '../base/alb-annotations/annotation-table';
import { similarTo } from '../base/spelling';
import { annotationsOf, type Manifest } from '../manifests/manifest';
import { pointer } from '../manifests/pointer';
import type { PlanEvent } from './refusal';

/**
 * The annotations of an object that a table does not have. A newer controller may have them.
 *
 * @param prefix how keys start that belong to the controller
 */
export function unknownAnnotationsOf<S extends object>(manifest: Manifest, table: AnnotationTable<S>, prefix = table.prefix): PlanEvent[] {
  const unknown = annotationsOf(manifest).map(([key]) => key).filter(key => key.startsWith(prefix) && !table.knows(key));
  return unknown.map((key): PlanEvent => {
    const meant = meantBy(key, table);
    const hint = meant === key ? ': the name after the dot is not one that it reads' : meant === undefined ? '' : `; did you mean ${meant}?`;
    const reason = `this version of the table (controller 3.5.0) has no such annotation${hint}`;
    return { severity: 'ignored', reason, manifest, pointer: pointer('metadata', 'annotations', key), reach: 'ingress' };
  });
}

/** The key that is most similar, without what all keys have in common; a member of a family keeps its name. */
function meantBy<S extends object>(key: string, table: AnnotationTable<S>): string | undefined {
  const { exact, families } = table.suffixes();
  const suffix = key.slice(table.prefix.length);
  const dot = suffix.indexOf('.');
  const meant = similarTo(suffix, dot === -1 ? exact : [...exact, ...families.map(family => family + suffix.slice(dot))]);
  return meant === undefined ? undefined : table.prefix + meant;
}
