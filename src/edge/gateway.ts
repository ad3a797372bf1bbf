// The Istio Gateway: one HTTPS server that takes every connection of the ALB and hands it to the routes of the admitted namespaces.
import { ApiObject, Duration, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Gateway, GatewaySpecServersTlsMode } from '../../imports/istio/networking.istio.io';
import { BackendProtocol, type TargetType } from '../base/alb-words';
import { InvalidProps } from '../base/errors';
import { requireDnsLabel, requireSecretName, requireServiceName } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import type { IAlbBackend } from './alb-backend';
import type { IGatewayWorkload } from './gateway-service';

/** A Gateway that routes can be bound to. */
export interface IGateway {
  /** Name of the Gateway object. */
  readonly gatewayName: string;
  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Lets VirtualServices of a namespace attach to this Gateway.
   *
   * @throws InvalidProps where the Gateway is not ours and does not admit the namespace
   */
  admitRoutesFrom(namespace: string): void;
}

/** A Gateway that another chart or repository owns. */
export interface GatewayAttributes {
  /** Name of the Gateway object. */
  readonly gatewayName: string;

  /** Namespace of the Gateway object. */
  readonly gatewayNamespace: string;

  /**
   * Namespaces whose VirtualServices may attach.
   *
   * @default - not known here; every namespace is taken as admitted
   */
  readonly admittedNamespaces?: string[];
}

/** The choices about the Gateway. */
export interface EdgeGatewayOptions {
  /**
   * Name of the TLS Secret, in the namespace of the gateway's pods. An ALB does not verify the certificates of its targets, so a
   * self-signed one will do.
   */
  readonly credentialName: string;

  /**
   * Further namespaces whose VirtualServices may attach. Those of routes that are made here are admitted by themselves.
   *
   * @default - none
   */
  readonly admittedNamespaces?: string[];
}

/** Props of an `EdgeGateway`. */
export interface EdgeGatewayProps extends EdgeGatewayOptions {
  /** The pods that run the gateway. */
  readonly workload: IGatewayWorkload;

  /**
   * Name of the Gateway object.
   *
   * @default - the name of the workload's Service
   */
  readonly gatewayName?: string;
}

/**
 * An Istio Gateway for traffic that an ALB encrypts again.
 *
 * The ALB opens TLS without a server name, and Istio turns concrete hosts of a TLS server into a condition on that name. So there is
 * one server, its host part is `*`, and the namespaces that may attach are listed one by one. Redirects to HTTPS are the ALB's.
 */
export class EdgeGateway extends Construct implements IGateway, IAlbBackend {
  /** Refers to a Gateway that another chart or repository owns. */
  public static fromAttributes(attributes: GatewayAttributes): IGateway {
    return new ImportedGateway(attributes);
  }

  public readonly gatewayName: string;
  public readonly gatewayNamespace: string;
  public readonly backendNamespace: string;
  public readonly backendService: string;
  public readonly backendPort: number;
  public readonly backendProtocol: BackendProtocol = BackendProtocol.HTTPS;
  public readonly healthCheckPort: string;
  /** The proxy's status port never speaks TLS, whatever the traffic port does. */
  public readonly healthCheckProtocol: BackendProtocol = BackendProtocol.HTTP;
  public readonly healthCheckPath: string = '/healthz/ready';
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;
  private readonly admitted = new Set<string>();

  /** @throws InvalidProps for names that Kubernetes would refuse */
  public constructor(scope: Construct, id: string, props: EdgeGatewayProps) {
    super(scope, id);
    const { workload } = props;
    this.gatewayName = requireServiceName('gatewayName', props.gatewayName ?? workload.serviceName, this.node.path);
    this.gatewayNamespace = workload.workloadNamespace;
    this.backendNamespace = workload.workloadNamespace;
    this.backendService = workload.serviceName;
    this.backendPort = workload.httpsPort;
    this.healthCheckPort = workload.statusPortName;
    this.targetTypes = workload.targetTypes;
    this.drainDuration = workload.drainDuration;
    this.admitRoutesFrom(this.gatewayNamespace);
    props.admittedNamespaces?.forEach((namespace, index) => {
      this.admitRoutesFrom(requireDnsLabel(`admittedNamespaces[${index}]`, namespace, this.node.path));
    });

    const credentialName = requireSecretName('credentialName', props.credentialName, this.node.path);
    new ApiObject(this, 'Resource', {
      ...Gateway.manifest({ metadata: { name: this.gatewayName, namespace: this.gatewayNamespace, labels: recommendedLabels(this.gatewayName, 'gateway') } }),
      spec: Lazy.any({
        produce: () => Gateway.manifest({
          spec: {
            selector: { ...workload.selector },
            servers: [{
              port: { name: 'https', number: workload.httpsPort, protocol: 'HTTPS' },
              hosts: [...this.admitted].sort().map(namespace => `${namespace}/*`),
              tls: { mode: GatewaySpecServersTlsMode.SIMPLE, credentialName },
            }],
          },
        }).spec,
      }),
    });
  }

  public admitRoutesFrom(namespace: string): void {
    this.admitted.add(requireDnsLabel('namespace', namespace, this.node.path));
  }
}

class ImportedGateway implements IGateway {
  public readonly gatewayName: string;
  public readonly gatewayNamespace: string;

  public constructor(private readonly attributes: GatewayAttributes) {
    this.gatewayName = requireServiceName('gatewayName', attributes.gatewayName);
    this.gatewayNamespace = requireDnsLabel('gatewayNamespace', attributes.gatewayNamespace);
  }

  public admitRoutesFrom(namespace: string): void {
    const admitted = this.attributes.admittedNamespaces;
    if (admitted !== undefined && !admitted.includes(namespace)) {
      throw new InvalidProps('namespace', namespace,
        `a namespace that the gateway ${this.gatewayNamespace}/${this.gatewayName} admits: ${admitted.join(', ')}`);
    }
  }
}
