// Ends: how the way of a request through a proxy finishes.
import { Cluster, NoCluster } from '../mesh/clusters';
import { ClusterName } from '../mesh/cluster-names';
import { Place } from '../mesh/config';
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
    /** Status when the request gets no further: 503. */
    readonly status?: 503;
    readonly request?: ForwardedRequest;
  }
  | { readonly is: 'passthrough'; readonly probability: number }
  | { readonly is: 'redirect'; readonly status: number; readonly location: string; readonly probability: number; readonly required: boolean }
  | {
    readonly is: 'response'; readonly status: number; readonly body: string; readonly probability: number;
    readonly by: 'direct-response' | 'fault' | 'cors' | 'block-all';
  }
  | {
    readonly is: 'refused'; readonly reason: Refusal; readonly probability: number; readonly place?: Place;
    /** Absent: the connection is closed. */
    readonly status?: number;
  };
