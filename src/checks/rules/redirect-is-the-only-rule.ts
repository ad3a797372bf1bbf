// The only rule of an HTTPS listener is a redirect to HTTPS, which the controller drops.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/rule_optimizer.go:88 drops redirects to the request's own URL. */
export const redirectIsTheOnlyRule: Check = {
  id: 'redirect-is-the-only-rule',
  severity: 'error',
  title: 'A listener has no rule left, because its only rule redirects to itself',
  why: 'A redirect to HTTPS on the HTTPS listener would loop, so the controller drops the rule there. Without another rule the listener responds to every '
    + 'request with 404: clients are redirected from http:// to https:// and then get 404.',
  fix: 'Add a rule for the backend behind the redirect, or replace the action with the annotation ssl-redirect and let the rule point to the backend.',
  related: ['E082'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan }, members }) {
    const dropped = plan.events.filter(({ topic }) => topic === 'dropped-rule');
    const loadBalancers = new Map(members.filter(({ isDecided }) => isDecided).map(({ manifest, loadBalancer }) => [manifest, loadBalancer]));
    for (const { manifest, pointer, port } of dropped) {
      const listener = loadBalancers.get(manifest)?.listeners.find(own => own.port === port);
      if (listener?.rules.length === 0 && listener.defaultActions.at(-1)?.type === 'fixed-response') {
        const message = `no rule is left on port ${port} after the redirect to itself is dropped, so ${listener.protocol} requests get 404`;
        yield { manifest, pointer, message };
      }
    }
  },
};
