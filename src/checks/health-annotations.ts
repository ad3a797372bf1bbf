// The annotations about the health check of a target group: which one decides, and which values ask the status port of a gateway.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { annotationOf } from '../manifests/manifest';
import { STATUS_PORT } from '../mesh/listeners';
import { targetPortOf } from '../mesh/objects/service-index';
import type { Service } from '../mesh/objects/services';
import type { TargetGroup } from '../plan/load-balancer';
import { annotationPointer } from '../plan/settings';
import type { Spot } from './finding';
import type { Link } from './load-balancers/links';

/** Annotations that decide about a health check; those of the Service come before those of the Ingress. */
const ANNOTATIONS = ['healthcheck-port', 'healthcheck-protocol', 'healthcheck-path', 'success-codes'];

/** The annotations that ask the status port of a gateway. */
export function statusCheckOf(link: Link): Readonly<Record<string, string>> {
  return { ...statusPortOf(link), 'healthcheck-protocol': 'HTTP', 'healthcheck-path': '/healthz/ready' };
}

/** The status port by the name that the Service gives it; a number is right for pods alone. */
function statusPortOf({ service, gateway, group: { targetType } }: Link): Readonly<Record<string, string>> {
  const named = service.ports.find(own => targetPortOf(own, gateway) === STATUS_PORT);
  return named === undefined && targetType !== 'ip' ? {} : { 'healthcheck-port': named === undefined ? String(STATUS_PORT) : named.name };
}

/** The annotation at fault, else the one that decides, or all of them where none is written. */
export function healthPlace({ from: { manifest }, protocolVersion }: TargetGroup, service: Service, atFault: string): Pick<Spot, 'manifest' | 'pointer'> {
  const names = [...protocolVersion === 'GRPC' ? ['backend-protocol-version'] : [], atFault, ...ANNOTATIONS];
  const written = names.flatMap(name => [service.manifest, manifest].filter(own => annotationOf(own, ALB_PREFIX + name) !== undefined)
    .map(own => ({ manifest: own, pointer: annotationPointer(name) })));
  return written[0] ?? { manifest, pointer: '/metadata/annotations' };
}
