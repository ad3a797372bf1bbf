// A policy compares the address of a proxy with public addresses that are meant for clients.
import { isPublicBlock } from '../../base/ip';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import type { AuthorizationPolicy } from '../../mesh/security/authorization';
import { hiddenWorkloads } from '../behind-balancers';
import type { Check } from '../check';

/** https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/ */
export const clientAddressOfProxy: Check = {
  id: 'client-address-of-proxy',
  severity: 'error',
  title: 'A policy compares addresses of clients where only a proxy is seen',
  why: 'Behind an Application Load Balancer the peer of the gateway is the load balancer, and that of the pods is the gateway. Sidecars take the address of '
    + 'the load balancer for that of the client. Public addresses never match there: an ALLOW policy denies everyone, and a DENY policy nobody.',
  fix: 'Put the rule on the gateway, with remoteIpBlocks, and set numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods. The attribute '
    + 'routing.http.xff_client_port.enabled has to be off: the gateway does not understand addresses with ports.',
  related: ['E091', 'E113', 'E115'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models }) {
    const suspects = new Set(models.mesh.authorizationPolicies.all.filter(policy => addressesIn(policy, false).length > 0));
    for (const hidden of suspects.size === 0 ? [] : hiddenWorkloads(links, models)) {
      const { deny, allow } = models.mesh.authorizationPolicies.stagesOf(hidden.workload);
      for (const policy of [...deny, ...allow].filter(own => suspects.has(own))) {
        for (const [pointer, field] of addressesIn(policy, hidden.trustsBalancer)) {
          const { manifest } = policy.config;
          const seen = field.endsWith('emoteIpBlocks') || field === 'remote.ip' ? 'the address of the load balancer' : `the address of ${hidden.peer}`;
          const place = `${hidden.workload.namespace}/${hidden.workload.name}`;
          yield { manifest, pointer, message: `at ${place}, ${field} is compared with ${seen}, not with that of the client` };
        }
      }
    }
  },
};

/** The fields with public addresses that are compared with a proxy. */
function addressesIn({ config: { spec } }: AuthorizationPolicy, trustsBalancer: boolean): [pointer: string, field: string][] {
  const fields = trustsBalancer ? ['ipBlocks', 'notIpBlocks'] : ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
  const keys = trustsBalancer ? ['source.ip'] : ['source.ip', 'remote.ip'];
  const arePublic = (value: unknown) => asTexts(value).length > 0 && asTexts(value).every(isPublicBlock);
  return asList(spec.rules).map(asObject).flatMap(({ from, when }, rule): [string, string][] => [
    ...asList(from).map(asObject).flatMap(({ source }, index) => fields.filter(field => arePublic(asObject(source)[field]))
      .map((field): [string, string] => [`/spec/rules/${rule}/from/${index}/source/${field}`, field])),
    ...asList(when).map(asObject).flatMap((condition, index) => ['values', 'notValues'].filter(list => arePublic(condition[list]))
      .map((list): [string, string] => [`/spec/rules/${rule}/when/${index}/${list}`, asText(condition.key) ?? ''])).filter(([, key]) => keys.includes(key)),
  ]);
}
