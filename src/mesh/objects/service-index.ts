// The Services of the whole mesh, found by host, by port and by the labels of their pods, with who may see them.
import { isExportedTo } from '../../base/istio/export-to';
import { addTo, groupBy } from '../../base/multimap';
import { once } from '../../base/once';
import { compareText } from '../../base/order';
import { ProtocolClass } from '../../base/istio/protocol';
import { Kind } from '../../manifests/kind';
import { Configs, Labels } from './config';
import { CreationOrder } from './creation-order';
import { LabelIndex } from './label-index';
import { readServiceEntry } from './service-entries';
import { Service, ServicePort, portAt, readService } from './services';
import { MeshSettings } from './settings';
import { Workload, Workloads } from './workloads';

/** All Services, found by host, by port and by the labels of their pods. */
export class ServiceIndex {
  public readonly all: readonly Service[];
  private readonly byHost = new Map<string, Service[]>();
  private readonly byPort = new Map<number, Service[]>();
  /** The Kubernetes Services that select pods, by the labels of these: those of each namespace, and all. */
  private readonly ofPodsIn: ReadonlyMap<string, LabelIndex<Service>>;
  private ofAllPods: LabelIndex<Service> | undefined;
  private readonly inbound = new Map<Workload, ReadonlyMap<number, ProtocolClass>>();
  private readonly order: CreationOrder;
  private aliases: ReadonlyMap<string, readonly Service[]> | undefined;

  public constructor(configs: Configs, private readonly settings: MeshSettings) {
    this.order = configs.order;
    const kubernetes = configs.of(Kind.SERVICE).map(config => readService(config, settings));
    const entries = configs.of(Kind.SERVICE_ENTRY).flatMap(config => readServiceEntry(config));
    this.all = [...kubernetes, ...mergedEntries(entries)];
    for (const service of this.all) {
      addTo(this.byHost, service.hostname, service);
      service.ports.forEach(({ port }) => addTo(this.byPort, port, service));
    }
    const selecting = kubernetes.filter(own => (own.selector?.size ?? 0) > 0);
    this.ofPodsIn = new Map([...groupBy(selecting, own => own.namespace)].map(([namespace, own]) => [namespace, new LabelIndex(own, selectorOf)]));
  }

  /** The Services and ServiceEntries with exactly this host, whoever may see them. */
  public at(hostname: string): readonly Service[] {
    return this.byHost.get(hostname) ?? [];
  }

  /** The Kubernetes Services of any namespace that would select pods with the labels. */
  public selectingAnywhere(labels: Labels): Service[] {
    return this.ofPods().satisfiedBy(labels);
  }

  /** The Kubernetes Services of any namespace that select only pods with these labels and further ones. */
  public selectingMoreThan(labels: Labels): Service[] {
    return this.ofPods().including(labels);
  }

  /** Few inputs ask for it: those with a Gateway whose pods they lack. */
  private ofPods(): LabelIndex<Service> {
    this.ofAllPods ??= new LabelIndex(this.all.filter(own => own.registry === 'kubernetes' && (own.selector?.size ?? 0) > 0), selectorOf);
    return this.ofAllPods;
  }

  /** The ExternalName Services that stand for the host, directly or by way of others (Istio 1.30, pilot/pkg/model/push_context.go:1599-1696). */
  public aliasesOf(hostname: string): readonly Service[] {
    this.aliases ??= aliasesAmong(this.all);
    return this.aliases.get(hostname) ?? [];
  }

  /** Whether proxies in the namespace know the Service. */
  public isVisible(service: Service, namespace: string): boolean {
    return isVisibleTo(namespace, service.exportTo, this.settings.defaultServiceExportTo, service.namespace);
  }

  /**
   * The Service that a proxy in the namespace knows under the host. A Kubernetes Service comes before a ServiceEntry, what is exported to
   * the namespace by name before what is public, and of several the oldest (Istio 1.30, pilot/pkg/model/sidecar.go:1019, push_context.go:1045).
   *
   * @param preferred a namespace whose Service comes first: a sidecar's own, or that of the VirtualService that names the host
   */
  public find(hostname: string, namespace: string, preferred?: string): Service | undefined {
    const all = this.byHost.get(hostname);
    if (all === undefined) {
      return undefined;
    }
    const visible = all.filter(service => this.isVisible(service, namespace));
    const own = preferred === undefined ? undefined : visible.find(service => service.namespace === preferred);
    return own ?? visible.find(({ registry }) => registry === 'kubernetes')
      ?? visible.find(({ exportTo }) => !isPublic(exportTo, this.settings.defaultServiceExportTo)) ?? visible[0];
  }

  /** The Service of the namespace with the host, whoever may see it. */
  public hiddenIn(namespace: string, hostname: string): Service | undefined {
    return this.byHost.get(hostname)?.find(service => service.namespace === namespace);
  }

  /**
   * Services in the order in which a proxy that may see them has them: the private ones, those that are exported by name, the public ones, each by age
   * and name (Istio 1.30, pilot/pkg/model/push_context.go:1035, 1699).
   */
  public inRegistryOrder(services: readonly Service[]): Service[] {
    const rankOf = ({ exportTo }: Service) => (isPublic(exportTo, this.settings.defaultServiceExportTo) ? 2 : exportTo.join() === '.' ? 0 : 1);
    const nameIn = ({ registry, hostname, name }: Service) => (registry === 'external' ? hostname : name);
    return [...services].sort((a, b) => rankOf(a) - rankOf(b) || this.order.compareAges(a.config, b.config)
      || compareText(nameIn(a), nameIn(b)) || compareText(a.namespace, b.namespace));
  }

  /** The Services with the port, UDP aside, that proxies in the namespace know, one for each host (Istio 1.30, pilot/pkg/model/service.go GetByPort). */
  public withPort(port: number, namespace: string): readonly Service[] {
    const hosts = new Map<string, Service>();
    for (const service of this.byPort.get(port) ?? []) {
      const found = hosts.has(service.hostname) ? undefined : this.find(service.hostname, namespace, namespace);
      if (found !== undefined) {
        hosts.set(service.hostname, found);
      }
    }
    return [...hosts.values()].filter(service => portAt(service, port) !== undefined);
  }

  /**
   * What the sidecar of a pod takes the bytes at one of its ports for: the oldest Service that leads there decides (Istio 1.30,
   * pilot/pkg/networking/core/listener_inbound.go:418-425). Nothing if none does.
   */
  public inboundProtocol(workload: Workload, port: number): ProtocolClass | undefined {
    return once(this.inbound, workload, () => this.inboundProtocols(workload)).get(port);
  }

  private inboundProtocols(workload: Workload): Map<number, ProtocolClass> {
    const protocols = new Map<number, ProtocolClass>();
    for (const port of this.selecting(workload).flatMap(({ ports }) => ports)) {
      const target = targetPortOf(port, workload);
      if (target !== undefined && port.protocol !== 'udp' && !protocols.has(target)) {
        protocols.set(target, port.protocol);
      }
    }
    return protocols;
  }

  /** The Kubernetes Services that select the workload's pods, in the order in which istiod searches them for a port. */
  public selecting(workload: Pick<Workload, 'namespace' | 'labels'>): Service[] {
    const { namespace, labels } = workload;
    return (this.ofPodsIn.get(namespace)?.satisfiedBy(labels) ?? [])
      .sort((a, b) => this.order.compareAges(a.config, b.config) || compareText(a.hostname, b.hostname));
  }
}

function selectorOf({ selector }: Service): Labels {
  return selector!;
}

/** Whether `exportTo`, or the mesh's default where it is empty, includes all namespaces. */
export function isPublic(exportTo: readonly string[], fallback: readonly string[]): boolean {
  return (exportTo.length === 0 ? fallback : exportTo).includes('*');
}

/** Whether `exportTo`, or the mesh's default where it is empty, includes the namespace. `~` alone hides the object from everyone. */
export function isVisibleTo(namespace: string, exportTo: readonly string[], fallback: readonly string[], own: string): boolean {
  const list = exportTo.length === 0 ? fallback : exportTo;
  return list.includes('*') || (!list.includes('~') && isExportedTo(namespace, list, own));
}

/** The port that pods listen on for a Service port; absent if no container has the name. */
export function targetPortOf({ target }: ServicePort, workload: Workload): number | undefined {
  return typeof target === 'number' ? target : workload.portsByName.get(target);
}

/** The names that the ports of pods have, where a Service looks for another one, so that none of the pods is an endpoint of it. */
export function otherPortNames({ target }: ServicePort, pods: readonly Workload[]): readonly string[] | undefined {
  const isMissing = typeof target === 'string' && pods.length > 0 && !pods.some(({ portsByName }) => portsByName.has(target));
  return isMissing ? [...new Set(pods.flatMap(({ portsByName }) => [...portsByName.keys()]))] : undefined;
}

/** All pods that a Service selects. */
export function podsOf(service: Service, workloads: Workloads): readonly Workload[] {
  return service.selector === undefined ? [] : workloads.selectedBy(service.namespace, service.selector);
}

function aliasesAmong(services: readonly Service[]): Map<string, Service[]> {
  const aliases = services.filter(({ resolution }) => resolution === 'alias');
  const next = new Map(aliases.map(({ hostname, externalName }) => [hostname, externalName ?? '']));
  const found = new Map<string, Service[]>();
  for (const alias of aliases) {
    const seen = new Set([alias.hostname]);
    let host = alias.externalName ?? '';
    while (next.has(host) && !seen.has(host)) {
      seen.add(host);
      host = next.get(host)!;
    }
    if (!next.has(host)) {
      addTo(found, host, alias);
    }
  }
  return found;
}

/** ServiceEntries of one namespace that agree in all but their ports are one Service with the ports of all (Istio 1.30, sidecar.go:1060-1131). */
function mergedEntries(entries: readonly Service[]): Service[] {
  const merged = new Map<string, Service>();
  for (const entry of entries) {
    const { namespace, hostname, resolution, labels, selector, exportTo } = entry;
    const key = JSON.stringify([namespace, hostname, resolution, [...labels].sort(), [...selector ?? []].sort(), [...exportTo].sort()]);
    const known = merged.get(key);
    const added = known && entry.ports.filter(({ port }) => !known.ports.some(own => own.port === port));
    merged.set(key, known && added ? { ...known, ports: [...known.ports, ...added], listed: [...known.listed, ...entry.listed] } : entry);
  }
  return [...merged.values()];
}
