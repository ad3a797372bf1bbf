// Annotation table rows for the frontend NLB: a Network Load Balancer in front of the Application Load Balancer.
import type { Rows } from './annotation';
import { boolean, integer, list, stringMap, text, word } from './codecs';
import { PORT_NUMBER } from '../number';
import { AlbScheme, BackendProtocol } from './words';
import { EIP_ALLOCATION, SECURITY_GROUP, SUBNET } from '../aws-ids';

/** Settings of the frontend NLB. All except the first are only read if the first is true in the group. */
export interface FrontendNlbSettings {
  readonly enableFrontendNlb?: boolean;
  readonly frontendNlbScheme?: AlbScheme;
  readonly frontendNlbSubnets?: readonly string[];
  readonly frontendNlbSecurityGroups?: readonly string[];
  readonly frontendNlbListenerPortMapping?: { readonly [nlbPort: string]: string };
  readonly frontendNlbEipAllocations?: readonly string[];
  readonly frontendNlbHealthcheckPort?: string;
  readonly frontendNlbHealthcheckProtocol?: BackendProtocol;
  readonly frontendNlbHealthcheckPath?: string;
  readonly frontendNlbHealthcheckIntervalSeconds?: number;
  readonly frontendNlbHealthcheckTimeoutSeconds?: number;
  readonly frontendNlbHealthcheckHealthyThresholdCount?: number;
  readonly frontendNlbHealthcheckUnhealthyThresholdCount?: number;
  readonly frontendNlbHealthcheckSuccessCodes?: string;
  readonly frontendNlbAttributes?: { readonly [key: string]: string };
  readonly frontendNlbTags?: { readonly [key: string]: string };
}

/** The controller accepts any number. */
const PORT = text('a port from 1 to 65535', new RegExp(`^(${PORT_NUMBER})$`), /^[+-]?\d+$/);

const ON_INGRESS = { on: ['Ingress'], merge: 'exclusive' } as const;

/** Rows for the frontend NLB. */
export const FRONTEND_NLB_ANNOTATIONS: Rows<FrontendNlbSettings> = {
  enableFrontendNlb: {
    ...ON_INGRESS,
    key: 'enable-frontend-nlb',
    codec: boolean(),
    default: '`false`',
    doc: 'Creates a Network Load Balancer whose target is the Application Load Balancer.',
  },
  frontendNlbScheme: {
    ...ON_INGRESS,
    key: 'frontend-nlb-scheme',
    codec: word(AlbScheme),
    default: '`internal`',
    doc: 'Whether the NLB has public addresses.',
  },
  frontendNlbSubnets: {
    ...ON_INGRESS,
    key: 'frontend-nlb-subnets',
    codec: list(text('a subnet id or the Name tag of a subnet', SUBNET)),
    default: 'discovery by scheme',
    unordered: true,
    doc: 'Subnets of the NLB.',
  },
  frontendNlbSecurityGroups: {
    ...ON_INGRESS,
    key: 'frontend-nlb-security-groups',
    codec: list(text('a security group id or the Name tag of a security group', SECURITY_GROUP)),
    default: 'those of the ALB',
    doc: 'Security groups of the NLB.',
  },
  frontendNlbListenerPortMapping: {
    key: 'frontend-nlb-listener-port-mapping',
    codec: stringMap(PORT, PORT),
    default: 'every port of the ALB on the same port of the NLB',
    on: ['Ingress'],
    merge: 'merge',
    doc: 'NLB ports and the ALB port that each forwards to.',
  },
  frontendNlbEipAllocations: {
    ...ON_INGRESS,
    key: 'frontend-nlb-eip-allocations',
    codec: list(text('an Elastic IP allocation id: eipalloc- and 8 or 17 hexadecimal digits', EIP_ALLOCATION)),
    default: 'assigned by AWS',
    unordered: true,
    doc: 'Elastic IP addresses of the NLB, one per subnet.',
  },
  frontendNlbHealthcheckPort: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-port',
    codec: text('traffic-port or a port number', new RegExp(`^(traffic-port|${PORT_NUMBER})$`), /^(traffic-port|[+-]?\d+)$/),
    default: '`traffic-port`',
    scope: 'nlbPort',
    doc: 'Port of the ALB that the NLB checks.',
  },
  frontendNlbHealthcheckProtocol: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-protocol',
    codec: word(BackendProtocol),
    default: '`HTTP`',
    scope: 'nlbPort',
    doc: 'Protocol of the NLB health check.',
  },
  frontendNlbHealthcheckPath: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-path',
    codec: text('a path of 1 to 1,024 characters that starts with /', /^\/[\x21-\x7e]{0,1023}$/),
    default: '`/`',
    scope: 'nlbPort',
    doc: 'Path of the NLB health check.',
  },
  frontendNlbHealthcheckIntervalSeconds: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-interval-seconds',
    codec: integer(5, 300),
    default: '`15`',
    scope: 'nlbPort',
    doc: 'Seconds between NLB health checks.',
  },
  frontendNlbHealthcheckTimeoutSeconds: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-timeout-seconds',
    codec: integer(2, 120),
    default: '`5`',
    scope: 'nlbPort',
    doc: 'Seconds to wait for a response to the NLB health check.',
  },
  frontendNlbHealthcheckHealthyThresholdCount: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-healthy-threshold-count',
    codec: integer(2, 10),
    default: '`2`',
    scope: 'nlbPort',
    doc: 'Successes in a row before the ALB counts as healthy.',
  },
  frontendNlbHealthcheckUnhealthyThresholdCount: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-unhealthy-threshold-count',
    codec: integer(2, 10),
    default: '`2`',
    scope: 'nlbPort',
    doc: 'Failures in a row before the ALB counts as unhealthy.',
  },
  frontendNlbHealthcheckSuccessCodes: {
    ...ON_INGRESS,
    key: 'frontend-nlb-healthcheck-success-codes',
    codec: text('HTTP codes from 200 to 499: one, a list or a range', /^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/),
    default: '`200`',
    scope: 'nlbPort',
    doc: 'Status codes that count as healthy. Two members of a group that both set it always conflict, even with equal values.',
  },
  frontendNlbAttributes: {
    ...ON_INGRESS,
    key: 'frontend-nlb-attributes',
    codec: stringMap(),
    default: 'the AWS defaults',
    doc: 'Attributes of the NLB.',
  },
  frontendNlbTags: {
    ...ON_INGRESS,
    key: 'frontend-nlb-tags',
    codec: stringMap(),
    default: 'the tags of the ALB',
    doc: 'Tags of the NLB; they replace all other tags on it.',
  },
};
