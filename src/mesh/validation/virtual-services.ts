// What Istio's webhook refuses in a VirtualService, as far as it decides where requests go.
import { isIpAddress } from '../../base/ip';
import { findRegex } from '../../base/re2';
import { PlainObject, asList, asObject, asTexts, isObject } from '../../manifests/plain-json';
import { HostIndex } from '../../base/host-index';
import { faultOfHost } from './hosts';

/** Faults of a VirtualService (Istio 1.30, pkg/config/validation/validation.go:1743). */
export function faultsOfVirtualService(spec: PlainObject): string[] {
  const hosts = asTexts(spec.hosts);
  const gateways = asTexts(spec.gateways);
  const boundToMesh = gateways.length === 0 || gateways.includes('mesh');
  const faults = hosts.flatMap(host => {
    const fault = boundToMesh && host === '*' ? 'wildcard host * is not allowed for virtual services bound to the mesh gateway' : faultOfHost(host);
    return fault === undefined || isIpAddress(host) ? [] : [fault];
  });
  const http = asList(spec.http).map(asObject);
  const duplicates = faults.length > 0 ? [] : duplicatesOf(hosts);
  const empty = [spec.http, spec.tls, spec.tcp].every(routes => asList(routes).length === 0) ? ['http, tcp or tls must be provided in virtual service'] : [];
  return [...faults, ...duplicates, ...empty, ...http.flatMap(faultsOfRoute)];
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

function faultsOfRoute(route: PlainObject): string[] {
  const destinations = asList(route.route).map(asObject);
  const weights = destinations.map(({ weight }) => (typeof weight === 'number' ? weight : 0));
  const negative = weights.find(weight => weight < 0);
  return [
    ...faultsOfAction(route, destinations.length > 0),
    ...faultsOfMatches(route),
    ...(negative === undefined ? [] : [`weight ${negative} < 0`]),
    ...(weights.length > 1 && weights.every(weight => weight === 0) ? ['total destination weight = 0'] : []),
  ];
}

function faultsOfAction({ delegate, redirect, directResponse }: PlainObject, hasRoute: boolean): string[] {
  const other = isObject(redirect) ? 'redirect' : isObject(directResponse) ? 'direct_response' : undefined;
  if (isObject(delegate)) {
    return [];
  }
  return other === undefined ? (hasRoute ? [] : ['HTTP route, redirect or direct_response is required'])
    : hasRoute ? [`HTTP route cannot contain both route and ${other}`] : [];
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
    } else if (typeof regex === 'string' && !(where === 'withoutHeaders' && regex === '*') && findRegex(regex) === undefined) {
      faults.push(`"${where}": invalid regular expression ${regex}`);
    }
  };
  for (const match of asList(route.match).map(asObject)) {
    ['headers', 'withoutHeaders'].forEach(where => Object.values(asObject(match[where])).forEach(own => check(own, where)));
    ['uri', 'scheme', 'method', 'authority'].forEach(where => check(match[where], where));
    Object.values(asObject(match.queryParams)).forEach(own => check(own, 'queryParams'));
  }
  return faults;
}
