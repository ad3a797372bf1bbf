// The servers of a Gateway: what it listens for on which Service port of its pods.
import type { GatewaySpecServers, GatewaySpecServersTls, GatewaySpecServersTlsMode } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, requireHosts } from '../../base/host';
import { requireDnsLabel } from '../../base/kubernetes-name';
import { requirePort } from '../../base/number';
import { GatewayAdmission } from './admission';
import { GatewayEntry, type IGatewayWorkload } from '../gateway-workload/service';
import { type GatewayTlsOptions, renderGatewayTls } from './tls';
import type { Fields } from '../wire/istio-fields';

/** What a Gateway answers for. */
interface Served {
  /** Its hosts; `*` behind an ALB. */
  readonly hosts: readonly string[];
  /** Secret of its certificate; none where plain HTTP is spoken. */
  readonly credentialName?: string;
  /** How TLS is spoken with clients behind a Network Load Balancer. */
  readonly tls?: GatewayTlsOptions;
}

/** The servers of one Gateway. */
export class GatewayServers {
  /** Who may attach HTTP routes. */
  public readonly admission: GatewayAdmission;
  private readonly tls?: Fields<GatewaySpecServersTls>;
  private readonly passedOn = new Map<string, string[]>();
  private readonly tcp = new Map<number, Set<string>>();

  public constructor(private readonly workload: IGatewayWorkload, private readonly served: Served) {
    this.admission = new GatewayAdmission(served.hosts);
    const { credentialName, tls } = served;
    if (tls !== undefined && (credentialName === undefined || !this.isLayer4)) {
      throw InvalidProps.conflict('tls', tls, credentialName === undefined ? 'cannot be set with the protocol HTTP'
        : 'cannot be set behind an ALB, which ends the clients\' TLS itself: sslPolicy and clientCertificates of its listeners');
    }
    this.tls = credentialName === undefined ? undefined : renderGatewayTls(credentialName, tls);
  }

  /**
   * Adds hosts to the server that hands on TLS as it comes.
   *
   * @param claim called when they may be added, before they are; it may refuse them
   */
  public passTlsThrough(namespace: string, hosts: readonly string[], claim: () => void): void {
    this.requireLayer4('passes TLS through');
    requireDnsLabel('namespace', namespace);
    if (this.workload.plainHttpOnly) {
      throw InvalidProps.value('gateway', 'a gateway that passes TLS through', 'must be one whose load balancer listens for HTTPS: it has https: false');
    }
    requireHosts('hosts', hosts).forEach((host, index) => {
      if (this.served.hosts.includes(host)) {
        throw InvalidProps.value(`hosts[${index}]`, host, 'must be a host that the gateway does not end TLS for; Istio would drop one of the two servers');
      }
    });
    claim();
    this.passedOn.set(namespace, [...new Set([...this.passedOn.get(namespace) ?? [], ...hosts])]);
  }

  /** Adds a server that hands on TCP. @param claim as above */
  public passTcpThrough(namespace: string, port: number, claim: () => void): void {
    this.requireLayer4('hands on TCP');
    const { tcpPorts = [], serviceName } = this.workload;
    if (!tcpPorts.includes(requirePort('port', port))) {
      throw InvalidProps.conflict('port', port, tcpPorts.length > 0 ? `must be a TCP port of the Service ${serviceName}: ${tcpPorts.join(', ')}`
        : `cannot be set: name it in tcpPorts of the Service ${serviceName} first`);
    }
    requireDnsLabel('namespace', namespace);
    claim();
    this.tcp.set(port, (this.tcp.get(port) ?? new Set()).add(namespace));
  }

  public render(): GatewaySpecServers[] {
    const { httpPort, httpsPort } = this.workload;
    const hosts = this.admission.entries();
    const http = { port: { name: 'http', number: httpPort, protocol: 'HTTP' }, hosts };
    const https = this.tls === undefined ? [] : [{
      port: { name: 'https', number: httpsPort, protocol: 'HTTPS' }, hosts, tls: this.tls as GatewaySpecServersTls,
    }];
    const plain = https.length === 0 ? [http] : this.isLayer4 ? [{ ...http, tls: { httpsRedirect: true } }] : [];
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

  private requireLayer4(what: string): void {
    if (!this.isLayer4) {
      throw InvalidProps.value('gateway', `a gateway that ${what}`, 'must be one behind a Network Load Balancer: an ALB speaks HTTP with its targets');
    }
  }
}

function inOrder<K extends string | number, V>(map: Map<K, V>): [K, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
