// Names as objects write them, completed: hosts and gateways.
import { isIpAddress } from '../base/ip';
import { serviceFqdn } from '../base/kubernetes-name';

/** The name that stands for the sidecars among the names of gateways. */
export const MESH = 'mesh';

/** Completes a name without any dot with the namespace (Istio 1.30, pilot/pkg/model/config.go:207-241). */
export function completeHost(host: string, namespace: string, clusterDomain: string): string {
  return host === '' || host.includes('.') || host.startsWith('*') || isIpAddress(host) ? host : serviceFqdn(host, namespace, clusterDomain);
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
