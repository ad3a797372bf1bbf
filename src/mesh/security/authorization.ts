// AuthorizationPolicies in the order in which a proxy evaluates them: CUSTOM, then DENY, then ALLOW.
import { kept } from '../../base/once';
import { Kind } from '../../manifests/kind';
import { PlainObject, asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { annotationOf } from '../../manifests/manifest';
import { Config, Configs, Place } from '../objects/config';
import { MeshSettings } from '../objects/settings';
import { Policies, Selected } from './policies';

/** What a condition of a rule is about: a field of a source or an operation, or a key of `when`. */
export type Attribute = 'source.principal' | 'source.namespace' | 'source.serviceAccount' | 'source.trustDomain' | 'source.ip' | 'remote.ip'
  | 'request.auth.principal' | 'request.auth.audiences' | 'request.auth.presenter' | 'request.auth.claims' | 'request.headers'
  | 'request.host' | 'request.method' | 'request.path' | 'destination.port' | 'destination.ip' | 'connection.sni';

/** A condition: one of the values, and none of the others. */
export interface Condition {
  readonly attribute: Attribute;
  /** Name of the header, or path of the claim. */
  readonly key: readonly string[];
  /** Empty: any. */
  readonly values: readonly string[];
  readonly notValues: readonly string[];
}

/** One rule: one of the sources, one of the operations and all of the conditions. Empty lists hold for all requests. */
export interface Rule extends Place {
  readonly from: readonly (readonly Condition[])[];
  readonly to: readonly (readonly Condition[])[];
  readonly when: readonly Condition[];
}

/** A policy. */
export interface AuthorizationPolicy extends Place {
  readonly config: Config;
  readonly action: 'CUSTOM' | 'DENY' | 'ALLOW' | 'AUDIT';
  readonly rules: readonly Rule[];
  /** Whether it has rules, understood or not: a policy without any matches nothing. */
  readonly hasRules: boolean;
  readonly provider?: string;
}

/** The policies in force at a proxy. */
export interface AuthorizationStages {
  readonly custom: readonly AuthorizationPolicy[];
  readonly deny: readonly AuthorizationPolicy[];
  /** With one here, what none of them allows is denied. */
  readonly allow: readonly AuthorizationPolicy[];
}

/**
 * Attributes that only HTTP has. On TCP an ALLOW rule with one is dropped, and other rules lose it (Istio 1.30,
 * pilot/pkg/security/authz/model/model.go:355).
 */
export const HTTP_ATTRIBUTES: ReadonlySet<Attribute> = new Set<Attribute>(['request.auth.principal', 'request.auth.audiences', 'request.auth.presenter',
  'request.auth.claims', 'request.headers', 'request.host', 'request.method', 'request.path']);

const SOURCES: readonly (readonly [field: string, attribute: Attribute])[] = [
  ['principals', 'source.principal'], ['requestPrincipals', 'request.auth.principal'], ['namespaces', 'source.namespace'],
  ['serviceAccounts', 'source.serviceAccount'], ['trustDomains', 'source.trustDomain'], ['ipBlocks', 'source.ip'], ['remoteIpBlocks', 'remote.ip'],
];
const OPERATIONS: readonly (readonly [field: string, attribute: Attribute])[] = [
  ['hosts', 'request.host'], ['ports', 'destination.port'], ['methods', 'request.method'], ['paths', 'request.path'],
];
const KEYS: ReadonlySet<string> = new Set<Attribute>(['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.ip',
  'remote.ip', 'request.auth.principal', 'request.auth.audiences', 'request.auth.presenter', 'destination.port', 'destination.ip', 'connection.sni']);

/** All AuthorizationPolicies. */
export class AuthorizationPolicies {
  public readonly all: readonly AuthorizationPolicy[];
  private readonly policies: Policies<AuthorizationPolicy>;
  private readonly stages = new Map<Selected, AuthorizationStages>();

  public constructor(configs: Configs, settings: MeshSettings) {
    this.all = configs.of(Kind.AUTHORIZATION_POLICY).map(readPolicy);
    this.policies = new Policies(this.all, settings.rootNamespace);
  }

  /** The policies in force at a workload. A dry run decides nothing, except that a CUSTOM one still calls its provider. */
  public stagesOf(workload: Selected): AuthorizationStages {
    return this.stages.get(workload) ?? kept(this.stages, workload, this.makeStages(workload));
  }

  private makeStages(workload: Selected): AuthorizationStages {
    const found = this.policies.of(workload);
    const enforced = found.filter(({ action, config }) => action === 'CUSTOM' || annotationOf(config.manifest, 'istio.io/dry-run') !== 'true');
    const of = (action: AuthorizationPolicy['action']) => enforced.filter(policy => policy.action === action);
    return { custom: of('CUSTOM'), deny: of('DENY'), allow: of('ALLOW') };
  }
}

function readPolicy(config: Config): AuthorizationPolicy {
  const { manifest, spec, namespace } = config;
  const action = asText(spec.action);
  const provider = asText(asObject(spec.provider).name);
  return {
    manifest,
    pointer: '/spec',
    config,
    action: action === 'CUSTOM' || action === 'DENY' || action === 'AUDIT' ? action : 'ALLOW',
    hasRules: asList(spec.rules).length > 0,
    rules: asList(spec.rules).map(asObject).flatMap((rule, index) => readRule(config, rule, `/spec/rules/${index}`, namespace)),
    ...(provider === undefined ? {} : { provider }),
  };
}

/** A rule with a key that istiod does not know is skipped. */
function readRule({ manifest }: Config, rule: PlainObject, pointer: string, namespace: string): Rule[] {
  const when = asList(rule.when).map(asObject).map(({ key, values, notValues }) => {
    const [attribute, path] = splitKey(asText(key) ?? '');
    return attribute && {
      attribute, key: path, values: completed(attribute, asTexts(values), namespace), notValues: completed(attribute, asTexts(notValues), namespace),
    };
  });
  if (when.includes(undefined)) {
    return [];
  }
  const read = (entries: unknown, of: string, fields: typeof SOURCES) => asList(entries).map(asObject)
    .map(entry => conditionsOf(asObject(entry[of]), fields, namespace));
  return [{
    manifest, pointer, from: read(rule.from, 'source', SOURCES), to: read(rule.to, 'operation', OPERATIONS), when: when as Condition[],
  }];
}

/** `x` and `notX`, which is one condition as the values of a field are alternatives, and the fields must all hold. */
function conditionsOf(fields: PlainObject, known: typeof SOURCES, namespace: string): Condition[] {
  return known.flatMap(([field, attribute]) => {
    const values = completed(attribute, asTexts(fields[field]), namespace);
    const notValues = completed(attribute, asTexts(fields[`not${field[0].toUpperCase()}${field.slice(1)}`]), namespace);
    return values.length + notValues.length === 0 ? [] : [{ attribute, key: [], values, notValues }];
  });
}

/** A service account without namespace is one of the policy's. */
function completed(attribute: Attribute, values: readonly string[], namespace: string): readonly string[] {
  return attribute !== 'source.serviceAccount' ? values : values.map(value => (value.includes('/') ? value : `${namespace}/${value}`));
}

function splitKey(key: string): [attribute: Attribute | undefined, path: readonly string[]] {
  const [, name, rest] = /^(request\.headers|request\.auth\.claims)((?:\[[^\]]+\])+)$/.exec(key) ?? [];
  if (name !== undefined) {
    return [name as Attribute, rest.slice(1, -1).split('][')];
  }
  return [KEYS.has(key) ? key as Attribute : undefined, []];
}
