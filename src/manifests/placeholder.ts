// Placeholders of templates: values that are filled in before the manifests are applied, so nothing is known about them yet.

/**
 * A placeholder: `$(name)` of kustomize, `${name}` of Flux and envsubst, with or without a default, `$NAME` of envsubst, and `{{ … }}` of Helm, Argo CD
 * and other templates. Regular expressions and rewrites have `$` at their end or before a digit.
 */
const PLACEHOLDER = /\$\([A-Za-z_][\w.-]*\)|\$\{[^}\n]*\}|\$[A-Z][A-Z0-9_]+\b|\{\{[^]*?\}\}/;

/** The first placeholder of a text, if it has one. */
export function placeholderIn(text: string): string | undefined {
  // Nearly no text has one of these characters.
  return text.includes('$') || text.includes('{{') ? PLACEHOLDER.exec(text)?.[0] : undefined;
}

/** Whether a value is a text with a placeholder, so that it cannot be judged. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && placeholderIn(value) !== undefined;
}
