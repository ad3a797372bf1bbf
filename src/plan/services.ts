// Services as the controller reads them, with the defaults of the API server.
import { type Manifest, specOf } from '../manifests/manifest';
import { asInteger, asList, asObject, asText } from '../manifests/plain-json';
import type { Refusal } from './refusal';

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

/** Whether the ports are unknown: an ExternalName Service need not list those of its host, and an object without any is part of a Service. */
export function hasUnknownPorts(service: Manifest): boolean {
  const ports = asList(specOf(service).ports);
  return specOf(service).type === 'ExternalName' || ports.length === 0 || ports.some(port => asInteger(asObject(port).port) === undefined);
}

/** The first port with the name or number (3.5.0 pkg/k8s/service_utils.go:10). */
export function findPort(service: Manifest, wanted: number | string): ServicePort | undefined {
  return portsOf(service).find(({ name, port }) => typeof wanted === 'number' ? port === wanted : name === wanted);
}

/**
 * The port of a health check: a number is as it is, not a port of the Service; a name is one of its ports.
 *
 * @param refuse makes the refusal of a name that cannot be resolved
 */
export function healthCheckPort(written: string, service: Manifest, targetType: string, refuse: (reason: string) => Refusal): number | 'traffic-port' {
  if (written === 'traffic-port') {
    return written;
  }
  if (/^[+-]?\d+$/.test(written)) {
    return Number(written);
  }
  const found = findPort(service, written);
  if (!found) {
    throw refuse(`must be a number, traffic-port or a port of the Service; it has no port ${written}`);
  }
  if (targetType === 'instance') {
    return found.nodePort ?? 0;
  }
  if (typeof found.targetPort !== 'number') {
    throw refuse(`cannot be ${written}, whose target port has a name: with target type ip it must be a number`);
  }
  return found.targetPort;
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
