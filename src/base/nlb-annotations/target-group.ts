// Annotation table rows for the target groups of a Network Load Balancer and their health checks.
import { boolean, integer, list, stringMap, text, word } from '../alb-annotations/codecs';
import { TargetType } from '../alb-annotations/words';
import { PORT_NUMBER } from '../number';
import { ATTRIBUTE } from './load-balancer';
import { aws, type NlbRows } from './row';

/** Settings of target groups. */
export interface NlbTargetGroupSettings {
  readonly targetType?: TargetType;
  readonly targetNodeLabels?: { readonly [key: string]: string };
  readonly targetGroupAttributes?: { readonly [key: string]: string };
  readonly portTargetGroupAttributes?: { readonly [port: string]: { readonly [key: string]: string } };
  readonly proxyProtocol?: string;
  readonly proxyProtocolPorts?: readonly string[];
  readonly multiClusterTargetGroup?: boolean;
  readonly healthCheckProtocol?: string;
  readonly healthCheckPort?: string;
  readonly healthCheckPath?: string;
  readonly healthCheckSuccessCodes?: string;
  readonly healthCheckInterval?: number;
  readonly healthCheckTimeout?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
}

/** The controller does not care about the case (3.5.0 pkg/service/model_build_target_group.go:451). */
const PROTOCOL = /^(tcp|https?)$/i;

/** Rows for target groups. */
export const TARGET_GROUP_ROWS: NlbRows<NlbTargetGroupSettings> = {
  targetType: aws('nlb-target-type', word(TargetType, true), '`instance`', 'What is registered as targets: pods or nodes.'),
  targetNodeLabels: aws('target-node-labels', stringMap(), 'all nodes', 'Labels of the nodes that are registered as targets, for target type instance.'),
  targetGroupAttributes: aws('target-group-attributes', stringMap(ATTRIBUTE), 'the AWS defaults', 'Attributes of all target groups.'),
  portTargetGroupAttributes: {
    ...aws('target-group-attributes', stringMap(ATTRIBUTE), 'those of all target groups', 'Attributes for one port. Empty values are ignored.'),
    family: /^\d{1,5}$/,
  },
  proxyProtocol: aws('proxy-protocol', word({ ALL: '*' }), 'off', '`*` sends a PROXY protocol v2 header to all targets.',
    'use aws-load-balancer-target-group-attributes'),
  proxyProtocolPorts: aws('proxy-protocol-per-target-group', list(text('a port number', new RegExp(`^(${PORT_NUMBER})$`), /^[+-]?\d+$/)), 'off',
    'Ports whose targets get a PROXY protocol v2 header; the others get none. `proxy-protocol` wins.'),
  multiClusterTargetGroup: aws('multi-cluster-target-group', boolean(), '`false`', 'Whether other clusters register targets in the same target groups.'),
  healthCheckProtocol: aws('healthcheck-protocol', text('tcp, http or https', PROTOCOL, PROTOCOL), '`tcp`', 'Protocol of health checks.'),
  healthCheckPort: aws('healthcheck-port', text('traffic-port, a port number, or the name of a port of the Service', /^\S+$/), '`traffic-port`',
    'Port of health checks.'),
  healthCheckPath: aws('healthcheck-path', text('a path of 1 to 1,024 characters that starts with /', /^\/[\x21-\x7e]{0,1023}$/), '`/`',
    'Path of health checks by HTTP.'),
  healthCheckSuccessCodes: aws('healthcheck-success-codes',
    text('HTTP codes from 200 to 599: one, a list or a range', /^[2-5]\d\d(-[2-5]\d\d)?(,[2-5]\d\d(-[2-5]\d\d)?)*$/),
    '`200-399`', 'Status codes that count as healthy.'),
  healthCheckInterval: aws('healthcheck-interval', integer(5, 300), '`10`', 'Seconds between health checks.'),
  healthCheckTimeout: aws('healthcheck-timeout', integer(2, 120), '`10`, or `6` for nodes with `externalTrafficPolicy: Local`',
    'Seconds to wait for a response.'),
  healthyThreshold: aws('healthcheck-healthy-threshold', integer(2, 10), '`3`, or `2` for nodes with `externalTrafficPolicy: Local`',
    'Successes in a row before a target counts as healthy.'),
  unhealthyThreshold: aws('healthcheck-unhealthy-threshold', integer(2, 10), '`3`, or `2` for nodes with `externalTrafficPolicy: Local`',
    'Failures in a row before a target counts as unhealthy.'),
};
