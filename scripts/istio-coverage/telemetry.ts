// Telemetry: access logs, metrics and traces.
import { scopeRows } from './policy-scope';
import type { Coverage } from './row';

export const TELEMETRY: Coverage = {
  kind: 'telemetry.istio.io/v1 Telemetry',
  words: 'Rendered by `MeshTelemetry`, from `AccessLog`s, `Metrics` and `Tracing`.',
  rows: [
    ...scopeRows('MeshTelemetryProps.scope'),
    ['accessLogging[].disabled', '`AccessLog.disabled`'],
    ['accessLogging[].filter.expression', '`AccessLog.filter`'],
    ['accessLogging[].match.mode', '`AccessLog.mode`'],
    ['accessLogging[].providers[].name', '`AccessLog.providers`'],
    ['metrics[].overrides[].disabled', '`Metrics.overrides[].disabled`'],
    ['metrics[].overrides[].match.customMetric', '`Metrics.overrides[].customMetric`'],
    ['metrics[].overrides[].match.metric', '`Metrics.overrides[].metric`'],
    ['metrics[].overrides[].match.mode', '`Metrics.overrides[].mode`'],
    ['metrics[].overrides[].tagOverrides{}.operation', '`Metrics.overrides[].tags`: `MetricTag.value`, `MetricTag.remove`'],
    ['metrics[].overrides[].tagOverrides{}.value', '`MetricTag.value(expression)`'],
    ['metrics[].providers[].name', '`Metrics.providers`'],
    ['metrics[].reportingInterval', '`Metrics.reportingInterval`'],
    ['tracing[].customTags{}.literal.value', '`Tracing.customTags`: `TraceTag.literal(value)`'],
    ['tracing[].customTags{}.environment.(name|defaultValue)', '`Tracing.customTags`: `TraceTag.environment(name, defaultValue)`'],
    ['tracing[].customTags{}.header.(name|defaultValue)', '`Tracing.customTags`: `TraceTag.header(name, defaultValue)`'],
    ['tracing[].customTags{}.formatter.value', '`Tracing.customTags`: `TraceTag.formatter(value)`'],
    ['tracing[].disableContextPropagation', '`Tracing.disableContextPropagation`'],
    ['tracing[].disableSpanReporting', '`Tracing.disableSpanReporting`'],
    ['tracing[].enableIstioTags', '`Tracing.enableIstioTags`'],
    ['tracing[].match.mode', '`Tracing.mode`'],
    ['tracing[].providers[].name', '`Tracing.provider`'],
    ['tracing[].randomSamplingPercentage', '`Tracing.samplingPercentage`'],
    ['tracing[].useRequestIdForTraceSampling', '`Tracing.useRequestIdForTraceSampling`'],
  ],
};
