// Contests: objects of which the oldest wins, or which are merged by age. Where the input does not tell the ages, only the cluster decides.
import { addTo } from '../base/multimap';
import { Kind } from '../manifests/kind';
import { asList, asObject, asText, asTexts } from '../manifests/plain-json';
import { MESH } from '../base/istio/names';
import { isWildcard } from '../base/host-index';
import { Config, Configs, Labels, readLabels, selects } from './objects/config';
import { DestinationRules } from './objects/destination-rules';
import { Gateways, Server, isTlsServer, splitServerHost, terminates } from './objects/gateways';
import { meetings } from './route/gateway-routes';
import { ServiceIndex, targetPortOf } from './objects/service-index';
import { VirtualService, VirtualServices } from './virtual-services';
import { Workload } from './objects/workloads';

/** The objects of a mesh, as one order has them. */
export interface Contestants {
  readonly configs: Configs;
  readonly virtualServices: VirtualServices;
  readonly destinationRules: DestinationRules;
  readonly services: ServiceIndex;
  readonly gateways: Gateways;
  /** The workloads with a proxy. */
  readonly proxies: readonly Workload[];
}

/** For each thing that only one of several objects can have, or that they share by age, the objects that claim it. */
export function claimsOf(contestants: Contestants): Config[][] {
  const claims = new Map<string, Config[]>();
  const claim: Claim = (what, config) => addTo(claims, what, config);
  claimRoutes(contestants, claim);
  claimHosts(contestants, claim);
  claimPods(contestants, claim);
  contestants.proxies.forEach((workload, index) => {
    claimPorts(contestants, workload, index, claim);
    if (workload.proxy === 'router') {
      claimListeners(contestants, workload, index, claim);
    }
  });
  return [...claims.values()];
}

type Claim = (what: string, config: Config) => void;

/**
 * Sidecars use the oldest VirtualService of a host. Gateways do so for TCP and TLS alone: of routes of HTTP the walk itself finds those that may come first.
 */
function claimRoutes({ virtualServices }: Contestants, claim: Claim): void {
  const isLoose = virtualServices.all.some(({ hosts, config: { spec } }) => hosts.some(isWildcard) && asList(spec.tcp).length + asList(spec.tls).length > 0);
  for (const { config, hosts, gateways } of virtualServices.all) {
    const tcp = asList(config.spec.tcp).map(asObject);
    const names = asList(config.spec.tls).map(asObject).flatMap(({ match }) => asList(match).map(asObject).flatMap(({ sniHosts }) => asTexts(sniHosts)));
    for (const gateway of gateways) {
      if (gateway === MESH) {
        hosts.forEach(host => claim(`routes of ${host.toLowerCase()}`, config));
      }
      if (tcp.length > 0 && (gateway !== MESH || isLoose)) {
        claim(`connections at ${gateway}`, config);
      }
      if (gateway !== MESH || isLoose) {
        names.forEach(name => claim(`server name ${name.toLowerCase()} at ${gateway}`, config));
      }
    }
  }
}

/** What each namespace has one of, or merges, for a host. */
function claimHosts({ configs, destinationRules }: Contestants, claim: Claim): void {
  destinationRules.all.forEach(({ host, config }) => claim(`rules of ${host} in ${config.namespace}`, config));
  configs.of(Kind.SERVICE_ENTRY).forEach(config => asTexts(config.spec.hosts).forEach(host => claim(`entries of ${host}`, config)));
  for (const config of configs.of(Kind.REQUEST_AUTHENTICATION)) {
    asList(config.spec.jwtRules).map(asObject).forEach(({ issuer }) => claim(`tokens of ${asText(issuer)} in ${config.namespace}`, config));
  }
}

/** Kinds of which the oldest that selects a pod counts, else the oldest of the namespace without selector. */
const SELECTIVE = [
  [Kind.PEER_AUTHENTICATION, 'selector', 'matchLabels'], [Kind.SIDECAR, 'workloadSelector', 'labels'],
] as const;

function claimPods({ configs, proxies }: Contestants, claim: Claim): void {
  for (const [kind, field, labels] of SELECTIVE) {
    const byLabel = new Map<string, { readonly config: Config; readonly selector: Labels }[]>();
    for (const config of configs.of(kind)) {
      const selector = readLabels(asObject(config.spec[field])[labels]);
      const [first] = selector;
      if (first === undefined) {
        claim(`${kind} of ${config.namespace}`, config);
      } else {
        addTo(byLabel, `${config.namespace}/${first.join('=')}`, { config, selector });
      }
    }
    if (byLabel.size > 0) {
      proxies.forEach((workload, index) => [...workload.labels].flatMap(label => byLabel.get(`${workload.namespace}/${label.join('=')}`) ?? [])
        .filter(({ selector }) => selects(selector, workload.labels)).forEach(({ config }) => claim(`${kind} of pods ${index}`, config)));
    }
  }
}

/** Services that lead one port to several ports of a gateway, or declare several protocols for one port of a sidecar. */
function claimPorts({ services }: Contestants, workload: Workload, index: number, claim: Claim): void {
  const found = new Map<string, { readonly value: string | number; readonly config: Config }[]>();
  const own = services.selecting(workload);
  if (own.length < 2) {
    return;
  }
  for (const { ports, config } of own) {
    for (const port of ports.filter(({ protocol }) => protocol !== 'udp')) {
      const target = targetPortOf(port, workload);
      const [what, value] = workload.proxy === 'router' ? [`port ${port.port}`, target] : [`target ${target}`, port.protocol];
      if (target !== undefined && value !== undefined) {
        addTo(found, what, { value, config });
      }
    }
  }
  found.forEach((all, what) => (
    all.some(({ value }) => value !== all[0].value) && all.forEach(({ config }) => claim(`${what} of pods ${index}`, config))));
}

/** Gateways that claim a port of a gateway's pods with several protocols, a server name, or the place of their routes for a host. */
function claimListeners({ gateways, services, virtualServices }: Contestants, workload: Workload, index: number, claim: Claim): void {
  const byPort = new Map<number, Server[]>();
  const merged = gateways.mergedFor(workload, services);
  gateways.selecting(workload).forEach(({ servers }) => servers.forEach(server => addTo(byPort, merged.listenerPort(server.port), server)));
  for (const [port, servers] of byPort) {
    if (new Set(servers.map(({ config }) => config)).size < 2) {
      continue;
    }
    const at = `port ${port} of gateway ${index}`;
    const isPlain = servers.some(server => !isTlsServer(server));
    const isShared = servers.every(({ protocol, bind }) => protocol === 'http' && bind === servers[0].bind);
    if (isPlain && !isShared) {
      servers.forEach(({ config }) => claim(at, config));
    }
    for (const server of servers) {
      if (server.tls !== undefined) {
        server.hosts.forEach(host => claim(`${splitServerHost(host)[1].toLowerCase()} at ${at}`, server.config));
      }
    }
    claimPlaces(servers, server => meetings(server, virtualServices.boundTo(server.gateway, workload.namespace)), at, claim);
  }
}

/** Several VirtualServices that reach one host by several Gateways. */
function claimPlaces(servers: readonly Server[], meet: (server: Server) => ReturnType<typeof meetings>, at: string, claim: Claim): void {
  const places = new Map<string, { readonly virtualServices: Set<VirtualService>; readonly configs: Set<Config> }>();
  for (const server of servers.filter(own => own.protocol === 'http' || !terminates(own))) {
    for (const [domain, one] of meet(server)) {
      const names = server.protocol === 'http' ? [domain.toLowerCase()] : sniHostsOf(one);
      for (const name of names) {
        const place = places.get(name) ?? { virtualServices: new Set(), configs: new Set() };
        places.set(name, place);
        place.virtualServices.add(one);
        place.configs.add(server.config);
      }
    }
  }
  places.forEach(({ virtualServices, configs }, name) => virtualServices.size > 1 && configs.forEach(config => claim(`place of ${name} at ${at}`, config)));
}

function sniHostsOf({ config }: VirtualService): string[] {
  return asList(config.spec.tls).map(asObject).flatMap(({ match }) => asList(match).map(asObject).flatMap(({ sniHosts }) => asTexts(sniHosts)));
}
