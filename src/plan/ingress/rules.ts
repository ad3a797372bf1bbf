// Listener rules in the controller's order (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_listener_rules.go).
import { asList, asObject, asText, isObject, type PlainObject } from '../../manifests/plain-json';
import type { Backends } from './backends';
import type { Build } from './build';
import { specOf } from '../../manifests/manifest';
import type { Member } from './groups';
import type { From, Patterns, RuleAction, RuleCondition, RuleTransform } from '../load-balancer';
import { Refusal } from '../refusal';

/** A rule before the optimizer, without priority. */
export interface DraftRule {
  readonly member: Member;
  readonly conditions: readonly RuleCondition[];
  readonly transforms: readonly RuleTransform[];
  readonly actions: readonly RuleAction[];
  readonly from: From;
}

/** A path or a backend, and where it is. */
interface Path {
  readonly value: PlainObject;
  readonly pointer: string;
}

const PATH_TYPES = ['Exact', 'Prefix', 'ImplementationSpecific'];

const UTF_8 = new TextEncoder();

/** The rules of a listener, in evaluation order. */
export function rulesOf({ refusals }: Build, members: readonly Member[], isHttps: boolean, backends: Backends): DraftRule[] {
  return members.flatMap(member => asList(specOf(member.manifest).rules).map(asObject).flatMap((rule, index) => {
    const paths = asList(asObject(rule.http).paths).map((value, at): Path => ({ value: asObject(value), pointer: `/spec/rules/${index}/http/paths/${at}` }));
    return inOrder(paths).flatMap(path => refusals.attempt(() => [ruleOf(member, asText(rule.host) ?? '', path, isHttps, backends)], []));
  }));
}

/** Exact paths, then prefixes by length, then the others, each in the order of the manifest (model_build_listener_rules.go:92). */
function inOrder(paths: readonly Path[]): readonly Path[] {
  if (paths.length === 1 && isOfType(paths[0], ...PATH_TYPES)) {
    return paths;
  }
  const prefixes = paths.filter(path => isOfType(path, 'Prefix')).map(path => ({ path, bytes: UTF_8.encode(asText(path.value.path) ?? '').length }));
  return [
    ...paths.filter(path => isOfType(path, 'Exact')),
    ...prefixes.sort((a, b) => b.bytes - a.bytes).map(({ path }) => path),
    ...paths.filter(path => isOfType(path, 'ImplementationSpecific')),
  ];
}

/** Whether a path has one of the types; without type it is `ImplementationSpecific`. */
function isOfType({ value: { pathType } }: Path, ...types: readonly string[]): boolean {
  return types.includes((pathType ?? 'ImplementationSpecific') as string);
}

function ruleOf(member: Member, host: string, { value, pointer }: Path, isHttps: boolean, backends: Backends): DraftRule {
  const backend = backends.read(member, value.backend, `${pointer}/backend`);
  return {
    member,
    conditions: conditionsOf(member, host, value, pointer, backend.conditions),
    transforms: backend.transforms,
    actions: isHttps ? backend.guardedActions() : backend.actions,
    from: { manifest: member.manifest, pointer },
  };
}

/** Conditions for hosts and paths join those of the rule; each other condition stands for itself, before them (:174). */
function conditionsOf(member: Member, host: string, path: PlainObject, pointer: string, annotated: readonly RuleCondition[]): RuleCondition[] {
  const refuse = (reason: string) => new Refusal(member.manifest, pointer, reason);
  if (annotated.length === 0) {
    return withDefault([...hostCondition(host === '' ? undefined : { values: [host] }), ...pathCondition(pathPatterns(member, path, refuse))]);
  }
  const own = annotated.filter(({ field }) => field !== 'host-header' && field !== 'path-pattern');
  const annotatedHosts = annotated.filter(({ field }) => field === 'host-header').map(({ hostHeaderConfig }) => hostHeaderConfig!);
  const annotatedPaths = annotated.filter(({ field }) => field === 'path-pattern').map(({ pathPatternConfig }) => pathPatternConfig!);
  const hosts = merged('host', [host === '' ? {} : { values: [host] }, ...annotatedHosts], refuse);
  const paths = merged('path', [pathPatterns(member, path, refuse) ?? {}, ...annotatedPaths], refuse);
  return withDefault([...own, ...hostCondition(hosts), ...pathCondition(paths)]);
}

function hostCondition(hostHeaderConfig: Patterns | undefined): RuleCondition[] {
  return hostHeaderConfig ? [{ field: 'host-header', hostHeaderConfig }] : [];
}

function pathCondition(pathPatternConfig: Patterns | undefined): RuleCondition[] {
  return pathPatternConfig ? [{ field: 'path-pattern', pathPatternConfig }] : [];
}

/** A rule without conditions matches all paths (:223). */
function withDefault(conditions: RuleCondition[]): RuleCondition[] {
  return conditions.length > 0 ? conditions : pathCondition({ values: ['/*'] });
}

function merged(what: string, parts: readonly Patterns[], refuse: (reason: string) => Refusal): Patterns | undefined {
  const [values, regexValues] = [parts.flatMap(part => part.values ?? []), parts.flatMap(part => part.regexValues ?? [])];
  if (values.length > 0 && regexValues.length > 0) {
    throw refuse(`${what} conditions cannot have both values (${values.join(', ')}) and regular expressions (${regexValues.join(', ')})`);
  }
  return regexValues.length > 0 ? { regexValues } : values.length > 0 ? { values } : undefined;
}

/** What the load balancer compares a path with (:248). */
function pathPatterns({ settings }: Member, { path: written, pathType }: PlainObject, refuse: (reason: string) => Refusal): Patterns | undefined {
  const path = asText(written) ?? '';
  if (path === '') {
    return undefined;
  }
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (/[*?]/.test(path)) {
      throw refuse(`path ${path} cannot have wildcards with pathType ${pathType}`);
    }
    const base = path.replace(/\/$/, '');
    return { values: pathType === 'Exact' ? [path] : base === '' ? ['/*'] : [base, `${base}/*`] };
  }
  return settings.get('useRegexPathMatch') ? { regexValues: [path.slice(1)] } : { values: [path] };
}

/** The default backend of an Ingress, which v1beta1 calls `backend`. */
export function defaultBackendOf({ manifest }: Member): Path | undefined {
  const field = manifest.object.apiVersion === 'networking.k8s.io/v1beta1' ? 'backend' : 'defaultBackend';
  const value = specOf(manifest)[field];
  return isObject(value) ? { value, pointer: `/spec/${field}` } : undefined;
}
