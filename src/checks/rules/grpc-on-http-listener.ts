// An HTTP listener forwards to a target group for gRPC.
import { Kind } from '../../manifests/kind';
import { isBuilt } from '../../plan/plan';
import type { Check } from '../check';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-protocol-version */
export const grpcOnHttpListener: Check = {
  id: 'grpc-on-http-listener',
  severity: 'error',
  title: 'An HTTP listener forwards to a target group for gRPC',
  why: 'AWS allows target groups with protocol version GRPC only behind HTTPS listeners. It refuses the rule of the HTTP listener, and the controller stops '
    + 'there (FailedDeployModel).',
  fix: 'Set ssl-redirect to the HTTPS port, or remove the HTTP listener from listen-ports.',
  related: ['E012'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ models: { plan } }) {
    for (const { listeners, targetGroups } of plan.loadBalancers.filter(isBuilt)) {
      const forGrpc = new Set(targetGroups.filter(({ protocolVersion }) => protocolVersion === 'GRPC').map(({ id }) => id));
      for (const { port, rules } of forGrpc.size === 0 ? [] : listeners.filter(({ protocol }) => protocol === 'HTTP')) {
        for (const { actions, from } of rules) {
          const group = actions.at(-1)?.forwardConfig?.targetGroups.find(({ targetGroup }) => targetGroup !== undefined && forGrpc.has(targetGroup));
          if (group !== undefined) {
            yield { ...from, message: `port ${port} is HTTP, and target group ${group.targetGroup} has protocol version GRPC` };
          }
        }
      }
    }
  },
};
