// A gateway that requests leave the mesh by: one place where traffic to hosts outside can be seen, limited, and given an address.
import { Construct } from 'constructs';
import {
  DestinationRule, type DestinationRuleSpec, Gateway, type GatewaySpec, type GatewaySpecServers, VirtualService, type VirtualServiceSpec,
  type VirtualServiceSpecHttp, type VirtualServiceSpecTls,
} from '../../../imports/istio/networking.istio.io';
import { InvalidProps, renaming } from '../../base/errors';
import { isHostName } from '../../base/host';
import { requireServiceName, serviceFqdn } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps, typeOf } from '../../base/prop-types';
import type { ExternalPort } from './external-port';
import { ExternalService } from './external-service';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { GatewayWorkload } from '../gateway-workload/gateway-workload';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily } from './mesh-protocol';
import { PlainObject } from '../wire/plain-object';
import { prepareMeshHosts } from '../routing/route-table';

/** Props of an `EgressGateway`. */
export interface EgressGatewayProps {
  /**
   * The pods that run the gateway, or those of one that is there, such as istio-egressgateway.
   *
   * @default GatewayWorkload.injected()
   */
  readonly workload?: GatewayWorkload;

  /**
   * Name of the Gateway object, of the objects about the traffic to it, and of pods that are deployed here.
   *
   * @default 'istio-egress'
   */
  readonly gatewayName?: string;
}

const EXTERNAL = typeOf<ExternalService>('an ExternalService', value => value instanceof ExternalService);

/** Name of the subset of the gateway's Service that sidecars open mutual TLS to. */
const MESH_TLS = 'mesh-tls';

/** Gateways by the VirtualServices that they write. */
const WRITTEN = oncePerApp<string>();

/** The ports of a service that a gateway can tell apart. */
interface Ways {
  readonly http?: ExternalPort;
  readonly tls?: ExternalPort;
}

/**
 * One Gateway for requests that leave the mesh (Istio 1.30, task "Egress Gateways").
 *
 * A plain request goes by mutual TLS from the sidecar to the gateway, and from there as the port of the `ExternalService` says: with `tls`
 * on that port the gateway opens TLS to the host. TLS that the application has opened goes through both as it is.
 *
 * The VirtualServices stand beside the ServiceEntries, with the same `exportTo`, so that a sidecar which knows the service knows its way
 * out, too: a `Sidecar` leaves out VirtualServices of namespaces that it does not list.
 *
 * Nothing here keeps an application from going past its sidecar: that takes a NetworkPolicy which lets out the gateway's pods alone.
 */
export class EgressGateway extends Construct {
  /** Name of the Gateway object. */
  public readonly gatewayName: string;
  /** Namespace of the Gateway object, and of the gateway's pods. */
  public readonly gatewayNamespace: string;
  /** The pods that run the gateway. */
  public readonly workload: IGatewayWorkload;
  private readonly service: string;
  private readonly passedThrough: string[] = [];
  private readonly requestsFrom = new Set<string>();

  /** @throws InvalidProps for a name that cannot be, and for a gateway that can be reached from outside */
  public constructor(scope: Construct, id: string, props: EgressGatewayProps = {}) {
    super(scope, id);
    requireProps('EgressGatewayProps', props, this.node.path);
    this.gatewayName = requireServiceName('gatewayName', props.gatewayName ?? 'istio-egress', this.node.path);
    const workload = (props.workload ?? GatewayWorkload.injected())._bind(this, 'Workload', this.gatewayName);
    if (workload.entry === GatewayEntry.NETWORK_LOAD_BALANCER) {
      throw InvalidProps.value('workload', workload.entry,
        'must be a gateway without a load balancer: it would carry requests of anybody to the hosts', this.node.path);
    }
    this.workload = workload;
    this.gatewayNamespace = workload.workloadNamespace;
    this.service = serviceFqdn(workload.serviceName, workload.workloadNamespace);
    const metadata = { name: this.gatewayName, namespace: this.gatewayNamespace, labels: recommendedLabels(this.gatewayName, 'routing') };
    new PlainObject(this, 'Resource', { ...Gateway.GVK, metadata }, (): Fields<GatewaySpec> => ({ selector: workload.selector, servers: this.servers() }));
    // Gateway pods do not say that they take mutual TLS, so automatic mTLS sends plain text to them.
    new PlainObject(this, 'Tls', { ...DestinationRule.GVK, metadata }, (): Fields<DestinationRuleSpec> => ({
      host: this.service,
      subsets: [{ name: MESH_TLS, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }],
    }));
  }

  /**
   * Sends what sidecars have for the hosts of a service through this gateway.
   *
   * @throws InvalidProps for wildcards, for a service that the gateway does not see, for more than one port of HTTP or one of TLS or any
   * of another protocol, for a host that leaves elsewhere or has routes inside the mesh, and for a name that another service has taken
   */
  public addService(service: ExternalService): void {
    const path = this.node.path;
    requireProps(EXTERNAL, service, path, 'service');
    const ways = this.requireWays(service);
    const names = this.claim(service);
    const { exportTo, namespace } = service;
    if (ways.http) {
      this.requestsFrom.add(namespace);
    }
    if (ways.tls) {
      this.passedThrough.push(...service.hosts.map(host => `${namespace}/${host}`));
    }
    service.hosts.forEach((host, index) => {
      const name = names[index];
      const metadata = { name, namespace, labels: recommendedLabels(name, 'routing') };
      new PlainObject(this, `${namespace}.${host}`, { ...VirtualService.GVK, metadata }, (): Fields<VirtualServiceSpec> => ({
        hosts: [host],
        gateways: ['mesh', this.reference()],
        exportTo,
        http: ways.http && this.requests(host, ways.http.number),
        tls: ways.tls && this.connections(host, ways.tls.number),
      }));
    });
  }

  private requests(host: string, port: number): Fields<VirtualServiceSpecHttp>[] {
    const { httpsPort } = this.workload;
    return [
      {
        name: 'to-egress-gateway',
        match: [{ gateways: ['mesh'], port }],
        route: [{ destination: { host: this.service, subset: MESH_TLS, port: { number: httpsPort } } }],
      },
      { name: 'out', match: [{ gateways: [this.reference()], port: httpsPort }], route: [{ destination: { host, port: { number: port } } }] },
    ];
  }

  private connections(host: string, port: number): Fields<VirtualServiceSpecTls>[] {
    const { httpsPort } = this.workload;
    return [
      { match: [{ gateways: ['mesh'], port, sniHosts: [host] }], route: [{ destination: { host: this.service, port: { number: httpsPort } } }] },
      { match: [{ gateways: [this.reference()], port: httpsPort, sniHosts: [host] }], route: [{ destination: { host, port: { number: port } } }] },
    ];
  }

  /** Both servers share a port: Envoy tells them by the server name, which is one of Istio's own for the connections of sidecars. */
  private servers(): Fields<GatewaySpecServers>[] {
    const number = this.workload.httpsPort;
    const servers: Fields<GatewaySpecServers>[] = [];
    if (this.requestsFrom.size > 0 || this.passedThrough.length === 0) {
      const namespaces = this.requestsFrom.size > 0 ? [...this.requestsFrom].sort() : [this.gatewayNamespace];
      servers.push({ port: { name: 'https', number, protocol: 'HTTPS' }, hosts: namespaces.map(namespace => `${namespace}/*`), tls: { mode: 'ISTIO_MUTUAL' } });
    }
    if (this.passedThrough.length > 0) {
      servers.push({ port: { name: 'tls', number, protocol: 'TLS' }, hosts: [...this.passedThrough], tls: { mode: 'PASSTHROUGH' } });
    }
    return servers;
  }

  private requireWays(service: ExternalService): Ways {
    const path = this.node.path;
    const { exportTo, hosts, namespace, ports } = service;
    const wildcard = hosts.find(host => !isHostName(host));
    if (wildcard !== undefined) {
      throw InvalidProps.value('service', wildcard, 'must be hosts that are no wildcards: the gateway has to know where to go', path);
    }
    const seen = (exportTo ?? ['*']).map(entry => (entry === '.' ? namespace : entry));
    if (!seen.includes('*') && !seen.includes(this.gatewayNamespace)) {
      throw InvalidProps.value('service', exportTo, `must be a service that is exported to ${this.gatewayNamespace}, where the gateway is`, path);
    }
    const [http, tls] = [isHttpFamily, isTlsFamily].map(family => ports.filter(({ protocol }) => family(protocol)));
    if (http.length > 1 || tls.length > 1 || http.length + tls.length < ports.length) {
      throw InvalidProps.value('service', ports.map(({ number, protocol }) => `${number} ${protocol}`),
        'must be a service with at most one port of HTTP and one of TLS, and no others: they share one port of the gateway', path);
    }
    return { http: http[0], tls: tls[0] };
  }

  /**
   * Takes the hosts and the names of their VirtualServices, and returns the names. Of two VirtualServices for one host sidecars follow the
   * older one alone (Istio 1.30, pilot/pkg/networking/core/httproute.go).
   */
  private claim({ hosts, namespace, serviceName }: ExternalService): string[] {
    const path = this.node.path;
    const written = WRITTEN(this);
    const names = hosts.map((_, index) => (index === 0 ? serviceName : requireServiceName('service', `${serviceName}-${index}`, path)));
    const claimHosts = this.prepareHosts(hosts);
    const taken = names.find(name => written.has(`${namespace}/${name}`));
    if (taken !== undefined) {
      throw InvalidProps.value('service', taken, 'must be a service whose VirtualServices have names of their own; '
        + `${written.get(`${namespace}/${taken}`)} has one of ${namespace} with this name: set entryName`, path);
    }
    claimHosts();
    names.forEach(name => written.set(`${namespace}/${name}`, path));
    return names;
  }

  private prepareHosts(hosts: readonly string[]): () => void {
    return renaming(() => 'service', () => prepareMeshHosts(this, hosts), this.node.path);
  }

  private reference(): string {
    return `${this.gatewayNamespace}/${this.gatewayName}`;
  }
}
