// A listener without client certificates serves what another listener demands them for.
import { coversRule } from '../../base/alb-annotations/rule-coverage';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Listener, ListenerRule, LoadBalancer } from '../../plan/load-balancer';
import { isBuilt } from '../../plan/plan';
import { conditionsOf } from '../../plan/rule-text';
import { Settings } from '../../plan/settings';
import type { Check } from '../check';
import { effectOf, isForward, isGuarded } from '../load-balancers/rule-reach';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html: it is a setting of one HTTPS listener. */
export const clientCertificatesBypassed: Check = {
  id: 'client-certificates-bypassed',
  severity: 'error',
  title: 'A listener without client certificates serves what another one demands them for',
  why: 'Client certificates are verified by the listeners with mutual-authentication alone. Another listener of the same load balancer forwards the same '
    + 'requests to the same Service without a certificate, so everyone reaches it.',
  fix: 'Set ssl-redirect, remove the HTTP listener, or demand client certificates on the other port, too.',
  related: ['E094', 'E108'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ models: { plan } }) {
    for (const loadBalancer of plan.loadBalancers.filter(isBuilt)) {
      const [verifying, open] = [true, false].map(wanted => loadBalancer.listeners.filter(own => (own.mutualAuthentication?.mode === 'verify') === wanted));
      for (const listener of verifying) {
        for (const rule of listener.rules.filter(({ actions }) => isForward(actions))) {
          const found = open.map(own => ({ own, by: bypassOf(loadBalancer, rule, own) })).find(({ by }) => by !== undefined);
          if (found !== undefined) {
            const { own: { protocol, port }, by } = found;
            const whose = by!.from.manifest === rule.from.manifest ? '' : ` of Ingress ${qualifiedNameOf(by!.from.manifest)}`;
            const message = `${protocol} ${port}${whose} forwards the same requests (${conditionsOf(rule.conditions)}) as HTTPS ${listener.port} without one`;
            const settings = new Settings(rule.from.manifest);
            const place = settings.has('mutualAuthentication') ? settings.pointer('mutualAuthentication') : rule.from.pointer;
            yield { manifest: rule.from.manifest, pointer: place, message };
          }
        }
      }
    }
  },
};

/**
 * The rule of another listener that a request for a rule meets, if it forwards to the same place without a login. An HTTPS port of the same Ingress that
 * demands no certificate is taken for intended.
 */
function bypassOf(loadBalancer: LoadBalancer, rule: ListenerRule, { protocol, rules }: Listener): ListenerRule | undefined {
  const first = rules.find(own => coversRule(own.conditions, rule.conditions));
  const isMeant = protocol === 'HTTPS' && first?.from.manifest === rule.from.manifest;
  const targetOf = (own: ListenerRule) => effectOf(loadBalancer, { ...own, actions: own.actions.slice(-1) });
  return first !== undefined && !isMeant && !isGuarded(first.actions) && targetOf(first) === targetOf(rule) ? first : undefined;
}
