// Blue and green: two versions of a workload, one of which takes all requests, and the other those that ask for a preview.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { OBJECT, requireProps, STRING } from '../../base/prop-types';
import { HeaderMatch } from '../match/match';
import { addReleaseRoutes, type ReleaseProps, toldAs, versionOf, withHeader } from './release';
import type { RouteSettings } from '../routing/route-options';
import { RouteTarget } from '../routing/route-target';
import type { IWorkload } from '../workload/workload';

/** The choices about blue and green; its settings are those of its routes. */
export interface BlueGreenOptions extends RouteSettings {
  /** The workload whose versions take the requests. */
  readonly workload: IWorkload;

  /** One version. */
  readonly blue: string;

  /** The other version. */
  readonly green: string;

  /** The version that takes the requests: `blue` or `green`, by its name. */
  readonly active: string;

  /**
   * Name of a header, in lower case. Requests that carry it go to the version that is not active.
   *
   * @default - none; nothing reaches that version
   */
  readonly previewHeader?: string;
}

/** Props of a `BlueGreen`: at a gateway with its hosts, or inside the mesh without. */
export interface BlueGreenProps extends BlueGreenOptions, ReleaseProps {}

/**
 * A blue-green release of a workload, at a gateway or between services of the mesh.
 *
 * To switch, and to switch back, change `active`: one line of the output changes, two with a preview header.
 */
export class BlueGreen {
  /** The workload. */
  public readonly workload: IWorkload;

  /**
   * @param scope the chart, or a construct in it, that gets the routes
   * @param id name of the route to the active version; that of the preview has `-preview` behind it
   * @throws InvalidProps for a version that the workload does not have, an active version that is neither blue nor green, and a second
   * release of the workload for one of the hosts at the gateway, or in the mesh
   */
  public constructor(scope: Construct, id: string, props: BlueGreenProps) {
    const { workload, blue, green, active, previewHeader, gateway, hosts, namespace, virtualServiceName, ...settings } =
      requireProps(OBJECT, props, `${scope.node.path}/${id}`) as BlueGreenProps;
    this.workload = addReleaseRoutes(scope, id, { workload, gateway, hosts, namespace, virtualServiceName }, () => {
      const versions = [versionOf('blue', workload, blue), versionOf('green', workload, green)];
      if (blue === green) {
        throw InvalidProps.value('green', green, `must be another version than blue, ${blue}`);
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
    });
  }
}

function headerOf(previewHeader: string): HeaderMatch {
  return toldAs('previewHeader', () => HeaderMatch.present(requireProps(STRING, previewHeader, '', 'previewHeader')));
}
