// Access logs, metrics and traces: one Telemetry object.
import { App, Chart, Duration } from 'cdk8s';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { MeshTelemetry, type MeshTelemetryProps } from '../../../src/edge/telemetry/telemetry';
import { TrafficMode } from '../../../src/edge/telemetry/access-log';
import { IstioMetric, MetricTag } from '../../../src/edge/telemetry/metrics';
import { TraceTag } from '../../../src/edge/telemetry/tracing';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { service } from '../stubs';

const SHOP = PolicyScope.namespace('shop');

function telemetry(props: Partial<MeshTelemetryProps>): MeshTelemetry {
  return new MeshTelemetry(emptyChart(), 'Telemetry', { scope: SHOP, ...props });
}

function spec(props: Partial<MeshTelemetryProps>): any {
  return theOnly(telemetry(props), 'Telemetry').spec;
}

test('turns on access logs and tracing for the whole mesh', () => {
  expect(synthesized(telemetry({ scope: PolicyScope.mesh(), accessLogs: [{ providers: ['envoy'] }], tracing: { samplingPercentage: 0.5 } }))).toEqual([{
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: {
      name: 'default',
      namespace: 'istio-system',
      labels: labels('default', 'observability'),
    },
    spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }], tracing: [{ randomSamplingPercentage: 0.5 }] },
  }]);
});

test('access logs can differ by side', () => {
  expect(spec({ accessLogs: [{ mode: TrafficMode.SERVER, filter: 'response.code >= 400 && request.path != "/a(b"' }, { mode: TrafficMode.CLIENT, disabled: true }] })).toEqual({
    accessLogging: [{ match: { mode: 'SERVER' }, filter: { expression: 'response.code >= 400 && request.path != "/a(b"' } }, { match: { mode: 'CLIENT' }, disabled: true }],
  });
  expect(spec({ accessLogs: [{}] })).toEqual({ accessLogging: [{}] });
});

test('metrics can be turned off, and their tags changed', () => {
  expect(spec({
    metrics: [{
      providers: ['prometheus'],
      reportingInterval: Duration.seconds(10),
      overrides: [
        { metric: IstioMetric.REQUEST_SIZE, mode: TrafficMode.CLIENT, disabled: true },
        { metric: IstioMetric.REQUEST_COUNT, tags: { host: MetricTag.value('request.host'), request_protocol: MetricTag.remove() } },
        { customMetric: 'carts', disabled: false },
        { tags: { source_app: MetricTag.remove() } },
      ],
    }],
  })).toEqual({
    metrics: [{
      providers: [{ name: 'prometheus' }],
      reportingInterval: '10s',
      overrides: [
        { match: { metric: 'REQUEST_SIZE', mode: 'CLIENT' }, disabled: true },
        { match: { metric: 'REQUEST_COUNT' }, tagOverrides: { host: { operation: 'UPSERT', value: 'request.host' }, request_protocol: { operation: 'REMOVE' } } },
        { match: { customMetric: 'carts' }, disabled: false },
        { tagOverrides: { source_app: { operation: 'REMOVE' } } },
      ],
    }],
  });
});

test('tracing has a provider, a sampling percentage and tags', () => {
  expect(spec({
    tracing: {
      provider: 'otel',
      samplingPercentage: 100,
      mode: TrafficMode.CLIENT,
      customTags: {
        color: TraceTag.literal('blue'),
        cluster: TraceTag.environment('CLUSTER', 'none'),
        user: TraceTag.header('end-user'),
        flags: TraceTag.formatter('%RESPONSE_FLAGS%'),
      },
      disableSpanReporting: false,
      disableContextPropagation: true,
      enableIstioTags: false,
      useRequestIdForTraceSampling: false,
    },
  })).toEqual({
    tracing: [{
      match: { mode: 'CLIENT' },
      providers: [{ name: 'otel' }],
      randomSamplingPercentage: 100,
      customTags: {
        color: { literal: { value: 'blue' } },
        cluster: { environment: { name: 'CLUSTER', defaultValue: 'none' } },
        user: { header: { name: 'end-user' } },
        flags: { formatter: { value: '%RESPONSE_FLAGS%' } },
      },
      disableSpanReporting: false,
      disableContextPropagation: true,
      enableIstioTags: false,
      useRequestIdForTraceSampling: false,
    }],
  });
  expect(spec({ tracing: { samplingPercentage: 0 } })).toEqual({ tracing: [{ randomSamplingPercentage: 0 }] });
});

test('applies to the pods of a workload, or to pods with given labels', () => {
  expect(theOnly(telemetry({ scope: PolicyScope.workload(service()), accessLogs: [{}] }), 'Telemetry'))
    .toMatchObject({ metadata: { name: 'telemetry', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'cart' } } } });
  expect(theOnly(telemetry({ scope: PolicyScope.pods('front', { istio: 'ingress' }), telemetryName: 'edge', accessLogs: [{}] }), 'Telemetry'))
    .toMatchObject({ metadata: { name: 'edge', namespace: 'front' }, spec: { selector: { matchLabels: { istio: 'ingress' } } } });
});

test('attaches to objects of ambient mode', () => {
  expect(spec({ scope: PolicyScope.waypointService('shop', 'cart'), accessLogs: [{}] }).targetRefs).toEqual([{ group: '', kind: 'Service', name: 'cart' }]);
  expect(spec({ scope: PolicyScope.gatewayClass('istio-waypoint'), accessLogs: [{}] }).targetRefs)
    .toEqual([{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }]);
});

describe('rejects', () => {
  const log = (accessLog: object) => ({ accessLogs: [accessLog] });
  const metric = (override: object) => ({ metrics: [{ overrides: [override] }] });
  const overrides = 'metrics[0].overrides[0]';

  it.each<[string, object, string, unknown]>([
    ['an empty Telemetry', {}, 'accessLogs', undefined],
    ['a missing scope', { scope: undefined, ...log({}) }, 'scope', undefined],
    ['a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })), ...log({}) }, 'scope', { matchLabels: {} }],
    ['an invalid name', { telemetryName: 'a.b', ...log({}) }, 'telemetryName', 'a.b'],
    ['an empty list of providers', log({ providers: [] }), 'accessLogs[0].providers', []],
    ['a provider without a name', log({ providers: [''] }), 'accessLogs[0].providers[0]', ''],
    ['a duplicate provider', log({ providers: ['a', 'a'] }), 'accessLogs[0].providers[1]', 'a'],
    ['an unknown side', log({ mode: 'BOTH' }), 'accessLogs[0].mode', 'BOTH'],
    ['an empty filter', log({ filter: ' ' }), 'accessLogs[0].filter', ' '],
    ['a filter with an open bracket', log({ filter: '(response.code >= 400' }), 'accessLogs[0].filter', '(response.code >= 400'],
    ['a filter with an unexpected closing bracket', log({ filter: 'a[0)]' }), 'accessLogs[0].filter', 'a[0)]'],
    ['a filter with an open quote', log({ filter: 'a == "b' }), 'accessLogs[0].filter', 'a == "b'],
    ['empty metrics', { metrics: [{}] }, 'metrics[0]', {}],
    ['an override without changes', metric({ metric: IstioMetric.REQUEST_COUNT }), overrides, { }],
    ['two metrics in one override', metric({ metric: IstioMetric.REQUEST_COUNT, customMetric: 'a', disabled: true }), `${overrides}.customMetric`, 'a'],
    ['a metric without a name', metric({ customMetric: '', disabled: true }), `${overrides}.customMetric`, ''],
    ['an unknown metric', metric({ metric: 'CARTS', disabled: true }), `${overrides}.metric`, 'CARTS'],
    ['a tag without a name', metric({ tags: { '': MetricTag.remove() } }), `${overrides}.tags`, ''],
    ['a string as a tag', metric({ tags: { a: 'b' } }), `${overrides}.tags.a`, 'b'],
    ['a zero interval', { metrics: [{ reportingInterval: Duration.millis(0) }] }, 'metrics[0].reportingInterval', '0 ms'],
    ['a percentage above 100', { tracing: { samplingPercentage: 100.5 } }, 'tracing.samplingPercentage', 100.5],
    ['a percentage below 0', { tracing: { samplingPercentage: -1 } }, 'tracing.samplingPercentage', -1],
    ['a percentage of NaN', { tracing: { samplingPercentage: NaN } }, 'tracing.samplingPercentage', NaN],
    ['tracing without options', { tracing: { mode: TrafficMode.CLIENT } }, 'tracing', { mode: 'CLIENT' }],
    ['a span tag without a name', { tracing: { customTags: { '': TraceTag.literal('a') } } }, 'tracing.customTags', ''],
    ['a string as a span tag', { tracing: { customTags: { a: 'b' } } }, 'tracing.customTags.a', 'b'],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => telemetry(props))).toMatchObject({ prop, value, path: 'chart/Telemetry' });
  });

  it('empty tag values', () => {
    expect(refusal(() => MetricTag.value(''))).toMatchObject({ prop: 'expression', value: '' });
    expect(refusal(() => TraceTag.literal(''))).toMatchObject({ prop: 'value', value: '' });
    expect(refusal(() => TraceTag.header('', 'a'))).toMatchObject({ prop: 'name', value: '' });
    expect(refusal(() => TraceTag.environment('A', 1 as never))).toMatchObject({ prop: 'defaultValue', value: 1 });
    expect(refusal(() => TraceTag.formatter(undefined!))).toMatchObject({ prop: 'value', value: undefined });
  });
});

test('a namespace has one Telemetry across all charts', () => {
  const app = new App();
  const make = (chart: string, props: Partial<MeshTelemetryProps>) => new MeshTelemetry(new Chart(app, chart), 'Telemetry', { scope: SHOP, accessLogs: [{}], ...props });
  make('a', {});
  make('b', { scope: PolicyScope.mesh() });
  make('c', { scope: PolicyScope.waypointService('shop', 'cart') });
  expect(refusal(() => make('d', {}))).toEqual({
    prop: 'scope', value: 'shop', reason: '"shop" is already the scope of the Telemetry a/Telemetry, and Istio applies only one Telemetry to a pod', path: 'd/Telemetry',
  });
});
