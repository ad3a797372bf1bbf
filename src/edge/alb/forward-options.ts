// The options of a load balancer that may differ between its hosts and paths: login, and the settings of the target group.
import type { Duration } from 'cdk8s';
import type { BackendProtocolVersion, TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import type { AlbAuth } from './auth';
import type { IAlbBackend } from '../listener/backend';
import type { AlbHealthCheck } from './health-check';
import type { TargetGroupAttributes } from './target-group-attributes';

/**
 * Options that each host and each path of a load balancer can have for itself. The controller applies them to one Ingress and creates a target
 * group for each Ingress and Service (AWS Load Balancer Controller 3.5.0, pkg/ingress/enhanced_backend_builder.go:302,
 * pkg/ingress/model_build_target_group.go:52).
 */
export interface AlbForwardOptions {
  /**
   * Login or bearer token validation at the load balancer, for every request. Requires an HTTPS listener.
   *
   * @default - none
   */
  readonly auth?: AlbAuth;

  /**
   * What is registered as targets. Changing it replaces the target group.
   *
   * @default - matches the gateway's Service: pods for ClusterIP, nodes for NodePort
   */
  readonly targetType?: TargetType;

  /**
   * HTTP version to the gateway. HTTP2 and GRPC need HTTPS listeners, or HTTP listeners that redirect, and reject HTTP/1.1 clients
   * with 464: set them for the hosts that need them, with `Alb.addHost`. Prefer HTTP2 for gRPC: with GRPC the health check must use the
   * traffic port, and any gRPC status passes it.
   *
   * @default BackendProtocolVersion.HTTP1
   */
  readonly protocolVersion?: BackendProtocolVersion;

  /**
   * How often targets are checked.
   *
   * @default - every 15 s
   */
  readonly healthCheck?: AlbHealthCheck;

  /**
   * How long a deregistering target keeps its open requests, in whole seconds up to 3,600. The gateway must stay up
   * longer than that.
   *
   * @default - the drain duration of the gateway
   */
  readonly deregistrationDelay?: Duration;

  /**
   * Further attributes of the target group.
   *
   * @default - the AWS defaults
   */
  readonly targetGroupAttributes?: TargetGroupAttributes;

  /**
   * Labels of the nodes to register; instance targets only.
   *
   * @default - all nodes
   */
  readonly targetNodeLabels?: { readonly [key: string]: string };

  /**
   * Whether other clusters may register targets in the same target group.
   *
   * @default false
   */
  readonly multiClusterTargetGroup?: boolean;

  /**
   * Control port of the target optimizer agent, 1 to 65535; ip targets only.
   *
   * @default - none
   */
  readonly targetControlPort?: number;
}

/** What `Alb.addHost` sets for one host. An option that is not set is that of the `Alb`, the login included. */
export interface AlbHostOptions extends AlbForwardOptions {
  /**
   * Another Service to forward to. Requests to it bypass the gateway. It may be in another namespace; with OpenID Connect, the Secret of
   * the login must be there, too.
   *
   * @default - the backend of the `Alb`
   */
  readonly backend?: IAlbBackend;

  /**
   * Name of the Ingress.
   *
   * @default - the name of the Ingress of the `Alb`, with the host or the first path
   */
  readonly ingressName?: string;
}

/** What `Alb.addPaths` sets for some paths. An option that is not set is that of the `Alb`, the login included. */
export interface AlbPathOptions extends AlbHostOptions {
  /**
   * Hosts to which this applies, among those of the `Alb`.
   *
   * @default - all hosts of the `Alb`, except those that `addHost` gives settings of their own
   */
  readonly hosts?: string[];
}

/** Why an option holds for more than one host. */
const SCOPES: readonly (readonly [option: string, reason: string])[] = [
  ['listeners', 'a port, its attributes and its client certificates hold for all hosts on that port; use another port, or another load balancer'],
  ['wafv2AclArn', 'a web ACL holds for the whole load balancer; write exceptions into its rules'],
  ['wafv2AclName', 'a web ACL holds for the whole load balancer; write exceptions into its rules'],
];

/** @throws InvalidProps for an option that people look for here, but that one host or path cannot have for itself */
export function requireForwardOptions(options: object): void {
  for (const [option, reason] of SCOPES) {
    const value: unknown = (options as Readonly<Record<string, unknown>>)[option];
    if (value !== undefined) {
      throw InvalidProps.conflict(option, value, `cannot be set for a host or a path: ${reason}`);
    }
  }
}
