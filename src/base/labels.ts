// Labels: which are valid, and the recommended labels that every object of an edge has.
import { InvalidProps } from './errors';
import { OBJECT, requireProps } from './prop-types';

const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** The component that an object belongs to. */
export type Component = 'gateway' | 'alb' | 'routing' | 'security' | 'observability';

/**
 * Labels for the metadata of an object, never for selectors or pod templates: Argo CD may overwrite
 * `app.kubernetes.io/instance`, and a selector is immutable. A name that is too long for a label value is truncated.
 */
export function recommendedLabels(name: string, component: Component): Record<string, string> {
  return {
    'app.kubernetes.io/name': name.slice(0, 63).replace(/[^A-Za-z0-9]+$/, ''),
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'edge',
    'app.kubernetes.io/managed-by': 'cdk8s',
  };
}

/** Returns the key, or throws if Kubernetes would refuse it as a label key. */
export function requireLabelKey(prop: string, key: string, path = ''): string {
  if (typeof key !== 'string' || !LABEL_KEY.test(key)) {
    throw InvalidProps.value(prop, key, 'must be a label key: 1 to 63 letters, digits, - _ and ., optionally with a domain and / in front', path);
  }
  return key;
}

/** Returns a copy of the labels, or throws if there are none or Kubernetes would refuse one. An empty selector would match all pods. */
export function requireLabels(prop: string, labels: { readonly [key: string]: string }, path = ''): Record<string, string> {
  const entries = Object.entries(requireProps(OBJECT, labels ?? {}, path, prop));
  if (entries.length === 0) {
    throw InvalidProps.value(prop, labels, 'must have at least one entry', path);
  }
  for (const [key, value] of entries) {
    requireLabelKey(prop, key, path);
    if (typeof value !== 'string' || !LABEL_VALUE.test(value)) {
      throw InvalidProps.value(`${prop}.${key}`, value, 'must be a label value: at most 63 letters, digits, - _ and .', path);
    }
  }
  return Object.fromEntries(entries);
}
