// What a canary and blue-green share: where their routes go, and that a workload has one release at a time for a host, or in the mesh.
import type { Construct } from 'constructs';
import { InvalidProps, refusedAt, renaming } from '../../base/errors';
import { oncePerApp } from '../../base/once-per-app';
import { listOf, requireProps } from '../../base/prop-types';
import { type IGateway, requireGateway } from '../gateway/reference';
import type { HeaderMatch } from '../match/match';
import { prepareMeshRoute } from '../routing/mesh-route';
import { prepareRoute } from '../routing/route';
import { addRoutes } from '../routing/route-id';
import type { RouteOptions, RouteSettings } from '../routing/route-options';
import { type IWorkload, requireWorkload, type Subset } from '../workload/workload';

/** Where the routes of a release are. */
export interface ReleaseProps {
  /**
   * The Gateway that requests come in by.
   *
   * @default - none; the release is about requests between services of the mesh
   */
  readonly gateway?: IGateway;

  /**
   * Hosts of the requests at the gateway.
   *
   * @default - none, and needed where there is a gateway
   */
  readonly hosts?: string[];

  /**
   * Namespace of the VirtualService at the gateway. Inside the mesh it is that of the workload.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService at the gateway that is made for those of the hosts that have none yet.
   *
   * @default - made from the hosts
   */
  readonly virtualServiceName?: string;
}

/** A release, without what is its own. */
interface Release extends ReleaseProps {
  readonly workload: IWorkload;
}

/** A route of a release. */
interface ReleaseRoute {
  readonly id: string;
  readonly options: RouteOptions;
}

/** Releases by the gateway and host, or the mesh, and the workload. */
const RELEASED = oncePerApp<string>();

/**
 * Adds the routes of a release, all or none.
 *
 * @param plan makes the routes, in order, after the workload has been found to be one
 * @returns the workload
 * @throws InvalidProps for a second release of the workload for a host at the gateway, or in the mesh; what `plan` refuses gets the path of the release
 */
export function addReleaseRoutes(scope: Construct, id: string, release: Release, plan: () => ReleaseRoute[]): IWorkload {
  const { workload, gateway, hosts = [], namespace, virtualServiceName } = release;
  const path = `${scope.node.path}/${id}`;
  return refusedAt(path, () => {
    const places = placesOf(release);
    const released = RELEASED(scope);
    const other = places.map(place => released.get(place)).find(Boolean);
    if (other !== undefined) {
      throw InvalidProps.value('workload', workload.host, `must be a workload without another release in the same place; ${other} has this one`);
    }
    addRoutes(scope, plan().map(({ id: own, options }) => ({
      id: own,
      prepare: () => (gateway
        ? prepareRoute(scope, own, { ...options, gateway, hosts, namespace, virtualServiceName })
        : prepareMeshRoute(scope, own, { ...options, workload })),
    })));
    places.forEach(place => released.set(place, path));
    return workload;
  });
}

/** The gateway with each host, or the mesh, and the workload. Throws for what is neither, and for what only a gateway has. */
function placesOf({ workload, gateway, ...atGateway }: Release): string[] {
  const { host } = requireWorkload('workload', workload);
  if (gateway !== undefined) {
    const { gatewayNamespace, gatewayName } = requireGateway(gateway);
    // What is no list of hosts, the routes refuse.
    const hosts = Array.isArray(atGateway.hosts) ? atGateway.hosts.filter(own => typeof own === 'string') : [];
    return hosts.map(own => `${gatewayNamespace}/${gatewayName} ${own} ${host}`);
  }
  for (const prop of ['hosts', 'namespace', 'virtualServiceName'] as const) {
    if (atGateway[prop] !== undefined) {
      throw InvalidProps.conflict(prop, atGateway[prop], 'cannot be set without a gateway: inside the mesh, callers ask for the workload by its name');
    }
  }
  return [` ${host}`];
}

/** A version of a workload. Throws for one that it does not have, by the name of the prop. */
export function versionOf(prop: string, workload: IWorkload, version: string): Subset {
  return toldAs(prop, () => workload.subset(version));
}

/** Runs a call; what it refuses is told by the name that the value has here. */
export function toldAs<T>(prop: string, call: () => T): T {
  return renaming(() => prop, call);
}

const ANY_LIST = listOf(value => value);

/** The settings for those of the requests that have a header. */
export function withHeader(settings: RouteSettings, header: HeaderMatch): RouteSettings {
  const { headers = [] } = settings;
  return { ...settings, headers: [...requireProps(ANY_LIST, headers, '', 'headers') as HeaderMatch[], header] };
}
