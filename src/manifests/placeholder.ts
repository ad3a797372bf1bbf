// Placeholders: text that a tool replaces before the cluster sees an object.

/** `$(VAR)` of kustomize, `${VAR}` of Flux and envsubst, `{{ value }}` of Helm and others. */
const PLACEHOLDER = /\$\(\w|\$\{\w|\{\{/;

/** Whether a value is text with a placeholder, so that nobody knows its value yet. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && PLACEHOLDER.test(value);
}
