// A shop of three services: graphql serves clients with data from orders and products, and every service has a retry policy.
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireDnsLabel } from '../base/kubernetes-name';
import { requireInteger } from '../base/number';
import { requireProps } from '../base/prop-types';
import { requireScopeAndId } from '../base/scope';
import { MeshRoute } from '../edge/routing/mesh-route';
import { RetryOn, type RetryPolicy } from '../edge/routing/route-policy';
import { RouteTarget } from '../edge/routing/route-target';
import type { IWorkload } from '../edge/workload/workload';
import { addMeshNamespace } from './mesh-namespace';
import { addMicroservice } from './microservice';

/** Images of the `Ecommerce` services. An image of your own has to listen on 8080 and to run as user 1000 with a read-only root file system. */
export interface EcommerceImages {
  /**
   * Image of graphql.
   *
   * @default 'registry.k8s.io/echoserver:1.10'
   */
  readonly graphql?: string;

  /**
   * Image of orders.
   *
   * @default 'registry.k8s.io/echoserver:1.10'
   */
  readonly orders?: string;

  /**
   * Image of products.
   *
   * @default 'registry.k8s.io/echoserver:1.10'
   */
  readonly products?: string;
}

/** Props of `Ecommerce`. */
export interface EcommerceProps {
  /**
   * Namespace. It is created, with sidecar injection enabled.
   *
   * @default 'e-commerce'
   */
  readonly namespace?: string;

  /**
   * Images of the services.
   *
   * @default - an echo server for each
   */
  readonly images?: EcommerceImages;

  /**
   * Pods per service.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * When and how often calls inside the mesh are retried. The default only covers failures in which the service has not processed the
   * request, so that no order is placed twice.
   *
   * @default - 3 retries on connection failures, refused streams and resets before the request was sent
   */
  readonly retries?: RetryPolicy;
}

const ECHO = 'registry.k8s.io/echoserver:1.10';
const RETRIES: RetryPolicy = { attempts: 3, retryOn: [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM, RetryOn.RESET_BEFORE_REQUEST] };

/** The shop: graphql on port 80 for clients, orders and products on port 80 for graphql. */
export class Ecommerce extends Chart {
  /** What clients call: `/graphql`, `/playground`. */
  public readonly graphql: IWorkload;
  /** Orders of customers. */
  public readonly orders: IWorkload;
  /** Products of the shop. */
  public readonly products: IWorkload;
  /** The retry policy of calls inside the mesh. Use it for routes at a gateway as well, if you like. */
  public readonly retries: RetryPolicy;

  public constructor(scope: Construct, id: string, props: EcommerceProps = {}) {
    super(requireScopeAndId(scope, id), id);
    requireProps('EcommerceProps', props, this.node.path);
    const namespace = requireDnsLabel('namespace', props.namespace ?? 'e-commerce', this.node.path);
    const replicas = requireInteger('replicas', props.replicas ?? 2, 0, 1000, this.node.path);
    this.retries = props.retries ?? RETRIES;
    addMeshNamespace(this, namespace);
    const service = (id: string, name: string, image = ECHO): IWorkload => {
      const workload = addMicroservice(this, id, { name, namespace, replicas, port: 80, containerPort: 8080, images: { v1: image }, asRoot: image === ECHO });
      new MeshRoute(this, name, { workload, target: RouteTarget.workload(workload), retries: this.retries });
      return workload;
    };
    this.orders = service('Orders', 'orders', props.images?.orders);
    this.products = service('Products', 'products', props.images?.products);
    this.graphql = service('Graphql', 'graphql', props.images?.graphql);
  }
}
