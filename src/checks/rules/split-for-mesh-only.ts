// A VirtualService splits requests for sidecars only, and the gateway sends them to the Service undivided.
import { namespacedName } from '../../base/kubernetes-name';
import { MESH } from '../../base/istio/names';
import { Kind } from '../../manifests/kind';
import type { HttpRoute } from '../../mesh/route/http-routes';
import type { Check } from '../check';
import { forwardsOf } from '../routes/forwards';

/** https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService: without gateways, `mesh`. */
export const splitForMeshOnly: Check = {
  id: 'split-for-mesh-only',
  severity: 'warning',
  title: 'A split applies to sidecars only, and the gateway does not split',
  why: 'A VirtualService without gateways is for the sidecars of the mesh. Requests from outside follow the VirtualService that names the gateway, and go to '
    + 'all pods of the Service, whatever the weights are.',
  fix: 'Put the weights into the route of the gateway, or name the gateway and its host here as well.',
  related: ['E029', 'IST0140'],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.GATEWAY, Kind.SERVICE],

  *run({ models: { mesh } }) {
    const splits = mesh.virtualServices.all.filter(({ gateways, http }) => http.some(isSplit) && gateways.every(name => name === MESH));
    const forwards = splits.length === 0 ? [] : forwardsOf(mesh);
    const splitAtGateway = new Set(forwards.filter(({ route }) => isSplit(route.http)).map(({ cluster }) => cluster.service.hostname));
    for (const { config, hosts } of splits) {
      const whole = forwards.find(({ route, cluster }) => hosts.includes(cluster.service.hostname) && !splitAtGateway.has(cluster.service.hostname)
        && cluster.subset === undefined && route.virtualService !== undefined);
      if (whole !== undefined) {
        const { route: { virtualService, pointer }, proxy: { workload } } = whole;
        const message = `requests through gateway ${namespacedName(workload)} follow ${pointer} of VirtualService ${namespacedName(virtualService!.config)}, `
          + 'which does not split them; this VirtualService applies to sidecars only';
        yield { manifest: config.manifest, pointer: config.spec.gateways === undefined ? '/spec' : '/spec/gateways', message };
      }
    }
  },
};

function isSplit(http: HttpRoute | undefined): boolean {
  return http !== undefined && http.destinations.filter(({ weight }) => weight > 0).length > 1;
}
