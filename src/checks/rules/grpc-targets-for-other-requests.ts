// A gateway has routes for requests that the only load balancer in front of it refuses, because its target group is for gRPC.
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText } from '../../manifests/plain-json';
import { annotationsOf, type Manifest, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { annotationAt } from '../../manifests/pointer';
import { namespacedName } from '../../base/kubernetes-name';
import { annotationPointer } from '../../plan/settings';
import type { Check } from '../check';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-464-issues */
export const grpcTargetsForOtherRequests: Check = {
  id: 'grpc-targets-for-other-requests',
  severity: 'warning',
  title: 'A gateway has routes for requests that its load balancer refuses, because the targets are for gRPC',
  why: 'A target group with protocol version GRPC accepts only POST requests over HTTP/2. The load balancer responds to all others with 464, so browsers '
    + 'and REST clients never reach the routes that are meant for them.',
  fix: 'Set backend-protocol-version to GRPC in an Ingress for the hosts or paths of gRPC alone, or use HTTP2, or leave it out.',
  related: ['E011'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, virtualServices }) {
    for (const { group, gateway, service, proxy } of links.filter(own => own.group.protocolVersion === 'GRPC')) {
      if (links.some(own => own.gateway === gateway && own.group.protocolVersion !== 'GRPC')) {
        continue;
      }
      const names = new Set(proxy.allListeners().flatMap(({ filterChains }) => filterChains.all.map(({ server }) => server.gateway)));
      for (const { manifest, routes } of virtualServices) {
        const ofGateway = routes.filter(own => own.protocol === 'http' && own.gateways.some(name => names.has(name)));
        const route = ofGateway.find(own => methodOf(manifest, own.pointer) !== undefined);
        if (route !== undefined) {
          const place = annotationPointer('backend-protocol-version');
          const owner = annotationsOf(service.manifest).some(([key]) => key === annotationAt(place)) ? service.manifest : group.from.manifest;
          const message = `target group ${group.id} accepts gRPC only, and VirtualService ${qualifiedNameOf(manifest)} has a route for `
            + `${methodOf(manifest, route.pointer)} requests on gateway ${namespacedName(gateway)}`;
          yield { manifest: owner, pointer: place, message };
        }
      }
    }
  },
};

/** A method other than POST that each match of a route demands. */
function methodOf(manifest: Manifest, pointer: string): string | undefined {
  const index = Number(/^\/spec\/http\/(\d+)$/.exec(pointer)?.[1] ?? NaN);
  const methods = asList(asObject(asList(specOf(manifest).http)[index]).match).map(asObject).map(({ method }) => asText(asObject(method).exact));
  return methods.length > 0 && methods.every(method => method !== undefined && method !== 'POST') ? methods[0] : undefined;
}
