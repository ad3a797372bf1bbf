// Contests: objects of which the oldest wins, or which are merged by age, in an input that does not tell the ages.
import { addTo } from '../base/multimap';
import { Kind } from '../manifests/kind';
import { asInteger, asList, asObject, asText, asTexts } from '../manifests/plain-json';
import { classOf } from '../base/protocol';
import { Config, Configs, isPrecedenceKnown } from './config';
import { DestinationRules } from './destination-rules';
import { VirtualServices } from './virtual-services';

/** Kinds of which each namespace, or each set of pods in it, uses the oldest. */
const BY_NAMESPACE = [Kind.PEER_AUTHENTICATION, Kind.REQUEST_AUTHENTICATION, Kind.SIDECAR] as const;

/** Whether the age of objects may decide what a proxy gets, and is unknown. */
export function isContested(configs: Configs, virtualServices: VirtualServices, destinationRules: DestinationRules): boolean {
  const claims = new Map<string, Config[]>();
  for (const { config, hosts, gateways } of virtualServices.all) {
    hosts.forEach(host => gateways.forEach(gateway => addTo(claims, `routes of ${host.toLowerCase()} at ${gateway}`, config)));
  }
  destinationRules.all.forEach(({ host, config }) => addTo(claims, `rules of ${host}`, config));
  configs.of(Kind.SERVICE_ENTRY).forEach(config => asTexts(config.spec.hosts).forEach(host => addTo(claims, `entries of ${host}`, config)));
  BY_NAMESPACE.forEach(kind => configs.of(kind).forEach(config => addTo(claims, `${kind} ${config.namespace}`, config)));
  return isPortContested(configs.of(Kind.GATEWAY)) || [...claims.values()].some(areContested);
}

function areContested([first, ...others]: readonly Config[]): boolean {
  return others.some(other => !isPrecedenceKnown(first, other));
}

/** Gateways that claim one host on one port, or one port with several protocols. */
function isPortContested(gateways: readonly Config[]): boolean {
  const claims = new Map<string, Config[]>();
  const protocols = new Map<number, Map<string, Config>>();
  for (const config of gateways) {
    for (const server of asList(config.spec.servers).map(asObject)) {
      const port = asInteger(asObject(server.port).number) ?? 0;
      asTexts(server.hosts).forEach(host => addTo(claims, `${port} ${host}`, config));
      const known = protocols.get(port) ?? new Map<string, Config>();
      protocols.set(port, known.set(classOf(asText(asObject(server.port).protocol) ?? ''), config));
    }
  }
  return [...claims.values()].some(areContested) || [...protocols.values()].some(own => areContested([...own.values()]));
}
