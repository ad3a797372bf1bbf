// The hosts and ports that VirtualServices send to: a sidecar imports them although its Sidecar does not name them.
import { addTo } from '../../base/multimap';
import { asList, asObject } from '../../manifests/plain-json';
import { MeshSettings } from '../objects/settings';
import { VirtualService } from '../virtual-services';
import { readWeightedDestinations } from './http-routes';

/** Stands for a destination without port: all ports of the host. */
export const ANY_PORT = 0;

/** Ports by host. An HTTP route for other source namespaces does not count (Istio 1.30, pilot/pkg/model/push_context.go:801-870). */
export function destinationPortsOf(virtualServices: readonly VirtualService[], namespace: string, settings: MeshSettings): Map<string, number[]> {
  const ports = new Map<string, number[]>();
  for (const { config, http } of virtualServices) {
    const used = http.filter(({ matches }) => {
      const named = matches.filter(({ sourceNamespace }) => sourceNamespace !== undefined);
      return named.length === 0 || named.some(({ sourceNamespace }) => sourceNamespace === namespace);
    });
    const l4 = [...asList(config.spec.tcp), ...asList(config.spec.tls)].flatMap(route => readWeightedDestinations(config, asObject(route), '/spec', settings));
    const l7 = used.flatMap(({ destinations, mirrors }) => [...destinations, ...mirrors ?? []]);
    [...l7, ...l4].map(({ destination }) => destination).forEach(({ host, port }) => addTo(ports, host, port ?? ANY_PORT));
  }
  return ports;
}
