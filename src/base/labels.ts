// The labels that Kubernetes recommends, in one place so that every object of an edge carries the same ones.

/** What an object is a part of. */
export type Component = 'gateway' | 'alb' | 'routing' | 'security';

/**
 * Labels for the metadata of an object, never for selectors or pod templates: Argo CD may overwrite
 * `app.kubernetes.io/instance`, and a selector cannot be changed later.
 */
export function recommendedLabels(name: string, component: Component): Record<string, string> {
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}
