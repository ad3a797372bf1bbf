// The pods that run the gateway, and their Service: deployed by us, or there already.
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { TargetType } from '../base/alb-words';
import { InvalidProps } from '../base/errors';
import { requireDnsLabel, requirePort, requirePortName, requireServiceName } from '../base/kubernetes-name';
import { requireLabels } from '../base/labels';
import { InjectedGateway, type InjectedGatewayOptions } from './injected-gateway';
import { type IGatewayWorkload, STATUS_PORT_NAME } from './gateway-service';

/** A gateway that runs in the cluster already, installed with Helm, istioctl or by another team. */
export interface ExistingGatewayOptions {
  /** Namespace of the gateway's pods and Service. */
  readonly namespace: string;

  /** Name of the gateway's Service. */
  readonly service: string;

  /** Labels that select the gateway's pods; a part of the pods' labels. */
  readonly labels: { readonly [key: string]: string };

  /**
   * Service port that leads to HTTPS.
   *
   * @default 443
   */
  readonly httpsPort?: number;

  /**
   * Name of the Service port that leads to the proxy's status port, 15021. Its target port has to be a number.
   *
   * @default 'status-port', the name in Istio's own charts
   */
  readonly statusPortName?: string;

  /**
   * What the load balancer can register: nodes only where the Service has node ports.
   *
   * @default [TargetType.IP, TargetType.INSTANCE]; the Service cannot be seen from here
   */
  readonly targetTypes?: TargetType[];

  /**
   * How long a gateway pod that is going away still answers. The load balancer's deregistration delay follows it.
   *
   * @default Duration.seconds(5), the default of Istio's `terminationDrainDuration`
   */
  readonly drainDuration?: Duration;
}

/** Which pods run the gateway. */
export abstract class GatewayWorkload {
  /** Deploys a gateway of its own: Deployment with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB. */
  public static injected(options: InjectedGatewayOptions = {}): GatewayWorkload {
    return new InjectedGatewayWorkload(options);
  }

  /**
   * Uses a gateway that runs in the cluster already. Nothing of it is rendered, so what its pods need is up to you:
   * `numTrustedProxies: 1` in its proxy configuration, at least two replicas, and a drain that outlasts the deregistration delay.
   *
   * @throws InvalidProps for names, ports or labels that cannot be
   */
  public static existing(options: ExistingGatewayOptions): GatewayWorkload {
    return new ExistingGatewayWorkload(options);
  }

  /** @internal */
  public abstract _bind(scope: Construct, id: string, name: string): IGatewayWorkload;
}

class InjectedGatewayWorkload extends GatewayWorkload {
  public constructor(private readonly options: InjectedGatewayOptions) {
    super();
  }

  public override _bind(scope: Construct, id: string, name: string): IGatewayWorkload {
    return new InjectedGateway(scope, id, { gatewayName: name, ...this.options });
  }
}

class ExistingGatewayWorkload extends GatewayWorkload implements IGatewayWorkload {
  public readonly workloadNamespace: string;
  public readonly serviceName: string;
  public readonly selector: { readonly [key: string]: string };
  public readonly httpsPort: number;
  public readonly statusPortName: string;
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;

  public constructor(options: ExistingGatewayOptions) {
    super();
    this.workloadNamespace = requireDnsLabel('namespace', options.namespace);
    this.serviceName = requireServiceName('service', options.service);
    this.selector = requireLabels('labels', options.labels);
    this.httpsPort = requirePort('httpsPort', options.httpsPort ?? 443);
    this.statusPortName = requirePortName('statusPortName', options.statusPortName ?? STATUS_PORT_NAME);
    this.targetTypes = [...options.targetTypes ?? [TargetType.IP, TargetType.INSTANCE]];
    if (this.targetTypes.length === 0) {
      throw new InvalidProps('targetTypes', [], 'at least one target type');
    }
    this.drainDuration = options.drainDuration ?? Duration.seconds(5);
  }

  public override _bind(): IGatewayWorkload {
    return this;
  }
}
