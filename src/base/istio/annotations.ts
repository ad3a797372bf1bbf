// The annotations of Istio, and the kinds on which it reads them (Istio 1.30, api/annotation/annotations.gen.go).

/** The pods have it, and so a workload has it in the template of its pods. */
const POD = ['Pod'] as const;
const ANY = ['Any'] as const;

/** By key: the kinds on which Istio reads the annotation; `Any` for all. */
export const ISTIO_ANNOTATIONS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['alpha.istio.io/canonical-serviceaccounts', ['Service']], ['alpha.istio.io/kubernetes-serviceaccounts', ['Service']],
  ['ambient.istio.io/bypass-inbound-capture', POD], ['ambient.istio.io/dns-capture', POD], ['ambient.istio.io/redirection', POD],
  ['ambient.istio.io/waypoint-inbound-binding', ['GatewayClass', 'Gateway']],
  ['galley.istio.io/analyze-suppress', ANY],
  ['gateway.istio.io/controller-version', ANY], ['gateway.istio.io/name-override', ['Gateway']], ['gateway.istio.io/service-account', ['Gateway']],
  ['inject.istio.io/templates', POD],
  ['istio.io/autoRegistrationGroup', ['WorkloadEntry']], ['istio.io/connectedAt', ['WorkloadEntry']], ['istio.io/disconnectedAt', ['WorkloadEntry']],
  ['istio.io/dry-run', ['AuthorizationPolicy']], ['istio.io/reroute-virtual-interfaces', POD], ['istio.io/rev', POD],
  ['istio.io/workloadController', ['WorkloadEntry']],
  ['networking.istio.io/exportTo', ['Service']], ['networking.istio.io/service-type', ['Gateway']],
  ['networking.istio.io/traffic-distribution', ['Namespace', 'Service', 'ServiceEntry']],
  ['prometheus.istio.io/merge-metrics', POD],
  ['proxy.istio.io/config', POD], ['proxy.istio.io/overrides', POD],
  ['readiness.status.sidecar.istio.io/applicationPorts', POD], ['readiness.status.sidecar.istio.io/failureThreshold', POD],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', POD], ['readiness.status.sidecar.istio.io/periodSeconds', POD],
  ['sidecar.istio.io/agentLogLevel', POD], ['sidecar.istio.io/bootstrapOverride', POD], ['sidecar.istio.io/componentLogLevel', POD],
  ['sidecar.istio.io/discoveryAddress', POD], ['sidecar.istio.io/extraStatTags', POD], ['sidecar.istio.io/inject', POD],
  ['sidecar.istio.io/interceptionMode', POD], ['sidecar.istio.io/logLevel', POD], ['sidecar.istio.io/nativeSidecar', POD],
  ['sidecar.istio.io/proxyCPU', POD], ['sidecar.istio.io/proxyCPULimit', POD], ['sidecar.istio.io/proxyImage', POD],
  ['sidecar.istio.io/proxyImageType', POD], ['sidecar.istio.io/proxyMemory', POD], ['sidecar.istio.io/proxyMemoryLimit', POD],
  ['sidecar.istio.io/rewriteAppHTTPProbers', POD], ['sidecar.istio.io/statsCompression', POD], ['sidecar.istio.io/statsEvictionInterval', POD],
  ['sidecar.istio.io/statsFlushInterval', POD], ['sidecar.istio.io/statsHistogramBins', POD], ['sidecar.istio.io/statsHistogramBuckets', POD],
  ['sidecar.istio.io/statsInclusionPrefixes', POD], ['sidecar.istio.io/statsInclusionRegexps', POD], ['sidecar.istio.io/statsInclusionSuffixes', POD],
  ['sidecar.istio.io/status', POD], ['sidecar.istio.io/userVolume', POD], ['sidecar.istio.io/userVolumeMount', POD],
  ['status.sidecar.istio.io/port', POD],
  ['topology.istio.io/controlPlaneClusters', ['Namespace']],
  ['traffic.istio.io/nodeSelector', ['Service']],
  ['traffic.sidecar.istio.io/excludeInboundPorts', POD], ['traffic.sidecar.istio.io/excludeInterfaces', POD],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', POD], ['traffic.sidecar.istio.io/excludeOutboundPorts', POD],
  ['traffic.sidecar.istio.io/includeInboundPorts', POD], ['traffic.sidecar.istio.io/includeOutboundIPRanges', POD],
  ['traffic.sidecar.istio.io/includeOutboundPorts', POD], ['traffic.sidecar.istio.io/kubevirtInterfaces', POD],
]);
