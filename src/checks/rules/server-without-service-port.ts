// A server of a Gateway has a port that no Service of the gateway's pods has.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { asList, asObject } from '../../manifests/plain-json';
import { valueAt } from '../../manifests/pointer';
import type { Server } from '../../mesh/objects/gateways';
import { targetPortOf } from '../../mesh/objects/service-index';
import type { Service, ServicePort } from '../../mesh/objects/services';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { showPorts } from '../ports';

/** Istio 1.30: pilot/pkg/model/gateway.go:505-534. */
export const serverWithoutServicePort: Check = {
  id: 'server-without-service-port',
  severity: 'warning',
  title: 'A server of a Gateway has a port that no Service of its pods has',
  why: 'The gateway listens on the port, and load balancers and pods reach it through Services only, so the server gets no request. The number of a server is '
    + 'that of a port of the Service, or the port of the pods behind one.',
  fix: 'Use the number of a port of the Service in servers[].port.number, or add the port to the Service.',
  related: ['E019', 'IST0162'],
  about: [Kind.GATEWAY],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ models: { mesh } }) {
    const reached = new Set<Server>();
    const unreached = new Map<Server, readonly Service[]>();
    for (const workload of mesh.gatewayWorkloads()) {
      const services = mesh.services.selecting(workload);
      const open = portsOf(workload, services);
      for (const { number, servers } of mesh.gateway(workload).merged.ports) {
        const isReached = open?.has(number) ?? true;
        servers.forEach(server => (isReached || server.bind !== '' ? reached.add(server) : unreached.set(server, services)));
      }
    }
    for (const [{ manifest, pointer, port }, services] of [...unreached].filter(([own]) => !reached.has(own))) {
      const shown = services.map(service => `Service ${namespacedName(service)} has ${showPorts(service.ports.filter(isTcp))}`).join(', ');
      yield { manifest, pointer: `${pointer}/port/number`, message: `no Service of the gateway's pods has port ${port}; ${shown}` };
    }
  },
};

/** The ports of the pods to which Services lead; unknown if clients may connect to others as well. */
function portsOf(workload: Workload, services: readonly Service[]): ReadonlySet<number> | undefined {
  const targets = services.flatMap(({ ports }) => ports).filter(isTcp).map(port => targetPortOf(port, workload));
  const isOpen = workload.isAssumed === true || services.length === 0 || hasHostPorts(workload);
  return isOpen || targets.includes(undefined) ? undefined : new Set(targets as number[]);
}

function isTcp({ protocol }: ServicePort): boolean {
  return protocol !== 'udp';
}

function hasHostPorts({ manifest, pointer }: Workload): boolean {
  const spec = asObject(valueAt(manifest.object, `${pointer}/spec`));
  const ports = asList(spec.containers).flatMap(container => asList(asObject(container).ports)).map(asObject);
  return spec.hostNetwork === true || ports.some(({ hostPort }) => hostPort !== undefined);
}
