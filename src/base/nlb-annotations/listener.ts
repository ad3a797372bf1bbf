// Annotation table rows for the listeners of a Network Load Balancer, one for each port of the Service.
import { boolean, list, stringMap, text, word } from '../alb-annotations/codecs';
import { aBoolean, aList, always, aNumber, anObject, aText, aWord, json, type Shape } from '../alb-annotations/shapes';
import { AlpnPolicy } from '../alb-annotations/words';
import { CERTIFICATE_ARN, TARGET_GROUP_ARN } from '../aws-ids';
import { ATTRIBUTE } from './load-balancer';
import { aws, type NlbRows } from './row';

/** A target group that shares a listener with the Service: of another Service, or an existing one. */
export interface NlbTargetGroupTuple {
  readonly serviceName?: string;
  readonly servicePort?: number | string;
  readonly targetGroupARN?: string;
  /** TCP to the targets of a TLS listener. */
  readonly decrypt?: boolean;
  readonly weight?: number;
}

/** The weighted action of a listener. */
export interface NlbAction {
  readonly type: string;
  readonly forwardConfig?: {
    /** Weight of the Service that the load balancer is for. */
    readonly baseServiceWeight?: number;
    readonly targetGroups?: readonly NlbTargetGroupTuple[];
    readonly targetGroupStickinessConfig?: { readonly enabled?: boolean };
  };
}

/** Settings of listeners. */
export interface NlbListenerSettings {
  readonly certificateArns?: readonly string[];
  readonly tlsPorts?: readonly string[];
  readonly sslPolicy?: string;
  readonly backendProtocol?: string;
  readonly alpnPolicy?: AlpnPolicy;
  readonly enableTcpUdpListener?: boolean;
  readonly quicPorts?: readonly string[];
  readonly listenerAttributes?: { readonly [listener: string]: { readonly [key: string]: string } };
  readonly actions?: { readonly [listener: string]: NlbAction };
}

const PORTS = list(text('the number or name of a port', /^[^,]+$/));

/** The name of a listener in keys, such as `TLS-443`. */
const LISTENER = /^(TCP|TLS|UDP|TCP_UDP|QUIC|TCP_QUIC)-\d{1,5}$/;

const servicePort: Shape<string | number> = (value, lenient) => (
  typeof value === 'number' ? aNumber(1, 65535)(value, lenient) : aText('the name of a port', /^[\s\S]{1,63}$/)(value, lenient));

const action = anObject<NlbAction>({
  type: always(aWord('forward')),
  forwardConfig: anObject<NonNullable<NlbAction['forwardConfig']>>({
    baseServiceWeight: aNumber(0, 999),
    targetGroups: aList(anObject<NlbTargetGroupTuple>({
      serviceName: aText('the name of a Service'),
      servicePort,
      targetGroupARN: aText('the ARN of a target group', TARGET_GROUP_ARN),
      decrypt: aBoolean,
      weight: aNumber(0, 999),
    }), 1, 4),
    targetGroupStickinessConfig: anObject({ enabled: aBoolean }),
  }, ['targetGroups']),
}, ['type', 'forwardConfig']);

/** Rows for listeners. */
export const LISTENER_ROWS: NlbRows<NlbListenerSettings> = {
  certificateArns: aws('ssl-cert', list(text('the ARN of a certificate', CERTIFICATE_ARN)), 'unset; listeners do not terminate TLS',
    'Certificates of the TLS listeners; the first is the default.'),
  tlsPorts: aws('ssl-ports', PORTS, 'all ports', 'Ports whose listeners terminate TLS. Each must be a port of the Service.'),
  sslPolicy: aws('ssl-negotiation-policy', text('the name of a security policy', /^[A-Za-z0-9-]+$/), '`ELBSecurityPolicy-2016-08`',
    'Security policy of the TLS listeners.'),
  backendProtocol: aws('backend-protocol', word({ SSL: 'ssl', TCP: 'tcp' }, true), '`tcp`', '`ssl` encrypts again from TLS listeners to the targets.'),
  alpnPolicy: aws('alpn-policy', word(AlpnPolicy), 'the default of AWS, `None`', 'ALPN policy of the TLS listeners.'),
  enableTcpUdpListener: aws('enable-tcp-udp-listener', boolean(), 'the feature gate `EnableTCPUDPListener`, `false`',
    'Makes one listener for TCP and UDP on one port. Without it, only the first port of a number gets a listener.'),
  quicPorts: aws('quic-enabled-ports', PORTS, 'none', 'Ports whose UDP or TCP_UDP listeners use QUIC.'),
  listenerAttributes: {
    ...aws('listener-attributes', stringMap(ATTRIBUTE), 'the AWS defaults', 'Attributes of one listener, by protocol and port, such as `TCP-443`.'),
    family: LISTENER,
  },
  actions: {
    key: 'actions',
    codec: json('JSON of a forward action', action),
    default: 'forwards to the Service',
    doc: 'Target groups that share one listener with the Service, by protocol and port, such as `TCP-443`.',
    family: LISTENER,
  },
};
