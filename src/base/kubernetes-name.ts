// Names of Kubernetes objects: what may be one, and how a Service is called inside the cluster.
import { InvalidProps } from './errors';

/** Kubernetes' limit on a DNS label and so on most names (RFC 1123). */
export const MAX_LABEL_LENGTH = 63;

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether the text is a DNS label of RFC 1123: lower case letters, digits and hyphens, 63 characters at most. */
export function isDnsLabel(text: string): boolean {
  return text.length <= MAX_LABEL_LENGTH && DNS_LABEL.test(text);
}

/** Whether the text is a DNS subdomain of RFC 1123: labels joined by dots, 253 characters at most. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && DNS_SUBDOMAIN.test(text);
}

/** Returns the name, or throws when Kubernetes would refuse it as the name of a namespace or a version. */
export function requireDnsLabel(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsLabel(name)) {
    throw InvalidProps.value(prop, name, 'must be a DNS label: 1 to 63 lower case letters, digits and hyphens, no hyphen at an end', path);
  }
  return name;
}

/** Returns the name, or throws when Kubernetes would refuse it as the name of a Service (RFC 1035: it starts with a letter). */
export function requireServiceName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || name.length > MAX_LABEL_LENGTH || !SERVICE_NAME.test(name)) {
    throw InvalidProps.value(prop, name,
      'must be a Service name: 1 to 63 lower case letters, digits and hyphens, starting with a letter, not ending with a hyphen', path);
  }
  return name;
}

/** Returns the name, or throws when Kubernetes would refuse it as the name of a Secret (DNS subdomain, 253 characters). */
export function requireSecretName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsSubdomain(name)) {
    throw InvalidProps.value(prop, name,
      'must be the name of a Secret, without a namespace: lower case letters, digits, hyphens and dots, 253 characters at most', path);
  }
  return name;
}

/** Returns the name, or throws when it is not a DNS subdomain: the name of most cluster-wide objects, or a domain. */
export function requireDnsSubdomain(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || !isDnsSubdomain(name)) {
    throw InvalidProps.value(prop, name, 'must be a DNS subdomain: lower case letters, digits, hyphens and dots, 253 characters at most', path);
  }
  return name;
}

/** Returns the name, or throws when Kubernetes would refuse it as the name of a Service port (15 characters, with a letter). */
export function requirePortName(prop: string, name: string, path = ''): string {
  if (typeof name !== 'string' || name.length > 15 || !DNS_LABEL.test(name) || !/[a-z]/.test(name) || name.includes('--')) {
    throw InvalidProps.value(prop, name, 'must be the name of a port: 1 to 15 lower case letters, digits and single hyphens, with a letter', path);
  }
  return name;
}

/**
 * The full name of a Service in the cluster's DNS. Istio completes short names with the namespace of the object that
 * mentions them and takes any name with a dot as complete (Istio 1.30 pilot/pkg/model/config.go), so we always write this form.
 */
export function serviceFqdn(service: string, namespace: string, clusterDomain = 'cluster.local'): string {
  return `${service}.${namespace}.svc.${clusterDomain}`;
}
