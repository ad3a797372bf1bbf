// A route: which requests it takes, and what happens to them. Routes with the same hosts share one VirtualService, in the order written.
import { Chart, Duration } from 'cdk8s';
import { Construct } from 'constructs';
import type { VirtualServiceSpecHttp } from '../../imports/istio/networking.istio.io';
import { InvalidProps } from '../base/errors';
import type { IGateway } from './gateway';
import { type HeaderMatch, type PathMatch, renderMatches } from './match';
import { renderDuration, renderRetries, type RetryPolicy } from './route-policy';
import { RouteTable } from './route-table';
import type { RouteTarget } from './route-target';
import { Subsets } from './subsets';
import type { IWorkload } from './workload';

/** Which requests a route takes, and what happens to them. */
export interface RouteOptions {
  /** What happens to the requests. */
  readonly target: RouteTarget;

  /**
   * Conditions on the path; one of them has to hold.
   *
   * @default - any path
   */
  readonly paths?: PathMatch[];

  /**
   * Conditions on headers; all of them have to hold.
   *
   * @default - any headers
   */
  readonly headers?: HeaderMatch[];

  /**
   * Time for the whole request, with all its attempts; at least 1 ms.
   *
   * @default - no limit, as in Istio
   */
  readonly timeout?: Duration;

  /**
   * When and how often a failed request is tried again.
   *
   * @default - Istio's own: 2 further attempts when the workload could not be reached
   */
  readonly retries?: RetryPolicy;
}

/** Props of a `Route`. */
export interface RouteProps extends RouteOptions {
  /** The Gateway that requests come in by. */
  readonly gateway: IGateway;

  /** Hosts of the requests; `*` for any. */
  readonly hosts: string[];

  /**
   * Namespace of the VirtualService. The Gateway is told to admit it.
   *
   * @default - the namespace of the chart, or else the Gateway's
   */
  readonly namespace?: string;

  /**
   * Name of the VirtualService, the same for all routes of a host list that name one; the first of them decides.
   *
   * @default - made from the hosts
   */
  readonly virtualServiceName?: string;
}

/** One route of a VirtualService. The first route that takes a request wins, so order is law. */
export class Route extends Construct {
  /** Workloads that requests are sent to; none for a route that answers by itself. */
  public readonly workloads: IWorkload[];

  /** @throws InvalidProps for an id that is taken, and for hosts, matches and policies that Istio would refuse */
  public constructor(scope: Construct, id: string, props: RouteProps) {
    super(scope, unusedId(scope, id));
    const { gateway, target } = props;
    this.workloads = [...target._workloads];
    try {
      const http: VirtualServiceSpecHttp = {
        name: id,
        match: renderMatches(props.paths ?? [], props.headers ?? []),
        timeout: props.timeout && renderDuration('timeout', props.timeout),
        retries: props.retries && renderRetries(props.retries),
        ...target._render(),
      };
      RouteTable._ensure(scope, {
        gateway,
        hosts: props.hosts,
        namespace: props.namespace ?? Chart.of(this).namespace ?? gateway.gatewayNamespace,
        virtualServiceName: props.virtualServiceName,
      })._add(http);
      target._subsetted.forEach(workload => Subsets._ensure(scope, workload));
    } catch (error) {
      throw error instanceof InvalidProps ? error.at(this.node.path) : error;
    }
  }
}

function unusedId(scope: Construct, id: string): string {
  if (!id || scope.node.tryFindChild(id)) {
    throw new InvalidProps('id', id, 'an id that is not empty and that nothing else in the scope has', scope.node.path);
  }
  return id;
}
