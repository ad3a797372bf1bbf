// A TLS route: connections are routed by their server name (SNI) to a workload that terminates TLS itself.
import { Construct } from 'constructs';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST, coversHost, requireHosts } from '../../base/host';
import { requireProps } from '../../base/prop-types';
import { addConnectionRoute, type ConnectionRouteProps } from './connection-route';
import { rejectable, requireRouteId } from './route-id';
import type { IWorkload } from '../workload/workload';

/** Props of a `TlsRoute`. */
export interface TlsRouteProps extends ConnectionRouteProps {
  /** Server names (SNI) to match. The gateway must not terminate TLS for any of them. */
  readonly hosts: string[];
}

/** TLS passthrough: the gateway reads only the server name, so it cannot match paths or headers, and cannot respond itself. */
export class TlsRoute extends Construct {
  /** Workloads that receive the connections. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route
   * @throws InvalidProps for a gateway behind an ALB, a host that the gateway terminates TLS for or that already has a route, and a target
   * that is not a workload
   */
  public constructor(scope: Construct, id: string, props: TlsRouteProps) {
    super(scope, requireRouteId(scope, id));
    const { hosts: given, ...others } = rejectable(this, () => requireProps('TlsRouteProps', props));
    this.workloads = addConnectionRoute(this, id, others, () => {
      const hosts = requireDisjoint(requireHosts('hosts', given));
      return {
        matched: hosts.map(host => `TLS ${host}`),
        spec: route => ({ hosts, tls: [{ match: [{ sniHosts: hosts }], route }] }),
        open: (gateway, namespace) => gateway.passTlsThrough(namespace, hosts),
      };
    });
  }
}

/** Returns the hosts, or throws for `*`, and for hosts that cover each other, which Istio rejects in one VirtualService. */
function requireDisjoint(hosts: string[]): string[] {
  if (hosts.includes(ANY_HOST)) {
    throw InvalidProps.value('hosts', hosts,
      'must be host names or wildcards such as *.example.com; * would include the hosts that the gateway terminates TLS for');
  }
  hosts.forEach((host, index) => {
    const wildcard = hosts.find(other => other !== host && coversHost(other, host));
    if (wildcard !== undefined) {
      throw InvalidProps.value(`hosts[${index}]`, host, `must not be covered by another host of the list: ${wildcard} matches it`);
    }
  });
  return hosts;
}
