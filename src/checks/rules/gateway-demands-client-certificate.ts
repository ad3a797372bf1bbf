// A gateway demands a client certificate from a load balancer, which has none.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { linkText, schemeTo } from '../load-balancers/links';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html */
export const gatewayDemandsClientCertificate: Check = {
  id: 'gateway-demands-client-certificate',
  severity: 'error',
  title: 'A Gateway demands a client certificate from a load balancer',
  why: 'A load balancer terminates the TLS of its clients and opens TLS of its own to its targets, without a client certificate. The handshake with a '
    + 'server of mode MUTUAL or ISTIO_MUTUAL fails, and clients get 502.',
  fix: 'Verify client certificates at the load balancer (annotation mutual-authentication), and use mode SIMPLE at the gateway.',
  related: ['E002'],
  about: [Kind.GATEWAY],
  reads: [Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const chain = schemeTo(link) === 'https' ? link.listener?.filterChains.select({ tls: true, serverName: '' }) : undefined;
      if (chain?.clientCertificate === 'required') {
        const { server: { manifest, pointer, tls } } = chain;
        yield { manifest, pointer: `${pointer}/tls/mode`, message: `mode ${tls?.mode} demands a client certificate, and ${linkText(link)} has none` };
      }
    }
  },
};
