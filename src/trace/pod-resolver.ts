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

/** Services of type ExternalName that may follow each other. */
const MOST_ALIASES = 8;

/** What the resolver of a pod finds: a Kubernetes Service, or the full name of one that the input lacks; neither for a host outside. */
export function resolved(mesh: Mesh, namespace: string, host: string): { readonly service?: Service; readonly missing?: string } {
  let own: readonly Service[] = found(mesh, namespace, host);
  if (own.length === 0) {
    return { missing: nameOfService(mesh, namespace, host) };
  }
  for (let aliases = 0; aliases < MOST_ALIASES; aliases++) {
    const service = own.find(({ registry, resolution }) => registry === 'kubernetes' && resolution !== 'alias');
    const alias = own.find(({ registry, resolution }) => registry === 'kubernetes' && resolution === 'alias')?.externalName?.replace(/\.$/, '');
    if (service !== undefined || alias === undefined) {
      return { service };
    }
    // The name of an alias is complete: no search domain is added.
    const name = alias.toLowerCase();
    own = mesh.services.at(name);
    if (own.length === 0) {
      return name.endsWith(`.svc.${mesh.settings.clusterDomain}`) ? { missing: name } : {};
    }
  }
  return { missing: host };
}

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
  return annotations.get('traffic.sidecar.istio.io/includeOutboundIPRanges') === ''
    || annotations.get('traffic.sidecar.istio.io/excludeOutboundPorts')?.split(',').some(entry => entry.trim() === String(port)) === true;
}

/** The full name, where nothing but a Service can have such a name: one label, or one in the domain of Services. */
function nameOfService({ settings: { clusterDomain } }: Mesh, namespace: string, host: string): string | undefined {
  return host === 'localhost' ? undefined : !/[.:]/.test(host) ? serviceFqdn(host, namespace, clusterDomain)
    : host.endsWith('.svc') ? `${host}.${clusterDomain}` : host.endsWith(`.svc.${clusterDomain}`) ? host : undefined;
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
  const at = (name: string) => [name, serviceFqdn(name, namespace, clusterDomain), `${name}.svc.${clusterDomain}`, `${name}.${clusterDomain}`]
    .flatMap(full => services.at(full));
  const own = at(host);
  // A pod of a StatefulSet has a name below that of its headless Service.
  const below = host.slice(host.indexOf('.') + 1);
  return own.length > 0 || !host.includes('.') ? own : at(below).filter(({ resolution }) => resolution === 'passthrough');
}
