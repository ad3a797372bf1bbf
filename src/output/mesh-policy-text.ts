// The clusters of a proxy and what it demands of what arrives, as text for people.
import { Kind } from '../manifests/kind';
import { type Manifest, objectNameOf } from '../manifests/manifest';
import { showCluster } from '../mesh/cluster-names';
import type { Cluster, NoCluster, UpstreamTls } from '../mesh/clusters';
import type { Endpoint } from '../mesh/objects/endpoints';
import type { Mesh } from '../mesh/mesh';
import type { AuthorizationPolicy, Condition, Rule } from '../mesh/security/authorization';
import type { MtlsDemand } from '../mesh/security/mtls';
import type { JwtRule } from '../mesh/security/request-authentication';
import type { Workload } from '../mesh/objects/workloads';
import type { ReachedCluster } from './mesh-clusters';
import { inboundDemandsOf } from './mesh-inbound';
import { showName } from './object-text';

/** `Kind namespace/name`. */
export function nameOf({ manifest }: { readonly manifest: Manifest }): string {
  return showName(objectNameOf(manifest));
}

/** What happens to requests to a cluster that the proxy lacks. The cluster may have a Service that is not in the input. */
export const MISSING: Readonly<Record<NoCluster['missing'], string>> = {
  service: '503 unless the cluster has this Service', port: 'the Service has no such port: 503', subset: 'no such subset: 503',
  endpoints: 'no endpoints: 503',
};

const TLS: Readonly<Record<UpstreamTls, string>> = { plaintext: 'plaintext', simple: 'TLS', mutual: 'TLS with its own certificate', mesh: 'mTLS of the mesh',
  passthrough: 'the mTLS of its client',
};

/** The clusters, a line each, with their endpoints. */
export function clusterLines(mesh: Mesh, clusters: readonly ReachedCluster[]): string[] {
  return clusters.length === 0 ? [] : ['  Clusters', ...clusters.flatMap(({ name, cluster }) => {
    if ('missing' in cluster) {
      return [`    ${showCluster(name)}  ${MISSING[cluster.missing]}`];
    }
    const rules = cluster.rule === undefined ? '' : `  [${cluster.rule.from.map(nameOf).join(', ')}]`;
    const endpoints = cluster.endpoints.map(endpoint => `      ${whereOf(endpoint)}, ${tlsOf(mesh, cluster, endpoint)}`);
    return [`    ${showCluster(name)}${rules}`, ...endpoints.length > 0 ? endpoints : [`      ${emptyOf(cluster)}`]];
  })];
}

/** The TLS that the client uses, and whether the pods refuse it. */
function tlsOf(mesh: Mesh, cluster: Cluster, endpoint: Endpoint): string {
  const [tls, { workload, port }] = [mesh.clusters.tlsTo(cluster, endpoint), endpoint];
  const mode = workload?.proxy === 'sidecar' ? mesh.peerAuthentications.demandOf(workload, port).mode : undefined;
  const isRefused = (mode === 'STRICT' && tls === 'plaintext') || (mode === 'DISABLE' && tls === 'mesh');
  return `${TLS[tls]}${isRefused ? `, but the port demands ${mode === 'STRICT' ? 'mTLS' : 'plaintext'}: requests fail` : ''}`;
}

function emptyOf({ name, discovery, client }: Cluster): string {
  if (name.passesMtls || discovery !== 'passthrough') {
    return name.passesMtls ? 'no endpoint that gets mTLS' : 'no pods in the input';
  }
  return client === 'router' ? 'PASSTHROUGH needs the address that a client dialed, which a gateway does not have: 503' : 'the address that the client dialed';
}

function whereOf({ workload, address, port, count }: Endpoint): string {
  return workload === undefined ? `${address ?? ''} port ${port}` : `${count} × ${nameOf(workload)} port ${port}`;
}

/** What a condition on a claim does that is empty or the regular expression `*`. */
const REFUSED_TABLE = 'Envoy refuses the whole route table because of its invalid condition on a claim, and keeps the table that it had';

/** What may change the proxy in ways that the model does not know. */
export function unmodelledLines(mesh: Mesh, workload: Workload): string[] {
  return mesh.unmodelledOf(workload).map(own => `  Not modeled: ${nameOf(own)} ${own.pointer}${own.kind === Kind.VIRTUAL_SERVICE ? `: ${REFUSED_TABLE}` : ''}`);
}

/** What the workload demands. */
export function inboundLines(mesh: Mesh, workload: Workload): string[] {
  if (workload.proxy === 'none') {
    return ['  Inbound: no sidecar, so no mTLS, no tokens and no authorization'];
  }
  const { ports, otherPorts, tokens, authorization: { custom, deny, allow } } = inboundDemandsOf(mesh, workload);
  const mtls = ports.map(({ port, services, mtls: demand }) => {
    const behind = services.map(({ service, port: own }) => `${service.hostname}:${own.port} ${own.protocol}`);
    return `    port ${port}: ${mtlsOf(demand)}${behind.length > 0 ? `  (${behind.join(', ')})` : ''}`;
  });
  return [
    '  Inbound', ...mtls,
    ...otherPorts === undefined ? [] : [`    ${ports.length > 0 ? 'other ports' : 'all ports'}: ${mtlsOf(otherPorts)}`],
    ...tokens.map(tokenLine),
    ...[...custom, ...deny, ...allow].flatMap(policyLines),
    `    ${custom.length + deny.length + allow.length === 0 ? 'no authorization: everything is allowed'
      : allow.length > 0 ? 'what no ALLOW policy allows: 403' : 'what no policy denies is allowed'}`,
  ];
}

function mtlsOf({ mode, place }: MtlsDemand): string {
  return `mTLS ${mode}${place === undefined ? ', the default' : `  [${nameOf(place)}]`}`;
}

function tokenLine(token: JwtRule): string {
  const audiences = token.audiences.length > 0 ? ` for ${token.audiences.join(', ')}` : '';
  const { headers, params, cookies } = token;
  const places = [...headers.map(([name]) => `header ${name}`), ...params.map(name => `query ${name}`), ...cookies.map(name => `cookie ${name}`)];
  return `    token of ${token.issuer}${audiences}, in ${places.join(' or ')}  [${nameOf(token)}]`;
}

function policyLines(policy: AuthorizationPolicy): string[] {
  const provider = policy.provider === undefined ? '' : ` by ${policy.provider}`;
  const rules = policy.rules.map(rule => `      ${ruleOf(rule)}`);
  return [`    ${policy.action}${provider}  [${nameOf(policy)}]`, ...rules.length > 0 ? rules : ['      no request: the policy has no rules']];
}

function ruleOf({ from, to, when }: Rule): string {
  const side = (word: string, alternatives: readonly (readonly Condition[])[]) => alternatives.length === 0 ? []
    : [`${word} ${alternatives.map(all => all.map(conditionOf).join(' and ') || 'any').join(' or ')}`];
  const parts = [...side('from', from), ...side('to', to), ...when.length > 0 ? [`when ${when.map(conditionOf).join(' and ')}`] : []];
  return parts.join(', ') || 'any request';
}

function conditionOf({ attribute, key, values, notValues }: Condition): string {
  const name = `${attribute}${key.map(part => `[${part}]`).join('')}`;
  const parts = [...values.length > 0 ? [`${name} ${values.join(' | ')}`] : [], ...notValues.length > 0 ? [`${name} not ${notValues.join(' | ')}`] : []];
  return parts.join(' and ') || name;
}
