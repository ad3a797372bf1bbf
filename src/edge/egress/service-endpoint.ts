// Endpoints of an external service: the addresses behind its host.
import type { ServiceEntrySpecEndpoints } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isHostName } from '../../base/host';
import { isIpAddress } from '../../base/ip';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger, requirePort } from '../../base/number';

/** One address behind the host of an external service. */
export interface ServiceEndpoint {
  /**
   * An IP address. `HostResolution.fixed` also accepts `unix:///path` and `unix://@name`, and `HostResolution.dns` also a host name.
   *
   * @default - the address of the gateway of `network`
   */
  readonly address?: string;

  /**
   * Ports of the endpoint, by the name of the service port.
   *
   * @default - the target port of the service port, or its number
   */
  readonly ports?: { readonly [portName: string]: number };

  /**
   * Labels, which distinguish versions.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Locality: `region`, `region/zone` or `region/zone/subzone`.
   *
   * @default - unknown
   */
  readonly locality?: string;

  /**
   * Name of its network in the mesh configuration.
   *
   * @default - a network that every sidecar can reach
   */
  readonly network?: string;

  /**
   * Service account of the workload, if it has a sidecar. Clients then use mutual TLS.
   *
   * @default - none; plaintext connections
   */
  readonly serviceAccount?: string;

  /**
   * Weight relative to the other endpoints, 1 to 4294967295.
   *
   * @default - all endpoints have the same weight
   */
  readonly weight?: number;
}

/** What an endpoint depends on. */
export interface EndpointBounds {
  /** Names of the ports of the service. */
  readonly portNames: readonly string[];
  /** Whether host names are resolved by DNS. If not, Unix sockets and networks without an address are accepted. */
  readonly resolved: boolean;
}

/** Renders an endpoint (rules: Istio 1.30, pkg/config/validation, and the CRD). */
export function renderEndpoint(prop: string, endpoint: ServiceEndpoint, bounds: EndpointBounds): ServiceEntrySpecEndpoints {
  const { labels, locality, network, serviceAccount, weight } = endpoint;
  if (locality !== undefined && (!/^[^/\s]+(\/[^/\s]+){0,2}$/.test(locality) || locality.length > 2048)) {
    throw InvalidProps.value(`${prop}.locality`, locality, 'must be region, region/zone or region/zone/subzone');
  }
  if (network === '' || (network !== undefined && network.length > 2048)) {
    throw InvalidProps.value(`${prop}.network`, network, 'must be the name of a network, with 1 to 2048 characters');
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
      throw InvalidProps.value(`${prop}.address`, address, 'must be unix:// followed by an absolute path without a trailing slash, or by @ and a name');
    }
    if (ports !== undefined || portNames.length !== 1) {
      throw InvalidProps.conflict(`${prop}.address`, address, 'cannot be a Unix socket when the endpoint has ports or the service has several ports');
    }
    return address;
  }
  if (address === undefined || !(isIpAddress(address) || (resolved && isHostName(address)))) {
    throw InvalidProps.value(`${prop}.address`, address, resolved
      ? 'must be an IP address or a host name in lower case'
      : 'must be an IP address or unix:// with a path; leave it out if network is set, and use egress.HostResolution.dns() for host names');
  }
  return address;
}

function requirePorts(prop: string, { ports }: ServiceEndpoint, portNames: readonly string[]): Record<string, number> {
  const entries = Object.entries(ports!);
  for (const [name, port] of entries) {
    if (!portNames.includes(name)) {
      throw InvalidProps.value(`${prop}.ports`, name, `must only contain port names of the service: ${portNames.join(', ')}`);
    }
    requirePort(`${prop}.ports.${name}`, port);
  }
  return Object.fromEntries(entries);
}
