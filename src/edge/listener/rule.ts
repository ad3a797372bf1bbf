// Listener rules of the load balancer itself, in front of the gateway: each becomes Ingress rules and a named action.
import type { k8s } from 'cdk8s-plus-28';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireServiceName } from '../../base/kubernetes-name';
import type { ListenPort } from '../../base/alb-annotations/listener';
import { type ActionSettings, type Patterns, type RuleCondition, MAX_CONDITION_VALUES, type RuleSettings } from '../../base/alb-annotations/rule';
import type { ListenerAction } from './action';
import { ListenerCondition, PLAIN_PATH } from './condition';
import type { ListenerTransform } from './transform';
import { filled } from '../wire/bounds';

/** The path of a listener rule. Case-sensitive. */
export class RulePath {
  /** Exactly this path: `/a` does not match `/a/`. At most 128 characters. */
  public static exact(path: string): RulePath {
    return new RulePath('Exact', requirePlain(path, 128), [path]);
  }

  /** This path and everything below it: `/a` matches `/a` and `/a/b`, but not `/ab`. At most 126 characters. Counts as two of a rule's five values. */
  public static prefix(path: string): RulePath {
    const whole = requirePlain(path, 126).replace(/\/$/, '');
    return new RulePath('Prefix', path, whole === '' ? ['/*'] : [whole, `${whole}/*`]);
  }

  /** A pattern: `*` matches any sequence of characters including slashes, `?` one character. At most 128 characters, starting with a slash. */
  public static pattern(path: string): RulePath {
    requirePlain(path, 128, '*?');
    return new RulePath('ImplementationSpecific', path, [path]);
  }

  private constructor(
    private readonly pathType: string,
    private readonly path: string,
    /** The values that the controller derives from it (AWS Load Balancer Controller 3.5.0, pkg/ingress/model_build_listener_rules.go:248). @internal */
    public readonly _values: readonly string[],
  ) {}

  /** Whether it matches one path only. @internal */
  public get _isExact(): boolean {
    return this.pathType === 'Exact';
  }

  /** @internal */
  public _render(): { readonly path: string; readonly pathType: string } {
    return { path: this.path, pathType: this.pathType };
  }
}

/**
 * A listener rule of the load balancer itself. Rules precede the gateway, in declaration order. AWS allows five values per rule, counting
 * host, path and conditions. Requests that a rule forwards bypass the gateway.
 */
export interface ListenerRuleOptions {
  /** What happens to a matching request. */
  readonly action: ListenerAction;

  /**
   * Hosts; each one becomes a rule.
   *
   * @default - any host; in an IngressGroup, the hosts of the `Alb`, unless a condition names hosts
   */
  readonly hosts?: string[];

  /**
   * The path.
   *
   * @default - any path
   */
  readonly path?: RulePath;

  /**
   * Further conditions, all of which must match; hosts and paths among them are alternatives to those of the rule.
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

/** Rules as they appear on an Ingress. */
export interface RenderedListenerRules {
  /** Entries of `spec.rules`. They must precede those of the gateway: the first match wins on an ALB. */
  readonly ingressRules: readonly k8s.IngressRule[];
  /** The settings `actions`, `conditions` and `transforms`. */
  readonly settings: RuleSettings;
  /** What AWS compares with a request, for each entry of `spec.rules` that a rule has, by the name of the rule. */
  readonly matches: ReadonlyMap<string, readonly (readonly RuleCondition[])[]>;
}

/** The port name that turns a backend into an action (AWS Load Balancer Controller 3.5.0, pkg/ingress/enhanced_backend_builder.go:130). */
const USE_ANNOTATION = 'use-annotation';

/**
 * Renders rules in declaration order.
 *
 * @param rules names and options. A name must not be that of a Service to which the same Ingress forwards, because conditions and
 * transforms apply to every backend of that name. The caller checks this.
 * @param listeners the listeners of the rules: all of them, or only the HTTPS listeners if HTTP redirects to them
 * @throws InvalidProps for a rule that AWS or the controller would refuse or drop, reported under `prop`
 */
export function renderListenerRules(
  rules: readonly (readonly [name: string, options: ListenerRuleOptions])[], listeners: readonly ListenPort[], prop = 'rules',
): RenderedListenerRules {
  const actions: Record<string, ActionSettings> = {};
  const conditions: Record<string, readonly RuleCondition[]> = {};
  const transforms: Record<string, ReturnType<ListenerTransform['_render']>[]> = {};
  const matches = new Map<string, readonly (readonly RuleCondition[])[]>();
  const ingressRules = rules.flatMap(([name, options]) => {
    requireServiceName(prop, name);
    if (Object.hasOwn(actions, name)) {
      throw InvalidProps.duplicate(prop, name, 'the name of another rule');
    }
    if (name === 'ssl-redirect') {
      throw InvalidProps.value(prop, name,
        'must not be ssl-redirect, the legacy name of the HTTPS redirect; an HTTP listener next to an HTTPS listener redirects automatically');
    }
    const rule = checked(`${prop}.${name}`, options, listeners);
    actions[name] = options.action._render();
    matches.set(name, rule.matches);
    if (rule.conditions.length > 0) {
      conditions[name] = rule.conditions;
    }
    if (options.transforms !== undefined && options.transforms.length > 0) {
      transforms[name] = options.transforms.map(transform => transform._render());
    }
    const path = { pathType: 'ImplementationSpecific', ...options.path?._render(), backend: { service: { name, port: { name: USE_ANNOTATION } } } };
    return rule.hosts.map(host => ({ host, http: { paths: [path] } }));
  });
  return { ingressRules, settings: { actions: filled(actions), conditions: filled(conditions), transforms: filled(transforms) }, matches };
}

interface CheckedRule {
  readonly hosts: readonly (string | undefined)[];
  readonly conditions: readonly RuleCondition[];
  readonly matches: readonly (readonly RuleCondition[])[];
}

function checked(prop: string, { action, hosts, path, conditions = [], transforms = [] }: ListenerRuleOptions, listeners: readonly ListenPort[]): CheckedRule {
  const anyHost = hosts === undefined || hosts.includes(ANY_HOST);
  if (anyHost && conditions.length === 0 && (path === undefined || path._values.some(value => /^\/\*+$/.test(value)))) {
    throw InvalidProps.value(prop, path?._values[0] ?? hosts,
      'must have a host, a path below / or conditions; otherwise the rule would match every request, and none would reach the gateway');
  }
  const names = hosts === undefined ? [undefined] : requireHosts(`${prop}.hosts`, hosts).map(host => host === ANY_HOST ? undefined : host);
  const written = conditions.map(condition => condition._render());
  for (const field of ['http-request-method', 'source-ip'] as const) {
    const second = written.findIndex((condition, index) => condition.field === field && written.findIndex(other => other.field === field) < index);
    if (second >= 0) {
      throw InvalidProps.value(`${prop}.conditions[${second}]`, field, `must not be a second condition on ${field}: AWS allows one per rule`);
    }
  }
  transforms.map(transform => transform._render().type).forEach((type, index, types) => {
    if (types.indexOf(type) !== index) {
      throw InvalidProps.duplicate(`${prop}.transforms[${index}]`, type, 'a transform of this rule');
    }
  });
  const matches = names.map(host => {
    const seen = {
      hosts: valuesOf(prop, written, 'host-header', host === undefined ? [] : [host]),
      paths: valuesOf(prop, written, 'path-pattern', path?._values ?? []),
    };
    const values = (host === undefined ? 0 : 1) + (path?._values.length ?? 0) + conditions.reduce((sum, condition) => sum + condition._values, 0);
    if (values > MAX_CONDITION_VALUES) {
      throw InvalidProps.value(prop, values,
        `must have at most ${MAX_CONDITION_VALUES} values in host, path (a prefix counts as two) and conditions together, the limit of AWS`);
    }
    requireWayOut(`${prop}.action`, action._render().redirectConfig, seen, written.every(isHostOrPath), listeners);
    return merged(written, seen);
  });
  return { hosts: names, conditions: written, matches };
}

/** The conditions of one rule as the controller writes them: hosts and paths among them are alternatives to those of the rule. */
function merged(written: readonly RuleCondition[], { hosts, paths }: { readonly hosts: Values; readonly paths: Values }): RuleCondition[] {
  const ofField = (field: RuleCondition['field'], values: Values) => {
    const regexValues = written.filter(own => own.field === field).flatMap(own => (own.hostHeaderConfig ?? own.pathPatternConfig)?.regexValues ?? []);
    const config: Patterns = values === undefined ? { regexValues } : { values };
    return values?.length === 0 ? [] : [{ field, [field === 'host-header' ? 'hostHeaderConfig' : 'pathPatternConfig']: config }];
  };
  return [...ofField('host-header', hosts), ...ofField('path-pattern', paths), ...written.filter(condition => !isHostOrPath(condition))];
}

/** The plain values of a field; `undefined` for regular expressions. */
type Values = readonly string[] | undefined;

function isHostOrPath({ field }: RuleCondition): boolean {
  return field === 'host-header' || field === 'path-pattern';
}

/** Merges the values of a field as the controller does (pkg/ingress/model_build_listener_rules.go:152 and :204). */
function valuesOf(prop: string, conditions: readonly RuleCondition[], field: 'host-header' | 'path-pattern', own: readonly string[]): Values {
  const plain = [...own];
  let regex = false;
  conditions.filter(condition => condition.field === field).forEach(({ hostHeaderConfig, pathPatternConfig }) => {
    const { values, regexValues } = (hostHeaderConfig ?? pathPatternConfig)!;
    plain.push(...values ?? []);
    regex ||= regexValues !== undefined;
  });
  if (regex && plain.length > 0) {
    throw InvalidProps.value(`${prop}.conditions`, field,
      `must not mix plain values and regular expressions of ${field}, including those of the rule itself`);
  }
  return regex ? undefined : plain;
}

/** Refuses redirects that match their own rule again, and redirects for which the controller would wrongly drop other rules. */
function requireWayOut(
  prop: string, redirect: ActionSettings['redirectConfig'], seen: { readonly hosts: Values; readonly paths: Values }, alone: boolean,
  listeners: readonly ListenPort[],
): void {
  if (!redirect) {
    return;
  }
  if (alone && seen.hosts === undefined) {
    // pkg/ingress/rule_optimizer.go:151 and :179: it treats such a rule as matching any host.
    throw InvalidProps.conflict(prop, redirect,
      'cannot be combined with a regular expression for the host and path conditions only: the controller would drop later rules for other hosts');
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
    throw InvalidProps.value(prop, redirect, 'must redirect to a URL that the rule does not match again');
  }
}

/** Whether the rule matches the target of its redirect again: `same` literally, `covered` by wildcards or a missing condition, or `no`. */
function comesBack(target: string | undefined, placeholder: string, values: Values, fold: (value: string) => string): 'same' | 'covered' | 'no' {
  if (target === undefined || target === placeholder || values?.includes(target)) {
    return 'same';
  }
  if (values === undefined || target.includes('#{')) {
    return 'no';
  }
  if (values.length === 0) {
    // A rule without a host can match any host of the load balancer.
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
    throw InvalidProps.value('path', path, 'must not contain //, /./ or /../');
  }
  return path;
}
