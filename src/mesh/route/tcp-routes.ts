// TCP and TLS routes of VirtualServices, on a gateway (Istio 1.30, pilot/pkg/networking/core/gateway.go:814-1143) and on a sidecar (tls.go).
import { PlainObject, asInteger, asList, asObject, asTexts } from '../../manifests/plain-json';
import { Labels, Place, readLabels, selects } from '../objects/config';
import { ClaimedHosts, Server } from '../objects/gateways';
import { meetings } from './gateway-routes';
import { WeightedDestination, readWeightedDestinations } from './http-routes';
import { MESH, completeGateway } from '../../base/istio/names';
import { MeshSettings } from '../objects/settings';
import { BoundVirtualServices, VirtualService } from '../virtual-services';

/** Where connections of a chain go. */
export interface TcpRoute extends Place {
  readonly destinations: readonly WeightedDestination[];
}

/** The `tcp` route of a server: the first of the first VirtualService that has one. */
export function tcpRouteOf(server: Server, bound: BoundVirtualServices, settings: MeshSettings): TcpRoute | undefined {
  for (const one of meeting(server, bound)) {
    const index = asList(one.config.spec.tcp).map(asObject).findIndex(route => fitting(route, server, one).length > 0);
    if (index !== -1) {
      return readTcpRoute(one, `/spec/tcp/${index}`, asObject(asList(one.config.spec.tcp)[index]), settings);
    }
  }
  return undefined;
}

/** The `tls` routes of a passthrough server with their server names. A name that an earlier match has claimed is left out with its match. */
export function tlsRoutesOf(
  server: Server, listenerPort: number, bound: BoundVirtualServices, claimed: ClaimedHosts, settings: MeshSettings): [TcpRoute, readonly string[]][] {
  return meeting(server, bound).flatMap(one => asList(one.config.spec.tls).map(asObject).flatMap((route, index) =>
    fitting(route, server, one).flatMap(({ sniHosts }): [TcpRoute, readonly string[]][] => {
      const names = asTexts(sniHosts);
      if (!claimed.claim(names, listenerPort, server.bind)) {
        return [];
      }
      return [[readTcpRoute(one, `/spec/tls/${index}`, route, settings), names]];
    })));
}

/** The client of a sidecar's TCP routes. */
export interface TcpClient {
  readonly labels: Labels;
  readonly namespace: string;
}

/** The first `tcp` route that the VirtualServices have for a port; on a sidecar all conditions count (Istio 1.30, tls.go matchTCP). */
export function sidecarTcpRoute(port: number, client: TcpClient, virtualServices: readonly VirtualService[], settings: MeshSettings): TcpRoute | undefined {
  for (const one of virtualServices) {
    const routes = asList(one.config.spec.tcp).map(asObject);
    const index = routes.findIndex(({ match }) => asList(match).length === 0 || asList(match).map(asObject).some(own => fitsClient(own, port, client)));
    if (index !== -1) {
      return readTcpRoute(one, `/spec/tcp/${index}`, routes[index], settings);
    }
  }
  return undefined;
}

/** The `tls` routes for a port, by server name; of several for one name the first. With one of them, a name that none has finds no filter chain. */
export function sidecarTlsRoutes(
  port: number, client: TcpClient, virtualServices: readonly VirtualService[], settings: MeshSettings): [name: string, route: TcpRoute][] {
  const found = new Map<string, TcpRoute>();
  for (const one of virtualServices) {
    asList(one.config.spec.tls).map(asObject).forEach((route, index) => {
      const names = asList(route.match).map(asObject).filter(match => fitsClient(match, port, client)).flatMap(({ sniHosts }) => asTexts(sniHosts));
      names.map(name => name.toLowerCase()).forEach(name => found.set(name, found.get(name) ?? readTcpRoute(one, `/spec/tls/${index}`, route, settings)));
    });
  }
  return [...found];
}

function fitsClient(match: PlainObject, port: number, { labels, namespace }: TcpClient): boolean {
  const [wanted, gateways] = [asInteger(match.port), asTexts(match.gateways)];
  return (wanted === undefined || wanted === 0 || wanted === port) && (gateways.length === 0 || gateways.includes(MESH))
    && selects(readLabels(match.sourceLabels), labels) && (!match.sourceNamespace || match.sourceNamespace === namespace);
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
function meeting(server: Server, bound: BoundVirtualServices): VirtualService[] {
  return [...new Set(meetings(server, bound).map(([, one]) => one))];
}
