// A policy compares the address of a proxy with addresses that are meant for clients.
import { isPublicBlock } from '../../base/ip';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import type { AuthorizationPolicy } from '../../mesh/security/authorization';
import { FORWARDED_FOR, type Hidden, hiddenWorkloads } from '../load-balancers/behind-balancers';
import type { Check } from '../check';

/** https://istio.io/latest/docs/tasks/security/authorization/authz-ingress/ */
export const clientAddressOfProxy: Check = {
  id: 'client-address-of-proxy',
  severity: 'error',
  title: 'A policy compares addresses of clients where only a proxy is seen',
  why: 'Behind an Application Load Balancer the peer of the gateway is the load balancer, and that of the pods is the gateway. Sidecars take the address of '
    + 'the load balancer for that of the client. Public addresses never match there: an ALLOW policy denies everyone, and a DENY policy nobody. The address of '
    + 'the load balancer is private, so a private range may match all clients, and what it should protect is open to everyone.',
  fix: 'Put the rule on the gateway, with remoteIpBlocks, and set numTrustedProxies: 1 in the annotation proxy.istio.io/config of its pods. The attribute '
    + 'routing.http.xff_client_port.enabled has to be off: the gateway does not understand addresses with ports.',
  related: ['E091', 'E113', 'E115'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [Kind.DEPLOYMENT, Kind.GATEWAY, Kind.INGRESS, Kind.SERVICE, Kind.VIRTUAL_SERVICE],

  *run({ links, models }) {
    const suspects = new Set(models.mesh.authorizationPolicies.all.filter(policy => addressesIn(policy, { trustsBalancer: false, isPublic: true }).length > 0));
    for (const hidden of suspects.size === 0 ? [] : hiddenWorkloads(links, models)) {
      const { deny, allow } = models.mesh.authorizationPolicies.stagesOf(hidden.workload);
      for (const policy of [...deny, ...allow].filter(own => suspects.has(own))) {
        for (const [pointer, field] of addressesIn(policy, hidden)) {
          const { manifest } = policy.config;
          const seen = field.endsWith('emoteIpBlocks') || field === 'remote.ip' ? 'the address of the load balancer' : `the address of ${hidden.peer}`;
          const place = `${hidden.workload.namespace}/${hidden.workload.name}`;
          const fix = hidden.losesHeader ? { fix: `Set ${FORWARDED_FOR} to append in the annotation load-balancer-attributes of the Ingress.` } : {};
          yield { manifest, pointer, message: `at ${place}, ${field} is compared with ${seen}, not with that of the client`, ...fix };
        }
      }
    }
  },
};

/**
 * The fields with addresses of clients that are compared with a proxy. A private range as the peer of a gateway may be meant for the load balancer, and as the
 * client of one behind an internal load balancer it has the same effect.
 */
function addressesIn({ config: { spec } }: AuthorizationPolicy, { trustsBalancer, isPublic }: Pick<Hidden, 'trustsBalancer' | 'isPublic'>): [string, string][] {
  const peers = ['ipBlocks', 'notIpBlocks', 'source.ip'];
  const clients = trustsBalancer ? [] : ['remoteIpBlocks', 'notRemoteIpBlocks', 'remote.ip'];
  const isWrong = (field: string, value: unknown) => {
    const blocks = asTexts(value);
    const isForAll = blocks.length === 0 || blocks.some(own => own.endsWith('/0'));
    return !isForAll && (peers.includes(field) || (clients.includes(field) && !isPublic) ? blocks.every(isPublicBlock) : clients.includes(field));
  };
  return asList(spec.rules).map(asObject).flatMap(({ from, when }, rule): [pointer: string, field: string][] => [
    ...asList(from).map(asObject).flatMap(({ source }, index) => Object.entries(asObject(source)).filter(([field, value]) => isWrong(field, value))
      .map(([field]): [string, string] => [`/spec/rules/${rule}/from/${index}/source/${field}`, field])),
    ...asList(when).map(asObject).flatMap(({ key, ...lists }, index) => ['values', 'notValues'].filter(list => isWrong(asText(key) ?? '', lists[list]))
      .map((list): [string, string] => [`/spec/rules/${rule}/when/${index}/${list}`, asText(key) ?? ''])),
  ]);
}
