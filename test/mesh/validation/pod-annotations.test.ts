// What the injector expects of annotations of pods; npm run conformance -- analyzers compares it with Istio's own validation.
import { faultOfPodAnnotation } from '../../../src/mesh/validation/pod-annotations';

const PORTS = 'a comma-separated list of port numbers from 0 to 65535';
const BLOCKS = 'a comma-separated list of CIDR blocks without spaces';

test.each([
  ['traffic.sidecar.istio.io/includeInboundPorts', ['*', '', '  ', '80', '80, 443', ' 80 '], [' * ', '80,', '65536', '-1', '80;443'], `must be * or ${PORTS}`],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ['', '80'], ['*'], `must be ${PORTS}`],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', ['*', '', '10.0.0.0/8,fd00::/8'], ['10.0.0.1', '10.0.0.0/33', '10.0.0.0/8, 10.1.0.0/16', ' '], `must be * or ${BLOCKS}`],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', ['', '10.0.0.0/8'], ['*'], `must be ${BLOCKS}`],
  ['traffic.sidecar.istio.io/excludeInterfaces', ['', 'eth0, eth1', 'a23456789012345'], ['eth0,', '0eth', 'a234567890123456'], 'must be a comma-separated list of names of network interfaces'],
  ['readiness.status.sidecar.istio.io/failureThreshold', ['0', '4294967295'], ['5s', '', ' 5', '4294967296'], 'must be a whole number, 0 or more, without a unit'],
  ['sidecar.istio.io/proxyMemory', ['128Mi', '0.5', '1e3'], ['128MB', '', ' 1', '1 Gi'], 'must be a quantity, such as 100m or 128Mi'],
  ['prometheus.istio.io/merge-metrics', ['true', 'T', '0'], ['yes', 'tRUE', ''], 'must be true or false'],
  ['sidecar.istio.io/logLevel', ['anything'], [], ''],
])('%s', (key, right, wrong, fault) => {
  expect(right.map(value => faultOfPodAnnotation(key, value))).toEqual(right.map(() => undefined));
  expect(wrong.map(value => faultOfPodAnnotation(key, value))).toEqual(wrong.map(() => fault));
});

test.each([
  ['nothing', '', undefined],
  ['an unknown field', 'unknown: 1', undefined],
  ['a key twice', '{ concurrency: 1, concurrency: 2 }', undefined],
  ['a number in quotes', 'gatewayTopology: { numTrustedProxies: "2" }', undefined],
  ['a text', 'numTrustedProxies=1', 'must be a map in YAML, such as "gatewayTopology: { numTrustedProxies: 1 }"'],
  ['a list', '[1]', 'must be a map in YAML, such as "gatewayTopology: { numTrustedProxies: 1 }"'],
  ['half a map', 'gatewayTopology: {', 'must be YAML'],
  ['a negative number', 'gatewayTopology: { numTrustedProxies: -1 }', 'must have a whole number, 0 or more, in gatewayTopology.numTrustedProxies, and has -1'],
])('proxy.istio.io/config with %s', (_, value, fault) => {
  expect(faultOfPodAnnotation('proxy.istio.io/config', value)).toBe(fault);
});
