// What is written down about requests: one Telemetry object.
import { App, Chart, Duration } from 'cdk8s';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { MeshTelemetry, type MeshTelemetryProps } from '../../../src/edge/telemetry/telemetry';
import { TrafficMode } from '../../../src/edge/telemetry/access-log';
import { IstioMetric, MetricTag } from '../../../src/edge/telemetry/metrics';
import { TraceTag } from '../../../src/edge/telemetry/tracing';
import { refusal } from '../../refusal';
import { emptyChart, synthesized, theOnly } from '../../synthesized';
import { service } from '../hand-made';

const SHOP = PolicyScope.namespace('shop');

function telemetry(props: Partial<MeshTelemetryProps>): MeshTelemetry {
  return new MeshTelemetry(emptyChart(), 'Telemetry', { scope: SHOP, ...props });
}

function spec(props: Partial<MeshTelemetryProps>): any {
  return theOnly(telemetry(props), 'Telemetry').spec;
}

test('the whole mesh writes access logs, and traces some of the requests', () => {
  expect(synthesized(telemetry({ scope: PolicyScope.mesh(), accessLogs: [{ providers: ['envoy'] }], tracing: { samplingPercentage: 0.5 } }))).toEqual([{
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: {
      name: 'default',
      namespace: 'istio-system',
      labels: {
        'app.kubernetes.io/name': 'default',
        'app.kubernetes.io/component': 'observability',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: { accessLogging: [{ providers: [{ name: 'envoy' }] }], tracing: [{ randomSamplingPercentage: 0.5 }] },
  }]);
});

test('access logs are told by their side', () => {
  expect(spec({ accessLogs: [{ mode: TrafficMode.SERVER, filter: 'response.code >= 400 && request.path != "/a(b"' }, { mode: TrafficMode.CLIENT, disabled: true }] })).toEqual({
    accessLogging: [{ match: { mode: 'SERVER' }, filter: { expression: 'response.code >= 400 && request.path != "/a(b"' } }, { match: { mode: 'CLIENT' }, disabled: true }],
  });
  expect(spec({ accessLogs: [{}] })).toEqual({ accessLogging: [{}] });
});

test('metrics are left out, and their tags are changed', () => {
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

test('traces have a provider, a share and tags', () => {
  expect(spec({
    tracing: {
      provider: 'otel',
      samplingPercentage: 100,
      mode: TrafficMode.CLIENT,
      customTags: {
        colour: TraceTag.literal('blue'),
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
        colour: { literal: { value: 'blue' } },
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

test('it is about the pods of a workload, or some pods', () => {
  expect(theOnly(telemetry({ scope: PolicyScope.workload(service()), accessLogs: [{}] }), 'Telemetry'))
    .toMatchObject({ metadata: { name: 'telemetry', namespace: 'shop' }, spec: { selector: { matchLabels: { app: 'cart' } } } });
  expect(theOnly(telemetry({ scope: PolicyScope.pods('front', { istio: 'ingress' }), telemetryName: 'edge', accessLogs: [{}] }), 'Telemetry'))
    .toMatchObject({ metadata: { name: 'edge', namespace: 'front' }, spec: { selector: { matchLabels: { istio: 'ingress' } } } });
});

test('it is attached to objects of the ambient mode', () => {
  expect(spec({ scope: PolicyScope.waypointService('shop', 'cart'), accessLogs: [{}] }).targetRefs).toEqual([{ group: '', kind: 'Service', name: 'cart' }]);
  expect(spec({ scope: PolicyScope.gatewayClass('istio-waypoint'), accessLogs: [{}] }).targetRefs)
    .toEqual([{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name: 'istio-waypoint' }]);
});

describe('it is refused', () => {
  const log = (accessLog: object) => ({ accessLogs: [accessLog] });
  const metric = (override: object) => ({ metrics: [{ overrides: [override] }] });
  const overrides = 'metrics[0].overrides[0]';

  it.each<[string, object, string, unknown]>([
    ['without anything to say', {}, 'accessLogs', undefined],
    ['without a scope', { scope: undefined, ...log({}) }, 'scope', undefined],
    ['for a workload without pods', { scope: PolicyScope.workload(service({ selector: {} })), ...log({}) }, 'scope', { matchLabels: {} }],
    ['with a malformed name', { telemetryName: 'a.b', ...log({}) }, 'telemetryName', 'a.b'],
    ['with no providers', log({ providers: [] }), 'accessLogs[0].providers', []],
    ['with a provider without a name', log({ providers: [''] }), 'accessLogs[0].providers[0]', ''],
    ['with a provider twice', log({ providers: ['a', 'a'] }), 'accessLogs[0].providers[1]', 'a'],
    ['with a side that is none', log({ mode: 'BOTH' }), 'accessLogs[0].mode', 'BOTH'],
    ['with an empty filter', log({ filter: ' ' }), 'accessLogs[0].filter', ' '],
    ['with a filter that has an open bracket', log({ filter: '(response.code >= 400' }), 'accessLogs[0].filter', '(response.code >= 400'],
    ['with a filter that has a closing bracket', log({ filter: 'a[0)]' }), 'accessLogs[0].filter', 'a[0)]'],
    ['with a filter that has an open quote', log({ filter: 'a == "b' }), 'accessLogs[0].filter', 'a == "b'],
    ['with metrics that say nothing', { metrics: [{}] }, 'metrics[0]', {}],
    ['with an override that says nothing', metric({ metric: IstioMetric.REQUEST_COUNT }), overrides, { }],
    ['with two metrics in one override', metric({ metric: IstioMetric.REQUEST_COUNT, customMetric: 'a', disabled: true }), `${overrides}.customMetric`, 'a'],
    ['with a metric without a name', metric({ customMetric: '', disabled: true }), `${overrides}.customMetric`, ''],
    ['with a metric that is none', metric({ metric: 'CARTS', disabled: true }), `${overrides}.metric`, 'CARTS'],
    ['with a tag without a name', metric({ tags: { '': MetricTag.remove() } }), `${overrides}.tags`, ''],
    ['with a tag that is a text', metric({ tags: { a: 'b' } }), `${overrides}.tags.a`, 'b'],
    ['with an interval of nothing', { metrics: [{ reportingInterval: Duration.millis(0) }] }, 'metrics[0].reportingInterval', '0 ms'],
    ['with a share above 100', { tracing: { samplingPercentage: 100.5 } }, 'tracing.samplingPercentage', 100.5],
    ['with a share below 0', { tracing: { samplingPercentage: -1 } }, 'tracing.samplingPercentage', -1],
    ['with a share that is no number', { tracing: { samplingPercentage: NaN } }, 'tracing.samplingPercentage', NaN],
    ['with traces that say nothing', { tracing: { mode: TrafficMode.CLIENT } }, 'tracing', { mode: 'CLIENT' }],
    ['with a trace tag without a name', { tracing: { customTags: { '': TraceTag.literal('a') } } }, 'tracing.customTags', ''],
    ['with a trace tag that is a text', { tracing: { customTags: { a: 'b' } } }, 'tracing.customTags.a', 'b'],
  ])('%s', (_, props, prop, value) => {
    expect(refusal(() => telemetry(props))).toMatchObject({ prop, value, path: 'chart/Telemetry' });
  });

  it('with tags that say nothing', () => {
    expect(refusal(() => MetricTag.value(''))).toMatchObject({ prop: 'expression', value: '' });
    expect(refusal(() => TraceTag.literal(''))).toMatchObject({ prop: 'value', value: '' });
    expect(refusal(() => TraceTag.header('', 'a'))).toMatchObject({ prop: 'name', value: '' });
    expect(refusal(() => TraceTag.environment('A', 1 as never))).toMatchObject({ prop: 'defaultValue', value: 1 });
    expect(refusal(() => TraceTag.formatter(undefined!))).toMatchObject({ prop: 'value', value: undefined });
  });
});

test('a namespace has one Telemetry for all pods, whichever chart asks first', () => {
  const app = new App();
  const make = (chart: string, props: Partial<MeshTelemetryProps>) => new MeshTelemetry(new Chart(app, chart), 'Telemetry', { scope: SHOP, accessLogs: [{}], ...props });
  make('a', {});
  make('b', { scope: PolicyScope.mesh() });
  make('c', { scope: PolicyScope.waypointService('shop', 'cart') });
  expect(refusal(() => make('d', {}))).toEqual({
    prop: 'scope', value: 'shop', reason: '"shop" is already the scope of the Telemetry a/Telemetry, and Istio applies only one Telemetry to a pod', path: 'd/Telemetry',
  });
});
