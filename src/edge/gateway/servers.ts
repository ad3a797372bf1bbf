// The servers of a Gateway: the hosts and protocol on each Service port of its pods.
import type { GatewaySpecServers, GatewaySpecServersTls, GatewaySpecServersTlsMode } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requirePort } from '../../base/number';
import { GatewayAdmission } from './admission';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { type GatewayTlsOptions, renderGatewayTls } from './tls';
import type { Fields } from '../wire/istio-fields';

/** What a Gateway serves. */
interface Served {
  /** Hosts; `*` behind an ALB. */
  readonly hosts: readonly string[];
  /** Secret with the certificate; undefined with plain HTTP. */
  readonly credentialName?: string;
  /** TLS settings for clients behind a Network Load Balancer. */
  readonly tls?: GatewayTlsOptions;
}

/** The servers of one Gateway. */
export class GatewayServers {
  /** The namespaces that may attach HTTP routes. */
  public readonly admission: GatewayAdmission;
  private readonly tls?: Fields<GatewaySpecServersTls>;
  private readonly passedOn = new Map<string, string[]>();
  private readonly tcp = new Map<number, Set<string>>();

  public constructor(private readonly workload: IGatewayWorkload, private readonly served: Served) {
    this.admission = new GatewayAdmission(served.hosts);
    const { credentialName, tls } = served;
    if (tls !== undefined && workload.tlsTerminated) {
      throw InvalidProps.conflict('tls', tls,
        'cannot be set behind a Network Load Balancer with certificateArns, which terminates client TLS; use its sslPolicy');
    }
    if (tls !== undefined && (credentialName === undefined || !this.isLayer4)) {
      throw InvalidProps.conflict('tls', tls, credentialName === undefined ? 'cannot be set when protocol is HTTP'
        : 'cannot be set behind an ALB, which terminates client TLS; use sslPolicy and clientCertificates of its listeners');
    }
    this.tls = credentialName === undefined ? undefined : renderGatewayTls(credentialName, tls);
  }

  /**
   * Adds hosts to the TLS passthrough server.
   *
   * @param register called after validation and before the hosts are added; it can reject them
   */
  public passTlsThrough(namespace: string, hosts: readonly string[], register: () => void): void {
    this.requireLayer4('TLS passthrough');
    requireDnsLabel('namespace', namespace);
    if (this.workload.plainHttpOnly) {
      throw InvalidProps.conflict('gateway', 'a gateway for TLS passthrough',
        'cannot pass TLS through, because its load balancer does not listen for HTTPS (https: false)');
    }
    if (this.workload.tlsTerminated) {
      throw InvalidProps.conflict('gateway', 'a gateway for TLS passthrough',
        'cannot pass TLS through, because its load balancer already terminates it (certificateArns)');
    }
    requireHosts('hosts', hosts).forEach((host, index) => {
      if (this.served.hosts.includes(host)) {
        throw InvalidProps.conflict(`hosts[${index}]`, host, 'cannot be passed through, because the gateway already terminates TLS for it');
      }
    });
    register();
    this.passedOn.set(namespace, [...new Set([...this.passedOn.get(namespace) ?? [], ...hosts])]);
  }

  /** Adds a TCP server. @param register as above */
  public passTcpThrough(namespace: string, port: number, register: () => void): void {
    this.requireLayer4('TCP routes');
    const { tcpPorts = [], serviceName } = this.workload;
    if (!tcpPorts.includes(requirePort('port', port))) {
      throw InvalidProps.value('port', port, `must be one of tcpPorts of the Service ${serviceName}: ${tcpPorts.join(', ') || 'none set'}`);
    }
    requireDnsLabel('namespace', namespace);
    register();
    this.tcp.set(port, (this.tcp.get(port) ?? new Set()).add(namespace));
  }

  /** Throws if no route for HTTP can be attached. */
  public requireHttp(): void {
    if (this.workload.plainHttpOnly && this.workload.noPlainHttp) {
      throw InvalidProps.conflict('gateway', 'a gateway for HTTP routes', 'cannot have HTTP routes, because its load balancer listens on TCP ports only');
    }
  }

  public render(): GatewaySpecServers[] {
    const { httpPort, httpsPort } = this.workload;
    const hosts = this.admission.entries();
    const http = { port: { name: 'http', number: httpPort, protocol: 'HTTP' }, hosts };
    const https = this.tls === undefined ? [] : [{
      port: { name: 'https', number: httpsPort, protocol: 'HTTPS' }, hosts, tls: this.tls as GatewaySpecServersTls,
    }];
    const plain = this.workload.noPlainHttp ? [] : https.length === 0 ? [http] : this.isLayer4 ? [{ ...http, tls: { httpsRedirect: true } }] : [];
    return [...https, ...this.passthrough(httpsPort), ...plain, ...this.tcpServers()];
  }

  private get isLayer4(): boolean {
    return this.workload.entry === GatewayEntry.NETWORK_LOAD_BALANCER;
  }

  private passthrough(port: number): GatewaySpecServers[] {
    const hosts = inOrder(this.passedOn).flatMap(([namespace, own]) => own.map(host => `${namespace}/${host}`));
    return hosts.length === 0 ? [] : [{
      port: { name: 'tls-passthrough', number: port, protocol: 'TLS' }, hosts, tls: { mode: 'PASSTHROUGH' as GatewaySpecServersTlsMode },
    }];
  }

  private tcpServers(): GatewaySpecServers[] {
    return inOrder(this.tcp).map(([port, namespaces]) => ({
      port: { name: `tcp-${port}`, number: port, protocol: 'TCP' }, hosts: [...namespaces].sort().map(namespace => `${namespace}/${ANY_HOST}`),
    }));
  }

  private requireLayer4(purpose: string): void {
    if (!this.isLayer4) {
      throw InvalidProps.value('gateway', `a gateway for ${purpose}`,
        'must be behind a Network Load Balancer, because an ALB only forwards HTTP to its targets');
    }
  }
}

function inOrder<K extends string | number, V>(map: Map<K, V>): [K, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
