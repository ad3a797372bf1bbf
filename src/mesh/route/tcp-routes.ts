// TCP and TLS routes of VirtualServices on a gateway (Istio 1.30, pilot/pkg/networking/core/gateway.go:814-1143).
import { PlainObject, asInteger, asList, asObject, asTexts } from '../../manifests/plain-json';
import { Place } from '../config';
import { Server, splitServerHost } from '../gateways';
import { WeightedDestination, readWeightedDestinations } from './http-routes';
import { completeGateway } from '../names';
import { MeshSettings } from '../settings';
import { BoundVirtualServices, VirtualService } from '../virtual-services';

/** Where connections of a chain go. */
export interface TcpRoute extends Place {
  readonly destinations: readonly WeightedDestination[];
}

/** The `tcp` route of a server: the first of the first VirtualService that has one. */
export function tcpRouteOf(server: Server, bound: BoundVirtualServices, settings: MeshSettings): TcpRoute | undefined {
  for (const one of overlapping(server, bound)) {
    const index = asList(one.config.spec.tcp).map(asObject).findIndex(route => fitting(route, server, one).length > 0);
    if (index !== -1) {
      return readTcpRoute(one, `/spec/tcp/${index}`, asObject(asList(one.config.spec.tcp)[index]), settings);
    }
  }
  return undefined;
}

/** The `tls` routes of a passthrough server with their server names. A name that an earlier match has claimed is left out with its match. */
export function tlsRoutesOf(server: Server, bound: BoundVirtualServices, claimed: Set<string>, settings: MeshSettings): [TcpRoute, readonly string[]][] {
  return overlapping(server, bound).flatMap(one => asList(one.config.spec.tls).map(asObject).flatMap((route, index) =>
    fitting(route, server, one).flatMap(({ sniHosts }): [TcpRoute, readonly string[]][] => {
      const names = asTexts(sniHosts);
      if (names.some(name => claimed.has(name))) {
        return [];
      }
      names.forEach(name => claimed.add(name));
      return [[readTcpRoute(one, `/spec/tls/${index}`, route, settings), names]];
    })));
}

function readTcpRoute(one: VirtualService, pointer: string, route: PlainObject, settings: MeshSettings): TcpRoute {
  return { manifest: one.config.manifest, pointer, destinations: readWeightedDestinations(one.config, route, pointer, settings) };
}

/** The matches that hold for the server; one that is always met where a `tcp` route has none. Sources are not compared on a gateway. */
function fitting(route: PlainObject, server: Server, one: VirtualService): PlainObject[] {
  const matches = asList(route.match).map(asObject);
  return (matches.length === 0 ? [{}] : matches).filter(match => {
    const [port, gateways] = [asInteger(match.port), asTexts(match.gateways)];
    return (port === undefined || port === 0 || port === server.port)
      && (gateways.length === 0 || gateways.some(name => completeGateway(name, one.config.namespace) === server.gateway));
  });
}

/** The VirtualServices whose hosts overlap with the server's, in order. */
function overlapping(server: Server, bound: BoundVirtualServices): VirtualService[] {
  const found = new Map<number, VirtualService>();
  for (const [namespace, host] of server.hosts.map(splitServerHost)) {
    for (const [, [one, rank]] of bound.byHost.overlapping(host)) {
      if (namespace === '*' || namespace === one.config.namespace) {
        found.set(rank, one);
      }
    }
  }
  return [...found].sort(([a], [b]) => a - b).map(([, one]) => one);
}
