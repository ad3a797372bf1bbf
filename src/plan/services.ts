// Services as the controller reads them, with the defaults of the API server.
import { type Manifest, specOf } from '../manifests/manifest';
import { asInteger, asList, asObject, asText } from '../manifests/plain-json';

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort: number | string;
  /** Absent if there is none, and if the cluster has still to allocate it. */
  readonly nodePort?: number;
  readonly protocol: string;
}

/** The ports. A target port that is not set is the port. */
export function portsOf(service: Manifest): ServicePort[] {
  return asList(specOf(service).ports).map(asObject).map(({ name, port, targetPort, nodePort, protocol }) => ({
    name: asText(name),
    port: asInteger(port) ?? 0,
    targetPort: asInteger(targetPort) || asText(targetPort) || (asInteger(port) ?? 0),
    nodePort: asInteger(nodePort) || undefined,
    protocol: asText(protocol) ?? 'TCP',
  }));
}

/** The first port with the name or number (3.5.0 pkg/k8s/service_utils.go:10). */
export function findPort(service: Manifest, wanted: number | string): ServicePort | undefined {
  return portsOf(service).find(({ name, port }) => typeof wanted === 'number' ? port === wanted : name === wanted);
}

/** Whether the cluster allocates a node port for every port. */
export function hasNodePorts(service: Manifest): boolean {
  const { type, allocateLoadBalancerNodePorts } = specOf(service);
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

/** Whether IPv6 is one of the families of the Service. */
export function isIpv6(service: Manifest): boolean {
  return asList(specOf(service).ipFamilies).includes('IPv6');
}

/** The UID, which only an object from a cluster has. */
export function uidOf(service: Manifest): string | undefined {
  return asText(asObject(service.object.metadata).uid);
}
