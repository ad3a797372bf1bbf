// A gateway demands a version of TLS that the load balancer does not offer to targets.
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';
import { linkText, schemeTo } from '../load-balancers/links';

/**
 * The policy of the listener decides about TLS to targets as well: only those of the TLS 1.3 families offer TLS 1.3 there
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html).
 */
export const tlsVersionTooNewForAlb: Check = {
  id: 'tls-version-too-new-for-alb',
  severity: 'error',
  title: 'A gateway demands TLS 1.3 of a load balancer that offers at most TLS 1.2 to targets',
  why: 'The ssl-policy of a listener decides about the versions of TLS towards targets, too. Without one of the TLS 1.3 families the handshake with the '
    + 'gateway fails, and clients get 502.',
  fix: 'Set the annotation ssl-policy to one whose name has TLS13, such as ELBSecurityPolicy-TLS13-1-2-2021-06, or lower minProtocolVersion to TLSV1_2.',
  related: ['E013'],
  about: [Kind.GATEWAY],
  reads: [Kind.INGRESS, Kind.SERVICE],

  *run({ links }) {
    for (const link of links) {
      const chain = schemeTo(link) === 'https' ? link.listener?.filterChains.select({ tls: true, serverName: '' }) : undefined;
      const old = link.loadBalancer.listeners.find(({ sslPolicy }) => sslPolicy !== undefined && !sslPolicy.includes('TLS13'));
      if (chain?.server.tls?.minProtocolVersion === 'TLSV1_3' && old !== undefined) {
        const { manifest, pointer } = chain.server;
        const message = `TLSV1_3 is more than ${linkText(link)} offers: its listener on port ${old.port} has ssl-policy ${old.sslPolicy}`;
        yield { manifest, pointer: `${pointer}/tls/minProtocolVersion`, message };
      }
    }
  },
};
