// Which requests are traced, where the spans go, and what they say.
import type { TelemetrySpecTracing, TelemetrySpecTracingCustomTags } from '../../../imports/istio/telemetry.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { TrafficMode } from './access-log';
import { requireProviders } from './provider';

/** What spans say in one tag. */
export class TraceTag {
  /** A fixed text. */
  public static literal(value: string): TraceTag {
    return new TraceTag({ literal: { value: requireText('value', value) } });
  }

  /** An environment variable of the proxy. @param defaultValue where there is no such variable */
  public static environment(name: string, defaultValue?: string): TraceTag {
    return new TraceTag({ environment: { name: requireText('name', name), defaultValue: optionalText(defaultValue) } });
  }

  /** A header of the request. @param defaultValue where a request does not have it */
  public static header(name: string, defaultValue?: string): TraceTag {
    return new TraceTag({ header: { name: requireText('name', name), defaultValue: optionalText(defaultValue) } });
  }

  /** A format string of Envoy's access logs: `%RESPONSE_FLAGS%`. */
  public static formatter(value: string): TraceTag {
    return new TraceTag({ formatter: { value: requireText('value', value) } });
  }

  private constructor(private readonly fields: Fields<TelemetrySpecTracingCustomTags>) {}

  /** @internal */
  public _render(): Fields<TelemetrySpecTracingCustomTags> {
    return this.fields;
  }
}

function requireText(prop: string, value: string): string {
  requireProps(STRING, value, '', prop);
  if (value === '') {
    throw InvalidProps.value(prop, value, 'must be a text that is not empty');
  }
  return value;
}

function optionalText(value: string | undefined): string | undefined {
  return value === undefined ? undefined : requireProps(STRING, value, '', 'defaultValue');
}

/** Which requests are traced, and how. */
export interface Tracing {
  /**
   * Name of the provider, as `extensionProviders` of the mesh configuration lists it. Istio takes one.
   *
   * @default - that of the wider scope, and in the end the one that the mesh has as its default
   */
  readonly provider?: string;

  /**
   * Percentage of the requests without a trace that get one, 0 to 100. The first proxy decides, most often the gateway.
   *
   * @default - that of the wider scope; 1 in Istio's own defaults
   */
  readonly samplingPercentage?: number;

  /**
   * Tags by their names.
   *
   * @default - Istio's own
   */
  readonly customTags?: { readonly [tag: string]: TraceTag };

  /**
   * Makes no spans; the headers of a trace go on.
   *
   * @default false
   */
  readonly disableSpanReporting?: boolean;

  /**
   * Does not put headers of a trace on requests.
   *
   * @default false
   */
  readonly disableContextPropagation?: boolean;

  /**
   * Tags that Istio adds by itself, such as the mesh and the namespace.
   *
   * @default true
   */
  readonly enableIstioTags?: boolean;

  /**
   * Puts the decision in the request id.
   *
   * @default true
   */
  readonly useRequestIdForTraceSampling?: boolean;

  /**
   * The side of a request that this is about.
   *
   * @default TrafficMode.CLIENT_AND_SERVER
   */
  readonly mode?: TrafficMode;
}

/** Writes the entry. */
export function renderTracing(prop: string, tracing: Tracing): Fields<TelemetrySpecTracing> {
  const { provider, samplingPercentage, customTags, mode, ...switches } = tracing;
  if (samplingPercentage !== undefined && !(samplingPercentage >= 0 && samplingPercentage <= 100)) {
    throw InvalidProps.value(`${prop}.samplingPercentage`, samplingPercentage, 'must be a number from 0 to 100');
  }
  const entries = Object.entries(customTags ?? {});
  if (entries.some(([name]) => name === '')) {
    throw InvalidProps.value(`${prop}.customTags`, '', 'must be tags with a name');
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
    throw InvalidProps.value(prop, tracing, 'must be at least one setting');
  }
  return fields;
}
