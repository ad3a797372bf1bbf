// Attributes of the target group: how the load balancer chooses among the gateway pods, and when it gives up on a zone.
import { Duration } from 'cdk8s';
import { boolean, text, word } from '../../base/alb-annotations/codecs';
import { InvalidProps, within } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { instanceOf } from '../../base/prop-types';
import { DURATION, wholeSeconds } from '../wire/duration';
import { attribute, type AttributeRow, type AttributeRows, renderAttributes, type WrittenAttributes } from './aws-attributes';

/** How a target is chosen for a request. */
export enum LoadBalancingAlgorithm {
  /** One after the other. */
  ROUND_ROBIN = 'round_robin',
  /** The one with the fewest requests that wait for an answer. */
  LEAST_OUTSTANDING_REQUESTS = 'least_outstanding_requests',
  /** By lot; targets that answer worse than the others can get less. */
  WEIGHTED_RANDOM = 'weighted_random',
}

/** Whether a node of the load balancer also sends to targets in other zones. */
export enum CrossZone {
  ON = 'true',
  /** Only to targets in its own zone: every zone then needs gateway pods. It excludes stickiness. */
  OFF = 'false',
  /** As the load balancer does, which for an Application Load Balancer is on. */
  LOAD_BALANCER = 'use_load_balancer_configuration',
}

const COOKIE = text(
  'the name of a cookie that does not start with AWSALB, which AWS keeps for itself',
  /^(?!AWSALB)[A-Za-z0-9!#$%&'*+.^_`|~-]+$/,
);
const WEEK = 604_800;

/**
 * Whether a client comes back to the same target. The target is a pod of the gateway, not of the application behind it: for that,
 * use a consistent hash in a DestinationRule.
 */
export class Stickiness {
  /**
   * By a cookie that the load balancer makes.
   *
   * @param duration how long it holds, 1 to 604,800 s; a day by default
   */
  public static loadBalancerCookie(duration?: Duration): Stickiness {
    return new Stickiness({ type: 'lb_cookie', ...lasting('lb_cookie', duration) });
  }

  /**
   * By a cookie of the application: the load balancer adds its own, which follows it.
   *
   * @param cookieName name of the application's cookie
   * @param duration how long it holds, 1 to 604,800 s; a day by default
   * @throws InvalidProps for a name that AWS keeps for itself
   */
  public static applicationCookie(cookieName: string, duration?: Duration): Stickiness {
    return new Stickiness({
      type: 'app_cookie',
      'app_cookie.cookie_name': within('cookieName', () => COOKIE.encode(cookieName)),
      ...lasting('app_cookie', duration),
    });
  }

  /** Not at all, written out: stickiness that was on stays on in AWS when the annotation just goes away. */
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

function lasting(type: string, duration = Duration.days(1)): { [name: string]: string } {
  return { [`${type}.duration_seconds`]: String(wholeSeconds('duration', duration, 1, WEEK)) };
}

/** How many targets of a zone have to be healthy. */
export class MinimumHealthyTargets {
  /** At least this many, 1 or more. */
  public static count(count: number): MinimumHealthyTargets {
    return new MinimumHealthyTargets(requireCount(count), undefined);
  }

  /** At least this share of the targets, 1 to 100. */
  public static percentage(percentage: number): MinimumHealthyTargets {
    return new MinimumHealthyTargets(undefined, requirePercentage(percentage));
  }

  /** At least this many and this share: the action is taken when either is missed. */
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
 * Attributes of target groups (ELBv2 API 2015-12-01). Only what is written is changed: an attribute that is left out later keeps its
 * value in AWS. The deregistration delay is a prop of the load balancer, because the gateway has to outlive it.
 */
export interface TargetGroupAttributes {
  /**
   * How long a new target gets a growing share of the requests, 30 to 900 s, or 0 for not at all. Round robin only.
   *
   * @default - 0 s, the default of AWS
   */
  readonly slowStart?: Duration;

  /**
   * Whether a client comes back to the same gateway pod.
   *
   * @default - left as it is; off on a new target group
   */
  readonly stickiness?: Stickiness;

  /**
   * How a target is chosen.
   *
   * @default - LoadBalancingAlgorithm.ROUND_ROBIN, the default of AWS
   */
  readonly algorithm?: LoadBalancingAlgorithm;

  /**
   * Whether targets that answer worse than the others get less. It needs `LoadBalancingAlgorithm.WEIGHTED_RANDOM`.
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
   * Below how many healthy targets a zone is taken out of DNS; not below `unhealthyStateRouting`. Leave it alone where a Network Load
   * Balancer or Global Accelerator stands in front.
   *
   * @default - a count of 1, the default of AWS
   */
  readonly dnsFailover?: MinimumHealthyTargets;

  /**
   * Below how many healthy targets a zone sends to all of them, healthy or not. It cannot be off; a percentage alone keeps a count of 1.
   *
   * @default - a count of 1, the default of AWS
   */
  readonly unhealthyStateRouting?: MinimumHealthyTargets;

  /**
   * Attributes that no prop covers yet, by key.
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
  write: value => ({ [SLOW_START]: DURATION(value).toMilliseconds({ integral: false }) === 0 ? '0' : String(wholeSeconds('', value, 30, 900)) }),
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
 * @throws InvalidProps for a value out of bounds, or two that AWS refuses together, named below `prop`
 */
export function renderTargetGroupAttributes(attributes: TargetGroupAttributes = {}, prop = 'targetGroupAttributes'): WrittenAttributes {
  const written = renderAttributes(prop, { ...attributes, unhealthyStateRouting: withCount(prop, attributes.unhealthyStateRouting) }, ROWS, {
    'deregistration_delay.timeout_seconds': 'deregistrationDelay',
  });
  const { algorithm = LoadBalancingAlgorithm.ROUND_ROBIN, crossZone } = attributes;
  const refuse = (name: string, found: unknown, allowed: string) => {
    throw InvalidProps.value(`${prop}.${name}`, found, `must be ${allowed}`);
  };
  if (algorithm !== LoadBalancingAlgorithm.ROUND_ROBIN && (written[SLOW_START] ?? '0') !== '0') {
    refuse('slowStart', `${written[SLOW_START]} s`, `nothing with ${algorithm}: slow start needs ${LoadBalancingAlgorithm.ROUND_ROBIN}`);
  }
  if (algorithm !== LoadBalancingAlgorithm.WEIGHTED_RANDOM && attributes.anomalyMitigation) {
    refuse('anomalyMitigation', true, `false with ${algorithm}: anomaly mitigation needs ${LoadBalancingAlgorithm.WEIGHTED_RANDOM}`);
  }
  if (crossZone === CrossZone.OFF && attributes.stickiness?._on) {
    refuse('stickiness', written['stickiness.type'], 'no stickiness where a node sends to its own zone alone');
  }
  requireOrder(prop, attributes);
  return written;
}

/** AWS has no "off" for the count of this one. */
function withCount(prop: string, minimumHealthy: MinimumHealthyTargets | undefined): MinimumHealthyTargets | undefined {
  if (minimumHealthy === undefined || within(`${prop}.unhealthyStateRouting`, () => MINIMUM_HEALTHY(minimumHealthy))._count !== undefined) {
    return minimumHealthy;
  }
  if (minimumHealthy._percentage === undefined) {
    throw InvalidProps.value(`${prop}.unhealthyStateRouting`, 'off', 'must be a count, a percentage, or both: this action cannot be switched off');
  }
  return MinimumHealthyTargets.countAndPercentage(1, minimumHealthy._percentage);
}

/** DNS failover comes with or before the other action (Elastic Load Balancing user guide, target group health). */
function requireOrder(prop: string, { dnsFailover: dns, unhealthyStateRouting: routing }: TargetGroupAttributes): void {
  for (const [name, before, after] of [['count', dns?._count, routing?._count], ['percentage', dns?._percentage, routing?._percentage]] as const) {
    if (before !== undefined && after !== undefined && before < after) {
      throw InvalidProps.value(`${prop}.dnsFailover`, before, `must be a ${name} of at least ${after}, that of unhealthyStateRouting`);
    }
  }
}
