// Hosts that Istio's webhook refuses, in its own words.
import { isIpAddress } from '../../base/ip';

const DNS_LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;
const WILDCARD_LABEL = /^(\*|(\*-)?[a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?)$/;

/** The fault of a name or a wildcard (Istio 1.30, pkg/config/validation/agent/validation.go ValidateWildcardDomain). */
export function faultOfHost(host: string): string[] {
  if (host === '') {
    return ['empty domain name not allowed'];
  }
  if (host.length > 255) {
    return [`domain name "${host}" too long (max 255)`];
  }
  if (host === '*') {
    return [];
  }
  const dot = host.indexOf('.');
  const first = dot === -1 ? host : host.slice(0, dot);
  if (!WILDCARD_LABEL.test(first)) {
    return [`domain name "${host}" invalid (label "${first}" invalid)`];
  }
  return dot === -1 ? [] : faultOfLabels(host.slice(dot + 1));
}

function faultOfLabels(domain: string): string[] {
  const labels = domain.split('.');
  const top = labels[labels.length - 1];
  if (/^[-+]?\d+$/.test(top)) {
    return [`domain name "${domain}" invalid (top level domain "${top}" cannot be all-numeric)`];
  }
  // The last label may be empty: an unambiguous name such as `istio.io.`.
  const wrong = labels.find((label, index) => !(index === labels.length - 1 && label === '') && !DNS_LABEL.test(label));
  return wrong === undefined ? [] : [`domain name "${domain}" invalid (label "${wrong}" invalid)`];
}

/** The faults of a host of a Gateway's server, with or without a namespace in front (Istio 1.30, agent/validation.go:1119). */
export function faultsOfServerHost(written: string): string[] {
  const slash = written.indexOf('/');
  const [namespace, host] = [slash === -1 ? '*' : written.slice(0, slash), written.slice(slash + 1)];
  const faults: string[] = [];
  if (namespace === '' || host === '') {
    faults.push('config namespace and dnsName in host entry cannot be empty');
  }
  if (namespace !== '*' && namespace !== '.' && !isLabel(namespace)) {
    faults.push(`invalid namespace value "${namespace}" in gateway`);
  }
  return [...faults, ...faultsOfHostPart(host, isIpAddress(host))];
}

/** The faults of a host of a Sidecar's egress listener, with its namespace in front (Istio 1.30, agent/validation.go:881). */
export function faultsOfEgressHost(written: string): string[] {
  const slash = written.indexOf('/');
  if (slash === -1) {
    return ['host must be of form namespace/dnsName'];
  }
  const [namespace, host] = [written.slice(0, slash), written.slice(slash + 1)];
  return [
    ...(namespace === '' || host === '' ? ['config namespace and dnsName in host entry cannot be empty'] : []),
    ...(['*', '.', '~'].includes(namespace) || isLabel(namespace) ? [] : [`invalid namespace value "${namespace}" in sidecar`]),
    ...faultsOfHostPart(host, false),
  ];
}

function faultsOfHostPart(host: string, isAddress: boolean): string[] {
  return [
    ...(host !== '*' && !host.includes('.') ? ['short names (non FQDN) are not allowed'] : []),
    ...(isAddress ? [] : faultOfHost(host)),
    ...(host.includes('*') && host.length !== 1 && !host.startsWith('*.') ? [`partial wildcard "${host}" not allowed`] : []),
  ];
}

/** Whether the text is a label as Istio checks names and namespaces. */
export function isLabel(text: string): boolean {
  return DNS_LABEL.test(text);
}
