// A Network Load Balancer that the gateway's own Service asks for: layer 4, no ALB. The one table of its annotations is here.
// Facts: AWS Load Balancer Controller 3.5.0, docs/guide/service/annotations.md and pkg/service; attributes: ELBv2 API 2015-12-01.
import { AlbScheme, IpAddressType, TargetType } from '../base/alb-words';
import { type Codec, boolean, list, stringMap, text, within, word } from '../base/alb-codecs';
import { EIP_ALLOCATION, SECURITY_GROUP, SUBNET } from '../base/aws-ids';
import { InvalidProps } from '../base/errors';

/** The choices about a Network Load Balancer. */
export interface NetworkLoadBalancerOptions {
  /**
   * Whether the load balancer has public addresses. It is always written, because the controller's own default is `internal`.
   * A change replaces the load balancer and its DNS name.
   *
   * @default AlbScheme.INTERNET_FACING
   */
  readonly scheme?: AlbScheme;

  /**
   * Subnet ids or Name tags, each in another availability zone. A zone cannot be taken away later.
   *
   * @default - the controller finds the subnets by their role tags
   */
  readonly subnets?: string[];

  /**
   * Security group ids or Name tags of the load balancer. Groups can only be added to a load balancer that was made with one. The
   * controller still keeps the rules from the load balancer to the pods or nodes.
   *
   * @default - the controller makes one group, open to everybody on the ports of the Service
   */
  readonly securityGroups?: string[];

  /**
   * Name of the load balancer in AWS: 1 to 32 letters, digits and hyphens. It is used at creation only.
   *
   * @default - the controller derives one
   */
  readonly loadBalancerName?: string;

  /**
   * Address families: IPv4, or both.
   *
   * @default IpAddressType.IPV4
   */
  readonly ipAddressType?: IpAddressType;

  /**
   * Allocations of Elastic IP addresses, one per subnet and in the order of `subnets`. For public addresses only.
   *
   * @default - AWS chooses the addresses
   */
  readonly eipAllocations?: string[];

  /**
   * Whether every zone of the load balancer sends to the gateway pods of all zones. Without it, a zone that has no ready pod drops
   * out of DNS. Traffic between zones costs extra.
   *
   * @default true
   */
  readonly crossZone?: boolean;

  /**
   * What is registered as targets. With nodes, the Service gets a listener for the status port too, because the health check needs
   * its node port.
   *
   * @default TargetType.IP
   */
  readonly targetType?: TargetType;

  /**
   * Whether connections begin with a header of PROXY protocol version 2, which carries the client's address. The gateway is told, and
   * then refuses connections without that header. Health checks turn to plain TCP: AWS puts the header there too, and the status port
   * would answer it with 400 (istio/istio#39868).
   *
   * @default false
   */
  readonly proxyProtocol?: boolean;

  /**
   * Whether the gateway sees the client's address as its peer. Clients that run on a node or pod which is also the target cannot
   * connect then: for an internal load balancer that is called from its own cluster, take `false`, or `proxyProtocol`. With nodes as
   * targets the Service's traffic policy becomes `Local`, because any other policy hides the address.
   *
   * @default true, unless `proxyProtocol` carries the address
   */
  readonly preserveClientIp?: boolean;

  /**
   * Whether AWS refuses to delete the load balancer.
   *
   * @default false
   */
  readonly deletionProtection?: boolean;

  /**
   * Further attributes of the load balancer, as AWS names them: `access_logs.s3.enabled`, `dns_record.client_routing_policy` …
   *
   * @default - none
   */
  readonly loadBalancerAttributes?: { readonly [key: string]: string };

  /**
   * Further attributes of the target groups, as AWS names them: `stickiness.enabled`, `target_health_state.unhealthy…` …
   *
   * @default - none
   */
  readonly targetGroupAttributes?: { readonly [key: string]: string };

  /**
   * Further tags of the load balancer, its listeners and target groups.
   *
   * @default - the controller's own tags
   */
  readonly tags?: { readonly [key: string]: string };
}

/** What the annotations of a Service say about its load balancer. */
interface NlbSettings {
  readonly scheme: AlbScheme;
  readonly controller: string;
  readonly targetType: TargetType;
  readonly loadBalancerName: string;
  readonly ipAddressType: IpAddressType;
  readonly subnets: readonly string[];
  readonly eipAllocations: readonly string[];
  readonly securityGroups: readonly string[];
  readonly manageBackendSecurityGroupRules: boolean;
  readonly proxyProtocol: string;
  readonly loadBalancerAttributes: { readonly [key: string]: string };
  readonly targetGroupAttributes: { readonly [key: string]: string };
  readonly tags: { readonly [key: string]: string };
  readonly healthCheckProtocol: string;
  readonly healthCheckPort: string;
  readonly healthCheckPath: string;
  readonly healthCheckSuccessCodes: string;
}

const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer-';
const NAME = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/;
const ATTRIBUTE = text('the name of an attribute: lower case letters, digits, dots and underscores', /^[a-z0-9]+([._][a-z0-9]+)*$/);
const TAG = text('the key of a tag: at most 128 letters, digits, blanks inside and + - . _ : / @, not one of AWS or of the controller',
  /^(?!aws:|elbv2\.k8s\.aws\/cluster$|service\.k8s\.aws\/(stack|resource)$)[\p{L}\p{N} +\-._:/@]{1,128}$/iu);
const TAG_VALUE = text('at most 256 letters, digits, blanks inside and + - = . _ : / @', /^[\p{L}\p{N} +\-=._:/@]{0,256}$/u);
const FAMILIES = { IPV4: IpAddressType.IPV4, DUALSTACK: IpAddressType.DUALSTACK };
const plain = text('a text', /^/);

/** The table: key after the prefix, and how the value is written. */
const ROWS: { readonly [P in keyof NlbSettings]: readonly [key: string, codec: Pick<Codec<NlbSettings[P]>, 'encode'>] } = {
  controller: ['type', word({ EXTERNAL: 'external' })],
  scheme: ['scheme', word(AlbScheme)],
  targetType: ['nlb-target-type', word(TargetType)],
  loadBalancerName: ['name', text('1 to 32 letters, digits and hyphens, no hyphen at either end, not starting with internal-', NAME)],
  ipAddressType: ['ip-address-type', word(FAMILIES)],
  subnets: ['subnets', list(text('a subnet id or Name tag', SUBNET))],
  eipAllocations: ['eip-allocations', list(text('the allocation of an Elastic IP address, eipalloc-…', EIP_ALLOCATION))],
  securityGroups: ['security-groups', list(text('a security group id or Name tag', SECURITY_GROUP))],
  manageBackendSecurityGroupRules: ['manage-backend-security-group-rules', boolean()],
  proxyProtocol: ['proxy-protocol', word({ ALL: '*' })],
  loadBalancerAttributes: ['attributes', stringMap(ATTRIBUTE)],
  targetGroupAttributes: ['target-group-attributes', stringMap(ATTRIBUTE)],
  tags: ['additional-resource-tags', stringMap(TAG, TAG_VALUE)],
  healthCheckProtocol: ['healthcheck-protocol', word({ HTTP: 'http', TCP: 'tcp' })],
  healthCheckPort: ['healthcheck-port', plain],
  healthCheckPath: ['healthcheck-path', plain],
  healthCheckSuccessCodes: ['healthcheck-success-codes', plain],
};

/** Keys of Service annotations that are derived here, so that nobody writes them a second time. */
export const NLB_ANNOTATION_KEYS: readonly string[] = Object.values(ROWS).map(([key]) => PREFIX + key);

/** The controller that a Service of type LoadBalancer is for; with this class, no other one touches it. */
export const NLB_CLASS = 'service.k8s.aws/nlb';

const STATUS_PORT = 15021;

/** A Network Load Balancer in front of a gateway. */
export class NetworkLoadBalancer {
  public readonly targetType: TargetType;
  public readonly proxyProtocol: boolean;
  public readonly preserveClientIp: boolean;

  /** @throws InvalidProps for a value that AWS or the controller would refuse, and for values that exclude each other */
  public constructor(private readonly options: NetworkLoadBalancerOptions = {}) {
    this.targetType = options.targetType ?? TargetType.IP;
    this.proxyProtocol = options.proxyProtocol ?? false;
    this.preserveClientIp = options.preserveClientIp ?? !this.proxyProtocol;
    this.refuseAddresses();
    refuseDerived('loadBalancerAttributes', options.loadBalancerAttributes, this.loadBalancerAttributes());
    refuseDerived('targetGroupAttributes', options.targetGroupAttributes, this.targetGroupAttributes(0));
    this.annotations(0);
  }

  /** The annotations of the Service. @param drainSeconds how long a pod that is going away still answers */
  public annotations(drainSeconds: number): Record<string, string> {
    const settings = this.settings(drainSeconds);
    const annotations: Record<string, string> = {};
    for (const [prop, [key, codec]] of Object.entries(ROWS) as [keyof NlbSettings, readonly [string, { encode(value: unknown): string }]][]) {
      if (settings[prop] !== undefined) {
        annotations[PREFIX + key] = within(prop, () => codec.encode(settings[prop]));
      }
    }
    return annotations;
  }

  private settings(drainSeconds: number): Partial<NlbSettings> {
    const { options } = this;
    return {
      controller: 'external',
      scheme: options.scheme ?? AlbScheme.INTERNET_FACING,
      targetType: this.targetType,
      loadBalancerName: options.loadBalancerName,
      ipAddressType: options.ipAddressType,
      subnets: options.subnets,
      eipAllocations: options.eipAllocations,
      securityGroups: options.securityGroups,
      // Without this, the controller leaves the way to the pods to whoever brings the groups.
      manageBackendSecurityGroupRules: options.securityGroups && true,
      proxyProtocol: this.proxyProtocol ? '*' : undefined,
      loadBalancerAttributes: { ...options.loadBalancerAttributes, ...this.loadBalancerAttributes() },
      targetGroupAttributes: { ...options.targetGroupAttributes, ...this.targetGroupAttributes(drainSeconds) },
      tags: options.tags,
      // A number leads to the pods; nodes are asked on the node port of the Service port with this name.
      healthCheckPort: this.targetType === TargetType.IP ? String(STATUS_PORT) : 'status-port',
      ...(this.proxyProtocol
        ? { healthCheckProtocol: 'tcp' }
        : { healthCheckProtocol: 'http', healthCheckPath: '/healthz/ready', healthCheckSuccessCodes: '200' }),
    };
  }

  private loadBalancerAttributes(): Record<string, string> {
    const { crossZone = true, deletionProtection = false } = this.options;
    return {
      'deletion_protection.enabled': within('deletionProtection', () => boolean().encode(deletionProtection)),
      'load_balancing.cross_zone.enabled': within('crossZone', () => boolean().encode(crossZone)),
    };
  }

  private targetGroupAttributes(drainSeconds: number): Record<string, string> {
    return {
      'deregistration_delay.timeout_seconds': String(drainSeconds),
      'preserve_client_ip.enabled': within('preserveClientIp', () => boolean().encode(this.preserveClientIp)),
      'proxy_protocol_v2.enabled': within('proxyProtocol', () => boolean().encode(this.proxyProtocol)),
    };
  }

  private refuseAddresses(): void {
    const { eipAllocations, subnets, scheme } = this.options;
    if (eipAllocations === undefined) {
      return;
    }
    if (scheme === AlbScheme.INTERNAL) {
      throw new InvalidProps('eipAllocations', eipAllocations, 'nothing with an internal load balancer: Elastic IP addresses are public');
    }
    if (eipAllocations.length !== subnets?.length) {
      throw new InvalidProps('eipAllocations', eipAllocations, `one for each of the subnets, of which ${subnets?.length ?? 'none'} are given`);
    }
  }
}

function refuseDerived(prop: string, given: { readonly [key: string]: string } | undefined, derived: Record<string, string>): void {
  for (const [key, value] of Object.entries(given ?? {})) {
    if (key in derived) {
      throw new InvalidProps(`${prop}.${key}`, value, 'an attribute that has no prop of its own and does not follow from others');
    }
  }
}
