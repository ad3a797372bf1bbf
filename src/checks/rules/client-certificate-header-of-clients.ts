// A gateway behind a load balancer passes on the client certificate that the client claims to have.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { pointer } from '../../manifests/pointer';
import { PROXY_CONFIG } from '../../mesh/objects/proxy-config';
import type { Check } from '../check';

/** Envoy, source/common/http/conn_manager_utility.cc mutateXfccRequestHeader: the other modes remove the header of clients without certificate. */
export const clientCertificateHeaderOfClients: Check = {
  id: 'client-certificate-header-of-clients',
  severity: 'warning',
  title: 'A gateway passes on the client certificate that the client claims to have',
  why: 'The header x-forwarded-client-cert names the certificate of the client. An Application Load Balancer neither sets nor removes it, and the gateway '
    + 'with ALWAYS_FORWARD_ONLY does not either. Anyone who sends the header is then whoever the header says to applications that trust it.',
  fix: 'Remove forwardClientCertDetails, or set it to SANITIZE_SET. With mutual-authentication the load balancer names the certificate in X-Amzn-Mtls headers.',
  related: ['E092'],
  about: [Kind.INGRESS],
  reads: [Kind.DEPLOYMENT, Kind.SERVICE],

  *run({ links }) {
    for (const { loadBalancer: { type, group }, gateway, proxy: { forwardsCertificateHeader, numTrustedProxies } } of links) {
      // With several proxies in front, one before the load balancer may set the header.
      if (type === 'application' && forwardsCertificateHeader && numTrustedProxies < 2) {
        const message = `gateway ${namespacedName(gateway)} has forwardClientCertDetails: ALWAYS_FORWARD_ONLY, and load balancer ${group} passes on any `
          + 'x-forwarded-client-cert';
        yield { manifest: gateway.manifest, pointer: gateway.pointer + pointer('metadata', 'annotations', PROXY_CONFIG), message };
      }
    }
  },
};
