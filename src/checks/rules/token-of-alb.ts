// A RequestAuthentication validates the token of the load balancer's login, for which there is no key set.
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asList, asObject, asText } from '../../manifests/plain-json';
import type { Check } from '../check';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html#user-claims-encoding */
export const tokenOfAlb: Check = {
  id: 'token-of-alb',
  severity: 'error',
  title: 'Envoy cannot validate the token of the load balancer',
  why: 'AWS publishes the keys for x-amzn-oidc-data one by one, in PEM form, at public-keys.auth.elb.REGION.amazonaws.com. Envoy needs a JSON Web Key Set, so '
    + 'it rejects every request that carries the header with 401.',
  fix: 'Let the load balancer validate tokens (annotation jwt-validation), validate x-amzn-oidc-accesstoken with the keys of the identity provider, or verify '
    + 'x-amzn-oidc-data in the application.',
  related: ['E045', 'E093'],
  about: [Kind.REQUEST_AUTHENTICATION],
  reads: [],

  *run(subject) {
    for (const manifest of subject.of(Kind.REQUEST_AUTHENTICATION)) {
      for (const [index, { fromHeaders, jwksUri }] of asList(specOf(manifest).jwtRules).map(asObject).entries()) {
        const header = asList(fromHeaders).map(asObject).findIndex(({ name }) => asText(name)?.toLowerCase() === 'x-amzn-oidc-data');
        if (header !== -1) {
          const message = 'the token in x-amzn-oidc-data cannot be validated here: its keys are published one by one, not as a key set';
          yield { manifest, pointer: `/spec/jwtRules/${index}/fromHeaders/${header}/name`, message };
        } else if (/^https:\/\/public-keys\.auth\.elb\./.test(asText(jwksUri) ?? '')) {
          const message = `"${asText(jwksUri)!}" serves keys in PEM form; jwksUri must serve a JSON Web Key Set`;
          yield { manifest, pointer: `/spec/jwtRules/${index}/jwksUri`, message };
        }
      }
    }
  },
};
