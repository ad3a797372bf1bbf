// A connection that goes on inside of a request to a forward proxy.
import type { DestinationRuleSpecTrafficPolicyTunnel } from '../../../imports/istio/networking.istio.io';
import { InvalidProps } from '../../base/errors';
import { isHostName, isIpAddress } from '../../base/host';
import { requirePort } from '../../base/number';
import type { Fields } from '../wire/istio-fields';

/** The request that asks a forward proxy for a connection. */
export enum TunnelProtocol {
  /** HTTP CONNECT. */
  CONNECT = 'CONNECT',
  /** HTTP POST. */
  POST = 'POST',
}

/** A connection inside of a request to a forward proxy: the workload is the proxy. For TCP and TLS routes, not for HTTP (Istio 1.30, TunnelSettings). */
export interface Tunnel {
  /** Host that the proxy is to connect to: a full name or an address. */
  readonly targetHost: string;

  /** Port that the proxy is to connect to. */
  readonly targetPort: number;

  /**
   * The request that asks for it.
   *
   * @default TunnelProtocol.CONNECT
   */
  readonly protocol?: TunnelProtocol;
}

/** Writes the tunnel. @throws InvalidProps for a value that Istio would refuse */
export function renderTunnel(prop: string, { targetHost, targetPort, protocol }: Tunnel): Fields<DestinationRuleSpecTrafficPolicyTunnel> {
  if (!isHostName(targetHost) && !isIpAddress(targetHost)) {
    throw InvalidProps.value(`${prop}.targetHost`, targetHost, 'must be the full name of a host in lower case, or an address');
  }
  return { targetHost, targetPort: requirePort(`${prop}.targetPort`, targetPort), protocol };
}
