// ExternalDNS annotations, written under both prefixes because each version reads only one of them.

/**
 * The prefixes. Version 0.22.0 reads the second by default and does not fall back to the first, which was the default before
 * (ExternalDNS source/annotations/annotations.go); an object without the annotation it reads can lose its records.
 */
export const EXTERNAL_DNS_PREFIXES: readonly string[] = ['external-dns.alpha.kubernetes.io/', 'external-dns.kubernetes.io/'];

/** The annotations for any version of ExternalDNS. @param name without the prefix, such as `ttl` */
export function externalDnsAnnotations(name: string, value: string): Record<string, string> {
  return Object.fromEntries(EXTERNAL_DNS_PREFIXES.map(prefix => [prefix + name, value]));
}
