// How the addresses behind the hosts of an external service are found.
import type { ServiceEntrySpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isHostName } from '../../base/host';
import { isCidr, isIpAddress } from '../../base/ip';
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

/** The fields of a ServiceEntry that determine its endpoints. */
type Rendered = Pick<Fields<ServiceEntrySpec>, 'resolution' | 'endpoints' | 'workloadSelector'>;

const ENDPOINTS = listOf(propsOf<ServiceEndpoint>('ServiceEndpoint'));

/** How the addresses behind the hosts of an external service are found. */
export abstract class HostResolution {
  /**
   * DNS, resolved by the sidecar in the background. Requests are load balanced across all addresses.
   *
   * @param endpoints names or addresses to resolve; by default the hosts, which must not be wildcards then
   */
  public static dns(endpoints?: ServiceEndpoint[]): HostResolution {
    return new Resolved('DNS', endpoints);
  }

  /**
   * DNS, where new connections use the first address of each response and open connections stay. For hosts with many changing addresses.
   *
   * @param endpoint name or address to resolve; by default the host, which must not be a wildcard then
   */
  public static dnsRoundRobin(endpoint?: ServiceEndpoint): HostResolution {
    return new Resolved('DNS_ROUND_ROBIN', endpoint === undefined ? undefined : [endpoint]);
  }

  /**
   * DNS for the exact name in the request, for wildcard hosts. Supported by sidecars since Istio 1.30. For TLS ports, istiod needs
   * `ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS=true`. A client can request any name that matches the wildcard, including names whose
   * address a third party controls.
   */
  public static dynamicDns(): HostResolution {
    return new DynamicDns();
  }

  /** Static addresses. */
  public static fixed(endpoints: ServiceEndpoint[]): HostResolution {
    return new Fixed(endpoints);
  }

  /** Pods and WorkloadEntries of the namespace with these labels, as for a Kubernetes Service. */
  public static pods(labels: { readonly [key: string]: string }): HostResolution {
    return new Pods(labels);
  }

  /**
   * The address that the application resolved. Only works in sidecars, because a gateway has no address to send the requests to
   * (Istio 1.30, pilot/pkg/networking/core/cluster.go).
   */
  public static none(): HostResolution {
    return new Unresolved();
  }

  /** Labels of the pods, if it selects pods. @internal */
  public readonly _podLabels?: { readonly [key: string]: string };
  /** What the service must be instead for gateways to send requests to it, if they cannot. @internal */
  public readonly _neededAtGateway?: string;
  /** The endpoints, if any. @internal */
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
        'must be a host name that DNS resolves; for a wildcard, set endpoints in resolution or use egress.HostResolution.dynamicDns()');
    }
    // Istio warns about this: it matches connections on such a port by address, which is the same for all hosts.
    const opaque = ports.find(({ protocol }) => !isHttpFamily(protocol));
    if (addresses.length > 0 && hosts.length > 1 && opaque) {
      throw InvalidProps.conflict('addresses', addresses,
        `cannot be set when there are several hosts, because connections to port ${opaque.name} are only distinguished by address`);
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
      throw InvalidProps.value('endpoints', endpoints, 'must contain at least one endpoint');
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
      throw InvalidProps.value(`hosts[${plain}]`, hosts[plain], 'must be a wildcard such as *.example.com when resolution is dynamicDns()');
    }
    if (addresses.length > 0) {
      throw InvalidProps.conflict('addresses', addresses, 'cannot be set when resolution is dynamicDns()');
    }
    const supported = [MeshProtocol.HTTP, MeshProtocol.HTTP2, MeshProtocol.GRPC, MeshProtocol.TLS];
    const other = ports.findIndex(({ protocol }) => !supported.includes(protocol));
    if (other >= 0) {
      throw InvalidProps.value(`ports[${other}].protocol`, ports[other].protocol, `must be one of ${supported.join(', ')} when resolution is dynamicDns()`);
    }
    return { resolution: 'DYNAMIC_DNS' };
  }
}

class Unresolved extends HostResolution {
  public override readonly _neededAtGateway = neededAtGateway('none()');

  public _render({ addresses, ports }: ResolvedService): Rendered {
    const open = ports.findIndex(({ protocol }) => protocol === MeshProtocol.TCP);
    if (addresses.length === 0 && open >= 0) {
      throw InvalidProps.missing('addresses',
        `when resolution is none() and there is a TCP port, because ${ports[open].name} would match connections to port ${ports[open].number} of any address`);
    }
    return { resolution: 'NONE' };
  }
}

/** Throws for invalid addresses. @param blocks whether CIDR blocks are allowed */
export function requireAddresses(addresses: readonly string[], blocks: boolean): void {
  if (addresses.length > 256) {
    throw InvalidProps.value('addresses', addresses.length, 'must contain at most 256 addresses');
  }
  addresses.forEach((address, index) => {
    if (!isIpAddress(address) && !(blocks && isCidr(address))) {
      throw InvalidProps.value(`addresses[${index}]`, address, blocks
        ? 'must be an IP address or a CIDR block'
        : 'must be an IP address; CIDR blocks are only allowed when resolution is fixed(), pods() or none()');
    }
  });
  requireUnique('addresses', addresses);
}

function neededAtGateway(how: string): string {
  return `a service that gateways can resolve, and HostResolution.${how} only works in sidecars; set endpoints, or use hosts that DNS resolves`;
}

function renderEndpoints(endpoints: readonly ServiceEndpoint[], bounds: EndpointBounds): Rendered['endpoints'] {
  return endpoints.length === 0 ? undefined : endpoints.map((endpoint, index) => renderEndpoint(`resolution.endpoints[${index}]`, endpoint, bounds));
}
