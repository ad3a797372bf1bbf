// Tracing: which requests are traced, where the spans are sent, and with which tags.
import type { TelemetrySpecTracing, TelemetrySpecTracingCustomTags } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { requireProviders, TrafficMode } from './access-log';

/** The value of a span tag. */
export class TraceTag {
  /** A literal value. */
  public static literal(value: string): TraceTag {
    return new TraceTag({ literal: { value: requireNonEmpty('value', value) } });
  }

  /** An environment variable of the proxy. @param defaultValue used if the variable does not exist */
  public static environment(name: string, defaultValue?: string): TraceTag {
    return new TraceTag({ environment: { name: requireNonEmpty('name', name), defaultValue: optionalString(defaultValue) } });
  }

  /** A request header. @param defaultValue used for requests without the header */
  public static header(name: string, defaultValue?: string): TraceTag {
    return new TraceTag({ header: { name: requireNonEmpty('name', name), defaultValue: optionalString(defaultValue) } });
  }

  /** A format string of Envoy's access logs, such as `%RESPONSE_FLAGS%`. */
  public static formatter(value: string): TraceTag {
    return new TraceTag({ formatter: { value: requireNonEmpty('value', value) } });
  }

  private constructor(private readonly fields: Fields<TelemetrySpecTracingCustomTags>) {}

  /** @internal */
  public _render(): Fields<TelemetrySpecTracingCustomTags> {
    return this.fields;
  }
}

function requireNonEmpty(prop: string, value: string): string {
  requireProps(STRING, value, '', prop);
  if (value === '') {
    throw InvalidProps.value(prop, value, 'must not be empty');
  }
  return value;
}

function optionalString(value: string | undefined): string | undefined {
  return value === undefined ? undefined : requireProps(STRING, value, '', 'defaultValue');
}

/** Tracing settings. */
export interface Tracing {
  /**
   * Name of the provider from `extensionProviders` of the mesh configuration. Istio supports one.
   *
   * @default - the provider of the wider scope, and finally the mesh's default provider
   */
  readonly provider?: string;

  /**
   * Sampling percentage for requests that are not part of a trace yet, 0 to 100. The first proxy decides, usually the gateway.
   *
   * @default - the percentage of the wider scope; 1 by Istio's default
   */
  readonly samplingPercentage?: number;

  /**
   * Additional tags, by name.
   *
   * @default - none
   */
  readonly customTags?: { readonly [tag: string]: TraceTag };

  /**
   * Turns off span reporting. Trace headers are still propagated.
   *
   * @default false
   */
  readonly disableSpanReporting?: boolean;

  /**
   * Turns off adding trace headers to requests.
   *
   * @default false
   */
  readonly disableContextPropagation?: boolean;

  /**
   * Whether Istio adds its own tags, such as the mesh and the namespace.
   *
   * @default true
   */
  readonly enableIstioTags?: boolean;

  /**
   * Whether the request ID carries the sampling decision.
   *
   * @default true
   */
  readonly useRequestIdForTraceSampling?: boolean;

  /**
   * The side of a request that this applies to.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;
}

/** Renders the entry. */
export function renderTracing(prop: string, tracing: Tracing): Fields<TelemetrySpecTracing> {
  const { provider, samplingPercentage, customTags, mode, ...switches } = tracing;
  if (samplingPercentage !== undefined && !(samplingPercentage >= 0 && samplingPercentage <= 100)) {
    throw InvalidProps.value(`${prop}.samplingPercentage`, samplingPercentage, 'must be a number from 0 to 100');
  }
  const entries = Object.entries(customTags ?? {});
  if (entries.some(([name]) => name === '')) {
    throw InvalidProps.value(`${prop}.customTags`, '', 'must not contain a tag with an empty name');
  }
  const { disableSpanReporting, disableContextPropagation, enableIstioTags, useRequestIdForTraceSampling } = switches;
  const fields: Fields<TelemetrySpecTracing> = {
    match: mode && { mode },
    providers: provider === undefined ? undefined : requireProviders(`${prop}.provider`, [provider]),
    randomSamplingPercentage: samplingPercentage,
    customTags: entries.length > 0 ? Object.fromEntries(entries.map(([name, tag]) => [name, tag._render()])) : undefined,
    disableSpanReporting,
    disableContextPropagation,
    enableIstioTags,
    useRequestIdForTraceSampling,
  };
  if (Object.entries(fields).every(([name, value]) => name === 'match' || value === undefined)) {
    throw InvalidProps.value(prop, tracing, 'must set at least one option besides mode');
  }
  return fields;
}
