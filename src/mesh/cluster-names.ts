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

/** Names, each of which is one object, so that what is known of a cluster is found by its identity. */
export class ClusterNames {
  private readonly known = new Map<string, ClusterName>();

  /** The name of a port of a host, or of a subset behind it. */
  public named(host: string, port: number, subset: string): ClusterName {
    const key = `${port} ${subset} ${host}`;
    let name = this.known.get(key);
    if (name === undefined) {
      name = { host, port, subset };
      this.known.set(key, name);
    }
    return name;
  }
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
