// Names of Services inside the mesh: how Istio completes them, and which Service a full one means.
import { serviceFqdn } from '../base/kubernetes-name';

/** A Service by its two names. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

const FULL = /^([^.*]+)\.([^.]+)\.svc\.cluster\.local$/;

/** What people write when they believe that Istio searches DNS suffixes as a pod's resolver does. */
const CUT_SHORT = /^([^.*]+)\.([^.]+)(\.svc(\.cluster)?)?$/;

/**
 * The host that Istio reads: a name without any dot is completed with the namespace of the object that mentions it, every
 * other name is complete as it is (Istio 1.30 pilot/pkg/model/config.go ResolveShortnameToFQDN).
 */
export function completeHost(host: string, namespace: string): string {
  return host === '' || host.includes('.') || host.startsWith('*') ? host : serviceFqdn(host, namespace);
}

/** The Service that a complete host names, if it has a Service's form. The cluster domain is taken to be cluster.local. */
export function serviceOfHost(host: string): ServiceName | undefined {
  const parts = FULL.exec(host);
  return parts ? { name: parts[1], namespace: parts[2] } : undefined;
}

/** The Service that was probably meant by `reviews.prod` or `reviews.prod.svc`, which Istio does not complete. */
export function serviceMeantBy(host: string): ServiceName | undefined {
  const parts = CUT_SHORT.exec(host);
  return parts ? { name: parts[1], namespace: parts[2] } : undefined;
}
