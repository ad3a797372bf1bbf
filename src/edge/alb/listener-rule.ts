// Rules of the load balancer's own, which stand before the gateway: each becomes entries of the Ingress and a named action.
import type { k8s } from 'cdk8s-plus-28';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import type { ListenPort } from '../../base/alb-annotations/listener';
import { type ActionSettings, type ConditionSettings, MAX_CONDITION_VALUES, type RuleSettings } from '../../base/alb-annotations/rule';
import type { ListenerAction } from './listener-action';
import { ListenerCondition, PLAIN_PATH } from './listener-condition';
import type { ListenerTransform } from './listener-transform';
import { filled } from '../wire/bounds';

/** The path of a listener rule. Case counts. */
export class RulePath {
  /** This path alone: `/a` is not `/a/`. At most 128 characters. */
  public static exact(path: string): RulePath {
    return new RulePath('Exact', requirePlain(path, 128), [path]);
  }

  /** This path and everything below it: `/a` takes `/a` and `/a/b`, but not `/ab`. At most 126 characters; it takes two of a rule's five values. */
  public static prefix(path: string): RulePath {
    const whole = requirePlain(path, 126).replace(/\/$/, '');
    return new RulePath('Prefix', path, whole === '' ? ['/*'] : [whole, `${whole}/*`]);
  }

  /** A pattern: `*` is any run of characters, slashes included, and `?` is one. At most 128 characters, the first a slash. */
  public static pattern(path: string): RulePath {
    requirePlain(path, 128, '*?');
    return new RulePath('ImplementationSpecific', path, [path]);
  }

  private constructor(
    private readonly pathType: string,
    private readonly path: string,
    /** The values that the controller makes of it (AWS Load Balancer Controller 3.5.0, pkg/ingress/model_build_listener_rules.go:248). @internal */
    public readonly _values: readonly string[],
  ) {}

  /** @internal */
  public _render(): { readonly path: string; readonly pathType: string } {
    return { path: this.path, pathType: this.pathType };
  }
}

/**
 * A rule of the load balancer's own. It stands before the gateway, in the order written, and AWS gives every rule room for five values
 * of host, path and conditions together. Requests that it forwards pass by the gateway.
 */
export interface ListenerRuleOptions {
  /** What happens to a request that matches. */
  readonly action: ListenerAction;

  /**
   * Hosts, each of which becomes a rule.
   *
   * @default - any host
   */
  readonly hosts?: string[];

  /**
   * The path.
   *
   * @default - any path
   */
  readonly path?: RulePath;

  /**
   * Further conditions, all of which have to hold; hosts and paths among them are alternatives to those of the rule.
   *
   * @default - none
   */
  readonly conditions?: ListenerCondition[];

  /**
   * Rewrites before forwarding, at most one of each kind.
   *
   * @default - none
   */
  readonly transforms?: ListenerTransform[];
}

/** Rules, as an Ingress says them. */
export interface RenderedListenerRules {
  /** Entries of `spec.rules`, which have to stand before those of the gateway: an ALB takes the first that matches. */
  readonly ingressRules: readonly k8s.IngressRule[];
  /** The settings `actions`, `conditions` and `transforms`. */
  readonly settings: RuleSettings;
}

/** The port name that makes a backend an action (AWS Load Balancer Controller 3.5.0, pkg/ingress/enhanced_backend_builder.go:130). */
const USE_ANNOTATION = 'use-annotation';

/**
 * Renders rules in the order given.
 *
 * @param rules names and options. A name must not be that of a Service that the same Ingress forwards to: conditions and transforms
 * hold for every backend of the name. The caller knows these Services.
 * @param listeners those that the rules stand on: all, or the HTTPS ones where HTTP redirects to them
 * @throws InvalidProps for a rule that AWS or the controller would refuse or drop, named below `prop`
 */
export function renderListenerRules(
  rules: readonly (readonly [name: string, options: ListenerRuleOptions])[], listeners: readonly ListenPort[], prop = 'rules',
): RenderedListenerRules {
  const actions: Record<string, ActionSettings> = {};
  const conditions: Record<string, readonly ConditionSettings[]> = {};
  const transforms: Record<string, ReturnType<ListenerTransform['_render']>[]> = {};
  const ingressRules = rules.flatMap(([name, options]) => {
    requireServiceName(prop, name);
    if (Object.hasOwn(actions, name)) {
      throw InvalidProps.value(prop, name, 'must be every name once');
    }
    if (name === 'ssl-redirect') {
      throw InvalidProps.value(prop, name,
        'must be another name: an HTTP listener beside an HTTPS one redirects by itself, and this is the name of the old way');
    }
    const rule = checked(`${prop}.${name}`, options, listeners);
    actions[name] = options.action._render();
    if (rule.conditions.length > 0) {
      conditions[name] = rule.conditions;
    }
    if (options.transforms !== undefined && options.transforms.length > 0) {
      transforms[name] = options.transforms.map(transform => transform._render());
    }
    const path = { pathType: 'ImplementationSpecific', ...options.path?._render(), backend: { service: { name, port: { name: USE_ANNOTATION } } } };
    return rule.hosts.map(host => ({ host, http: { paths: [path] } }));
  });
  return { ingressRules, settings: { actions: filled(actions), conditions: filled(conditions), transforms: filled(transforms) } };
}

interface CheckedRule {
  readonly hosts: readonly (string | undefined)[];
  readonly conditions: readonly ConditionSettings[];
}

function checked(prop: string, { action, hosts, path, conditions = [], transforms = [] }: ListenerRuleOptions, listeners: readonly ListenPort[]): CheckedRule {
  const anyHost = hosts === undefined || hosts.includes(ANY_HOST);
  if (anyHost && conditions.length === 0 && (path === undefined || path._values.some(value => /^\/\*+$/.test(value)))) {
    throw InvalidProps.value(prop, path?._values[0] ?? hosts,
      'must be a host, a path below / or conditions, or the rule would take every request from the gateway');
  }
  const names = hosts === undefined ? [undefined] : requireHosts(`${prop}.hosts`, hosts).map(host => host === ANY_HOST ? undefined : host);
  const written = conditions.map(condition => condition._render());
  for (const field of ['http-request-method', 'source-ip'] as const) {
    const second = written.findIndex((condition, index) => condition.field === field && written.findIndex(other => other.field === field) < index);
    if (second >= 0) {
      throw InvalidProps.value(`${prop}.conditions[${second}]`, field, `must be one condition of ${field}, which is all that AWS allows in a rule`);
    }
  }
  transforms.map(transform => transform._render().type).forEach((type, index, types) => {
    if (types.indexOf(type) !== index) {
      throw InvalidProps.value(`${prop}.transforms[${index}]`, type, 'must be one transform of each kind');
    }
  });
  for (const host of names) {
    const seen = {
      hosts: valuesOf(prop, written, 'host-header', host === undefined ? [] : [host]),
      paths: valuesOf(prop, written, 'path-pattern', path?._values ?? []),
    };
    const values = (host === undefined ? 0 : 1) + (path?._values.length ?? 0) + conditions.reduce((sum, condition) => sum + condition._values, 0);
    if (values > MAX_CONDITION_VALUES) {
      throw InvalidProps.value(prop, values,
        `must be at most ${MAX_CONDITION_VALUES} values of host, path (a prefix is two) and conditions together, which is all that AWS allows in a rule`);
    }
    requireWayOut(`${prop}.action`, action._render().redirectConfig, seen, written.every(isHostOrPath), listeners);
  }
  return { hosts: names, conditions: written };
}

/** The plain values of a field; nothing where they are regular expressions. */
type Values = readonly string[] | undefined;

function isHostOrPath({ field }: ConditionSettings): boolean {
  return field === 'host-header' || field === 'path-pattern';
}

/** Joins the values of a field as the controller does (pkg/ingress/model_build_listener_rules.go:152 and :204). */
function valuesOf(prop: string, conditions: readonly ConditionSettings[], field: 'host-header' | 'path-pattern', own: readonly string[]): Values {
  const plain = [...own];
  let regex = false;
  conditions.filter(condition => condition.field === field).forEach(({ hostHeaderConfig, pathPatternConfig }) => {
    const { values, regexValues } = (hostHeaderConfig ?? pathPatternConfig)!;
    plain.push(...values ?? []);
    regex ||= regexValues !== undefined;
  });
  if (regex && plain.length > 0) {
    throw InvalidProps.value(`${prop}.conditions`, field,
      `must be plain values or regular expressions of ${field}, those of the rule itself included, but not both`);
  }
  return regex ? undefined : plain;
}

/** Refuses redirects that come back to their own rule, and those for which the controller would drop rules that it must not. */
function requireWayOut(
  prop: string, redirect: ActionSettings['redirectConfig'], seen: { readonly hosts: Values; readonly paths: Values }, alone: boolean,
  listeners: readonly ListenPort[],
): void {
  if (!redirect) {
    return;
  }
  if (alone && seen.hosts === undefined) {
    // pkg/ingress/rule_optimizer.go:151 and :179: it reads such a rule as one for any host.
    throw InvalidProps.conflict(prop, redirect,
      'must be no redirect with a regular expression for the host and no condition but paths: the controller would drop later rules of other hosts');
  }
  const host = comesBack(redirect.host, '#{host}', seen.hosts, value => value.toLowerCase());
  const path = comesBack(redirect.path, '/#{path}', seen.paths, value => value);
  if (host === 'no' || path === 'no') {
    return;
  }
  const keeps = (part: string | undefined, own: string) => part === undefined || part === own;
  const staying = listeners.filter(({ port, protocol }) => keeps(redirect.port, String(port)) && keeps(redirect.protocol, protocol));
  // pkg/ingress/rule_optimizer.go:88: the controller drops the rule on these listeners.
  const dropped = host === 'same' && path === 'same' && [undefined, '#{query}'].includes(redirect.query);
  if (dropped ? staying.length === listeners.length : staying.length > 0 && alone) {
    throw InvalidProps.value(prop, redirect, 'must be a redirect that leads to where the rule does not match again');
  }
}

/** Whether the target of a redirect is matched again: `same` as the controller sees it, by wildcards or for lack of a condition, or not. */
function comesBack(target: string | undefined, placeholder: string, values: Values, fold: (value: string) => string): 'same' | 'covered' | 'no' {
  if (target === undefined || target === placeholder || values?.includes(target)) {
    return 'same';
  }
  if (values === undefined || target.includes('#{')) {
    return 'no';
  }
  if (values.length === 0) {
    // Without a host of its own, a rule says nothing about whose hosts there are.
    return placeholder === '#{host}' ? 'no' : 'covered';
  }
  return values.some(value => wildcards(fold(value)).test(fold(target))) ? 'covered' : 'no';
}

function wildcards(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '[\\s\\S]*').replaceAll('?', '[\\s\\S]')}$`);
}

function requirePlain(path: string, length: number, wildcard = ''): string {
  const plain = typeof path === 'string' ? [...path].filter(character => !wildcard.includes(character)).join('') : '';
  if (typeof path !== 'string' || path.length > length || !path.startsWith('/') || !PLAIN_PATH.test(plain)) {
    throw InvalidProps.value('path', path,
      `must be a path that starts with /, of at most ${length} letters, digits and _-.$/~"'@:+&${wildcard || '; patterns have wildcards'}`);
  }
  // Kubernetes refuses these in Exact and Prefix paths (1.28, pkg/apis/networking/validation).
  if (wildcard === '' && /\/\/|\/\.\.?(\/|$)/.test(path)) {
    throw InvalidProps.value('path', path, 'must be a path without //, /./ and /../');
  }
  return path;
}
