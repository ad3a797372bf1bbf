// What proxies demand, in Envoy's own shape: authorization (RBAC), tokens (JWT) and mTLS by port, from the model and from the oracle.
import { objectNameOf } from '../../src/manifests/manifest';
import { type Mesh } from '../../src/mesh/mesh';
import { HTTP_ATTRIBUTES, type AuthorizationPolicy, type Condition, type Rule } from '../../src/mesh/security/authorization';
import { type Workload } from '../../src/mesh/objects/workloads';
import { type ChainDump, type ProxyDump } from './mesh-dump';
import { compact } from './plain';

type Json = Record<string, any>;

/** The model's demands. */
export function envoyPolicies(mesh: Mesh, workload: Workload, { ports }: { readonly ports: readonly number[] }): Json {
  const { deny, allow } = mesh.authorizationPolicies.stagesOf(workload);
  const http = [filterOf('DENY', deny, false), filterOf('ALLOW', allow, false)].filter(one => one !== undefined);
  const tcp = [filterOf('DENY', deny, true), filterOf('ALLOW', allow, true)].filter(one => one !== undefined);
  const tokens = mesh.requestAuthentications.rulesOf(workload).map(({ issuer, audiences, headers, params, forwardsToken }) => ({
    issuer, audiences: [...audiences], headers: headers.map(([name, prefix]) => [name, prefix]), params: [...params], forwardsToken,
  }));
  const mtls = ports.map(port => [String(port), mesh.peerAuthentications.demandOf(workload, port).mode]);
  return compact({ http, tcp, tokens: ordered(tokens), mtls: workload.proxy === 'router' ? undefined : Object.fromEntries(mtls) });
}

function filterOf(action: string, policies: readonly AuthorizationPolicy[], forTcp: boolean): Json | undefined {
  if (policies.length === 0) {
    return undefined;
  }
  const named = policies.flatMap(policy => {
    const { namespace, name } = objectNameOf(policy.manifest);
    const nameOf = (index: string | number) => `ns[${namespace}]-policy[${name}]-rule[${index}]`;
    return policy.hasRules ? policy.rules.map(rule => [nameOf(rule.pointer.split('/').at(-1)!), ruleOf(rule, action, forTcp)]).filter(([, rule]) => rule !== undefined)
      : [[nameOf(0), 'never']];
  });
  return { action, policies: Object.fromEntries(named) };
}

/** A rule that cannot be built for TCP is left out if it allows, and loses its conditions on HTTP if it denies. */
function ruleOf({ from, to, when }: Rule, action: string, forTcp: boolean): Json | undefined {
  const all = [...from.flat(), ...to.flat(), ...when];
  if (forTcp && action === 'ALLOW' && all.some(({ attribute }) => HTTP_ATTRIBUTES.has(attribute))) {
    return undefined;
  }
  const isPermission = ({ attribute }: Condition) => attribute.startsWith('destination.') || attribute === 'connection.sni' || /^request\.(host|method|path)$/.test(attribute);
  const list = (groups: readonly (readonly Condition[])[], own: readonly Condition[]) => ordered((groups.length === 0 ? [[]] : groups)
    .map(group => ordered([...group, ...own].filter(({ attribute }) => !forTcp || !HTTP_ATTRIBUTES.has(attribute)).flatMap(conditionOf))));
  return { permissions: list(to, when.filter(isPermission)), principals: list(from, when.filter(one => !isPermission(one))) };
}

function conditionOf({ attribute, key, values, notValues }: Condition): Json[] {
  const leaves = (list: readonly string[]) => (list.length === 0 ? undefined : leavesOf(attribute, key, list));
  const [wanted, unwanted] = [leaves(values), leaves(notValues)];
  return [...(wanted ? [{ any: wanted }] : []), ...(unwanted ? [{ none: unwanted }] : [])];
}

const quoted = (text: string) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');

function leavesOf(attribute: string, key: readonly string[], values: readonly string[]): string[] {
  switch (attribute) {
    case 'source.principal': return values.map(value => `principal ${pattern(value, 'spiffe://')}`).sort();
    case 'source.namespace': return values.map(value => `principal ~.*/ns/${value.replaceAll('*', '.*')}/.*`).sort();
    case 'source.serviceAccount': return values.map(value => {
      const [namespace, name] = value.split('/');
      return `principal ~spiffe://.+/ns/${quoted(namespace)}/(.+/|)sa/${quoted(name)}(/.+)?`;
    }).sort();
    case 'source.ip': return values.map(value => `directRemoteIp ${cidr(value)}`).sort();
    case 'remote.ip': return values.map(value => `remoteIp ${cidr(value)}`).sort();
    case 'destination.ip': return values.map(value => `destinationIp ${cidr(value)}`).sort();
    case 'destination.port': return values.map(value => `destinationPort ${value}`).sort();
    case 'connection.sni': return values.map(value => `sni ${pattern(value)}`).sort();
    case 'request.host': return values.map(value => `header :authority ${header(value)}${value === '*' ? '' : ' any case'}`).sort();
    case 'request.method': return values.map(value => `header :method ${header(value)}`).sort();
    case 'request.headers': return values.map(value => `header ${key[0]} ${header(value)}`).sort();
    case 'request.path': return values.map(value => (/\{\*\*?\}/.test(value) ? `template ${value.replaceAll('{**}', '**').replaceAll('{*}', '*')}` : `path ${pattern(value)}`)).sort();
    case 'request.auth.principal': return values.map(value => `claims ${requestPrincipal(value).join(' and ')}`).sort();
    case 'request.auth.audiences': return values.map(value => `claim aud ${pattern(value)}`).sort();
    case 'request.auth.presenter': return values.map(value => `claim azp ${pattern(value)}`).sort();
    default: return values.map(value => `claim ${key.join('.')} ${pattern(value)}`).sort();
  }
}

/** Istio 1.30, pilot/pkg/security/authz/matcher/string.go StringMatcherWithPrefix. */
function pattern(value: string, prefix = ''): string {
  return value === '*' ? '~.+' : value.startsWith('*') ? (prefix === '' ? `$${value.slice(1)}` : `~${prefix}.*${value.slice(1)}`)
    : value.endsWith('*') ? `^${prefix}${value.slice(0, -1)}` : `=${prefix}${value}`;
}

function header(value: string): string {
  return value === '*' ? 'present' : pattern(value);
}

function cidr(value: string): string {
  return value.includes('/') ? value : `${value}/${value.includes(':') ? 128 : 32}`;
}

/** Issuer and subject (Istio 1.30, pilot/pkg/security/authz/model/generator.go requestPrincipalGenerator). */
function requestPrincipal(value: string): string[] {
  const slash = value.lastIndexOf('/');
  const [issuer, subject] = slash === -1 ? [undefined, undefined] : [value.slice(0, slash), value.slice(slash + 1)];
  if (value === '*') {
    return ['iss ~.+', 'sub ~.+'];
  }
  if (value.startsWith('*')) {
    return issuer === undefined ? ['iss ~.+', `sub $${value.slice(1)}`] : [issuer === '*' ? 'iss ~.+' : `iss $${issuer.slice(1)}`, `sub =${subject}`];
  }
  if (value.endsWith('*')) {
    return issuer === undefined ? [`iss ^${value.slice(0, -1)}`, 'sub ~.+'] : [`iss =${issuer}`, subject === '*' ? 'sub ~.+' : `sub ^${subject!.slice(0, -1)}`];
  }
  return [`iss =${issuer ?? value}`, `sub =${subject ?? ''}`];
}

/** The ports of a sidecar that have chains of their own, which the oracle's answer and the model's are about. */
export function inboundPorts({ listeners }: ProxyDump): number[] {
  const chains = listeners.filter(({ name }) => name === 'virtualInbound').flatMap(({ filterChains }) => filterChains);
  const ports = chains.map(({ filterChainMatch }) => filterChainMatch?.destinationPort ?? OTHER).filter(port => port !== 15006);
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** Stands for all ports without chains of their own. */
const OTHER = 0;

/** What istiod programs. */
export function dumpedPolicies(proxy: ProxyDump): Json {
  const listeners = proxy.kind === 'router' ? proxy.listeners : proxy.listeners.filter(({ name }) => name === 'virtualInbound');
  const chains = listeners.flatMap(({ filterChains }) => filterChains).filter(({ name }) => name !== 'virtualInbound-blackhole');
  // AuthorizationPolicies do not apply to the chains of AUTO_PASSTHROUGH.
  const isPassing = ({ filterChainMatch }: ChainDump) => filterChainMatch?.serverNames?.some(name => name.startsWith('outbound_.')) === true;
  const [http, tcp] = [chains.find(one => one.http !== undefined), chains.find(one => one.http === undefined && !isPassing(one))];
  const mtls = inboundPorts(proxy).map(port => [String(port), modeOf(chains.filter(({ filterChainMatch }) => (filterChainMatch?.destinationPort ?? OTHER) === port))]);
  return compact({
    http: http && dumpedFilters(http), tcp: tcp && dumpedFilters(tcp), tokens: http && dumpedTokens(http.http!.jwt),
    mtls: proxy.kind === 'router' ? undefined : Object.fromEntries(mtls),
  });
}

function modeOf(chains: readonly ChainDump[]): string {
  const [tls, plain] = [chains.some(one => one.tls !== undefined), chains.some(one => one.tls === undefined)];
  return !tls ? 'DISABLE' : plain ? 'PERMISSIVE' : 'STRICT';
}

function dumpedTokens(jwt: Json | undefined): Json[] {
  return ordered(Object.values<Json>(jwt?.providers ?? {}).map(({ issuer, audiences = [], fromHeaders = [], fromParams = [], fromCookies = [], forward = false }) => {
    const isDefault = fromHeaders.length + fromParams.length + fromCookies.length === 0;
    return {
      issuer, audiences, headers: isDefault ? [['authorization', 'Bearer ']] : fromHeaders.map(({ name, valuePrefix = '' }: Json) => [name.toLowerCase(), valuePrefix]),
      params: isDefault ? ['access_token'] : fromParams, forwardsToken: forward,
    };
  }));
}

/** Policies that only log, and those on trial, decide nothing. */
function dumpedFilters({ rbac = [] }: ChainDump): Json[] {
  return rbac.filter(({ rules }) => rules !== undefined && rules.action !== 'LOG').map(({ rules }) => ({
    action: rules.action ?? 'ALLOW',
    policies: Object.fromEntries(Object.entries<Json>(rules.policies ?? {}).map(([name, { permissions, principals }]) => [name,
      permissions[0].notRule?.any ? 'never' : { permissions: ordered(permissions.map(dumpedAnd)), principals: ordered(principals.map(dumpedAnd)) }])),
  }));
}

function dumpedAnd(tree: Json): Json[] {
  const parts: readonly Json[] = tree.andRules?.rules ?? tree.andIds?.ids ?? [tree];
  return ordered(parts.filter(part => part.any !== true).map(part => {
    const inner = part.notRule ?? part.notId;
    return inner === undefined ? { any: dumpedOr(part) } : { none: dumpedOr(inner) };
  }));
}

function dumpedOr(tree: Json): string[] {
  const parts: readonly Json[] = tree.orRules?.rules ?? tree.orIds?.ids ?? [tree];
  return parts.flatMap(dumpedLeaf).sort();
}

function dumpedLeaf(leaf: Json): string[] {
  const [kind] = Object.keys(leaf);
  const value = leaf[kind];
  switch (kind) {
    case 'authenticated': return [`principal ${string(value.principalName)}`];
    case 'directRemoteIp': case 'remoteIp': case 'destinationIp': return [`${kind} ${value.addressPrefix}/${value.prefixLen ?? 0}`];
    case 'destinationPort': return [`destinationPort ${value}`];
    case 'requestedServerName': return [`sni ${string(value)}`];
    case 'urlPath': return [`path ${string(value.path)}`];
    case 'uriTemplate': return [`template ${value.typedConfig.pathTemplate}`];
    case 'header': return [`header ${value.name} ${value.presentMatch ? 'present' : `${string(value.stringMatch)}${value.stringMatch.ignoreCase ? ' any case' : ''}`}`];
    case 'metadata': return claims(value.value).map(one => `claim ${path(value)} ${one}`);
    case 'andIds': return [`claims ${value.ids.map(({ metadata }: Json) => `${path(metadata)} ${claims(metadata.value)[0]}`).join(' and ')}`];
    default: return [JSON.stringify(leaf)];
  }
}

function path(metadata: Json): string {
  return metadata.path.slice(1).map(({ key }: Json) => key).join('.');
}

/** A claim is a string, or one of a list of strings: istiod writes both. */
function claims({ stringMatch, orMatch, listMatch }: Json): string[] {
  return [...new Set<string>(stringMatch ? [string(stringMatch)] : orMatch ? orMatch.valueMatchers.flatMap(claims) : claims(listMatch.oneOf))];
}

function string({ exact, prefix, suffix, safeRegex }: Json): string {
  return prefix !== undefined ? `^${prefix}` : suffix !== undefined ? `$${suffix}` : safeRegex !== undefined ? `~${safeRegex.regex}` : `=${exact ?? ''}`;
}

function ordered<T>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
