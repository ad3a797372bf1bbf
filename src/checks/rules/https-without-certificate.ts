// An HTTPS listener has no certificate.
import { Kind } from '../../manifests/kind';
import { isWithoutCertificate } from '../../plan/load-balancer';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_listener.go:213 looks for certificates by the hosts of rules and spec.tls. */
export const httpsWithoutCertificate: Check = {
  id: 'https-without-certificate',
  severity: 'error',
  title: 'An HTTPS listener has no certificate',
  why: 'Without certificate-arn the controller looks for certificates in ACM by the hosts of the rules and of spec.tls. Without a host it finds none, and '
    + 'AWS refuses the listener (CertificateNotFound), so nothing listens on the port.',
  fix: 'Set certificate-arn, or give the rules a host for which ACM has a certificate.',
  related: ['E058'],
  about: [Kind.INGRESS],
  reads: [],

  *run({ members }) {
    for (const { manifest, settings, loadBalancer, isDecided } of members) {
      for (const { port } of isDecided ? loadBalancer?.listeners.filter(isWithoutCertificate) ?? [] : []) {
        const place = settings.has('listenPorts') ? settings.pointer('listenPorts') : '/metadata';
        const message = `HTTPS listener ${port} has no certificate: certificate-arn is not set, and no rule has a host to find one for`;
        yield { manifest, pointer: place, message };
      }
    }
  },
};
