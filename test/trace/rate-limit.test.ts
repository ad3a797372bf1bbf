// A local rate limit changes nothing for the requests that pass: the trace goes on, and says where others get 429.
import { istio } from '../mesh/small-mesh';
import { MESH, endOf, ingress, traceOf } from './small-edge';

const A = 'GET https://a.example.com/';
const TYPE = 'type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit';
const FULL = '{default_value: {numerator: 100, denominator: HUNDRED}}';
const BUCKET = 'token_bucket: {max_tokens: 5, tokens_per_fill: 10, fill_interval: 60s}';
const ENFORCED = `filter_enabled: ${FULL}, filter_enforced: ${FULL}`;

const config = (fields: string) => `typed_config: {"@type": ${TYPE}, stat_prefix: own, ${fields}}`;
const patch = (typed: string, { context = 'GATEWAY', operation = 'INSERT_FIRST', applyTo = 'HTTP_FILTER' } = {}) => (
  `{applyTo: ${applyTo}, match: {context: ${context}}, patch: {operation: ${operation}, value: {name: own, ${typed}}}}`);
const filter = (patches: string, namespace = 'edge') => istio('EnvoyFilter', 'own', `{configPatches: [${patches}]}`, namespace);
/** The pods of MESH have no sidecars. */
const SIDECARS = MESH.map(text => text.replace('sidecar.istio.io/inject: "false"', 'sidecar.istio.io/inject: "true"'));
const limits = (...objects: readonly string[]) => traceOf([ingress(), ...MESH, ...objects], A).hops.filter(({ at }) => at === 'rate-limit').map(({ detail }) => detail);

test.each([
  ['one bucket', patch(config(`${BUCKET}, ${ENFORCED}`)), 'each pod lets 5 at once and 10 more every 60s pass; others get 429'],
  ['another status', patch(config(`${BUCKET}, ${ENFORCED}, status: {code: 503}`)), 'each pod lets 5 at once and 10 more every 60s pass; others get 503'],
  ['a dry run', patch(config(`${BUCKET}, filter_enabled: ${FULL}`)), 'each pod lets 5 at once and 10 more every 60s pass; it only counts the others'],
  ['buckets by key', patch(config(`descriptors: [{${BUCKET}}, {${BUCKET}}, {token_bucket: {max_tokens: 1, fill_interval: 1s}}], max_dynamic_descriptors: 9, ${ENFORCED}`)),
    'each pod lets 5 at once and 10 more every 60s or 1 at once and 1 more every 1s pass, for each key; others get 429'],
  ['a configuration in a wrapper', patch(`typed_config: {"@type": type.googleapis.com/udpa.type.v1.TypedStruct, type_url: ${TYPE}, value: {${BUCKET}, ${ENFORCED}}}`, { operation: 'INSERT_BEFORE' }),
    'each pod lets 5 at once and 10 more every 60s pass; others get 429'],
])('%s', (_, patches, text) => {
  expect(limits(filter(patches))).toEqual([`of the requests that it counts, ${text}`]);
  expect(endOf([ingress(), ...MESH, filter(patches)], A).to).toBe('s1.shop:80');
});

test('a filter without a bucket limits nothing', () => {
  expect(limits(filter(patch(config(ENFORCED))))).toEqual(['limits nothing']);
});

test('a limit of the pods comes behind the gateway', () => {
  const own = filter(patch(config(`${BUCKET}, ${ENFORCED}`), { context: 'SIDECAR_INBOUND' }), 'shop');
  const { hops, ends } = traceOf([ingress(), ...SIDECARS, own], A);
  expect(hops.map(({ at }) => at).slice(-3)).toEqual(['sidecar', 'rate-limit', 'workload']);
  expect(ends).toMatchObject([{ to: 's1.shop:80' }]);
});

test('a limit is where its context says', () => {
  const root = (context: string) => limits(filter(patch(config(`${BUCKET}, ${ENFORCED}`), { context }), 'istio-system'));
  expect([root('GATEWAY').length, root('SIDECAR_INBOUND').length]).toEqual([1, 0]);
  expect(limits(filter(patch(config(`${BUCKET}, ${ENFORCED}`)), 'elsewhere'))).toEqual([]);
});

test.each([
  ['another filter', patch('typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}')],
  ['one that is removed', patch(config(BUCKET), { operation: 'REMOVE' })],
  ['one that is merged', patch(config(BUCKET), { operation: 'MERGE' })],
  ['one of what sidecars send', patch(config(BUCKET), { context: 'SIDECAR_OUTBOUND' })],
  ['one of a route', patch(config(BUCKET), { applyTo: 'HTTP_ROUTE' })],
  ['a limit and something else', `${patch(config(`${BUCKET}, ${ENFORCED}`))}, {applyTo: CLUSTER}`],
])('%s may change anything', (_, patches) => {
  expect(endOf([ingress(), ...MESH, filter(patches)], A).to).toBe('unsupported: s1.shop:80');
  expect(limits(filter(patches))).toEqual([]);
});
