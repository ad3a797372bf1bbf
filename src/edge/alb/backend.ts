// What an ALB needs to know of the Service that it forwards to; an `EdgeGateway` is one.
import type { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../base/alb-annotations/words';

/** A Service that an Application Load Balancer can forward to, with everything that has to agree on both sides. */
export interface IAlbBackend {
  /** Namespace of the Service. The Ingress has to live there: an Ingress reaches no Service elsewhere. */
  readonly backendNamespace: string;
  /** Name of the Service. */
  readonly backendService: string;
  /** Service port that takes the requests. */
  readonly backendPort: number;
  /** Protocol that is spoken on that port. */
  readonly backendProtocol: BackendProtocol;
  /** Name of the Service port that answers health checks. */
  readonly healthCheckPort: string;
  /** Protocol of that port. */
  readonly healthCheckProtocol: BackendProtocol;
  /** Path that answers health checks with 200. */
  readonly healthCheckPath: string;
  /** Target types that the Service can be used with; the first is the best. None where no ALB belongs in front. */
  readonly targetTypes: TargetType[];
  /** How long a target that is going away still answers; the load balancer must not take longer to let go of it. */
  readonly drainDuration: Duration;
  /**
   * Why no ALB may forward here, in a sentence.
   *
   * @default - an ALB may
   */
  readonly whyNotBehindAlb?: string;
}

