// A TCP route: the gateway forwards the connections of a load balancer port to a workload unchanged.
import { Construct } from 'constructs';
import { ANY_HOST } from '../../base/host';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { addConnectionRoute, type ConnectionRouteProps } from './connection-route';
import { rejectable, requireRouteId } from './route-id';
import type { IWorkload } from '../workload/workload';

/** Props of a `TcpRoute`. */
export interface TcpRouteProps extends ConnectionRouteProps {
  /** Port of the gateway's Service, one of its `tcpPorts`. */
  readonly port: number;
}

/** A route for the connections of one port. TCP connections carry nothing to match on, so a port has one route. */
export class TcpRoute extends Construct {
  /** Workloads that receive the connections. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route
   * @throws InvalidProps for a gateway behind an ALB, a port that its Service does not have or that already has a route, and a target that
   * is not a workload
   */
  public constructor(scope: Construct, id: string, props: TcpRouteProps) {
    super(scope, requireRouteId(scope, id));
    const { port: given, ...others } = rejectable(this, () => requireProps('TcpRouteProps', props));
    this.workloads = addConnectionRoute(this, id, others, () => {
      const port = requirePort('port', given);
      return {
        matched: [`TCP ${port}`],
        spec: route => ({ hosts: [ANY_HOST], tcp: [{ match: [{ port }], route }] }),
        open: (gateway, namespace) => gateway.passTcpThrough(namespace, port),
      };
    });
  }
}
