// What an ALB needs to know of the Service that it forwards to; an `EdgeGateway` is one.
import type { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../base/alb-annotations/words';

/** A Service that an Application Load Balancer can forward to, with everything that has to agree on both sides. */
export interface IAlbBackend {
  /** Namespace of the Service, and of the Ingress: an Ingress can only target Services in its own namespace. */
  readonly backendNamespace: string;
  /** Name of the Service. */
  readonly backendService: string;
  /** Service port that receives the requests. */
  readonly backendPort: number;
  /** Protocol on that port. */
  readonly backendProtocol: BackendProtocol;
  /** Name of the Service port that serves health checks, or the number of a port of the targets. */
  readonly healthCheckPort: string;
  /** Protocol on that port. */
  readonly healthCheckProtocol: BackendProtocol;
  /** Path that responds to health checks with 200. */
  readonly healthCheckPath: string;
  /** Target types that the Service supports, the preferred one first. Empty if no ALB may forward to it. */
  readonly targetTypes: TargetType[];
  /** How long a terminating target keeps serving requests. The deregistration delay must not be longer. */
  readonly drainDuration: Duration;
}
