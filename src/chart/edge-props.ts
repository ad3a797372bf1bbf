// What an edge is told: its props, and what its routes may say.
import { propsOf } from '../base/prop-types';
import type { AlbOptions } from '../edge/alb/options';
import type { EdgeGatewayOptions } from '../edge/gateway/gateway';
import { GatewayWorkload } from '../edge/gateway-workload/gateway-workload';
import type { MeshTlsOptions } from '../edge/security/mtls';
import type { RouteOptions } from '../edge/routing/route-options';
import type { ZeroTrustOptions } from '../edge/security/zero-trust';

/** Props of an `AlbIstioEdge`. */
export interface AlbIstioEdgeProps {
  /** Hosts that the edge answers for: names, wildcards such as `*.example.com`, or `*` for any. */
  readonly hosts: string[];

  /**
   * The Istio Gateway: its TLS Secret above all.
   *
   * @default - none, and so refused where TLS is spoken to the gateway, which is the default
   */
  readonly gateway?: EdgeGatewayOptions;

  /**
   * The Application Load Balancer. Not where `workload` is exposed by a Network Load Balancer, which leads straight to the gateway.
   *
   * @default - internet-facing, HTTP redirecting to HTTPS, certificates discovered by host
   */
  readonly alb?: AlbOptions;

  /**
   * The pods that run the gateway.
   *
   * @default GatewayWorkload.injected()
   */
  readonly workload?: GatewayWorkload;

  /**
   * Mutual TLS of the workloads that requests are routed to.
   *
   * @default - STRICT, for every namespace routed to
   */
  readonly mtls?: MeshTlsOptions;

  /**
   * Deny by default in the namespaces of the workloads that requests are routed to: the gateway may call those workloads, and nobody else
   * but the callers that `edge.zeroTrust` is told.
   *
   * @default - none; whoever reaches a workload may call it
   */
  readonly zeroTrust?: ZeroTrustOptions;

  /**
   * Name of the edge: of its Ingress, Gateway and VirtualService, of the gateway's Deployment and Service, and of their namespace.
   *
   * @default 'istio-ingress'
   */
  readonly edgeName?: string;
}

/** Options of a route at an edge. */
export interface EdgeRouteOptions extends RouteOptions {
  /**
   * Hosts of the requests. The edge must serve each of them.
   *
   * @default - all hosts of the edge
   */
  readonly hosts?: string[];
}

/** Options of a route at an edge. */
export const ROUTE = propsOf<EdgeRouteOptions>('EdgeRouteOptions');
