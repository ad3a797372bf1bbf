// A canary release: a new version of a workload receives a share of the requests, and all requests with a certain header.
import { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { CHECKED_LATER, propsOf, requireProps } from '../../base/prop-types';
import type { HeaderMatch } from '../match/match';
import { addReleaseRoutes, type ReleaseOptions, type ReleaseProps, type ReleaseRoute, versionOf, withHeader } from './release';
import { rejectable, requireRouteId } from '../routing/route-id';
import { RouteTarget } from '../routing/route-target';
import type { IWorkload, Subset } from '../workload/workload';

/** Who manages the weights of a canary. */
export enum WeightOwner {
  /** This program: `percent`. */
  HERE = 'here',
  /** A controller in the cluster, such as Argo Rollouts. The output has the weights 100 and 0, and an annotation that names the route. */
  ELSEWHERE = 'elsewhere',
}

/** Options of a canary release. */
export interface CanaryOptions extends ReleaseOptions {
  /** The version that most requests go to. */
  readonly stable: string;

  /** The version under test. */
  readonly canary: string;

  /**
   * Share of the requests that go to the canary, in percent: 0 to 100, with up to four decimals, such as 0.5.
   *
   * @default - required, unless the weights are managed elsewhere; then it is not allowed
   */
  readonly percent?: number;

  /**
   * Requests with this header go to the canary, regardless of the share.
   *
   * @default - only the share decides
   */
  readonly header?: HeaderMatch;

  /**
   * Who manages the weights.
   *
   * @default WeightOwner.HERE
   */
  readonly weights?: WeightOwner;
}

/** Props of a `Canary`: with a gateway and hosts, or without either inside the mesh. */
export interface CanaryProps extends CanaryOptions, ReleaseProps {}

/** The versions, which have better messages of their own. */
const VERSIONS = { stable: CHECKED_LATER, canary: CHECKED_LATER };
const PROPS = propsOf<CanaryProps>('CanaryProps', VERSIONS);

/** The options of a canary. */
export const CANARY_OPTIONS = propsOf<CanaryOptions>('CanaryOptions', VERSIONS);

/**
 * A canary release of a workload, at a gateway or between services of the mesh.
 *
 * To promote it, raise `percent`; to roll back, set it to 0: two lines of the output change. The output always contains both versions, so
 * that a controller finds the weights that it manages.
 */
export class Canary extends Construct {
  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @param scope the chart, or a construct in it, that gets the routes
   * @param id also the name of the route with the weights; the route for the header is named `<id>-header`
   * @throws InvalidProps for a version that the workload does not have, the same version for both, a percentage outside 0 to 100, and a
   * second release of the workload for one of the hosts at the gateway, or in the mesh
   */
  public constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, requireRouteId(scope, id));
    const { gateway, namespace, virtualServiceName, ...options } = rejectable(this, () => requireProps(PROPS, props));
    const { workload, hosts } = options;
    this.workload = workload;
    addReleaseRoutes(this, { workload, gateway, hosts, namespace, virtualServiceName }, () => canaryRoutes(id, options));
  }
}

/** The routes of a canary, in order. @param options options of the right types @throws InvalidProps as the constructor of a `Canary` does */
export function canaryRoutes(id: string, { workload, stable, canary, header, weights, percent, hosts: _, ...settings }: CanaryOptions): ReleaseRoute[] {
  const [kept, tried] = [versionOf('stable', workload, stable), versionOf('canary', workload, canary)];
  if (stable === canary) {
    throw InvalidProps.value('canary', canary, `must differ from stable, which is ${stable}`);
  }
  const split = { id, options: { ...settings, target: shares(kept, tried, percent, weights) } };
  const byHeader = header !== undefined && {
    id: `${id}-header`, options: { ...withHeader(settings, header), target: RouteTarget.subset(tried) },
  };
  return byHeader ? [byHeader, split] : [split];
}

function shares(stable: Subset, canary: Subset, percent: number | undefined, owner: WeightOwner = WeightOwner.HERE): RouteTarget {
  if (owner === WeightOwner.HERE) {
    if (percent === undefined) {
      throw InvalidProps.missing('percent', 'unless the weights are managed elsewhere');
    }
    const [weight, total] = weightOf(percent);
    return RouteTarget.split([{ subset: stable, weight: total - weight }, { subset: canary, weight }]);
  }
  if (percent !== undefined) {
    throw InvalidProps.conflict('percent', percent, 'cannot be set when the weights are managed elsewhere');
  }
  return RouteTarget.splitElsewhere(stable, canary);
}

/**
 * The weight of a share, and the sum of the weights: Istio divides whole weights by their sum, so that 0.5 % is 5 of 1000.
 * (Istio 1.30, pilot/pkg/networking/core/route/route.go)
 */
function weightOf(percent: number): [weight: number, total: number] {
  const [, digits, decimals = ''] = /^(\d+)(?:\.(\d{1,4}))?$/.exec(String(percent)) ?? [];
  if (typeof percent !== 'number' || digits === undefined || percent > 100) {
    throw InvalidProps.value('percent', percent, 'must be a number from 0 to 100 with at most four decimals');
  }
  return [Number(digits + decimals), 100 * 10 ** decimals.length];
}
