// Target groups: one for each Ingress, Service and port as written (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_target_group.go).
import type { AlbSettings } from '../../base/alb-annotations/annotations';
import { type Manifest, nameOf } from '../../manifests/manifest';
import { type Build, classField } from './build';
import type { Member } from './groups';
import type { From, HealthCheck, OpenedPort, TargetGroup } from '../load-balancer';
import { generatedName, hashOf, UNKNOWN_NAMES } from '../names';
import { type Cause, PREVENTABLE, Refusal } from '../refusal';
import { findPort, hasNodePorts, hasUnknownPorts, healthCheckPort, isIpv6, type ServicePort, uidOf } from '../services';
import { toAttributes } from '../attributes';
import { type Settings } from '../settings';
import { readTags } from './tags';

/** A Service and port that an Ingress sends to. */
export interface Target {
  readonly member: Member;
  /** Absent if the input lacks it. */
  readonly service?: Manifest;
  readonly serviceName: string;
  /** As written: a number or a name. */
  readonly port: number | string;
  readonly from: From;
}

/** A setting of a target group: the Service's value replaces the Ingress's. */
export class TargetSettings {
  public constructor(private readonly ingress: Settings, private readonly service: Settings) {}

  public get<P extends keyof AlbSettings>(prop: P): AlbSettings[P] {
    return this.ingress.isHidden(prop) ? undefined as AlbSettings[P] : this.service.has(prop) ? this.service.get(prop) : this.ingress.get(prop);
  }

  /** Whether the value that decides cannot be read. */
  public isUnreadable(prop: keyof AlbSettings): boolean {
    return (this.service.has(prop) ? this.service : this.ingress).unreadable(prop) !== undefined;
  }

  public refusal(prop: keyof AlbSettings, reason: string, cause?: Cause): Refusal {
    return (this.service.has(prop) ? this.service : this.ingress).refusal(prop, reason, undefined, cause);
  }

  /** Where a setting is, or could be. */
  public placeOf(prop: keyof AlbSettings): From {
    const own = [this.service, this.ingress].find(settings => settings.has(prop));
    return own === undefined ? { manifest: this.ingress.manifest, pointer: '/metadata/annotations' } : { manifest: own.manifest, pointer: own.pointer(prop) };
  }
}

/** The target groups of a load balancer, made on first use. */
export class TargetGroups {
  public readonly made = new Map<string, TargetGroup>();
  /** What a survey found wrong with a Service or its port, by the id of the target group. */
  private readonly faults = new Map<string, Refusal>();

  /** @param securityGroup the group that targets are opened to, if the controller opens them */
  public constructor(private readonly build: Build, private readonly isDualStack: boolean, private readonly securityGroup: string | undefined) {}

  /** The id of the target group. @throws Refusal if the controller cannot build it */
  public idOf(target: Target): string {
    const { member, serviceName, port } = target;
    const id = `${member.id}-${serviceName}:${port}`;
    const { service } = target;
    if (!service) {
      this.build.note(`target group ${id}: the input has no Service ${member.namespace}/${serviceName}`);
      this.reportMissing(id, target);
    } else if (!this.made.has(id)) {
      this.made.set(id, this.make(id, { ...target, service }));
    }
    return id;
  }

  /** Reports the fault of a backend again, for another path of a survey that has the same. */
  public repeat(member: Member, serviceName: string, port: number | string, { manifest, pointer }: From): void {
    const fault = this.faults.size === 0 ? undefined : this.faults.get(`${member.id}-${serviceName}:${port}`);
    if (fault && fault.pointer !== pointer) {
      this.build.refusals.report(new Refusal(manifest, pointer, fault.reason, fault.cause));
    }
  }

  /** In a plan, a Service that the input lacks is only unknown. */
  private reportMissing(id: string, { member: { namespace }, serviceName: name, from }: Target): void {
    if (this.build.refusals.areCollected && !this.build.references.isAmbiguous(namespace, name)) {
      this.report(id, new Refusal(from.manifest, from.pointer, `Service ${namespace}/${name} is not in the input`, { is: 'missing-service', namespace, name }));
    }
  }

  private report(id: string, refusal: Refusal): void {
    this.faults.set(id, refusal);
    this.build.refusals.report(refusal);
  }

  private make(id: string, { member, service, serviceName, port, from }: Target & { readonly service: Manifest }): TargetGroup {
    const { build } = this;
    const own = build.references.settingsOf(service);
    const settings = new TargetSettings(member.settings, own);
    const found = findPort(service, port);
    if (!found) {
      const isUnknown = hasUnknownPorts(service) || port === 0 || port === '';
      const cause: Cause | undefined = isUnknown ? undefined : { is: 'missing-port', service, port };
      this.report(id, new Refusal(from.manifest, from.pointer, `Service ${member.namespace}/${serviceName} has no port ${port}`, cause));
    }
    const targetType = this.targetTypeOf(member, settings);
    const protocol = this.wordOf(settings, 'backendProtocol', 'HTTP');
    const protocolVersion = this.wordOf(settings, 'backendProtocolVersion', 'HTTP1');
    const number = found ? this.portNumber(found, targetType, service, { member, settings, from }) : 0;
    const ipv6 = isIpv6(service);
    if (ipv6 && !this.isDualStack) {
      build.refusals.report(
        new Refusal(from.manifest, from.pointer, `Service ${member.namespace}/${serviceName} has IPv6 addresses, and the load balancer is not dualstack`,
          build.unlessOthersDiffer()));
    }
    const controlPort = this.controlPortOf(member, own, serviceName, port, targetType);
    const healthCheck = this.healthCheckOf(member, settings, service, targetType, protocol, protocolVersion);
    const multiCluster = [member.settings, own].some(one => one.get('multiClusterTargetGroup') === true);
    const nodeLabels = targetType === 'instance' ? settings.get('targetNodeLabels') : undefined;
    const { clusterName } = build.options;
    const uid = uidOf(service);
    if (uid === undefined || clusterName === undefined) {
      build.note(UNKNOWN_NAMES);
    }
    const hash = build.refusals.areCollected ? '' : hashOf([
      clusterName, build.group.id, member.namespace, member.name, uid, String(port), String(number), targetType, protocol, protocolVersion,
      ...controlPort === undefined ? [] : [String(controlPort)],
    ]);
    return {
      id,
      name: generatedName(member.namespace, serviceName, hash),
      port: number,
      protocol,
      protocolVersion,
      targetType,
      ipAddressType: ipv6 ? 'ipv6' : 'ipv4',
      healthCheck,
      attributes: toAttributes(settings.get('targetGroupAttributes')),
      controlPort,
      tags: build.withDefaultTags(readTags(member, build, own)),
      service: { namespace: member.namespace, name: serviceName, port },
      nodeSelector: nodeLabels && Object.keys(nodeLabels).length > 0 ? nodeLabels : undefined,
      multiCluster,
      opened: this.openedPorts(targetType === 'instance' ? number : found?.targetPort ?? 0, healthCheck.port, controlPort),
      from,
    };
  }

  private targetTypeOf(member: Member, settings: TargetSettings): string {
    // After an unreadable type a survey goes on with the type that requires least of a Service.
    const type = classField(member, 'targetType') ?? settings.get('targetType')
      ?? (settings.isUnreadable('targetType') ? 'ip' : this.build.options.defaultTargetType);
    if (type === 'ip' && !this.build.isOn('EnableIPTargetType')) {
      this.build.refusals.report(settings.refusal('targetType', 'cannot be ip: feature gate EnableIPTargetType is off'));
    }
    if (type !== 'instance' && type !== 'ip') {
      this.build.refusals.report(new Refusal(member.params!.manifest, '/spec/targetType', `must be instance or ip; got ${type}`));
    }
    return type;
  }

  /** The node port, or the target port; 1 for a named target port, which AWS never uses. */
  private portNumber(
    port: ServicePort, targetType: string, service: Manifest, { member, settings, from }: { member: Member; settings: TargetSettings; from: From },
  ): number {
    if (targetType === 'ip') {
      return typeof port.targetPort === 'number' ? port.targetPort : 1;
    }
    const serviceName = nameOf(service);
    if (port.nodePort === undefined && !hasNodePorts(service)) {
      const { params } = member;
      const isOfClass = params !== undefined && classField(member, 'targetType') !== undefined;
      const place = isOfClass ? { manifest: params.manifest, pointer: '/spec/targetType' } : settings.placeOf('targetType');
      this.build.refusals.report(new Refusal(from.manifest, from.pointer,
        `Service ${serviceName} has no node port, which target type instance needs: it must be of type NodePort or LoadBalancer`,
        this.build.unlessClassDiffers(member) ?? { is: 'no-node-port', service, place }));
    }
    if (port.nodePort === undefined) {
      this.build.note(`the node port of Service ${serviceName}, port ${port.port}: the cluster allocates it`);
    }
    return port.nodePort ?? 0;
  }

  private controlPortOf(member: Member, service: Settings, serviceName: string, port: number | string, targetType: string): number | undefined {
    const name = `${serviceName}.${port}`;
    const controlPort = (service.named('targetControlPorts', name) ?? member.settings.named('targetControlPorts', name)) as number | undefined;
    if (controlPort !== undefined && targetType === 'instance') {
      throw member.settings.refusal('targetControlPorts', 'cannot be set for target type instance', name);
    }
    return controlPort;
  }

  private healthCheckOf(
    member: Member, settings: TargetSettings, service: Manifest, targetType: string, protocol: string, version: string,
  ): HealthCheck {
    const cause = hasUnknownPorts(service) ? PREVENTABLE : this.build.unlessClassDiffers(member);
    const isGrpc = version === 'GRPC';
    const codes = settings.get('successCodes') ?? (isGrpc ? '12' : '200');
    return {
      // pkg/ingress/model_build_target_group.go:385
      port: this.build.refusals.attempt(() => {
        const written = settings.get('healthcheckPort') ?? 'traffic-port';
        return healthCheckPort(written, service, targetType, reason => settings.refusal('healthcheckPort', reason, cause));
      }, 'traffic-port'),
      protocol: this.wordOf(settings, 'healthcheckProtocol', protocol),
      path: settings.get('healthcheckPath') ?? (isGrpc ? '/AWS.ALB/healthcheck' : '/'),
      matcher: isGrpc ? { grpcCode: codes } : { httpCode: codes },
      intervalSeconds: settings.get('healthcheckIntervalSeconds') ?? 15,
      timeoutSeconds: settings.get('healthcheckTimeoutSeconds') ?? 5,
      healthyThresholdCount: settings.get('healthyThresholdCount') ?? 2,
      unhealthyThresholdCount: settings.get('unhealthyThresholdCount') ?? 2,
    };
  }

  private wordOf(settings: TargetSettings, prop: keyof typeof WORDS, otherwise: string): string {
    const value = settings.get(prop) ?? otherwise;
    if (!(WORDS[prop] as readonly string[]).includes(value)) {
      this.build.refusals.report(settings.refusal(prop, `must be one of ${WORDS[prop].join(', ')}; got ${value}`));
    }
    return value;
  }

  private openedPorts(target: number | string, healthCheck: number | 'traffic-port', controlPort: number | undefined): OpenedPort[] {
    const { securityGroup: fromSecurityGroup } = this;
    if (fromSecurityGroup === undefined) {
      return [];
    }
    if (this.build.options.disableRestrictedSecurityGroupRules) {
      return [{ fromSecurityGroup, protocol: 'TCP' }];
    }
    const ports = [target, ...healthCheck === 'traffic-port' ? [] : [healthCheck], ...controlPort === undefined ? [] : [controlPort]];
    return ports.map(port => ({ fromSecurityGroup, protocol: 'TCP', port }));
  }
}

const WORDS = {
  backendProtocol: ['HTTP', 'HTTPS'], backendProtocolVersion: ['HTTP1', 'HTTP2', 'GRPC'], healthcheckProtocol: ['HTTP', 'HTTPS'],
} as const;
