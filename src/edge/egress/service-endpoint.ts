// Endpoints of an external service: the addresses behind its host.
import type { ServiceEntrySpecEndpoints } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isHostName, isIpAddress } from '../../base/host';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger, requirePort } from '../../base/number';

/** One address behind the host of an external service. */
export interface ServiceEndpoint {
  /**
   * An IP address; with `HostResolution.fixed` also `unix:///path` or `unix://@name`, with `HostResolution.dns` also a host name.
   *
   * @default - that of the gateway of `network`
   */
  readonly address?: string;

  /**
   * Ports of the endpoint by the name of the port of the service.
   *
   * @default - the target port of the port, or else its number
   */
  readonly ports?: { readonly [portName: string]: number };

  /**
   * Labels, which tell versions apart.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Where it is: `region`, `region/zone` or `region/zone/subzone`.
   *
   * @default - not known
   */
  readonly locality?: string;

  /**
   * Name of the network that it is in, as the mesh calls it.
   *
   * @default - a network that every sidecar reaches
   */
  readonly network?: string;

  /**
   * Service account of the workload, for one with a sidecar. Istio then opens mutual TLS to it.
   *
   * @default - none; plain connections
   */
  readonly serviceAccount?: string;

  /**
   * Share of the traffic, relative to the other endpoints, 1 to 4294967295.
   *
   * @default - all alike
   */
  readonly weight?: number;
}

/** What an endpoint has to fit. */
export interface EndpointBounds {
  /** Names of the ports of the service. */
  readonly portNames: readonly string[];
  /** Whether host names are resolved; otherwise Unix sockets and networks without an address are taken. */
  readonly resolved: boolean;
}

/** Writes an endpoint (rules: Istio 1.30, pkg/config/validation, and the CRD). */
export function renderEndpoint(prop: string, endpoint: ServiceEndpoint, bounds: EndpointBounds): ServiceEntrySpecEndpoints {
  const { labels, locality, network, serviceAccount, weight } = endpoint;
  if (locality !== undefined && (!/^[^/\s]+(\/[^/\s]+){0,2}$/.test(locality) || locality.length > 2048)) {
    throw InvalidProps.value(`${prop}.locality`, locality, 'must be region, region/zone or region/zone/subzone');
  }
  if (network === '' || (network !== undefined && network.length > 2048)) {
    throw InvalidProps.value(`${prop}.network`, network, 'must be the name of a network, 1 to 2048 characters');
  }
  return {
    address: requireAddress(prop, endpoint, bounds),
    ports: endpoint.ports && requirePorts(prop, endpoint, bounds.portNames),
    labels: labels && requireLabels(`${prop}.labels`, labels),
    locality,
    network,
    serviceAccount: serviceAccount === undefined ? undefined : requireDnsSubdomain(`${prop}.serviceAccount`, serviceAccount),
    weight: weight === undefined ? undefined : requireInteger(`${prop}.weight`, weight, 1, 2 ** 32 - 1),
  };
}

function requireAddress(prop: string, { address, network, ports }: ServiceEndpoint, { portNames, resolved }: EndpointBounds): string | undefined {
  if (address === undefined && network !== undefined && !resolved) {
    return undefined;
  }
  if (address?.startsWith('unix://') && !resolved) {
    if (!/^unix:\/\/(@.+|\/([^]*[^/])?)$/.test(address) || address.length > 256 || address === 'unix:///') {
      throw InvalidProps.value(`${prop}.address`, address, 'must be unix:// with an absolute path that does not end in a slash, or with @ and a name');
    }
    if (ports !== undefined || portNames.length !== 1) {
      throw InvalidProps.value(`${prop}.address`, address, 'must be an IP address, or a Unix socket without ports, of a service with one port');
    }
    return address;
  }
  if (address === undefined || !(isIpAddress(address) || (resolved && isHostName(address)))) {
    throw InvalidProps.value(`${prop}.address`, address, resolved
      ? 'must be an IP address, or a host name in lower case'
      : 'must be an IP address, unix:// with a path, or nothing where there is a network; host names are for HostResolution.dns');
  }
  return address;
}

function requirePorts(prop: string, { ports }: ServiceEndpoint, portNames: readonly string[]): Record<string, number> {
  const entries = Object.entries(ports!);
  for (const [name, port] of entries) {
    if (!portNames.includes(name)) {
      throw InvalidProps.value(`${prop}.ports`, name, `must be names of ports of the service: ${portNames.join(', ')}`);
    }
    requirePort(`${prop}.ports.${name}`, port);
  }
  return Object.fromEntries(entries);
}
