// A rate limit that each pod of a gateway or a workload enforces on its own: one EnvoyFilter with Envoy's local rate limit filter.
// Facts: Envoy 1.38, which Istio 1.30 runs, api/envoy/extensions/filters/http/local_ratelimit/v3/local_rate_limit.proto.
import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { EnvoyFilter, type EnvoyFilterSpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { requirePassedAtSynth } from '../../base/passed-hosts';
import type { HeaderMatch } from '../match/header-match';
import type { PathMatch } from '../match/path-match';
import { type PolicyScope, requirePods } from '../security/policy-scope';
import { addPolicy, nameFromId } from '../security/security-policy';
import { DURATION } from '../wire/duration';
import type { Fields } from '../wire/istio-fields';
import { lacking, renderCounted } from './counted-requests';
import type { RateLimitKey } from './rate-limit-key';

/** Props of a `LocalRateLimit`. */
export interface LocalRateLimitProps {
  /** The pods that enforce the limit: `PolicyScope.gateway()` or `PolicyScope.workload()`. */
  readonly scope: PolicyScope;

  /** Number of requests that a bucket allows in each interval, 1 to 4,294,967,295. Every pod has its own buckets. */
  readonly requests: number;

  /**
   * The interval, at least 50 ms. Tokens come back one by one within it: with 60 requests in a minute, one request a second is allowed once
   * the bucket is empty.
   */
  readonly interval: Duration;

  /**
   * Number of requests that a full bucket allows at once, from 1 to 4,294,967,295. A bucket starts full.
   *
   * @default - the value of `requests`
   */
  readonly burst?: number;

  /**
   * What separates the buckets.
   *
   * @default - one bucket for all requests that are counted
   */
  readonly bucketPer?: RateLimitKey;

  /**
   * Number of buckets that a pod keeps, from 1 to 1,000,000. If there are more values, Envoy forgets the bucket that was unused for the
   * longest time, and the next request with its value gets a full one. Only with `bucketPer`.
   *
   * @default 10000
   */
  readonly maxBuckets?: number;

  /**
   * Hosts whose requests are counted, with any port.
   *
   * @default - any host
   */
  readonly hosts?: string[];

  /**
   * Conditions on the path. At least one must match for a request to be counted. Regular expressions are rejected.
   *
   * @default - any path
   */
  readonly paths?: PathMatch[];

  /**
   * Methods in upper case, such as POST. A request must use one of them to be counted.
   *
   * @default - any method
   */
  readonly methods?: string[];

  /**
   * Conditions on headers. All must match for a request to be counted.
   *
   * @default - any headers
   */
  readonly headers?: HeaderMatch[];

  /**
   * Whether responses tell the state of the bucket, in the headers x-ratelimit-limit, x-ratelimit-remaining and x-ratelimit-reset.
   *
   * @default false
   */
  readonly limitHeaders?: boolean;

  /**
   * Whether the limit only counts what it would reject, in the metric `<policyName>.http_local_rate_limit.rate_limited` of the pod.
   *
   * @default false
   */
  readonly dryRun?: boolean;

  /**
   * Name of the EnvoyFilter.
   *
   * @default - the id of the construct, in lower case with hyphens: `ApiCallers` becomes `api-callers`
   */
  readonly policyName?: string;
}

/** The type URL of the filter's configuration. */
const FILTER = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';

const MAX_TOKENS = 2 ** 32 - 1;

/** The descriptor entries of counted requests: those that have what the key reads, and those that lack it. */
const COUNTED = { key: 'request', value: 'counted' };
const WITHOUT_HEADER = { key: 'request', value: 'without-header' };

/**
 * A rate limit of a gateway or a workload. Requests above the limit get 429 with the body `local_rate_limited`, gRPC requests the status
 * RESOURCE_EXHAUSTED, before anything else happens to them: authentication, authorization and routing.
 *
 * "Local" means that each pod counts only its own requests: with 5 replicas, up to 5 times the requests pass, and the sum changes with the autoscaler.
 * The threads of a pod share the buckets. Each listener of the pod has its own: a gateway with an HTTP and an HTTPS server, or a workload
 * that also accepts plaintext, counts them separately. A restart fills the buckets. Use it to protect pods from overload; to block clients,
 * use a rate-based rule of AWS WAF, which counts before requests reach the load balancer.
 *
 * A request can be counted by several limits. If one of them rejects it, those that ran before it have spent a token.
 */
export class LocalRateLimit extends Construct {
  /** Name of the EnvoyFilter. */
  public readonly policyName: string;
  /** Namespace of the EnvoyFilter. */
  public readonly namespace: string;

  /**
   * @throws InvalidProps for a scope other than one gateway or workload, for addresses of clients where the proxy does not see them, and for
   * what Envoy would reject. A host that no load balancer of the app passes to the gateway fails the synth.
   */
  public constructor(scope: Construct, id: string, props: LocalRateLimitProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { path } = this.node;
    const { scope: where, policyName = nameFromId(id) } = requireProps('LocalRateLimitProps', props, path);
    requirePods(where, path);
    this.policyName = policyName;
    this.namespace = where.policyNamespace;
    const spec = refusedAt(path, () => render(policyName, props));
    const { hosts } = props;
    if (where._gateway !== undefined && hosts !== undefined) {
      requirePassedAtSynth(this, where._gateway, () => hosts.map((host, index) => [`hosts[${index}]`, host]));
    }
    addPolicy(this, 'Resource', EnvoyFilter.GVK, { name: policyName, namespace: this.namespace }, () => spec);
  }
}

function render(name: string, { scope, dryRun = false, limitHeaders = false, ...limit }: LocalRateLimitProps): Fields<EnvoyFilterSpec> {
  const { _context: context } = scope;
  if (context === undefined) {
    throw InvalidProps.value('scope', scope, 'must be PolicyScope.gateway() or PolicyScope.workload(), because gateways and sidecars are patched differently');
  }
  const value = {
    name: `local-rate-limit.${name}`,
    typed_config: {
      '@type': FILTER,
      'stat_prefix': name,
      'filter_enabled': percent(100),
      'filter_enforced': percent(dryRun ? 0 : 100),
      'rate_limited_as_resource_exhausted': true,
      ...limitHeaders ? { enable_x_ratelimit_headers: 'DRAFT_VERSION_03' } : {},
      ...renderBuckets(scope, limit),
    },
  };
  const filter = { name: 'envoy.filters.network.http_connection_manager' };
  return {
    workloadSelector: { labels: scope._render().selector!.matchLabels },
    configPatches: [{
      applyTo: 'HTTP_FILTER',
      match: { context, listener: { filterChain: { filter } } },
      // First: a relative position would depend on the filters that are there, and the limit protects those, too.
      patch: { operation: 'INSERT_FIRST', value },
    }],
  };
}

type Limit = Pick<LocalRateLimitProps, 'requests' | 'interval' | 'burst' | 'bucketPer' | 'maxBuckets' | 'hosts' | 'paths' | 'methods' | 'headers'>;

/** The buckets, and which requests use them. Without a bucket for all, Envoy lets requests pass that no descriptor fits. */
function renderBuckets(scope: PolicyScope, { bucketPer, maxBuckets, ...limit }: Limit): object {
  const bucket = renderBucket(limit);
  const headers = renderCounted(limit);
  if (bucketPer === undefined) {
    if (maxBuckets !== undefined) {
      throw InvalidProps.conflict('maxBuckets', maxBuckets, 'cannot be set without bucketPer, because there is one bucket');
    }
    return headers.length === 0 ? { token_bucket: bucket } : described([{ actions: [counting(headers, COUNTED)], entries: [COUNTED] }], bucket);
  }
  const { action, entry, header, source } = bucketPer._render();
  const limitation = source && scope._limitation(source);
  if (limitation !== undefined) {
    throw InvalidProps.conflict('bucketPer', 'the address of the client', limitation);
  }
  const counted = headers.length > 0;
  // An entry without a value stands for every value: Envoy makes a bucket for each (max_dynamic_descriptors).
  const keyed = { actions: [...counted ? [counting(headers, COUNTED)] : [], action], entries: [...counted ? [COUNTED] : [], { key: entry }] };
  const rest = header === undefined ? [] : [{ actions: [counting([...headers, lacking(header)], WITHOUT_HEADER)], entries: [WITHOUT_HEADER] }];
  return { ...described([keyed, ...rest], bucket), max_dynamic_descriptors: requireInteger('maxBuckets', maxBuckets ?? 10_000, 1, 1_000_000) };
}

/** A kind of counted requests: the actions that describe them, and the entries that the actions write. */
interface Described {
  readonly actions: readonly object[];
  readonly entries: readonly object[];
}

function described(kinds: readonly Described[], bucket: object): object {
  return {
    rate_limits: kinds.map(({ actions }) => ({ actions })),
    descriptors: kinds.map(({ entries }) => ({ entries, token_bucket: bucket })),
  };
}

/** Writes the entry for the requests that match, and nothing for others. */
function counting(headers: readonly object[], { key, value }: typeof COUNTED): object {
  return { header_value_match: { descriptor_key: key, descriptor_value: value, headers } };
}

function renderBucket({ requests, interval, burst = requests }: Pick<Limit, 'requests' | 'interval' | 'burst'>): object {
  const perFill = requireInteger('requests', requests, 1, MAX_TOKENS);
  return { max_tokens: requireInteger('burst', burst, 1, MAX_TOKENS), tokens_per_fill: perFill, fill_interval: renderInterval(interval) };
}

/** A duration as protobuf writes it in JSON: in seconds. */
function renderInterval(interval: Duration): string {
  const milliseconds = requireProps(DURATION, interval, '', 'interval').toMilliseconds({ integral: false });
  if (!Number.isInteger(milliseconds) || milliseconds < 50) {
    throw InvalidProps.value('interval', `${milliseconds} ms`, 'must be whole milliseconds, at least 50');
  }
  return `${milliseconds / 1000}s`;
}

function percent(numerator: number): object {
  return { default_value: { numerator, denominator: 'HUNDRED' } };
}
