// Listeners of the Network Load Balancer of a Service (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_listener.go).
import type { NlbAction } from '../../base/nlb-annotations/listener';
import { groupBy } from '../../base/multimap';
import type { Manifest } from '../../manifests/manifest';
import { toAttributes } from '../attributes';
import type { ForwardTarget, Listener, RuleAction } from '../load-balancer';
import { type PlanEvent, Refusal } from '../refusal';
import { findPort, portsOf, type ServicePort } from '../services';
import type { ServiceBuild } from './service-build';
import type { ServiceTargetGroups } from './service-target-groups';

/** A port of the Service, with its place. */
interface Place extends ServicePort {
  readonly pointer: string;
}

/** The listeners, and the ports that get none. */
export interface ServiceListeners {
  readonly listeners: readonly Listener[];
  readonly ignored: readonly PlanEvent[];
}

/** One listener for each number; what is wrong with the other ports of a number is refused all the same. @throws Refusal for what the controller refuses */
export function listenersOf(build: ServiceBuild, targetGroups: ServiceTargetGroups): ServiceListeners {
  const { settings, manifest } = build;
  const ports = portsOf(manifest).map((port, index): Place => ({ ...port, pointer: `/spec/ports/${index}` }));
  const unused = (settings.get('tlsPorts') ?? []).filter(wanted => !ports.some(port => isPort(port, [wanted])));
  const joins = settings.readable('enableTcpUdpListener') ?? build.isOn('EnableTCPUDPListener');
  const listeners = [...groupBy(ports, ({ port }) => port).values()].map(([first, ...others]) => {
    const isJoined = joins && others.length > 0;
    if (isJoined) {
      requireTcpAndUdp(build, [first, ...others]);
    }
    const [listener] = (isJoined ? [first] : [first, ...others]).map(port => listenerOf(build, targetGroups, port, isJoined));
    return { listener, first, others: isJoined ? [] : others };
  });
  if (unused.length > 0) {
    throw settings.refusal('tlsPorts', `must be ports of the Service; got ${unused.join(', ')}`);
  }
  return {
    listeners: listeners.map(({ listener }) => listener).sort((a, b) => a.port - b.port),
    ignored: listeners.flatMap(({ listener, first, others }): PlanEvent[] => [
      ...first.protocol === 'SCTP' ? [ignored(manifest, first.pointer, `AWS refuses the target group of port ${listener.port}: `
        + 'load balancers have no protocol SCTP. The controller opens no port of the targets for it, either')] : [],
      // A second resource of one id is not added, and nobody looks at the error (pkg/model/core/stack.go:64).
      ...others.map(other => ignored(manifest, other.pointer, `the load balancer does not listen to ${other.protocol} on port ${listener.port}, `
        + 'because an earlier port of the Service has the same number')),
    ]),
  };
}

function ignored(manifest: Manifest, pointer: string, reason: string): PlanEvent {
  return { severity: 'ignored', manifest, pointer, reason, reach: 'rule' };
}

/** Whether a list names a port, by name or number. */
function isPort({ name, port }: ServicePort, wanted: readonly string[]): boolean {
  return wanted.includes(String(port)) || (name !== undefined && wanted.includes(name));
}

function requireTcpAndUdp({ manifest }: ServiceBuild, ports: readonly Place[]): void {
  const protocols = ports.map(({ protocol }) => protocol).sort().join(', ');
  if (protocols !== 'TCP, UDP') {
    throw new Refusal(manifest, ports[1].pointer, `ports with one number must be one of TCP and one of UDP to share a listener; got ${protocols}`);
  }
}

/** The protocols of a listener and its target group (:116). */
function protocolsOf(build: ServiceBuild, port: Place, isJoined: boolean): { readonly listener: string; readonly target: string } {
  const { settings, manifest } = build;
  const base = isJoined ? 'TCP_UDP' : port.protocol;
  const tlsPorts = settings.get('tlsPorts') ?? [];
  const isTls = !base.endsWith('UDP') && (settings.get('certificateArns') ?? []).length > 0 && (tlsPorts.length === 0 || isPort(port, tlsPorts));
  const [listener, target] = isTls ? ['TLS', settings.get('backendProtocol') === 'ssl' ? 'TLS' : base] : [base, base];
  if (!isPort(port, settings.get('quicPorts') ?? [])) {
    return { listener, target };
  }
  if (listener !== 'UDP' && listener !== 'TCP_UDP') {
    throw new Refusal(manifest, settings.pointer('quicPorts'), `port ${port.port} must be UDP or TCP_UDP for QUIC; it is ${listener}`);
  }
  const quic = listener === 'UDP' ? 'QUIC' : 'TCP_QUIC';
  return { listener: quic, target: quic };
}

function listenerOf(build: ServiceBuild, targetGroups: ServiceTargetGroups, port: Place, isJoined: boolean): Listener {
  const { settings, tags, options } = build;
  const protocols = protocolsOf(build, port, isJoined);
  const name = `${protocols.listener}-${port.port}`;
  const action = settings.named('actions', name) as NlbAction | undefined;
  const own = { targetGroup: targetGroups.idOf(build.manifest, port, protocols.target, port.pointer) };
  const isTls = protocols.listener === 'TLS';
  return {
    port: port.port,
    protocol: protocols.listener,
    certificates: isTls ? (settings.get('certificateArns') ?? []).map(certificateARN => ({ certificateARN })) : [],
    sslPolicy: isTls ? settings.get('sslPolicy') ?? options.defaultSslPolicy : undefined,
    alpnPolicy: isTls ? settings.get('alpnPolicy') : undefined,
    attributes: toAttributes(settings.named('listenerAttributes', name) as Readonly<Record<string, string>> | undefined),
    tags,
    defaultActions: [action
      ? weighted(build, targetGroups, action, own, protocols.listener, name) : { type: 'forward', forwardConfig: { targetGroups: [own] } }],
    rules: [],
  };
}

/** The Service and the target groups that share its listener (pkg/service/model_build_target_group.go:31). */
function weighted(build: ServiceBuild, targetGroups: ServiceTargetGroups, action: NlbAction, own: ForwardTarget, protocol: string, name: string): RuleAction {
  const { settings, references, namespace } = build;
  const refuse = (reason: string) => settings.refusal('actions', reason, name);
  const { forwardConfig } = action;
  if (!forwardConfig) {
    throw refuse('needs forwardConfig');
  }
  const { baseServiceWeight, targetGroups: tuples = [], targetGroupStickinessConfig } = forwardConfig;
  const others = tuples.map(({ serviceName, servicePort, targetGroupARN, decrypt, weight }): ForwardTarget => {
    if ((serviceName === undefined) === (targetGroupARN === undefined) || (serviceName !== undefined && servicePort === undefined)) {
      throw refuse('each target group needs either targetGroupARN, or serviceName and servicePort');
    }
    if ((weight === undefined && tuples.length > 1) || (weight !== undefined && (weight < 0 || weight > 999))) {
      throw refuse('each target group needs a weight from 0 to 999');
    }
    const weightOf = weight === undefined ? {} : { weight };
    if (serviceName === undefined) {
      return { targetGroupARN, ...weightOf };
    }
    const service = references.service(namespace, serviceName);
    if (!service && references.elsewhere.mayHaveService(serviceName, namespace)) {
      build.note(`the target group of Service ${namespace}/${serviceName}: the input has no such Service`);
      return { targetGroup: `${namespace}/${serviceName}:${servicePort}`, ...weightOf };
    }
    const found = service && findPort(service, servicePort!);
    if (!service || !found) {
      throw refuse(service ? `Service ${namespace}/${serviceName} has no port ${servicePort}` : `Service ${namespace}/${serviceName} does not exist`);
    }
    const target = protocol === 'TLS' && decrypt === true ? 'TCP' : protocol;
    return { targetGroup: targetGroups.idOf(service, found, target, settings.pointer('actions', name)), ...weightOf };
  });
  const base = baseServiceWeight === undefined ? own : { ...own, weight: baseServiceWeight };
  const enabled = targetGroupStickinessConfig?.enabled;
  return {
    type: 'forward',
    forwardConfig: {
      targetGroups: [base, ...others],
      ...targetGroupStickinessConfig ? { targetGroupStickinessConfig: enabled === undefined ? {} : { enabled } } : {},
    },
  };
}
