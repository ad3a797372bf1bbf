// The mesh trusts proxies in front of all gateways, and a gateway has none that appends to x-forwarded-for.
import { kindNameOf } from '../../manifests/kind';
import { type Manifest, nameOf, qualifiedNameOf } from '../../manifests/manifest';
import { asInteger, asObject, asText } from '../../manifests/plain-json';
import { readDocuments } from '../../manifests/yaml';
import type { Check } from '../check';

/** https://istio.io/latest/docs/ops/configuration/traffic-management/network-topologies/ */
export const meshWideTrustedProxies: Check = {
  id: 'mesh-wide-trusted-proxies',
  severity: 'warning',
  title: 'The mesh trusts a proxy that one of the gateways does not have',
  why: 'In MeshConfig, numTrustedProxies holds for all gateways. A Network Load Balancer appends nothing to x-forwarded-for, so the clients of a gateway '
    + 'behind one write the address that it takes for theirs, and so pass remoteIpBlocks.',
  fix: 'Set numTrustedProxies in the annotation proxy.istio.io/config of the pods that are behind an Application Load Balancer, not in MeshConfig.',
  related: ['E090', 'E114'],
  about: [],
  reads: [],

  *run({ manifests, links }) {
    for (const manifest of manifests.filter(own => kindNameOf(own) === 'ConfigMap' && /^istio(-|$)/.test(nameOf(own)))) {
      const trusted = trustedProxies(manifest);
      for (const { service, gateway, loadBalancer, group } of trusted > 0 ? links : []) {
        const isBalanced = links.some(own => own.gateway === gateway && own.loadBalancer.type === 'application');
        const isOwn = gateway.annotations.get('proxy.istio.io/config')?.includes('numTrustedProxies') === true;
        if (loadBalancer.type === 'network' && group.protocol !== 'HTTP' && !isBalanced && !isOwn && !gateway.isAssumed) {
          const name = qualifiedNameOf(service.manifest);
          const message = `numTrustedProxies: ${trusted} also holds for the gateway behind Service ${name}, and a Network Load Balancer is in front of it`;
          yield { manifest, pointer: '/data/mesh', message };
        }
      }
    }
  },
};

function trustedProxies({ object }: Manifest): number {
  try {
    const [mesh] = readDocuments(asText(asObject(object.data).mesh) ?? '', 'mesh');
    return asInteger(asObject(asObject(asObject(mesh).defaultConfig).gatewayTopology).numTrustedProxies) ?? 0;
  } catch {
    // istiod refuses the text as well.
    return 0;
  }
}
