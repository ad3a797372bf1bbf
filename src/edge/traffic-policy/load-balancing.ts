// Which pod of a workload gets a request.
import type { Duration } from 'cdk8s';
import type { DestinationRuleSpecTrafficPolicyLoadBalancer, DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash, DestinationRuleSpecTrafficPolicyLoadBalancerSimple, DestinationRuleSpecTrafficPolicyLoadBalancerWarmup } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import { renderDuration, renderDurationOrZero } from '../wire/duration';
import { HashTable } from './hash-table';
import { type Fields } from '../wire/istio-fields';
import { Locality } from './locality';
import { requireUnique } from '../wire/bounds';

/** How a new pod is spared at first. */
export interface Warmup {
  /** Time in which the share of a new pod grows to that of the others, at least 1 ms. */
  readonly duration: Duration;

  /**
   * Percentage of its share that a pod has at the start, 0 to 100.
   *
   * @default - 10
   */
  readonly minimumPercent?: number;

  /**
   * How the share grows: 1 evenly with time, more slowly at the start below it, faster above; greater than 0.
   *
   * @default - 1
   */
  readonly aggression?: number;
}

/** Where the pods are to be. */
export interface LocalityOptions {
  /**
   * Which regions and zones the requests go to.
   *
   * @default - as the mesh has it
   */
  readonly locality?: Locality;
}

/** What goes with a choice pod by pod. */
export interface WarmupOptions extends LocalityOptions {
  /**
   * How a new pod is spared at first.
   *
   * @default - it gets its share at once
   */
  readonly warmup?: Warmup;
}

/** What goes with a choice by a key. */
export interface ConsistentHashOptions extends LocalityOptions {
  /**
   * How the pod for a key is found.
   *
   * @default - HashTable.ring()
   */
  readonly table?: HashTable;
}

/** A further attribute of a cookie. */
export interface CookieAttribute {
  /** Name, such as `SameSite`. */
  readonly name: string;

  /**
   * Value, such as `Strict`.
   *
   * @default - none
   */
  readonly value?: string;
}

/** A choice by a cookie. */
export interface CookieHashOptions extends ConsistentHashOptions {
  /** Name of the cookie. */
  readonly name: string;

  /**
   * Paths that the client sends the cookie for.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Lifetime of the cookie that is set for a client without one; 0 for the time that the browser is open.
   *
   * @default - none is set: a client without the cookie goes to any pod
   */
  readonly ttl?: Duration;

  /**
   * Further attributes of the cookie that is set.
   *
   * @default - none
   */
  readonly attributes?: CookieAttribute[];
}

/** Names of headers and cookies (RFC 9110 and RFC 6265). */
const TOKEN = /^[-!#$%&'*+.^_`|~A-Za-z0-9]+$/;
const COOKIE_VALUE = /^[^;\p{Cc}]*$/u;

/**
 * Which pod of a workload gets a request (Istio 1.30, LoadBalancerSettings).
 *
 * Consistent hashing sends equal keys to one pod for as long as no pod comes or goes; then some keys move. Every client has to see
 * the same pods for that, so it goes with `Locality.off()`, or with clients that are all in one place.
 */
export class LoadBalancing {
  /** One after the other. @throws InvalidProps for a value that Istio would refuse */
  public static roundRobin(options: WarmupOptions = {}): LoadBalancing {
    return LoadBalancing.warming('ROUND_ROBIN', options);
  }

  /** Of two that are drawn, the one with less to do: Istio's default. @throws InvalidProps for a value that Istio would refuse */
  public static leastRequest(options: WarmupOptions = {}): LoadBalancing {
    return LoadBalancing.warming('LEAST_REQUEST', options);
  }

  /** Any. @throws InvalidProps for a value of another type */
  public static random(options: LocalityOptions = {}): LoadBalancing {
    return LoadBalancing.simple('RANDOM', requireProps('LocalityOptions', options, '', 'options').locality);
  }

  /** The address that the client asked for. Requests that come in by a gateway asked for none, and fail. */
  public static passthrough(): LoadBalancing {
    return LoadBalancing.simple('PASSTHROUGH');
  }

  /** The same for the same value of a header. @throws InvalidProps for a value that Istio would refuse */
  public static byHeader(name: string, options: ConsistentHashOptions = {}): LoadBalancing {
    return LoadBalancing.hash({ httpHeaderName: token('name', name) }, options);
  }

  /** The same for the same value of a cookie. @throws InvalidProps for a value that Istio would refuse */
  public static byCookie(options: CookieHashOptions): LoadBalancing {
    const { name, path, ttl, attributes, locality, table } = requireProps('CookieHashOptions', options, '', 'options');
    if (path !== undefined && !(path.startsWith('/') && COOKIE_VALUE.test(path))) {
      throw InvalidProps.value('path', path, 'must be a path that starts with /, without ; and control characters');
    }
    const further = attributes?.map((attribute, index) => renderAttribute(`attributes[${index}]`, attribute));
    requireUnique('attributes', further?.map(attribute => attribute.name) ?? []);
    const httpCookie = { name: token('name', name), path, ttl: ttl && renderDurationOrZero('ttl', ttl), attributes: further };
    return LoadBalancing.hash({ httpCookie }, { locality, table });
  }

  /** The same for the same value of a query parameter. @throws InvalidProps for a value that Istio would refuse */
  public static byQueryParameter(name: string, options: ConsistentHashOptions = {}): LoadBalancing {
    if (requireProps(STRING, name, '', 'name') === '') {
      throw InvalidProps.value('name', name, 'must be the name of a query parameter');
    }
    return LoadBalancing.hash({ httpQueryParameterName: name }, options);
  }

  /** The same for the same address of a client. @throws InvalidProps for a value of another type */
  public static bySourceIp(options: ConsistentHashOptions = {}): LoadBalancing {
    return LoadBalancing.hash({ useSourceIp: true }, options);
  }

  private static warming(simple: Simple, options: WarmupOptions): LoadBalancing {
    const { locality, warmup } = requireProps('WarmupOptions', options, '', 'options');
    return LoadBalancing.simple(simple, locality, warmup && renderWarmup(warmup));
  }

  private static simple(simple: Simple, locality?: Locality, warmup?: Fields<DestinationRuleSpecTrafficPolicyLoadBalancerWarmup>): LoadBalancing {
    return new LoadBalancing({ simple, warmup, localityLbSetting: locality?._render() }, locality?._needsOutlierDetection ?? false);
  }

  private static hash(key: Fields<DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash>, options: ConsistentHashOptions): LoadBalancing {
    const { locality, table } = requireProps('ConsistentHashOptions', options, '', 'options');
    const consistentHash = { ...key, ...table?._render() };
    return new LoadBalancing({ consistentHash, localityLbSetting: locality?._render() }, locality?._needsOutlierDetection ?? false);
  }

  /** Whether a part of it does nothing without outlier detection. @internal */
  public readonly _needsOutlierDetection: boolean;

  private constructor(private readonly fields: Fields<DestinationRuleSpecTrafficPolicyLoadBalancer>, needsOutlierDetection: boolean) {
    this._needsOutlierDetection = needsOutlierDetection;
  }

  /** @internal */
  public _render(): Fields<DestinationRuleSpecTrafficPolicyLoadBalancer> {
    return this.fields;
  }
}

type Simple = `${DestinationRuleSpecTrafficPolicyLoadBalancerSimple}`;

function token(prop: string, name: string): string {
  if (typeof name !== 'string' || !TOKEN.test(name)) {
    throw InvalidProps.value(prop, name, 'must be a name of letters, digits and ! # $ % & \' * + - . ^ _ ` | ~');
  }
  return name;
}

function renderAttribute(prop: string, { name, value }: CookieAttribute): CookieAttribute {
  if (value !== undefined && !COOKIE_VALUE.test(value)) {
    throw InvalidProps.value(`${prop}.value`, value, 'must be a text without ; and control characters');
  }
  return { name: token(`${prop}.name`, name), value };
}

function renderWarmup({ duration, minimumPercent, aggression }: Warmup): Fields<DestinationRuleSpecTrafficPolicyLoadBalancerWarmup> {
  if (minimumPercent !== undefined && !(minimumPercent >= 0 && minimumPercent <= 100)) {
    throw InvalidProps.value('warmup.minimumPercent', minimumPercent, 'must be a number from 0 to 100');
  }
  if (aggression !== undefined && !(aggression > 0 && aggression < Infinity)) {
    throw InvalidProps.value('warmup.aggression', aggression, 'must be a number greater than 0');
  }
  return { duration: renderDuration('warmup.duration', duration), minimumPercent, aggression };
}
