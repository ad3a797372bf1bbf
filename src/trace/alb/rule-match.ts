// Conditions of listener rules: whether a request meets them
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html).
import { withoutPort } from '../../mesh/route/virtual-hosts';
import { coversBlock } from '../../base/ip';
import { matchesPart } from '../../base/re2';
import type { ListenerRule, Patterns, RuleCondition } from '../../plan/load-balancer';
import { conditionText } from '../../plan/rule-text';
import { type ClientRequest, authorityOf, sentHeaders, valuesOf } from '../client-request';
import { splitTarget } from '../path';
import { wildcardMatcher } from '../../base/alb-annotations/wildcards';

/** What conditions see of a request. */
export interface BalancedRequest {
  /** In lowercase, without port. */
  readonly host: string;
  readonly path: string;
  /** With `?`; empty for none. */
  readonly query: string;
  readonly method: string;
  /** Names in lowercase. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of headers that are repeated. */
  readonly repeated?: ClientRequest['repeated'];
  readonly from?: string;
}

/** A condition that can be asked. The answer is undefined if the request does not say. */
export interface CompiledCondition {
  /** For people: `host-header a.example.com or b.example.com`. */
  readonly text: string;
  readonly meets: (request: BalancedRequest) => boolean | undefined;
}

/** A rule with its conditions. */
export interface CompiledRule {
  readonly rule: ListenerRule;
  readonly conditions: readonly CompiledCondition[];
}

/** What the conditions of rules see of a client's request. */
export function balancedRequest(request: ClientRequest): BalancedRequest {
  const { target, method, repeated, from, headers, claims } = request;
  const [path, query] = splitTarget(target);
  return {
    host: withoutPort(authorityOf(request)).toLowerCase(), path, query, method,
    headers: claims === undefined ? headers : { ...headers, ...sentHeaders(request) }, repeated, from,
  };
}

/** Names and values in lowercase. */
function pairsOf(query: string): (readonly [name: string, value: string])[] {
  return query.slice(1).split('&').filter(pair => pair !== '').map(pair => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals === -1 ? pair.length : equals).toLowerCase(), equals === -1 ? '' : pair.slice(equals + 1).toLowerCase()] as const;
  });
}

/** Prepares the conditions of a rule. */
export function compileRule(rule: ListenerRule): CompiledRule {
  return { rule, conditions: rule.conditions.map(compile) };
}

function compile(condition: RuleCondition): CompiledCondition {
  return { text: conditionText(condition), meets: testOf(condition) };
}

function testOf(condition: RuleCondition): CompiledCondition['meets'] {
  switch (condition.field) {
    case 'host-header': {
      const meets = patternTest(condition.hostHeaderConfig, true);
      return ({ host }) => meets(host);
    }
    case 'path-pattern': {
      const meets = patternTest(condition.pathPatternConfig, false);
      return ({ path }) => meets(path);
    }
    case 'http-header': {
      const meets = patternTest(condition.httpHeaderConfig, true);
      const key = (condition.httpHeaderConfig?.httpHeaderName ?? '').toLowerCase();
      return request => valuesOf(request, key).some(meets);
    }
    case 'http-request-method': {
      const { values = [] } = condition.httpRequestMethodConfig ?? {};
      return ({ method }) => values.includes(method);
    }
    case 'query-string': {
      const pairs = (condition.queryStringConfig?.values ?? []).map(({ key, value }) => ({
        key: key === undefined || key === '' ? undefined : wildcardMatcher(key.toLowerCase(), true), value: wildcardMatcher(value.toLowerCase(), true),
      }));
      return ({ query }) => {
        const sent = pairsOf(query);
        return pairs.some(({ key, value }) => sent.some(([name, own]) => (key?.(name) ?? true) && value(own)));
      };
    }
    case 'source-ip': {
      const { values = [] } = condition.sourceIPConfig ?? {};
      return ({ from }) => (from === undefined ? undefined : values.some(block => coversBlock(block, from)));
    }
  }
}

/** AWS does not say which engine compares regular expressions, nor that they are anchored: RE2, anywhere in the text. */
function patternTest({ values = [], regexValues = [] }: Patterns = {}, ignoresCase: boolean): (text: string) => boolean {
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const matchers = values.map(value => wildcardMatcher(fold(value)));
  return text => matchers.some(matches => matches(fold(text))) || regexValues.some(regex => matchesRegex(ignoresCase ? `(?i)${regex}` : regex, text));
}

/** AWS refuses an expression that does not compile, and then nothing matches it. */
function matchesRegex(regex: string, text: string): boolean {
  try {
    return matchesPart(regex, text);
  } catch {
    return false;
  }
}
