// The load balancer that comes out of a plan, in the words of the ELBv2 API. It knows nothing of Ingresses, `from` apart.
import type { RuleCondition, RuleTransform } from '../base/alb-annotations/rule';
import type { Manifest } from '../manifests/manifest';

export type { Patterns, Rewrites, RuleCondition, RuleTransform } from '../base/alb-annotations/rule';

/** Where something in the plan comes from. */
export interface From {
  readonly manifest: Manifest;
  readonly pointer: string;
}

/** A key with a value. */
export interface Attribute {
  readonly key: string;
  readonly value: string;
}

/** The value of an attribute. */
export function attributeOf({ attributes }: { readonly attributes: readonly Attribute[] }, key: string): string | undefined {
  return attributes.find(own => own.key === key)?.value;
}

/** A target group of a forward action: one of this load balancer, or an existing one by ARN. */
export interface ForwardTarget {
  /** Id of a target group of the plan, such as `shop/web-web:80`. */
  readonly targetGroup?: string;
  readonly targetGroupARN?: string;
  /** Name of an existing target group whose ARN is not known. */
  readonly targetGroupName?: string;
  readonly weight?: number;
}

/** What identifies a target group of a forward action. */
export function targetName({ targetGroup, targetGroupARN, targetGroupName }: ForwardTarget): string {
  return targetGroup ?? targetGroupARN ?? targetGroupName ?? '';
}

/** Parts of a redirect; what is unset keeps the request's own. */
export interface RedirectConfig {
  readonly host?: string;
  readonly path?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly query?: string;
  readonly statusCode: string;
}

/** An action of a listener or a rule. */
export interface RuleAction {
  readonly type: 'forward' | 'redirect' | 'fixed-response' | 'authenticate-cognito' | 'authenticate-oidc' | 'jwt-validation';
  readonly forwardConfig?: {
    readonly targetGroups: readonly ForwardTarget[];
    readonly targetGroupStickinessConfig?: { readonly enabled?: boolean; readonly durationSeconds?: number };
  };
  readonly redirectConfig?: RedirectConfig;
  readonly fixedResponseConfig?: { readonly contentType?: string; readonly messageBody?: string; readonly statusCode: string };
  readonly authenticateCognitoConfig?: { readonly [field: string]: unknown };
  readonly authenticateOIDCConfig?: { readonly [field: string]: unknown };
  readonly jwtValidationConfig?: { readonly [field: string]: unknown };
}

/** A rule of a listener. */
export interface ListenerRule {
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly RuleAction[];
  readonly transforms?: readonly RuleTransform[];
  readonly tags: { readonly [key: string]: string };
  readonly from: From;
}

/** A certificate: an ARN, one that the controller creates, or those that AWS has for a host. */
export interface Certificate {
  readonly certificateARN?: string;
  /** Id of a certificate that the controller creates. */
  readonly created?: string;
  /** Host whose issued ACM certificates are attached. */
  readonly discoveredFor?: string;
}

/** The name of a certificate in a sentence or a list. */
export function certificateName({ certificateARN, created, discoveredFor }: Certificate): string {
  return certificateARN ?? (discoveredFor === undefined ? `created ${created}` : `those of ACM for ${discoveredFor}`);
}

/** What a listener does with client certificates. */
export interface MutualAuthentication {
  readonly mode: string;
  readonly trustStoreArn?: string;
  readonly ignoreClientCertificateExpiry?: boolean;
  readonly advertiseTrustStoreCaNames?: string;
}

/** A listener. */
export interface Listener {
  readonly port: number;
  readonly protocol: string;
  /** The first is the default certificate. */
  readonly certificates: readonly Certificate[];
  readonly sslPolicy?: string;
  /** Of a TLS listener of a Network Load Balancer. */
  readonly alpnPolicy?: string;
  readonly mutualAuthentication?: MutualAuthentication;
  readonly attributes: readonly Attribute[];
  readonly tags: { readonly [key: string]: string };
  readonly defaultActions: readonly RuleAction[];
  readonly rules: readonly ListenerRule[];
}

/** Whether AWS refuses a listener: one for HTTPS needs a certificate (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html). */
export function isWithoutCertificate({ protocol, certificates }: Listener): boolean {
  return protocol === 'HTTPS' && certificates.length === 0;
}

/** A health check. One by TCP has neither path nor matcher. */
export interface HealthCheck {
  readonly port: number | 'traffic-port';
  readonly protocol: string;
  readonly path?: string;
  readonly matcher?: { readonly httpCode?: string; readonly grpcCode?: string };
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
}

/** Inbound traffic that the controller opens to targets. */
export interface OpenedPort {
  /** Id of a security group, or the managed one of the load balancer. */
  readonly fromSecurityGroup?: string;
  /** CIDR blocks, if the load balancer has no security group. */
  readonly fromCIDRs?: readonly string[];
  readonly protocol: 'TCP' | 'UDP';
  /** Unset: all ports. A name is resolved for each pod. */
  readonly port?: number | string;
}

/** A target group, and the TargetGroupBinding that fills it unless its target is a load balancer. */
export interface TargetGroup {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Only behind an Application Load Balancer. */
  readonly protocolVersion?: string;
  readonly targetType: string;
  readonly ipAddressType: string;
  readonly healthCheck: HealthCheck;
  readonly attributes: readonly Attribute[];
  readonly controlPort?: number;
  readonly tags: { readonly [key: string]: string };
  /** The Service whose pods or node ports are the targets; absent for target type `alb`. */
  readonly service?: { readonly namespace: string; readonly name: string; readonly port: number | string };
  /** The port of the group's Application Load Balancer that is the only target; only for target type `alb`. */
  readonly albPort?: number;
  readonly nodeSelector?: { readonly [key: string]: string };
  readonly multiCluster: boolean;
  readonly opened: readonly OpenedPort[];
  readonly from: From;
}

/** An inbound rule of the managed security group. */
export interface InboundRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  /** Unset for ICMP. */
  readonly port?: number;
  /** Type and code of the ICMP message. */
  readonly icmp?: { readonly type: number; readonly code: number };
  readonly cidrIP?: string;
  readonly cidrIPv6?: string;
  readonly prefixList?: string;
}

/** The security group that the controller makes for the load balancer. */
export interface ManagedSecurityGroup {
  readonly name: string;
  readonly inbound: readonly InboundRule[];
  readonly tags: { readonly [key: string]: string };
}

/** A certificate that the controller requests from ACM. */
export interface CreatedCertificate {
  readonly id: string;
  readonly domainName: string;
  readonly subjectAlternativeNames: readonly string[];
  readonly certificateAuthorityARN: string;
}

/** A subnet, and for a Network Load Balancer its addresses in it. */
export interface SubnetMapping {
  readonly subnetID: string;
  readonly allocationID?: string;
  readonly privateIPv4Address?: string;
  readonly ipv6Address?: string;
  readonly sourceNatIpv6Prefix?: string;
}

/** A load balancer as AWS will have it. */
export interface LoadBalancer {
  readonly type: 'application' | 'network';
  /** Set if EKS Auto Mode builds it: then the plan is that of the open-source controller, except for documented differences. */
  readonly autoMode?: true;
  /** The IngressGroup, or `namespace/name` of the object that it is made for. */
  readonly group: string;
  readonly members: readonly Manifest[];
  readonly name: string;
  readonly scheme: string;
  readonly ipAddressType: string;
  readonly subnets: readonly SubnetMapping[];
  /** Ids. The managed security group and the shared one of the backends are named `managed` and `backend`. */
  readonly securityGroups: readonly string[];
  readonly managedSecurityGroup?: ManagedSecurityGroup;
  readonly attributes: readonly Attribute[];
  readonly tags: { readonly [key: string]: string };
  readonly capacityUnits?: number;
  readonly ipv4IpamPool?: string;
  readonly customerOwnedIpv4Pool?: string;
  /** `on` or `off`, for a Network Load Balancer of a Service: whether IPv6 source addresses come from a prefix of each subnet. */
  readonly enablePrefixForIpv6SourceNat?: string;
  /** `on` or `off`: whether security groups apply to clients that come through AWS PrivateLink. Unset: as AWS has it. */
  readonly securityGroupsInboundRulesOnPrivateLink?: string;
  /** ARN of the WAFv2 web ACL; empty if the association is removed. */
  readonly webAcl?: string;
  /** Id of the WAF Classic web ACL; empty if the association is removed. */
  readonly webAclClassic?: string;
  readonly shield?: boolean;
  readonly createdCertificates: readonly CreatedCertificate[];
  readonly listeners: readonly Listener[];
  readonly targetGroups: readonly TargetGroup[];
  /** What only AWS or the cluster knows. */
  readonly unknown: readonly string[];
}
