// An HTTP listener forwards to a target group for gRPC or HTTP/2.
import { Kind } from '../../manifests/kind';
import type { ForwardTarget, RuleAction } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import type { Check } from '../check';

/** Of another listener protocol than HTTPS, AWS says "is not supported with a target group with the protocol-version". */
const REFUSED: ReadonlySet<string | undefined> = new Set(['GRPC', 'HTTP2']);

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-protocol-version */
export const grpcOnHttpListener: Check = {
  id: 'grpc-on-http-listener',
  severity: 'error',
  title: 'An HTTP listener forwards to a target group for gRPC or HTTP/2',
  why: 'AWS allows target groups with protocol version GRPC or HTTP2 only behind HTTPS listeners. It refuses the rule or the default action of the HTTP '
    + 'listener (InvalidLoadBalancerAction), and the controller stops there (FailedDeployModel).',
  fix: 'Set ssl-redirect to the HTTPS port, or remove the HTTP listener from listen-ports.',
  related: ['E012'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ models: { plan } }) {
    for (const { listeners, targetGroups } of plan.loadBalancers.filter(isBuilt)) {
      const versions = new Map(targetGroups.map(({ id, protocolVersion }) => [id, protocolVersion]));
      for (const { port, rules, defaultActions } of listeners.filter(({ protocol }) => protocol === 'HTTP')) {
        const isRefused = ({ targetGroup = '' }: ForwardTarget) => REFUSED.has(versions.get(targetGroup));
        const refusedIn = (actions: readonly RuleAction[]) => actions.at(-1)?.forwardConfig?.targetGroups.find(isRefused)?.targetGroup;
        const asDefault = targetGroups.find(({ id }) => id === refusedIn(defaultActions));
        const places = [...rules.map(({ actions, from }) => ({ id: refusedIn(actions), from })), { id: asDefault?.id, from: asDefault?.from }];
        for (const { id, from } of places) {
          if (id !== undefined && from !== undefined) {
            yield { ...from, message: `port ${port} is HTTP, and target group ${id} has protocol version ${versions.get(id)}` };
          }
        }
      }
    }
  },
};
