// Routes for HTTP to TLS ports of ServiceEntries for which no DestinationRule originates TLS.
import { isSubsetHost } from '../base/host-index';
import { MESH } from '../base/istio/names';
import { mayBeHttp } from '../base/istio/protocol';
import { asObject, asText } from '../manifests/plain-json';
import type { SidecarProxy } from '../mesh/proxies';
import type { Service, ServicePort } from '../mesh/objects/services';
import type { Destination } from '../mesh/route/http-routes';
import { interfering } from '../trace/pod-ends';
import type { Subject } from './subject';
import { type Forward, forwardsOf, sidecarForwards } from './routes/forwards';

/** A destination, as written, to which a proxy sends plain HTTP. */
export type PlaintextForward = (Forward | Forward<SidecarProxy>) & { readonly destination: Destination };

/** Those of the gateways, and of sidecars in the namespaces of VirtualServices. */
export function plaintextToTls(subject: Subject): PlaintextForward[] {
  const { mesh } = subject.models;
  const hosts = new Set(mesh.services.all.filter(own => isForTls(own) && own.ports.some(hasTls)).map(({ hostname }) => hostname));
  const senders = hosts.size === 0 ? [] : mesh.virtualServices.all.filter(({ http }) => (
    http.some(({ destinations }) => destinations.some(({ destination }) => hosts.has(destination.host)))));
  const clients = new Map(senders.filter(({ gateways }) => gateways.includes(MESH)).map(({ config }) => [config.namespace, config.manifest]));
  // A VirtualService of another namespace is one of the clients there.
  const ofSidecars = [...clients].flatMap(([namespace, manifest]) => (
    sidecarForwards(mesh, namespace, manifest).filter(({ route }) => route.virtualService?.config.namespace === namespace)));
  const forwards = senders.length === 0 ? [] : [...forwardsOf(mesh), ...ofSidecars];
  return forwards.flatMap(forward => {
    const { route, cluster: { service, port, policy } } = forward;
    const destination = route.http?.destinations.map(own => own.destination)
      .find(own => own.host === service.hostname && (own.port ?? port.port) === port.port && own.subset === forward.cluster.name.subset);
    const isPlain = isForTls(service) && hasTls(port) && (asText(asObject(policy.tls).mode) ?? 'DISABLE') === 'DISABLE';
    return destination !== undefined && isPlain && isUsed(forward) && !mayOriginate(forward, subject) ? [{ ...forward, destination }] : [];
  });
}

/** Endpoints in the mesh may have sidecars, and without resolution the port that the client dialed counts. */
function isForTls({ registry, external, resolution }: Service): boolean {
  return registry === 'external' && external && resolution !== 'passthrough';
}

function hasTls({ protocol }: ServicePort): boolean {
  return protocol === 'https' || protocol === 'tls';
}

/** Whether clients use the route: to a host with TLS ports only, applications send TLS themselves, and sidecars pass it through. */
function isUsed({ proxy, route, cluster: { service } }: Forward | Forward<SidecarProxy>): boolean {
  return proxy.kind === 'router' || service.ports.some(({ protocol }) => mayBeHttp(protocol))
    || route.virtualService?.hosts.some(host => isSubsetHost(service.hostname, host)) !== true;
}

/** Whether something that the model does not know may send TLS, or a DestinationRule for other clients than the assumed one. */
function mayOriginate({ proxy, cluster: { service, rule } }: Forward | Forward<SidecarProxy>, { models: { mesh }, destinationRules }: Subject): boolean {
  const places = [undefined, proxy.namespace, service.namespace];
  const others = mesh.unmodelled.all.filter(({ namespace, role }) => role === undefined && places.includes(namespace));
  if (interfering([...mesh.unmodelledOf(proxy.workload), ...others]) !== undefined) {
    return true;
  }
  const isKnown = proxy.workload.isAssumed !== true || (proxy.kind === 'router' && mesh.services.selecting(proxy.workload).length > 0);
  return destinationRules.all.some(({ host, manifest }) => isSubsetHost(service.hostname, host) && !rule?.from.some(own => own.manifest === manifest)
    && (!isKnown || mesh.refusals.some(own => own.manifest === manifest)) && /"(SIMPLE|MUTUAL)"/.test(JSON.stringify(manifest.object)));
}
