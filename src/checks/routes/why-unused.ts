// Why no gateway uses a route of a VirtualService that names its Gateway.
import { MESH } from '../../base/istio/names';
import type { Manifest } from '../../manifests/manifest';
import { asList, asTexts } from '../../manifests/plain-json';
import { type Gateway, routeKindOf } from '../../mesh/objects/gateways';
import { UnusedReason, type UnusedVirtualService } from '../../mesh/unused-virtual-services';
import { whyDropped } from './dropped-entries';

type Field = 'exportTo' | 'hosts' | 'http' | 'tls' | 'tcp';

/**
 * Why a Gateway uses no route of a VirtualService, and the field at fault; nothing where the input does not tell.
 *
 * @param pods namespaces of the gateway's pods
 * @param all the VirtualServices of the input
 */
export function whyUnused(
  { reason, virtualService, gateway }: UnusedVirtualService, named: Gateway, pods: readonly string[], all: readonly Manifest[],
): [Field, string] | undefined {
  const { servers } = named;
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
  if (isOther) {
    return [kinds[0], text];
  }
  const why = reason === UnusedReason.NO_ROUTE ? whyDropped(virtualService.config.manifest, named, all) : undefined;
  return why === undefined ? undefined : ['http', `Gateway ${gateway} builds no entry of http, which needs that ${why}`];
}
