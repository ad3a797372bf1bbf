// Names of clusters, by which routes and destinations refer to each other.

/** A Service port with a subset. */
export interface ClusterName {
  readonly host: string;
  readonly port: number;
  /** Empty for all endpoints. */
  readonly subset: string;
}

/** The name as Envoy shows it (Istio 1.30, pilot/pkg/model/service.go:1860). */
export function showCluster({ host, port, subset }: ClusterName): string {
  return `outbound|${port}|${subset}|${host}`;
}
