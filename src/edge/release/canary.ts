// A canary release: a new version of a workload receives a share of the requests, and all requests with a certain header.
import { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { CHECKED_LATER, propsOf, requireProps } from '../../base/prop-types';
import type { HeaderMatch } from '../match/match';
import { addReleaseRoutes, type ReleaseOptions, type ReleaseProps, versionOf, withHeader } from './release';
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
   * Share of the requests that go to the canary, in whole percent: 0 to 100.
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

const PROPS = propsOf<CanaryProps>('CanaryProps', { stable: CHECKED_LATER, canary: CHECKED_LATER });

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
    const { workload, stable, canary, header, weights, percent, gateway, hosts, namespace, virtualServiceName, ...settings } =
      rejectable(this, () => requireProps(PROPS, props));
    this.workload = workload;
    addReleaseRoutes(this, { workload, gateway, hosts, namespace, virtualServiceName }, () => {
      const [kept, tried] = [versionOf('stable', workload, stable), versionOf('canary', workload, canary)];
      if (stable === canary) {
        throw InvalidProps.value('canary', canary, `must differ from stable, which is ${stable}`);
      }
      const split = { id, options: { ...settings, target: shares(kept, tried, percent, weights) } };
      const byHeader = header !== undefined && {
        id: `${id}-header`, options: { ...withHeader(settings, header), target: RouteTarget.subset(tried) },
      };
      return byHeader ? [byHeader, split] : [split];
    });
  }
}

function shares(stable: Subset, canary: Subset, percent: number | undefined, owner: WeightOwner = WeightOwner.HERE): RouteTarget {
  if (owner === WeightOwner.HERE) {
    if (percent === undefined) {
      throw InvalidProps.missing('percent', 'unless the weights are managed elsewhere');
    }
    const weight = requireInteger('percent', percent, 0, 100);
    return RouteTarget.split([{ subset: stable, weight: 100 - weight }, { subset: canary, weight }]);
  }
  if (percent !== undefined) {
    throw InvalidProps.conflict('percent', percent, 'cannot be set when the weights are managed elsewhere');
  }
  return RouteTarget.splitElsewhere(stable, canary);
}
