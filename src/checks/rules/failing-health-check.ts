// The health check of a target group can never succeed.
import { Kind } from '../../manifests/kind';
import { healthFault } from '../../trace/alb/target-health';
import type { Check } from '../check';
import { healthPlace, statusCheckOf } from '../health-annotations';
import { annotationPatches } from '../load-balancers/links';

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

  *run(subject) {
    const { links, models: { mesh } } = subject;
    for (const link of links) {
      const { group, service, gateway: workload, proxy, port, listener, loadBalancer } = link;
      // Where nothing listens, no-gateway-listener tells it, unless it is a port of a Service that nobody uses or of a Gateway that is refused.
      if (listener === undefined && (loadBalancer.type === 'network' || subject.hasRefusedGateway(workload))) {
        continue;
      }
      const target = proxy.targetOf(port);
      const endpoint = { workload, port: target, count: workload.replicas, labels: workload.labels, acceptsMtls: false };
      const fault = healthFault(mesh, group, service, endpoint);
      if (fault !== undefined) {
        const spot = { ...healthPlace(group, service, fault.setting), message: fault.message };
        yield group.protocolVersion === 'GRPC' ? { ...spot, fix: 'Set backend-protocol-version to HTTP2, or let the health check ask the traffic port.' }
          : { ...spot, patches: annotationPatches(link, links, statusCheckOf(link)) };
      }
    }
  },
};
