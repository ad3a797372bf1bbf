// Whether the conditions of one ALB rule match every request that those of another match.
import type { Patterns, RuleCondition } from './rule';
import { coversBlock } from '../ip';
import { coversWildcard } from './wildcards';

/**
 * Whether a rule matches every request that another one matches, so that the other one is never reached behind it. All conditions of a rule have
 * to be met, each by one of its values. Not found: several values that cover a pattern only together, and what regular expressions have in common.
 */
export function coversRule(rule: readonly RuleCondition[], other: readonly RuleCondition[]): boolean {
  return rule.every(condition => isAlwaysMet(condition) || other.some(own => coversCondition(condition, own)));
}

/** All paths start with a slash. */
function isAlwaysMet({ field, hostHeaderConfig, pathPatternConfig }: RuleCondition): boolean {
  return (field === 'host-header' && hostHeaderConfig?.values?.includes('*') === true)
    || (field === 'path-pattern' && pathPatternConfig?.values?.some(value => value === '*' || value === '/*') === true);
}

function coversCondition(condition: RuleCondition, other: RuleCondition): boolean {
  if (condition.field !== other.field) {
    return false;
  }
  switch (condition.field) {
    case 'host-header': return coversPatterns(condition.hostHeaderConfig, other.hostHeaderConfig, text => text.toLowerCase());
    case 'path-pattern': return coversPatterns(condition.pathPatternConfig, other.pathPatternConfig, text => text);
    case 'http-header': return condition.httpHeaderConfig?.httpHeaderName.toLowerCase() === other.httpHeaderConfig?.httpHeaderName.toLowerCase()
      && coversPatterns(condition.httpHeaderConfig, other.httpHeaderConfig, text => text.toLowerCase());
    case 'http-request-method': return coversAll(condition.httpRequestMethodConfig?.values, other.httpRequestMethodConfig?.values, (a, b) => a === b);
    case 'source-ip': return coversAll(condition.sourceIPConfig?.values, other.sourceIPConfig?.values, coversBlock);
    // A backslash makes a wildcard of a query literal, so that only equal texts are compared.
    case 'query-string': return coversAll(condition.queryStringConfig?.values, other.queryStringConfig?.values, (a, b) => (
      a.value === b.value && (a.key === undefined || a.key === '' || a.key === b.key)));
  }
}

function coversPatterns(patterns: Patterns = {}, other: Patterns = {}, fold: (text: string) => string): boolean {
  const [values = [], regexValues = []] = [patterns.values, patterns.regexValues];
  return coversAll(values, other.values, (a, b) => coversWildcard(fold(a), fold(b)), other.regexValues?.length === 0 || other.regexValues === undefined)
    || ((other.values ?? []).length === 0 && coversAll(regexValues, other.regexValues, (a, b) => a === b));
}

/** Whether each value of the other list, which must not be empty, is covered by one of the first. */
function coversAll<T>(values: readonly T[] = [], others: readonly T[] = [], covers: (value: T, other: T) => boolean, isComparable = true): boolean {
  return isComparable && others.length > 0 && others.every(other => values.some(value => covers(value, other)));
}
