// The pods that run the gateway, and their Service: deployed by us, or there already.
import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requirePortName, requireServiceName } from '../../base/kubernetes-name';
import { requireLabels } from '../../base/labels';
import { requireInteger, requirePort } from '../../base/number';
import { propsOf, requireProps } from '../../base/prop-types';
import { type GatewayDeployment, settleGateway } from './deployment';
import { GatewayEntry, type IGatewayWorkload, STATUS_PORT_NAME } from './service';
import { InjectedGateway, type InjectedGatewayOptions, type InjectedGatewayProps } from './injected-gateway';
import { helmValues, type InstalledGatewayOptions, istioOperator } from './installed-gateway';
import { requireUnique } from '../wire/bounds';

/** A gateway that runs in the cluster already, installed with Helm, istioctl or by another team. */
export interface ExistingGatewayOptions {
  /** Namespace of the gateway's pods and Service. */
  readonly namespace: string;

  /** Name of the gateway's Service. */
  readonly service: string;

  /** Labels that select the gateway's pods; a part of the pods' labels. */
  readonly labels: { readonly [key: string]: string };

  /**
   * Service port that leads to plain HTTP.
   *
   * @default 80
   */
  readonly httpPort?: number;

  /**
   * Service port that leads to HTTPS.
   *
   * @default 443
   */
  readonly httpsPort?: number;

  /**
   * Proxies whose X-Forwarded-For and X-Forwarded-Proto the gateway believes: `numTrustedProxies` of its proxy configuration.
   *
   * @default - not known; rules about client addresses have to say it
   */
  readonly trustedProxies?: number;

  /**
   * ServiceAccount that the gateway's pods run as: their identity in the mesh.
   *
   * @default - not known; rules that let the gateway in have to say it
   */
  readonly serviceAccount?: string;

  /**
   * Further Service ports, for TCP routes. Behind a Network Load Balancer only.
   *
   * @default - none
   */
  readonly tcpPorts?: number[];

  /**
   * Whether the Network Load Balancer hands on the addresses of clients, by itself or with the PROXY protocol. Without, rules about client
   * addresses are refused. Behind an ALB, `trustedProxies` says it.
   *
   * @default true
   */
  readonly seesClientAddress?: boolean;

  /**
   * Name of the Service port that leads to the proxy's status port, 15021. Its target port has to be a number.
   *
   * @default 'status-port', the name in Istio's own charts
   */
  readonly statusPortName?: string;

  /**
   * What sends the clients' traffic: an ALB made here, or a Network Load Balancer that the gateway's Service has already.
   *
   * @default GatewayEntry.ALB
   */
  readonly entry?: GatewayEntry;

  /**
   * What an ALB can register: nodes only where the Service has node ports. Refused behind a Network Load Balancer.
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
  /**
   * Deploys a gateway of its own: Deployment with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB.
   *
   * @throws InvalidProps for a value of another type; what it can be is checked where the gateway gets its place
   */
  public static injected(options: InjectedGatewayOptions = {}): GatewayWorkload {
    return new InjectedGatewayWorkload(requireProps(propsOf<InjectedGatewayProps>('InjectedGatewayProps'), options, '', 'options'));
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

  /**
   * Uses a gateway that Helm or istioctl installs, with the same choices as `injected`. No object is rendered: take `helmValues()` or
   * `istioOperator()` of the result for the installation.
   *
   * @throws InvalidProps for a name, number or duration that cannot work
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
    return new InjectedGateway(scope, id, { gatewayName: name, ...this.options });
  }
}

class ExistingGatewayWorkload extends GatewayWorkload implements IGatewayWorkload {
  public readonly workloadNamespace: string;
  public readonly serviceName: string;
  public readonly selector: { readonly [key: string]: string };
  public readonly httpPort: number;
  public readonly httpsPort: number;
  public readonly statusPortName: string;
  public readonly entry: GatewayEntry;
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;
  public readonly trustedProxies?: number;
  public readonly serviceAccount?: string;
  public readonly seesClientAddress?: boolean;
  public readonly tcpPorts?: number[];

  public constructor(options: ExistingGatewayOptions) {
    super();
    requireProps('ExistingGatewayOptions', options, '', 'options');
    this.workloadNamespace = requireDnsLabel('namespace', options.namespace);
    this.serviceName = requireServiceName('service', options.service);
    this.selector = requireLabels('labels', options.labels);
    this.httpPort = requirePort('httpPort', options.httpPort ?? 80);
    this.httpsPort = requirePort('httpsPort', options.httpsPort ?? 443);
    this.statusPortName = requirePortName('statusPortName', options.statusPortName ?? STATUS_PORT_NAME);
    if (this.httpPort === this.httpsPort) {
      throw InvalidProps.value('httpPort', this.httpPort, 'must be another port than httpsPort');
    }
    this.entry = options.entry ?? GatewayEntry.ALB;
    this.targetTypes = existingTargetTypes(this.entry, options.targetTypes);
    this.drainDuration = options.drainDuration ?? Duration.seconds(5);
    this.trustedProxies = options.trustedProxies === undefined ? undefined : requireInteger('trustedProxies', options.trustedProxies, 0, 100);
    this.serviceAccount = options.serviceAccount === undefined ? undefined : requireDnsSubdomain('serviceAccount', options.serviceAccount);
    this.tcpPorts = existingTcpPorts(options, [this.httpPort, this.httpsPort]);
    this.seesClientAddress = options.seesClientAddress;
    if (this.entry === GatewayEntry.ALB && options.seesClientAddress !== undefined) {
      throw InvalidProps.conflict('seesClientAddress', options.seesClientAddress, 'cannot be set behind an ALB, where trustedProxies says it');
    }
  }

  public override _bind(): IGatewayWorkload {
    return this;
  }
}

function existingTargetTypes(entry: GatewayEntry, targetTypes: TargetType[] | undefined): TargetType[] {
  if (entry === GatewayEntry.ALB) {
    if (targetTypes?.length === 0) {
      throw InvalidProps.value('targetTypes', [], 'must be at least one target type');
    }
    return [...targetTypes ?? [TargetType.IP, TargetType.INSTANCE]];
  }
  if (targetTypes !== undefined) {
    throw InvalidProps.conflict('targetTypes', targetTypes, 'cannot be set behind a Network Load Balancer: no ALB may use the gateway');
  }
  return [];
}

function existingTcpPorts({ tcpPorts, entry = GatewayEntry.ALB }: ExistingGatewayOptions, taken: readonly number[]): number[] | undefined {
  if (tcpPorts !== undefined && entry === GatewayEntry.ALB) {
    throw InvalidProps.conflict('tcpPorts', tcpPorts, 'cannot be set behind an ALB, which speaks HTTP with its targets');
  }
  requireUnique('tcpPorts', tcpPorts ?? []);
  return tcpPorts?.map((port, index) => {
    if (taken.includes(requirePort(`tcpPorts[${index}]`, port))) {
      throw InvalidProps.value(`tcpPorts[${index}]`, port, 'must be another port than httpPort and httpsPort');
    }
    return port;
  });
}

/**
 * A gateway that Helm or istioctl installs, from texts that are made here. What the edge needs to know of it, selector, ports, target
 * types and drain, follows from the same choices, so the two cannot disagree.
 */
export class InstalledGateway extends GatewayWorkload implements IGatewayWorkload {
  public readonly workloadNamespace: string;
  public readonly serviceName: string;
  public readonly selector: { readonly [key: string]: string };
  public readonly httpPort: number = 80;
  public readonly httpsPort: number = 443;
  public readonly statusPortName: string = STATUS_PORT_NAME;
  public readonly entry: GatewayEntry;
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;
  public readonly trustedProxies?: number;
  public readonly seesClientAddress?: boolean;
  public readonly plainHttpOnly?: boolean;
  public readonly tcpPorts?: number[];
  private readonly gateway: GatewayDeployment;

  /** @throws InvalidProps for a name, number or duration that cannot work */
  public constructor(options: InstalledGatewayOptions = {}) {
    super();
    const { gatewayName = 'istio-ingress' } = requireProps('InstalledGatewayOptions', options, '', 'options');
    this.gateway = settleGateway(gatewayName, options);
    this.workloadNamespace = this.gateway.namespace;
    this.serviceName = this.gateway.name;
    this.selector = this.gateway.selector;
    this.entry = this.gateway.exposure.entry;
    this.targetTypes = this.gateway.exposure.targetTypes;
    this.drainDuration = Duration.seconds(this.gateway.drainSeconds);
    this.trustedProxies = this.gateway.trustedProxies;
    this.seesClientAddress = this.gateway.exposure._seesClientAddress;
    this.plainHttpOnly = this.gateway.exposure._plainHttpOnly;
    this.tcpPorts = this.gateway.exposure._tcpPorts;
  }

  /** A values file for Istio's Helm chart `gateway`, 1.27 or later, as YAML. */
  public helmValues(): string {
    return helmValues(this.gateway);
  }

  /** An overlay file of the kind `IstioOperator` for `istioctl install -f`, as YAML. It is never applied to a cluster. */
  public istioOperator(): string {
    return istioOperator(this.gateway);
  }

  /** @internal */
  public override _bind(_scope: Construct, _id: string, _name: string): IGatewayWorkload {
    return this;
  }
}
