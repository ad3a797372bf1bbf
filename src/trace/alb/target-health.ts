// Health checks of target groups: whether they can succeed. A load balancer whose targets are all unhealthy sends requests to all of them
// (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html), so this ends no request; it holds up rollouts,
// and one healthy target gets all requests.
import { namespacedName } from '../../base/kubernetes-name';
import type { Endpoint } from '../../mesh/objects/endpoints';
import { AGENT_PORTS, STATUS_PORT } from '../../mesh/listeners';
import type { Mesh } from '../../mesh/mesh';
import type { Service } from '../../mesh/objects/services';
import type { Workload } from '../../mesh/objects/workloads';
import type { HealthCheck, TargetGroup } from '../../plan/load-balancer';
import { portsOf } from '../../plan/services';
import { wordsOf } from '../hops/trace-end';
import { walk } from '../walk';

/** Why a health check can never succeed. */
export interface HealthFault {
  readonly message: string;
  /** The setting at fault, by its annotation. */
  readonly setting: HealthSetting;
}

type HealthSetting = 'healthcheck-path' | 'healthcheck-port' | 'healthcheck-protocol';

/** Why the health check of a target can never succeed; nothing if it may. */
export function healthFault(
  mesh: Mesh, { healthCheck, targetType }: Pick<TargetGroup, 'healthCheck' | 'targetType'>, service: Service, { workload, port }: Endpoint,
): HealthFault | undefined {
  const { port: written } = healthCheck;
  const checked = written === 'traffic-port' ? port : targetType === 'instance' ? podPortOf(service, written, workload) : written;
  const fault = checked === undefined ? nodePortFault(mesh, service, written as number)
    : pathFault(healthCheck) ?? (workload === undefined || AGENT_PORTS.includes(checked) ? undefined
      : workload.proxy === 'router' ? gatewayFault(mesh, workload, healthCheck, checked) : podFault(mesh, workload, healthCheck, checked));
  return fault && { message: `the health check ${checkText(healthCheck, checked ?? written)} never succeeds: ${fault.reason}`, setting: fault.setting };
}

interface Fault {
  readonly reason: string;
  readonly setting: HealthSetting;
}

/** Node ports that Kubernetes assigns unless the API server is told otherwise. */
const NODE_PORTS = { first: 30_000, last: 32_767 } as const;

/** Why nothing answers on a port of the nodes that is no node port of the Service. Other Services and pods on the network of the node may. */
function nodePortFault({ services }: Mesh, service: Service, port: number): Fault | undefined {
  const own = portsOf(service.manifest).map(({ nodePort }) => nodePort);
  // The number is 0 for the name of a port whose node port the cluster has still to assign.
  const isAssigned = port === 0 || (port >= NODE_PORTS.first && port <= NODE_PORTS.last);
  const known = own.filter(nodePort => nodePort !== undefined);
  const isKnown = !isAssigned || (known.length === own.length && !services.all.some(other => (
    other.registry === 'kubernetes' && portsOf(other.manifest).some(({ nodePort }) => nodePort === port))));
  const reason = `${port} is no node port of Service ${namespacedName(service)}${known.length === 0 ? '' : ` (${known.join(', ')})`}`;
  return isKnown ? { reason, setting: 'healthcheck-port' } : undefined;
}

function checkText({ protocol, path }: HealthCheck, port: number | 'traffic-port'): string {
  return `${protocol}:${port}${path === undefined || path.startsWith('/') ? path ?? '' : ` ${path}`}`;
}

/** AWS refuses to make the target group. The controller does not look at the path, nor does it use it for a check by TCP. */
function pathFault({ protocol, path = '/' }: HealthCheck): Fault | undefined {
  return path.startsWith('/') || protocol === 'TCP' ? undefined
    : { reason: `AWS refuses the path ${path}, because it does not start with a slash: /${path}`, setting: 'healthcheck-path' };
}

/** The pod's port behind a node port. */
function podPortOf({ manifest }: Service, nodePort: number, workload: Workload | undefined): number | undefined {
  const target = portsOf(manifest).find(own => own.nodePort === nodePort)?.targetPort;
  return typeof target === 'string' ? workload?.portsByName.get(target) : target;
}

function podFault(mesh: Mesh, workload: Workload, { protocol }: HealthCheck, port: number): Fault | undefined {
  const isStrict = workload.proxy === 'sidecar' && mesh.peerAuthentications.demandOf(workload, port).mode === 'STRICT' && port !== STATUS_PORT;
  return isStrict && protocol !== 'TCP'
    ? { reason: 'the sidecar demands mTLS of the mesh, which a load balancer does not speak', setting: 'healthcheck-port' } : undefined;
}

function gatewayFault(mesh: Mesh, workload: Workload, { protocol, path = '/', matcher }: HealthCheck, port: number): Fault | undefined {
  if (port === STATUS_PORT) {
    if (matcher?.grpcCode !== undefined) {
      return { reason: 'port 15021 does not speak gRPC', setting: 'healthcheck-port' };
    }
    const isUnknown = protocol === 'HTTP' && !path.startsWith('/healthz/ready') && !accepts(matcher, 404);
    return protocol === 'HTTPS' || protocol === 'TLS' ? { reason: 'port 15021 speaks plaintext', setting: 'healthcheck-protocol' }
      : isUnknown ? { reason: 'port 15021 answers 404 to all paths but /healthz/ready', setting: 'healthcheck-path' } : undefined;
  }
  const gateway = mesh.gateway(workload);
  if (gateway.listenerOn(port) === undefined) {
    return workload.isAssumed === true ? undefined : { reason: `nothing listens on port ${port} of the gateway`, setting: 'healthcheck-port' };
  }
  if (protocol === 'TCP' || matcher?.grpcCode !== undefined) {
    return undefined;
  }
  const { ends: [end], uncertain, unmodelled } = walk(mesh, {
    entry: { gateway: namespacedName(workload) }, scheme: protocol === 'HTTPS' ? 'https' : 'http', port, podPort: port, serverName: '',
    method: 'GET', authority: '192.0.2.1', target: path, headers: {}, version: 'HTTP/1.1',
  });
  const isServed = end === undefined || end.is === 'passthrough' || (end.is === 'cluster' && end.status === undefined);
  if (isServed || uncertain !== undefined || unmodelled !== undefined) {
    return undefined;
  }
  const { status } = end;
  return status === undefined
    ? { reason: `the gateway closes the connection${end.is === 'refused' ? ` (${wordsOf(end.reason)})` : ''}`, setting: 'healthcheck-protocol' }
    : accepts(matcher, status) ? undefined : { reason: `the gateway answers ${status}`, setting: 'healthcheck-path' };
}

/** Whether a matcher such as `200,301` or `200-399` accepts a status; 200 without one. */
function accepts(matcher: HealthCheck['matcher'], status: number): boolean {
  return (matcher?.httpCode ?? '200').split(',').some(entry => {
    const [low, high = low] = entry.split('-').map(Number);
    return low <= status && status <= high;
  });
}
