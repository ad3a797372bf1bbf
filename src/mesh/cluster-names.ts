// Names of clusters, by which routes and destinations refer to each other.

/** A Service port with a subset. */
export interface ClusterName {
  readonly host: string;
  readonly port: number;
  /** Empty for all endpoints. */
  readonly subset: string;
  /** Whether it is the cluster behind a server of AUTO_PASSTHROUGH, which passes the mesh's mTLS through. */
  readonly passesMtls?: true;
}

/** The name as Envoy shows it (Istio 1.30, pilot/pkg/model/service.go:1860). */
export function showCluster(name: ClusterName): string {
  const { host, port, subset, passesMtls } = name;
  return passesMtls ? serverNameOf(name) : `outbound|${port}|${subset}|${host}`;
}

/** The server name of mTLS within the mesh (Istio 1.30, pilot/pkg/model/service.go BuildDNSSrvSubsetKey). */
export function serverNameOf({ host, port, subset }: ClusterName): string {
  return `outbound_.${port}_.${subset}_.${host}`;
}
