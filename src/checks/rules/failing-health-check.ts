// The health check of a target group can never succeed.
import { Kind } from '../../manifests/kind';
import { healthFault } from '../../trace/alb/target-health';
import type { Check } from '../check';

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
    for (const { group, service, gateway: workload, proxy, port } of links) {
      const target = proxy.merged.listenerPort(port.port);
      const endpoint = { workload, port: target, count: workload.replicas, labels: workload.labels, acceptsMtls: false };
      const fault = healthFault(mesh, group, service, endpoint);
      if (fault !== undefined) {
        yield { ...group.from, message: fault };
      }
    }
  },
};
