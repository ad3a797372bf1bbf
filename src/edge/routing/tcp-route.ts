// A TCP route: what a port of the load balancer takes goes to a workload as it comes.
import type { Construct } from 'constructs';
import { ANY_HOST } from '../../base/host';
import { requirePort } from '../../base/number';
import { OBJECT, requireProps } from '../../base/prop-types';
import { addConnectionRoute } from './connection-route';
import type { IGateway } from '../gateway/reference';
import type { RouteTarget } from './route-target';
import type { IWorkload } from '../workload/workload';

/** Props of a `TcpRoute`. */
export interface TcpRouteProps {
  /** The Gateway that connections come in by: one behind a Network Load Balancer. */
  readonly gateway: IGateway;

  /** Port of the gateway's Service, one of its `tcpPorts`. */
  readonly port: number;

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

/** A route for the connections of one port. Nothing in them says for whom they are, so a port has one route. */
export class TcpRoute {
  /** Workloads that connections are handed to. */
  public readonly workloads: IWorkload[];

  /**
   * @param scope the chart, or a construct in it, that gets the VirtualService
   * @param id name of the route
   * @throws InvalidProps for a gateway behind an ALB, a port that its Service does not have, one that has a route, and a target that is no
   * workload
   */
  public constructor(scope: Construct, id: string, props: TcpRouteProps) {
    const { port: given, ...others } = requireProps(OBJECT, props, `${scope.node.path}/${id}`) as TcpRouteProps;
    this.workloads = addConnectionRoute(scope, id, others, () => {
      const port = requirePort('port', given);
      return {
        claims: [`TCP ${port}`],
        spec: route => ({ hosts: [ANY_HOST], tcp: [{ match: [{ port }], route }] }),
        open: (gateway, namespace) => gateway.passTcpThrough(namespace, port),
      };
    });
  }
}
