// Local rate limits: one EnvoyFilter each. What Envoy does with such a filter was asked of Envoy 1.38.3, programmed by istiod.
import { Duration } from 'cdk8s';
import { HeaderMatch } from '../../../src/edge/match/header-match';
import { PathMatch } from '../../../src/edge/match/path-match';
import { LocalRateLimit, type LocalRateLimitProps } from '../../../src/edge/rate-limit/local-rate-limit';
import { RateLimitKey } from '../../../src/edge/rate-limit/rate-limit-key';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { Workload } from '../../../src/edge/workload/workload';
import { type Refusal, refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { gatewayPods } from '../stubs';

const GATEWAY = PolicyScope.gateway(gatewayPods({ trustedProxies: 1 }));
const CART = PolicyScope.workload(new Workload({ serviceName: 'cart', namespace: 'shop', port: 80 }));

const FULL = { default_value: { numerator: 100, denominator: 'HUNDRED' } };
const BUCKET = { max_tokens: 100, tokens_per_fill: 100, fill_interval: '60s' };

function limit(props: Partial<LocalRateLimitProps> = {}): LocalRateLimit {
  return new LocalRateLimit(emptyChart(), 'ApiCalls', { scope: GATEWAY, requests: 100, interval: Duration.minutes(1), ...props });
}

function config(props: Partial<LocalRateLimitProps> = {}): any {
  return theOnly(limit(props), 'EnvoyFilter').spec.configPatches[0].patch.value.typed_config;
}

/** The conditions on counted requests. */
function counted(props: Partial<LocalRateLimitProps>): any {
  return config(props).rate_limits[0].actions[0].header_value_match.headers;
}

/** The regular expression that the path and the query have to match, as Envoy does: as a whole. */
function matches(path: PathMatch, target: string): boolean {
  const [{ string_match: { safe_regex: { regex } } }] = counted({ paths: [path] });
  const ignoresCase = regex.startsWith('(?i:');
  return new RegExp(`^(?:${regex.replace('(?i:', '(?:')})$`, ignoresCase ? 'i' : '').test(target);
}

function refused(props: Partial<LocalRateLimitProps>): Refusal {
  return refusal(() => limit(props));
}

test('a limit of a gateway is an EnvoyFilter that puts the filter first', () => {
  expect(synthesized(limit())).toEqual([{
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: { name: 'api-calls', namespace: 'front', labels: labels('api-calls', 'security') },
    spec: {
      workloadSelector: { labels: gatewayPods().selector },
      configPatches: [{
        applyTo: 'HTTP_FILTER',
        match: { context: 'GATEWAY', listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } } },
        patch: {
          operation: 'INSERT_FIRST',
          value: {
            name: 'local-rate-limit.api-calls',
            typed_config: {
              '@type': 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit',
              'stat_prefix': 'api-calls',
              'filter_enabled': FULL,
              'filter_enforced': FULL,
              'rate_limited_as_resource_exhausted': true,
              'token_bucket': BUCKET,
            },
          },
        },
      }],
    },
  }]);
});

test('a limit of a workload is in its namespace and for requests that its pods receive', () => {
  const { metadata, spec } = theOnly(limit({ scope: CART, policyName: 'cart-calls' }), 'EnvoyFilter');
  expect(metadata).toMatchObject({ name: 'cart-calls', namespace: 'shop' });
  expect(spec.workloadSelector).toEqual({ labels: { app: 'cart' } });
  expect(spec.configPatches[0].match.context).toBe('SIDECAR_INBOUND');
  expect(limit({ scope: CART })).toMatchObject({ policyName: 'api-calls', namespace: 'shop' });
});

test('a burst is the size of the bucket, and an interval is in seconds', () => {
  expect(config({ requests: 5, burst: 50, interval: Duration.millis(1500) }).token_bucket).toEqual({ max_tokens: 50, tokens_per_fill: 5, fill_interval: '1.5s' });
});

test('a dry run rejects nothing, and headers tell the state of the bucket', () => {
  expect(config({ dryRun: true })).toMatchObject({ filter_enabled: FULL, filter_enforced: { default_value: { numerator: 0 } } });
  expect(config({ limitHeaders: true })).toHaveProperty('enable_x_ratelimit_headers', 'DRAFT_VERSION_03');
});

test('one bucket for the requests that meet all conditions, and none for others', () => {
  const own = config({
    hosts: ['shop.example.com', '*.example.org'], paths: [PathMatch.exact('/a.b')], methods: ['POST'],
    headers: [HeaderMatch.prefix('x-user', 'a'), HeaderMatch.notExact('x-team', 'ops'), HeaderMatch.present('x-id'), HeaderMatch.absent('x-skip'), HeaderMatch.regex('x-v', '[0-9]+')],
  });
  expect(own).not.toHaveProperty('token_bucket');
  expect(own).not.toHaveProperty('max_dynamic_descriptors');
  expect(own.descriptors).toEqual([{ entries: [{ key: 'request', value: 'counted' }], token_bucket: BUCKET }]);
  expect(own.rate_limits).toEqual([{
    actions: [{
      header_value_match: {
        descriptor_key: 'request',
        descriptor_value: 'counted',
        headers: [
          { name: ':authority', string_match: { safe_regex: { regex: '(?i:shop\\.example\\.com|[^:]+\\.example\\.org)(?::[0-9]+)?' } } },
          { name: ':path', string_match: { safe_regex: { regex: '/a\\.b(?:\\?.*)?' } } },
          { name: ':method', string_match: { exact: 'POST' } },
          { name: 'x-user', string_match: { prefix: 'a' } },
          { name: 'x-team', string_match: { exact: 'ops' }, invert_match: true, treat_missing_header_as_empty: true },
          { name: 'x-id', present_match: true },
          { name: 'x-skip', present_match: true, invert_match: true },
          { name: 'x-v', string_match: { safe_regex: { regex: '[0-9]+' } } },
        ],
      },
    }],
  }]);
  expect(counted({ methods: ['GET', 'HEAD'] })).toEqual([{ name: ':method', string_match: { safe_regex: { regex: 'GET|HEAD' } } }]);
  expect(counted({ hosts: ['*'] })).toEqual([{ name: ':authority', string_match: { safe_regex: { regex: '(?i:[^:]*)(?::[0-9]+)?' } } }]);
});

test.each<[string, PathMatch, string[], string[]]>([
  ['an exact path', PathMatch.exact('/a'), ['/a', '/a?b=/c'], ['/a/', '/ab', '/A', '/b?x=/a']],
  ['a prefix', PathMatch.prefix('/a'), ['/a', '/ab', '/a?b', '/a/b'], ['/b', '/b/a']],
  ['a path and what is below', PathMatch.pathPrefix('/a/'), ['/a', '/a/', '/a/b?c', '/a?b'], ['/ab', '/b/a']],
  ['every path', PathMatch.pathPrefix('/'), ['/', '/a', '/?b'], []],
  ['a path in any case', PathMatch.exact('/a', { ignoreCase: true }), ['/A', '/a?B'], ['/b']],
])('%s is compared without the query', (_, path, those, others) => {
  expect(those.filter(target => !matches(path, target))).toEqual([]);
  expect(others.filter(target => matches(path, target))).toEqual([]);
});

test('a bucket for each address of a client, whose IPv6 addresses share 64 bits', () => {
  expect(config({ bucketPer: RateLimitKey.clientAddress() })).toMatchObject({
    rate_limits: [{ actions: [{ masked_remote_address: { v4_prefix_mask_len: 32, v6_prefix_mask_len: 64 } }] }],
    descriptors: [{ entries: [{ key: 'masked_remote_address' }], token_bucket: BUCKET }],
    max_dynamic_descriptors: 10_000,
  });
  expect(config({ bucketPer: RateLimitKey.clientAddress({ ipv6PrefixLength: 56 }), maxBuckets: 5, methods: ['PUT'] })).toMatchObject({
    rate_limits: [{ actions: [{ header_value_match: { descriptor_value: 'counted' } }, { masked_remote_address: { v6_prefix_mask_len: 56 } }] }],
    descriptors: [{ entries: [{ key: 'request', value: 'counted' }, { key: 'masked_remote_address' }] }],
    max_dynamic_descriptors: 5,
  });
});

test('a bucket for each value of a header, and one for the requests without it', () => {
  const { rate_limits: limits, descriptors } = config({ bucketPer: RateLimitKey.header('x-api-key'), methods: ['GET'] });
  const method = { name: ':method', string_match: { exact: 'GET' } };
  expect(limits).toEqual([
    { actions: [
      { header_value_match: { descriptor_key: 'request', descriptor_value: 'counted', headers: [method] } },
      { request_headers: { header_name: 'x-api-key', descriptor_key: 'header' } },
    ] },
    { actions: [{ header_value_match: {
      descriptor_key: 'request', descriptor_value: 'without-header', headers: [method, { name: 'x-api-key', present_match: true, invert_match: true }],
    } }] },
  ]);
  expect(descriptors).toEqual([
    { entries: [{ key: 'request', value: 'counted' }, { key: 'header' }], token_bucket: BUCKET },
    { entries: [{ key: 'request', value: 'without-header' }], token_bucket: BUCKET },
  ]);
});

test('a bucket for each host', () => {
  expect(config({ bucketPer: RateLimitKey.host() })).toMatchObject({
    rate_limits: [{ actions: [{ request_headers: { header_name: ':authority', descriptor_key: 'host' } }] }],
    descriptors: [{ entries: [{ key: 'host' }] }],
  });
});

test.each<[string, Partial<LocalRateLimitProps>, string, unknown]>([
  ['no request', { requests: 0 }, 'requests', 0],
  ['a part of a request', { requests: 1.5, burst: 2 }, 'requests', 1.5],
  ['an empty burst', { burst: 0 }, 'burst', 0],
  ['more tokens than 32 bits count', { requests: 2 ** 32, burst: 1 }, 'requests', 2 ** 32],
  ['an interval that Envoy refuses', { interval: Duration.millis(49) }, 'interval', '49 ms'],
  ['no bucket', { bucketPer: RateLimitKey.host(), maxBuckets: 0 }, 'maxBuckets', 0],
  ['buckets of nothing', { maxBuckets: 5 }, 'maxBuckets', 5],
  ['a regular expression for the path and the query', { paths: [PathMatch.exact('/a'), PathMatch.regex('/.*')] }, 'paths[1]', '/.*'],
  ['no path', { paths: [] }, 'paths', []],
  ['the same path twice', { paths: [PathMatch.exact('/a'), PathMatch.exact('/a')] }, 'paths[1]', '/a'],
  ['a method in lower case', { methods: ['get'] }, 'methods[0]', 'get'],
  ['a host with a scheme', { hosts: ['https://a.example.com'] }, 'hosts[0]', 'https://a.example.com'],
  ['a namespace', { scope: PolicyScope.namespace('shop') }, 'scope', undefined],
  ['pods that may be gateways or not', { scope: PolicyScope.pods('shop', { app: 'a' }) }, 'scope', undefined],
  ['an invalid name', { policyName: 'A_b' }, 'policyName', 'A_b'],
])('%s is refused', (_, props, prop, value) => {
  expect(refused(props)).toMatchObject({ prop, path: 'chart/ApiCalls', ...value === undefined ? {} : { value } });
});

test('addresses of clients are refused where the proxy does not see them', () => {
  const bucketPer = RateLimitKey.clientAddress();
  expect(refused({ bucketPer, scope: CART }).reason).toMatch(/^cannot match on the client's address at a workload/);
  expect(refused({ bucketPer, scope: PolicyScope.gateway(gatewayPods({ trustedProxies: 0 })) }).reason).toMatch(/because the gateway does not trust the ALB/);
  expect(refused({ bucketPer, scope: PolicyScope.gateway(gatewayPods({ trustedProxies: undefined })) }).reason).toMatch(/is not known/);
});

test('two limits of one name are refused, and a header whose name is not in lower case', () => {
  const chart = emptyChart();
  const props = { scope: CART, requests: 1, interval: Duration.seconds(1), policyName: 'same' };
  new LocalRateLimit(chart, 'One', props);
  expect(refusal(() => new LocalRateLimit(chart, 'Two', props))).toMatchObject({ prop: 'policyName', value: 'same', path: 'chart/Two' });
  expect(refusal(() => RateLimitKey.header('X-Key'))).toMatchObject({ prop: 'name', value: 'X-Key' });
  expect(refusal(() => RateLimitKey.clientAddress({ ipv6PrefixLength: 129 }))).toMatchObject({ prop: 'ipv6PrefixLength', value: 129 });
});
