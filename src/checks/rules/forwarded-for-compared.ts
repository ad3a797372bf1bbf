// A policy compares x-forwarded-for with one address, and the header is a list.
import { isIpAddress } from '../../base/ip';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { hiddenWorkloads } from '../load-balancers/behind-balancers';
import type { Check } from '../check';

/** Envoy 1.40, use_remote_address: a gateway appends its peer to x-forwarded-for. */
export const forwardedForCompared: Check = {
  id: 'forwarded-for-compared',
  severity: 'warning',
  title: 'A policy compares x-forwarded-for with a single address',
  why: 'The load balancer and the gateway each append an address, so the header is a list such as "203.0.113.7,10.0.1.20". It never equals one address, and '
    + 'the condition never holds. With * around the address, clients choose what they send.',
  fix: 'Use remoteIpBlocks in a policy of the gateway, with numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods.',
  related: ['E091'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models }) {
    const reads = models.mesh.authorizationPolicies.all.some(({ config: { spec } }) => /"request\.headers\[x-forwarded-for\]"/i.test(JSON.stringify(spec)));
    for (const { workload } of reads ? hiddenWorkloads(links, models) : []) {
      const { deny, allow } = models.mesh.authorizationPolicies.stagesOf(workload);
      for (const { config: { manifest, spec } } of [...deny, ...allow]) {
        for (const [rule, { when }] of asList(spec.rules).map(asObject).entries()) {
          for (const [index, { key, values }] of asList(when).map(asObject).entries()) {
            const single = /^request\.headers\[x-forwarded-for\]$/i.test(asText(key) ?? '') ? asTexts(values).find(isIpAddress) : undefined;
            if (single !== undefined) {
              const message = `${asText(key)!} is a list of addresses behind a load balancer, and never equals ${single}`;
              yield { manifest, pointer: `/spec/rules/${rule}/when/${index}`, message };
            }
          }
        }
      }
    }
  },
};
