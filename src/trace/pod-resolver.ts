// The host of a request as the resolver of a pod finds it, where no proxy chooses the destination.
import { withoutPort } from '../mesh/route/virtual-hosts';
import { namespacedName, serviceFqdn } from '../base/kubernetes-name';
import type { Mesh } from '../mesh/mesh';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { Service, ServicePort } from '../mesh/objects/services';
import type { Workload } from '../mesh/objects/workloads';
import { undecidedText } from './absent-service';
import { type TraceEnd, refusedEnd, unsupportedEnd } from './hops/trace-end';

/** Host and nothing else, in lowercase. */
export function dialedHost(authority: string): string {
  return withoutPort(authority).toLowerCase().replace(/\.$/, '');
}

/** The Kubernetes Service that the resolver of a pod finds. */
export function dialedService(mesh: Mesh, namespace: string, host: string, aliases = 0): Service | undefined {
  const own = found(mesh, namespace, host).filter(({ registry }) => registry === 'kubernetes');
  const alias = own.find(({ resolution }) => resolution === 'alias')?.externalName?.replace(/\.$/, '');
  return own.find(({ resolution }) => resolution !== 'alias')
    ?? (alias === undefined || aliases > MOST_ALIASES ? undefined : dialedService(mesh, namespace, alias, aliases + 1));
}

/** Services of type ExternalName that may follow each other. */
const MOST_ALIASES = 8;

/** The ports of a Service that a request can be sent to. */
export function portsText({ ports }: Service): string {
  return ports.filter(({ protocol }) => protocol !== 'udp').map(({ port }) => port).join(', ');
}

/** The end at a port that a headless Service does not declare: its pods may listen there. */
export function undeclaredPort(service: Service, port: number, probability = 1): TraceEnd {
  const ports = portsText(service);
  const why = `Service ${namespacedName(service)} is headless and has no port ${port} (${ports}): whether its pods listen there is not in the input.`;
  return unsupportedEnd(why, probability, [], service);
}

/** Whether a host is the pod itself, whose sidecar does not see the connection. */
export function isLoopback(host: string): boolean {
  const name = dialedHost(host);
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127(\.\d+){3}$/.test(name);
}

/** Whether the pods send requests to a port past their sidecar (Istio 1.30, tools/istio-iptables). */
export function bypassesSidecar({ annotations }: Workload, port: number): boolean {
  return annotations.get('traffic.sidecar.istio.io/excludeOutboundPorts')?.split(',').some(entry => entry.trim() === String(port)) === true;
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
