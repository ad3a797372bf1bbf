// What the webhook refuses of the objects about security and the mesh: one line a rule, as in webhook.ts.
import { isIP } from 'node:net';
import { all, type Claim, durations, isDnsLabel, isExportTo, isFqdn, isPort, isProtocol, isWildcardDomain, unique } from './webhook-words';

type Json = any;

const HTTP_OR_TLS = /^(HTTP|HTTP2|GRPC|GRPC-WEB|HTTPS|TLS)$/;
const isBlock = (text: string) => isIP(text.split('/')[0]) > 0;
const isSocket = (text: string) => /^unix:\/\/(@|\/.*[^/]$)/.test(text);
const isPlain = (labels: Json = {}) => Object.entries<string>(labels).every(([key, value]) => key !== '' && !(key + value).includes('*'));
const isEmpty = (list: Json) => Array.isArray(list) && list.length === 0;
const isListed = (host: string) => /^~?(\*|\.|[a-z0-9-]*)\/(\*|[^/]*\.[^/]*)$/.test(host) && isWildcardDomain(host.split('/')[1]);

function serviceEntry({ spec, metadata }: Json): Claim[] {
  const { hosts, ports, endpoints = [], addresses = [], resolution, workloadSelector, exportTo } = spec;
  const dns = ['DNS', 'DNS_ROUND_ROBIN'].includes(resolution);
  return [
    ['SE-001 SE-002 SE-003', isExportTo(exportTo, metadata.namespace)], ['SE-005', isPlain(workloadSelector?.labels)], ['SE-007', !workloadSelector || endpoints.length === 0],
    ['SE-008 SE-009 SE-010', hosts.length > 0 && hosts.every((host: string) => host !== '*' && isWildcardDomain(host))],
    ['SE-012 SE-013', addresses.every((address: string) => isBlock(address) && (!address.includes('/') || ['NONE', 'STATIC'].includes(resolution)))],
    ['SE-015 SE-016', unique(ports.map(({ name }: Json) => name)) && unique(ports.map(({ number }: Json) => number))],
    ['SE-017 SE-019 SE-020 SE-021', ports.every(({ name, number, protocol, targetPort = 1 }: Json) => isDnsLabel(name) && isPort(number) && isPort(targetPort) && isProtocol(protocol))],
    ['SE-022 SE-043', !['NONE', 'DYNAMIC_DNS'].includes(resolution) || endpoints.length === 0], ['SE-036', resolution !== 'DNS_ROUND_ROBIN' || endpoints.length <= 1],
    ['SE-025 SE-030', resolution !== 'STATIC' || endpoints.every(({ address, network }: Json) => (address === undefined ? network : isIP(address) > 0 || isSocket(address)))],
    ['SE-029', ports.length === 1 || !endpoints.some(({ address }: Json) => address?.startsWith('unix:'))],
    ['SE-031 SE-033', endpoints.every((endpoint: Json) => Object.entries<number>(endpoint.ports ?? {}).every(([name, port]) => isPort(port) && ports.some((own: Json) => own.name === name)))],
    ['SE-035', !dns || endpoints.length > 0 || hosts.every(isFqdn)], ['SE-038', !dns || endpoints.every(({ address }: Json) => isIP(address) > 0 || isFqdn(address))],
    ['SE-041 SE-042', resolution !== 'DYNAMIC_DNS' || (addresses.length === 0 && hosts.every((host: string) => host.startsWith('*')))],
    ['SE-044', resolution !== 'DYNAMIC_DNS' || ports.every(({ protocol }: Json) => /^(HTTP2?|GRPC|TLS)$/.test(protocol))],
    ['SE-048', resolution === 'NONE' || hosts.length === 1 || ports.every(({ protocol }: Json) => HTTP_OR_TLS.test(protocol))],
  ];
}

function sidecar({ spec }: Json): Claim[] {
  const { egress = [], ingress = [], outboundTrafficPolicy: outbound, workloadSelector, inboundConnectionPool } = spec;
  const numbers = egress.flatMap(({ port }: Json) => (port?.number ? [port.number] : []));
  return [
    ['SC-001', isPlain(workloadSelector?.labels)], ['SC-003', egress.length + ingress.length > 0 || Boolean(outbound ?? inboundConnectionPool)],
    ['SC-007 SC-030', [...egress, ...ingress].every(({ port }: Json) => port?.name === undefined || isDnsLabel(port.name))], ['SC-009 SC-011', ingress.every(({ port }: Json) => isPort(port.number)) && unique(ingress.map(({ port }: Json) => port.number))],
    ['SC-010', all(ingress, ({ bind }: Json) => bind === undefined || isIP(bind) > 0)],
    ['SC-012 SC-013 SC-014', all(ingress, ({ defaultEndpoint: to = ':1' }: Json) => isSocket(to) || /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])?:\d+$/.test(to))],
    ['SC-021', all(ingress, ({ tls, port }: Json) => !tls || /^(HTTPS|TLS)$/.test(port.protocol))],
    ['SC-027 SC-028', egress.slice(0, -1).every(({ port }: Json) => port !== undefined)], ['SC-032 SC-033', egress.every(({ port, bind, captureMode }: Json) => port?.number !== 0 || (isSocket(bind) && captureMode !== 'IPTABLES'))],
    ['SC-034 SC-037', numbers.every(isPort) && unique(numbers)], ['SC-035', egress.every(({ port, bind }: Json) => !port?.number || bind === undefined || isIP(bind) > 0)],
    ['SC-038 SC-039', egress.every(({ hosts }: Json) => hosts.length > 0 && hosts.every(isListed))],
    ['SC-043 SC-044', !outbound?.egressProxy || (outbound.mode === 'ALLOW_ANY' && isFqdn(outbound.egressProxy.host))],
  ];
}

function scoped({ selector, targetRefs = [] }: Json): Claim[] {
  return [
    ['AP-003 RA-001 TM-001', !selector || targetRefs.length === 0], ['AP-004 RA-002 TM-002 PA-004', isPlain(selector?.matchLabels)],
    ['AP-007 RA-005 TM-005', targetRefs.every(({ group, kind, name }: Json) => Boolean(name) && ['Service', 'networking.istio.io ServiceEntry', 'gateway.networking.k8s.io Gateway', 'gateway.networking.k8s.io GatewayClass']
      .includes(`${group} ${kind}`.trim()))],
  ];
}

function source(from: Json, custom: boolean): Claim[] {
  const { ipBlocks = [], notIpBlocks = [], remoteIpBlocks = [], notRemoteIpBlocks = [], ...identity } = from;
  const accounts = [...from.serviceAccounts ?? [], ...from.notServiceAccounts ?? []];
  return [
    ['AP-010', !custom || Object.keys(identity).length === 0], ['AP-019', accounts.length === 0 || !(from.principals ?? from.notPrincipals ?? from.namespaces ?? from.notNamespaces)],
    ['AP-020', Object.values<string[]>(from).some(list => list.length > 0)], ['AP-021', [...ipBlocks, ...notIpBlocks, ...remoteIpBlocks, ...notRemoteIpBlocks].every(isBlock)],
    ['AP-022', Object.values<string[]>(from).flat().every(text => text !== '')], ['AP-023', accounts.length <= 32 && accounts.every(account => /^[^*/]+(\/[^*/]+)?$/.test(account))],
    ['AP-024', [...from.trustDomains ?? [], ...from.notTrustDomains ?? []].every(domain => /^(\*[^*/]*|[^*/]+\*?)$/.test(domain))],
  ];
}

function authorizationPolicy({ spec, metadata }: Json): Claim[] {
  const { action, rules, provider } = spec;
  const custom = action === 'CUSTOM';
  const [from, to, when] = ['from', 'to', 'when'].map(part => (rules ?? []).flatMap((rule: Json) => rule[part] ?? []));
  return [
    ...scoped(spec), ['AP-001 AP-002', !metadata.annotations?.['istio.io/dry-run'] || ['ALLOW', 'DENY', undefined].includes(action)], ['AP-008 AP-014', !['CUSTOM', 'DENY'].includes(action) || rules !== undefined],
    ['AP-009 AP-013', custom === Boolean(provider?.name)], ['AP-012', !custom || when.every(({ key }: Json) => !/^(source\.(namespace|serviceAccount|trustDomain|principal)|request\.auth\.)/.test(key))],
    ['AP-016 AP-025', all(rules, (rule: Json) => !isEmpty(rule.from) && !isEmpty(rule.to))], ...from.flatMap((each: Json) => source(each.source, custom)),
    ['AP-028', to.every(({ operation }: Json) => Object.values<string[]>(operation).some(list => list.length > 0))],
    ['AP-029', to.every(({ operation: { ports = [], notPorts = [] } }: Json) => [...ports, ...notPorts].every(port => /^\d{1,5}$/.test(port) && Number(port) <= 65535))],
    ['AP-031', to.every(({ operation: { paths = [], notPaths = [] } }: Json) => [...paths, ...notPaths].every(path => !/[{}]/.test(path.replace(/\/\{\*\*?\}(?=\/|$)/g, '')) && !/\{\*\*\}.*\{\*/.test(path)))],
    ['AP-033', when.every(({ values = [], notValues = [] }: Json) => values.length + notValues.length > 0)],
    ['AP-035', when.every(({ key, values = [], notValues = [] }: Json) => !/\.ip$/.test(key) || [...values, ...notValues].every(isBlock))],
  ];
}

function requestAuthentication({ spec }: Json): Claim[] {
  return [
    ...scoped(spec), ['RA-006 RA-013 RA-014', all(spec.jwtRules, (rule: Json) => [rule.audiences, rule.fromParams, rule.fromCookies].every(list => all(list, text => text !== '')))],
    ['RA-007', all(spec.jwtRules, ({ issuer, jwksUri }: Json) => Boolean(issuer ?? jwksUri))], ['RA-008', all(spec.jwtRules, ({ jwksUri = 'http://a' }: Json) => /^https?:$/.test(new URL(jwksUri).protocol))],
    ['RA-009', all(spec.jwtRules, ({ jwks = '{"keys":[]}' }: Json) => Array.isArray((JSON.parse(jwks) as Json).keys))],
    ['RA-017', all(spec.jwtRules, ({ outputClaimToHeaders = [] }: Json) => outputClaimToHeaders.every(({ header, claim }: Json) => /^[-_A-Za-z0-9]+$/.test(header) && claim))], ['RA-018', durations(spec.jwtRules.map(({ timeout }: Json) => timeout))],
  ];
}

function peerAuthentication({ spec: { selector, portLevelMtls, ...spec } }: Json): Claim[] {
  return [...scoped({ selector, ...spec }), ['PA-001', !portLevelMtls || Object.keys(selector?.matchLabels ?? {}).length > 0], ['PA-002 PA-003', !portLevelMtls || (Object.keys(portLevelMtls).length > 0 && Object.keys(portLevelMtls).map(Number).every(isPort))]];
}

function telemetry({ spec }: Json): Claim[] {
  const { accessLogging = [], metrics = [], tracing = [] } = spec;
  const overrides = metrics.flatMap((metric: Json) => metric.overrides ?? []).flatMap((override: Json) => Object.values(override.tagOverrides ?? {}));
  return [
    ...scoped(spec), ['TM-007', [...accessLogging, ...metrics, ...tracing].every(({ providers = [] }: Json) => providers.every(({ name }: Json) => Boolean(name)))],
    ['TM-010', tracing.every(({ randomSamplingPercentage: share = 0 }: Json) => share >= 0 && share <= 100)],
    ['TM-013 TM-014 TM-015', tracing.every(({ customTags = {} }: Json) => Object.values<Json>(customTags).every(tag => tag.literal?.value ?? tag.header?.name ?? tag.environment?.name ?? tag.formatter?.value))],
    ['TM-019 TM-020', overrides.every(({ operation, value }: Json) => (operation === 'REMOVE') === (value === undefined))],
  ];
}

/** Rules by kind. */
export const MESH_KINDS: { readonly [kind: string]: (object: Json) => Claim[] } = {
  ServiceEntry: serviceEntry, Sidecar: sidecar, AuthorizationPolicy: authorizationPolicy, RequestAuthentication: requestAuthentication, PeerAuthentication: peerAuthentication, Telemetry: telemetry,
};
