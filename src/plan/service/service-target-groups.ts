// Target groups of the Network Load Balancer of a Service (AWS Load Balancer Controller 3.5.0 pkg/service/model_build_target_group.go).
import { IpAddressType } from '../../base/alb-annotations/words';
import { type Manifest, nameOf, namespaceOf, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { toAttributes } from '../attributes';
import type { TargetGroup } from '../load-balancer';
import { generatedName, hashOf } from '../names';
import { Refusal } from '../refusal';
import { hasNodePorts, isIpv6, type ServicePort } from '../services';
import { type Front, openedPorts } from './opened-ports';
import type { ServiceBuild } from './service-build';
import { healthCheckOf } from './service-health-check';

const PROXY_PROTOCOL = 'proxy_protocol_v2.enabled';
const PRESERVE_CLIENT_IP = 'preserve_client_ip.enabled';

/** What Go reads as a boolean. */
const BOOLEAN = /^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/;

/** The target groups of a load balancer, made on first use. Those of other Services follow the annotations of the one that has the load balancer. */
export class ServiceTargetGroups {
  public readonly made = new Map<string, TargetGroup>();

  public constructor(private readonly build: ServiceBuild, private readonly front: Front) {}

  /** The id of the target group of a port. @throws Refusal if the controller cannot build it */
  public idOf(service: Manifest, port: ServicePort, protocol: string, pointer: string): string {
    const id = `${qualifiedNameOf(service)}:${port.port}`;
    if (!this.made.has(id)) {
      this.made.set(id, this.make(id, service, port, protocol, pointer));
    }
    return id;
  }

  private make(id: string, service: Manifest, port: ServicePort, protocol: string, pointer: string): TargetGroup {
    const { build } = this;
    const { settings, options } = build;
    const refuse = (reason: string) => new Refusal(build.manifest, pointer, reason);
    const targetType = this.targetTypeOf(service, port, refuse);
    const healthCheck = healthCheckOf(build, service, targetType);
    const attributes = this.attributesOf(port);
    const number = this.numberOf(service, port, targetType, refuse);
    const ipv6 = isIpv6(service);
    if (ipv6 && this.front.ipAddressType !== String(IpAddressType.DUALSTACK)) {
      throw refuse(`Service ${id} has IPv6 addresses, and the load balancer is not dualstack`);
    }
    const [namespace, name] = [namespaceOf(service), nameOf(service)];
    const base = service === build.manifest ? [] : [build.uidOf(build.manifest)];
    const hash = hashOf([options.clusterName, ...base, build.uidOf(service), number === 0 ? undefined : String(number), String(port.port), targetType, protocol,
      healthCheck.protocol, String(healthCheck.intervalSeconds)]);
    const nodeLabels = targetType === 'instance' ? settings.get('targetNodeLabels') : undefined;
    return {
      id,
      name: generatedName(namespace, name, hash),
      port: number,
      protocol,
      targetType,
      ipAddressType: ipv6 ? 'ipv6' : 'ipv4',
      healthCheck,
      attributes: toAttributes(attributes),
      tags: build.tags,
      service: { namespace, name, port: port.port },
      nodeSelector: nodeLabels && Object.keys(nodeLabels).length > 0 ? nodeLabels : undefined,
      multiCluster: settings.get('multiClusterTargetGroup') ?? false,
      opened: openedPorts(build, this.front, {
        service, protocol, isIpv6: ipv6, port: targetType === 'instance' ? number : port.targetPort, healthCheckPort: healthCheck.port,
        preservesClientIp: PRESERVE_CLIENT_IP in attributes ? /^(1|t)/i.test(attributes[PRESERVE_CLIENT_IP]) : targetType === 'instance',
      }),
      from: { manifest: build.manifest, pointer },
    };
  }

  /** Anything but `ip` is instance (:524). */
  private targetTypeOf(service: Manifest, { nodePort }: ServicePort, refuse: (reason: string) => Refusal): string {
    const { settings, options } = this.build;
    const written = settings.get('targetType') ?? options.defaultTargetType;
    if (written === 'ip' && !this.build.isOn('EnableIPTargetType')) {
      throw settings.refusal('targetType', 'cannot be ip: feature gate EnableIPTargetType is off');
    }
    if (written === 'ip' || settings.get('type') === 'nlb-ip') {
      return 'ip';
    }
    const { type, allocateLoadBalancerNodePorts } = specOf(service);
    if ((type ?? 'ClusterIP') === 'ClusterIP') {
      throw refuse(`target type ${written} needs a Service with node ports; ${nameOf(service)} is of type ClusterIP`);
    }
    if (nodePort === undefined && allocateLoadBalancerNodePorts === false) {
      throw refuse(`target type ${written} needs node ports, which allocateLoadBalancerNodePorts: false turns off`);
    }
    return 'instance';
  }

  /** The node port, 0 if the cluster has still to allocate it, or the target port; 1 for a named target port, which AWS never uses. */
  private numberOf(service: Manifest, { port, nodePort, targetPort }: ServicePort, targetType: string, refuse: (reason: string) => Refusal): number {
    if (targetType === 'ip') {
      return typeof targetPort === 'number' ? targetPort : 1;
    }
    if (nodePort === undefined && !hasNodePorts(service)) {
      throw refuse(`Service ${nameOf(service)} has no node port, which target type instance needs: it must be of type NodePort or LoadBalancer`);
    }
    if (nodePort === undefined) {
      this.build.note(`the node port of Service ${nameOf(service)}, port ${port}: the cluster allocates it`);
    }
    return nodePort ?? 0;
  }

  /** Those of all ports, of this port, and the PROXY protocol, each over the ones before (:327). */
  private attributesOf({ port }: ServicePort): Record<string, string> {
    const { settings } = this.build;
    const ofAll = settings.get('targetGroupAttributes') ?? {};
    const ofPort = (settings.named('portTargetGroupAttributes', String(port)) ?? {}) as Readonly<Record<string, string>>;
    [ofAll, ofPort].forEach((map, index) => {
      if (PRESERVE_CLIENT_IP in map && !BOOLEAN.test(map[PRESERVE_CLIENT_IP])) {
        const reason = `${PRESERVE_CLIENT_IP} must be true or false; got ${map[PRESERVE_CLIENT_IP]}`;
        throw index === 0 ? settings.refusal('targetGroupAttributes', reason) : settings.refusal('portTargetGroupAttributes', reason, String(port));
      }
    });
    const ports = settings.get('proxyProtocolPorts');
    const attributes: Record<string, string> = {
      [PROXY_PROTOCOL]: 'false',
      ...ofAll,
      ...Object.fromEntries(Object.entries(ofPort).filter(([, value]) => value !== '')),
      ...ports ? { [PROXY_PROTOCOL]: String(ports.includes(String(port))) } : {},
      ...settings.get('proxyProtocol') === undefined ? {} : { [PROXY_PROTOCOL]: 'true' },
    };
    return Object.fromEntries(Object.entries(attributes).filter(([key, value]) => key !== PROXY_PROTOCOL || value !== ''));
  }
}
