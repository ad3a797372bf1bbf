// The host of a request as the resolver of a pod finds it, where no proxy chooses the destination.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { serviceFqdn } from '../base/kubernetes-name';
import type { Mesh } from '../mesh/mesh';
import type { Service } from '../mesh/services';

/** Host and nothing else, in lowercase. */
export function dialedHost(authority: string): string {
  return withoutPort(authority).toLowerCase().replace(/\.$/, '');
}

/** The Kubernetes Service that the resolver of a pod finds. */
export function dialedService(mesh: Mesh, namespace: string, host: string): Service | undefined {
  return found(mesh, namespace, host).find(({ registry, resolution }) => registry === 'kubernetes' && resolution !== 'alias');
}

/** Whether nothing but a Service can have such a name, one label or one in the domain of Services, and the input lacks it. */
export function isMissingService(mesh: Mesh, namespace: string, host: string): boolean {
  const isName = host !== 'localhost' && (!/[.:]/.test(host) || host.endsWith('.svc') || host.endsWith(`.svc.${mesh.settings.clusterDomain}`));
  return isName && found(mesh, namespace, host).length === 0;
}

function found({ services, settings: { clusterDomain } }: Mesh, namespace: string, host: string): Service[] {
  return [host, serviceFqdn(host, namespace, clusterDomain), `${host}.svc.${clusterDomain}`, `${host}.${clusterDomain}`].flatMap(name => services.at(name));
}
