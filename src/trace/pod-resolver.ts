// The host of a request as the resolver of a pod finds it, where no proxy chooses the destination.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { serviceFqdn } from '../base/kubernetes-name';
import type { Mesh } from '../mesh/mesh';
import type { Service } from '../mesh/objects/services';
import { undecidedText } from './absent-service';
import { type TraceEnd, refusedEnd, unsupportedEnd } from './trace-end';

/** Host and nothing else, in lowercase. */
export function dialedHost(authority: string): string {
  return withoutPort(authority).toLowerCase().replace(/\.$/, '');
}

/** The Kubernetes Service that the resolver of a pod finds. */
export function dialedService(mesh: Mesh, namespace: string, host: string): Service | undefined {
  return found(mesh, namespace, host).find(({ registry, resolution }) => registry === 'kubernetes' && resolution !== 'alias');
}

/** The full name of a Service that the input lacks, where nothing but a Service can have such a name: one label or one in the domain of Services. */
export function missingService(mesh: Mesh, namespace: string, host: string): string | undefined {
  const { clusterDomain } = mesh.settings;
  const name = host === 'localhost' ? undefined : !/[.:]/.test(host) ? serviceFqdn(host, namespace, clusterDomain)
    : host.endsWith('.svc') ? `${host}.${clusterDomain}` : host.endsWith(`.svc.${clusterDomain}`) ? host : undefined;
  return found(mesh, namespace, host).length === 0 ? name : undefined;
}

/** The end of a request to a Service that the input lacks: DNS does not know its name, unless the cluster has it. */
export function absentEnd(mesh: Mesh, name: string, host: string, port: number, probability: number): TraceEnd {
  const dead = refusedEnd('no-cluster', probability, {
    status: null, host: name, port, words: `no Service ${host}`, fix: `Add the Service ${host} to the input, or correct the host of the request.`,
  });
  return mesh.absentHosts.mayExist(name) ? unsupportedEnd(undecidedText(mesh, name, ', correct the host of the request'), probability, [dead]) : dead;
}

function found({ services, settings: { clusterDomain } }: Mesh, namespace: string, host: string): Service[] {
  return [host, serviceFqdn(host, namespace, clusterDomain), `${host}.svc.${clusterDomain}`, `${host}.${clusterDomain}`].flatMap(name => services.at(name));
}
