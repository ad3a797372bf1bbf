// A route for gRPC leads to a port that declares HTTP/1.1.
import { Kind } from '../../manifests/kind';
import { qualifiedNameOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { HttpMatch } from '../../mesh/route/http-routes';
import type { Check } from '../check';
import { forwardsOf } from '../routes/forwards';

/** Istio 1.30: pilot/pkg/networking/core/cluster_builder.go setUpstreamProtocol, pkg/config/kube/conversion.go:62. */
export const grpcToHttpPort: Check = {
  id: 'grpc-to-http-port',
  severity: 'warning',
  title: 'A route for gRPC leads to a port that declares HTTP/1.1',
  why: 'Istio takes the protocol of a port from appProtocol or from the start of its name. To a port named http the gateway and the sidecar speak HTTP/1.1, '
    + 'which gRPC servers do not understand: calls fail with "upstream connect error".',
  fix: 'Set appProtocol: grpc at the port of the Service, or name the port grpc.',
  related: ['E040', 'IST0118'],
  about: [Kind.SERVICE],
  reads: [Kind.DESTINATION_RULE, Kind.GATEWAY, Kind.VIRTUAL_SERVICE],

  *run({ models: { mesh } }) {
    const hasGrpc = mesh.virtualServices.all.some(({ http }) => http.some(({ matches }) => matches.some(isForGrpc)));
    for (const { route, cluster: { service, port, policy } } of hasGrpc ? forwardsOf(mesh) : []) {
      const { useClientProtocol, h2UpgradePolicy } = asObject(asObject(policy.connectionPool).http);
      const spec = asObject(asList(asObject(service.manifest.object.spec).ports).find(own => asObject(own).port === port.port));
      const [field, declared] = asText(spec.appProtocol) === undefined ? ['name', port.name] : ['appProtocol', asText(spec.appProtocol)!];
      const isHttp1 = /^(http(-.*)?|kubernetes\.io\/ws)$/i.test(declared);
      if (service.registry === 'kubernetes' && isForGrpc(route.match) && isHttp1 && useClientProtocol !== true && h2UpgradePolicy !== 'UPGRADE') {
        const from = `route ${route.pointer} of VirtualService ${qualifiedNameOf(route.manifest)}`;
        const message = `port ${port.port} declares HTTP/1.1 by its ${field} "${declared}", and ${from} sends gRPC to it`;
        yield { manifest: service.manifest, pointer: `${port.pointer}/${field}`, message };
      }
    }
  },
};

/** gRPC-Web is HTTP/1.1 as well. */
function isForGrpc({ headers }: Pick<HttpMatch, 'headers'>): boolean {
  return headers.some(([name, match]) => name.toLowerCase() === 'content-type' && match.is !== 'present' && /^application\/grpc(?!-web)/.test(match.value));
}
