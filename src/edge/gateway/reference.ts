// A Gateway as routes see it, and one that another chart or repository owns.
import { InvalidProps } from '../../base/errors';
import { isCovered } from '../../base/host';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { admittedHosts } from './admission';
import type { IWorkload } from '../workload/workload';

/** A Gateway that routes can be bound to. */
export interface IGateway {
  /** Name of the Gateway object. */
  readonly gatewayName: string;
  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Lets VirtualServices of a namespace attach to this Gateway.
   *
   * @param hosts those that they are for; all of the Gateway by default
   * @throws InvalidProps where the Gateway is not ours and does not admit them
   */
  admitRoutesFrom(namespace: string, hosts?: string[]): void;

  /**
   * Hands on TLS connections that ask for one of the hosts, without ending TLS, to the routes of a namespace. A `TlsRoute` does it.
   *
   * @throws InvalidProps where an ALB is in front, and where the Gateway ends TLS for one of the hosts
   */
  passTlsThrough(namespace: string, hosts: string[]): void;

  /**
   * Hands on the TCP connections of a Service port to the routes of a namespace. A `TcpRoute` does it.
   *
   * @throws InvalidProps where an ALB is in front, and where the gateway's Service does not have the port
   */
  passTcpThrough(namespace: string, port: number): void;

  /** Told of every workload that a route at this Gateway is to reach, before the route is there; it may refuse. @internal */
  _reach?(workload: IWorkload): void;
}

/** A Gateway that another chart or repository owns. */
export interface GatewayAttributes {
  /** Name of the Gateway object. */
  readonly gatewayName: string;

  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Namespaces whose VirtualServices may attach for any host.
   *
   * @default - not known here, unless `admittedHosts` is given; every namespace is taken as admitted
   */
  readonly admittedNamespaces?: string[];

  /**
   * Hosts for which VirtualServices of a namespace may attach, in Istio's form: `team/shop.example.com`.
   *
   * @default - not known here, unless `admittedNamespaces` is given
   */
  readonly admittedHosts?: string[];
}

/** Returns the Gateway, or throws when it is none. */
export function requireGateway(gateway: IGateway): IGateway {
  return requireProps('IGateway', gateway, '', 'gateway');
}

/** What `EdgeGateway.fromAttributes` returns. */
export class ImportedGateway implements IGateway {
  public readonly gatewayName: string;
  public readonly gatewayNamespace: string;
  private readonly namespaces: readonly string[];
  private readonly hosts: Map<string, string[]>;
  private readonly isKnown: boolean;

  public constructor(attributes: GatewayAttributes) {
    const { gatewayName, gatewayNamespace, admittedNamespaces, admittedHosts: entries } = requireProps('GatewayAttributes', attributes, '', 'attributes');
    this.gatewayName = requireServiceName('gatewayName', gatewayName);
    this.gatewayNamespace = requireDnsLabel('gatewayNamespace', gatewayNamespace);
    this.namespaces = admittedNamespaces ?? [];
    this.hosts = admittedHosts('admittedHosts', entries ?? []);
    this.isKnown = admittedNamespaces !== undefined || entries !== undefined;
  }

  public admitRoutesFrom(namespace: string, hosts: string[] = []): void {
    requireDnsLabel('namespace', namespace);
    if (!this.isKnown || this.namespaces.includes(namespace)) {
      return;
    }
    const admitted = this.hosts.get(namespace);
    if (admitted === undefined) {
      throw InvalidProps.value('namespace', namespace, `must be a namespace that the gateway ${this.gatewayNamespace}/${this.gatewayName} admits: `
        + [...this.namespaces, ...this.hosts.keys()].join(', '));
    }
    hosts.forEach((host, index) => {
      if (!isCovered(host, admitted)) {
        throw InvalidProps.value(`hosts[${index}]`, host,
          `must be a host that the gateway ${this.gatewayNamespace}/${this.gatewayName} admits from ${namespace}: ${admitted.join(', ')}`);
      }
    });
  }

  public passTlsThrough(namespace: string, hosts: string[]): void {
    this.admitRoutesFrom(namespace, hosts);
  }

  public passTcpThrough(namespace: string, port: number): void {
    requirePort('port', port);
    this.admitRoutesFrom(namespace);
  }
}
