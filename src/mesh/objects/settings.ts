// What the operators of the mesh decide: the fields of MeshConfig and of istiod that change what a proxy is programmed with.

/** What a sidecar does with a host that the mesh does not know. */
export type OutboundPolicy = 'ALLOW_ANY' | 'REGISTRY_ONLY';

/** Mesh settings, with the defaults of the charts of Istio 1.30. */
export interface MeshSettings {
  /** Namespace whose policies and rules apply to the whole mesh (`rootNamespace`). */
  readonly rootNamespace: string;
  /** Domain of the cluster's Services. */
  readonly clusterDomain: string;
  /** Trust domain of the identities that the mesh issues, then its aliases. */
  readonly trustDomains: readonly string[];
  /** `outboundTrafficPolicy.mode`. */
  readonly outboundPolicy: OutboundPolicy;
  /** `enableAutoMtls`. */
  readonly autoMtls: boolean;
  /** `defaultConfig.gatewayTopology.numTrustedProxies`; the annotation `proxy.istio.io/config` of a pod comes first. */
  readonly numTrustedProxies: number;
  /** `pathNormalization.normalization`. */
  readonly pathNormalization: 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';
  /** `defaultVirtualServiceExportTo`. */
  readonly defaultVirtualServiceExportTo: readonly string[];
  /** `defaultDestinationRuleExportTo`. */
  readonly defaultDestinationRuleExportTo: readonly string[];
  /** `defaultServiceExportTo`. */
  readonly defaultServiceExportTo: readonly string[];
  /** `defaultHttpRetryPolicy.attempts`. */
  readonly defaultRetryAttempts: number;
}

/** Istio's shipped defaults (Istio 1.30, pkg/config/mesh/mesh.go:94 and manifests/charts). */
export const DEFAULT_SETTINGS: MeshSettings = {
  rootNamespace: 'istio-system',
  clusterDomain: 'cluster.local',
  trustDomains: ['cluster.local'],
  outboundPolicy: 'ALLOW_ANY',
  autoMtls: true,
  numTrustedProxies: 0,
  pathNormalization: 'BASE',
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  defaultServiceExportTo: ['*'],
  defaultRetryAttempts: 2,
};
