// The name of a security policy is none that AWS has, and similar to one.
import { sslPolicyMeantBy } from '../../base/alb-annotations/ssl-policies';
import { ALB_ANNOTATIONS } from '../../base/alb-annotations/annotations';
import { Kind } from '../../manifests/kind';
import type { Check } from '../check';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
export const misspeltSslPolicy: Check = {
  id: 'misspelt-ssl-policy',
  severity: 'warning',
  title: 'The name of a security policy for TLS is misspelt',
  why: 'The controller passes the name on, and AWS refuses a listener with a policy that it does not have (SSLPolicyNotFound). Nothing listens on the port, or '
    + 'the listener keeps its old policy, and no change to the load balancer reaches AWS.',
  fix: 'Use the name of a policy that aws elbv2 describe-ssl-policies lists. If yours is newer than this version, acknowledge the finding.',
  related: ['E051'],
  about: [Kind.INGRESS],
  reads: [],
  reach: 'field',

  *run({ members }) {
    for (const { manifest, settings, loadBalancer } of members) {
      const written = settings.readable('sslPolicy') ?? '';
      const meant = sslPolicyMeantBy(written);
      if (meant !== undefined && loadBalancer?.listeners.some(({ sslPolicy }) => sslPolicy === written) === true) {
        const message = `${ALB_ANNOTATIONS.sslPolicy.key} ${written} is no policy that AWS is known to have; did you mean ${meant}?`;
        yield { manifest, pointer: settings.pointer('sslPolicy'), message };
      }
    }
  },
};
