// Names of Kubernetes objects: which are valid, and the DNS name of a Service in the cluster.
import { InvalidProps } from './errors';

/** Maximum length of a DNS label, and so of most names (RFC 1123). */
export const MAX_LABEL_LENGTH = 63;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether the string is a DNS label of RFC 1123: lowercase letters, digits and hyphens, at most 63 characters. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LABEL_LENGTH && DNS_LABEL.test(text);
}

/** Whether the string is a DNS label of RFC 1035, which starts with a letter. */
export function isServiceName(text: string): boolean {
  return text.length <= MAX_LABEL_LENGTH && SERVICE_NAME.test(text);
}

/** Whether the string is a DNS subdomain of RFC 1123: labels joined by dots, at most 253 characters. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** Returns the name, or throws if Kubernetes would refuse it as the name of a namespace or a version. */
export function requireDnsLabel(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    throw InvalidProps.value(prop, name, 'must be a DNS label: 1 to 63 lowercase letters, digits and hyphens, without a leading or trailing hyphen', path);
  }
  return name;
}

/** Returns the namespace of an object: as given, or that of its chart. @throws InvalidProps if neither is set, and for an invalid name */
export function requireNamespace(given: string | undefined, ofChart: string | undefined, path: string): string {
  const namespace = given === undefined ? ofChart : given;
  if (namespace === undefined) {
    throw InvalidProps.missing('namespace', 'when the chart has none; set it as a prop, or as namespace of the Chart', path);
  }
  return requireDnsLabel('namespace', namespace, path);
}

/** Returns the name, or throws if Kubernetes would refuse it as the name of a Service (RFC 1035: it starts with a letter). */
export function requireServiceName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isServiceName(name)) {
    throw InvalidProps.value(prop, name,
      'must be a Service name: 1 to 63 lowercase letters, digits and hyphens, starting with a letter, not ending with a hyphen', path);
  }
  return name;
}

/** Returns the name, or throws if Kubernetes would refuse it as the name of a Secret (DNS subdomain, 253 characters). */
export function requireSecretName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsSubdomain(name)) {
    throw InvalidProps.value(prop, name,
      'must be the name of a Secret, without a namespace: lowercase letters, digits, hyphens and dots, at most 253 characters', path);
  }
  return name;
}

/** Returns the name, or throws if it is not a DNS subdomain: the name of most cluster-wide objects, or a domain. */
export function requireDnsSubdomain(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsSubdomain(name)) {
    throw InvalidProps.value(prop, name, 'must be a DNS subdomain: lowercase letters, digits, hyphens and dots, at most 253 characters', path);
  }
  return name;
}

/** Returns the name, or throws if Kubernetes would refuse it as the name of a Service port (15 characters, with a letter). */
export function requirePortName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || name.length > 15 || !DNS_LABEL.test(name) || !/[a-z]/.test(name) || name.includes('--')) {
    throw InvalidProps.value(prop, name, 'must be a port name: 1 to 15 lowercase letters, digits and single hyphens, with at least one letter', path);
  }
  return name;
}

/**
 * The fully qualified DNS name of a Service. Istio completes short names with the namespace of the object that contains them, and treats
 * any name with a dot as complete (Istio 1.30 pilot/pkg/model/config.go), so this package always writes this form.
 */
export function serviceFqdn(service: string, namespace: string, clusterDomain = 'cluster.local'): string {
  return `${service}.${namespace}.svc.${clusterDomain}`;
}

/** `namespace/name`, as kubectl and logs name an object. */
export function namespacedName({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
