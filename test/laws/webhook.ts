// What istiod's admission webhook refuses, for the objects that the law emits: one line a rule, written from Istio 1.30 pkg/config/validation.
import { isIP } from 'node:net';
import { MESH_KINDS } from './webhook-mesh';
import { about, all, type Claim, durations, isDestination, isDnsLabel, isExportTo, isFqdn, isPercentage, isPort, isProtocol, isStringMatch, isWholeMilliseconds, isWildcardDomain, unique } from './webhook-words';

type Json = any;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const RETRY_ON = new Set(['5xx', 'gateway-error', 'reset', 'reset-before-request', 'connect-failure', 'retriable-4xx', 'refused-stream', 'retriable-status-codes', 'retriable-headers', 'envoy-ratelimited',
  'http3-post-connect-failure', 'cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable']);
const HTTP = /^(http|http2|grpc|grpc-web|http_proxy)$/i;
const TLS = /^(https|tls)$/i;
const PLACES = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

const covers = (wide: string, narrow: string) => wide === '*' || wide === narrow || (wide.startsWith('*.') && narrow.endsWith(wide.slice(1)));
const overlap = (hosts: string[]) => hosts.some((host, index) => hosts.some((other, at) => at !== index && covers(host, other)));
const isAllZero = (route: Json[] = []) => route.length > 1 && route.every(({ weight }) => !weight);
const isHeaderValue = (value: string) => !/[^\P{Cc}\t]/u.test(value) && !value.replace(/%%|%[A-Z_]+(\([^)]*\))?%/g, '').includes('%');
const isClaim = (name: string) => /^@request\.auth\.claims[.[]/i.test(name);
const isGatewayHost = (host: string) => /^((\*|\.|[A-Za-z0-9][-A-Za-z0-9]*)\/)?(\*|[^/]*\.[^/]*)$/.test(host) && isWildcardDomain(host.split('/').at(-1)!);

function headerChanges(headers: Json = {}): Claim[] {
  const { request = {}, response = {} } = headers;
  const names = (part: Json) => [...Object.keys(part.set ?? {}), ...Object.keys(part.add ?? {})];
  return [
    ['VS-041', names(request).every(name => name !== '' && !name.startsWith(':'))],
    ['VS-043', all(request.remove as string[] | undefined, name => name !== '' && !name.startsWith(':') && name.toLowerCase() !== 'host')],
    ['VS-044', [...names(response), ...response.remove ?? []].every(name => name !== '' && !name.startsWith(':') && name.toLowerCase() !== 'host')],
    ['VS-042 VS-045', [request, response].every(part => [...Object.values<string>(part.set ?? {}), ...Object.values<string>(part.add ?? {})].every(isHeaderValue))],
  ];
}

function httpMatch(match: Json, gatewaysOnly: boolean): Claim[] {
  const named = [...Object.entries<Json>(match.headers ?? {}), ...Object.entries<Json>(match.withoutHeaders ?? {})];
  return [
    ['VS-006', gatewaysOnly || named.every(([name]) => !isClaim(name))],
    ['VS-028 VS-030', named.every(([name]) => isClaim(name) || /^:(method|scheme|authority|path|status)$/.test(name) || HEADER.test(name))],
    ['VS-029 VS-031', named.every(([, text]) => isStringMatch(text))],
    ['VS-032', match.uri === undefined || match.uri.regex === undefined || isStringMatch(match.uri)],
    ['VS-033 VS-034 VS-035', [match.scheme, match.method, match.authority].every(text => text === undefined || isStringMatch(text))],
    ['VS-036', Object.values(match.queryParams ?? {}).every(text => isStringMatch(text as object))],
    ['VS-037', match.port === undefined || isPort(match.port)],
    ['VS-040', match.sourceNamespace === undefined || isDnsLabel(match.sourceNamespace)],
  ];
}

function httpRoute(http: Json, isDelegate: boolean, gatewaysOnly: boolean): Claim[] {
  const { redirect, route, delegate, directResponse, fault, rewrite, retries, corsPolicy, mirrors, timeout } = http;
  const changed = [http, ...route ?? []].map(({ headers }: Json) => Object.keys({ ...headers?.request?.set, ...headers?.request?.add }));
  const hostSetters = [rewrite?.authority, ...changed.map(names => names.find(name => /^(:authority|host)$/i.test(name)))];
  return [
    ...about(http.match, (match: Json) => httpMatch(match, gatewaysOnly)), ...headerChanges(http.headers), ...about(route, (share: Json) => headerChanges(share.headers)),
    ['VS-015', !(delegate && redirect)], ['VS-016', !(delegate && route)], ['VS-017', !(delegate && isDelegate)],
    ['VS-018', !(redirect && route)], ['VS-019', !(redirect && fault)], ['VS-020', !(redirect && rewrite)], ['VS-021', !(redirect && directResponse)],
    ['VS-022', !(directResponse && route)], ['VS-023', !(directResponse && fault)], ['VS-024', !(directResponse && rewrite)],
    ['VS-025', Boolean(delegate ?? redirect ?? directResponse ?? route?.length)],
    ['VS-047', all(corsPolicy?.allowOrigins, ({ exact, prefix, regex }: Json) => Boolean(exact ?? prefix ?? regex))],
    ['VS-048', all(corsPolicy?.allowOrigins, (origin: Json) => isStringMatch(origin))],
    ['VS-049', all(corsPolicy?.allowMethods as string[] | undefined, method => METHODS.includes(method))],
    ['VS-050 VS-051', [...corsPolicy?.allowHeaders ?? [], ...corsPolicy?.exposeHeaders ?? []].every(name => HEADER.test(name))],
    ['VS-052 VS-053', corsPolicy?.maxAge === undefined || /^[1-9]\d*s$/.test(corsPolicy.maxAge)],
    ['VS-054', !fault || Boolean(fault.abort ?? fault.delay)],
    ['VS-055 VS-060', [fault?.abort, fault?.delay].every(part => part?.percentage === undefined || isPercentage(part.percentage.value))],
    ['VS-058', fault?.abort?.httpStatus === undefined || (fault.abort.httpStatus >= 200 && fault.abort.httpStatus <= 600)],
    ['VS-061', fault?.delay === undefined || isWholeMilliseconds(fault.delay.fixedDelay)],
    ['VS-070 VS-094', [...mirrors ?? [], ...route ?? []].every(({ destination }: Json) => isDestination(destination))],
    ['VS-071', all(mirrors, ({ percentage }: Json) => percentage === undefined || (percentage.value >= 0 && percentage.value <= 100))],
    ['VS-074', !redirect || ['uri', 'authority', 'port', 'derivePort', 'scheme'].some(field => redirect[field] !== undefined)],
    ['VS-075', redirect?.redirectCode === undefined || (redirect.redirectCode >= 300 && redirect.redirectCode < 400)],
    ['VS-076', redirect?.scheme === undefined || ['http', 'https'].includes(redirect.scheme)],
    ['VS-077', redirect?.port === undefined || isPort(redirect.port)],
    ['VS-078', Buffer.byteLength(directResponse?.body?.string ?? '') <= 1048576],
    ['VS-080', !directResponse || (directResponse.status >= 200 && directResponse.status <= 600)],
    ['VS-082', retries?.attempts !== 0 || [retries.perTryTimeout, retries.retryOn, retries.retryRemoteLocalities].every(field => field === undefined)],
    ['VS-083 VS-085 VS-097', durations([retries?.perTryTimeout, retries?.backoff, timeout])],
    ['VS-084', (retries?.retryOn as string | undefined ?? '5xx').split(',').every(word => RETRY_ON.has(word) || /^[1-5]\d\d$/.test(word))],
    ['VS-086', !(rewrite?.uri !== undefined && rewrite.uriRegexRewrite)], ['VS-087', !rewrite || Boolean(rewrite.uri ?? rewrite.uriRegexRewrite ?? rewrite.authority)],
    ['VS-088', !rewrite?.uriRegexRewrite || Boolean(rewrite.uriRegexRewrite.match && rewrite.uriRegexRewrite.rewrite)],
    ['VS-089', !rewrite?.uriRegexRewrite || isStringMatch({ regex: rewrite.uriRegexRewrite.match })],
    ['VS-090', !rewrite?.authority || hostSetters.filter(Boolean).length === 1],
    ['VS-095', all(route, ({ weight = 0 }: Json) => weight >= 0)], ['VS-096', !isAllZero(route)],
  ];
}

function virtualService({ spec, metadata }: Json): Claim[] {
  const { hosts = [], gateways = [], http, tls, tcp, exportTo } = spec;
  const gatewaysOnly = gateways.length > 0 && !gateways.includes('mesh');
  const isDelegate = hosts.length === 0;
  return [
    ['VS-001 VS-002 VS-003', !isDelegate || (gateways.length === 0 && !tls && !tcp)],
    ['VS-004', all(gateways, (name: string) => name === 'mesh' || name.split('/').every(isDnsLabel))],
    ['VS-007 VS-008', all(hosts, (host: string) => isWildcardDomain(host) || isIP(host) > 0)], ['VS-009', gatewaysOnly || !hosts.includes('*')],
    ['VS-010', !overlap(hosts)], ['VS-011', [http, tls, tcp].some(routes => routes?.length > 0)],
    ...about(http, (route: Json) => httpRoute(route, isDelegate, gatewaysOnly)),
    ['VS-098 VS-100', all(tls, ({ match }: Json) => match?.length > 0 && match.every(({ sniHosts }: Json) => sniHosts?.length > 0))],
    ['VS-101', all(tls, ({ match }: Json) => match.every(({ sniHosts }: Json) => sniHosts.every(isWildcardDomain)))],
    ['VS-103', all(tls, ({ match }: Json) => match.every(({ sniHosts }: Json) => sniHosts.every((name: string) => hosts.some((host: string) => covers(host, name)))))],
    ['VS-108 VS-114 VS-116', all([...tls ?? [], ...tcp ?? []], ({ route }: Json) => route?.length > 0 && route.every(({ destination }: Json) => isDestination(destination)))],
    ['VS-118', all([...tls ?? [], ...tcp ?? []], ({ route }: Json) => !isAllZero(route))],
    ['VS-119 VS-120 VS-121', isExportTo(exportTo, metadata.namespace)],
  ];
}

function gateway({ spec, metadata }: Json): Claim[] {
  return [
    ['GW-001', isDnsLabel(metadata.name)], ['GW-002', spec.servers?.length > 0], ['GW-004', all(spec.servers, ({ hosts }: Json) => hosts.length > 0)],
    ['GW-005', all(spec.servers, ({ hosts }: Json) => hosts.every(isGatewayHost))],
    ['GW-007 GW-008', all(spec.servers, ({ port }: Json) => isProtocol(port.protocol) && isPort(port.number))],
    ['GW-010 GW-011', all(spec.servers, ({ port }: Json) => Boolean(port.name)) && unique(spec.servers.map(({ port }: Json) => port.name))],
    ['GW-015', all(spec.servers, ({ port, tls }: Json) => !TLS.test(port.protocol) || tls !== undefined)],
    ['GW-016', all(spec.servers, ({ port, tls }: Json) => !HTTP.test(port.protocol) || !tls || (tls.mode === undefined && !tls.credentialName))],
    ['GW-017', all(spec.servers, ({ port, tls }: Json) => HTTP.test(port.protocol) || TLS.test(port.protocol) || !tls)],
    ['GW-026', all(spec.servers, ({ tls }: Json) => tls?.mode !== 'ISTIO_MUTUAL' || !tls.credentialName)],
    ['GW-031 GW-032', all(spec.servers, ({ tls }: Json) => tls?.mode !== 'SIMPLE' || Boolean(tls.credentialName))],
  ];
}

function pool({ tcp = {}, http = {} }: Json): Claim[] {
  return [
    ['DR-029 DR-030 DR-031 DR-032 DR-033 DR-038', [...Object.values(tcp), ...Object.values(http)].every(value => typeof value !== 'number' || value >= 0)],
    ['DR-034 DR-039 DR-040 DR-042 DR-043', durations([http.idleTimeout, tcp.connectTimeout, tcp.maxConnectionDuration, tcp.tcpKeepalive?.time, tcp.tcpKeepalive?.interval])],
    ['DR-035', !(http.useClientProtocol && http.h2UpgradePolicy === 'UPGRADE')], ['DR-041', tcp.idleTimeout === '0s' || durations([tcp.idleTimeout])],
  ];
}

function locality({ distribute = [], failover = [], failoverPriority = [] }: Json): Claim[] {
  const shares = distribute.map(({ to }: Json) => Object.values<number>(to));
  return [
    ['DR-056', distribute.length === 0 || failover.length === 0], ['DR-057', failover.length === 0 || !failoverPriority.some((label: string) => PLACES.includes(label.split('=')[0]))],
    ['DR-058', shares.flat().every((weight: number) => weight >= 1 && weight <= 100)], ['DR-059', shares.every((weights: number[]) => weights.reduce((sum, weight) => sum + weight, 0) === 100)],
    ['DR-060 DR-061', distribute.flatMap(({ from, to }: Json) => [from, ...Object.keys(to)]).every((place: string) => /^(\*|[^*/]+(\/[^*/]+){0,2}(\/\*)?)$/.test(place))],
    ['DR-063 DR-064 DR-065', all(failover, ({ from, to }: Json) => from !== to && !/[/*]/.test(from + to))],
  ];
}

function balancer({ consistentHash: hash, localityLbSetting: places, warmup }: Json): Claim[] {
  const size = Number(hash?.maglev?.tableSize ?? 3);
  return [
    ['DR-044', !hash?.httpCookie || Boolean(hash.httpCookie.name)], ['DR-046', unique((hash?.httpCookie?.attributes ?? []).map(({ name }: Json) => name))],
    ['DR-049 DR-050', size > 0 && size < 5000011], ['DR-053', !warmup || isWholeMilliseconds(warmup.duration)],
    ['DR-054', (warmup?.minimumPercent ?? 0) <= 100], ['DR-055', (warmup?.aggression ?? 1) > 0], ...places ? locality(places) : [],
  ];
}

function clientTls(tls: Json, namespace: string): Claim[] {
  const { mode, credentialName, insecureSkipVerify, caCertificates, subjectAltNames, clientCertificate, privateKey, caCrl } = tls;
  return [
    ['DR-071 DR-072', !credentialName?.startsWith('configmap://') || new RegExp(`^configmap://${namespace}/.+$`).test(credentialName)],
    ['DR-073 DR-074', !insecureSkipVerify || [caCertificates, subjectAltNames, mode === 'SIMPLE' ? credentialName : undefined].every(field => field === undefined)],
    ['DR-075', !credentialName || [clientCertificate, caCertificates, privateKey, caCrl].every(field => field === undefined)],
    ['DR-076 DR-077', mode !== 'MUTUAL' || Boolean(credentialName ?? (clientCertificate && privateKey))],
  ];
}

function policy(own: Json, namespace: string): Claim[] {
  const { outlierDetection: outlier = {}, connectionPool, loadBalancer, tls, portLevelSettings, tunnel, proxyProtocol } = own;
  return [
    ['DR-013', Object.keys(own).length > 0], ['DR-014', !(tunnel && proxyProtocol)], ['DR-017 DR-018', !tunnel || ((isFqdn(tunnel.targetHost) || isIP(tunnel.targetHost) > 0) && isPort(tunnel.targetPort))],
    ['DR-021', all(portLevelSettings, (port: Json) => ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'].some(field => port[field] !== undefined))],
    ['DR-022 DR-025', durations([outlier.baseEjectionTime, outlier.interval])], ['DR-024', !outlier.consecutiveLocalOriginFailures || outlier.splitExternalLocalOriginErrors],
    ['DR-026 DR-027', [outlier.maxEjectionPercent, outlier.minHealthPercent].every(part => part === undefined || (part >= 0 && part <= 100))],
    ['DR-028', !connectionPool || Boolean(connectionPool.http ?? connectionPool.tcp)], ...connectionPool ? pool(connectionPool) : [], ...loadBalancer ? balancer(loadBalancer) : [],
    ...tls ? clientTls(tls, namespace) : [], ...about(portLevelSettings, ({ port, ...rest }: Json) => [['DR-020', port !== undefined] as Claim, ...policy(rest, namespace)]),
  ];
}

function destinationRule({ spec, metadata: { namespace } }: Json): Claim[] {
  const { exportTo, subsets = [], trafficPolicy, workloadSelector } = spec;
  return [
    ['DR-001 DR-002 DR-003', isExportTo(exportTo, namespace)], ['DR-004', !workloadSelector || (exportTo ?? []).every((entry: string) => entry === '.' || entry === namespace)], ['DR-005', isWildcardDomain(spec.host)],
    ['DR-007 DR-008', unique(subsets.map(({ name }: Json) => name)) && subsets.every(({ name }: Json) => isDnsLabel(name))],
    ...about(subsets, (subset: Json) => (subset.trafficPolicy ? policy(subset.trafficPolicy, namespace) : [])), ...trafficPolicy ? policy(trafficPolicy, namespace) : [],
  ];
}

const KINDS: typeof MESH_KINDS = { ...MESH_KINDS, VirtualService: virtualService, Gateway: gateway, DestinationRule: destinationRule };

/** The rules that the webhook would refuse an object for; none for kinds of the load balancer's controller. */
export function refusedByWebhook(object: { readonly kind: string }): string[] {
  return (KINDS[object.kind]?.(object) ?? []).filter(([, holds]) => !holds).map(([id]) => `the webhook refuses it for ${id}`);
}
