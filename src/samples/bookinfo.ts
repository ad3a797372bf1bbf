// Istio's Bookinfo: four services, six deployments (Istio 1.30, samples/bookinfo/platform/kube/bookinfo.yaml).
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireDnsLabel } from '../base/kubernetes-name';
import { requireInteger } from '../base/number';
import { requireProps } from '../base/prop-types';
import { requireScopeAndId } from '../base/scope';
import type { IWorkload } from '../edge/workload/workload';
import { addMeshNamespace } from './mesh-namespace';
import { addMicroservice } from './microservice';

/** Props of `Bookinfo`. */
export interface BookinfoProps {
  /**
   * Namespace. It is created, with sidecar injection enabled.
   *
   * @default 'bookinfo'
   */
  readonly namespace?: string;

  /**
   * Registry and path of the images, without the names `examples-bookinfo-…`.
   *
   * @default 'registry.istio.io/release'
   */
  readonly registry?: string;

  /**
   * Tag of the images.
   *
   * @default '1.20.3'
   */
  readonly tag?: string;

  /**
   * Pods per deployment.
   *
   * @default 1
   */
  readonly replicas?: number;
}

const PORT = 9080;

/** The Bookinfo sample: productpage calls details and reviews; reviews v2 and v3 call ratings. */
export class Bookinfo extends Chart {
  /** The page: `/productpage`, `/login`, `/logout`, `/static/…`, `/api/v1/products…`. */
  public readonly productpage: IWorkload;
  /** Facts about a book. */
  public readonly details: IWorkload;
  /** Star ratings of a book. */
  public readonly ratings: IWorkload;
  /** Reviews of a book: v1 shows no stars, v2 black ones, v3 red ones. */
  public readonly reviews: IWorkload;

  public constructor(scope: Construct, id: string, props: BookinfoProps = {}) {
    super(requireScopeAndId(scope, id), id);
    requireProps('BookinfoProps', props, this.node.path);
    const namespace = requireDnsLabel('namespace', props.namespace ?? 'bookinfo', this.node.path);
    const replicas = requireInteger('replicas', props.replicas ?? 1, 0, 1000, this.node.path);
    const image = (name: string) => `${props.registry ?? 'registry.istio.io/release'}/examples-bookinfo-${name}:${props.tag ?? '1.20.3'}`;
    const service = (name: string, versions: readonly string[]) => ({
      name,
      namespace,
      replicas,
      port: PORT,
      serviceAccountName: `bookinfo-${name}`,
      images: Object.fromEntries(versions.map(version => [version, image(`${name}-${version}`)])),
    });
    addMeshNamespace(this, namespace);
    this.details = addMicroservice(this, 'Details', service('details', ['v1']));
    this.ratings = addMicroservice(this, 'Ratings', service('ratings', ['v1']));
    this.reviews = addMicroservice(this, 'Reviews', {
      ...service('reviews', ['v1', 'v2', 'v3']),
      environment: { LOG_DIR: '/tmp/logs' },
      writablePaths: { tmp: '/tmp', 'wlp-output': '/opt/ibm/wlp/output' },
    });
    this.productpage = addMicroservice(this, 'Productpage', {
      ...service('productpage', ['v1']),
      podAnnotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(PORT), 'prometheus.io/path': '/metrics' },
      writablePaths: { tmp: '/tmp' },
    });
  }
}
