// A Network Load Balancer that the gateway's own Service asks for: layer 4, no ALB. The one table of its annotations is here.
// Facts: AWS Load Balancer Controller 3.5.0, docs/guide/service/annotations.md and pkg/service; attributes: ELBv2 API 2015-12-01.
import { AlbScheme, IpAddressType, TargetType } from '../../base/alb-annotations/words';
import { type Codec, boolean, list, stringMap, text, word } from '../../base/alb-annotations/codecs';
import { EIP_ALLOCATION, SECURITY_GROUP, SUBNET } from '../../base/aws-ids';
import { InvalidProps, within } from '../../base/errors';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import type { NetworkLoadBalancerOptions } from './network-load-balancer-options';
import { filled, requireUnique } from '../wire/bounds';

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
  public readonly https: boolean;
  public readonly tcpPorts: readonly number[];

  /** @throws InvalidProps for a value that AWS or the controller would refuse, and for values that exclude each other */
  public constructor(private readonly options: NetworkLoadBalancerOptions = {}) {
    requireProps('NetworkLoadBalancerOptions', options, '', 'options');
    this.targetType = options.targetType ?? TargetType.IP;
    this.proxyProtocol = options.proxyProtocol ?? false;
    this.preserveClientIp = options.preserveClientIp ?? !this.proxyProtocol;
    this.https = options.https ?? true;
    this.tcpPorts = requireTcpPorts(options.tcpPorts ?? []);
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
      tags: filled(options.tags),
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
      'deletion_protection.enabled': String(deletionProtection),
      'load_balancing.cross_zone.enabled': String(crossZone),
    };
  }

  private targetGroupAttributes(drainSeconds: number): Record<string, string> {
    return {
      'deregistration_delay.timeout_seconds': String(drainSeconds),
      'preserve_client_ip.enabled': String(this.preserveClientIp),
      'proxy_protocol_v2.enabled': String(this.proxyProtocol),
    };
  }

  private refuseAddresses(): void {
    const { eipAllocations, subnets, scheme } = this.options;
    if (eipAllocations === undefined) {
      return;
    }
    if (scheme === AlbScheme.INTERNAL) {
      throw InvalidProps.conflict('eipAllocations', eipAllocations, 'cannot be set with an internal load balancer: Elastic IP addresses are public');
    }
    if (eipAllocations.length !== subnets?.length) {
      throw InvalidProps.value('eipAllocations', eipAllocations, `must be one for each of the subnets, of which ${subnets?.length ?? 'none'} are given`);
    }
  }
}

function requireTcpPorts(ports: readonly number[]): readonly number[] {
  ports.forEach((port, index) => {
    requirePort(`tcpPorts[${index}]`, port);
    if (port === 80 || port === 443 || (port >= 15000 && port <= 15090)) {
      throw InvalidProps.value(`tcpPorts[${index}]`, port, 'must be a port that is neither 80 nor 443, nor one of the proxy, 15000 to 15090');
    }
  });
  requireUnique('tcpPorts', ports);
  return ports;
}

function refuseDerived(prop: string, given: { readonly [key: string]: string } | undefined, derived: Record<string, string>): void {
  for (const [key, value] of Object.entries(given ?? {})) {
    if (key in derived) {
      throw InvalidProps.value(`${prop}.${key}`, value, 'must be an attribute that has no prop of its own and does not follow from others');
    }
  }
}
