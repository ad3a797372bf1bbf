// A VirtualService names a Gateway of the input, and the gateway has no route of it.
import { MESH } from '../../base/istio-names';
import { Kind } from '../../manifests/kind';
import { asList, asTexts } from '../../manifests/plain-json';
import { type Gateway, routeKindOf } from '../../mesh/gateways';
import { type UnusedVirtualService, UnusedReason, unusedVirtualServices } from '../../mesh/unused-virtual-services';
import type { Check } from '../check';
import { RouteUse } from '../route-use';

/** Istio 1.30: pilot/pkg/networking/core/gateway.go:398-571. */
export const unusedVirtualService: Check = {
  id: 'unused-virtual-service',
  severity: 'error',
  title: 'A gateway uses no route of a VirtualService that names it',
  why: 'Hosts, namespaces and protocols of the Gateway and of the VirtualService do not fit, and Istio says nothing about it. The gateway responds to requests '
    + 'for the host with 404, or closes the connection.',
  fix: 'Use hosts that a server of the Gateway has, export the VirtualService to the namespace of the gateway\'s pods, and write http routes for a server that '
    + 'terminates TLS.',
  related: ['E030', 'E031', 'E032', 'IST0132', 'KIA1104'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE],

  *run(subject) {
    const { models: { mesh }, gateways } = subject;
    const use = new RouteUse(subject);
    // The routes of all gateways are made only where one VirtualService looks unused.
    const suspects = new Set(subject.virtualServices.filter(own => !use.mayBeUsedByGateway(own)).map(({ manifest }) => manifest));
    const podsOf = (gateway: string) => mesh.gatewayWorkloads().filter(own => !own.isAssumed
      && mesh.gateway(own).merged.ports.some(({ servers }) => servers.some(server => server.gateway === gateway))).map(({ namespace }) => namespace);
    for (const unused of suspects.size === 0 ? [] : unusedVirtualServices(mesh).filter(own => suspects.has(own.virtualService.config.manifest))) {
      const { virtualService: { config: { manifest, spec } }, gateway } = unused;
      const [named, ...others] = gateways.named(gateway);
      const fault = named === undefined || others.length > 0 ? undefined : describe(unused, named, [...new Set(podsOf(gateway))]);
      if (fault !== undefined) {
        const [field, message] = fault;
        yield { manifest, pointer: spec[field] === undefined ? '/spec' : `/spec/${field}`, message };
      }
    }
  },
};

type Field = 'exportTo' | 'hosts' | 'http' | 'tls' | 'tcp';

function describe({ reason, virtualService, gateway }: UnusedVirtualService, { servers }: Gateway, pods: readonly string[]): [Field, string] | undefined {
  const { exportTo, hosts, config: { spec, namespace } } = virtualService;
  if (reason === UnusedReason.NOT_EXPORTED && pods.length > 0) {
    const list = exportTo.length === 0 ? 'the default of the mesh' : exportTo.map(entry => `"${entry}"`).join(', ');
    return ['exportTo', `exportTo ${list} hides the routes from the pods of Gateway ${gateway} in namespace ${pods.join(', ')}`];
  }
  if (reason === UnusedReason.NO_COMMON_HOST) {
    const all = [...new Set(servers.flatMap(own => own.hosts))];
    return ['hosts', `no server of Gateway ${gateway} takes host ${hosts.join(', ')} from namespace ${namespace}; its hosts: ${all.join(', ')}`];
  }
  const kinds = (['http', 'tls', 'tcp'] as const).filter(kind => asList(spec[kind]).length > 0);
  const needed = [...new Set(servers.map(routeKindOf))];
  const isOther = reason === UnusedReason.NO_ROUTE && kinds.length > 0 && !kinds.some(own => needed.includes(own)) && !asTexts(spec.gateways).includes(MESH);
  const text = `the servers of Gateway ${gateway} use ${needed.join(' and ')} routes only, so these ${kinds.join(' and ')} routes have no effect`;
  return isOther ? [kinds[0], text] : undefined;
}
