// What the API server refuses of a Service (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, ValidateServiceCreate).
import { coversBlock } from '../../base/ip';
import type { Field } from './field';
import { between, checkCidr, checkIp, checkLabels, checkName, checkPort, checkPortOrName, oneOf } from './values';

const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

/** The range of node ports, unless the API server has another one. */
const [LOWEST_NODE_PORT, HIGHEST_NODE_PORT] = [30000, 32767];

const RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** Refuses a Service. */
export function checkService(service: Field): void {
  const spec = service.at('spec');
  const type = spec.at('type').text || 'ClusterIP';
  oneOf(spec.at('type'), TYPES);
  checkPorts(spec, type);
  checkLabels(spec.at('selector'));
  checkAddresses(spec, type);
  checkAffinity(spec.at('sessionAffinity'), spec.at('sessionAffinityConfig', 'clientIP', 'timeoutSeconds'));
  checkLoadBalancer(spec, type);
  checkSourceRanges(spec.at('loadBalancerSourceRanges'), service.at('metadata', 'annotations', RANGES_ANNOTATION), type);
  checkExternalTraffic(spec, type);
  oneOf(spec.at('internalTrafficPolicy'), ['Cluster', 'Local'], false);
  oneOf(spec.at('trafficDistribution'), ['PreferClose', 'PreferSameZone', 'PreferSameNode'], false);
}

function checkPorts(spec: Field, type: string): void {
  const ports = spec.at('ports');
  if (spec.at('clusterIP').text !== 'None' && type !== 'ExternalName') {
    ports.require();
  }
  const [names, numbers, nodePorts] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const port of ports.items) {
    const protocol = port.at('protocol').text || 'TCP';
    oneOf(port.at('protocol'), ['SCTP', 'TCP', 'UDP']);
    checkPortOfService(port, ports.items.length > 1);
    unique(port.at('name'), port.at('name').text, names);
    unique(port.at('port'), `${protocol} ${port.at('port').number}`, numbers);
    const nodePort = port.at('nodePort');
    if ((nodePort.number ?? 0) !== 0) {
      checkNodePort(nodePort, type);
      unique(nodePort, `${protocol} ${nodePort.number}`, nodePorts);
    }
  }
}

function checkPortOfService(port: Field, isOneOfMany: boolean): void {
  const [name, number, targetPort] = [port.at('name'), port.at('port'), port.at('targetPort')];
  if (name.text !== '') {
    checkName(name, 'label');
  } else if (isOneOfMany) {
    name.require('a Service with more than one port has a name for each');
  }
  if (number.isSet) {
    checkPort(number);
  } else {
    number.require();
  }
  if (targetPort.value !== 0 && targetPort.value !== '') {
    checkPortOrName(targetPort);
  }
  checkName(port.at('appProtocol'), 'qualified');
}

function unique(field: Field, key: string, seen: Set<string>): void {
  if (key !== '' && seen.has(key)) {
    field.refuse(`must be unique; got ${key} twice`);
  }
  seen.add(key);
}

function checkNodePort(nodePort: Field, type: string): void {
  if (type === 'ClusterIP') {
    nodePort.refuse('cannot be set when the type is ClusterIP');
  } else if (type !== 'ExternalName') {
    between(nodePort, LOWEST_NODE_PORT, HIGHEST_NODE_PORT);
  }
}

function checkAddresses(spec: Field, type: string): void {
  const [clusterIp, clusterIps, families, policy] = [spec.at('clusterIP'), spec.at('clusterIPs'), spec.at('ipFamilies'), spec.at('ipFamilyPolicy')];
  if (type === 'ExternalName') {
    checkExternalName(spec.at('externalName'));
    [clusterIp, clusterIps, families, policy].filter(field => field.text !== '' || field.items.length > 0).forEach(field => {
      field.refuse('cannot be set when the type is ExternalName');
    });
    return;
  }
  if (clusterIp.text === 'None') {
    if (type !== 'ClusterIP') {
      clusterIp.refuse(`cannot be None when the type is ${type}`);
    }
  } else if (clusterIp.text !== '') {
    checkIp(clusterIp);
  }
  if (clusterIps.items.length > 0 && clusterIp.text !== clusterIps.items[0].text) {
    clusterIps.refuse(`must start with clusterIP, which is ${clusterIp.text === '' ? 'not set' : clusterIp.text}`);
  }
  clusterIps.items.filter(({ text }, index) => index > 0 || text !== 'None').forEach(checkIp);
  families.items.forEach(family => oneOf(family, ['IPv4', 'IPv6'], false));
  if (new Set(families.items.map(({ text }) => text)).size < families.items.length) {
    families.refuse('must not have the same family twice');
  }
  oneOf(policy, ['PreferDualStack', 'RequireDualStack', 'SingleStack'], false);
  spec.at('externalIPs').items.forEach(checkExternalIp);
}

/** Blocks that no external address may be in (ValidateEndpointIP). */
const SPECIAL = ['0.0.0.0/32', '::/128', '127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10', '224.0.0.0/24', 'ff02::/16'];

function checkExternalIp(ip: Field): void {
  checkIp(ip);
  if (SPECIAL.some(block => coversBlock(block, ip.text))) {
    ip.mustBe('an address that is neither unspecified, loopback nor link-local');
  }
}

function checkExternalName(name: Field): void {
  if (name.text === '') {
    name.require('the type is ExternalName');
  } else if (name.text.endsWith('.')) {
    checkTrailingDot(name);
  } else {
    checkName(name, 'subdomain');
  }
}

function checkTrailingDot(name: Field): void {
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\.$/.test(name.text) || name.text.length > 254) {
    name.mustBe('a DNS name: lowercase letters, digits, hyphens and dots');
  }
}

/** One day (validateClientIPAffinityConfig). */
const LONGEST_AFFINITY = 86400;

function checkAffinity(affinity: Field, timeout: Field): void {
  oneOf(affinity, ['ClientIP', 'None']);
  if (affinity.text === 'ClientIP') {
    between(timeout, 1, LONGEST_AFFINITY);
  }
}

function checkLoadBalancer(spec: Field, type: string): void {
  const [allocate, loadBalancerClass] = [spec.at('allocateLoadBalancerNodePorts'), spec.at('loadBalancerClass')];
  if (type !== 'LoadBalancer') {
    [allocate, loadBalancerClass].filter(({ isSet }) => isSet).forEach(field => {
      field.refuse(`cannot be set when the type is ${type}: only when it is LoadBalancer`);
    });
  } else if (loadBalancerClass.isSet) {
    checkName(loadBalancerClass, 'qualified');
  }
}

function checkSourceRanges(ranges: Field, annotation: Field, type: string): void {
  const written = ranges.items.length > 0 ? ranges : annotation;
  if (!written.isSet || (written === ranges && ranges.items.length === 0)) {
    return;
  }
  if (type !== 'LoadBalancer') {
    written.refuse(`cannot be set when the type is ${type}: only when it is LoadBalancer`);
  }
  if (written === ranges) {
    ranges.items.forEach(range => checkCidr(range, range.text.trim()));
  } else if (annotation.text.trim() !== '') {
    annotation.text.split(',').forEach(range => checkCidr(annotation, range.trim()));
  }
}

function checkExternalTraffic(spec: Field, type: string): void {
  const [policy, nodePort] = [spec.at('externalTrafficPolicy'), spec.at('healthCheckNodePort')];
  const isExternal = type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && spec.at('externalIPs').items.length > 0);
  if (isExternal) {
    oneOf(policy, ['Cluster', 'Local']);
  } else if (policy.text !== '') {
    policy.refuse(`cannot be set when the type is ${type}: only for LoadBalancer, NodePort or externalIPs`);
  }
  if ((nodePort.number ?? 0) === 0) {
    return;
  }
  if (type === 'LoadBalancer' && policy.text === 'Local') {
    between(nodePort, LOWEST_NODE_PORT, HIGHEST_NODE_PORT);
  } else {
    nodePort.refuse('cannot be set unless the type is LoadBalancer and externalTrafficPolicy is Local');
  }
}
