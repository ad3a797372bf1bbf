// The controller's optimizer, which drops rules that redirects make useless (AWS Load Balancer Controller 3.5.0 pkg/ingress/rule_optimizer.go).
import type { RedirectConfig } from '../load-balancer';
import type { DraftRule } from './rules';

/** What a redirect rule covers: texts, not patterns. */
interface Coverage {
  readonly hosts: ReadonlySet<string>;
  readonly paths: ReadonlySet<string>;
}

/** The rules that stay, and those that are dropped. */
export interface Optimized {
  readonly kept: readonly DraftRule[];
  readonly dropped: readonly DraftRule[];
}

/** Optimizes the rules of one listener. */
export function optimized(rules: readonly DraftRule[], port: number, protocol: string): Optimized {
  const kept: DraftRule[] = [];
  const dropped: DraftRule[] = [];
  const redirects: Coverage[] = [];
  for (const rule of rules) {
    if (redirects.length === 0 && !redirectOf(rule)) {
      kept.push(rule);
      continue;
    }
    const { hosts, paths } = coverageOf(rule);
    const isShadowed = redirects.some(earlier => coversSet(earlier.hosts, hosts) && (earlier.paths.has('/*') || coversSet(earlier.paths, paths)));
    if (leadsToItself(rule, port, protocol) || isShadowed) {
      dropped.push(rule);
      continue;
    }
    kept.push(rule);
    if (redirectOf(rule) && rule.conditions.every(({ field }) => field === 'host-header' || field === 'path-pattern')) {
      redirects.push({ hosts, paths });
    }
  }
  return { kept, dropped };
}

/** Regular expressions count as no value (rule_optimizer.go:151). */
function coverageOf({ conditions }: DraftRule): Coverage {
  return {
    hosts: new Set(conditions.flatMap(({ hostHeaderConfig }) => hostHeaderConfig?.values ?? [])),
    paths: new Set(conditions.flatMap(({ pathPatternConfig }) => pathPatternConfig?.values ?? [])),
  };
}

/** An empty set covers everything; another one covers its subsets, except the empty one. */
function coversSet(earlier: ReadonlySet<string>, later: ReadonlySet<string>): boolean {
  return earlier.size === 0 || (later.size > 0 && [...later].every(value => earlier.has(value)));
}

/** The first action that is no login. */
function redirectOf({ actions }: DraftRule): RedirectConfig | undefined {
  return actions.at(-1)?.redirectConfig;
}

/** A redirect to the request's own URL, which would loop (rule_optimizer.go:88). */
function leadsToItself(rule: DraftRule, port: number, protocol: string): boolean {
  const redirect = redirectOf(rule);
  if (!redirect || rule.conditions.some(({ pathPatternConfig }) => (pathPatternConfig?.regexValues ?? []).length > 0)) {
    return false;
  }
  const { hosts, paths } = coverageOf(rule);
  const keeps = (part: string | undefined, placeholder: string, own: (value: string) => boolean) => part === undefined || part === placeholder || own(part);
  return keeps(redirect.host, '#{host}', host => hosts.has(host))
    && keeps(redirect.path, '/#{path}', path => paths.has(path))
    && keeps(redirect.port, '#{port}', own => own === String(port))
    && keeps(redirect.protocol, '#{protocol}', own => own === protocol)
    && keeps(redirect.query, '#{query}', () => false);
}
