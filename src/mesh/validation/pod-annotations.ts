// Values of annotations for which Istio's injector refuses a pod (Istio 1.30, pkg/kube/inject/validate.go).
import { isCidr } from '../../base/ip';
import { isQuantity } from '../../api-server/kubernetes/quantity';
import { asObject } from '../../manifests/plain-json';
import { readDocuments } from '../../manifests/yaml';

/** What is expected; nothing if the value is right. */
type Test = (value: string) => string | undefined;

/** The highest unsigned numbers of 16 and 32 bits. */
const [PORT, UINT32] = [0xffff, 0xffffffff];

const isUnsigned = (text: string, most: number) => /^\d+$/.test(text) && Number(text) <= most;

/** Go reads an empty text as an empty list. */
const listOf = (isItem: (item: string) => boolean, items: string, wildcard?: string): Test => value => (
  value === wildcard || value === '' || value.split(',').every(isItem) ? undefined
    : `must be ${wildcard === undefined ? '' : `${wildcard} or `}a comma-separated list of ${items}`);

const isPort = (text: string) => isUnsigned(text.trim(), PORT);
const ports = (wildcard?: string): Test => value => (value.trim() === '' ? undefined : listOf(isPort, `port numbers from 0 to ${PORT}`, wildcard)(value));
const blocks = (wildcard?: string) => listOf(isCidr, 'CIDR blocks without spaces', wildcard);
const interfaces = listOf(item => /^[a-zA-Z][a-zA-Z0-9_.-]{0,14}$/.test(item.trim()), 'names of network interfaces');
const seconds: Test = value => (isUnsigned(value, UINT32) ? undefined : 'must be a whole number, 0 or more, without a unit');
const port: Test = value => (isPort(value) ? undefined : `must be a port number from 0 to ${PORT}`);
const mode: Test = value => (['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : 'must be REDIRECT, TPROXY or NONE');
const boolean: Test = value => (/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value) ? undefined : 'must be true or false');
const quantity: Test = value => (value === value.trim() && isQuantity(value) ? undefined : 'must be a quantity, such as 100m or 128Mi');

/** The annotations that the injector validates. */
const TESTS: ReadonlyMap<string, Test> = new Map([
  ['istio.io/reroute-virtual-interfaces', interfaces],
  ['prometheus.istio.io/merge-metrics', boolean],
  ['proxy.istio.io/config', faultOfProxyConfig],
  ['readiness.status.sidecar.istio.io/failureThreshold', seconds],
  ['readiness.status.sidecar.istio.io/initialDelaySeconds', seconds],
  ['readiness.status.sidecar.istio.io/periodSeconds', seconds],
  ['sidecar.istio.io/interceptionMode', mode],
  ['sidecar.istio.io/proxyCPU', quantity],
  ['sidecar.istio.io/proxyCPULimit', quantity],
  ['sidecar.istio.io/proxyMemory', quantity],
  ['sidecar.istio.io/proxyMemoryLimit', quantity],
  ['status.sidecar.istio.io/port', port],
  ['traffic.sidecar.istio.io/excludeInboundPorts', ports()],
  ['traffic.sidecar.istio.io/excludeInterfaces', interfaces],
  ['traffic.sidecar.istio.io/excludeOutboundIPRanges', blocks()],
  ['traffic.sidecar.istio.io/excludeOutboundPorts', ports()],
  ['traffic.sidecar.istio.io/includeInboundPorts', ports('*')],
  ['traffic.sidecar.istio.io/includeOutboundIPRanges', blocks('*')],
  ['traffic.sidecar.istio.io/kubevirtInterfaces', interfaces],
]);

/** What the injector expects of the value of an annotation; nothing if it accepts the value. */
export function faultOfPodAnnotation(key: string, value: string): string | undefined {
  return TESTS.get(key)?.(value);
}

/** Of the fields only those of the road to a gateway are read. */
function faultOfProxyConfig(value: string): string | undefined {
  let config: unknown;
  try {
    [config] = readDocuments(value, 'proxy.istio.io/config');
  } catch (error) {
    // The injector accepts a key twice.
    return String(error).includes('duplicat') ? undefined : 'must be YAML';
  }
  if (config !== undefined && config !== null && (typeof config !== 'object' || Array.isArray(config))) {
    return 'must be a map in YAML, such as "gatewayTopology: { numTrustedProxies: 1 }"';
  }
  const { gatewayTopology } = asObject(config);
  const { numTrustedProxies: proxies } = asObject(gatewayTopology);
  return proxies === undefined || proxies === null || isUnsigned(String(proxies), UINT32) ? undefined
    : `must have a whole number, 0 or more, in gatewayTopology.numTrustedProxies, and has ${JSON.stringify(proxies)}`;
}
