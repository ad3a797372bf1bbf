// A policy or a route compares x-forwarded-for with one address, and the header is a list.
import { isIpAddress } from '../../base/ip';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import type { Mesh } from '../../mesh/mesh';
import type { Workload } from '../../mesh/objects/workloads';
import { hiddenWorkloads } from '../load-balancers/behind-balancers';
import type { Check } from '../check';
import { forwardedForAddress, forwardedForRoutes } from '../routes/forwarded-for-routes';
import type { Spot } from '../finding';

/** Envoy 1.40, use_remote_address: a gateway appends its peer to x-forwarded-for. */
export const forwardedForCompared: Check = {
  id: 'forwarded-for-compared',
  severity: 'warning',
  title: 'A policy or a route compares x-forwarded-for with a single address',
  why: 'The load balancer and the gateway each append an address, so the header is a list such as "203.0.113.7,10.0.1.20". It never equals one address, and '
    + 'the condition never holds. With * around the address, or a prefix, clients choose what they send.',
  fix: 'Use remoteIpBlocks in a policy of the gateway, with numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods, or a condition on '
    + 'source-ip in a rule of the load balancer.',
  related: ['E091'],
  about: [Kind.AUTHORIZATION_POLICY, Kind.VIRTUAL_SERVICE],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE],

  *run({ links, models }) {
    const { mesh } = models;
    const inPolicies = mesh.authorizationPolicies.all.some(({ config: { spec } }) => /"request\.headers\[x-forwarded-for\]"/i.test(JSON.stringify(spec)));
    const inRoutes = mesh.virtualServices.all.some(({ http }) => http.some(({ matches }) => matches.some(match => forwardedForAddress(match) !== undefined)));
    for (const { workload, isGateway } of inPolicies || inRoutes ? hiddenWorkloads(links, models) : []) {
      yield* policiesAt(workload, mesh);
      if (isGateway && links.every(({ gateway, loadBalancer: { type } }) => gateway !== workload || type === 'application')) {
        yield* forwardedForRoutes(mesh.gateway(workload)).map(({ address, ...place }) => ({ ...place, message: messageOf('x-forwarded-for', address) }));
      }
    }
  },
};

function* policiesAt(workload: Workload, mesh: Mesh): Iterable<Spot> {
  const { deny, allow } = mesh.authorizationPolicies.stagesOf(workload);
  for (const { config: { manifest, spec } } of [...deny, ...allow]) {
    for (const [rule, { when }] of asList(spec.rules).map(asObject).entries()) {
      for (const [index, { key, values }] of asList(when).map(asObject).entries()) {
        const single = /^request\.headers\[x-forwarded-for\]$/i.test(asText(key) ?? '') ? asTexts(values).find(isIpAddress) : undefined;
        if (single !== undefined) {
          yield { manifest, pointer: `/spec/rules/${rule}/when/${index}`, message: messageOf(asText(key)!, single) };
        }
      }
    }
  }
}

function messageOf(header: string, address: string): string {
  return `${header} is a list of addresses behind a load balancer, and never equals ${address}`;
}
