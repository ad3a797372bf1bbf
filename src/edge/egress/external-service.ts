// A service that Kubernetes does not know, added to the registry of the mesh: usually a host outside the cluster.
import { createHash } from 'node:crypto';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ServiceEntry, type ServiceEntrySpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireExportTo } from '../../base/istio/export-to';
import { isHostName } from '../../base/host';
import { MAX_LABEL_LENGTH, requireDnsLabel, requireNamespace, requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels, requireLabelKey } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { type ExternalPort, type NamedPort, neededForRequests, requireClientTls, requireExternalPorts } from './external-port';
import { HostResolution, requireAddresses } from './host-resolution';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily } from './mesh-protocol';
import { PlainObject } from '../wire/plain-object';
import { Subsets } from '../traffic-policy/subsets';
import { requireUnique } from '../wire/bounds';
import { type IWorkload, requireVersion, type Routing, Subset } from '../workload/workload';

/** Where a service runs. */
export enum ServiceLocation {
  /** Outside the mesh: plaintext or TLS, and no mesh policies at the other end. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
  /** Part of the mesh but not known to Kubernetes, such as virtual machines with a sidecar: mutual TLS if an endpoint supports it. */
  MESH_INTERNAL = 'MESH_INTERNAL',
}

/** Props of an `ExternalService`. */
export interface ExternalServiceProps {
  /** Host names that applications in the mesh connect to, or wildcards such as `*.example.com`. `*` alone is not allowed. */
  readonly hosts: string[];

  /** The ports. `RouteTarget.workload` sends requests to the first one; use `onPort` for another. */
  readonly ports: ExternalPort[];

  /**
   * Namespace of the ServiceEntry.
   *
   * @default - the namespace of the chart; required if the chart has none
   */
  readonly namespace?: string;

  /**
   * Name of the ServiceEntry and of the other objects for the service.
   *
   * @default - derived from the first host
   */
  readonly entryName?: string;

  /**
   * How the addresses behind the hosts are found.
   *
   * @default HostResolution.dns()
   */
  readonly resolution?: HostResolution;

  /**
   * Where the service runs.
   *
   * @default ServiceLocation.MESH_EXTERNAL
   */
  readonly location?: ServiceLocation;

  /**
   * Addresses that applications connect to, which distinguish a TCP port from the same port of other services. CIDR blocks are only allowed
   * with the resolutions `fixed`, `pods` and `none`.
   *
   * @default - allocated by Istio inside the mesh, if sidecars proxy DNS
   */
  readonly addresses?: string[];

  /**
   * Namespaces that can see the service: names, `.` for its own namespace, or `*` for all.
   *
   * @default - all namespaces
   */
  readonly exportTo?: string[];

  /**
   * Accepted subject alternative names of the server certificate, if a sidecar originates TLS to it.
   *
   * @default - not verified
   */
  readonly subjectAltNames?: string[];

  /**
   * Label of the endpoints that distinguishes versions.
   *
   * @default 'version'
   */
  readonly versionLabel?: string;
}

/** Construct paths, by namespace and host or name of the ServiceEntry. */
const DECLARED = oncePerApp<string>();

/**
 * One ServiceEntry: a service that sidecars and gateways know although Kubernetes does not.
 *
 * It makes a host outside the cluster visible to routes, policies and metrics, and reachable when `OutboundTraffic.registryOnly()` blocks
 * all other hosts. It is a workload, so routes can send requests to it.
 *
 * Requests that a route sends to a service outside the mesh get its first host as their authority, whatever the client requested, because
 * the TLS connection uses that name and the server does not know any other. The authority is not changed if the route rewrites it, if a
 * weighted target sets the `host` header, for a wildcard host, and for `MESH_INTERNAL` on ports without `tls`.
 */
export class ExternalService extends Construct implements IWorkload {
  public readonly serviceName: string;
  public readonly namespace: string;
  /** The first port. */
  public readonly port: number;
  /** The first host. */
  public readonly host: string;
  /** Labels of the pods behind the service; empty if they are not pods of the cluster. */
  public readonly selector: { readonly [key: string]: string };
  /** Values of the version label on the endpoints. */
  public readonly versions: string[];
  public readonly versionLabel: string;
  /** All hosts. */
  public readonly hosts: string[];
  /** All ports, with their names. */
  public readonly ports: ExternalPort[];
  private readonly named: readonly NamedPort[];
  private readonly routingOf: (port: ExternalPort) => Routing;
  /** Namespaces that can see the service; undefined for all. */
  public readonly exportTo?: string[];

  /** @throws InvalidProps for values that Istio would reject or warn about, and for a host that another ServiceEntry of the namespace already has */
  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(requireChartScopeAndId(scope, id), id);
    const path = this.node.path;
    requireProps('ExternalServiceProps', props, path);
    const { resolution = HostResolution.dns(), addresses = [], location = ServiceLocation.MESH_EXTERNAL } = props;
    this.namespace = requireNamespace(props.namespace, Chart.of(scope).namespace, path);
    this.hosts = requireServiceHosts(props.hosts, path);
    this.named = requireExternalPorts(props.ports, path);
    this.ports = [...this.named];
    this.host = this.hosts[0];
    this.port = this.ports[0].number;
    this.serviceName = requireServiceName('entryName', props.entryName ?? entryName(this.host), path);
    this.selector = resolution._podLabels ?? {};
    this.versionLabel = requireLabelKey('versionLabel', props.versionLabel ?? 'version', path);
    this.versions = [...new Set(resolution._endpoints.flatMap(({ labels }, index) => {
      const version = labels?.[this.versionLabel];
      return version === undefined ? [] : requireDnsLabel(`resolution.endpoints[${index}].labels.${this.versionLabel}`, version, this.node.path);
    }))];
    this.exportTo = props.exportTo && requireExportTo('exportTo', props.exportTo, this.namespace, path);
    requireClientTls(this, path);
    this.routingOf = port => ({
      authority: isHostName(this.host) && (location === ServiceLocation.MESH_EXTERNAL || port.tls) ? this.host : undefined,
      needed: neededForRequests(port),
      neededAtGateway: resolution._neededAtGateway,
    });
    const spec = this.spec(props, resolution, location, addresses);
    this.register();

    const metadata = { name: this.serviceName, namespace: this.namespace, labels: recommendedLabels(this.serviceName, 'routing') };
    new PlainObject(this, 'Resource', { ...ServiceEntry.GVK, metadata, spec });
    this.originateTls();
  }

  public subset(version: string): Subset {
    return subsetOf(this, version);
  }

  /** @internal */
  public get _routing(): Routing {
    return this.routingOf(this.named[0]);
  }

  /**
   * The same service, with requests sent to another of its ports.
   *
   * @throws InvalidProps for a port that the service does not have
   */
  public onPort(port: number): IWorkload {
    const own = this.named.find(({ number }) => number === port);
    if (own === undefined) {
      throw InvalidProps.value('port', port, `must be one of the ports of ${this.host}: ${this.ports.map(({ number }) => number).join(', ')}`, this.node.path);
    }
    const { serviceName, namespace, host, selector, versions, versionLabel } = this;
    const view: IWorkload = {
      serviceName, namespace, port, host, selector, versions, versionLabel, subset: version => subsetOf(view, version), _routing: this.routingOf(own),
    };
    return view;
  }

  private spec(props: ExternalServiceProps, resolution: HostResolution, location: ServiceLocation, addresses: string[]): Fields<ServiceEntrySpec> {
    const path = this.node.path;
    return refusedAt(path, () => {
      const where = resolution._render({ hosts: this.hosts, addresses, ports: this.named });
      const blocks = ['STATIC', 'NONE'].includes(where.resolution!);
      requireAddresses(addresses, blocks);
      this.requireDistinguishableHosts(where.resolution!);
      requireNames(props.subjectAltNames ?? []);
      return {
        hosts: this.hosts,
        addresses: addresses.length > 0 ? addresses : undefined,
        ports: this.named.map(({ number, protocol, name, targetPort }) => ({ number, protocol, name, targetPort })),
        location,
        ...where,
        exportTo: this.exportTo,
        subjectAltNames: props.subjectAltNames,
      };
    });
  }

  private originateTls(): void {
    const ports = this.named.flatMap(({ number, tls }) => (tls ? [{ port: number, tls }] : []));
    if (ports.length > 0) {
      new Subsets(this, 'Tls', { workload: this, withoutSidecar: true, trafficPolicy: { ports }, exportTo: this.exportTo });
    }
  }

  /** Istio cannot distinguish hosts on a port where it sees neither requests nor server names. */
  private requireDistinguishableHosts(resolution: string): void {
    const opaque = this.ports.findIndex(({ protocol }) => !isHttpFamily(protocol) && !isTlsFamily(protocol));
    if (this.hosts.length > 1 && opaque >= 0 && resolution !== 'NONE') {
      throw InvalidProps.value(`ports[${opaque}].protocol`, this.ports[opaque].protocol,
        'must be an HTTP, gRPC or TLS protocol when there are several hosts, because connections of other protocols do not carry a host name');
    }
  }

  /** If a host has two ServiceEntries, the older wins and the ports of the other are lost (Istio 1.30, pilot/pkg/model/sidecar.go). */
  private register(): void {
    const known = DECLARED(this);
    const entries = [['entryName', this.serviceName, `name ${this.namespace}/${this.serviceName}`],
      ...this.hosts.map((host, index) => [`hosts[${index}]`, host, `host ${this.namespace}/${host}`])];
    for (const [prop, value, key] of entries) {
      const other = known.get(key);
      if (other !== undefined) {
        const what = prop === 'entryName' ? 'the name' : 'a host';
        throw InvalidProps.duplicate(prop, value, `${what} of the ServiceEntry ${other} in namespace ${this.namespace}`, this.node.path);
      }
    }
    entries.forEach(([,, key]) => known.set(key, this.node.path));
  }
}

function subsetOf(workload: IWorkload, version: string): Subset {
  if (!workload.versions.includes(requireVersion('version', version, workload))) {
    throw workload.versions.length > 0
      ? InvalidProps.value('version', version, `must be one of the versions of ${workload.host}: ${workload.versions.join(', ')}`)
      : InvalidProps.conflict('version', version, `does not exist, because no endpoint of ${workload.host} has the label ${workload.versionLabel}`);
  }
  return new Subset(workload, version);
}

function requireServiceHosts(hosts: readonly string[], path: string): string[] {
  if (hosts.length === 0 || hosts.length > 256) {
    throw InvalidProps.value('hosts', hosts, 'must contain 1 to 256 host names', path);
  }
  hosts.forEach((host, index) => {
    if (!isHostName(host.replace(/^\*\./, '')) || host.length > 253) {
      throw InvalidProps.value(`hosts[${index}]`, host, 'must be a host name in lower case such as api.example.com, or a wildcard such as *.example.com', path);
    }
    if (hosts.indexOf(host) !== index) {
      throw InvalidProps.duplicate(`hosts[${index}]`, host, `in hosts[${hosts.indexOf(host)}]`, path);
    }
  });
  return [...hosts];
}

function requireNames(names: readonly string[]): void {
  names.forEach((name, index) => {
    if (name === '') {
      throw InvalidProps.value(`subjectAltNames[${index}]`, name, 'must not be empty');
    }
  });
  requireUnique('subjectAltNames', names);
}

/** A readable name that is also valid for a Service. */
function entryName(host: string): string {
  const readable = host.replace('*', 'any').replaceAll('.', '-').replace(/^(?=\d)/, 'host-');
  return readable.length <= MAX_LABEL_LENGTH ? readable
    : `${readable.slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '')}-${createHash('sha256').update(host).digest('hex').slice(0, 8)}`;
}
