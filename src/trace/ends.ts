// Ends: how the way of a request through a proxy finishes.
import { Cluster, NoCluster } from '../mesh/clusters';
import { ClusterName } from '../mesh/cluster-names';
import { Place } from '../mesh/objects/config';
import { ForwardedRequest } from './forwarding';

/** The ways to die before a request leaves the proxy. */
export type Refusal = 'no-gateway' | 'no-listener' | 'no-filter-chain' | 'plaintext-to-tls' | 'tls-to-plaintext' | 'no-certificate'
  | 'codec-error' | 'low-version' | 'no-virtual-host' | 'no-route'
  | 'unsupported-action' | 'invalid-token' | 'wrong-audience' | 'denied' | 'not-allowed';

/** One end. */
export type End =
  | {
    readonly is: 'cluster';
    readonly name: ClusterName;
    readonly cluster: Cluster | NoCluster;
    /** As the proxy has it; 100 for the only one. */
    readonly weight: number;
    /** From 0 to 1, over all ends. */
    readonly probability: number;
    /** Status when the request gets no further: 503. A connection that is not HTTP is closed. */
    readonly status?: 503;
    readonly request?: ForwardedRequest;
    /** Whether what is sent is TLS of the client, which the proxy did not terminate. */
    readonly carriesTls?: boolean;
    /** Response headers that the route sets for this one of several destinations. */
    readonly responseHeaders?: ReadonlyMap<string, string>;
  }
  /** To the address that the client dialed. Without `request` as the client sent it. */
  | { readonly is: 'passthrough'; readonly probability: number; readonly request?: ForwardedRequest }
  | { readonly is: 'redirect'; readonly status: number; readonly location: string; readonly probability: number; readonly required: boolean }
  | {
    readonly is: 'response'; readonly status: number; readonly body: string; readonly probability: number;
    readonly by: 'direct-response' | 'fault' | 'cors' | 'block-all';
    /** Of a fault, for gRPC. */
    readonly grpcStatus?: number;
  }
  | {
    readonly is: 'refused'; readonly reason: Refusal; readonly probability: number; readonly place?: Place;
    /** Absent: the connection is closed. */
    readonly status?: number;
  };
