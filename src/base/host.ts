// Host patterns: the names that clients ask for, as an Ingress, an ALB and Istio all accept them.
import { InvalidProps } from './errors';
import { MAX_LABEL_LENGTH } from './kubernetes-name';

/** Any host at all: an Ingress rule without a host, and `*` in Istio. */
export const ANY_HOST = '*';

/** AWS allows 128 characters in a host-header condition (ELBv2 API 2015-12-01), which is less than DNS does. */
const MAX_HOST_LENGTH = 128;

const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const IPV4 = /^\d+(\.\d+){3}$/;

/**
 * Returns the hosts, or throws for the first that an ALB, an Ingress or Istio would refuse, or take for another: a name of one label, which
 * a Gateway refuses, is completed with the namespace in a VirtualService (Istio 1.30, pilot/pkg/model/config.go).
 */
export function requireHosts(prop: string, hosts: readonly string[], path = ''): string[] {
  if (!Array.isArray(hosts) || hosts.length === 0) {
    throw InvalidProps.value(prop, hosts, 'must be at least one host name', path);
  }
  const seen = new Set<string>();
  hosts.forEach((host, index) => {
    if (!isFullHost(host)) {
      throw InvalidProps.value(`${prop}[${index}]`, host, `must be a lower case host name with a dot, of at most ${MAX_HOST_LENGTH} characters, such as `
        + 'shop.example.com, a wildcard such as *.example.com, or * for any host', path);
    }
    if (seen.has(host)) {
      throw InvalidProps.value(`${prop}[${index}]`, host, 'must be every host once', path);
    }
    seen.add(host);
  });
  return [...hosts];
}

/**
 * Whether the text is a host name, a wildcard with `*` as its whole first label, or `*` alone. A name of one label, such as `localhost`,
 * is one too: clients and redirects may say it, although no list of hosts takes it.
 */
export function isHost(host: unknown): host is string {
  return typeof host === 'string' && (host === ANY_HOST
    || (host.length <= MAX_HOST_LENGTH && HOST.test(host) && !IPV4.test(host)
      && host.split('.').every(label => label.length <= MAX_LABEL_LENGTH)));
}

/** Whether the text is such a host and says the same in every namespace: `*`, or one with a dot. */
export function isFullHost(host: unknown): host is string {
  return isHost(host) && (host === ANY_HOST || host.includes('.'));
}

/** Whether every name that `host` stands for is also matched by `pattern`. `*.a.b` matches any depth below `a.b`, not `a.b` itself. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern === ANY_HOST || pattern === host || (pattern.startsWith('*.') && host !== ANY_HOST && host.endsWith(pattern.slice(1)));
}

/** Whether one of the patterns matches every name that `host` stands for. Constant time in a set, linear in a list. */
export function isCovered(host: string, patterns: readonly string[] | ReadonlySet<string>): boolean {
  return Array.isArray(patterns)
    ? patterns.some(pattern => coversHost(pattern as string, host))
    : patternsCovering(host).some(pattern => (patterns as ReadonlySet<string>).has(pattern));
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
  return [...patterns, ANY_HOST];
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
 * A text that two host lists share exactly when they hold the same hosts, in whatever order. Hosts have no commas; their number is part of
 * the text, so that no list of other texts has that of a list of hosts.
 */
export function hostsKey(hosts: readonly string[]): string {
  return `${hosts.length} ${[...hosts].sort().join()}`;
}

/** Whether the text is a full name that DNS can resolve: no wildcard, and no IP address. */
export function isHostName(text: string): boolean {
  return text.length <= 253 && /^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text) && !/(^|\.)\d+$/.test(text);
}
