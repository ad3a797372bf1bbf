// The pods and Service of the gateway: rendered here, installed with Helm or istioctl, or already running.
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requirePortName, requireServiceName } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger, requirePort } from '../../base/number';
import { oncePerApp } from '../../base/once-per-app';
import { propsOf, requireProps } from '../../base/prop-types';
import { type GatewayDeployment, settleGateway, workloadOf } from './deployment';
import { GatewayEntry, type IGatewayWorkload, STATUS_PORT_NAME } from './service';
import { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from './injected-gateway';
import { helmValues } from './helm-values';
import { GatewayInstaller, type InstalledGatewayOptions } from './installed-gateway';
import { istioOperator } from './istio-operator';
import { requireUnique } from '../wire/bounds';

/** A gateway that already runs in the cluster, installed with Helm, istioctl or by another team. */
export interface GatewayWorkloadAttributes {
  /** Namespace of the gateway's pods and Service. */
  readonly namespace: string;

  /** Name of the gateway's Service. */
  readonly service: string;

  /** Labels that select the gateway's pods. The pods may have more labels. */
  readonly labels: { readonly [key: string]: string };

  /**
   * Service port for plain HTTP.
   *
   * @default 80
   */
  readonly httpPort?: number;

  /**
   * Service port for HTTPS.
   *
   * @default 443
   */
  readonly httpsPort?: number;

  /**
   * Number of proxies whose X-Forwarded-For and X-Forwarded-Proto headers the gateway trusts: `numTrustedProxies` of its proxy configuration.
   *
   * @default - unknown; rules that match client addresses must state it, and so must a gateway that the ALB reaches over HTTP
   */
  readonly trustedProxies?: number;

  /**
   * ServiceAccount of the gateway's pods: their identity in the mesh.
   *
   * @default - unknown; rules that allow the gateway must state it
   */
  readonly serviceAccount?: string;

  /**
   * Additional Service ports, for TCP routes. Only behind a Network Load Balancer.
   *
   * @default - none
   */
  readonly tcpPorts?: number[];

  /**
   * Whether the Network Load Balancer preserves client addresses, either directly or through the PROXY protocol. If it does not, rules that
   * match client addresses are rejected. Behind an ALB, set `trustedProxies` instead.
   *
   * @default true
   */
  readonly seesClientAddress?: boolean;

  /**
   * Name of the Service port for the proxy's status port, 15021. Its target port must be a number.
   *
   * @default 'status-port', the name in Istio's charts
   */
  readonly statusPortName?: string;

  /**
   * Port for health checks by number, for a Service without a status port: the port of the pods, usually 15021. With `targetTypes:
   * [TargetType.INSTANCE]`, a port of the nodes, from 30000 to 32767, that forwards to it. Cannot be combined with `statusPortName`.
   *
   * @default - the Service port `statusPortName`
   */
  readonly statusPort?: number;

  /**
   * The load balancer that receives client traffic: an ALB created here, or the Network Load Balancer of the gateway's Service.
   *
   * @default GatewayEntry.ALB
   */
  readonly entry?: GatewayEntry;

  /**
   * What an ALB can register as targets. Instances require a Service with node ports. Rejected behind a Network Load Balancer.
   *
   * @default [TargetType.IP, TargetType.INSTANCE], because the Service is not known here; [TargetType.IP] with `statusPort`
   */
  readonly targetTypes?: TargetType[];

  /**
   * How long a terminating gateway pod keeps serving. The load balancer's deregistration delay is derived from it.
   *
   * @default Duration.seconds(5), the default of Istio's `terminationDrainDuration`
   */
  readonly drainDuration?: Duration;
}

/** Selects the pods that run the gateway. */
export abstract class GatewayWorkload {
  /**
   * Deploys a dedicated gateway: a Deployment with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB.
   *
   * @throws InvalidProps for a value of the wrong type. Values are validated when the gateway is added to a chart.
   */
  public static injected(options: InjectedGatewayOptions = {}): GatewayWorkload {
    return new InjectedGatewayWorkload(requireProps(propsOf<InjectedGatewayProps>('InjectedGatewayProps'), options, '', 'options'));
  }

  /**
   * Uses a gateway that already runs in the cluster. Nothing is rendered for it, so you are responsible for its pods: `numTrustedProxies: 1`
   * in the proxy configuration, at least two replicas, and a drain that outlasts the deregistration delay.
   *
   * @throws InvalidProps for invalid names, ports or labels
   */
  public static fromAttributes(attributes: GatewayWorkloadAttributes): GatewayWorkload {
    return new ExistingGatewayWorkload(attributes);
  }

  /**
   * Uses a gateway that you install with Helm or istioctl, with the same options as `injected`. No objects are rendered: pass the result of
   * `helmValues()` or `istioOperator()` to the installer.
   *
   * @throws InvalidProps for an invalid name, number or duration
   */
  public static installed(options: InstalledGatewayOptions = {}): InstalledGateway {
    return new InstalledGateway(options);
  }

  /** @internal */
  public abstract _bind(scope: Construct, id: string, name: string): IGatewayWorkload;
}

class InjectedGatewayWorkload extends GatewayWorkload {
  public constructor(private readonly options: InjectedGatewayOptions) {
    super();
  }

  public override _bind(scope: Construct, id: string, name: string): IGatewayWorkload {
    return new InjectedGateway(scope, id, { gatewayName: name, ...this.options }).workload;
  }
}

class ExistingGatewayWorkload extends GatewayWorkload {
  private readonly workload: IGatewayWorkload;

  public constructor(attributes: GatewayWorkloadAttributes) {
    super();
    const {
      namespace, service, labels, httpPort = 80, httpsPort = 443, statusPortName, statusPort, entry = GatewayEntry.ALB,
      drainDuration = Duration.seconds(5), trustedProxies, serviceAccount, seesClientAddress,
    } = requireProps('GatewayWorkloadAttributes', attributes, '', 'attributes');
    this.workload = {
      workloadNamespace: requireDnsLabel('namespace', namespace),
      serviceName: requireServiceName('service', service),
      selector: requireLabels('labels', labels),
      httpPort: requirePort('httpPort', httpPort),
      httpsPort: requirePort('httpsPort', httpsPort),
      statusPortName: requirePortName('statusPortName', statusPortName ?? STATUS_PORT_NAME),
      statusPort: statusPort === undefined ? undefined : existingStatusPort(statusPort, attributes),
      entry,
      targetTypes: existingTargetTypes(entry, attributes.targetTypes, statusPort === undefined ? [TargetType.IP, TargetType.INSTANCE] : [TargetType.IP]),
      drainDuration,
      trustedProxies: trustedProxies === undefined ? undefined : requireInteger('trustedProxies', trustedProxies, 0, 100),
      serviceAccount: serviceAccount === undefined ? undefined : requireDnsSubdomain('serviceAccount', serviceAccount),
      tcpPorts: existingTcpPorts(entry, attributes.tcpPorts, [httpPort, httpsPort]),
      seesClientAddress,
    };
    if (httpPort === httpsPort) {
      throw InvalidProps.value('httpPort', httpPort, 'must be different from httpsPort');
    }
    if (entry === GatewayEntry.ALB && seesClientAddress !== undefined) {
      throw InvalidProps.conflict('seesClientAddress', seesClientAddress, 'cannot be set behind an ALB; set trustedProxies instead');
    }
  }

  public override _bind(): IGatewayWorkload {
    return this.workload;
  }
}

/** A number is the port of the targets, whatever they are: of pods or of nodes (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_target_group.go). */
function existingStatusPort(statusPort: number, { statusPortName, entry, targetTypes = [TargetType.IP] }: GatewayWorkloadAttributes): number {
  if (entry === GatewayEntry.NETWORK_LOAD_BALANCER) {
    throw InvalidProps.conflict('statusPort', statusPort, 'cannot be set behind a Network Load Balancer, whose health check is an annotation of the Service');
  }
  if (statusPortName !== undefined) {
    throw InvalidProps.conflict('statusPort', statusPort, 'cannot be set together with statusPortName');
  }
  if (targetTypes.length > 1) {
    throw InvalidProps.conflict('statusPort', statusPort, 'cannot be the port of both pods and nodes; set targetTypes to one of them');
  }
  return targetTypes[0] === TargetType.INSTANCE ? requireInteger('statusPort', statusPort, 30000, 32767) : requirePort('statusPort', statusPort);
}

function existingTargetTypes(entry: GatewayEntry, targetTypes: TargetType[] | undefined, otherwise: TargetType[]): TargetType[] {
  if (entry === GatewayEntry.ALB) {
    if (targetTypes?.length === 0) {
      throw InvalidProps.value('targetTypes', [], 'must contain at least one target type');
    }
    return [...targetTypes ?? otherwise];
  }
  if (targetTypes !== undefined) {
    throw InvalidProps.conflict('targetTypes', targetTypes, 'cannot be set behind a Network Load Balancer, because no ALB may forward to the gateway');
  }
  return [];
}

function existingTcpPorts(entry: GatewayEntry, tcpPorts: number[] | undefined, taken: readonly number[]): number[] | undefined {
  if (tcpPorts !== undefined && entry === GatewayEntry.ALB) {
    throw InvalidProps.conflict('tcpPorts', tcpPorts, 'cannot be set behind an ALB, which only forwards HTTP to its targets');
  }
  requireUnique('tcpPorts', tcpPorts ?? []);
  return tcpPorts?.map((port, index) => {
    if (taken.includes(requirePort(`tcpPorts[${index}]`, port))) {
      throw InvalidProps.value(`tcpPorts[${index}]`, port, 'must be different from httpPort and httpsPort');
    }
    return port;
  });
}

const INSTALLED = oncePerApp<InstalledGateway>();

/** Names of the gateways of an app that Helm or istioctl installs, with a file that nobody has got so far. */
export function gatewaysWithoutFile(app: Construct): string[] {
  return [...INSTALLED(app)].filter(([, gateway]) => !gateway._hasFile).map(([name]) => name);
}

/**
 * A gateway that you install with Helm or istioctl, from values generated here. The edge derives the selector, ports, target types and drain
 * from the same options, so the installation and the edge cannot disagree.
 */
export class InstalledGateway extends GatewayWorkload {
  /** The pods and Service, for the parts that need to know them. */
  public readonly workload: IGatewayWorkload;
  private readonly gateway: GatewayDeployment;
  private readonly installer: GatewayInstaller | undefined;
  /** Whether somebody has got a file to install it with. @internal */
  public _hasFile = false;

  /** @throws InvalidProps for an invalid name, number or duration */
  public constructor(options: InstalledGatewayOptions = {}) {
    super();
    const { gatewayName = 'istio-ingress', installer } = requireProps('InstalledGatewayOptions', options, '', 'options');
    this.gateway = settleGateway(gatewayName, options);
    this.installer = installer;
    this.workload = workloadOf(this.gateway);
  }

  /**
   * A values file for Istio's Helm chart `gateway`, 1.27 or later, as YAML.
   *
   * @throws InvalidProps if the chart cannot express an option, or istioctl is the installer
   */
  public helmValues(): string {
    this.requireInstaller(GatewayInstaller.HELM);
    return helmValues(this.gateway);
  }

  /**
   * An overlay file of kind `IstioOperator` for `istioctl install -f`, as YAML. Do not apply it to a cluster.
   *
   * @throws InvalidProps if istioctl cannot apply an option, or Helm is the installer
   */
  public istioOperator(): string {
    this.requireInstaller(GatewayInstaller.ISTIOCTL);
    return istioOperator(this.gateway);
  }

  /** The files by their names, one for each installer. @internal */
  public _files(): Record<string, string> {
    const { workload: { serviceName }, installer } = this;
    return {
      ...installer === GatewayInstaller.ISTIOCTL ? {} : { [`${serviceName}.helm-values.yaml`]: this.helmValues() },
      ...installer === GatewayInstaller.HELM ? {} : { [`${serviceName}.istio-operator.yaml`]: this.istioOperator() },
    };
  }

  private requireInstaller(installer: GatewayInstaller): void {
    if (this.installer !== undefined && this.installer !== installer) {
      throw InvalidProps.conflict('installer', this.installer, `cannot be ${this.installer} for a file that ${installer} reads`);
    }
    this._hasFile = true;
  }

  /** @internal */
  public override _bind(scope: Construct, _id: string, _name: string): IGatewayWorkload {
    INSTALLED(scope).set(`${this.workload.workloadNamespace}/${this.workload.serviceName}`, this);
    return this.workload;
  }
}
