// An Ingress has spec.tls, and its load balancer no HTTPS listener.
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asList } from '../../manifests/plain-json';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener.go:149 and :237. Only an explicit certificate makes the default port 443. */
export const tlsWithoutHttpsListener: Check = {
  id: 'tls-without-https-listener',
  severity: 'error',
  title: 'An Ingress has spec.tls, and no HTTPS listener',
  why: 'The controller reads only hosts from spec.tls, to find certificates in ACM for an HTTPS listener that exists. It does not make one, and it ignores '
    + 'secretName. Without listen-ports and certificate-arn it listens on port 80 by HTTP alone: connections to port 443 fail.',
  fix: 'Set the annotation listen-ports to [{"HTTP": 80}, {"HTTPS": 443}], and certificate-arn if ACM does not have a certificate for the hosts.',
  related: ['E056'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer, isDecided } of members) {
      const isPlain = isDecided && loadBalancer?.listeners.every(({ protocol }) => protocol === 'HTTP') === true;
      if (isPlain && asList(specOf(manifest).tls).length > 0 && !settings.has('listenPorts')) {
        const ports = loadBalancer.listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(', ');
        yield { manifest, pointer: '/spec/tls', message: `spec.tls makes no listener: without listen-ports the load balancer has only ${ports}` };
      }
    }
  },
};
