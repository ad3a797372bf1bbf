// An egress gateway: the single exit for traffic leaving the mesh, where it can be observed and limited and has a known source address.
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
import { requireChartScopeAndId } from '../../base/scope';
import type { ExternalPort } from './external-port';
import { ExternalService } from './external-service';
import { registerGatewayLabels } from '../gateway-workload/gateway-labels';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { GatewayWorkload } from '../gateway-workload/gateway-workload';
import type { Fields } from '../wire/istio-fields';
import { isHttpFamily, isTlsFamily } from './mesh-protocol';
import { PlainObject } from '../wire/plain-object';
import { registerMeshHosts } from '../gateway/host-owners';

/** Props of an `EgressGateway`. */
export interface EgressGatewayProps {
  /**
   * The pods that run the gateway: new ones, or those of an existing gateway such as istio-egressgateway.
   *
   * @default GatewayWorkload.injected()
   */
  readonly workload?: GatewayWorkload;

  /**
   * Name of the Gateway object, of the DestinationRule for traffic to the gateway, and of the pods if they are deployed here.
   *
   * @default 'istio-egress'
   */
  readonly gatewayName?: string;
}

const EXTERNAL = typeOf<ExternalService>('an ExternalService', value => value instanceof ExternalService);

/** Name of the subset of the gateway's Service to which sidecars use mutual TLS. */
const MESH_TLS = 'mesh-tls';

/** Construct paths of egress gateways, by namespace and name of the VirtualServices that they made. */
const VIRTUAL_SERVICES = oncePerApp<string>();

/** The ports of a service that a gateway can forward. */
interface ForwardedPorts {
  readonly http?: ExternalPort;
  readonly tls?: ExternalPort;
}

/**
 * A Gateway for traffic that leaves the mesh (Istio 1.30, task "Egress Gateways").
 *
 * The sidecar sends plain HTTP requests to the gateway with mutual TLS. The gateway forwards them as the port of the `ExternalService` says:
 * with `tls` on the port, it originates TLS to the host. TLS originated by the application passes through both unchanged.
 *
 * The VirtualServices are in the namespaces of the ServiceEntries and have the same `exportTo`, so every sidecar that sees the service also
 * sees its route: a `Sidecar` drops VirtualServices of namespaces that it does not list.
 *
 * This does not stop an application from bypassing its sidecar. Add a NetworkPolicy that only allows egress from the pods of the gateway.
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

  /** @throws InvalidProps for an invalid name, and for a gateway that is reachable from outside the cluster */
  public constructor(scope: Construct, id: string, props: EgressGatewayProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    requireProps('EgressGatewayProps', props, this.node.path);
    this.gatewayName = requireServiceName('gatewayName', props.gatewayName ?? 'istio-egress', this.node.path);
    const workload = (props.workload ?? GatewayWorkload.injected())._bind(this, 'Workload', this.gatewayName);
    if (workload.entry === GatewayEntry.NETWORK_LOAD_BALANCER) {
      throw InvalidProps.conflict('workload', workload.entry,
        'must not have a Network Load Balancer, because anyone who can reach it could send requests to the external hosts', this.node.path);
    }
    registerGatewayLabels(this, workload, 'gatewayName');
    this.workload = workload;
    this.gatewayNamespace = workload.workloadNamespace;
    this.service = serviceFqdn(workload.serviceName, workload.workloadNamespace);
    const metadata = { name: this.gatewayName, namespace: this.gatewayNamespace, labels: recommendedLabels(this.gatewayName, 'routing') };
    new PlainObject(this, 'Resource', { ...Gateway.GVK, metadata }, (): Fields<GatewaySpec> => ({ selector: workload.selector, servers: this.servers() }));
    // Gateway pods do not announce mutual TLS, so automatic mTLS would send plaintext to them.
    new PlainObject(this, 'Tls', { ...DestinationRule.GVK, metadata }, (): Fields<DestinationRuleSpec> => ({
      host: this.service,
      subsets: [{ name: MESH_TLS, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }],
    }));
  }

  /**
   * Routes traffic from the sidecars to the hosts of a service through this gateway.
   *
   * @throws InvalidProps for wildcard hosts, for a service that is not exported to the gateway, for several HTTP or TLS ports or a port of
   * another protocol, for a host that has another egress gateway or mesh routes, and for a duplicate VirtualService name
   */
  public addService(service: ExternalService): void {
    const path = this.node.path;
    requireProps(EXTERNAL, service, path, 'service');
    const ports = this.requireForwardable(service);
    const names = this.register(service);
    const { exportTo, namespace } = service;
    if (ports.http) {
      this.requestsFrom.add(namespace);
    }
    if (ports.tls) {
      this.passedThrough.push(...service.hosts.map(host => `${namespace}/${host}`));
    }
    service.hosts.forEach((host, index) => {
      const name = names[index];
      const metadata = { name, namespace, labels: recommendedLabels(name, 'routing') };
      new PlainObject(this, `${namespace}.${host}`, { ...VirtualService.GVK, metadata }, (): Fields<VirtualServiceSpec> => ({
        hosts: [host],
        gateways: ['mesh', this.reference()],
        exportTo,
        http: ports.http && this.requests(host, ports.http.number),
        tls: ports.tls && this.connections(host, ports.tls.number),
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

  /** Both servers share a port. Envoy distinguishes them by SNI, because sidecars use Istio's own server names for mutual TLS. */
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

  private requireForwardable(service: ExternalService): ForwardedPorts {
    const path = this.node.path;
    const { exportTo, hosts, namespace, ports } = service;
    const wildcard = hosts.find(host => !isHostName(host));
    if (wildcard !== undefined) {
      throw InvalidProps.value('service', wildcard, 'must not have wildcard hosts, because the gateway has to resolve the host', path);
    }
    const visibleIn = (exportTo ?? ['*']).map(entry => (entry === '.' ? namespace : entry));
    if (!visibleIn.includes('*') && !visibleIn.includes(this.gatewayNamespace)) {
      throw InvalidProps.value('service', exportTo, `must be exported to ${this.gatewayNamespace}, the namespace of the gateway`, path);
    }
    const [http, tls] = [isHttpFamily, isTlsFamily].map(family => ports.filter(({ protocol }) => family(protocol)));
    if (http.length > 1 || tls.length > 1 || http.length + tls.length < ports.length) {
      throw InvalidProps.value('service', ports.map(({ number, protocol }) => `${number} ${protocol}`),
        'must have at most one HTTP port and one TLS port and no others, because they share one port of the gateway', path);
    }
    return { http: http[0], tls: tls[0] };
  }

  /**
   * Registers the hosts and their VirtualServices, and returns the names of the VirtualServices. If a host has two VirtualServices, sidecars
   * only apply the older one (Istio 1.30, pilot/pkg/networking/core/httproute.go).
   */
  private register({ hosts, namespace, serviceName }: ExternalService): string[] {
    const path = this.node.path;
    const made = VIRTUAL_SERVICES(this);
    const names = hosts.map((_, index) => (index === 0 ? serviceName : requireServiceName('service', `${serviceName}-${index}`, path)));
    renaming(() => 'service', () => registerMeshHosts(this, hosts), path);
    const taken = names.find(name => made.has(`${namespace}/${name}`));
    if (taken !== undefined) {
      throw InvalidProps.duplicate('service', taken,
        `the name of a VirtualService of ${made.get(`${namespace}/${taken}`)} in namespace ${namespace}; set entryName of the service`, path);
    }
    names.forEach(name => made.set(`${namespace}/${name}`, path));
    return names;
  }

  private reference(): string {
    return `${this.gatewayNamespace}/${this.gatewayName}`;
  }
}
