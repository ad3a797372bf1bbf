// Resolves a route destination to a Service or ServiceEntry and port, as far as the input allows.
import { MESH } from '../base/istio/names';
import { Destination, Route } from '../manifests/virtual-service';
import type { Absence } from '../mesh/objects/absent-hosts';
import { Service, ServicePort } from '../mesh/objects/services';
import type { Spot } from './finding';
import { hostFault } from './host-fault';
import { showPorts } from './ports';
import { RouteUse } from './route-use';
import { Subject } from './subject';

/** The result of resolving a destination; `unknown` if the input does not determine it. */
export type Resolution =
  | { readonly is: 'found' }
  | Absence
  /** `meant` is the port behind whose `targetPort` the number is. */
  | { readonly is: 'no-port'; readonly ports: string; readonly meant?: number }
  /** No port is set, the Service has several, and none of them is a port of the gateways that use the route. */
  | { readonly is: 'no-default-port'; readonly ports: string; readonly gatewayPorts: readonly number[] };

/** The ports of a host, and which of them are behind a `targetPort`. */
interface KnownPorts {
  readonly ports: ReadonlySet<number>;
  readonly targets: ReadonlyMap<number | string, number>;
  readonly shown: string;
}

/** The ports of a host, unless they are unknown or the input lacks the host. */
type Host = KnownPorts | 'unknown' | 'absent';

const UNKNOWN: Resolution = { is: 'unknown' };
const FOUND: Resolution = { is: 'found' };

/** Resolves destinations. Routes share hosts, so each host is looked up once. */
export class DestinationResolver {
  private readonly hosts = new Map<string, Host>();

  public constructor(private readonly subject: Subject) {}

  /** Resolves one destination of a route. */
  public resolve(route: Route, destination: Destination): Resolution {
    const known = this.hosts.get(destination.completeHost);
    const host = known ?? this.lookUp(destination.completeHost);
    if (known === undefined) {
      this.hosts.set(destination.completeHost, host);
    }
    if (host === 'unknown') {
      return UNKNOWN;
    }
    if (host === 'absent') {
      const isShortAtGateway = !destination.host.includes('.') && route.gateways.some(gateway => gateway !== MESH);
      return this.subject.absentHosts.of(destination.completeHost, isShortAtGateway);
    }
    if (destination.port !== undefined) {
      return host.ports.has(destination.port) ? FOUND : { is: 'no-port', ports: host.shown, meant: host.targets.get(destination.port) };
    }
    return host.ports.size === 1 ? FOUND : withoutPort(this.subject, route, host.ports, host.shown);
  }

  private lookUp(host: string): Host {
    const services = this.subject.services.at(host);
    if (services.length === 0) {
      return 'absent';
    }
    const ports = knownPorts(services);
    return ports === undefined ? 'unknown'
      : { ports: new Set(ports.map(own => own.port)), targets: new Map(ports.map(own => [own.target, own.port])), shown: showPorts(ports) };
  }
}

/**
 * The ports of all that have the host, unless those of one are unknown: an ExternalName Service need not list them. A ServiceEntry for the
 * host of a Service is merged or hidden, depending on age and labels, so all ports count.
 */
function knownPorts(services: readonly Service[]): readonly Pick<ServicePort, 'port' | 'name' | 'target'>[] | undefined {
  return services.some(({ resolution, ports }) => resolution === 'alias' || ports.length === 0) ? undefined
    : services.flatMap(({ registry, ports }) => ports.map(({ port, target, name }) => ({ port, target, name: registry === 'external' ? '' : name })));
}

/**
 * If a destination has no port, Istio uses the only port of the Service, or else the port on which the client received the request: for a
 * gateway, that of its server (Istio 1.30 pilot/pkg/networking/core/route/route.go). The port of a sidecar is not known.
 */
function withoutPort(subject: Subject, route: Route, ports: ReadonlySet<number>, shown: string): Resolution {
  const servers = route.gateways.flatMap(name => subject.gateways.named(name)).flatMap(gateway => gateway.servers);
  // A server that only redirects to HTTPS has no routes.
  const gatewayPorts = [...new Set(servers.filter(({ tls }) => !tls?.httpsRedirect).map(({ port }) => port))].sort((a, b) => a - b);
  return gatewayPorts.length === 0 || gatewayPorts.some(own => ports.has(own)) ? UNKNOWN : { is: 'no-default-port', ports: shown, gatewayPorts };
}

/** What is wrong with a destination, at its place; nothing where the input does not tell. */
export function faultOf(resolution: Resolution, { pointer, host: written, completeHost: host, port }: Destination): Omit<Spot, 'manifest'> | undefined {
  switch (resolution.is) {
    case 'found':
      return undefined;
    case 'no-port': {
      const message = `${host} has no port ${port}; its ports: ${resolution.ports}`;
      const others = `Use a port of the Service (${resolution.ports}), or add ${port} to its ports.`;
      return { pointer: `${pointer}/port`, ...resolution.meant === undefined ? { message, fix: others }
        : { message: `${message}; ${port} is the targetPort of ${resolution.meant}`, fix: `Use port ${resolution.meant}.` } };
    }
    case 'no-default-port':
      return {
        pointer, fix: 'Set port.number of the destination to a port of the Service.',
        message: `${host} has several ports (${resolution.ports}), and the destination does not set one, so Istio uses the port of the Gateway's server: `
          + resolution.gatewayPorts.join(', '),
      };
    default: {
      const fault = hostFault(resolution, written, host);
      return fault && { ...fault, pointer: `${pointer}/host` };
    }
  }
}

/** The faults of the destinations that get requests or copies of them, in routes that a proxy may have. @param isWanted which of them */
export function* destinationFaults(subject: Subject, isWanted: (destination: Destination) => boolean): Iterable<Spot> {
  const resolver = new DestinationResolver(subject);
  const use = RouteUse.of(subject);
  for (const virtualService of subject.virtualServices) {
    for (const route of virtualService.routes) {
      for (const destination of route.destinations) {
        const fault = destination.idle || !isWanted(destination) ? undefined : faultOf(resolver.resolve(route, destination), destination);
        if (fault && use.mayBeBuilt(virtualService, route)) {
          yield { manifest: virtualService.manifest, ...fault };
        }
      }
    }
  }
}
