// What Istio's webhook refuses in a VirtualService.
import { HostIndex, isSubsetHost } from '../../base/host-index';
import { isIpAddress } from '../../base/ip';
import { MESH } from '../../base/istio/names';
import { faultOfRegex } from '../../base/re2';
import { PlainObject, asList, asObject, asTexts, isObject } from '../../manifests/plain-json';
import { faultsOfExportTo } from './export-to';
import { faultOfAuthority, faultsOfHeaders } from './header-operations';
import { faultOfHost } from './hosts';
import { faultsOfGatewayNames, faultsOfSettings } from './http-routes';

/** Faults of a VirtualService (Istio 1.30, pkg/config/validation/validation.go:1743). */
export function faultsOfVirtualService(spec: PlainObject, _: string, namespace: string): string[] {
  const hosts = asTexts(spec.hosts);
  const gateways = asTexts(spec.gateways);
  const boundToMesh = gateways.length === 0 || gateways.includes(MESH);
  const faults = hosts.filter(host => !isIpAddress(host)).flatMap(host => (
    boundToMesh && host === '*' ? ['wildcard host * is not allowed for virtual services bound to the mesh gateway'] : faultOfHost(host)));
  const http = asList(spec.http).map(asObject);
  const duplicates = faults.length > 0 || hosts.length < 2 ? [] : duplicatesOf(hosts);
  const isDelegate = hosts.length === 0;
  const unused = isDelegate ? ['gateways', 'tls', 'tcp'].filter(field => asList(spec[field]).length > 0) : [];
  const delegate = unused.map(field => `delegate virtual service must have no ${field === 'gateways' ? 'gateways' : `${field} route`} specified`);
  const empty = [spec.http, spec.tls, spec.tcp].every(routes => asList(routes).length === 0) ? ['http, tcp or tls must be provided in virtual service'] : [];
  return [
    ...delegate, ...(boundToMesh ? claimsIn(http, gateways) : []), ...faults,
    ...duplicates, ...empty, ...http.flatMap(route => faultsOfRoute(route, isDelegate)),
    ...asList(spec.tls).map(asObject).flatMap(route => faultsOfTlsRoute(route, hosts)),
    ...asList(spec.tcp).map(asObject).flatMap(({ route }) => faultsOfDestinations(route, 'TCP route is required')),
    ...faultsOfGatewayNames(gateways), ...faultsOfExportTo(asTexts(spec.exportTo), namespace, {}),
  ];
}

/** Claims of tokens are known to gateways only (Istio 1.30, pkg/config/validation/validation.go:1756). */
function claimsIn(http: readonly PlainObject[], gateways: readonly string[]): string[] {
  const matches = http.flatMap(({ match }) => asList(match).map(asObject));
  const keys = matches.flatMap(({ headers, withoutHeaders }) => [headers, withoutHeaders].flatMap(own => Object.keys(asObject(own))));
  return keys.filter(key => /^@request\.auth\.claims(\..+|\[.+\])$/is.test(key)).map(key => (
    `JWT claim based routing (key: ${key}) is only supported for gateway, found no gateways: [${gateways.join(' ')}]`));
}

/** Hosts of one object that overlap, in the order in which all pairs would be compared. */
function duplicatesOf(hosts: readonly string[]): string[] {
  const index = new HostIndex<number>();
  hosts.forEach((host, place) => index.add(host, place));
  const pairs = hosts.flatMap((host, place) => index.covering(host).flatMap(wider => index.at(wider))
    .filter(other => other !== place && (hosts[other] !== host || other > place))
    .map((other): [number, number] => [Math.min(place, other), Math.max(place, other)]));
  return pairs.sort(([a, b], [c, d]) => a - c || b - d).map(([a, b]) => `duplicate hosts in virtual service: ${hosts[a]} & ${hosts[b]}`);
}

function faultsOfRoute(route: PlainObject, isDelegate: boolean): string[] {
  return [
    ...faultsOfAction(route, isDelegate), ...faultsOfMatches(route), ...faultsOfHeaders(route.headers),
    ...faultOfAuthority(route.rewrite, route.headers), ...faultsOfWeights(asList(route.route)), ...faultsOfSettings(route),
    ...asList(route.match).map(asObject).flatMap(({ gateways }) => faultsOfGatewayNames(asTexts(gateways))),
  ];
}

/** Server names must be below a host of the object (Istio 1.30, pkg/config/validation/validation.go:2214). */
function faultsOfTlsRoute({ match, route }: PlainObject, hosts: readonly string[]): string[] {
  const matches = asList(match).map(asObject);
  return [
    ...(matches.length === 0 ? ['TLS route must have at least one match condition'] : []),
    ...matches.flatMap(({ sniHosts }) => {
      const names = asTexts(sniHosts);
      return names.length === 0 ? ['TLS match must have at least one SNI host'] : names.flatMap(name => faultsOfServerName(name, hosts));
    }),
    ...faultsOfDestinations(route, 'TLS route is required'),
  ];
}

/** Names in the form of AUTO_PASSTHROUGH are rare and their parts are not checked here. */
function faultsOfServerName(name: string, hosts: readonly string[]): string[] {
  const fault = name.startsWith('outbound_') ? [] : faultOfHost(name);
  if (fault.length > 0) {
    return isIpAddress(name) ? [] : fault;
  }
  return hosts.some(host => isSubsetHost(name, host)) ? []
    : [`SNI host "${name}" is not a compatible subset of any of the virtual service hosts: [${hosts.join(', ')}]`];
}

function faultsOfDestinations(route: unknown, missing: string): string[] {
  const destinations = asList(route);
  return destinations.length === 0 ? [missing] : faultsOfWeights(destinations);
}

/** Whether a message is about weights. */
export function isAboutWeights(message: string): boolean {
  return /^(weight -?\d+ < 0|total destination weight = 0)$/.test(message);
}

function faultsOfWeights(destinations: readonly unknown[]): string[] {
  const weights = destinations.map(asObject).map(({ weight }) => (typeof weight === 'number' ? weight : 0));
  const negative = weights.find(weight => weight < 0);
  return [
    ...(negative === undefined ? [] : [`weight ${negative} < 0`]),
    ...(weights.length > 1 && weights.every(weight => weight === 0) ? ['total destination weight = 0'] : []),
  ];
}

/** What a route may have beside its action (Istio 1.30, pkg/config/validation/virtualservice.go:190). */
function faultsOfAction(route: PlainObject, isDelegate: boolean): string[] {
  const has = (field: string) => isObject(route[field]);
  if (!isDelegate && has('delegate')) {
    const others = ['redirect', 'route'].filter(field => has(field) || asList(route[field]).length > 0);
    return others.map(field => `root HTTP route ${typeof route.name === 'string' ? route.name : ''} must not specify ${field}`);
  }
  const nested = has('delegate') ? ['delegate HTTP route cannot contain delegate'] : [];
  const mirrors = has('mirror') && asList(route.mirrors).length > 0 ? ['HTTP route cannot contain both mirror and mirrors'] : [];
  return [...nested, ...conflictsOf(route), ...mirrors];
}

function conflictsOf(route: PlainObject): string[] {
  const has = (field: string) => isObject(route[field]);
  const hasRoute = asList(route.route).length > 0;
  const action = has('redirect') ? 'redirect' : has('directResponse') ? 'direct_response' : undefined;
  if (action === undefined) {
    return hasRoute ? [] : ['HTTP route, redirect or direct_response is required'];
  }
  return [
    ...(hasRoute ? [`HTTP route cannot contain both route and ${action}`] : []),
    ...(has('fault') ? [`HTTP route cannot contain both fault and ${action}`] : []),
    ...(has('rewrite') ? [`HTTP route rule cannot contain both rewrite and ${action}`] : []),
    ...(action === 'redirect' && has('directResponse') ? ['HTTP route rule cannot contain both direct_response and redirect'] : []),
  ];
}

/** The bare `*`, which means that something is present, is admitted in `withoutHeaders` alone (Istio 1.30, pkg/config/validation/virtualservice.go). */
function faultsOfMatches(route: PlainObject): string[] {
  const faults: string[] = [];
  const check = (match: unknown, where: string) => {
    const { regex, prefix } = asObject(match);
    if (prefix === '' && where !== 'uri') {
      faults.push(`"${where}": prefix string match should not be empty`);
    } else if (regex === '') {
      faults.push(`"${where}": regex string match should not be empty`);
    } else if (typeof regex === 'string' && !(where === 'withoutHeaders' && regex === '*')) {
      const fault = faultOfRegex(regex);
      faults.push(...fault === undefined ? [] : [`"${where}": ${fault}`]);
    }
  };
  for (const match of asList(route.match).map(asObject)) {
    ['headers', 'withoutHeaders'].forEach(where => Object.values(asObject(match[where])).forEach(own => check(own, where)));
    ['uri', 'scheme', 'method', 'authority'].forEach(where => check(match[where], where));
    Object.values(asObject(match.queryParams)).forEach(own => check(own, 'queryParams'));
  }
  return faults;
}
