// Attributes of the target group: how the load balancer selects a gateway pod, and when it fails over from a zone.
import { Duration } from 'cdk8s';
import { SECONDS } from '../../base/alb-annotations/attribute-values';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { InvalidProps, within } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { instanceOf } from '../../base/prop-types';
import { DURATION, wholeSeconds } from '../wire/duration';
import { attribute, type AttributeRow, type AttributeRows, renderAttributes, type WrittenAttributes } from '../wire/aws-attributes';

/** How the load balancer selects a target for a request. */
export enum LoadBalancingAlgorithm {
  /** In turn. */
  ROUND_ROBIN = 'round_robin',
  /** The target with the fewest requests in progress. */
  LEAST_OUTSTANDING_REQUESTS = 'least_outstanding_requests',
  /** At random; with anomaly mitigation, targets that perform worse receive fewer requests. */
  WEIGHTED_RANDOM = 'weighted_random',
}

/** Whether a node of the load balancer also sends to targets in other zones. */
export enum CrossZone {
  ON = 'true',
  /** Only to targets in its own zone, so every zone needs gateway pods. Cannot be combined with stickiness. */
  OFF = 'false',
  /** The setting of the load balancer, which is on for an Application Load Balancer. */
  LOAD_BALANCER = 'use_load_balancer_configuration',
}

const COOKIE = text(
  'the name of a cookie that does not start with AWSALB, a prefix reserved by AWS',
  /^(?!AWSALB)[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
);

/**
 * Whether a client sticks to the same target. The target is a gateway pod, not a pod of the application behind it: for that,
 * use a consistent hash in a DestinationRule.
 */
export class Stickiness {
  /**
   * By a cookie that the load balancer generates.
   *
   * @param duration lifetime, 1 to 604,800 s; a day by default
   */
  public static loadBalancerCookie(duration?: Duration): Stickiness {
    return new Stickiness({ type: 'lb_cookie', ...lasting('lb_cookie', duration) });
  }

  /**
   * By a cookie of the application; the load balancer adds its own cookie that follows it.
   *
   * @param cookieName name of the application's cookie
   * @param duration lifetime, 1 to 604,800 s; a day by default
   * @throws InvalidProps for a name that AWS reserves
   */
  public static applicationCookie(cookieName: string, duration?: Duration): Stickiness {
    return new Stickiness({
      type: 'app_cookie',
      'app_cookie.cookie_name': within('cookieName', () => COOKIE.encode(cookieName)),
      ...lasting('app_cookie', duration),
    });
  }

  /** Explicitly off. Removing the annotation would leave the previous setting in AWS. */
  public static off(): Stickiness {
    return new Stickiness(undefined);
  }

  private constructor(private readonly settings: { readonly [name: string]: string } | undefined) {}

  /** Whether it is on. @internal */
  public get _on(): boolean {
    return this.settings !== undefined;
  }

  /** @internal */
  public _render(): { readonly [key: string]: string } {
    return Object.fromEntries(Object.entries({ enabled: String(this._on), ...this.settings }).map(([name, value]) => [`stickiness.${name}`, value]));
  }
}

function lasting(type: 'app_cookie' | 'lb_cookie', duration = Duration.days(1)): { [name: string]: string } {
  return { [`${type}.duration_seconds`]: String(wholeSeconds('duration', duration, ...SECONDS[`stickiness.${type}.duration_seconds`])) };
}

/** The minimum number of healthy targets in a zone. */
export class MinimumHealthyTargets {
  /** At least this many, 1 or more. */
  public static count(count: number): MinimumHealthyTargets {
    return new MinimumHealthyTargets(requireCount(count), undefined);
  }

  /** At least this percentage of the targets, 1 to 100. */
  public static percentage(percentage: number): MinimumHealthyTargets {
    return new MinimumHealthyTargets(undefined, requirePercentage(percentage));
  }

  /** At least this many and this percentage: the action is taken if either is not met. */
  public static countAndPercentage(count: number, percentage: number): MinimumHealthyTargets {
    return new MinimumHealthyTargets(requireCount(count), requirePercentage(percentage));
  }

  /** The action is never taken. */
  public static off(): MinimumHealthyTargets {
    return new MinimumHealthyTargets(undefined, undefined);
  }

  private constructor(
    /** @internal */
    public readonly _count: number | undefined,
    /** @internal */
    public readonly _percentage: number | undefined,
  ) {}

  /** @internal */
  public _render(action: string): { readonly [key: string]: string } {
    return Object.fromEntries(Object.entries({ count: this._count, percentage: this._percentage })
      .map(([name, value]) => [`target_group_health.${action}.minimum_healthy_targets.${name}`, String(value ?? 'off')]));
  }
}

/**
 * Attributes of target groups (ELBv2 API 2015-12-01). Only attributes that are set are changed: one that you remove later keeps its
 * value in AWS. The deregistration delay is a prop of the load balancer, because the gateway must outlive it.
 */
export interface TargetGroupAttributes {
  /**
   * How long a new target receives an increasing share of the requests: 30 to 900 s, or 0 for no slow start. Round robin only.
   *
   * @default - 0 s, the default of AWS
   */
  readonly slowStart?: Duration;

  /**
   * Whether a client sticks to the same gateway pod.
   *
   * @default - unchanged in AWS; off on a new target group
   */
  readonly stickiness?: Stickiness;

  /**
   * How the load balancer selects a target.
   *
   * @default - LoadBalancingAlgorithm.ROUND_ROBIN, the default of AWS
   */
  readonly algorithm?: LoadBalancingAlgorithm;

  /**
   * Whether targets that perform worse receive fewer requests. Requires `LoadBalancingAlgorithm.WEIGHTED_RANDOM`.
   *
   * @default - false, the default of AWS
   */
  readonly anomalyMitigation?: boolean;

  /**
   * Whether a node of the load balancer sends to targets in other zones.
   *
   * @default - CrossZone.LOAD_BALANCER, the default of AWS
   */
  readonly crossZone?: CrossZone;

  /**
   * Minimum of healthy targets below which a zone is removed from DNS; not below `unhealthyStateRouting`. Do not set it if a Network Load
   * Balancer or Global Accelerator is in front.
   *
   * @default - a count of 1, the default of AWS
   */
  readonly dnsFailover?: MinimumHealthyTargets;

  /**
   * Minimum of healthy targets below which a zone sends to all targets, healthy or not. Cannot be off; a percentage alone implies a count of 1.
   *
   * @default - a count of 1, the default of AWS
   */
  readonly unhealthyStateRouting?: MinimumHealthyTargets;

  /**
   * Attributes without a prop of their own, by key.
   *
   * @default - none
   */
  readonly other?: { readonly [key: string]: string };
}

function requireCount(count: number): number {
  return requireInteger('count', count, 1, 2 ** 31 - 1);
}

function requirePercentage(percentage: number): number {
  return requireInteger('percentage', percentage, 1, 100);
}

const STICKINESS = instanceOf<Stickiness>('Stickiness');
const MINIMUM_HEALTHY = instanceOf<MinimumHealthyTargets>('MinimumHealthyTargets');
const MINIMUM = ['count', 'percentage'];
const SLOW_START = 'slow_start.duration_seconds';

const slowStart: AttributeRow<Duration> = {
  keys: [SLOW_START],
  write: value => ({ [SLOW_START]: DURATION(value).toMilliseconds({ integral: false }) === 0 ? '0' : String(wholeSeconds('', value, ...SECONDS[SLOW_START])) }),
};

function minimum(action: string): AttributeRow<MinimumHealthyTargets> {
  return { keys: MINIMUM.map(name => `target_group_health.${action}.minimum_healthy_targets.${name}`), write: value => MINIMUM_HEALTHY(value)._render(action) };
}

const ROWS: AttributeRows<TargetGroupAttributes> = {
  slowStart,
  stickiness: {
    keys: ['enabled', 'type', 'lb_cookie.duration_seconds', 'app_cookie.cookie_name', 'app_cookie.duration_seconds'].map(name => `stickiness.${name}`),
    write: value => STICKINESS(value)._render(),
  },
  algorithm: attribute('load_balancing.algorithm.type', word(LoadBalancingAlgorithm)),
  anomalyMitigation: {
    keys: ['load_balancing.algorithm.anomaly_mitigation'],
    write: value => ({ 'load_balancing.algorithm.anomaly_mitigation': boolean().encode(value) === 'true' ? 'on' : 'off' }),
  },
  crossZone: attribute('load_balancing.cross_zone.enabled', word(CrossZone)),
  dnsFailover: minimum('dns_failover'),
  unhealthyStateRouting: minimum('unhealthy_state_routing'),
};

/**
 * The setting `targetGroupAttributes`, without the deregistration delay.
 *
 * @throws InvalidProps for a value out of bounds, or a combination that AWS refuses, reported under `prop`
 */
export function renderTargetGroupAttributes(attributes: TargetGroupAttributes = {}, prop = 'targetGroupAttributes'): WrittenAttributes {
  const written = renderAttributes(prop, { ...attributes, unhealthyStateRouting: withCount(prop, attributes.unhealthyStateRouting) }, ROWS, {
    'deregistration_delay.timeout_seconds': 'deregistrationDelay',
  });
  const { algorithm = LoadBalancingAlgorithm.ROUND_ROBIN, crossZone } = attributes;
  const refuse = (name: string, found: unknown, reason: string) => {
    throw InvalidProps.conflict(`${prop}.${name}`, found, reason);
  };
  if (algorithm !== LoadBalancingAlgorithm.ROUND_ROBIN && (written[SLOW_START] ?? '0') !== '0') {
    refuse('slowStart', `${written[SLOW_START]} s`, `cannot be set with ${algorithm}: slow start requires ${LoadBalancingAlgorithm.ROUND_ROBIN}`);
  }
  if (algorithm !== LoadBalancingAlgorithm.WEIGHTED_RANDOM && attributes.anomalyMitigation) {
    refuse('anomalyMitigation', true, `cannot be true with ${algorithm}: anomaly mitigation requires ${LoadBalancingAlgorithm.WEIGHTED_RANDOM}`);
  }
  if (crossZone === CrossZone.OFF && attributes.stickiness?._on) {
    refuse('stickiness', written['stickiness.type'], 'cannot be on when crossZone is OFF');
  }
  requireOrder(prop, attributes);
  return written;
}

/** AWS has no "off" for this count. */
function withCount(prop: string, minimumHealthy: MinimumHealthyTargets | undefined): MinimumHealthyTargets | undefined {
  if (minimumHealthy === undefined || within(`${prop}.unhealthyStateRouting`, () => MINIMUM_HEALTHY(minimumHealthy))._count !== undefined) {
    return minimumHealthy;
  }
  if (minimumHealthy._percentage === undefined) {
    throw InvalidProps.value(`${prop}.unhealthyStateRouting`, 'off', 'must be a count, a percentage, or both: this action cannot be turned off');
  }
  return MinimumHealthyTargets.countAndPercentage(1, minimumHealthy._percentage);
}

/** DNS failover must not start later than the other action (Elastic Load Balancing user guide, target group health). */
function requireOrder(prop: string, { dnsFailover: dns, unhealthyStateRouting: routing }: TargetGroupAttributes): void {
  for (const [name, before, after] of [['count', dns?._count, routing?._count], ['percentage', dns?._percentage, routing?._percentage]] as const) {
    if (before !== undefined && after !== undefined && before < after) {
      throw InvalidProps.value(`${prop}.dnsFailover`, before, `must have a ${name} of at least ${after}, the ${name} of unhealthyStateRouting`);
    }
  }
}
