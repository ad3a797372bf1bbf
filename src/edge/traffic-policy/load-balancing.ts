// Load balancing: which pod of a workload receives a request.
import type { Duration } from 'cdk8s';
import type {
  DestinationRuleSpecTrafficPolicyLoadBalancer, DestinationRuleSpecTrafficPolicyLoadBalancerConsistentHash,
  DestinationRuleSpecTrafficPolicyLoadBalancerSimple, DestinationRuleSpecTrafficPolicyLoadBalancerWarmup,
} from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { requireProps, STRING } from '../../base/prop-types';
import { renderDuration, renderDurationOrZero } from '../wire/duration';
import { HashTable } from './hash-table';
import { type Fields } from '../wire/istio-fields';
import { Locality } from './locality';
import { requireUnique } from '../wire/bounds';

/** Slow start for new pods. */
export interface Warmup {
  /** Time until a new pod receives its full share of the requests, at least 1 ms. */
  readonly duration: Duration;

  /**
   * Initial percentage of its full share, 0 to 100.
   *
   * @default - 10
   */
  readonly minimumPercent?: number;

  /**
   * How the share grows: linearly with 1, more slowly at first below 1, faster above 1; greater than 0.
   *
   * @default - 1
   */
  readonly aggression?: number;
}

/** Options for localities. */
export interface LocalityOptions {
  /**
   * Which regions and zones receive the requests.
   *
   * @default - the mesh-wide setting
   */
  readonly locality?: Locality;
}

/** Options for round robin and least request. */
export interface WarmupOptions extends LocalityOptions {
  /**
   * Slow start for new pods.
   *
   * @default - new pods receive their full share immediately
   */
  readonly warmup?: Warmup;
}

/** Options for consistent hashing. */
export interface ConsistentHashOptions extends LocalityOptions {
  /**
   * Algorithm that maps a key to a pod.
   *
   * @default - HashTable.ring()
   */
  readonly table?: HashTable;
}

/** An additional attribute of a cookie. */
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

/** Options for consistent hashing by a cookie. */
export interface CookieHashOptions extends ConsistentHashOptions {
  /** Name of the cookie. */
  readonly name: string;

  /**
   * Path of the cookie.
   *
   * @default - the path of the request
   */
  readonly path?: string;

  /**
   * Lifetime of the cookie that is set for a client without one; 0 for a session cookie.
   *
   * @default - no cookie is set: a client without the cookie is routed to any pod
   */
  readonly ttl?: Duration;

  /**
   * Additional attributes of the cookie that is set.
   *
   * @default - none
   */
  readonly attributes?: CookieAttribute[];
}

/** Names of headers and cookies (RFC 9110 and RFC 6265). */
const TOKEN = /^[-!#$%&'*+.^_`|~A-Za-z0-9]+$/;
const COOKIE_VALUE = /^[^;\p{Cc}]*$/u;

/**
 * Which pod of a workload receives a request (Istio 1.30, LoadBalancerSettings).
 *
 * Consistent hashing routes equal keys to the same pod until pods are added or removed; then some keys move. All clients must see
 * the same pods for this, so combine it with `Locality.off()`, or with clients that are all in one locality.
 */
export class LoadBalancing {
  /** In turn. @throws InvalidProps for a value that Istio would refuse */
  public static roundRobin(options: WarmupOptions = {}): LoadBalancing {
    return LoadBalancing.warming('ROUND_ROBIN', options);
  }

  /** Of two random pods, the one with fewer active requests: Istio's default. @throws InvalidProps for a value that Istio would refuse */
  public static leastRequest(options: WarmupOptions = {}): LoadBalancing {
    return LoadBalancing.warming('LEAST_REQUEST', options);
  }

  /** A random pod. @throws InvalidProps for a value of another type */
  public static random(options: LocalityOptions = {}): LoadBalancing {
    return LoadBalancing.simple('RANDOM', requireProps('LocalityOptions', options, '', 'options').locality);
  }

  /** The address that the client connected to. Requests through a gateway have none and fail. */
  public static passthrough(): LoadBalancing {
    return LoadBalancing.simple('PASSTHROUGH');
  }

  /** The same pod for the same header value. @throws InvalidProps for a value that Istio would refuse */
  public static byHeader(name: string, options: ConsistentHashOptions = {}): LoadBalancing {
    return LoadBalancing.hash({ httpHeaderName: token('name', name) }, options);
  }

  /** The same pod for the same cookie value. @throws InvalidProps for a value that Istio would refuse */
  public static byCookie(options: CookieHashOptions): LoadBalancing {
    const { name, path, ttl, attributes, locality, table } = requireProps('CookieHashOptions', options, '', 'options');
    if (path !== undefined && !(path.startsWith('/') && COOKIE_VALUE.test(path))) {
      throw InvalidProps.value('path', path, 'must be a path that starts with /, without semicolons and control characters');
    }
    const further = attributes?.map((attribute, index) => renderAttribute(`attributes[${index}]`, attribute));
    requireUnique('attributes', further?.map(attribute => attribute.name) ?? []);
    const httpCookie = { name: token('name', name), path, ttl: ttl && renderDurationOrZero('ttl', ttl), attributes: further };
    return LoadBalancing.hash({ httpCookie }, { locality, table });
  }

  /** The same pod for the same value of a query parameter. @throws InvalidProps for a value that Istio would refuse */
  public static byQueryParameter(name: string, options: ConsistentHashOptions = {}): LoadBalancing {
    if (requireProps(STRING, name, '', 'name') === '') {
      throw InvalidProps.value('name', name, 'must be the name of a query parameter');
    }
    return LoadBalancing.hash({ httpQueryParameterName: name }, options);
  }

  /** The same pod for the same client address. @throws InvalidProps for a value of another type */
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

  /** Whether part of it has no effect without outlier detection. @internal */
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
    throw InvalidProps.value(prop, name, 'must consist of letters, digits and ! # $ % & \' * + - . ^ _ ` | ~');
  }
  return name;
}

function renderAttribute(prop: string, { name, value }: CookieAttribute): CookieAttribute {
  if (value !== undefined && !COOKIE_VALUE.test(value)) {
    throw InvalidProps.value(`${prop}.value`, value, 'must be a string without semicolons and control characters');
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
