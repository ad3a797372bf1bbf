// The Gateway interface for routes, and a reference to a Gateway of another chart or repository.
import { InvalidProps } from '../../base/errors';
import { isCovered } from '../../base/host';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requirePort } from '../../base/number';
import { requireProps, STRINGS } from '../../base/prop-types';
import { admittedHosts } from './admission';
import type { IWorkload } from '../workload/workload';

/** A Gateway that routes can attach to. */
export interface IGateway {
  /** Name of the Gateway object. */
  readonly gatewayName: string;
  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Allows VirtualServices of a namespace to attach to this Gateway.
   *
   * @param hosts the hosts of the VirtualServices; all hosts of the Gateway by default
   * @throws InvalidProps if this is a reference to a Gateway that does not admit them
   */
  admitRoutesFrom(namespace: string, hosts?: string[]): void;

  /**
   * Passes TLS connections for the hosts through to the routes of a namespace, without terminating TLS. A `TlsRoute` calls this.
   *
   * @throws InvalidProps behind an ALB, or if the Gateway terminates TLS for one of the hosts
   */
  passTlsThrough(namespace: string, hosts: string[]): void;

  /**
   * Passes the TCP connections of a Service port to the routes of a namespace. A `TcpRoute` calls this.
   *
   * @throws InvalidProps behind an ALB, or if the gateway's Service does not have the port
   */
  passTcpThrough(namespace: string, port: number): void;

  /** Called with all workloads of a route before anything changes. Throws if the gateway rejects one of them. @internal */
  _accept?(workloads: readonly IWorkload[]): void;

  /** Called with every workload of a route, before the route is added. @internal */
  _reach?(workload: IWorkload): void;

  /** The Gateways that have the same routes. @internal */
  readonly _sharing?: readonly IGateway[];

  /** Called with the hosts of a route with a CORS policy. @internal */
  _expectPreflights?(hosts: readonly string[]): void;
}

/** The Gateway as VirtualServices name it, and after it those that share its routes. */
export function referencesOf({ gatewayNamespace, gatewayName, _sharing: sharing = [] }: IGateway): string[] {
  return [...new Set([`${gatewayNamespace}/${gatewayName}`, ...sharing.flatMap(referencesOf)])];
}

/** A Gateway of another chart or repository. */
export interface GatewayAttributes {
  /** Name of the Gateway object. */
  readonly gatewayName: string;

  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Namespaces whose VirtualServices may attach for any host.
   *
   * @default - unknown unless `admittedHosts` is set; every namespace is assumed to be admitted
   */
  readonly admittedNamespaces?: string[];

  /**
   * Hosts for which VirtualServices of a namespace may attach, as `namespace/host`, such as `team/shop.example.com`.
   *
   * @default - unknown unless `admittedNamespaces` is set
   */
  readonly admittedHosts?: string[];
}

/** The result of `EdgeGateway.fromAttributes`. */
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
    requireProps(STRINGS, hosts, '', 'hosts');
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
    this.admitRoutesFrom(namespace, requireProps(STRINGS, hosts, '', 'hosts'));
  }

  public passTcpThrough(namespace: string, port: number): void {
    requirePort('port', port);
    this.admitRoutesFrom(namespace);
  }
}
