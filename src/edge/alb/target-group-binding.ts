// Registers targets in an existing target group, created by Terraform, CloudFormation or the AWS CDK.
// Facts: AWS Load Balancer Controller 3.5.0, apis/elbv2/v1beta1 and webhooks/elbv2/targetgroupbinding_validator.go.
// EKS Auto Mode: EKS user guide, pages auto-configure-alb and auto-configure-nlb (2024-12 to 2025-08).
import type { ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import {
  TargetGroupBinding as Binding, type TargetGroupBindingSpecNetworking, type TargetGroupBindingSpecNetworkingIngressFrom,
  TargetGroupBindingSpecNetworkingIngressPortsPort as Port, TargetGroupBindingSpecNetworkingIngressPortsProtocol as Protocol,
  TargetGroupBindingSpecServiceRefPort, type TargetGroupBindingSpecTargetType,
} from '../../../imports/elbv2/elbv2.k8s.aws';
import { TargetType } from '../../base/alb-annotations/words';
import { AlbController } from '../../base/alb-annotations/controller';
import { TARGET_GROUP_ARN } from '../../base/aws-ids';
import { InvalidProps } from '../../base/errors';
import { ANY_HOST } from '../../base/host';
import { AWS_CIDR } from '../../base/ip';
import { requireDnsSubdomain } from '../../base/kubernetes-name';
import { recommendedLabels } from '../../base/labels';
import { requirePort } from '../../base/number';
import { requireProps, STRING } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { registerPassedHosts } from '../../base/passed-hosts';
import { AUTO_MODE_API } from './auto-mode';
import { type IAlbBackend } from '../listener/backend';
import { PlainObject } from '../wire/plain-object';

/** Who may open connections to the targets. */
export class TargetGroupSource {
  /**
   * Members of a security group, such as the load balancer.
   *
   * @throws InvalidProps if the value is not a security group id
   */
  public static securityGroup(groupId: string): TargetGroupSource {
    if (!/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/.test(requireProps(STRING, groupId, '', 'groupId'))) {
      throw InvalidProps.value('groupId', groupId, 'must be the id of a security group: sg- and 8 or 17 hexadecimal digits');
    }
    return new TargetGroupSource({ securityGroup: { groupId } });
  }

  /**
   * IPv4 or IPv6 addresses.
   *
   * @throws InvalidProps if the value is not a CIDR block
   */
  public static cidr(cidr: string): TargetGroupSource {
    if (!AWS_CIDR.test(requireProps(STRING, cidr, '', 'cidr'))) {
      throw InvalidProps.value('cidr', cidr, 'must be a CIDR block such as 10.0.0.0/16');
    }
    return new TargetGroupSource({ ipBlock: { cidr } });
  }

  private constructor(private readonly from: TargetGroupBindingSpecNetworkingIngressFrom) {}

  /** @internal */
  public _render(): TargetGroupBindingSpecNetworkingIngressFrom {
    return this.from;
  }
}

/** Props of a `TargetGroupBinding`. */
export interface TargetGroupBindingProps {
  /**
   * The controller that registers the targets. EKS Auto Mode has bindings of API group eks.amazonaws.com; the EKS user guide (2025-08) does not say
   * whether it supports target groups that it did not create.
   *
   * @default AlbController.AWS_LOAD_BALANCER_CONTROLLER
   */
  readonly controller?: AlbController;

  /** ARN of the target group. Immutable: for another target group, use another name. */
  readonly targetGroupArn: string;

  /**
   * The Service whose pods or nodes become targets. Set protocol, health check and deregistration delay of the backend where you create
   * the target group; the binding does not set them.
   */
  readonly backend: IAlbBackend;

  /**
   * Target type of the target group. Immutable.
   *
   * @default - the best one of the backend
   */
  readonly targetType?: TargetType;

  /**
   * Who may reach the targets. The controller manages rules for them in the targets' security groups. Rejected with EKS Auto Mode, which does not
   * support sources.
   *
   * @default - the controller does not change any security group
   */
  readonly allowFrom?: TargetGroupSource[];

  /**
   * Target ports that `allowFrom` opens, on pods or nodes. Include the health check port.
   *
   * @default - all TCP ports
   */
  readonly allowedPorts?: number[];

  /**
   * Name of the TargetGroupBinding. If the targets are pods, the backend's namespace needs the readiness gate label.
   *
   * @default - the name of the backend's Service
   */
  readonly bindingName?: string;
}

/** Registers the pods or nodes of a Service in an existing target group. */
export class TargetGroupBinding extends Construct {
  /** Name of the TargetGroupBinding. */
  public readonly bindingName: string;

  /** @throws InvalidProps for a value that AWS or the controller would refuse, or that cannot work with the backend */
  public constructor(scope: Construct, id: string, props: TargetGroupBindingProps) {
    super(requireChartScopeAndId(scope, id), id);
    const { backend } = requireProps('TargetGroupBindingProps', props, this.node.path);
    this.bindingName = requireDnsSubdomain('bindingName', props.bindingName ?? backend.backendService, this.node.path);
    if (!TARGET_GROUP_ARN.test(props.targetGroupArn)) {
      throw InvalidProps.value('targetGroupArn', props.targetGroupArn, 'must be the ARN of a target group', this.node.path);
    }
    // What the load balancer of the target group passes is not known here.
    registerPassedHosts(this, `${backend.backendNamespace}/${backend.backendService}`, [ANY_HOST]);
    const binding = Binding.manifest({
      metadata: { name: this.bindingName, namespace: backend.backendNamespace, labels: recommendedLabels(this.bindingName, 'alb') },
      spec: {
        targetGroupArn: props.targetGroupArn,
        targetType: this.targetType(props) as unknown as TargetGroupBindingSpecTargetType,
        serviceRef: { name: backend.backendService, port: TargetGroupBindingSpecServiceRefPort.fromNumber(backend.backendPort) },
        networking: this.networking(props),
      },
    }) as ApiObjectProps;
    const { group, version } = AUTO_MODE_API;
    new PlainObject(this, 'Resource', isAutoMode(props) ? { ...binding, apiVersion: `${group}/${version}` } : binding);
  }

  private targetType({ backend, targetType }: TargetGroupBindingProps): TargetType {
    if (backend.targetTypes.length === 0) {
      throw InvalidProps.conflict('backend', backend.backendService, 'cannot be behind an ALB: it has its own Network Load Balancer', this.node.path);
    }
    const chosen = targetType ?? backend.targetTypes[0];
    if (!backend.targetTypes.includes(chosen)) {
      throw InvalidProps.value('targetType', chosen,
        `must be ${backend.targetTypes.join(' or ')}, which the backend's Service supports`, this.node.path);
    }
    return chosen;
  }

  private networking(props: TargetGroupBindingProps): TargetGroupBindingSpecNetworking | undefined {
    const { allowFrom, allowedPorts } = props;
    if (allowFrom !== undefined && isAutoMode(props)) {
      throw InvalidProps.conflict('allowFrom', allowFrom,
        'cannot be set, because EKS Auto Mode does not support sources in networking.ingress', this.node.path);
    }
    if (allowFrom === undefined) {
      if (allowedPorts !== undefined) {
        throw InvalidProps.conflict('allowedPorts', allowedPorts, 'cannot be set without allowFrom', this.node.path);
      }
      return undefined;
    }
    for (const [prop, list] of Object.entries({ allowFrom, allowedPorts })) {
      if (list?.length === 0) {
        throw InvalidProps.value(prop, list, 'must have at least one entry', this.node.path);
      }
    }
    const ports = allowedPorts?.map((port, index) => ({
      port: Port.fromNumber(requirePort(`allowedPorts[${index}]`, port, this.node.path)), protocol: Protocol.TCP,
    }));
    return { ingress: [{ from: allowFrom.map(source => source._render()), ports: ports ?? [{ protocol: Protocol.TCP }] }] };
  }
}

function isAutoMode({ controller }: TargetGroupBindingProps): boolean {
  return controller === AlbController.EKS_AUTO_MODE;
}
