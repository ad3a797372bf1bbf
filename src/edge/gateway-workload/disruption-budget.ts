// How many gateway pods may be evicted at once, when a node is drained.
import { k8s } from 'cdk8s-plus-28';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireProps } from '../../base/prop-types';

/** Which pods that are not ready a PodDisruptionBudget protects. */
export enum UnhealthyPodEvictionPolicy {
  /** They may only be evicted while the budget is met. A gateway that never becomes ready then blocks the drain of its node. */
  IF_HEALTHY_BUDGET = 'IfHealthyBudget',
  /** They may always be evicted. */
  ALWAYS_ALLOW = 'AlwaysAllow',
}

/** Options for a `GatewayDisruptionBudget`. */
export interface GatewayDisruptionBudgetOptions {
  /**
   * Whether pods that are not ready may be evicted while the budget is not met.
   *
   * @default - the default of Kubernetes, `IfHealthyBudget`
   */
  readonly unhealthyPodEvictionPolicy?: UnhealthyPodEvictionPolicy;
}

/**
 * How many gateway pods may be evicted at once. A budget that never allows an eviction is rejected, because it blocks the drain of a node
 * indefinitely.
 */
export class GatewayDisruptionBudget {
  /** At most this many pods may be unavailable. @throws InvalidProps for a number below 1 */
  public static maxUnavailable(pods: number, options: GatewayDisruptionBudgetOptions = {}): GatewayDisruptionBudget {
    return new GatewayDisruptionBudget({ maxUnavailable: requireInteger('pods', pods, 1, 1000) }, options);
  }

  /** At most this part of the pods may be unavailable, rounded up. @throws InvalidProps for a number other than 1 to 100 */
  public static maxUnavailablePercent(percent: number, options: GatewayDisruptionBudgetOptions = {}): GatewayDisruptionBudget {
    return new GatewayDisruptionBudget({ maxUnavailable: `${requireInteger('percent', percent, 1, 100)}%` }, options);
  }

  /** This many pods stay available. @throws InvalidProps for a number below 1 */
  public static minAvailable(pods: number, options: GatewayDisruptionBudgetOptions = {}): GatewayDisruptionBudget {
    return new GatewayDisruptionBudget({ minAvailable: requireInteger('pods', pods, 1, 1000) }, options);
  }

  /** This part of the pods stays available, rounded up. @throws InvalidProps for a number other than 1 to 99 */
  public static minAvailablePercent(percent: number, options: GatewayDisruptionBudgetOptions = {}): GatewayDisruptionBudget {
    return new GatewayDisruptionBudget({ minAvailable: `${requireInteger('percent', percent, 1, 99)}%` }, options);
  }

  /** No PodDisruptionBudget: draining several nodes at once may evict every pod. */
  public static none(): GatewayDisruptionBudget {
    return new GatewayDisruptionBudget(undefined, {});
  }

  private readonly policy: UnhealthyPodEvictionPolicy | undefined;

  private constructor(
    private readonly bound: { readonly maxUnavailable?: number | string; readonly minAvailable?: number | string } | undefined,
    options: GatewayDisruptionBudgetOptions,
  ) {
    this.policy = requireProps('GatewayDisruptionBudgetOptions', options, '', 'options').unhealthyPodEvictionPolicy;
  }

  /**
   * The spec without its selector, or undefined without a budget.
   *
   * @param pods how many pods there are at least; undefined if another controller decides
   * @throws InvalidProps if none of these pods could be evicted
   * @internal
   */
  public _spec(pods: number | undefined): k8s.PodDisruptionBudgetSpec | undefined {
    if (this.bound === undefined) {
      return undefined;
    }
    const { maxUnavailable, minAvailable } = this.bound;
    const kept = typeof minAvailable === 'string' ? Math.ceil(parseInt(minAvailable, 10) / 100 * (pods ?? 0)) : minAvailable;
    if (kept !== undefined && pods !== undefined && kept >= pods) {
      throw InvalidProps.value('disruptionBudget', `minAvailable: ${minAvailable}`,
        `must leave a pod that may be evicted: with ${pods} pods there is none, and no node that runs one can be drained`);
    }
    return { maxUnavailable: intOrString(maxUnavailable), minAvailable: intOrString(minAvailable), unhealthyPodEvictionPolicy: this.policy };
  }
}

function intOrString(value: number | string | undefined): k8s.IntOrString | undefined {
  return typeof value === 'string' ? k8s.IntOrString.fromString(value) : value === undefined ? undefined : k8s.IntOrString.fromNumber(value);
}
