// A service that Kubernetes does not know, entered in the registry of the mesh: most often a host outside the cluster.
import { createHash } from 'node:crypto';
import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { ServiceEntry, type ServiceEntrySpec } from '../../../imports/istio/networking.istio.io';
import { InvalidProps, refusedAt } from '../../base/errors';
import { requireExportTo } from '../../base/export-to';
import { isHostName } from '../../base/host';
import { MAX_LABEL_LENGTH, requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { recommendedLabels, requireLabelKey } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import { type ExternalPort, type NamedPort, neededForRequests, requireClientTls, requireExternalPorts } from './external-port';
import { HostResolution, requireAddresses } from './host-resolution';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily } from './mesh-protocol';
import { PlainObject } from '../wire/plain-object';
import { Subsets } from '../traffic-policy/subsets';
import { requireUnique } from '../wire/bounds';
import { type IWorkload, type Routing, Subset } from '../workload/workload';

/** Where a service runs. */
export enum ServiceLocation {
  /** Outside the mesh: plain connections or TLS, and no policies of ours at the other end. */
  MESH_EXTERNAL = 'MESH_EXTERNAL',
  /** A part of the mesh that Kubernetes does not know, such as virtual machines with a sidecar: mutual TLS where an endpoint takes it. */
  MESH_INTERNAL = 'MESH_INTERNAL',
}

/** Props of an `ExternalService`. */
export interface ExternalServiceProps {
  /** Names that applications in the mesh ask for, or wildcards such as `*.example.com`; never `*`. */
  readonly hosts: string[];

  /** The ports. The first is the one that `RouteTarget.workload` sends to; `onPort` tells another. */
  readonly ports: ExternalPort[];

  /**
   * Namespace of the ServiceEntry.
   *
   * @default - the namespace of the chart, and so refused where it has none
   */
  readonly namespace?: string;

  /**
   * Name of the ServiceEntry, and of the objects about its traffic.
   *
   * @default - made from the first host
   */
  readonly entryName?: string;

  /**
   * How the address behind a host is found.
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
   * Addresses that applications connect to, which tell a TCP port from those of other services. CIDR blocks with the resolutions
   * `fixed`, `pods` and `none` only.
   *
   * @default - one that Istio hands out inside the mesh, where sidecars answer DNS
   */
  readonly addresses?: string[];

  /**
   * Namespaces that see the service: names, or `.` for its own, or `*` for all.
   *
   * @default - all namespaces
   */
  readonly exportTo?: string[];

  /**
   * Names of which the server's certificate has to carry one, where a sidecar opens TLS to it.
   *
   * @default - not checked here
   */
  readonly subjectAltNames?: string[];

  /**
   * Label of the endpoints that tells versions apart.
   *
   * @default 'version'
   */
  readonly versionLabel?: string;
}

/** The constructs that have the hosts and names of a namespace. */
const DECLARED = oncePerApp<string>();

/**
 * One ServiceEntry: a service that sidecars and gateways know, though Kubernetes does not.
 *
 * It makes a host outside the cluster visible to routes, to policies and to metrics, and reachable where `OutboundTraffic.registryOnly()`
 * closes the way to all others. It is a workload, so that routes can send requests to it.
 *
 * Requests that a route sends to a service outside the mesh carry its first host, whatever the client asked for: TLS asks for that name,
 * and the server knows no other. A rewrite of the authority, a share that sets `host`, and a wildcard host leave it as it is; so does
 * `MESH_INTERNAL` on ports without `tls`.
 */
export class ExternalService extends Construct implements IWorkload {
  public readonly serviceName: string;
  public readonly namespace: string;
  /** The first port. */
  public readonly port: number;
  /** The first host. */
  public readonly host: string;
  /** Labels of the pods behind the service; none where there are no pods of the cluster. */
  public readonly selector: { readonly [key: string]: string };
  /** Values of the version label at the endpoints. */
  public readonly versions: string[];
  public readonly versionLabel: string;
  /** All hosts. */
  public readonly hosts: string[];
  /** All ports, with their names. */
  public readonly ports: ExternalPort[];
  private readonly named: readonly NamedPort[];
  private readonly routingOf: (port: ExternalPort) => Routing;
  /** Namespaces that see the service; none for all. */
  public readonly exportTo?: string[];

  /** @throws InvalidProps for what Istio would refuse or warn of, and for a host that another ServiceEntry of the namespace has */
  public constructor(scope: Construct, id: string, props: ExternalServiceProps) {
    super(scope, id);
    const path = this.node.path;
    requireProps('ExternalServiceProps', props, path);
    const { resolution = HostResolution.dns(), addresses = [], location = ServiceLocation.MESH_EXTERNAL } = props;
    this.namespace = requireDnsLabel('namespace', props.namespace ?? Chart.of(scope).namespace!, path);
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
    this.claim();

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
   * The service, with another of its ports as the one that requests are sent to.
   *
   * @throws InvalidProps for a port that it does not have
   */
  public onPort(port: number): IWorkload {
    const own = this.named.find(({ number }) => number === port);
    if (own === undefined) {
      throw InvalidProps.value('port', port, `must be a port of ${this.host}: ${this.ports.map(({ number }) => number).join(', ')}`, this.node.path);
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
      this.requireHostsApart(where.resolution!);
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

  /** Istio cannot tell hosts apart on a port where neither requests nor server names are seen. */
  private requireHostsApart(resolution: string): void {
    const opaque = this.ports.findIndex(({ protocol }) => !isHttpFamily(protocol) && !isTlsFamily(protocol));
    if (this.hosts.length > 1 && opaque >= 0 && resolution !== 'NONE') {
      throw InvalidProps.value(`ports[${opaque}].protocol`, this.ports[opaque].protocol,
        'must be HTTP, gRPC or TLS where there are several hosts: nothing else names its host');
    }
  }

  /** Between two ServiceEntries of one host the older wins, and the ports of the other are lost (Istio 1.30, pilot/pkg/model/sidecar.go). */
  private claim(): void {
    const known = DECLARED(this);
    const claims = [['entryName', this.serviceName, `name ${this.namespace}/${this.serviceName}`],
      ...this.hosts.map((host, index) => [`hosts[${index}]`, host, `host ${this.namespace}/${host}`])];
    for (const [prop, value, key] of claims) {
      const other = known.get(key);
      if (other !== undefined) {
        throw InvalidProps.value(prop, value, `must be one that no other ServiceEntry of ${this.namespace} has; ${other} has this one`, this.node.path);
      }
    }
    claims.forEach(([,, key]) => known.set(key, this.node.path));
  }
}

function subsetOf(workload: IWorkload, version: string): Subset {
  if (!workload.versions.includes(version)) {
    throw InvalidProps.conflict('version', version, workload.versions.length > 0
      ? `must be a version of ${workload.host}: ${workload.versions.join(', ')}`
      : `cannot be set: no endpoint of ${workload.host} has the label ${workload.versionLabel}`);
  }
  return new Subset(workload, version);
}

function requireServiceHosts(hosts: readonly string[], path: string): string[] {
  if (hosts.length === 0 || hosts.length > 256) {
    throw InvalidProps.value('hosts', hosts, 'must be 1 to 256 host names', path);
  }
  hosts.forEach((host, index) => {
    if (!isHostName(host.replace(/^\*\./, '')) || host.length > 253) {
      throw InvalidProps.value(`hosts[${index}]`, host, 'must be a host name in lower case such as api.example.com, or a wildcard such as *.example.com', path);
    }
    if (hosts.indexOf(host) !== index) {
      throw InvalidProps.value(`hosts[${index}]`, host, 'must be every host once', path);
    }
  });
  return [...hosts];
}

function requireNames(names: readonly string[]): void {
  names.forEach((name, index) => {
    if (name === '') {
      throw InvalidProps.value(`subjectAltNames[${index}]`, name, 'must be a name that certificates can carry');
    }
  });
  requireUnique('subjectAltNames', names);
}

/** A name that a person recognises, and that a Service could have. */
function entryName(host: string): string {
  const readable = host.replace('*', 'any').replaceAll('.', '-').replace(/^(?=\d)/, 'host-');
  return readable.length <= MAX_LABEL_LENGTH ? readable
    : `${readable.slice(0, MAX_LABEL_LENGTH - 9).replace(/-+$/, '')}-${createHash('sha256').update(host).digest('hex').slice(0, 8)}`;
}
