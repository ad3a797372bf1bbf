// The inbound side of a sidecar: which connections it accepts (Istio 1.30, pilot/pkg/networking/core/filterchain_options.go:39-216).
import { ProtocolClass } from '../../base/istio/protocol';
import { MtlsMode } from './mtls';

/** What arrives at a workload's port. */
export type Arriving = 'plaintext' | 'mesh' | 'other-tls';

/**
 * What follows: the request is served; the sidecar closes the connection because it demands mTLS; the bytes are not the protocol that the
 * port declares; the handshake fails for want of a mesh certificate; or the application itself gets TLS.
 */
export type Arrival = 'served' | 'needs-mtls' | 'wrong-protocol' | 'handshake-fails' | 'raw-tls';

/** The outcome at a port with a sidecar in front. HTTP is what is sent. */
export function arrivalAt(mode: MtlsMode, protocol: ProtocolClass, arriving: Arriving): Arrival {
  if (arriving === 'plaintext') {
    return mode === 'STRICT' ? 'needs-mtls' : 'served';
  }
  if (mode === 'DISABLE') {
    return protocol === 'http' ? 'wrong-protocol' : 'raw-tls';
  }
  if (arriving === 'mesh') {
    return 'served';
  }
  return mode === 'STRICT' ? 'handshake-fails' : protocol === 'http' ? 'needs-mtls' : 'raw-tls';
}

/** The outcome at a port without sidecar: the application gets what was sent. */
export function arrivalWithoutProxy(arriving: Arriving): Arrival {
  return arriving === 'plaintext' ? 'served' : 'raw-tls';
}
