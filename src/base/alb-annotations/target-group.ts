// Annotation table rows for target groups: targets, protocol and health checks.
import type { Rows } from './annotation';
import { boolean, integer, stringMap, text, word } from './codecs';
import { PORT_NUMBER } from '../number';
import { BackendProtocol, BackendProtocolVersion, TargetType } from './words';

/** Settings of target groups. */
export interface TargetGroupSettings {
  readonly targetType?: TargetType;
  readonly targetNodeLabels?: { readonly [key: string]: string };
  readonly backendProtocol?: BackendProtocol;
  readonly backendProtocolVersion?: BackendProtocolVersion;
  readonly targetGroupAttributes?: { readonly [key: string]: string };
  readonly healthcheckPort?: string;
  readonly healthcheckProtocol?: BackendProtocol;
  readonly healthcheckPath?: string;
  readonly healthcheckIntervalSeconds?: number;
  readonly healthcheckTimeoutSeconds?: number;
  readonly healthyThresholdCount?: number;
  readonly unhealthyThresholdCount?: number;
  readonly successCodes?: string;
  readonly multiClusterTargetGroup?: boolean;
  readonly targetControlPorts?: { readonly [serviceAndPort: string]: number };
}

/** A number up to 65535, or a name with at least one letter. */
const PORT_OR_NAME = new RegExp(`^(${PORT_NUMBER}|(?=.*[a-z])[a-z0-9]([-a-z0-9]*[a-z0-9])?)$`);

/** HTTP codes 200 to 499, or gRPC codes 0 to 99: one, a list, or ranges. */
const CODES = /^([2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*|\d{1,2}(-\d{1,2})?(,\d{1,2}(-\d{1,2})?)*)$/;

const BOTH = ['Ingress', 'Service'] as const;

/** Rows for target groups. */
export const TARGET_GROUP_ANNOTATIONS: Rows<TargetGroupSettings> = {
  targetType: {
    key: 'target-type',
    codec: word(TargetType),
    default: '`instance`',
    on: BOTH,
    merge: 'none',
    classField: 'targetType',
    doc: 'Registers nodes on the node port, or pods on the target port.',
  },
  targetNodeLabels: {
    key: 'target-node-labels',
    codec: stringMap(),
    default: 'all nodes',
    on: BOTH,
    merge: 'none',
    doc: 'Labels of the nodes to register; instance targets only.',
  },
  backendProtocol: {
    key: 'backend-protocol',
    codec: word(BackendProtocol),
    default: '`HTTP`',
    on: BOTH,
    merge: 'none',
    doc: 'Protocol from the load balancer to the targets, and the default protocol of health checks.',
  },
  backendProtocolVersion: {
    key: 'backend-protocol-version',
    codec: word(BackendProtocolVersion),
    default: '`HTTP1`',
    on: BOTH,
    merge: 'none',
    doc: 'HTTP version to the targets. HTTP2 and GRPC need HTTPS listeners and reject HTTP/1.1 clients with 464.',
  },
  targetGroupAttributes: {
    key: 'target-group-attributes',
    codec: stringMap(),
    default: 'the AWS defaults',
    on: BOTH,
    merge: 'none',
    doc: 'Attributes of the target groups. Only the listed keys are changed.',
  },
  healthcheckPort: {
    key: 'healthcheck-port',
    codec: text('traffic-port, a port number from 1 to 65535, or the name of a port of the Service', PORT_OR_NAME),
    default: '`traffic-port`',
    on: BOTH,
    merge: 'none',
    doc: 'Port of the health check. The name of a Service port works for both target types.',
  },
  healthcheckProtocol: {
    key: 'healthcheck-protocol',
    codec: word(BackendProtocol),
    default: 'the backend protocol (the upstream page says `HTTP`; the code does not)',
    on: BOTH,
    merge: 'none',
    doc: 'Protocol of the health check.',
  },
  healthcheckPath: {
    key: 'healthcheck-path',
    codec: text('a path of 1 to 1,024 characters that starts with /', /^\/[\x21-\x7e]{0,1023}$/),
    default: '`/`, or `/AWS.ALB/healthcheck` for gRPC',
    on: BOTH,
    merge: 'none',
    doc: 'Path of the health check, or /package.service/method for gRPC.',
  },
  healthcheckIntervalSeconds: {
    key: 'healthcheck-interval-seconds',
    codec: integer(5, 300),
    default: '`15`',
    on: BOTH,
    merge: 'none',
    doc: 'Seconds between health checks, more than the timeout.',
  },
  healthcheckTimeoutSeconds: {
    key: 'healthcheck-timeout-seconds',
    codec: integer(2, 120),
    default: '`5`',
    on: BOTH,
    merge: 'none',
    doc: 'Seconds to wait for a response.',
  },
  healthyThresholdCount: {
    key: 'healthy-threshold-count',
    codec: integer(2, 10),
    default: '`2`',
    on: BOTH,
    merge: 'none',
    doc: 'Successes in a row before a target counts as healthy.',
  },
  unhealthyThresholdCount: {
    key: 'unhealthy-threshold-count',
    codec: integer(2, 10),
    default: '`2`',
    on: BOTH,
    merge: 'none',
    doc: 'Failures in a row before a target counts as unhealthy.',
  },
  successCodes: {
    key: 'success-codes',
    codec: text('HTTP codes from 200 to 499 or gRPC codes from 0 to 99: one, a list such as 200,204, or a range such as 200-299', CODES),
    default: '`200`, or `12` for gRPC',
    on: BOTH,
    merge: 'none',
    doc: 'Status codes that count as healthy.',
  },
  multiClusterTargetGroup: {
    key: 'multi-cluster-target-group',
    codec: boolean(),
    default: '`false`',
    on: BOTH,
    merge: 'none',
    doc: 'Whether other clusters may register targets in the same target group.',
  },
  targetControlPorts: {
    key: 'target-control-port',
    family: /^[a-z0-9-]+\.[A-Za-z0-9-]+$/,
    codec: integer(1, 65535),
    default: 'none',
    on: BOTH,
    merge: 'none',
    doc: 'Control port of the target optimizer agent, identified by Service and Service port; ip targets only.',
  },
};
