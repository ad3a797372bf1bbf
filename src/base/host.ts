// Host names and patterns that an Ingress, an ALB and Istio all accept.
import { InvalidProps } from './errors';
import { isIpAddress } from './ip';

/** Any host: an Ingress rule without a host, and `*` in Istio. */
export const ANY_HOST = '*';

/** AWS allows 128 characters in a host-header condition (ELBv2 API 2015-12-01), fewer than DNS. */
const MAX_HOST_LENGTH = 128;

/** Includes the length of a label: a third faster than splitting the host, and every host of a route is validated three times. */
const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;
const IPV4 = /^\d+(\.\d+){3}$/;

/**
 * Returns the hosts, or throws for the first that an ALB, an Ingress or Istio would refuse or interpret differently: a single-label name,
 * which a Gateway refuses, is completed with the namespace in a VirtualService (Istio 1.30, pilot/pkg/model/config.go).
 */
export function requireHosts(prop: string, hosts: readonly string[], path = ''): string[] {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw InvalidProps.value(prop, hosts, 'must have at least one entry', path);
  }
  const seen = new Set<string>();
  hosts.forEach((host, index) => {
    if (!isFullHost(host)) {
      throw InvalidProps.value(`${prop}[${index}]`, host, `must ${requirementOf(host)}`, path);
    }
    if (seen.has(host)) {
      throw InvalidProps.duplicate(`${prop}[${index}]`, host, `in ${prop}`, path);
    }
    seen.add(host);
  });
  return [...hosts];
}

/** What the string that is no host must do to become one, by the first pattern that matches it. */
const OFFENCES: readonly (readonly [pattern: RegExp, requirement: string])[] = [
  [/\s/, 'not contain whitespace'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'be a host without a scheme'],
  [/[/?#]/, 'be a host without a path'],
  [/@/, 'be a host without a user'],
  [/^[^:]*:\d*$/, 'be a host without a port'],
  [/[^\x20-\x7e]/, 'be in Punycode, such as xn--bcher-kva.example for bücher.example'],
  [/[A-Z]/, 'be in lower case'],
  [/_/, 'not contain an underscore, which host names do not allow'],
  [/^(?!\*\.[^*]*$).*\*/, 'have * only as its whole first label, as in *.example.com, or be just *'],
  [/\.$/, 'not end with a dot'],
  [/^\.|\.\./, 'not have an empty label before a dot'],
  [/(^|\.)-|-(\.|$)/, 'not have a label that starts or ends with a hyphen'],
  [/^.{129}/, `have at most ${MAX_HOST_LENGTH} characters`],
  [/[^.]{64}/, 'not have a label with more than 63 characters'],
  [/^[a-z0-9-]+$/, 'have a dot, such as shop.example.com, because Istio completes a name without one with the namespace'],
];

/** What is wrong with a value that is no full host, as the end of a sentence with "must". */
function requirementOf(host: unknown): string {
  const found = typeof host !== 'string' ? undefined
    : isIpAddress(host.replace(/^\[(.*)\]$/, '$1')) ? 'be a host name, not an IP address' : OFFENCES.find(([pattern]) => pattern.test(host))?.[1];
  return found ?? 'be a host name such as shop.example.com, a wildcard such as *.example.com, or * for any host';
}

/**
 * Whether the value is a host name, a wildcard with `*` as its whole first label, or just `*`. A single-label name such as `localhost`
 * qualifies too: clients and redirects may use it, although no list of hosts accepts it.
 */
export function isHost(host: unknown): host is string {
  return typeof host === 'string' && (host === ANY_HOST
    || (host.length <= MAX_HOST_LENGTH && HOST.test(host) && !IPV4.test(host)));
}

/** Whether the value is a host that means the same in every namespace: `*`, or a name with a dot. */
export function isFullHost(host: unknown): host is string {
  return isHost(host) && (host === ANY_HOST || host.includes('.'));
}

/** Whether `pattern` matches every name that `host` matches. `*.a.b` matches any depth below `a.b`, but not `a.b` itself. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern === ANY_HOST || pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}

/** Whether one of the patterns matches every name that `host` matches. Constant time in a set, linear in a list. */
export function isCovered(host: string, patterns: readonly string[] | ReadonlySet<string>): boolean {
  return Array.isArray(patterns)
    ? patterns.some(pattern => coversHost(pattern as string, host))
    : (patterns as ReadonlySet<string>).has(ANY_HOST) || patternsCovering(host).some(pattern => (patterns as ReadonlySet<string>).has(pattern));
}

/** All patterns that cover a host: the host itself, the wildcards above it, and `*`. */
export function patternsCovering(host: string): string[] {
  if (host === ANY_HOST) {
    return [host];
  }
  const patterns = [host];
  for (let dot = host.indexOf('.', host.startsWith('*.') ? 2 : 0); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    patterns.push(`*${host.slice(dot)}`);
  }
  patterns.push(ANY_HOST);
  return patterns;
}

/** Returns the hosts, or throws for the first that none of the served hosts covers: the ALB would respond with 404. */
export function requireServedHosts(prop: string, hosts: readonly string[], served: readonly string[] | ReadonlySet<string>, path = ''): string[] {
  const checked = requireHosts(prop, hosts, path);
  checked.forEach((host, index) => {
    if (!isCovered(host, served)) {
      throw InvalidProps.value(`${prop}[${index}]`, host, `must be a host that the edge serves: ${[...served].join(', ')}`, path);
    }
  });
  return checked;
}

/**
 * A key that two host lists share if and only if they contain the same hosts, in any order. Hosts contain no commas; the key includes
 * their number, so that no list of other strings has the key of a list of hosts.
 */
export function hostsKey(hosts: readonly string[]): string {
  return `${hosts.length} ${hosts.length === 1 ? hosts[0] : [...hosts].sort().join()}`;
}

/** Whether the string is a name that DNS can resolve: neither a wildcard nor an IP address. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) && !/(^|\.)\d+$/.test(text);
}
