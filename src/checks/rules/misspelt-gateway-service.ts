// An Ingress refers to a Service that the input lacks, next to the Service of a gateway with a similar name.
import { once } from '../../base/once';
import { similarTo } from '../../base/spelling';
import { Kind } from '../../manifests/kind';
import { selects } from '../../mesh/objects/config';
import type { TraceModels } from '../../trace/models';
import type { Check } from '../check';
import type { Member } from '../load-balancers/members';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/enhanced_backend_builder.go; --tolerate-non-existent-backend-service is true by default. */
export const misspeltGatewayService: Check = {
  id: 'misspelt-gateway-service',
  severity: 'warning',
  title: 'An Ingress probably means the Service of a gateway by another name',
  why: 'The charts of Istio call the Service after the release, such as istio-ingress, while older guides call it istio-ingressgateway. If the Service does '
    + 'not exist, the load balancer responds with 503 "Backend service does not exist".',
  fix: 'Use the name of the Service in the namespace of the Ingress.',
  related: ['E046'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ survey, models, members }) {
    // Many backends may name one Service.
    const known = new Map<string, { readonly name?: string }>();
    for (const { manifest, pointer, cause } of survey.faults) {
      const meant = cause.is !== 'missing-service' ? undefined
        : once(known, `${cause.namespace}/${cause.name}`, () => ({ name: unusedGateway(models, members, cause.namespace, cause.name) })).name;
      if (cause.is === 'missing-service' && meant !== undefined) {
        const message = `the input has no Service ${cause.name} in namespace ${cause.namespace}; `
          + `the Service of its gateway, which no Ingress uses, is ${meant}`;
        yield { manifest, pointer: `${pointer}/service/name`, message };
      }
    }
  },
};

/** Words that distinguish several gateways, so that they are no slips: istio-ingress-internal, istio-ingress-v2. */
const DISTINCTION = /\b(active|blue|canary|ext|external|green|int|internal|preview|private|public|stable|[a-z]|v?\d+)\b/g;

function distinctionsIn(name: string): string {
  return (name.match(DISTINCTION) ?? []).join(' ');
}

/** The only Service of gateways in a namespace, if its name is similar and no Ingress uses it. */
function unusedGateway({ mesh, plan }: TraceModels, members: readonly Member[], namespace: string, name: string): string | undefined {
  const gateways = mesh.gatewayWorkloads().filter(own => own.namespace === namespace && own.isAssumed !== true);
  const services = mesh.services.all.filter(({ registry, selector, ...own }) => (
    registry === 'kubernetes' && own.namespace === namespace && selector !== undefined && gateways.some(({ labels }) => selects(selector, labels))));
  const [only, ...others] = services.map(own => own.name);
  const used = members.flatMap(({ backends, loadBalancer }) => [
    ...backends.map(own => own.name), ...loadBalancer?.targetGroups.map(({ service }) => service?.name) ?? []]);
  const isSimilar = only !== undefined && distinctionsIn(name) === distinctionsIn(only)
    && (name.startsWith(only) || only.startsWith(name) || similarTo(name, [only]) !== undefined);
  return isSimilar && others.length === 0 && !used.includes(only) && plan.targetGroupBindings.length === 0 ? only : undefined;
}
