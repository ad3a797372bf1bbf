// Gateways whose pods are not in the input: a platform team often installs them apart from the routes. Their labels are those that a Gateway selects.
import { Kind } from '../manifests/kind';
import { Gateways } from './objects/gateways';
import { ServiceIndex } from './objects/service-index';
import { Service } from './objects/services';
import { MeshSettings } from './objects/settings';
import { Workload } from './objects/workloads';

/** Labels of the gateway that Istio's own profiles install, in the root namespace (Istio 1.30, manifests/charts/gateways/istio-ingress). */
const DEFAULT_GATEWAY = ['istio', 'ingressgateway'] as const;

/**
 * One workload for each selector that no gateway of the input satisfies. Its namespace is that of a Service that selects the same pods, or pods with these
 * labels and further ones, which the workload then has as well; else that of Istio's default gateway, else that of the Gateway. Without such a Service the
 * listeners have the declared ports.
 */
export function assumedGateways(gateways: Gateways, routers: readonly Workload[], services: ServiceIndex, settings: MeshSettings): Workload[] {
  return gateways.unserved(routers).map(({ selector, config }): Workload => {
    const service = services.selectingAnywhere(selector)[0] ?? onlyOne(services.selectingMoreThan(selector));
    const isDefault = selector.get(DEFAULT_GATEWAY[0]) === DEFAULT_GATEWAY[1];
    return {
      manifest: config.manifest,
      pointer: '/spec/selector',
      kind: Kind.GATEWAY,
      namespace: service?.namespace ?? (isDefault ? settings.rootNamespace : config.namespace),
      name: config.name,
      labels: service?.selector === undefined ? selector : new Map([...service.selector, ...selector]),
      annotations: new Map(),
      serviceAccount: config.name,
      replicas: 1,
      proxy: 'router',
      portsByName: new Map(),
      isAssumed: true,
    };
  });
}

/** Of Services of several gateways nothing follows. */
function onlyOne(services: readonly Service[]): Service | undefined {
  return services.length === 1 ? services[0] : undefined;
}

/** What text adds to the name of a gateway whose pods are not in the input. */
export function assumption({ isAssumed }: Workload): string {
  return isAssumed === true ? ' (assumed: its pods are not in the input)' : '';
}
