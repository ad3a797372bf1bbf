// Another member of the group redirects HTTP, where an Ingress has all of its rules.
import { coversWildcard } from '../../base/alb-annotations/wildcards';
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import type { Listener, LoadBalancer } from '../../plan/load-balancer';
import { USE_ANNOTATION } from '../../plan/ingress/written-backends';
import type { Check } from '../check';
import type { Member } from '../load-balancers/members';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener_rules.go:20: with a redirect the HTTP listeners of a group have no rules. */
export const rulesLostToRedirect: Check = {
  id: 'rules-lost-to-redirect',
  severity: 'error',
  title: 'The redirect of another Ingress replaces all rules of an Ingress',
  why: 'The annotation ssl-redirect of one member holds for the whole IngressGroup: its HTTP listeners redirect everything and have no rules. An Ingress '
    + 'without listen-ports and certificate-arn has rules for HTTP alone. Clients are redirected to HTTPS, where no rule matches their host, and get 404.',
  fix: 'Add the HTTPS port to listen-ports of the Ingress, or give it a group of its own.',
  related: ['E137'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    const redirecting = members.filter(({ settings }) => settings.has('sslRedirect'));
    for (const member of redirecting.length === 0 ? [] : members) {
      const { manifest, settings, loadBalancer, group } = member;
      const by = redirecting.find(own => own.group === group && own !== member);
      for (const host of loadBalancer !== undefined && by !== undefined && isForHttpAlone(member, loadBalancer, by) ? lostHosts(member, loadBalancer) : []) {
        const redirect = `ssl-redirect of Ingress ${qualifiedNameOf(by!.manifest)} redirects all of HTTP in group ${group}`;
        const pointer = settings.has('listenPorts') ? settings.pointer('listenPorts') : '/metadata/annotations';
        yield { manifest, pointer, message: `${redirect}, and for ${host} the group has no HTTPS rule` };
      }
    }
  },
};

/** A class with certificates makes HTTPS the default. It has none where another member names its own. */
function isForHttpAlone({ manifest, settings }: Member, { listeners }: LoadBalancer, by: Member): boolean {
  const ports = settings.readable('listenPorts');
  const isKnown = ports !== undefined || by.settings.has('certificateArns');
  const hasRules = listeners.some(({ rules }) => rules.some(({ from }) => from.manifest === manifest));
  return isKnown && !hasRules && (ports?.every(({ protocol }) => protocol === 'HTTP') ?? !settings.has('certificateArns'));
}

function lostHosts(member: Member, { listeners }: LoadBalancer): string[] {
  const secure = listeners.filter(({ protocol }) => protocol === 'HTTPS');
  const widened = new Set(member.named('conditions').map(({ name }) => name));
  const backends = member.backends.filter(({ name, port }) => port !== USE_ANNOTATION && !widened.has(name));
  return [...new Set(backends.map(({ rule }) => rule?.host ?? ''))].filter(host => host !== '' && secure.every(listener => !mayServe(listener, host)));
}

/** Whether a rule of a listener, or its default action, may be for some of the requests for a host. */
function mayServe({ rules, defaultActions }: Listener, host: string): boolean {
  const covers = (value: string) => coversWildcard(value.toLowerCase(), host) || coversWildcard(host, value.toLowerCase());
  return defaultActions.at(-1)?.type !== 'fixed-response' || rules.some(({ conditions }) => {
    const config = conditions.find(({ field }) => field === 'host-header')?.hostHeaderConfig;
    return config === undefined || config.regexValues !== undefined || config.values?.some(covers) === true;
  });
}
