// A canary: a share of the requests for a new version of a workload, and all that carry a header.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { enumOf, instanceOf, OBJECT, requireProps } from '../../base/prop-types';
import { HeaderMatch } from '../match/match';
import { addReleaseRoutes, type ReleaseProps, versionOf, withHeader } from './release';
import type { RouteSettings } from '../routing/route-options';
import { RouteTarget } from '../routing/route-target';
import type { IWorkload, Subset } from '../workload/workload';

/** Who sets the weights of a canary. */
export enum WeightOwner {
  /** This program: `percent`. */
  HERE = 'here',
  /** A controller in the cluster, such as Argo Rollouts. The output has 100 and 0, and says so in an annotation. */
  ELSEWHERE = 'elsewhere',
}

/** The choices about a canary; its settings are those of its routes. */
export interface CanaryOptions extends RouteSettings {
  /** The workload whose versions take the requests. */
  readonly workload: IWorkload;

  /** The version that most requests go to. */
  readonly stable: string;

  /** The version that is tried out. */
  readonly canary: string;

  /**
   * Share of the requests that go to the canary, in whole percent: 0 to 100.
   *
   * @default - none where the weights are managed elsewhere, and needed where they are not
   */
  readonly percent?: number;

  /**
   * Requests with this header go to the canary, whatever the share.
   *
   * @default - the share alone decides
   */
  readonly header?: HeaderMatch;

  /**
   * Who sets the weights.
   *
   * @default WeightOwner.HERE
   */
  readonly weights?: WeightOwner;
}

/** Props of a `Canary`: at a gateway with its hosts, or inside the mesh without. */
export interface CanaryProps extends CanaryOptions, ReleaseProps {}

const OWNER = enumOf<WeightOwner>('WeightOwner');
const HEADER = instanceOf<HeaderMatch>('HeaderMatch');

/**
 * A canary release of a workload, at a gateway or between services of the mesh.
 *
 * To promote it, raise `percent`; to roll back, set it to 0: two lines of the output change. Both versions always stand in the output, so
 * that a controller finds the weights that it manages.
 */
export class Canary {
  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @param scope the chart, or a construct in it, that gets the routes
   * @param id name of the route with the weights; that of the header's route has `-header` behind it
   * @throws InvalidProps for a version that the workload does not have, one version for both, a percentage outside 0 to 100, and a second
   * release of the workload for one of the hosts at the gateway, or in the mesh
   */
  public constructor(scope: Construct, id: string, props: CanaryProps) {
    const { workload, stable, canary, header, weights, percent, gateway, hosts, namespace, virtualServiceName, ...settings } =
      requireProps(OBJECT, props, `${scope.node.path}/${id}`) as CanaryProps;
    this.workload = addReleaseRoutes(scope, id, { workload, gateway, hosts, namespace, virtualServiceName }, () => {
      const [kept, tried] = [versionOf('stable', workload, stable), versionOf('canary', workload, canary)];
      if (stable === canary) {
        throw InvalidProps.value('canary', canary, `must be another version than the stable one, ${stable}`);
      }
      const split = { id, options: { ...settings, target: shares(kept, tried, percent, weights) } };
      const asked = header !== undefined && {
        id: `${id}-header`, options: { ...withHeader(settings, requireProps(HEADER, header, '', 'header')), target: RouteTarget.subset(tried) },
      };
      return asked ? [asked, split] : [split];
    });
  }
}

function shares(stable: Subset, canary: Subset, percent: number | undefined, owner: WeightOwner = WeightOwner.HERE): RouteTarget {
  if (requireProps(OWNER, owner, '', 'weights') === WeightOwner.HERE) {
    const weight = requireInteger('percent', percent as number, 0, 100);
    return RouteTarget.split([{ subset: stable, weight: 100 - weight }, { subset: canary, weight }]);
  }
  if (percent !== undefined) {
    throw InvalidProps.conflict('percent', percent, 'cannot be set where the weights are managed elsewhere');
  }
  return RouteTarget.splitElsewhere(stable, canary);
}
