// The host of a request as the resolver of a pod finds it, where no proxy chooses the destination.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { namespacedName, serviceFqdn } from '../base/kubernetes-name';
import type { Mesh } from '../mesh/mesh';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { Service, ServicePort } from '../mesh/objects/services';
import { undecidedText } from './absent-service';
import { type TraceEnd, refusedEnd, unsupportedEnd } from './hops/trace-end';

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

/** The pods that a client gets to, whatever is in front of them: those of a headless Service it dials at the port of the Service. */
export function dialedPods({ clusters }: Mesh, service: Service, port: ServicePort): Endpoint[] {
  return clusters.podsOf(service, port).filter(own => own.workload !== undefined && (service.resolution !== 'passthrough' || own.port === port.port));
}

/** The end at a Service whose endpoints are objects of the cluster. */
export function withoutSelector(service: Service, probability = 1): TraceEnd {
  return unsupportedEnd(`Service ${namespacedName(service)} has no selector: its endpoints are not in the input.`, probability, [], service);
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
