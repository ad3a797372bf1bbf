// Access logs, metrics, traces, and the UIs that show them.
export {
  type IObservabilityGateway, type ObservabilityOptions, ObservabilityUis, type ObservabilityUisProps,
} from '../edge/observability/observability';
export { ObservabilityUi, type ObservabilityUiOptions } from '../edge/observability/ui';
export { type AccessLog, TrafficMode } from '../edge/telemetry/access-log';
export { IstioMetric, type MetricOverride, type Metrics, MetricTag } from '../edge/telemetry/metrics';
export { MeshTelemetry, type MeshTelemetryProps } from '../edge/telemetry/telemetry';
export { TraceTag, type Tracing } from '../edge/telemetry/tracing';
