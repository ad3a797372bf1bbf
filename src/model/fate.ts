// What becomes of a destination: whether the mesh has its host and port, as far as the input tells.
import { Model } from './model';
import { Service, ServicePort, hostOf, knownPorts, showPorts } from './service';
import { ServiceEntry } from './service-entry';
import { ServiceName, serviceMeantBy, serviceOfHost } from './service-host';
import { Destination, Route } from './virtual-service';

/** How the search for a destination's cluster ends. `unknown` is also said when the input cannot tell. */
export type Fate =
  | { readonly is: 'found' | 'unknown' }
  /** Not a Service's full name, and the name without its domain is one. */
  | { readonly is: 'cut-short'; readonly meant: string }
  /** A name without its namespace, which only another namespace has. */
  | { readonly is: 'in-other-namespace'; readonly meant: ServiceName }
  | { readonly is: 'no-port'; readonly ports: string }
  /** No port is written, the Service has several, and none of them is a port of the gateways that follow the route. */
  | { readonly is: 'no-default-port'; readonly ports: string; readonly gatewayPorts: readonly number[] };

/** The ports behind a host of the input, a Service that it lacks, or the fate of every destination with the host. */
type Host = { readonly ports: ReadonlySet<number>; readonly shown: string } | { readonly missing: ServiceName } | { readonly fate: Fate };

const UNKNOWN: Fate = { is: 'unknown' };
const FOUND: Fate = { is: 'found' };

/** Follows destinations to their Service or ServiceEntry. Routes share hosts, so each host is looked up once. */
export class Fates {
  private readonly hosts = new Map<string, Host>();

  public constructor(private readonly model: Model) {}

  /** The fate of the requests that a route sends to a destination. */
  public of(route: Route, destination: Destination): Fate {
    const known = this.hosts.get(destination.completeHost);
    const host = known ?? lookUp(this.model, destination.completeHost);
    if (known === undefined) {
      this.hosts.set(destination.completeHost, host);
    }
    if ('fate' in host) {
      return host.fate;
    }
    if ('missing' in host) {
      return fateOfMissing(this.model, host.missing, route, destination);
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
    return ports ? { ports: new Set(ports.map(own => own.port)), shown: showPorts(ports) } : { fate: UNKNOWN };
  }
  if (host === '' || model.serviceEntries.covers(host)) {
    return { fate: UNKNOWN };
  }
  return service ? { missing: service } : { fate: fateOfCutShort(model, host) };
}

/** A ServiceEntry for a Service's host is merged or hidden by age and labels, so the ports of all count. */
function portsOf(services: readonly Service[], entries: readonly ServiceEntry[]): readonly ServicePort[] | undefined {
  const own = knownPorts(services);
  const added = entries.map(entry => entry.ports);
  return own === undefined || added.includes(undefined) ? undefined : [...own, ...added.flatMap(ports => ports!.map(port => ({ port })))];
}

/**
 * Without a port a single-port Service uses its own and any other the port that the client came in by, for a gateway
 * that of its server (Istio 1.30 pilot/pkg/networking/core/route/route.go). What sidecars come in by is not known.
 */
function withoutPort(model: Model, route: Route, ports: ReadonlySet<number>, shown: string): Fate {
  const gateways = route.gateways.flatMap(reference => model.gateways.find(reference));
  const gatewayPorts = [...new Set(gateways.flatMap(gateway => gateway.ports))].sort((a, b) => a - b);
  return gatewayPorts.length === 0 || gatewayPorts.some(own => ports.has(own)) ? UNKNOWN : { is: 'no-default-port', ports: shown, gatewayPorts };
}

/**
 * A missing Service may come from elsewhere, and who writes its namespace knows where. A short name in a route of a gateway is another
 * matter; sidecars and delegates are usually told about Services beside the VirtualService.
 */
function fateOfMissing(model: Model, { name, namespace }: ServiceName, route: Route, { host }: Destination): Fate {
  const mayBeMixedUp = !host.includes('.') && route.gateways.some(gateway => gateway !== 'mesh');
  const other = mayBeMixedUp ? model.namespaceMeantFor({ name, namespace }) : undefined;
  return other === undefined ? UNKNOWN : { is: 'in-other-namespace', meant: { name, namespace: other } };
}

function fateOfCutShort(model: Model, host: string): Fate {
  const meant = serviceMeantBy(host);
  return meant && model.services.find(meant).length > 0 ? { is: 'cut-short', meant: hostOf(meant) } : UNKNOWN;
}
