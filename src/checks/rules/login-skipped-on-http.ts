// An HTTP listener serves the same rules as the HTTPS listener, without the login.
import { Kind } from '../../manifests/kind';
import { isBuilt } from '../../plan/plan';
import { Settings } from '../../plan/settings';
import type { Check } from '../check';
import { isForward } from '../load-balancers/rule-reach';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_actions.go: a login and JWT validation are for HTTPS listeners only, as in AWS. */
export const loginSkippedOnHttp: Check = {
  id: 'login-skipped-on-http',
  severity: 'error',
  title: 'A login or JWT validation does not apply to an HTTP listener',
  why: 'The controller adds the login only to rules of HTTPS listeners. On the HTTP listener the same rule forwards requests without it, so everyone reaches '
    + 'the backend over http://.',
  fix: 'Set ssl-redirect to the HTTPS port, or remove the HTTP listener from listen-ports.',
  related: ['E108'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ models: { plan }, members, serviceSettings: services }) {
    const ingresses = new Map(members.map(({ manifest, settings }) => [manifest, settings]));
    for (const { listeners, targetGroups, autoMode } of plan.loadBalancers.filter(isBuilt)) {
      const known = new Map(targetGroups.map(({ id, service }) => [id, services.get(`${service?.namespace}/${service?.name}`)]));
      for (const { port, rules } of autoMode === true ? [] : listeners.filter(({ protocol }) => protocol === 'HTTP')) {
        for (const { actions, from } of rules.filter(own => isForward(own.actions))) {
          const targets = actions.at(-1)!.forwardConfig?.targetGroups ?? [];
          const login = loginOf(ingresses.get(from.manifest)!, targets.map(({ targetGroup = '' }) => known.get(targetGroup)));
          if (login !== undefined) {
            const message = `${login.key} does not apply to port ${port}, which is HTTP and forwards the same requests`;
            yield { manifest: login.settings.manifest, pointer: login.settings.pointer(login.prop), message };
          }
        }
      }
    }
  },
};

interface Login {
  readonly key: string;
  readonly settings: Settings;
  readonly prop: 'authType' | 'jwtValidation';
}

/** Where the login of an action is set. The annotations of a Service count where it is the only target; one that is not in the input may have some. */
function loginOf(ingress: Settings, services: readonly (Settings | undefined)[]): Login | undefined {
  if (ingress.readable('jwtValidation') !== undefined) {
    return { key: 'jwt-validation', settings: ingress, prop: 'jwtValidation' };
  }
  if (services.length === 1 && services[0] === undefined) {
    return undefined;
  }
  const [service] = services.length === 1 ? services : [];
  const of = (prop: 'authType' | 'authOnUnauthenticatedRequest') => (service?.has(prop) ? service : ingress);
  const type = of('authType').readable('authType') ?? 'none';
  const allows = of('authOnUnauthenticatedRequest').readable('authOnUnauthenticatedRequest') === 'allow';
  return type === 'none' || allows ? undefined : { key: `auth-type ${type}`, settings: of('authType'), prop: 'authType' };
}
