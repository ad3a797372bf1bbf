// A blue-green release: one of two versions of a workload receives all requests, the other one only previews.
import { Construct } from 'constructs';
import { InvalidProps, renaming } from '../../base/errors';
import { CHECKED_LATER, propsOf, requireProps } from '../../base/prop-types';
import { HeaderMatch } from '../match/match';
import { addReleaseRoutes, type ReleaseOptions, type ReleaseProps, type ReleaseRoute, versionOf, withHeader } from './release';
import { rejectable, requireRouteId } from '../routing/route-id';
import { RouteTarget } from '../routing/route-target';
import type { IWorkload } from '../workload/workload';

/** Options of a blue-green release. */
export interface BlueGreenOptions extends ReleaseOptions {
  /** One version. */
  readonly blue: string;

  /** The other version. */
  readonly green: string;

  /** The version that receives the requests: the value of `blue` or of `green`. */
  readonly active: string;

  /**
   * Name of a header, in lower case. Requests with this header go to the version that is not active.
   *
   * @default - none; the inactive version receives no requests
   */
  readonly previewHeader?: string;
}

/** Props of a `BlueGreen`: with a gateway and hosts, or without either inside the mesh. */
export interface BlueGreenProps extends BlueGreenOptions, ReleaseProps {}

/** The versions, which have better messages of their own. */
const VERSIONS = { blue: CHECKED_LATER, green: CHECKED_LATER, active: CHECKED_LATER };
const PROPS = propsOf<BlueGreenProps>('BlueGreenProps', VERSIONS);

/** The options of a blue-green release. */
export const BLUE_GREEN_OPTIONS = propsOf<BlueGreenOptions>('BlueGreenOptions', VERSIONS);

/**
 * A blue-green release of a workload, at a gateway or between services of the mesh.
 *
 * To switch over, and to roll back, change `active`: one line of the output changes, or two with a preview header.
 */
export class BlueGreen extends Construct {
  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @param scope the chart, or a construct in it, that gets the routes
   * @param id also the name of the route to the active version; the preview route is named `<id>-preview`
   * @throws InvalidProps for a version that the workload does not have, an active version that is neither blue nor green, and a second
   * release of the workload for one of the hosts at the gateway, or in the mesh
   */
  public constructor(scope: Construct, id: string, props: BlueGreenProps) {
    super(scope, requireRouteId(scope, id));
    const { gateway, namespace, virtualServiceName, ...options } = rejectable(this, () => requireProps(PROPS, props));
    const { workload, hosts } = options;
    this.workload = workload;
    addReleaseRoutes(this, { workload, gateway, hosts, namespace, virtualServiceName }, () => blueGreenRoutes(id, options));
  }
}

/** The routes of a release, in order. @param options options of the right types @throws InvalidProps as the constructor of a `BlueGreen` does */
export function blueGreenRoutes(id: string, { workload, blue, green, active, previewHeader, hosts: _, ...settings }: BlueGreenOptions): ReleaseRoute[] {
  const versions = [versionOf('blue', workload, blue), versionOf('green', workload, green)];
  if (blue === green) {
    throw InvalidProps.value('green', green, `must differ from blue, which is ${blue}`);
  }
  if (active === undefined) {
    throw InvalidProps.missing('active', `and must be ${blue} or ${green}`);
  }
  if (active !== blue && active !== green) {
    throw InvalidProps.value('active', active, `must be ${blue} or ${green}`);
  }
  const [live, idle] = active === blue ? versions : [...versions].reverse();
  const all = { id, options: { ...settings, target: RouteTarget.subset(live) } };
  const preview = previewHeader !== undefined && {
    id: `${id}-preview`, options: { ...withHeader(settings, headerOf(previewHeader)), target: RouteTarget.subset(idle) },
  };
  return preview ? [preview, all] : [all];
}

function headerOf(previewHeader: string): HeaderMatch {
  return renaming(() => 'previewHeader', () => HeaderMatch.present(previewHeader));
}
