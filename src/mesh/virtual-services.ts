// VirtualServices: their routes with all names completed, and which of them a gateway or a sidecar uses, in order.
import { namespacedName } from '../base/kubernetes-name';
import { addTo } from '../base/multimap';
import { Kind } from '../manifests/kind';
import { asList, asObject, asTexts } from '../manifests/plain-json';
import { Config, Configs } from './objects/config';
import { isPrecedenceKnown } from './objects/creation-order';
import { expandDelegates } from './route/delegates';
import { HostIndex } from '../base/host-index';
import { HttpRoute, readHttpRoute } from './route/http-routes';
import { MESH, completeGateway, completeHost } from '../base/istio/names';
import { isPublic, isVisibleTo } from './objects/service-index';
import { MeshSettings } from './objects/settings';

/** A VirtualService that routes: one with hosts. */
export interface VirtualService {
  readonly config: Config;
  readonly hosts: readonly string[];
  /** `namespace/name`, or `mesh`. */
  readonly gateways: readonly string[];
  readonly exportTo: readonly string[];
  /** Delegates are expanded. */
  readonly http: readonly HttpRoute[];
}

/** The VirtualServices that one gateway, or the sidecars, use in one namespace. */
export interface BoundVirtualServices {
  readonly inOrder: readonly VirtualService[];
  /** Each with its rank in the order. */
  readonly byHost: HostIndex<readonly [virtualService: VirtualService, rank: number]>;
}

/** All VirtualServices, found by gateway. */
export class VirtualServices {
  public readonly all: readonly VirtualService[];
  private readonly byGateway = new Map<string, VirtualService[]>();
  private readonly bound = new Map<string, BoundVirtualServices>();

  public constructor(configs: Configs, private readonly settings: MeshSettings) {
    const written = configs.of(Kind.VIRTUAL_SERVICE);
    const delegates = new Map<string, Config>();
    written.filter(({ spec }) => asTexts(spec.hosts).length === 0).forEach(config => delegates.set(namespacedName(config), config));
    this.all = written.filter(({ spec }) => asTexts(spec.hosts).length > 0).map(config => readVirtualService(config, delegates, settings));
    this.all.forEach(one => new Set(one.gateways).forEach(gateway => addTo(this.byGateway, gateway, one)));
  }

  /**
   * What proxies in the namespace use for a gateway: private VirtualServices of the namespace first, then those exported to it by name,
   * then public ones; within each group the oldest first (Istio 1.30, pilot/pkg/model/push_context.go:1138-1162).
   */
  public boundTo(gateway: string, namespace: string): BoundVirtualServices {
    const key = `${namespace} ${gateway}`;
    const known = this.bound.get(key);
    if (known) {
      return known;
    }
    const groups: VirtualService[][] = [[], [], []];
    for (const one of this.byGateway.get(gateway) ?? []) {
      if (this.isVisible(one, namespace)) {
        groups[this.groupOf(one, namespace)].push(one);
      }
    }
    const inOrder = groups.flat();
    const byHost: BoundVirtualServices['byHost'] = new HostIndex();
    inOrder.forEach((one, rank) => one.hosts.forEach(host => byHost.add(host, [one, rank])));
    const bound = { inOrder, byHost };
    this.bound.set(key, bound);
    return bound;
  }

  /** Whether the input decides which of two comes first for proxies in the namespace: not if only their ages do, and these are unknown. */
  public isOrderKnown(one: VirtualService, other: VirtualService, namespace: string): boolean {
    return this.groupOf(one, namespace) !== this.groupOf(other, namespace) || isPrecedenceKnown(one.config, other.config);
  }

  /** Where a VirtualService is among those of a namespace, whatever its age: 0 for a private one, 1 for one exported by name, 2 for a public one. */
  private groupOf({ exportTo, config }: VirtualService, namespace: string): 0 | 1 | 2 {
    return isPublic(exportTo, this.settings.defaultVirtualServiceExportTo) ? 2 : config.namespace === namespace ? 0 : 1;
  }

  private isVisible({ exportTo, config }: VirtualService, namespace: string): boolean {
    return isVisibleTo(namespace, exportTo, this.settings.defaultVirtualServiceExportTo, config.namespace);
  }
}

function readVirtualService(config: Config, delegates: ReadonlyMap<string, Config>, settings: MeshSettings): VirtualService {
  const { spec, namespace } = config;
  const gateways = asTexts(spec.gateways);
  const http = asList(spec.http).map((route, index) => readHttpRoute(config, asObject(route), `/spec/http/${index}`, settings));
  return {
    config,
    hosts: asTexts(spec.hosts).map(host => completeHost(host, namespace, settings.clusterDomain)),
    gateways: gateways.length === 0 ? [MESH] : gateways.map(name => completeGateway(name, namespace)),
    exportTo: asTexts(spec.exportTo),
    http: http.flatMap(route => expandDelegates(route, config, delegates, settings)),
  };
}
