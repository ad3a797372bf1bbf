// Which metrics sidecars and gateways count, and by which tags.
import type { Duration } from 'cdk8s';
import type { TelemetrySpecMetrics, TelemetrySpecMetricsOverrides, TelemetrySpecMetricsOverridesTagOverrides } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import { renderDuration } from '../wire/duration';
import type { Fields } from '../wire/istio-fields';
import { TrafficMode } from './access-log';
import { requireProviders } from './provider';

/** The metrics that Istio itself counts. */
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

/** What a metric says in one tag. */
export class MetricTag {
  /** The value of an expression over Envoy's attributes: `request.host`. A fixed text stands in quotes: `'"blue"'`. */
  public static value(expression: string): MetricTag {
    requireProps(STRING, expression, '', 'expression');
    if (expression === '') {
      throw InvalidProps.value('expression', expression, 'must be an expression, such as request.host');
    }
    return new MetricTag({ operation: 'UPSERT', value: expression });
  }

  /** Nothing: the tag is left out, which saves a series for each of its values. */
  public static remove(): MetricTag {
    return new MetricTag({ operation: 'REMOVE' });
  }

  private constructor(private readonly fields: Fields<TelemetrySpecMetricsOverridesTagOverrides>) {}

  /** @internal */
  public _render(): Fields<TelemetrySpecMetricsOverridesTagOverrides> {
    return this.fields;
  }
}

/** What is different about a metric. */
export interface MetricOverride {
  /**
   * The metric of Istio.
   *
   * @default - all of them, where there is no `customMetric`
   */
  readonly metric?: IstioMetric;

  /**
   * Name of a metric that is not Istio's.
   *
   * @default - none
   */
  readonly customMetric?: string;

  /**
   * The side of a request that counts it.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;

  /**
   * Does not count it.
   *
   * @default false
   */
  readonly disabled?: boolean;

  /**
   * Tags by their names.
   *
   * @default - Istio's own
   */
  readonly tags?: { readonly [tag: string]: MetricTag };
}

/** Which metrics go to which providers. */
export interface Metrics {
  /**
   * Names of providers, as `extensionProviders` of the mesh configuration lists them; `prometheus` is there always.
   *
   * @default - those of the wider scope, and in the end those that the mesh has as its defaults
   */
  readonly providers?: string[];

  /**
   * What is different about single metrics; later entries win.
   *
   * @default - nothing
   */
  readonly overrides?: MetricOverride[];

  /**
   * How often metrics of TCP connections that stay open are reported, at least 1 ms.
   *
   * @default - 5 s, as in Istio
   */
  readonly reportingInterval?: Duration;
}

/** Writes an entry. */
export function renderMetrics(prop: string, { providers, overrides, reportingInterval }: Metrics): Fields<TelemetrySpecMetrics> {
  if (providers === undefined && reportingInterval === undefined && !overrides?.length) {
    throw InvalidProps.value(prop, {}, 'must be providers, overrides or reportingInterval');
  }
  return {
    providers: providers && requireProviders(`${prop}.providers`, providers),
    overrides: overrides?.map((override, index) => renderOverride(`${prop}.overrides[${index}]`, override)),
    reportingInterval: reportingInterval && renderDuration(`${prop}.reportingInterval`, reportingInterval),
  };
}

function renderOverride(prop: string, { metric, customMetric, mode, disabled, tags }: MetricOverride): Fields<TelemetrySpecMetricsOverrides> {
  if (customMetric !== undefined && (metric !== undefined || customMetric === '')) {
    throw InvalidProps.value(`${prop}.customMetric`, customMetric, 'must be the name of a metric, where there is no metric of Istio');
  }
  const entries = Object.entries(tags ?? {});
  if (disabled === undefined && entries.length === 0) {
    throw InvalidProps.value(prop, {}, 'must be disabled or tags, which say what is different');
  }
  if (tags && Object.hasOwn(tags, '')) {
    throw InvalidProps.value(`${prop}.tags`, '', 'must be tags with a name');
  }
  const match = { metric, customMetric, mode };
  return {
    match: Object.values(match).some(value => value !== undefined) ? match : undefined,
    disabled,
    tagOverrides: entries.length > 0 ? Object.fromEntries(entries.map(([name, tag]) => [name, tag._render()])) : undefined,
  };
}
