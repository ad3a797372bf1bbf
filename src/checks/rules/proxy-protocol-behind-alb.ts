// A gateway demands the PROXY protocol, which an Application Load Balancer does not send.
import { Kind } from '../../manifests/kind';
import { asList, asObject } from '../../manifests/plain-json';
import type { Check } from '../check';
import { linkText } from '../load-balancers/links';

/** Istio 1.30, pilot/pkg/xds/filters/filters.go: with the listener filter, the header is mandatory. Only Network Load Balancers can send it. */
export const proxyProtocolBehindAlb: Check = {
  id: 'proxy-protocol-behind-alb',
  severity: 'error',
  title: 'A gateway behind an Application Load Balancer demands the PROXY protocol',
  why: 'An Application Load Balancer never sends the header of the PROXY protocol. The gateway closes each connection that begins without it, so clients get '
    + '502, although the health check on port 15021 succeeds.',
  fix: 'Remove proxyProtocol from gatewayTopology, or the EnvoyFilter, and set numTrustedProxies: 1 to get the address of the client.',
  related: ['E014'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.ENVOY_FILTER, Kind.SERVICE],

  *run({ links, models: { mesh } }) {
    for (const link of links.filter(({ loadBalancer }) => loadBalancer.type === 'application')) {
      if (link.proxy.demandsProxyProtocol) {
        const { manifest, pointer } = link.gateway;
        const place = { manifest, pointer: `${pointer}/metadata/annotations/proxy.istio.io~1config` };
        yield { ...place, message: `gatewayTopology has proxyProtocol, which ${linkText(link)} does not speak` };
      }
      for (const { manifest, kind } of mesh.unmodelledOf(link.gateway)) {
        const index = kind === Kind.ENVOY_FILTER ? asList(asObject(manifest.object.spec).configPatches).findIndex(addsFilter) : -1;
        if (index >= 0) {
          yield { manifest, pointer: `/spec/configPatches/${index}`, message: `adds the PROXY protocol, which ${linkText(link)} does not speak` };
        }
      }
    }
  },
};

function addsFilter(patch: unknown): boolean {
  const { operation, value } = asObject(asObject(patch).patch);
  return operation !== 'REMOVE' && JSON.stringify(value ?? null).includes('filters.listener.proxy_protocol');
}
