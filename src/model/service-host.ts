// Host names of Services: how Istio completes a short name, and which Service a full name refers to.
import { serviceFqdn } from '../base/kubernetes-name';

/** A Service by namespace and name. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

const FULL = /^([^.*]+)\.([^.]+)\.svc\.cluster\.local$/;

/** A name that a pod's DNS resolver would complete, and Istio does not. */
const CUT_SHORT = /^([^.*]+)\.([^.]+)(\.svc(\.cluster)?)?$/;

/**
 * The fully qualified host. Istio completes a name without a dot with the namespace of the object that contains it, and uses every other
 * name as it is (Istio 1.30 pilot/pkg/model/config.go ResolveShortnameToFQDN).
 */
export function completeHost(host: string, namespace: string): string {
  return host === '' || host.includes('.') || host.startsWith('*') ? host : serviceFqdn(host, namespace);
}

/** The Service that a fully qualified host refers to, if it has the form of one. Assumes the cluster domain cluster.local. */
export function serviceOfHost(host: string): ServiceName | undefined {
  const parts = FULL.exec(host);
  return parts ? { name: parts[1], namespace: parts[2] } : undefined;
}

/** The Service that `reviews.prod` or `reviews.prod.svc`, which Istio does not complete, was probably meant to be. */
export function serviceMeantBy(host: string): ServiceName | undefined {
  const parts = CUT_SHORT.exec(host);
  return parts ? { name: parts[1], namespace: parts[2] } : undefined;
}
