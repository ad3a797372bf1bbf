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

const PATH_TYPES: ReadonlySet<unknown> = new Set(['Exact', 'Prefix', 'ImplementationSpecific']);

const UTF_8 = new TextEncoder();

/** The rules of a listener, in evaluation order. */
export function rulesOf({ refusals }: Build, members: readonly Member[], isHttps: boolean, backends: Backends): DraftRule[] {
  const drafts: DraftRule[] = [];
  for (const member of members) {
    asList(specOf(member.manifest).rules).map(asObject).forEach(({ host, http }, index) => {
      const paths = asList(asObject(http).paths).map((value, at): Path => ({ value: asObject(value), pointer: `/spec/rules/${index}/http/paths/${at}` }));
      for (const path of inOrder(paths)) {
        const draft = refusals.attempt(() => ruleOf(member, asText(host) ?? '', path, isHttps, backends), undefined);
        if (draft) {
          drafts.push(draft);
        }
      }
    });
  }
  return drafts;
}

/** Exact paths, then prefixes by length, then the others, each in the order of the manifest (model_build_listener_rules.go:92). */
function inOrder(paths: readonly Path[]): readonly Path[] {
  if (paths.length === 1 && PATH_TYPES.has(typeOf(paths[0]))) {
    return paths;
  }
  const prefixes = paths.filter(path => typeOf(path) === 'Prefix').map(path => ({ path, bytes: UTF_8.encode(asText(path.value.path) ?? '').length }));
  return [
    ...paths.filter(path => typeOf(path) === 'Exact'),
    ...prefixes.sort((a, b) => b.bytes - a.bytes).map(({ path }) => path),
    ...paths.filter(path => typeOf(path) === 'ImplementationSpecific'),
  ];
}

/** The type of a path; without one it is `ImplementationSpecific`. */
function typeOf({ value: { pathType } }: Path): unknown {
  return pathType ?? 'ImplementationSpecific';
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
    return allOf([], host === '' ? undefined : { values: [host] }, pathPatterns(member, path, refuse));
  }
  const own = annotated.filter(({ field }) => field !== 'host-header' && field !== 'path-pattern');
  const annotatedHosts = annotated.filter(({ field }) => field === 'host-header').map(({ hostHeaderConfig }) => hostHeaderConfig!);
  const annotatedPaths = annotated.filter(({ field }) => field === 'path-pattern').map(({ pathPatternConfig }) => pathPatternConfig!);
  const hosts = merged('host', [host === '' ? {} : { values: [host] }, ...annotatedHosts], refuse);
  const paths = merged('path', [pathPatterns(member, path, refuse) ?? {}, ...annotatedPaths], refuse);
  return allOf(own, hosts, paths);
}

/** The conditions of a rule. One without any matches all paths (:223). */
function allOf(own: readonly RuleCondition[], hostHeaderConfig: Patterns | undefined, pathPatternConfig: Patterns | undefined): RuleCondition[] {
  const conditions = [...own];
  if (hostHeaderConfig) {
    conditions.push({ field: 'host-header', hostHeaderConfig });
  }
  if (pathPatternConfig) {
    conditions.push({ field: 'path-pattern', pathPatternConfig });
  }
  return conditions.length > 0 ? conditions : [{ field: 'path-pattern', pathPatternConfig: { values: ['/*'] } }];
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
