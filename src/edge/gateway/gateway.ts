// The Istio Gateway: the servers that take the load balancer's connections and hand them to the routes of the admitted namespaces.
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Gateway, type GatewaySpec } from '../../../imports/istio/networking.istio.io';
import { BackendProtocol, type TargetType } from '../../base/alb-annotations/words';
import { InvalidProps, refusedAt } from '../../base/errors';
import { externalDnsAnnotations } from '../../base/external-dns';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireDnsLabel, requireSecretName, requireServiceName, serviceFqdn } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { oncePerApp } from '../../base/once-per-app';
import { requireProps } from '../../base/prop-types';
import type { IAlbBackend } from '../alb/backend';
import { registerLayer4Gateway } from '../gateway-workload/layer4-gateway';
import type { GatewayCertificate } from './certificate';
import { type GatewayAttributes, type IGateway, ImportedGateway } from './reference';
import { GatewayServers } from './servers';
import { type GatewayTlsOptions } from './tls';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { PlainObject } from '../wire/plain-object';
import type { IWorkload } from '../workload/workload';

/** Gateways by what their servers take of the pods: a port for all names, or for one, or for TCP. */
const CLAIMED = oncePerApp<string>();

/** The choices about the Gateway. */
export interface EdgeGatewayOptions {
  /**
   * What is spoken between the load balancer and the gateway. Everything else follows: the server and its port, the Service port that
   * the load balancer sends to, the protocol of its target group, and whether there is a certificate.
   *
   * Plain HTTP leaves the requests readable inside the VPC; behind a Network Load Balancer it is what clients speak, too.
   *
   * @default BackendProtocol.HTTPS
   */
  readonly protocol?: BackendProtocol;

  /**
   * Name of the TLS Secret, in the namespace of the gateway's pods. An ALB does not verify the certificates of its targets, so a
   * self-signed one will do behind one. Needed for HTTPS where there is no `certificate`, and refused for HTTP.
   *
   * @default - the name of the Gateway and `-tls` where there is a `certificate`
   */
  readonly credentialName?: string;

  /**
   * Where the certificate in that Secret comes from.
   *
   * @default - the Secret is there already
   */
  readonly certificate?: GatewayCertificate;

  /**
   * How TLS is spoken with clients, where a Network Load Balancer leads them to the gateway: versions, ciphers, certificates of clients.
   * Refused behind an ALB.
   *
   * @default - TLS 1.2 and 1.3; clients show no certificate
   */
  readonly tls?: GatewayTlsOptions;

  /**
   * Further namespaces whose VirtualServices may attach for any host. Those of routes that are made here are admitted by themselves, for
   * the hosts of the routes.
   *
   * @default - none
   */
  readonly admittedNamespaces?: string[];

  /**
   * Hosts for which VirtualServices of another repository may attach, in Istio's form: `team/shop.example.com`. No other namespace can
   * take such a host.
   *
   * @default - none
   */
  readonly admittedHosts?: string[];
}

/** Props of an `EdgeGateway`. */
export interface EdgeGatewayProps extends EdgeGatewayOptions {
  /** The pods that run the gateway. */
  readonly workload: IGatewayWorkload;

  /**
   * Name of the Gateway object.
   *
   * @default - the name of the workload's Service
   */
  readonly gatewayName?: string;

  /**
   * Hosts that the edge answers for. Needed behind a Network Load Balancer, where the gateway sees the name that clients ask for;
   * behind an ALB the routes alone decide about hosts.
   *
   * @default - none
   */
  readonly hosts?: string[];

  /**
   * Name of the Ingress of the ALB in front, in the namespace of the gateway's pods. ExternalDNS then takes the ALB's address for the
   * hosts of the routes (sources `istio-gateway` and `istio-virtualservice`), and not that of the gateway's Service, which has none.
   * Without effect behind a Network Load Balancer: there the Service has the address.
   *
   * @default - ExternalDNS is told nothing
   */
  readonly ingressName?: string;
}

const LAYER_4 = 'its Service has a Network Load Balancer of its own, and it trusts no header that an ALB would set';

/**
 * An Istio Gateway behind a load balancer.
 *
 * Behind an ALB: one server. The ALB opens TLS without a server name, and Istio turns concrete hosts of a TLS server into a condition
 * on that name; so its host part is `*`, and the namespaces that may attach are listed one by one. Redirects to HTTPS are the ALB's.
 *
 * Behind a Network Load Balancer: the gateway ends the clients' TLS itself. It has an HTTPS server with the concrete hosts, and an HTTP
 * server that redirects there; or, with the protocol HTTP, one HTTP server.
 */
export class EdgeGateway extends Construct implements IGateway, IAlbBackend {
  /** Refers to a Gateway that another chart or repository owns. */
  public static fromAttributes(attributes: GatewayAttributes): IGateway {
    return new ImportedGateway(attributes);
  }

  public readonly gatewayName: string;
  public readonly gatewayNamespace: string;
  public readonly backendNamespace: string;
  public readonly backendService: string;
  public readonly backendPort: number;
  public readonly backendProtocol: BackendProtocol;
  public readonly healthCheckPort: string;
  /** The proxy's status port never speaks TLS, whatever the traffic port does. */
  public readonly healthCheckProtocol: BackendProtocol = BackendProtocol.HTTP;
  public readonly healthCheckPath: string = '/healthz/ready';
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;
  public readonly whyNotBehindAlb?: string;
  private readonly servers: GatewayServers;
  private readonly pods: string;
  private readonly httpsPort: number;
  private readonly reached = new Set<IWorkload>();
  private readonly listeners: ((workload: IWorkload) => void)[] = [];

  /** @throws InvalidProps for names that Kubernetes would refuse, and for options that do not fit the protocol or the load balancer */
  public constructor(scope: Construct, id: string, props: EdgeGatewayProps) {
    super(scope, id);
    const { workload } = requireProps('EdgeGatewayProps', props, this.node.path);
    this.gatewayName = requireServiceName('gatewayName', props.gatewayName ?? workload.serviceName, this.node.path);
    this.gatewayNamespace = workload.workloadNamespace;
    this.backendNamespace = workload.workloadNamespace;
    this.backendService = workload.serviceName;
    this.backendProtocol = this.requireProtocol(props);
    this.backendPort = this.backendProtocol === BackendProtocol.HTTPS ? workload.httpsPort : workload.httpPort;
    this.healthCheckPort = workload.statusPortName;
    this.drainDuration = workload.drainDuration;
    const isLayer4 = workload.entry === GatewayEntry.NETWORK_LOAD_BALANCER;
    this.targetTypes = isLayer4 ? [] : workload.targetTypes;
    this.whyNotBehindAlb = isLayer4 ? LAYER_4 : undefined;
    const hosts = isLayer4 ? requireHosts('hosts', props.hosts!, this.node.path) : [ANY_HOST];
    const credentialName = this.credential(props);
    this.pods = `${workload.workloadNamespace}/${workload.serviceName}`;
    this.httpsPort = workload.httpsPort;
    if (this.backendProtocol === BackendProtocol.HTTPS) {
      this.claim('workload', this.httpsPort, hosts);
    }
    this.servers = this.refusing(() => new GatewayServers(workload, { hosts, credentialName, tls: props.tls }));
    this.admit(props);
    const metadata = this.metadata(isLayer4 ? undefined : props.ingressName);
    new PlainObject(this, 'Resource', { ...Gateway.GVK, metadata }, (): GatewaySpec => ({ selector: workload.selector, servers: this.servers.render() }));
    props.certificate?._render(this, {
      namespace: this.gatewayNamespace,
      secretName: credentialName!,
      gatewayName: this.gatewayName,
      dnsNames: isLayer4 ? hosts : [serviceFqdn(workload.serviceName, workload.workloadNamespace)],
      verified: isLayer4,
    });
  }

  public admitRoutesFrom(namespace: string, hosts?: string[]): void {
    this.refusing(() => this.servers.admission.admit(namespace, hosts));
  }

  public passTlsThrough(namespace: string, hosts: string[]): void {
    this.refusing(() => this.servers.passTlsThrough(namespace, hosts, () => this.handOn('hosts', this.httpsPort, hosts)));
  }

  public passTcpThrough(namespace: string, port: number): void {
    this.refusing(() => this.servers.passTcpThrough(namespace, port, () => this.handOn('port', port, [ANY_HOST])));
  }

  /** @internal */
  public _reach(workload: IWorkload): void {
    if (!this.reached.has(workload)) {
      this.listeners.forEach(listener => listener(workload));
      // Last, so that a workload that was refused is refused again.
      this.reached.add(workload);
    }
  }

  /** Calls back for every workload that routes reach, now or later. @internal */
  public _onWorkload(listener: (workload: IWorkload) => void): void {
    this.reached.forEach(listener);
    this.listeners.push(listener);
  }

  private admit({ admittedNamespaces, admittedHosts = [] }: EdgeGatewayProps): void {
    this.admitRoutesFrom(this.gatewayNamespace);
    admittedNamespaces?.forEach((namespace, index) => this.admitRoutesFrom(requireDnsLabel(`admittedNamespaces[${index}]`, namespace, this.node.path)));
    this.refusing(() => this.servers.admission.admitEntries('admittedHosts', admittedHosts));
  }

  private refusing<T>(call: () => T): T {
    return refusedAt(this.node.path, call);
  }

  private handOn(prop: string, port: number, hosts: readonly string[]): void {
    this.claim(prop, port, hosts);
    registerLayer4Gateway(this, this.pods);
  }

  /**
   * Istio drops the second server for the same hosts on a port of the same pods, silently where the hosts are spelled alike, and with a
   * listener that Envoy refuses where they are not; and it takes one TCP server on a port (Istio 1.30, pilot/pkg/model/gateway.go).
   */
  private claim(prop: string, port: number, hosts: readonly string[]): void {
    const claimed = CLAIMED(this);
    const server = `${this.pods}:${port}`;
    for (const host of hosts) {
      const other = claimed.get(`${server} ${host}`);
      if (other !== undefined && other !== this.node.path) {
        const [value, what] = host === ANY_HOST ? [server, 'any name'] : [`${server} ${host}`, 'this name'];
        throw InvalidProps.value(prop, value,
          `must be a gateway workload without a server for ${what}; ${other} has this one, so add routes, or another Alb, to that Gateway`, this.node.path);
      }
    }
    hosts.forEach(host => claimed.set(`${server} ${host}`, this.node.path));
  }

  private requireProtocol({ protocol = BackendProtocol.HTTPS, workload }: EdgeGatewayProps): BackendProtocol {
    if (protocol === BackendProtocol.HTTPS && workload.plainHttpOnly) {
      throw InvalidProps.value('protocol', protocol,
        'must be HTTP, because the load balancer in front does not listen for HTTPS (https: false)', this.node.path);
    }
    // Over plain HTTP only a trusted header tells that the client came by HTTPS; the gateway would overwrite it with http.
    if (protocol === BackendProtocol.HTTP && workload.entry === GatewayEntry.ALB && workload.trustedProxies === 0) {
      throw InvalidProps.value('protocol', protocol,
        'must be HTTPS, or a gateway with trustedProxies of 1 or more, which believes the X-Forwarded-Proto of the ALB',
        this.node.path);
    }
    return protocol;
  }

  /** The Secret of the HTTPS server; none with HTTP. */
  private credential({ credentialName, certificate }: EdgeGatewayProps): string | undefined {
    if (this.backendProtocol === BackendProtocol.HTTPS) {
      if (credentialName === undefined && certificate === undefined) {
        throw InvalidProps.value('credentialName', undefined,
          'must be the name of a TLS Secret, or a certificate, because the protocol is HTTPS', this.node.path);
      }
      return requireSecretName('credentialName', credentialName ?? `${this.gatewayName}-tls`, this.node.path);
    }
    if (credentialName !== undefined) {
      throw InvalidProps.conflict('credentialName', credentialName, 'cannot be set with the protocol HTTP', this.node.path);
    }
    if (certificate !== undefined) {
      throw InvalidProps.conflict('certificate', 'a certificate', 'cannot be set with the protocol HTTP', this.node.path);
    }
    return undefined;
  }

  private metadata(ingressName: string | undefined): Record<string, unknown> {
    return {
      name: this.gatewayName,
      namespace: this.gatewayNamespace,
      labels: recommendedLabels(this.gatewayName, 'gateway'),
      ...(ingressName === undefined ? {} : {
        // Read since ExternalDNS 0.13.6 (source/istio_gateway.go).
        annotations: externalDnsAnnotations('ingress', `${this.gatewayNamespace}/${requireServiceName('ingressName', ingressName, this.node.path)}`),
      }),
    };
  }
}
