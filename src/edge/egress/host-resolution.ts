// How the address behind a host of an external service is found.
import type { ServiceEntrySpec } from '../../../imports/istio/networking.istio.io';
import { CIDR } from '../../base/aws-ids';
import { InvalidProps } from '../../base/errors';
import { isHostName, isIpAddress } from '../../base/host';
import { requireLabels } from '../../base/labels';
import { listOf, propsOf, requireProps } from '../../base/prop-types';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, MeshProtocol } from './mesh-protocol';
import { type EndpointBounds, renderEndpoint, type ServiceEndpoint } from './service-endpoint';
import { requireUnique } from '../wire/bounds';

/** The service whose hosts are resolved. */
export interface ResolvedService {
  readonly hosts: readonly string[];
  readonly addresses: readonly string[];
  readonly ports: readonly { readonly name: string; readonly number: number; readonly protocol: MeshProtocol }[];
}

/** The fields of a ServiceEntry that say where the requests go. */
type Rendered = Pick<Fields<ServiceEntrySpec>, 'resolution' | 'endpoints' | 'workloadSelector'>;

const ENDPOINTS = listOf(propsOf<ServiceEndpoint>('ServiceEndpoint'));

/** How the address behind a host of an external service is found. */
export abstract class HostResolution {
  /**
   * DNS, asked by the sidecar in the background; requests are divided among all addresses.
   *
   * @param endpoints names or addresses to ask for; the hosts themselves by default, which then may not be wildcards
   */
  public static dns(endpoints?: ServiceEndpoint[]): HostResolution {
    return new Resolved('DNS', endpoints);
  }

  /**
   * DNS, with the first address of each answer for new connections; those that are open stay. For hosts with many changing addresses.
   *
   * @param endpoint name or address to ask for; the host itself by default, which then may not be a wildcard
   */
  public static dnsRoundRobin(endpoint?: ServiceEndpoint): HostResolution {
    return new Resolved('DNS_ROUND_ROBIN', endpoint === undefined ? undefined : [endpoint]);
  }

  /**
   * DNS for the very name that a request asks for, below a wildcard host. Sidecars can do it since Istio 1.30; for TLS ports istiod needs
   * `ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS=true`. A client can ask for any name below the wildcard, also for one whose address
   * somebody else decides.
   */
  public static dynamicDns(): HostResolution {
    return new DynamicDns();
  }

  /** Addresses that do not change. */
  public static fixed(endpoints: ServiceEndpoint[]): HostResolution {
    return new Fixed(endpoints);
  }

  /** Pods and WorkloadEntries of the namespace with these labels, as behind a Kubernetes Service. */
  public static pods(labels: { readonly [key: string]: string }): HostResolution {
    return new Pods(labels);
  }

  /**
   * The address that the application has found itself. Sidecars alone can do this: a gateway has nowhere to send the requests to
   * (Istio 1.30, pilot/pkg/networking/core/cluster.go).
   */
  public static none(): HostResolution {
    return new Unresolved();
  }

  /** Labels of the pods, where there are any. @internal */
  public readonly _podLabels?: { readonly [key: string]: string };
  /** What it would have to be for gateways to send requests, where they cannot. @internal */
  public readonly _neededAtGateway?: string;
  /** The endpoints, where there are any. @internal */
  public readonly _endpoints: readonly ServiceEndpoint[] = [];
  /** @internal */
  public abstract _render(service: ResolvedService): Rendered;
}

class Resolved extends HostResolution {
  public override readonly _endpoints: readonly ServiceEndpoint[];

  public constructor(private readonly resolution: string, endpoints: ServiceEndpoint[] | undefined) {
    super();
    this._endpoints = requireProps(ENDPOINTS, endpoints === undefined ? [] : endpoints, '', 'endpoints');
  }

  public _render({ hosts, addresses, ports }: ResolvedService): Rendered {
    const unresolvable = this._endpoints.length === 0 ? hosts.findIndex(host => !isHostName(host)) : -1;
    if (unresolvable >= 0) {
      throw InvalidProps.value(`hosts[${unresolvable}]`, hosts[unresolvable],
        'must be a name that DNS resolves, or a resolution with endpoints, or dynamicDns() for a wildcard');
    }
    // Istio warns: such a port takes connections by address, and both hosts would have the same.
    const opaque = ports.find(({ protocol }) => !isHttpFamily(protocol));
    if (addresses.length > 0 && hosts.length > 1 && opaque) {
      throw InvalidProps.conflict('addresses', addresses,
        `cannot be set with several hosts and the port ${opaque.name}, which is told apart by its address alone`);
    }
    const endpoints = renderEndpoints(this._endpoints, { portNames: ports.map(({ name }) => name), resolved: true });
    return { resolution: this.resolution, endpoints };
  }
}

class Fixed extends HostResolution {
  public override readonly _endpoints: readonly ServiceEndpoint[];

  public constructor(endpoints: ServiceEndpoint[]) {
    super();
    this._endpoints = requireProps(ENDPOINTS, endpoints, '', 'endpoints');
    if (this._endpoints.length === 0) {
      throw InvalidProps.value('endpoints', endpoints, 'must be at least one endpoint');
    }
  }

  public _render({ ports }: ResolvedService): Rendered {
    const endpoints = renderEndpoints(this._endpoints, { portNames: ports.map(({ name }) => name), resolved: false });
    return { resolution: 'STATIC', endpoints };
  }
}

class Pods extends HostResolution {
  public override readonly _podLabels: { readonly [key: string]: string };

  public constructor(labels: { readonly [key: string]: string }) {
    super();
    this._podLabels = requireLabels('labels', labels);
  }

  public _render(): Rendered {
    return { resolution: 'STATIC', workloadSelector: { labels: this._podLabels } };
  }
}

class DynamicDns extends HostResolution {
  public override readonly _neededAtGateway = neededAtGateway('dynamicDns()');

  public _render({ hosts, addresses, ports }: ResolvedService): Rendered {
    const plain = hosts.findIndex(host => !host.startsWith('*'));
    if (plain >= 0) {
      throw InvalidProps.value(`hosts[${plain}]`, hosts[plain], 'must be a wildcard such as *.example.com with dynamicDns()');
    }
    if (addresses.length > 0) {
      throw InvalidProps.conflict('addresses', addresses, 'cannot be set with dynamicDns()');
    }
    const allowed = [MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.TLS];
    const other = ports.findIndex(({ protocol }) => !allowed.includes(protocol));
    if (other >= 0) {
      throw InvalidProps.value(`ports[${other}].protocol`, ports[other].protocol, `must be ${allowed.join(', ')} with dynamicDns()`);
    }
    return { resolution: 'DYNAMIC_DNS' };
  }
}

class Unresolved extends HostResolution {
  public override readonly _neededAtGateway = neededAtGateway('none()');

  public _render({ addresses, ports }: ResolvedService): Rendered {
    const open = ports.findIndex(({ protocol }) => protocol === MeshProtocol.TCP);
    if (addresses.length === 0 && open >= 0) {
      throw InvalidProps.value('addresses', undefined,
        `must be addresses, or the port ${ports[open].name} would take every connection to ${ports[open].number}, wherever it goes`);
    }
    return { resolution: 'NONE' };
  }
}

/** Throws for addresses that a service cannot have. @param blocks whether CIDR blocks are addresses, too */
export function requireAddresses(addresses: readonly string[], blocks: boolean): void {
  if (addresses.length > 256) {
    throw InvalidProps.value('addresses', addresses.length, 'must be at most 256 addresses');
  }
  addresses.forEach((address, index) => {
    if (!isIpAddress(address) && !(blocks && CIDR.test(address))) {
      const allowed = blocks ? 'an IP address or a CIDR block' : 'an IP address; CIDR blocks need the resolution fixed, pods or none';
      throw InvalidProps.value(`addresses[${index}]`, address, `must be ${allowed}`);
    }
  });
  requireUnique('addresses', addresses);
}

function neededAtGateway(how: string): string {
  return `a service that a gateway finds by itself: HostResolution.${how} works in sidecars alone; name endpoints, or hosts that DNS resolves`;
}

function renderEndpoints(endpoints: readonly ServiceEndpoint[], bounds: EndpointBounds): Rendered['endpoints'] {
  return endpoints.length === 0 ? undefined : endpoints.map((endpoint, index) => renderEndpoint(`resolution.endpoints[${index}]`, endpoint, bounds));
}
