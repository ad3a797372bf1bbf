// Placeholders of templates: values that are filled in before the manifests are applied, so nothing is known about them yet.

/**
 * A placeholder: `$(name)` of kustomize, `${name}` of Flux and envsubst, with or without a default, `$NAME` of envsubst, `{{ … }}` of Helm, Argo CD and
 * other templates, `#{name}#` of Azure Pipelines, `%{name}%`, `@@name@@` and `__NAME__` of others, and `ENC[…]`, an encrypted value of sops.
 * Regular expressions and rewrites have `$` at their end or before a digit, and redirects of a load balancer have `#{host}#{path}`.
 */
const PLACEHOLDER = new RegExp([
  /\$\([A-Za-z_][\w.-]*\)/, /\$\{[^}\n]*\}/, /\$[A-Z][A-Z0-9_]+\b/, /\{\{[^]*?\}\}/,
  /#\{[^}\n]+\}#(?!\{)/, /%\{[^}\n]+\}%/, /@@[^@\s]+@@/, /__[A-Z][A-Z0-9_]*__/, /ENC\[[A-Z0-9_]+,[^\]\n]*\]/,
].map(({ source }) => source).join('|'));

/** What nearly no text has, and every placeholder starts with. */
const MARK = /\$|\{\{|[#%]\{|@@|__|ENC\[/;

/** The first placeholder of a text, if it has one. */
export function placeholderIn(text: string): string | undefined {
  return MARK.test(text) ? PLACEHOLDER.exec(text)?.[0] : undefined;
}

/** Whether a value is a text with a placeholder, so that it cannot be judged. */
export function hasPlaceholder(value: unknown): boolean {
  return typeof value === 'string' && placeholderIn(value) !== undefined;
}

/** Whether a placeholder is anywhere in a value, keys not counted. */
export function containsPlaceholder(value: unknown): boolean {
  return hasPlaceholder(value) || (typeof value === 'object' && value !== null && Object.values(value).some(containsPlaceholder));
}
