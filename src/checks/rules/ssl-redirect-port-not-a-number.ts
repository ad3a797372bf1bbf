// The redirect port of a class is not a number, which turns the redirect off.
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asText } from '../../manifests/plain-json';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_builder.go:482 takes a port that it cannot read for none. */
export const sslRedirectPortNotANumber: Check = {
  id: 'ssl-redirect-port-not-a-number',
  severity: 'error',
  title: 'The sslRedirectPort of a class is not a number',
  why: 'The controller ignores a port that it cannot read, without an error or an event, and with it the annotation ssl-redirect of all members of the '
    + 'group. Plain HTTP is served instead of being redirected.',
  fix: 'Set sslRedirectPort to the number of the HTTPS port, such as "443".',
  related: ['E089'],
  about: [Kind.INGRESS_CLASS_PARAMS],
  reads: [],

  *run(subject) {
    for (const manifest of subject.of(Kind.INGRESS_CLASS_PARAMS)) {
      const written = asText(specOf(manifest).sslRedirectPort);
      if (written !== undefined && written !== '' && !/^[+-]?\d+$/.test(written) && !/[${}()]/.test(written)) {
        yield { manifest, pointer: '/spec/sslRedirectPort', message: `sslRedirectPort must be a number; got ${JSON.stringify(written)}` };
      }
    }
  },
};
