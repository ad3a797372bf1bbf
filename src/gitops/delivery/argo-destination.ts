// The cluster to which Argo CD applies a folder.
import { InvalidProps } from '../../base/errors';

/** The cluster to which Argo CD applies a folder. */
export class ArgoDestination {
  /** The cluster in which Argo CD runs. */
  public static inCluster(): ArgoDestination {
    return new ArgoDestination('server', 'https://kubernetes.default.svc');
  }

  /** A cluster, by the URL of its API server. @throws InvalidProps for anything but an https URL */
  public static server(url: string): ArgoDestination {
    if (typeof url !== 'string' || !/^https:\/\/[^/]/.test(url)) {
      throw InvalidProps.value('url', url, 'must be the https URL of an API server, such as https://kubernetes.default.svc');
    }
    return new ArgoDestination('server', url);
  }

  /** A cluster, by the name with which it was registered. @throws InvalidProps for an empty name */
  public static cluster(clusterName: string): ArgoDestination {
    if (typeof clusterName !== 'string' || clusterName.trim() === '') {
      throw InvalidProps.value('clusterName', clusterName, 'must be the name of a cluster, as shown by argocd cluster list');
    }
    return new ArgoDestination('name', clusterName);
  }

  private constructor(
    /** @internal */
    public readonly _field: 'server' | 'name',
    /** @internal */
    public readonly _value: string,
  ) {}
}
