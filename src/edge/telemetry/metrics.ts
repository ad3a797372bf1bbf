// Metrics: what sidecars and gateways count, and with which tags.
import type { Duration } from 'cdk8s';
import type { TelemetrySpecMetrics, TelemetrySpecMetricsOverrides, TelemetrySpecMetricsOverridesTagOverrides } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import type { Fields } from '../wire/istio-fields';
import { requireProviders, TrafficMode } from './access-log';

/** Istio's standard metrics. */
export enum IstioMetric {
  ALL_METRICS = 'ALL_METRICS',
  REQUEST_COUNT = 'REQUEST_COUNT',
  REQUEST_DURATION = 'REQUEST_DURATION',
  REQUEST_SIZE = 'REQUEST_SIZE',
  RESPONSE_SIZE = 'RESPONSE_SIZE',
  TCP_OPENED_CONNECTIONS = 'TCP_OPENED_CONNECTIONS',
  TCP_CLOSED_CONNECTIONS = 'TCP_CLOSED_CONNECTIONS',
  TCP_SENT_BYTES = 'TCP_SENT_BYTES',
  TCP_RECEIVED_BYTES = 'TCP_RECEIVED_BYTES',
  GRPC_REQUEST_MESSAGES = 'GRPC_REQUEST_MESSAGES',
  GRPC_RESPONSE_MESSAGES = 'GRPC_RESPONSE_MESSAGES',
}

/** The value of a metric tag. */
export class MetricTag {
  /** The value of a CEL expression with Envoy's attributes: `request.host`. Quote a literal: `'"blue"'`. */
  public static value(expression: string): MetricTag {
    requireProps(STRING, expression, '', 'expression');
    if (expression === '') {
      throw InvalidProps.value('expression', expression, 'must be a CEL expression, such as request.host');
    }
    return new MetricTag({ operation: 'UPSERT', value: expression });
  }

  /** Removes the tag, which saves one time series per value. */
  public static remove(): MetricTag {
    return new MetricTag({ operation: 'REMOVE' });
  }

  private constructor(private readonly fields: Fields<TelemetrySpecMetricsOverridesTagOverrides>) {}

  /** @internal */
  public _render(): Fields<TelemetrySpecMetricsOverridesTagOverrides> {
    return this.fields;
  }
}

/** Changes to a metric. */
export interface MetricOverride {
  /**
   * One of Istio's metrics.
   *
   * @default - all of them, unless `customMetric` is set
   */
  readonly metric?: IstioMetric;

  /**
   * Name of a metric that is not one of Istio's.
   *
   * @default - none
   */
  readonly customMetric?: string;

  /**
   * The side of a request that the changes apply to.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;

  /**
   * Turns the metric off.
   *
   * @default false
   */
  readonly disabled?: boolean;

  /**
   * Tags to set or remove, by name.
   *
   * @default - Istio's standard tags
   */
  readonly tags?: { readonly [tag: string]: MetricTag };
}

/** Metrics settings for a set of providers. */
export interface Metrics {
  /**
   * Names of providers from `extensionProviders` of the mesh configuration. `prometheus` always exists.
   *
   * @default - the providers of the wider scope, and finally the mesh's default providers
   */
  readonly providers?: string[];

  /**
   * Changes to single metrics. Later entries override earlier ones.
   *
   * @default - none
   */
  readonly overrides?: MetricOverride[];

  /**
   * How often metrics of open TCP connections are reported, at least 1 ms.
   *
   * @default - 5 s, Istio's default
   */
  readonly reportingInterval?: Duration;
}

/** Renders an entry. */
export function renderMetrics(prop: string, { providers, overrides, reportingInterval }: Metrics): Fields<TelemetrySpecMetrics> {
  if (providers === undefined && reportingInterval === undefined && !overrides?.length) {
    throw InvalidProps.value(prop, {}, 'must set providers, overrides or reportingInterval');
  }
  return {
    providers: providers && requireProviders(`${prop}.providers`, providers),
    overrides: overrides?.map((override, index) => renderOverride(`${prop}.overrides[${index}]`, override)),
    reportingInterval: reportingInterval && renderDuration(`${prop}.reportingInterval`, reportingInterval),
  };
}

function renderOverride(prop: string, { metric, customMetric, mode, disabled, tags }: MetricOverride): Fields<TelemetrySpecMetricsOverrides> {
  if (customMetric !== undefined && metric !== undefined) {
    throw InvalidProps.conflict(`${prop}.customMetric`, customMetric, 'cannot be set when metric is set');
  }
  if (customMetric === '') {
    throw InvalidProps.value(`${prop}.customMetric`, customMetric, 'must be the name of a metric');
  }
  const entries = Object.entries(tags ?? {});
  if (disabled === undefined && entries.length === 0) {
    throw InvalidProps.value(prop, {}, 'must set disabled or tags');
  }
  if (tags && Object.hasOwn(tags, '')) {
    throw InvalidProps.value(`${prop}.tags`, '', 'must not contain a tag with an empty name');
  }
  const match = { metric, customMetric, mode };
  return {
    match: Object.values(match).some(value => value !== undefined) ? match : undefined,
    disabled,
    tagOverrides: entries.length > 0 ? Object.fromEntries(entries.map(([name, tag]) => [name, tag._render()])) : undefined,
  };
}
