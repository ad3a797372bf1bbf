// Path templates of AuthorizationPolicies: `{*}` for one segment, `{**}` for any text over segments.
import { findRegex, quoteRegex } from '../../base/re2';

const OPERATORS: Readonly<Record<string, string>> = { '{*}': '[^/]+', '{**}': '.*' };

/** Whether a path fits a template (Istio 1.30, pkg/config/security/security.go:183 and pilot/pkg/security/authz/matcher/template.go:25). */
export function matchesTemplate(template: string, path: string): boolean {
  const parts = template.split(/(\{\*\*?\})/).map(part => OPERATORS[part] ?? quoteRegex(part));
  return findRegex(parts.join(''))?.matches(path) ?? false;
}
