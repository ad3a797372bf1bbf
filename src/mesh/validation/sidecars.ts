// What Istio's webhook refuses in a Sidecar (Istio 1.30, pkg/config/validation/validation.go:777-1049), the settings of ingress TLS apart.
import { duplicatesIn } from '../../base/duplicates';
import { isIpAddress } from '../../base/ip';
import { classOf } from '../../base/istio/protocol';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultOfHost, faultsOfEgressHost, isLabel } from './hosts';
import { faultOfPort } from './ports';
import { faultsOfSelectedLabels } from './selectors';

/** Faults of a Sidecar. */
export function faultsOfSidecar(spec: PlainObject): string[] {
  const labels = faultsOfSelectedLabels(asObject(spec.workloadSelector).labels);
  if (labels.length > 0) {
    return labels;
  }
  const [ingress, egress] = [spec.ingress, spec.egress].map(list => asList(list).map(asObject));
  if (ingress.length + egress.length === 0 && !isObject(spec.outboundTrafficPolicy) && !isObject(spec.inboundConnectionPool)) {
    return ['sidecar: empty configuration provided'];
  }
  return [
    ...ingress.flatMap(faultsOfIngress), ...duplicatePorts(ingress),
    ...egress.flatMap((listener, index) => faultsOfEgress(listener, index === egress.length - 1)), ...duplicatePorts(egress),
    ...faultsOfOutbound(asObject(spec.outboundTrafficPolicy)),
  ];
}

function faultsOfIngress({ port, bind, defaultEndpoint }: PlainObject): string[] {
  return isObject(port) ? [...faultsOfPort(port, asText(bind) ?? ''), ...faultsOfDefaultEndpoint(asText(defaultEndpoint) ?? '')]
    : ['sidecar: port is required for ingress listeners'];
}

const DEFAULT_ENDPOINT = 'sidecar: defaultEndpoint must be of form 127.0.0.1:<port>,0.0.0.0:<port>,[::1]:port,[::]:port,unix://filepath or unset';

function faultsOfDefaultEndpoint(endpoint: string): string[] {
  if (endpoint === '' || endpoint.startsWith('unix://')) {
    return [];
  }
  const [, host, port] = /^(127\.0\.0\.1|0\.0\.0\.0|\[::1?\]|):([^:]*)$/.exec(endpoint) ?? [];
  return host === undefined ? [DEFAULT_ENDPOINT] : /^\d+$/.test(port) ? faultOfPort(Number(port)) : [`sidecar: defaultEndpoint port (${port}) is not a number`];
}

function faultsOfEgress({ port, bind, captureMode, hosts }: PlainObject, isLast: boolean): string[] {
  const names = asTexts(hosts);
  return [
    ...(isObject(port) ? faultsOfEgressPort(port, asText(bind) ?? '', asText(captureMode) ?? 'DEFAULT')
      : isLast ? [] : ['sidecar: the egress listener with empty port should be the last listener in the list']),
    ...(names.length === 0 ? ['sidecar: egress listener must contain at least one host'] : names.flatMap(faultsOfEgressHost)),
  ];
}

/** Port 0 is a Unix domain socket. */
function faultsOfEgressPort(port: PlainObject, bind: string, captureMode: string): string[] {
  if ((asInteger(port.number) ?? 0) !== 0) {
    return faultsOfPort(port, bind);
  }
  return [
    ...faultsOfNameAndProtocol(port),
    ...(bind.startsWith('unix://') ? [] : ['sidecar: ports with 0 value must have a unix domain socket bind address']),
    ...(captureMode === 'DEFAULT' || captureMode === 'NONE' ? [] : ['sidecar: captureMode must be DEFAULT/NONE for unix domain socket listeners']),
  ];
}

function faultsOfPort(port: PlainObject, bind: string): string[] {
  return [
    ...faultsOfNameAndProtocol(port), ...faultOfPort(asInteger(port.number) ?? 0),
    ...(bind === '' || isIpAddress(bind) ? [] : [`${bind} is not a valid IP`]),
  ];
}

function faultsOfNameAndProtocol({ name, protocol, targetPort }: PlainObject): string[] {
  const [own, written] = [asText(name) ?? '', asText(protocol) ?? ''];
  return [
    ...((asInteger(targetPort) ?? 0) > 0 ? ['targetPort has no impact on Sidecars'] : []),
    ...(own === '' || isLabel(own) ? [] : [`invalid port name: ${own}`]),
    ...(written !== '' && classOf(written) === 'auto' ? [`unsupported protocol: ${written}`] : []),
  ];
}

function duplicatePorts(listeners: readonly PlainObject[]): string[] {
  const numbers = listeners.map(({ port }) => asInteger(asObject(port).number) ?? 0).filter(number => number !== 0);
  return duplicatesIn(numbers).map(() => 'sidecar: ports on IP bound listeners must be unique');
}

function faultsOfOutbound({ mode, egressProxy }: PlainObject): string[] {
  if (!isObject(egressProxy)) {
    return [];
  }
  // The mode that is 0, and so the default of a policy, is REGISTRY_ONLY (istio.io/api, networking/v1alpha3/sidecar.proto).
  if (mode !== 'ALLOW_ANY') {
    return ['sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode'];
  }
  return [...faultOfHost(asText(egressProxy.host) ?? ''), ...(isObject(egressProxy.port) ? [] : ['sidecar: egress_proxy port must be non-nil'])];
}
