// Conditions and transforms in annotations, by the name of a backend (AWS Load Balancer Controller 3.5.0 pkg/ingress/config_types.go).
import type { Patterns, RuleCondition, RuleTransform } from '../../base/alb-annotations/rule';
import type { Member } from './groups';

const CONFIGS = {
  'host-header': 'hostHeaderConfig',
  'path-pattern': 'pathPatternConfig',
  'http-header': 'httpHeaderConfig',
  'http-request-method': 'httpRequestMethodConfig',
  'query-string': 'queryStringConfig',
  'source-ip': 'sourceIPConfig',
} as const;

/** The fields whose values may be regular expressions. */
const PATTERNS: readonly string[] = ['host-header', 'path-pattern', 'http-header'];

const REWRITES = { 'url-rewrite': 'urlRewriteConfig', 'host-header-rewrite': 'hostHeaderRewriteConfig' } as const;

const NO_REWRITE = { regex: '', replace: '' } as const;

/** Conditions for all paths of an Ingress with this backend. An unknown field drops its condition without an error (config_types.go:359). */
export function readConditions(member: Pick<Member, 'settings'>, backend: string): RuleCondition[] {
  const written = (member.settings.named('conditions', backend) ?? []) as readonly RuleCondition[];
  const known = written.filter(({ field }) => Object.hasOwn(CONFIGS, field));
  known.forEach(condition => requireConfig(member, backend, condition));
  return known.map(({ httpHeaderConfig, ...own }) => (httpHeaderConfig ? { ...own, httpHeaderConfig: headerOf(httpHeaderConfig) } : own));
}

/** A header without a name is accepted here; AWS refuses it. */
function headerOf({ httpHeaderName, values = [], regexValues = [] }: NonNullable<RuleCondition['httpHeaderConfig']>): RuleCondition['httpHeaderConfig'] {
  return { httpHeaderName: httpHeaderName ?? '', ...values.length > 0 ? { values } : {}, ...regexValues.length > 0 ? { regexValues } : {} };
}

function requireConfig({ settings }: Pick<Member, 'settings'>, backend: string, condition: RuleCondition): void {
  const name = CONFIGS[condition.field];
  const config = condition[name] as (Patterns & { readonly values?: readonly unknown[] }) | undefined;
  const refuse = (reason: string) => settings.refusal('conditions', reason, backend);
  if (config === undefined) {
    throw refuse(`needs ${name} for field ${condition.field}`);
  }
  const [values, regexValues] = [config.values ?? [], config.regexValues ?? []].map(list => list.length);
  if (PATTERNS.includes(condition.field) && values > 0 && regexValues > 0) {
    throw refuse(`${name} must have either values or regexValues`);
  }
  // Values that lack theirs, too (config_types.go:303).
  if (condition.field === 'query-string' && config.values?.some(pair => !(pair as { readonly value?: string }).value)) {
    throw refuse(`${name} needs a value that is not empty for each pair`);
  }
  if (values === 0 && !(PATTERNS.includes(condition.field) && regexValues > 0)) {
    throw refuse(`${name} needs values`);
  }
}

/** Transforms for all paths of an Ingress with this backend. What a rewrite lacks is empty (config_types.go:482). */
export function readTransforms(member: Member, backend: string): RuleTransform[] {
  const written = (member.settings.named('transforms', backend) ?? []) as readonly RuleTransform[];
  const refuse = (reason: string) => member.settings.refusal('transforms', reason, backend);
  return written.map(transform => {
    const name = Object.hasOwn(REWRITES, transform.type) ? REWRITES[transform.type] : undefined;
    if (name === undefined) {
      throw refuse(`type must be url-rewrite or host-header-rewrite; got ${transform.type}`);
    }
    const rewrites = transform[name]?.rewrites ?? [];
    if (rewrites.length === 0) {
      throw refuse(transform[name] === undefined ? `needs ${name} for type ${transform.type}` : `${name} needs rewrites`);
    }
    return { ...transform, [name]: { rewrites: rewrites.map(rewrite => ({ ...NO_REWRITE, ...rewrite })) } };
  });
}
