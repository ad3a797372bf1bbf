// A route of a gateway has a destination that exportTo hides from the gateway.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import type { Mesh } from '../../mesh/mesh';
import type { Service } from '../../mesh/objects/services';
import type { Route } from '../../mesh/route/routes';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/model/push_context.go IsServiceVisible, pilot/pkg/model/sidecar.go; https://istio.io/latest/docs/reference/config/annotations/ */
export const destinationNotExported: Check = {
  id: 'destination-not-exported',
  severity: 'error',
  title: 'A route of a gateway has a destination that exportTo hides from the gateway',
  why: 'A proxy has clusters only for what is exported to its namespace. The gateway has the route but no cluster for it, so it responds to every request with '
    + '503 and the response flag NC.',
  fix: 'Add the namespace of the gateway\'s pods to exportTo: in the annotation networking.istio.io/exportTo of a Service, in spec.exportTo of a ServiceEntry.',
  related: [],
  about: [Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE, Kind.SERVICE_ENTRY],

  *run({ models: { mesh } }) {
    const { services, settings: { defaultServiceExportTo } } = mesh;
    const isAnyHidden = services.all.some(({ exportTo }) => exportTo.length > 0) || !defaultServiceExportTo.includes('*');
    // Where the pods of a gateway are is known by them, or by a Service for them.
    const gateways = isAnyHidden ? mesh.gatewayWorkloads().filter(own => own.isAssumed !== true || services.selecting(own).length > 0) : [];
    for (const gateway of gateways) {
      for (const { routes } of mesh.gateway(gateway).allRouteConfigs().flatMap(({ virtualHosts }) => virtualHosts)) {
        for (const [route, host] of routes.flatMap(hostsOf)) {
          const hidden = hiddenAt(mesh, host, gateway.namespace);
          const destination = hidden && route.http?.destinations.find(own => own.destination.host === host)?.destination;
          if (destination !== undefined) {
            const exportTo = hidden!.exportTo.length > 0 ? hidden!.exportTo : defaultServiceExportTo;
            const what = `${hidden!.registry === 'kubernetes' ? 'Service' : 'ServiceEntry'} ${namespacedName(hidden!)}`;
            const message = `exportTo (${exportTo.join(', ')}) of ${what} hides it from namespace ${gateway.namespace} of gateway ${namespacedName(gateway)}`;
            yield { manifest: destination.manifest, pointer: `${destination.pointer}/host`, message };
          }
        }
      }
    }
  },
};

function hostsOf(route: Route): [Route, string][] {
  return route.action.is === 'forward' ? route.action.clusters.map(({ cluster }): [Route, string] => [route, cluster.host]) : [];
}

/** The Service that the host names, if the namespace sees none with the host. A Service that is an alias has no cluster in any case. */
function hiddenAt({ services }: Mesh, host: string, namespace: string): Service | undefined {
  const all = services.at(host);
  const isHidden = all.every(own => own.resolution !== 'alias' && own.namespace !== namespace && !services.isVisible(own, namespace));
  return isHidden ? all[0] : undefined;
}
