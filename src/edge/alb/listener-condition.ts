// What a listener rule looks at besides host and path of its own: headers, methods, queries, source addresses, and further hosts and paths.
import { type Codec } from '../../base/alb-annotations/codecs';
import { InvalidProps, within } from '../../base/errors';
import { listOf, propsOf, requireProps, STRING, STRINGS } from '../../base/prop-types';
import { type ConditionSettings, MAX_CONDITION_VALUES, RULE_ANNOTATIONS } from '../../base/alb-annotations/rule';
import { boundedBy, requireUnique } from '../wire/bounds';

/** A pair in a query. */
export interface QueryPair {
  /**
   * The key, at most 128 characters; `*` and `?` are wildcards.
   *
   * @default - any key
   */
  readonly key?: string;

  /** The value, 1 to 128 characters; `*` and `?` are wildcards, unless a backslash stands before them. */
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
 * A condition of a listener rule. Its values are alternatives; several conditions of a rule all have to hold, but hosts and paths are
 * alternatives to those of the rule. A rule has room for five values, its host and path included (AWS Load Balancer Controller 3.5.0,
 * pkg/ingress/model_build_listener_rules.go:152).
 */
export class ListenerCondition {
  /** The host is one of these; `*` is any run of characters, dots included, and `?` is one. */
  public static hostHeader(values: string[]): ListenerCondition {
    requireAll(values, HOST, 'a host of at most 128 characters with a dot, letters alone after the last one; * and ? are wildcards');
    return new ListenerCondition({ field: 'host-header', hostHeaderConfig: { values } }, 'hostHeaderConfig', values);
  }

  /** The host matches one of these regular expressions. The rule may not have plain hosts besides. */
  public static hostHeaderRegex(regexValues: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'host-header', hostHeaderConfig: { regexValues } }, 'hostHeaderConfig', regexValues, 'regexValues');
  }

  /** The path is one of these; `*` is any run of characters, slashes included, and `?` is one. Case counts. */
  public static path(values: string[]): ListenerCondition {
    requireAll(values, PATH, 'a path of at most 128 letters, digits and _-.$/~"\'@:+&, starting with / or a wildcard; * and ? are wildcards');
    return new ListenerCondition({ field: 'path-pattern', pathPatternConfig: { values } }, 'pathPatternConfig', values);
  }

  /** The path matches one of these regular expressions. The rule may not have plain paths besides. */
  public static pathRegex(regexValues: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'path-pattern', pathPatternConfig: { regexValues } }, 'pathPatternConfig', regexValues, 'regexValues');
  }

  /**
   * The header has one of these values; `*` and `?` are wildcards, and case does not count.
   *
   * @param name 1 to 40 characters; other than Host, which has a condition of its own
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

  /** The method is one of these: upper case, at most 40 characters. A rule has room for one such condition. */
  public static method(values: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'http-request-method', httpRequestMethodConfig: { values } }, 'httpRequestMethodConfig', values);
  }

  /** One of these pairs is in the query; case does not count. */
  public static query(pairs: QueryPair[]): ListenerCondition {
    const values = requireProps(PAIRS, pairs, '', 'pairs').map(({ key, value }) => ({ key, value }));
    return new ListenerCondition({ field: 'query-string', queryStringConfig: { values } }, 'queryStringConfig', values, 'pairs');
  }

  /**
   * The connection comes from one of these CIDR blocks. It is the address of the TCP peer: behind another proxy, the proxy's.
   * A rule has room for one such condition.
   */
  public static sourceIp(cidrs: string[]): ListenerCondition {
    return new ListenerCondition({ field: 'source-ip', sourceIPConfig: { values: cidrs } }, 'sourceIPConfig', cidrs, 'cidrs');
  }

  /** How many of the values that a rule has room for it takes. @internal */
  public readonly _values: number;

  private constructor(private readonly settings: ConditionSettings, config: string, values: readonly unknown[], prop = 'values') {
    const field = prop === 'regexValues' ? prop : 'values';
    requireProps<readonly unknown[]>(prop === 'pairs' ? PAIRS : STRINGS, values, '', prop);
    boundedBy(RULE_ANNOTATIONS.conditions.codec as Codec<readonly ConditionSettings[]>, [settings], {
      [`[0].${config}.${field}`]: prop, [`[0].${config}.httpHeaderName`]: 'name',
    });
    if (values.length > MAX_CONDITION_VALUES) {
      throw InvalidProps.value(prop, values.length, `must be at most ${MAX_CONDITION_VALUES} values, which is all that a rule has room for`);
    }
    requireUnique(prop, values.map(value => JSON.stringify(value)));
    this._values = values.length;
  }

  /** @internal */
  public _render(): ConditionSettings {
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
