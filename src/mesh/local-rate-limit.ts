// An EnvoyFilter that only limits the rate of requests in each pod: it answers some requests itself, and changes nothing for those that pass.
import { asInteger, asList, asObject, asText, isObject, type PlainObject } from '../manifests/plain-json';

/** What such an EnvoyFilter does. */
export interface LocalRateLimit {
  /** The requests that it counts: those that a gateway, or the sidecar of the pods, receives. */
  readonly context: 'GATEWAY' | 'SIDECAR_INBOUND';
  /** What it does to them, in words. */
  readonly text: string;
}

const FILTER = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';
const WRAPPER = /^type\.googleapis\.com\/(?:udpa\.type\.v1|xds\.type\.v3)\.TypedStruct$/;
const INSERTS: readonly unknown[] = ['INSERT_FIRST', 'INSERT_BEFORE', 'INSERT_AFTER'];

/** Reads the spec of an EnvoyFilter; undefined if it does anything else. */
export function readLocalRateLimit(spec: unknown): LocalRateLimit | undefined {
  const limits = asList(asObject(spec).configPatches).map(readPatch);
  const [first] = limits;
  return first !== undefined && limits.every(limit => limit?.context === first.context)
    ? { context: first.context, text: limits.map(limit => limit!.text).join('; ') } : undefined;
}

function readPatch(patch: unknown): LocalRateLimit | undefined {
  const { applyTo, match, patch: change } = asObject(patch);
  const { context } = asObject(match);
  const { operation, value } = asObject(change);
  const config = filterConfig(asObject(asObject(value).typed_config));
  return applyTo === 'HTTP_FILTER' && INSERTS.includes(operation) && (context === 'GATEWAY' || context === 'SIDECAR_INBOUND') && config !== undefined
    ? { context, text: textOf(config) } : undefined;
}

function filterConfig(config: PlainObject): PlainObject | undefined {
  const type = config['@type'];
  return type === FILTER ? config : typeof type === 'string' && WRAPPER.test(type) && config.type_url === FILTER ? asObject(config.value) : undefined;
}

function textOf(config: PlainObject): string {
  const { token_bucket: shared, descriptors, status, max_dynamic_descriptors: dynamic } = config;
  const buckets = [shared, ...asList(descriptors).map(own => asObject(own).token_bucket)].filter(isObject).map(bucketText);
  const sizes = [...new Set(buckets)].join(' or ');
  const code = asInteger(asObject(status).code) ?? 429;
  const outcome = isEnforced(config) ? `others get ${code}` : 'it only counts the others';
  const keyed = dynamic === undefined ? '' : ', for each key';
  return sizes === '' ? 'limits nothing' : `of the requests that it counts, each pod lets ${sizes} pass${keyed}; ${outcome}`;
}

function bucketText({ max_tokens: max, tokens_per_fill: fill, fill_interval: interval }: PlainObject): string {
  return `${asInteger(max) ?? 0} at once and ${asInteger(fill) ?? 1} more every ${asText(interval) ?? 'interval'}`;
}

/** Without a fraction above 0, Envoy rejects nothing. */
function isEnforced({ filter_enabled: enabled, filter_enforced: enforced }: PlainObject): boolean {
  return [enabled, enforced].every(fraction => (asInteger(asObject(asObject(fraction).default_value).numerator) ?? 0) > 0);
}
