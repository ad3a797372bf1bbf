// What Istio's webhook refuses in a ServiceEntry or a WorkloadEntry (Istio 1.30, pkg/config/validation/validation.go:2740-3105).
import { duplicatesIn } from '../../base/duplicates';
import { isCidr, isIpAddress } from '../../base/ip';
import { classOf } from '../../base/istio/protocol';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultsOfExportTo } from './export-to';
import { faultOfHost, isLabel } from './hosts';
import { faultOfPort } from './ports';
import { faultsOfSelectedLabels } from './selectors';

/** Faults of a ServiceEntry. */
export function faultsOfServiceEntry(spec: PlainObject, _: string, namespace: string): string[] {
  const hosts = asTexts(spec.hosts);
  const endpoints = asList(spec.endpoints).map(asObject);
  const ports = asList(spec.ports).map(asObject);
  const faultsOfHosts = hosts.flatMap(host => (host === '*' ? [`invalid host ${host}`] : faultOfHost(host)));
  const selector = faultsOfSelectedLabels(asObject(spec.workloadSelector).labels);
  if (selector.length > 0) {
    return selector;
  }
  const resolution = asText(spec.resolution) ?? 'NONE';
  return [
    ...(isObject(spec.workloadSelector) && Array.isArray(spec.endpoints) ? ['only one of WorkloadSelector or Endpoints is allowed in Service Entry'] : []),
    ...(hosts.length === 0 ? ['service entry must have at least one host'] : faultsOfHosts),
    ...faultsOfAddresses(asTexts(spec.addresses), resolution),
    ...faultsOfPorts(ports),
    ...faultsOfResolution(resolution, hosts, endpoints, ports),
    ...(resolution !== 'NONE' && hosts.length > 1 && ports.some(isAmbiguous) ? ['multiple hosts provided with non-HTTP, non-TLS ports'] : []),
    ...faultsOfExportTo(asTexts(spec.exportTo), namespace, { isServiceEntry: true }),
  ];
}

function faultsOfAddresses(addresses: readonly string[], resolution: string): string[] {
  const blocks = addresses.filter(address => address.includes('/'));
  return [
    ...blocks.filter(block => !isCidr(block)).map(block => `${block} is not a valid CIDR block`),
    ...addresses.filter(address => !address.includes('/') && !isIpAddress(address)).map(address => `${address} is not a valid IP`),
    ...(blocks.length > 0 && resolution !== 'NONE' && resolution !== 'STATIC' ? ['CIDR addresses are allowed only for NONE/STATIC resolution types'] : []),
  ];
}

/** Whether nothing in what the port carries says which of several hosts it is for. */
function isAmbiguous({ protocol }: PlainObject): boolean {
  return !['http', 'https', 'tls'].includes(classOf(asText(protocol) ?? ''));
}

function faultsOfPorts(ports: readonly PlainObject[]): string[] {
  const names = ports.map(({ name }) => asText(name) ?? '');
  const numbers = ports.map(({ number }) => asInteger(number) ?? 0);
  return [
    ...duplicatesIn(names).map(name => `service entry port name "${name}" already defined`),
    ...duplicatesIn(numbers).map(number => `service entry port ${number} already defined`),
    ...ports.flatMap(({ name, protocol, targetPort }, index) => [
      ...(isLabel(asText(name) ?? '') ? [] : [`invalid port name: ${asText(name) ?? ''}`]),
      ...(asText(protocol) && classOf(asText(protocol)!) === 'auto' ? [`unsupported protocol: ${asText(protocol)!}`] : []),
      ...faultOfPort(numbers[index]), ...(targetPort === undefined ? [] : faultOfPort(asInteger(targetPort) ?? 0)),
    ]),
  ];
}

function faultsOfResolution(resolution: string, hosts: readonly string[], endpoints: readonly PlainObject[], ports: readonly PlainObject[]): string[] {
  const names = new Set(ports.map(({ name }) => asText(name) ?? ''));
  const undefinedPorts = endpoints.flatMap(endpoint => Object.entries(asObject(endpoint.ports)).filter(([name]) => !names.has(name))
    .map(([, port]) => `endpoint port ${String(port)} is not defined by the service entry`));
  switch (resolution) {
    case 'NONE':
      return endpoints.length > 0 ? ['no endpoints should be provided for resolution type none'] : [];
    case 'STATIC':
      return [...endpoints.flatMap(endpoint => faultsOfWorkload(endpoint, false)), ...undefinedPorts];
    case 'DNS': case 'DNS_ROUND_ROBIN': {
      const wrong = endpoints.length > 0 ? [] : hosts.filter(host => host.startsWith('*') || faultOfHost(host).length > 0).slice(0, 1);
      return [
        ...wrong.map(() => `hosts must be FQDN or contain only prefix wildcards if no endpoints are provided for resolution mode ${resolution}`),
        ...(resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1 ? [`there must only be 0 or 1 endpoint for resolution mode ${resolution}`] : []),
        ...endpoints.flatMap(endpoint => faultsOfAddress(asText(endpoint.address) ?? '', true)), ...undefinedPorts,
      ];
    }
    case 'DYNAMIC_DNS':
      return [
        ...hosts.filter(host => !host.startsWith('*')).map(() => `host must be wildcarded for resolution mode ${resolution}`),
        ...(endpoints.length > 0 ? [`endpoints cannot be set for resolution type ${resolution}`] : []),
      ];
    default:
      return [];
  }
}

/** Faults of an address: a name counts only where DNS is asked. */
function faultsOfAddress(address: string, mayBeName: boolean): string[] {
  if (address === '') {
    return ['address is required'];
  }
  if (address.startsWith('unix://') || isIpAddress(address)) {
    return [];
  }
  return !mayBeName ? [`endpoint address "${address}" is not a valid IP address`]
    : faultOfHost(address).length === 0 && !address.startsWith('*') ? [] : [`endpoint address "${address}" is not a valid FQDN or an IP address`];
}

/** Faults of a WorkloadEntry. */
export function faultsOfWorkloadEntry(spec: PlainObject): string[] {
  return faultsOfWorkload(spec, true);
}

/** A workload of another network needs no address. */
function faultsOfWorkload(entry: PlainObject, mayBeName: boolean): string[] {
  const address = asText(entry.address) ?? '';
  return address === '' && asText(entry.network) ? [] : faultsOfAddress(address, mayBeName);
}
