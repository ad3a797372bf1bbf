// Names as Istio objects write them: how hosts and gateways are completed, and which Service a host is.
import { isIpAddress } from '../ip';
import { serviceFqdn } from '../kubernetes-name';

/** The name that stands for the sidecars among the names of gateways. */
export const MESH = 'mesh';

/** Completes a name without any dot with the namespace (Istio 1.30, pilot/pkg/model/config.go:207-241). */
export function completeHost(host: string, namespace: string, clusterDomain = 'cluster.local'): string {
  // Of addresses only those of IPv6 have no dot. Parsing every host as an address takes as long as all checks together.
  const isComplete = host === '' || host.includes('.') || host.startsWith('*') || (host.includes(':') && isIpAddress(host));
  return isComplete ? host : serviceFqdn(host, namespace, clusterDomain);
}

/** `namespace/name` of a gateway as an object in the namespace writes it (Istio 1.30, pilot/pkg/model/config.go:245-272). */
export function completeGateway(written: string, namespace: string): string {
  if (written === MESH) {
    return MESH;
  }
  const slash = written.indexOf('/');
  if (slash !== -1) {
    const prefix = written.slice(0, slash);
    return `${prefix === '.' ? namespace : prefix}/${written.slice(slash + 1)}`;
  }
  const [name, other] = written.split('.');
  return `${other ?? namespace}/${name}`;
}

/** A Service by namespace and name. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
}

/** A name and a namespace, then the rest. */
const PARTS = /^([^.*]+)\.([^.]+)(?:\.(.*))?$/;

/** The Service that a fully qualified host refers to, if it has the form of one. */
export function serviceOfHost(host: string, clusterDomain = 'cluster.local'): ServiceName | undefined {
  const parts = PARTS.exec(host);
  return parts && parts[3] === `svc.${clusterDomain}` ? { name: parts[1], namespace: parts[2] } : undefined;
}

/** The Service that `reviews.prod` or `reviews.prod.svc`, which a pod's DNS resolver completes and Istio does not, was probably meant to be. */
export function serviceMeantBy(host: string, clusterDomain = 'cluster.local'): ServiceName | undefined {
  const parts = PARTS.exec(host);
  const isCutShort = parts !== null && (parts[3] === undefined || `svc.${clusterDomain}`.startsWith(`${parts[3]}.`));
  return isCutShort ? { name: parts[1], namespace: parts[2] } : undefined;
}
