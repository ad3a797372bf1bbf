// Causes of deaths that the objects show, where the usual fix would be about something else.
import { isSubsetHost } from '../base/host-index';
import { namespacedName } from '../base/kubernetes-name';
import { qualifiedNameOf } from '../manifests/manifest';
import { asList, asObject, asText } from '../manifests/plain-json';
import type { Place } from '../mesh/objects/config';
import { type Server, routeKindOf, splitServerHost } from '../mesh/objects/gateways';
import type { Mesh } from '../mesh/mesh';
import type { GatewayProxy } from '../mesh/proxies';
import { whyNotBuilt } from '../mesh/route/routes';
import { otherPortNames, podsOf } from '../mesh/objects/service-index';
import type { Service, ServicePort } from '../mesh/objects/services';
import type { VirtualService } from '../mesh/virtual-services';
import { type Workload, isOnHostNetwork, writtenInjection } from '../mesh/objects/workloads';
import type { DeathDetails } from './hops/trace-end';

/** What an end says of a cause, in place of the usual fix. */
export type Cause = Pick<DeathDetails, 'by' | 'fix'>;

/** The VirtualService that has the host at one of the servers, and whose routes istiod does not build there. */
export function droppedRoutes(mesh: Mesh, gateway: GatewayProxy, servers: readonly Server[], host: string): Cause | undefined {
  for (const server of servers) {
    const bound = mesh.virtualServices.boundTo(server.gateway, gateway.namespace).byHost.overlapping(host);
    const found = bound.map(([, [one]]) => one).find(one => admits(server, one, host));
    const cause = found && whyDropped(found, gateway, server);
    if (found !== undefined && cause !== undefined) {
      return { by: cause.by, fix: `Change VirtualService ${namespacedName(found.config)}, which has the host but no route for the gateway: ${cause.why}.` };
    }
  }
  return undefined;
}

function admits({ hosts }: Server, { config }: VirtualService, host: string): boolean {
  return hosts.map(splitServerHost).some(([namespace, own]) => (namespace === '*' || namespace === config.namespace) && isSubsetHost(host, own));
}

interface Reason extends Pick<DeathDetails, 'by'> {
  readonly why: string;
}

function whyDropped({ config, http }: VirtualService, gateway: GatewayProxy, server: Server): Reason | undefined {
  const { manifest, spec } = config;
  const context = gateway.contextFor(server.gateway, server.port, server.tls !== undefined);
  const [match] = http.flatMap(({ matches }) => matches);
  const why = match && whyNotBuilt(match, context);
  if (match !== undefined) {
    return why === undefined ? undefined : { by: match, why };
  }
  const index = asList(spec.http).findIndex(own => asObject(own).delegate !== undefined);
  if (index === -1) {
    return { by: { manifest, pointer: '/spec' }, why: 'it has no http routes' };
  }
  const { name, namespace } = asObject(asObject(asList(spec.http)[index]).delegate);
  return {
    by: { manifest, pointer: `/spec/http/${index}/delegate` },
    why: `its delegate ${asText(namespace) ?? config.namespace}/${asText(name) ?? ''} must exist, have no hosts, be exported to namespace ${config.namespace}, `
      + 'and have matches that fit those of the delegating route',
  };
}

/** A server that opens the port of the pods, but has no routes of the kind that it uses, so that the gateway does not listen. */
export function serverWithoutRoutes({ merged }: GatewayProxy, podPort: number): Cause & { readonly needs: 'tls' | 'tcp' } | undefined {
  const server = merged.ports.filter(({ number }) => number === podPort).flatMap(({ servers }) => servers).find(own => routeKindOf(own) !== 'http');
  if (server === undefined) {
    return undefined;
  }
  const mode = server.tls === undefined ? `protocol ${server.protocolName}` : `tls mode ${server.tls.mode}`;
  const needs = routeKindOf(server) === 'tls' ? 'tls' : 'tcp';
  const instead = needs === 'tls' ? 'let the gateway terminate TLS (mode SIMPLE)' : `give the server protocol ${server.tls === undefined ? 'HTTP' : 'HTTPS'}`;
  return {
    by: server, needs,
    fix: `Write ${needs} routes for the server of Gateway ${server.gateway} with ${mode}, where http routes have no effect, or ${instead}.`,
  };
}

/** A Service whose named targetPort none of its pods has. */
export function unnamedPort({ workloads }: Mesh, service: Service, port: ServicePort): Cause | undefined {
  const pods = podsOf(service, workloads).filter(own => own.replicas > 0);
  const known = otherPortNames(port, pods);
  return known && {
    by: { manifest: service.manifest, pointer: `${port.pointer}/targetPort` },
    fix: `Correct targetPort ${port.target} of Service ${namespacedName(service)}: no container of ${pods.map(namespacedName).join(', ')} has a port with this `
      + 'name'
      + `${known.length === 0 ? '' : `; the names are ${known.join(', ')}`}.`,
  };
}

/** mTLS of the mesh for a port that annotations of the pods exclude from their sidecar. */
export function excludedPort(workload: Workload, port: number): Cause {
  const fix = `Remove port ${port} from traffic.sidecar.istio.io/excludeInboundPorts of ${namespacedName(workload)}, or add a DestinationRule with `
    + 'tls.mode DISABLE for the port.';
  return { by: workload, fix };
}

/** mTLS of the mesh for pods whose PeerAuthentication disables it. */
export function disabledMtls(by: Place): Cause {
  const fix = `Remove mode DISABLE from PeerAuthentication ${qualifiedNameOf(by.manifest)}, with which the sidecar of the pods accepts only plaintext, or `
    + 'remove tls from the DestinationRule.';
  return { by, fix };
}

/** A headless Service without pods at its port. */
export function noPodsAtPort({ hostname }: Service, port: ServicePort): Cause {
  const why = 'clients of a headless Service dial its pods at the port of the Service, not at targetPort';
  return { fix: `Give ${hostname} pods that listen on port ${port.port}: ${why}.` };
}

/** Pods that get mTLS of the mesh without a sidecar that could read it. */
export function missingSidecar(workload: Workload): Cause {
  const { namespace, isProxyAssumed } = workload;
  const own = writtenInjection(workload);
  const why = isOnHostNetwork(workload) ? 'they use the network of the node' : own === 'false' ? 'sidecar.istio.io/inject is false'
    : own === 'true' ? `namespace ${namespace} disables injection`
      : isProxyAssumed ? `they have no label for injection, and the input has no Namespace ${namespace}`
      : `neither they nor namespace ${namespace} have a label for injection (istio-injection: enabled)`;
  const fix = `Give the pods of ${namespacedName(workload)} a sidecar, which they lack because ${why}, or remove tls from the DestinationRule.`;
  return { by: workload, fix };
}
