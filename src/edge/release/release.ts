// What canary and blue-green releases share: their options, where their routes go, and that a workload has one release per host.
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt, renaming } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';
import type { IGateway } from '../gateway/reference';
import type { HeaderMatch } from '../match/match';
import { prepareMeshRoute } from '../routing/mesh-route';
import { prepareGatewayRoute } from '../routing/route';
import { addNamedRoute, rejectable } from '../routing/route-id';
import type { RouteOptions, RouteSettings } from '../routing/route-options';
import { type IWorkload, requireVersion, type Subset } from '../workload/workload';

/** Options that all releases have. The settings apply to all their routes. */
export interface ReleaseOptions extends RouteSettings {
  /** The workload whose versions receive the requests. */
  readonly workload: IWorkload;

  /**
   * Hosts of the requests. Not allowed inside the mesh, where callers address the workload by its name.
   *
   * @default - all hosts, at an edge; required at any other gateway
   */
  readonly hosts?: string[];
}

/** Where the routes of a release are. */
export interface ReleaseProps {
  /**
   * The Gateway that the routes attach to.
   *
   * @default - none; the release is for requests between services of the mesh
   */
  readonly gateway?: IGateway;

  /**
   * Namespace of the VirtualService at the gateway. Inside the mesh it is the namespace of the workload.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService at the gateway that is created for those of the hosts that have none yet.
   *
   * @default - derived from the hosts
   */
  readonly virtualServiceName?: string;
}

/** A release with props of the right types, without the props of its kind. */
interface Release extends ReleaseProps, Pick<ReleaseOptions, 'workload' | 'hosts'> {}

/** A route of a release. */
export interface ReleaseRoute {
  readonly id: string;
  readonly options: RouteOptions;
}

/** Paths of the releases, by workload and by gateway host or the mesh. */
const RELEASES = oncePerApp<string>();

/**
 * Adds the routes of a release to the scope of its construct.
 *
 * @param routesOf returns the routes in order; called after the workload has been checked
 * @throws InvalidProps for a second release of the workload for a host at the gateway, or in the mesh
 */
export function addReleaseRoutes(construct: Construct, release: Release, routesOf: () => ReleaseRoute[]): void {
  const { path, id } = construct.node;
  const scope = construct.node.scope as Construct;
  rejectable(construct, () => {
    const { workload, gateway, hosts = [], namespace, virtualServiceName } = release;
    asOnlyRelease(construct, path, workload, placesOf(release), () => {
      // All are checked before the first is added.
      const routes = routesOf().map(({ id: own, options }) => ({
        own,
        add: gateway
          ? prepareGatewayRoute(scope, own, options, { gateway, hosts, namespace, virtualServiceName })
          : prepareMeshRoute(scope, own, { ...options, workload }),
      }));
      for (const { own, add } of routes) {
        if (own === id) {
          add();
        } else {
          addNamedRoute(scope, own, () => void refusedAt(path, add));
        }
      }
    });
  });
}

/**
 * Adds a release, and registers it as the only one of the workload in these places.
 *
 * @param construct a construct of the app
 * @param path where the release is declared
 * @throws InvalidProps for a second release, and what `add` throws
 */
export function asOnlyRelease(construct: Construct, path: string, { host }: IWorkload, places: readonly string[], add: () => void): void {
  const releases = RELEASES(construct);
  const other = places.map(place => releases.get(place)).find(known => known !== undefined);
  if (other !== undefined) {
    throw InvalidProps.duplicate('workload', host, `the workload of release ${other} in the same place`);
  }
  add();
  places.forEach(place => releases.set(place, path));
}

/** The workload at each host of the gateway, or in the mesh. Throws for gateway props in the mesh. */
function placesOf({ workload: { host }, gateway, ...atGateway }: Release): string[] {
  if (gateway !== undefined) {
    const { gatewayNamespace, gatewayName } = gateway;
    return (atGateway.hosts ?? []).map(own => `${gatewayNamespace}/${gatewayName} ${own} ${host}`);
  }
  for (const prop of ['hosts', 'namespace', 'virtualServiceName'] as const) {
    if (atGateway[prop] !== undefined) {
      throw InvalidProps.conflict(prop, atGateway[prop], 'cannot be set without a gateway: inside the mesh, callers address the workload by its name');
    }
  }
  return [` ${host}`];
}

/** Returns a version of a workload. Throws for a missing one, and one that the workload does not have, with the name of the prop. */
export function versionOf(prop: string, workload: IWorkload, version: string): Subset {
  return renaming(() => prop, () => workload.subset(requireVersion(prop, version, workload)));
}

/** The settings for requests that also have a header. */
export function withHeader(settings: RouteSettings, header: HeaderMatch): RouteSettings {
  const { headers = [] } = settings;
  return { ...settings, headers: [...headers, header] };
}
