// Conditions of a listener rule besides its own host and path: headers, methods, queries, source addresses, more hosts and paths.
import { type Codec } from '../../base/alb-annotations/codecs';
import { InvalidProps, within } from '../../base/errors';
import { listOf, propsOf, requireProps, STRING, STRINGS } from '../../base/prop-types';
import { type RuleCondition, MAX_CONDITION_VALUES, RULE_ANNOTATIONS } from '../../base/alb-annotations/rule';
import { boundedBy, requireUnique } from '../wire/bounds';

/** A key-value pair in a query string. */
export interface QueryPair {
  /**
   * The key, at most 128 characters; `*` and `?` are wildcards.
   *
   * @default - any key
   */
  readonly key?: string;

  /** The value, 1 to 128 characters; `*` and `?` are wildcards unless escaped with a backslash. */
  readonly value: string;
}

const PAIRS = listOf(propsOf<QueryPair>('QueryPair'));

const HOST = /^(?=.{1,128}$)[A-Za-z0-9.*?-]*\.[A-Za-z]+$/;

/** Characters of a path pattern (ELBv2 API 2015-12-01, RuleCondition), wildcards excepted. */
const PATH_CHARACTERS = 'A-Za-z0-9_.$/~"\'@:+&-';
const PATH = new RegExp(`^[/*?][${PATH_CHARACTERS}*?]{0,127}$`);

/** A path without wildcards, as AWS compares it. */
export const PLAIN_PATH = new RegExp(`^/[${PATH_CHARACTERS}]*$`);

/**
 * A condition of a listener rule. Its values are alternatives. All conditions of a rule must match, except that hosts and paths are
 * alternatives to those of the rule. A rule can have five values, its host and path included (AWS Load Balancer Controller 3.5.0,
 * pkg/ingress/model_build_listener_rules.go:152).
 */
export class ListenerCondition {
  /** The host is one of these; `*` matches any sequence of characters including dots, and `?` matches one character. */
  public static hostHeader(values: string[]): ListenerCondition {
    requireAll(values, HOST, 'a host of at most 128 characters with a dot, and only letters after the last dot; * and ? are wildcards');
    return new ListenerCondition({ field: 'host-header', hostHeaderConfig: { values } }, 'hostHeaderConfig', values);
  }

  /** The host matches one of these regular expressions. The rule cannot also have plain hosts. */
  public static hostHeaderRegex(regexValues: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'host-header', hostHeaderConfig: { regexValues } }, 'hostHeaderConfig', regexValues, 'regexValues');
  }

  /** The path is one of these; `*` matches any sequence of characters including slashes, and `?` matches one character. Case-sensitive. */
  public static path(values: string[]): ListenerCondition {
    requireAll(values, PATH, 'a path of at most 128 letters, digits and _-.$/~"\'@:+&, starting with / or a wildcard; * and ? are wildcards');
    return new ListenerCondition({ field: 'path-pattern', pathPatternConfig: { values } }, 'pathPatternConfig', values);
  }

  /** The path matches one of these regular expressions. The rule cannot also have plain paths. */
  public static pathRegex(regexValues: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'path-pattern', pathPatternConfig: { regexValues } }, 'pathPatternConfig', regexValues, 'regexValues');
  }

  /**
   * The header has one of these values; `*` and `?` are wildcards. Case-insensitive.
   *
   * @param name 1 to 40 characters; not Host, which has its own condition
   */
  public static httpHeader(name: string, values: string[]): ListenerCondition {
    const httpHeaderConfig = { httpHeaderName: requireProps(STRING, name, '', 'name'), values };
    return new ListenerCondition({ field: 'http-header', httpHeaderConfig }, 'httpHeaderConfig', values);
  }

  /** The header matches one of these regular expressions. */
  public static httpHeaderRegex(name: string, regexValues: string[]): ListenerCondition {
    const httpHeaderConfig = { httpHeaderName: requireProps(STRING, name, '', 'name'), regexValues };
    return new ListenerCondition({ field: 'http-header', httpHeaderConfig }, 'httpHeaderConfig', regexValues, 'regexValues');
  }

  /** The method is one of these: uppercase, at most 40 characters. A rule can have one such condition. */
  public static method(values: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'http-request-method', httpRequestMethodConfig: { values } }, 'httpRequestMethodConfig', values);
  }

  /** The query contains one of these pairs. Case-insensitive. */
  public static query(pairs: QueryPair[]): ListenerCondition {
    const values = requireProps(PAIRS, pairs, '', 'pairs').map(({ key, value }) => ({ key, value }));
    return new ListenerCondition({ field: 'query-string', queryStringConfig: { values } }, 'queryStringConfig', values, 'pairs');
  }

  /**
   * The connection comes from one of these CIDR blocks. This is the TCP peer address: behind another proxy, the proxy's address.
   * A rule can have one such condition.
   */
  public static sourceIp(cidrs: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'source-ip', sourceIPConfig: { values: cidrs } }, 'sourceIPConfig', cidrs, 'cidrs');
  }

  /** How many of the values that a rule has room for it takes. @internal */
  public readonly _values: number;

  private constructor(private readonly settings: RuleCondition, config: string, values: readonly unknown[], prop = 'values') {
    const field = prop === 'regexValues' ? prop : 'values';
    requireProps<readonly unknown[]>(prop === 'pairs' ? PAIRS : STRINGS, values, '', prop);
    boundedBy(RULE_ANNOTATIONS.conditions.codec as Codec<readonly RuleCondition[]>, [settings], {
      [`[0].${config}.${field}`]: prop, [`[0].${config}.httpHeaderName`]: 'name',
    });
    if (values.length > MAX_CONDITION_VALUES) {
      throw InvalidProps.value(prop, values.length, `must have at most ${MAX_CONDITION_VALUES} entries, the limit of a rule`);
    }
    requireUnique(prop, values.map(value => JSON.stringify(value)));
    this._values = values.length;
  }

  /** @internal */
  public _render(): RuleCondition {
    return this.settings;
  }
}

function requireAll(values: readonly string[], pattern: RegExp, allowed: string): void {
  within('values', () => STRINGS(values).forEach((value, index) => {
    if (!pattern.test(value)) {
      throw InvalidProps.value(`[${index}]`, value, `must be ${allowed}`);
    }
  }));
}
