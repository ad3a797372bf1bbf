// What Istio's validating webhook refuses, so that it never reaches istiod. Only faults that decide where requests go; the words are Istio's.
import { isIpAddress } from '../base/ip';
import { findRegex } from '../base/re2';
import { Kind } from '../manifests/kind';
import { PlainObject, asList, asObject, asText, asTexts } from '../manifests/plain-json';
import { isSubsetHost } from './host-index';

const DNS_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;

/** The webhook's message, or nothing if it admits the object (Istio 1.30, pkg/config/validation/validation.go:1740). */
export function refusalOf(kind: Kind, spec: PlainObject): string | undefined {
  return kind === Kind.VIRTUAL_SERVICE ? refusalOfVirtualService(spec) : undefined;
}

function refusalOfVirtualService(spec: PlainObject): string | undefined {
  const hosts = asTexts(spec.hosts);
  const gateways = asTexts(spec.gateways);
  const boundToMesh = gateways.length === 0 || gateways.includes('mesh');
  const faults = hosts.flatMap(host => {
    const fault = refusalOfHost(host, boundToMesh);
    return fault === undefined || isIpAddress(host) ? [] : [fault];
  });
  const http = asList(spec.http).map(asObject);
  const duplicates = faults.length > 0 ? [] : duplicatesOf(hosts);
  const all = [...faults, ...duplicates, ...http.flatMap(refusalsOfRoute)];
  return all.length === 0 ? undefined : joined(all);
}

/** As hashicorp/go-multierror writes several errors. */
function joined(messages: readonly string[]): string {
  return messages.length === 1 ? messages[0] : `${messages.length} errors occurred:\n${messages.map(message => `\t* ${message}\n`).join('')}\n`;
}

/** Istio 1.30, pkg/config/validation/agent/validation.go ValidateWildcardDomain. */
function refusalOfHost(host: string, boundToMesh: boolean): string | undefined {
  if (host === '') {
    return 'empty domain name not allowed';
  }
  if (host.length > 255) {
    return `domain name "${host}" too long (max 255)`;
  }
  if (host === '*') {
    return boundToMesh ? 'wildcard host * is not allowed for virtual services bound to the mesh gateway' : undefined;
  }
  const dot = host.indexOf('.');
  const first = dot === -1 ? host : host.slice(0, dot);
  if (!WILDCARD_LABEL.test(first)) {
    return `domain name "${host}" invalid (label "${first}" invalid)`;
  }
  return dot === -1 ? undefined : refusalOfLabels(host.slice(dot + 1));
}

function refusalOfLabels(domain: string): string | undefined {
  const labels = domain.split('.');
  const top = labels[labels.length - 1];
  if (/^[-+]?\d+$/.test(top)) {
    return `domain name "${domain}" invalid (top level domain "${top}" cannot be all-numeric)`;
  }
  // The last label may be empty: an unambiguous name such as `istio.io.`.
  const wrong = labels.find((label, index) => !(index === labels.length - 1 && label === '') && !DNS_LABEL.test(label));
  return wrong === undefined ? undefined : `domain name "${domain}" invalid (label "${wrong}" invalid)`;
}

/** Hosts of one object that overlap. Without wildcards only equal hosts do, so that a long list costs no comparison of pairs. */
function duplicatesOf(hosts: readonly string[]): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const wildcards = hosts.filter(host => host.startsWith('*'));
  for (const host of hosts) {
    if (seen.has(host)) {
      found.push(`duplicate hosts in virtual service: ${host} & ${host}`);
    }
    seen.add(host);
  }
  hosts.forEach((host, index) => wildcards.forEach(wildcard => {
    const other = hosts.indexOf(wildcard);
    if (host !== wildcard && isSubsetHost(host, wildcard)) {
      const [first, second] = index < other ? [host, wildcard] : [wildcard, host];
      found.push(`duplicate hosts in virtual service: ${first} & ${second}`);
    }
  }));
  return found;
}

function refusalsOfRoute(route: PlainObject): string[] {
  const destinations = asList(route.route).map(asObject);
  const weights = destinations.map(({ weight }) => (typeof weight === 'number' ? weight : 0));
  const found = refusedRegexes(route);
  if (weights.some(weight => weight < 0)) {
    found.push(`weight ${weights.find(weight => weight < 0)} < 0`);
  }
  if (weights.length > 1 && weights.every(weight => weight === 0)) {
    found.push('total destination weight = 0');
  }
  if (route.delegate === undefined && route.redirect === undefined && route.directResponse === undefined && destinations.length === 0) {
    found.push('HTTP route, redirect or direct_response is required');
  }
  return found;
}

/** The bare `*` is no regular expression, but means that something is present (Istio 1.30, pilot/pkg/networking/core/route/route.go:1163). */
function refusedRegexes(route: PlainObject): string[] {
  const found: string[] = [];
  const check = (match: unknown) => {
    const regex = asText(asObject(match).regex);
    if (regex !== undefined && regex !== '*' && findRegex(regex) === undefined) {
      found.push(`invalid regex: ${regex}`);
    }
  };
  for (const match of asList(route.match).map(asObject)) {
    [match.uri, match.scheme, match.method, match.authority].forEach(check);
    [match.headers, match.withoutHeaders, match.queryParams].forEach(values => Object.values(asObject(values)).forEach(check));
  }
  return found;
}
