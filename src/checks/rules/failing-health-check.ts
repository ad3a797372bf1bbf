// The health check of a target group can never succeed.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import { pointer } from '../../manifests/pointer';
import { annotationOf } from '../../mesh/config';
import { STATUS_PORT } from '../../mesh/listeners';
import { targetPortOf } from '../../mesh/service-index';
import type { Service } from '../../mesh/services';
import type { TargetGroup } from '../../plan/load-balancer';
import { healthFault } from '../../trace/alb/target-health';
import type { Check } from '../check';
import type { Spot } from '../finding';
import { type Link, annotationPatches } from '../links';

/** Annotations that decide about a health check; those of the Service come before those of the Ingress. */
const ANNOTATIONS = ['healthcheck-port', 'healthcheck-protocol', 'healthcheck-path', 'success-codes'];

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const failingHealthCheck: Check = {
  id: 'failing-health-check',
  severity: 'error',
  title: 'The health check of a target group can never succeed',
  why: 'All targets stay unhealthy. The load balancer then sends requests to all of them as if they were healthy, until one of them is, and pods with a '
    + 'readiness gate never become ready, so rollouts hang.',
  fix: 'Ask the status port of the gateway: healthcheck-port: status-port, healthcheck-protocol: HTTP, healthcheck-path: /healthz/ready.',
  related: ['E005', 'E006', 'E008', 'E009', 'E010'],
  about: [Kind.INGRESS],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ links, models: { mesh } }) {
    for (const link of links) {
      const { group, service, gateway: workload, proxy, port } = link;
      const target = proxy.targetOf(port);
      const endpoint = { workload, port: target, count: workload.replicas, labels: workload.labels, acceptsMtls: false };
      const fault = healthFault(mesh, group, service, endpoint);
      if (fault !== undefined) {
        const spot = { ...placeOf(group, service), message: fault };
        yield group.protocolVersion === 'GRPC' ? { ...spot, fix: 'Set backend-protocol-version to HTTP2, or let the health check ask the traffic port.' }
          : { ...spot, patches: annotationPatches(link, links, { ...portOf(link), 'healthcheck-protocol': 'HTTP', 'healthcheck-path': '/healthz/ready' }) };
      }
    }
  },
};

/** The status port by the name that the Service gives it; a number is right for pods alone. */
function portOf({ service, gateway, group: { targetType } }: Link): Readonly<Record<string, string>> {
  const named = service.ports.find(own => targetPortOf(own, gateway) === STATUS_PORT);
  return named === undefined && targetType !== 'ip' ? {} : { 'healthcheck-port': named === undefined ? String(STATUS_PORT) : named.name };
}

/** The annotation that decides, or all of them where none is written. */
function placeOf({ from: { manifest }, protocolVersion }: TargetGroup, service: Service): Pick<Spot, 'manifest' | 'pointer'> {
  const names = protocolVersion === 'GRPC' ? ['backend-protocol-version', ...ANNOTATIONS] : ANNOTATIONS;
  const keys = names.map(name => ALB_PREFIX + name);
  const written = keys.flatMap(key => [service.manifest, manifest].filter(own => annotationOf(own, key) !== undefined)
    .map(own => ({ manifest: own, pointer: pointer('metadata', 'annotations', key) })));
  return written[0] ?? { manifest, pointer: '/metadata/annotations' };
}
