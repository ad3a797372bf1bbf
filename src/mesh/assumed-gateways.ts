// Gateways whose pods are not in the input: a platform team often installs them apart from the routes. Their labels are those that a Gateway selects.
import { Kind } from '../manifests/kind';
import { Gateways } from './gateways';
import { ServiceIndex } from './service-index';
import { MeshSettings } from './settings';
import { Workload } from './workloads';

/** Labels of the gateway that Istio's own profiles install, in the root namespace (Istio 1.30, manifests/charts/gateways/istio-ingress). */
const DEFAULT_GATEWAY = ['istio', 'ingressgateway'] as const;

/**
 * One workload for each selector that no gateway of the input satisfies. Its namespace is that of a Service that selects the same pods, else
 * that of Istio's default gateway, else that of the Gateway. Without such a Service the listeners have the declared ports.
 */
export function assumedGateways(gateways: Gateways, routers: readonly Workload[], services: ServiceIndex, settings: MeshSettings): Workload[] {
  return gateways.unserved(routers).map(({ selector, config }): Workload => {
    const [service] = services.selectingAnywhere(selector);
    const isDefault = selector.get(DEFAULT_GATEWAY[0]) === DEFAULT_GATEWAY[1];
    return {
      manifest: config.manifest,
      pointer: '/spec/selector',
      kind: Kind.GATEWAY,
      namespace: service?.namespace ?? (isDefault ? settings.rootNamespace : config.namespace),
      name: config.name,
      labels: selector,
      annotations: new Map(),
      serviceAccount: config.name,
      replicas: 1,
      proxy: 'router',
      portsByName: new Map(),
      isAssumed: true,
    };
  });
}
