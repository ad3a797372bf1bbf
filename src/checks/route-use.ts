// Which proxies may have a route at all: a fault in a route that istiod never builds harms nobody.
import { isExportedTo } from '../base/istio/export-to';
import { HostIndex } from '../base/host-index';
import { MESH } from '../base/istio/names';
import { once } from '../base/once';
import type { Protocol, Route, VirtualService } from '../manifests/virtual-service';
import { type Server, isHttpServer, splitServerHost } from '../mesh/objects/gateways';
import { gatewayNamespaces } from './routes/gateway-pods';
import type { Subject } from './subject';

/** The Gateways with one name. */
interface Named {
  /** Their servers, by host. */
  readonly servers: HostIndex<{ readonly namespace: string; readonly server: Server }>;
  /** The namespaces of the pods of each; empty if the input has none of them. */
  readonly pods: readonly (readonly string[])[];
}

const KNOWN = new WeakMap<Subject, RouteUse>();

/** The use of routes. Only routes with a fault are looked up, so that a mesh without faults costs nothing. */
export class RouteUse {
  private readonly named = new Map<string, Named>();

  /** The use of the routes of a subject. Checks share what was looked up. */
  public static of(subject: Subject): RouteUse {
    return once(KNOWN, subject, () => new RouteUse(subject));
  }

  private constructor(private readonly subject: Subject) {}

  /** Whether any proxy may have the route. The gateways of a delegate are those of its parent, which are not looked up. */
  public mayBeBuilt(virtualService: VirtualService, route: Route): boolean {
    return !route.isNeverBuilt && (route.gateways.length === 0 || route.gateways.some(gateway => this.mayBeBuiltAt(gateway, virtualService, route)));
  }

  /** Whether a gateway may have a route of it. Without routes for gateways there is nothing to use. */
  public mayBeUsedByGateway(virtualService: VirtualService): boolean {
    const routes = virtualService.routes.filter(({ gateways }) => gateways.some(name => name !== MESH));
    return routes.length === 0 || routes.some(route => route.gateways.some(name => name !== MESH && this.mayBeBuiltAt(name, virtualService, route)));
  }

  /**
   * Whether the proxies of a gateway, or the sidecars for `mesh`, may have the route. A Gateway of the input has it if one of its servers has a host
   * of the VirtualService, the right protocol and the port that the route specifies, and if its pods see the VirtualService (Istio 1.30
   * pilot/pkg/networking/core/gateway.go).
   */
  public mayBeBuiltAt(gateway: string, virtualService: VirtualService, route: Route): boolean {
    const { servers, pods } = once(this.named, gateway, () => this.namedBy(gateway));
    if (pods.length === 0) {
      return true;
    }
    const { hosts, namespace, exportTo } = virtualService;
    const isVisible = pods.some(namespaces => namespaces.length === 0 || namespaces.some(own => isExportedTo(own, exportTo, namespace)));
    return isVisible && hosts.some(host => servers.overlapping(host).some(([, { server, namespace: own }]) => (
      (own === '*' || own === namespace) && serves(server, route.protocol) && (route.ports?.includes(server.port) ?? true))));
  }

  private namedBy(name: string): Named {
    const gateways = name === MESH ? [] : this.subject.gateways.named(name);
    const servers: Named['servers'] = new HostIndex();
    for (const server of gateways.flatMap(own => own.servers)) {
      for (const [namespace, host] of server.hosts.map(splitServerHost)) {
        servers.add(host, { namespace, server });
      }
    }
    return { servers, pods: gateways.map(({ selector }) => gatewayNamespaces(this.subject.services, selector)) };
  }
}

/**
 * A server without `tls` that needs it, and one without a known protocol, are refused by the webhook, so what they are meant to serve is unknown. One with
 * `httpsRedirect` has routes, for requests with `x-forwarded-proto: https`.
 */
function serves(server: Server, protocol: Protocol): boolean {
  const isUnknown = server.protocol === 'auto' || (server.protocol === 'https' && server.tls === undefined);
  return isUnknown || isHttpServer(server) === (protocol === 'http');
}
