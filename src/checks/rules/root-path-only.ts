// The path / with pathType ImplementationSpecific matches the root alone, and nothing else is served.
import { coversWildcard } from '../../base/alb-annotations/wildcards';
import { Kind } from '../../manifests/kind';
import type { Listener, ListenerRule, RuleCondition } from '../../plan/load-balancer';
import type { Check } from '../check';
import { isForward } from '../load-balancers/rule-reach';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener_rules.go:248 passes paths of this type on as they are. */
export const rootPathOnly: Check = {
  id: 'root-path-only',
  severity: 'error',
  title: 'The path / matches the root alone, and no rule serves other paths',
  why: 'With pathType ImplementationSpecific the load balancer compares the whole path with the pattern as written. The pattern / matches the home page; every '
    + 'other path, scripts and images included, gets 404 from the load balancer.',
  fix: 'Set pathType to Prefix, or path to /*.',
  related: ['E061'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, backends, loadBalancer, isDecided } of members) {
      for (const { rule, pointer } of isDecided && loadBalancer !== undefined ? backends : []) {
        const place = pointer.slice(0, -'/backend'.length);
        if (rule?.path === '/' && rule.pathType === 'ImplementationSpecific' && loadBalancer!.listeners.every(own => servesRootOnly(own, rule.host, place))) {
          const whose = rule.host === '' ? 'all hosts' : `host ${rule.host}`;
          yield { manifest, pointer: place, message: `pathType ImplementationSpecific makes path / match the root alone, and no other rule is for ${whose}` };
        }
      }
    }
  },
};

/** Whether the listener forwards requests for a host to nothing but the root, at most. */
function servesRootOnly({ rules, defaultActions }: Listener, host: string, place: string): boolean {
  const own = rules.filter(({ from }) => from.pointer === place);
  const others = rules.filter(rule => !own.includes(rule));
  return !isForward(defaultActions) && own.every(isRootAlone) && !others.some(({ conditions }) => mayServe(conditions, host));
}

function isRootAlone({ conditions, actions }: ListenerRule): boolean {
  const [path, ...more] = conditions.filter(({ field }) => field === 'path-pattern').flatMap(({ pathPatternConfig }) => pathPatternConfig?.values ?? []);
  return path === '/' && more.length === 0 && isForward(actions);
}

function mayServe(conditions: readonly RuleCondition[], host: string): boolean {
  const hosts = conditions.find(({ field }) => field === 'host-header')?.hostHeaderConfig;
  return host === '' || hosts?.values === undefined || hosts.values.some(own => coversWildcard(own, host) || coversWildcard(host, own));
}
