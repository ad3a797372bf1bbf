// mTLS that workloads demand: PeerAuthentication by mesh, namespace, workload and port (Istio 1.30, pilot/pkg/security/authn/policy_applier.go:370-466).
import { addTo } from '../../base/multimap';
import { Kind } from '../../manifests/kind';
import { asObject, asText } from '../../manifests/plain-json';
import { Config, Configs, Labels, Place, readLabels, selects } from '../objects/config';
import { MeshSettings } from '../objects/settings';
import { Selected } from './policies';

/** What a port accepts. */
export type MtlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** A mode and what set it; no place for the default. */
export interface MtlsDemand {
  readonly mode: MtlsMode;
  readonly place?: Place;
}

interface Policy {
  readonly config: Config;
  readonly selector: Labels;
}

const DEFAULT: MtlsDemand = { mode: 'PERMISSIVE' };

/** All PeerAuthentications. */
export class PeerAuthentications {
  /** The oldest policy without selector of each namespace. */
  private readonly general = new Map<string, Config>();
  private readonly selective = new Map<string, Policy[]>();

  public constructor(configs: Configs, private readonly settings: MeshSettings) {
    for (const config of configs.of(Kind.PEER_AUTHENTICATION)) {
      const selector = readLabels(asObject(config.spec.selector).matchLabels);
      if (selector.size > 0) {
        addTo(this.selective, config.namespace, { config, selector });
      } else if (!this.general.has(config.namespace)) {
        this.general.set(config.namespace, config);
      }
    }
  }

  /**
   * What the workload's port demands. The oldest policy of the narrowest scope counts: port, workload, namespace, mesh. In the root namespace
   * a policy with a selector is ignored.
   *
   * @param port a port of the pod, not of the Service
   */
  public demandOf(workload: Selected, port: number): MtlsDemand {
    const own = this.ownPolicy(workload);
    const level = own === undefined ? undefined : modeOf(asObject(asObject(own.spec.portLevelMtls)[String(port)]).mode);
    if (own !== undefined && level !== undefined) {
      return { mode: level, place: { manifest: own.manifest, pointer: `/spec/portLevelMtls/${port}` } };
    }
    return demand(own) ?? this.namespaceDemand(workload.namespace);
  }

  /** The ports of the pod for which the workload's own policy has a mode. */
  public portsOf(workload: Selected): number[] {
    return Object.keys(asObject(this.ownPolicy(workload)?.spec.portLevelMtls)).map(Number).filter(Number.isInteger);
  }

  private ownPolicy({ namespace, labels }: Selected): Config | undefined {
    return namespace === this.settings.rootNamespace ? undefined
      : this.selective.get(namespace)?.find(({ selector }) => selects(selector, labels))?.config;
  }

  /** What a namespace demands of workloads without a policy of their own. A client decides by it whether a Service can be sent mTLS at all. */
  public namespaceDemand(namespace: string): MtlsDemand {
    return demand(this.general.get(namespace)) ?? demand(this.general.get(this.settings.rootNamespace)) ?? DEFAULT;
  }
}

function demand(config: Config | undefined): MtlsDemand | undefined {
  const mode = modeOf(asObject(config?.spec.mtls).mode);
  return config === undefined || mode === undefined ? undefined : { mode, place: { manifest: config.manifest, pointer: '/spec/mtls' } };
}

/** UNSET, or anything that is no mode, inherits. */
function modeOf(value: unknown): MtlsMode | undefined {
  const mode = asText(value);
  return mode === 'DISABLE' || mode === 'PERMISSIVE' || mode === 'STRICT' ? mode : undefined;
}
