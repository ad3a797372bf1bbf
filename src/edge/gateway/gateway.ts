// The Istio Gateway: the servers that accept the load balancer's connections and pass requests to the routes of the admitted namespaces.
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
import { requireChartScopeAndId } from '../../base/scope';
import { registerPassedHosts, requirePassedAtSynth } from '../../base/passed-hosts';
import type { IAlbBackend } from '../listener/backend';
import { registerGatewayLabels } from '../gateway-workload/gateway-labels';
import { registerLayer4Gateway } from '../gateway-workload/layer4-gateway';
import { registerPreflights } from '../gateway-workload/preflights';
import type { GatewayCertificate } from './certificate';
import { type GatewayAttributes, type IGateway, ImportedGateway, referencesOf } from './reference';
import { shareOwners } from './host-owners';
import { GatewayServers } from './servers';
import { type GatewayTlsOptions } from './tls';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { PlainObject } from '../wire/plain-object';
import { ReachedWorkloads, type WorkloadListener } from '../workload/reached-workloads';
import type { IWorkload } from '../workload/workload';

/** Construct paths of Gateways, by the pods, port and host of their servers. */
const CLAIMED = oncePerApp<string>();

/** Options for the Gateway. */
export interface EdgeGatewayOptions {
  /**
   * Protocol between the load balancer and the gateway. It determines the server and its port, the Service port that the load balancer
   * forwards to, the protocol of the target group, and whether there is a certificate.
   *
   * With HTTP, requests are readable inside the VPC. Behind a Network Load Balancer, clients speak this protocol as well.
   *
   * @default BackendProtocol.HTTPS
   */
  readonly protocol?: BackendProtocol;

  /**
   * Name of the TLS Secret, in the namespace of the gateway's pods. An ALB does not verify the certificates of its targets, so a
   * self-signed certificate is sufficient behind an ALB. Required for HTTPS without `certificate`; rejected for HTTP.
   *
   * @default - the name of the Gateway with the suffix `-tls` if `certificate` is set
   */
  readonly credentialName?: string;

  /**
   * Issuer of the certificate in that Secret.
   *
   * @default - the Secret already exists
   */
  readonly certificate?: GatewayCertificate;

  /**
   * TLS settings for clients behind a Network Load Balancer: versions, cipher suites, client certificates. Rejected behind an ALB.
   *
   * @default - TLS 1.2 and 1.3, without client certificates
   */
  readonly tls?: GatewayTlsOptions;

  /**
   * Additional namespaces whose VirtualServices may attach for any host. The namespaces of routes declared here are admitted automatically,
   * for the hosts of these routes.
   *
   * @default - none
   */
  readonly admittedNamespaces?: string[];

  /**
   * Hosts for which VirtualServices from another repository may attach, as `namespace/host`, such as `team/shop.example.com`. No other
   * namespace can attach routes for such a host.
   *
   * @default - none
   */
  readonly admittedHosts?: string[];

  /**
   * Whether the Gateway tells ExternalDNS, if that has the sources `istio-gateway` or `istio-virtualservice`, to publish the hosts of all routes at the
   * address of the edge's ALB. Set it to false if another load balancer is in front of the Gateway, too: the annotation names one Ingress for all
   * hosts, so the hosts of the other load balancer would get the wrong address. The source `ingress` publishes each host at its own load balancer.
   *
   * @default true
   */
  readonly externalDns?: boolean;
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
   * Hosts that the edge serves. Required behind a Network Load Balancer, where the gateway sees the SNI of clients. Behind an ALB, only the
   * routes determine the hosts.
   *
   * @default - none
   */
  readonly hosts?: string[];

  /**
   * Name of the ALB's Ingress, in the namespace of the gateway's pods. With the sources `istio-gateway` and `istio-virtualservice`,
   * ExternalDNS then uses the address of the ALB for the hosts of the routes, because the gateway's Service has none. Ignored behind a
   * Network Load Balancer, where the Service has an address.
   *
   * @default - no annotation for ExternalDNS
   */
  readonly ingressName?: string;
}

/**
 * An Istio Gateway behind a load balancer.
 *
 * Behind an ALB, it has a single server with host `*`: the ALB sends no SNI to its targets, so a TLS server with concrete hosts never
 * matches. The namespaces that may attach routes are listed individually. The ALB redirects HTTP to HTTPS.
 *
 * Behind a Network Load Balancer, the gateway terminates client TLS. It has an HTTPS server with the concrete hosts and an HTTP server that
 * redirects to HTTPS, or, with protocol HTTP, a single HTTP server. If the load balancer terminates client TLS itself (`certificateArns`), the
 * servers have the host `*`. If it listens on TCP ports only, there are only TCP servers.
 */
export class EdgeGateway extends Construct implements IGateway, IAlbBackend {
  /** References a Gateway of another chart or repository. */
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
  /** The proxy's status port never uses TLS. */
  public readonly healthCheckProtocol: BackendProtocol = BackendProtocol.HTTP;
  public readonly healthCheckPath: string = '/healthz/ready';
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;
  /** @internal */
  public readonly _sharing: IGateway[] = [];
  /** What routes have asked of this Gateway, for those that will share its routes. */
  private readonly asked: ((gateway: IGateway) => void)[] = [];
  private readonly servers: GatewayServers;
  private readonly pods: string;
  private readonly httpsPort: number;
  private readonly reached = new ReachedWorkloads();

  /** @throws InvalidProps for invalid names, and for options that conflict with the protocol or the load balancer */
  public constructor(scope: Construct, id: string, props: EdgeGatewayProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { workload } = requireProps('EdgeGatewayProps', props, this.node.path);
    this.gatewayName = requireServiceName('gatewayName', props.gatewayName ?? workload.serviceName, this.node.path);
    this.gatewayNamespace = workload.workloadNamespace;
    this.backendNamespace = workload.workloadNamespace;
    this.backendService = workload.serviceName;
    this.backendProtocol = this.requireProtocol(props);
    this.backendPort = this.backendProtocol === BackendProtocol.HTTPS ? workload.httpsPort : workload.httpPort;
    this.healthCheckPort = String(workload.statusPort ?? workload.statusPortName);
    this.drainDuration = workload.drainDuration;
    const isLayer4 = workload.entry === GatewayEntry.NETWORK_LOAD_BALANCER;
    this.targetTypes = isLayer4 ? [] : workload.targetTypes;
    // A load balancer that terminates client TLS does not pass the SNI on reliably: no server may depend on it.
    const seesClientTls = isLayer4 && workload.tlsTerminated !== true;
    const hosts = seesClientTls ? requireHosts('hosts', props.hosts!, this.node.path) : [ANY_HOST];
    const credentialName = this.credential(props);
    this.pods = `${workload.workloadNamespace}/${workload.serviceName}`;
    this.httpsPort = workload.httpsPort;
    if (isLayer4) {
      registerPassedHosts(this, this.pods, hosts);
    } else {
      requirePassedAtSynth(this, this.pods, () => this.servers.admission.hosts().map(host => ['every host of a route and of admittedHosts', host]));
    }
    registerGatewayLabels(this, workload, 'edgeName');
    if (this.backendProtocol === BackendProtocol.HTTPS) {
      this.registerServer('workload', this.httpsPort, hosts);
    }
    this.servers = this.refusing(() => new GatewayServers(workload, { hosts, credentialName, tls: props.tls }));
    this.admit(props);
    const metadata = this.metadata(isLayer4 || props.externalDns === false ? undefined : props.ingressName);
    new PlainObject(this, 'Resource', { ...Gateway.GVK, metadata }, (): GatewaySpec => ({ selector: workload.selector, servers: this.servers.render() }));
    props.certificate?._render(this, {
      namespace: this.gatewayNamespace,
      secretName: credentialName!,
      gatewayName: this.gatewayName,
      dnsNames: seesClientTls ? hosts : [serviceFqdn(workload.serviceName, workload.workloadNamespace)],
      verified: seesClientTls,
    });
  }

  public admitRoutesFrom(namespace: string, hosts?: string[]): void {
    this.asking(gateway => gateway.admitRoutesFrom(namespace, hosts), () => {
      this.servers.requireHttp();
      this.servers.admission.admit(namespace, hosts);
    });
  }

  public passTlsThrough(namespace: string, hosts: string[]): void {
    this.asking(gateway => gateway.passTlsThrough(namespace, hosts),
      () => this.servers.passTlsThrough(namespace, hosts, () => this.openPort('hosts', this.httpsPort, hosts)));
  }

  public passTcpThrough(namespace: string, port: number): void {
    this.asking(gateway => gateway.passTcpThrough(namespace, port),
      () => this.servers.passTcpThrough(namespace, port, () => this.openPort('port', port, [ANY_HOST])));
  }

  /**
   * Attaches all routes of this Gateway to another one as well, those of later calls included: for a canary of the gateway itself, or two
   * revisions of Istio side by side. Routes of other repositories attach where they say.
   *
   * Workloads that the routes reach count as reached through both Gateways, so that an edge around the other one protects them and lets its
   * own gateway call them.
   *
   * @throws InvalidProps for this Gateway itself, for one that shares its routes already, if the other one rejects a route, and for a host that has
   * other routes there
   */
  public shareRoutesWith(gateway: IGateway): void {
    requireProps('IGateway', gateway, this.node.path, 'gateway');
    const [own, other] = [referencesOf(this), referencesOf(gateway)];
    const known = other.find(reference => own.includes(reference));
    if (known !== undefined) {
      throw InvalidProps.value('gateway', known, `must be a Gateway that does not have the routes of ${own[0]} yet`, this.node.path);
    }
    this.asked.forEach(ask => ask(gateway));
    refusedAt(this.node.path, () => shareOwners(this, own[0], other));
    if (gateway instanceof EdgeGateway) {
      // Some of the routes are for hosts that its own load balancers do not pass.
      registerPassedHosts(this, gateway.pods, [ANY_HOST]);
    }
    this.reached.listen({ _accept: workloads => gateway._accept?.(workloads), _reach: workload => gateway._reach?.(workload) });
    this._sharing.push(gateway);
  }

  /** @internal */
  public _accept(workloads: readonly IWorkload[]): void {
    this.reached.accept(workloads);
  }

  /** @internal */
  public _reach(workload: IWorkload): void {
    this.reached.add(workload);
  }

  /** @internal */
  public _expectPreflights(hosts: readonly string[]): void {
    this.asking(gateway => gateway._expectPreflights?.(hosts), () => registerPreflights(this, this.pods, hosts));
  }

  /** Calls the listener for every workload that routes reach, now or later. @internal */
  public _onWorkload(listener: WorkloadListener): void {
    this.reached.listen(listener);
  }

  private admit({ admittedNamespaces, admittedHosts = [] }: EdgeGatewayProps): void {
    const admit = (namespace: string): void => this.refusing(() => this.servers.admission.admit(namespace));
    admit(this.gatewayNamespace);
    admittedNamespaces?.forEach((namespace, index) => admit(requireDnsLabel(`admittedNamespaces[${index}]`, namespace, this.node.path)));
    this.refusing(() => this.servers.admission.admitEntries('admittedHosts', admittedHosts));
  }

  /** The Gateways that share the routes come first: they can reject what this one accepts. */
  private asking(ask: (gateway: IGateway) => void, own: () => void): void {
    this._sharing.forEach(ask);
    this.refusing(own);
    this.asked.push(ask);
  }

  private refusing<T>(call: () => T): T {
    return refusedAt(this.node.path, call);
  }

  private openPort(prop: string, port: number, hosts: readonly string[]): void {
    this.registerServer(prop, port, hosts);
    registerLayer4Gateway(this, this.pods);
  }

  /**
   * Istio ignores a second server for the same hosts on the same port and pods: silently if the hosts are spelled identically, otherwise
   * Envoy rejects the listener. It accepts one TCP server per port (Istio 1.30, pilot/pkg/model/gateway.go).
   */
  private registerServer(prop: string, port: number, hosts: readonly string[]): void {
    const claimed = CLAIMED(this);
    const server = `${this.pods}:${port}`;
    for (const host of hosts) {
      const other = claimed.get(`${server} ${host}`);
      if (other !== undefined && other !== this.node.path) {
        const [value, what] = host === ANY_HOST ? [server, 'every host'] : [`${server} ${host}`, `host ${host}`];
        throw InvalidProps.conflict(prop, value,
          `cannot be used, because ${other} already has a server for ${what} on ${server}; for a second edge, set another edgeName, such as `
          + 'edgeName: \'other\', or another workload; to share the gateway, add routes or another Alb to that Gateway', this.node.path);
      }
    }
    hosts.forEach(host => claimed.set(`${server} ${host}`, this.node.path));
  }

  private requireProtocol({ protocol: given, workload }: EdgeGatewayProps): BackendProtocol {
    if (workload.plainHttpOnly && workload.noPlainHttp) {
      if (given !== undefined) {
        throw InvalidProps.conflict('protocol', given, 'cannot be set, because the load balancer listens on TCP ports only', this.node.path);
      }
      return BackendProtocol.HTTP;
    }
    const protocol = given ?? BackendProtocol.HTTPS;
    if (protocol === BackendProtocol.HTTP && (workload.noPlainHttp || workload.tlsTerminated)) {
      throw InvalidProps.value('protocol', protocol, workload.noPlainHttp
        ? 'must be HTTPS, because the load balancer does not listen for HTTP (http: false)'
        : 'must be HTTPS, because the load balancer encrypts again to the gateway (certificateArns)', this.node.path);
    }
    if (protocol === BackendProtocol.HTTPS && workload.plainHttpOnly) {
      throw InvalidProps.value('protocol', protocol,
        'must be HTTP, because the load balancer does not listen for HTTPS (https: false)', this.node.path);
    }
    // Over plain HTTP, only a trusted header shows that the client used HTTPS. Without trust, the gateway overwrites it with http.
    const needsTrust = protocol === BackendProtocol.HTTP && workload.entry === GatewayEntry.ALB;
    if (needsTrust && workload.trustedProxies === undefined) {
      throw InvalidProps.missing('workload.trustedProxies',
        'when protocol is HTTP: only a gateway that trusts the ALB (numTrustedProxies: 1) knows from X-Forwarded-Proto that the client used HTTPS',
        this.node.path);
    }
    if (needsTrust && workload.trustedProxies === 0) {
      throw InvalidProps.value('protocol', protocol,
        'must be HTTPS when trustedProxies is 0, because the gateway would ignore the X-Forwarded-Proto header of the ALB', this.node.path);
    }
    return protocol;
  }

  /** The Secret of the HTTPS server; undefined with HTTP. */
  private credential({ credentialName, certificate }: EdgeGatewayProps): string | undefined {
    if (this.backendProtocol === BackendProtocol.HTTPS) {
      if (credentialName === undefined && certificate === undefined) {
        throw InvalidProps.missing('credentialName', 'when protocol is HTTPS and certificate is not set', this.node.path);
      }
      return requireSecretName('credentialName', credentialName ?? `${this.gatewayName}-tls`, this.node.path);
    }
    if (credentialName !== undefined) {
      throw InvalidProps.conflict('credentialName', credentialName, 'cannot be set when protocol is HTTP', this.node.path);
    }
    if (certificate !== undefined) {
      throw InvalidProps.conflict('certificate', 'a certificate', 'cannot be set when protocol is HTTP', this.node.path);
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
