// Resolves a route destination to a Service or ServiceEntry and port, as far as the input allows.
import { Model } from './model';
import { Service, ServicePort, hostOf, knownPorts, showPorts } from './service';
import { ServiceEntry } from './service-entry';
import { ServiceName, serviceMeantBy, serviceOfHost } from './service-host';
import { Destination, Route } from './virtual-service';

/** The result of resolving a destination; `unknown` if the input does not determine it. */
export type Resolution =
  | { readonly is: 'found' | 'unknown' }
  /** Not the full name of a Service, but a Service is called so without the cluster domain. */
  | { readonly is: 'cut-short'; readonly meant: string }
  /** A name without a namespace, and only another namespace has such a Service. */
  | { readonly is: 'in-other-namespace'; readonly meant: ServiceName }
  | { readonly is: 'no-port'; readonly ports: string }
  /** No port is set, the Service has several, and none of them is a port of the gateways that use the route. */
  | { readonly is: 'no-default-port'; readonly ports: string; readonly gatewayPorts: readonly number[] };

/** The ports of a host, a Service that the input lacks, or the resolution of every destination with the host. */
type Host = { readonly ports: ReadonlySet<number>; readonly shown: string } | { readonly missing: ServiceName } | { readonly resolution: Resolution };

const UNKNOWN: Resolution = { is: 'unknown' };
const FOUND: Resolution = { is: 'found' };

/** Resolves destinations. Routes share hosts, so each host is looked up once. */
export class DestinationResolver {
  private readonly hosts = new Map<string, Host>();

  public constructor(private readonly model: Model) {}

  /** Resolves one destination of a route. */
  public resolve(route: Route, destination: Destination): Resolution {
    const known = this.hosts.get(destination.completeHost);
    const host = known ?? lookUp(this.model, destination.completeHost);
    if (known === undefined) {
      this.hosts.set(destination.completeHost, host);
    }
    if ('resolution' in host) {
      return host.resolution;
    }
    if ('missing' in host) {
      return resolveMissing(this.model, host.missing, route, destination);
    }
    if (destination.port !== undefined) {
      return host.ports.has(destination.port) ? FOUND : { is: 'no-port', ports: host.shown };
    }
    return host.ports.size === 1 ? FOUND : withoutPort(this.model, route, host.ports, host.shown);
  }
}

function lookUp(model: Model, host: string): Host {
  const service = serviceOfHost(host);
  const services = service ? model.services.find(service) : [];
  const entries = model.serviceEntries.find(host);
  if (services.length > 0 || entries.length > 0) {
    const ports = portsOf(services, entries);
    return ports ? { ports: new Set(ports.map(own => own.port)), shown: showPorts(ports) } : { resolution: UNKNOWN };
  }
  if (host === '' || model.serviceEntries.covers(host)) {
    return { resolution: UNKNOWN };
  }
  return service ? { missing: service } : { resolution: resolveCutShort(model, host) };
}

/** A ServiceEntry for the host of a Service is merged or hidden, depending on age and labels, so all ports count. */
function portsOf(services: readonly Service[], entries: readonly ServiceEntry[]): readonly ServicePort[] | undefined {
  const own = knownPorts(services);
  const added = entries.map(entry => entry.ports);
  return own === undefined || added.includes(undefined) ? undefined : [...own, ...added.flatMap(ports => ports!.map(port => ({ port })))];
}

/**
 * If a destination has no port, Istio uses the only port of the Service, or else the port on which the client received the request: for a
 * gateway, that of its server (Istio 1.30 pilot/pkg/networking/core/route/route.go). The port of a sidecar is not known.
 */
function withoutPort(model: Model, route: Route, ports: ReadonlySet<number>, shown: string): Resolution {
  const gateways = route.gateways.flatMap(reference => model.gateways.find(reference));
  const gatewayPorts = [...new Set(gateways.flatMap(gateway => gateway.ports))].sort((a, b) => a - b);
  return gatewayPorts.length === 0 || gatewayPorts.some(own => ports.has(own)) ? UNKNOWN : { is: 'no-default-port', ports: shown, gatewayPorts };
}

/**
 * A missing Service may come from another repository, so a host with a namespace is assumed to exist. A short name in a route of a gateway
 * may be a mistake; routes of sidecars and delegates usually name Services in the namespace of the VirtualService.
 */
function resolveMissing(model: Model, { name, namespace }: ServiceName, route: Route, { host }: Destination): Resolution {
  const mayBeMistake = !host.includes('.') && route.gateways.some(gateway => gateway !== 'mesh');
  const other = mayBeMistake ? model.namespaceMeantFor({ name, namespace }) : undefined;
  return other === undefined ? UNKNOWN : { is: 'in-other-namespace', meant: { name, namespace: other } };
}

function resolveCutShort(model: Model, host: string): Resolution {
  const meant = serviceMeantBy(host);
  return meant && model.services.find(meant).length > 0 ? { is: 'cut-short', meant: hostOf(meant) } : UNKNOWN;
}
