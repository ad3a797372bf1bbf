// An Ingress that no load balancer is made for, where a request finds none.
import { isSubsetHost } from '../../base/host-index';
import { Kind, kindOf } from '../../manifests/kind';
import { type Manifest, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import { annotationAt } from '../../manifests/pointer';
import type { Plan } from '../../plan/plan';
import type { Cause } from '../death-causes';

/** An Ingress for the host that is left to another controller, or to none. */
export function unmanagedIngress({ unmanaged }: Plan, host: string): Cause | undefined {
  const found = unmanaged.find(({ manifest }) => kindOf(manifest) === Kind.INGRESS && mayServe(manifest, host));
  if (found === undefined) {
    return undefined;
  }
  const { manifest, pointer, reason } = found;
  const name = `Ingress ${qualifiedNameOf(manifest)}`;
  if (pointer !== undefined) {
    const key = annotationAt(pointer);
    return { by: { manifest, pointer }, fix: `${name} gets no load balancer: ${key === undefined ? '' : `${key} `}${reason}.` };
  }
  const written = asText(specOf(manifest).ingressClassName);
  const named = written === undefined || reason.includes(written) ? '' : `, but class ${written}`;
  return { by: { manifest, pointer: written === undefined ? '/spec' : '/spec/ingressClassName' }, fix: `${name} ${reason}${named}.` };
}

function mayServe(ingress: Manifest, host: string): boolean {
  const { rules, defaultBackend } = specOf(ingress);
  const hosts = asList(rules).map(rule => asText(asObject(rule).host) || '*');
  return defaultBackend !== undefined || hosts.some(own => isSubsetHost(host, own));
}
