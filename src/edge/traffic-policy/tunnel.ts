// A connection tunneled through a forward proxy.
import type { DestinationRuleSpecTrafficPolicyTunnel } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isHostName } from '../../base/host';
import { isIpAddress } from '../../base/ip';
import { requirePort } from '../../base/number';
import type { Fields } from '../wire/istio-fields';

/** The request that opens the tunnel at the forward proxy. */
export enum TunnelProtocol {
  /** HTTP CONNECT. */
  CONNECT = 'CONNECT',
  /** HTTP POST. */
  POST = 'POST',
}

/** A connection tunneled through a forward proxy, which is the workload. For TCP and TLS routes, not for HTTP (Istio 1.30, TunnelSettings). */
export interface Tunnel {
  /** Host to which the proxy connects: a fully qualified name or an address. */
  readonly targetHost: string;

  /** Port to which the proxy connects. */
  readonly targetPort: number;

  /**
   * The request that opens the tunnel.
   *
   * @default TunnelProtocol.CONNECT
   */
  readonly protocol?: TunnelProtocol;
}

/** Renders the tunnel. @throws InvalidProps for a value that Istio would refuse */
export function renderTunnel(prop: string, { targetHost, targetPort, protocol }: Tunnel): Fields<DestinationRuleSpecTrafficPolicyTunnel> {
  if (!isHostName(targetHost) && !isIpAddress(targetHost)) {
    throw InvalidProps.value(`${prop}.targetHost`, targetHost, 'must be a fully qualified lowercase host name or an address');
  }
  return { targetHost, targetPort: requirePort(`${prop}.targetPort`, targetPort), protocol };
}
