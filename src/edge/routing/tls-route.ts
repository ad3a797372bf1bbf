// A TLS route: connections that ask for a host by its server name go to a workload that ends TLS itself.
import type { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, coversHost, requireHosts } from '../../base/host';
import { OBJECT, requireProps } from '../../base/prop-types';
import { addConnectionRoute } from './connection-route';
import type { IGateway } from '../gateway/reference';
import type { RouteTarget } from './route-target';
import type { IWorkload } from '../workload/workload';

/** Props of a `TlsRoute`. */
export interface TlsRouteProps {
  /** The Gateway that connections come in by: one behind a Network Load Balancer. */
  readonly gateway: IGateway;

  /** Hosts that clients ask for in the TLS handshake; none of those that the gateway ends TLS for. */
  readonly hosts: string[];

  /** Where the connections go: a workload, a version, or a split. */
  readonly target: RouteTarget;

  /**
   * Namespace of the VirtualService.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService: a DNS subdomain.
   *
   * @default - the id in lower case
   */
  readonly virtualServiceName?: string;
}

/** TLS passthrough: the gateway reads the server name and nothing else, so it cannot look at paths or headers, and cannot answer by itself. */
export class TlsRoute {
  /** Workloads that connections are handed to. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route
   * @throws InvalidProps for a gateway behind an ALB, a host that it ends TLS for, one that another route has, and a target that is no
   * workload
   */
  public constructor(scope: Construct, id: string, props: TlsRouteProps) {
    const { hosts: given, ...others } = requireProps(OBJECT, props, `${scope.node.path}/${id}`) as TlsRouteProps;
    this.workloads = addConnectionRoute(scope, id, others, () => {
      const hosts = requireApart(requireHosts('hosts', given));
      return {
        claims: hosts.map(host => `TLS ${host}`),
        spec: route => ({ hosts, tls: [{ match: [{ sniHosts: hosts }], route }] }),
        open: (gateway, namespace) => gateway.passTlsThrough(namespace, hosts),
      };
    });
  }
}

/** Returns the hosts, or throws for what would take the hosts of others, and for what Istio refuses in one VirtualService. */
function requireApart(hosts: string[]): string[] {
  if (hosts.includes(ANY_HOST)) {
    throw InvalidProps.value('hosts', hosts, 'must be host names or wildcards such as *.example.com: * would take the hosts that the gateway ends TLS for');
  }
  hosts.forEach((host, index) => {
    const wildcard = hosts.find(other => other !== host && coversHost(other, host));
    if (wildcard !== undefined) {
      throw InvalidProps.value(`hosts[${index}]`, host, `must be hosts that do not cover each other: ${wildcard} takes it`);
    }
  });
  return hosts;
}
