// What Argo CD makes of an ApplicationSet with a list (Argo CD 3.5 applicationset/utils/{utils,template_functions}.go), as far as ours go.
import { load } from 'js-yaml';
import { isObject } from '../../../src/manifests/plain-json';
import type { Synthesized } from '../../synthesized';

type Values = Readonly<Record<string, unknown>>;

/** The Applications of a set, as Argo CD applies them. */
export function applicationsOf({ metadata, spec }: Synthesized): unknown[] {
  expect(spec).toMatchObject({ goTemplate: true, goTemplateOptions: ['missingkey=error'] });
  return spec.generators.flatMap(({ list }: { list: { elements: Values[] } }) => list.elements).map((element: Values) => {
    const rendered = rendering(spec.template, element) as { metadata: object };
    const patched = spec.templatePatch === undefined ? rendered : merged(rendered, load(substituted(spec.templatePatch, element)));
    // Without the finalizer, an Application goes and leaves what it applied.
    const finalizers = spec.syncPolicy.preserveResourcesOnDeletion ? {} : { finalizers: ['resources-finalizer.argocd.argoproj.io'] };
    return withoutEmptyLists({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...merged(patched, { metadata: { namespace: metadata.namespace, ...finalizers } }) });
  });
}

/** Every text is a template of its own, so no value can spoil what stands around it. */
function rendering(part: unknown, element: Values): unknown {
  if (typeof part === 'string') {
    return substituted(part, element);
  }
  if (Array.isArray(part)) {
    return part.map(each => rendering(each, element));
  }
  return isObject(part) ? Object.fromEntries(Object.entries(part).map(([key, value]) => [key, rendering(value, element)])) : part;
}

/** The two forms that we write. Anything else, and a key that the element does not have, is an error. */
function substituted(text: string, element: Values): string {
  return text.replace(/\{\{(.*?)\}\}/g, (whole, action: string) => {
    const [, json, key] = /^ (toJson )?\.(\w+) $/.exec(action) ?? [];
    if (key === undefined || !Object.hasOwn(element, key) || (!json && typeof element[key] !== 'string')) {
      throw new Error(`${whole} is not rendered for ${JSON.stringify(element)}`);
    }
    return json ? JSON.stringify(element[key]) : element[key] as string;
  });
}

/** Objects are merged, all else is replaced, lists too. */
function merged(base: object, patch: unknown): object {
  return Object.entries(patch as object).reduce((result: Record<string, unknown>, [key, value]) => (
    { ...result, [key]: isObject(value) && isObject(result[key]) ? merged(result[key] as object, value) : value }), { ...base });
}

/** Fields of an Application that are empty lists are not written. */
function withoutEmptyLists(part: unknown): unknown {
  if (!isObject(part)) {
    return part;
  }
  return Object.fromEntries(Object.entries(part).filter(([, value]) => !Array.isArray(value) || value.length > 0).map(([key, value]) => [key, withoutEmptyLists(value)]));
}
