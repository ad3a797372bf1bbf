// Objects that ask for a load balancer, and get none from this controller.
import type { Manifest } from '../manifests/manifest';

/** An Ingress, or a Service of type LoadBalancer, for which the controller builds nothing. */
export interface Unmanaged {
  readonly manifest: Manifest;
  /** Whether its class or group name is invalid; otherwise it is left to another controller. */
  readonly isInvalid: boolean;
  readonly reason: string;
  /** Where the invalid name is. */
  readonly pointer?: string;
}
