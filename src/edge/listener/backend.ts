// What an ALB needs to know of the Service that it forwards to; an `EdgeGateway` is one, and any Service outside the mesh can be.
import { Duration } from 'cdk8s';
import { BackendProtocol, TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireServiceName } from '../../base/kubernetes-name';
import { requirePort } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { wholeSeconds } from '../wire/duration';

/** A Service that an Application Load Balancer can forward to, with everything that has to agree on both sides. */
export interface IAlbBackend {
  /** Namespace of the Service, and of the Ingress: an Ingress can only target Services in its own namespace. */
  readonly backendNamespace: string;
  /** Name of the Service. */
  readonly backendService: string;
  /** Service port that receives the requests. */
  readonly backendPort: number;
  /** Protocol on that port. */
  readonly backendProtocol: BackendProtocol;
  /** Name of the Service port that serves health checks, the number of a port of the targets, or `traffic-port`. */
  readonly healthCheckPort: string;
  /** Protocol on that port. */
  readonly healthCheckProtocol: BackendProtocol;
  /** Path that responds to health checks with 200. */
  readonly healthCheckPath: string;
  /** Target types that the Service supports, the preferred one first. Empty if no ALB may forward to it. */
  readonly targetTypes: TargetType[];
  /** How long a terminating target keeps serving requests. The deregistration delay must not be longer. */
  readonly drainDuration: Duration;
}

/** A Service outside the mesh. */
export interface AlbServiceOptions {
  /** Name of the Service. */
  readonly serviceName: string;

  /** Namespace of the Service, which is also that of the Ingress. */
  readonly namespace: string;

  /** Service port that receives the requests. */
  readonly port: number;

  /**
   * Protocol on that port.
   *
   * @default BackendProtocol.HTTP
   */
  readonly protocol?: BackendProtocol;

  /**
   * Path that responds to health checks with 200.
   *
   * @default '/'
   */
  readonly healthCheckPath?: string;

  /**
   * Name of another Service port that serves health checks, over plain HTTP.
   *
   * @default - the port that receives the requests, with its protocol
   */
  readonly healthCheckPort?: string;

  /**
   * Target types that the Service supports, the preferred one first. `TargetType.INSTANCE` needs a Service of type NodePort or LoadBalancer.
   *
   * @default [TargetType.IP]
   */
  readonly targetTypes?: TargetType[];

  /**
   * How long a terminating pod keeps serving requests: whole seconds, up to 3600. It becomes the deregistration delay.
   *
   * @default Duration.seconds(30) - the grace period that Kubernetes gives a pod
   */
  readonly drainDuration?: Duration;
}

/** Services that an Application Load Balancer can forward to. */
export class AlbBackend implements IAlbBackend {
  /**
   * A Service outside the mesh: `new Alb(chart, 'Legacy', { backend: AlbBackend.service({ … }), hosts, group })` puts it behind the load
   * balancer of an edge in the same IngressGroup. The Ingress is its own, so protocol, health check and target type apply to it alone.
   *
   * Pods with a sidecar that demands mTLS refuse the load balancer; route to those through a gateway.
   *
   * @throws InvalidProps for values that Kubernetes or AWS would reject
   */
  public static service(options: AlbServiceOptions): IAlbBackend {
    return new AlbBackend(requireProps('AlbServiceOptions', options, '', 'options'));
  }

  public readonly backendNamespace: string;
  public readonly backendService: string;
  public readonly backendPort: number;
  public readonly backendProtocol: BackendProtocol;
  public readonly healthCheckPort: string;
  public readonly healthCheckProtocol: BackendProtocol;
  public readonly healthCheckPath: string;
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;

  private constructor({ serviceName, namespace, port, protocol = BackendProtocol.HTTP, ...options }: AlbServiceOptions) {
    const { healthCheckPath = '/', healthCheckPort, targetTypes = [TargetType.IP], drainDuration = Duration.seconds(30) } = options;
    this.backendNamespace = requireDnsLabel('namespace', namespace);
    this.backendService = requireServiceName('serviceName', serviceName);
    this.backendPort = requirePort('port', port);
    this.backendProtocol = protocol;
    this.healthCheckPort = healthCheckPort === undefined ? 'traffic-port' : requireServiceName('healthCheckPort', healthCheckPort);
    this.healthCheckProtocol = healthCheckPort === undefined ? protocol : BackendProtocol.HTTP;
    // At most 1024 characters (ELBv2 API 2015-12-01, HealthCheckPath).
    if (!/^\/\S{0,1023}$/.test(healthCheckPath)) {
      throw InvalidProps.value('healthCheckPath', healthCheckPath, 'must be a path that starts with /, at most 1024 characters long');
    }
    this.healthCheckPath = healthCheckPath;
    if (targetTypes.length === 0) {
      throw InvalidProps.value('targetTypes', targetTypes, 'must have at least one target type');
    }
    this.targetTypes = targetTypes;
    wholeSeconds('drainDuration', drainDuration, 0, 3600);
    this.drainDuration = drainDuration;
  }
}
