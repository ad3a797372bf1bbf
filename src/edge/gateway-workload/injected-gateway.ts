// A gateway deployed by injection: a plain Deployment whose proxy container istiod fills in, and all that it needs around it.
import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { TargetType } from '../../base/alb-annotations/words';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { type GatewayDeployment, type GatewayDeploymentOptions, settleGateway } from './deployment';
import { gatewayPod } from './pod';
import { type GatewayEntry, type IGatewayWorkload, STATUS_PORT_NAME } from './service';
import { PlainObject } from '../wire/plain-object';

/** The choices about a gateway deployed by injection. */
export interface InjectedGatewayOptions extends GatewayDeploymentOptions {
  /**
   * Whether the Namespace is rendered too, with the label that makes pods wait for their target to be healthy.
   *
   * @default true
   */
  readonly createNamespace?: boolean;
}

/** Props of an `InjectedGateway`. */
export interface InjectedGatewayProps extends InjectedGatewayOptions {
  /**
   * Name of the gateway: of its Service, Deployment, ServiceAccount and all else.
   *
   * @default 'istio-ingress'
   */
  readonly gatewayName?: string;
}

/**
 * Deployment with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB of one Istio gateway.
 *
 * A pod that goes away waits (`preStopDuration`), drains (`drainDuration`) and is killed 15 s later at the earliest; the load
 * balancer's deregistration delay is no longer than the drain. So no request is sent to a pod that is gone.
 */
export class InjectedGateway extends Construct implements IGatewayWorkload {
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
  public readonly serviceAccount?: string;
  public readonly seesClientAddress?: boolean;
  public readonly plainHttpOnly?: boolean;
  public readonly tcpPorts?: number[];

  /** @throws InvalidProps for a name, number or duration that cannot work */
  public constructor(scope: Construct, id: string, props: InjectedGatewayProps = {}) {
    super(scope, id);
    const { gatewayName = 'istio-ingress', createNamespace = true } = requireProps('InjectedGatewayProps', props, this.node.path);
    const gateway = settleGateway(gatewayName, props, this.node.path);
    const { name, namespace, exposure } = gateway;
    this.serviceName = name;
    this.workloadNamespace = namespace;
    this.selector = gateway.selector;
    this.entry = exposure.entry;
    this.targetTypes = exposure.targetTypes;
    this.drainDuration = Duration.seconds(gateway.drainSeconds);
    this.trustedProxies = gateway.trustedProxies;
    this.serviceAccount = name;
    this.seesClientAddress = exposure._seesClientAddress;
    this.plainHttpOnly = exposure._plainHttpOnly;
    this.tcpPorts = exposure._tcpPorts;
    const metadata = { name, namespace, labels: recommendedLabels(name, 'gateway') };

    if (createNamespace) {
      new PlainObject(this, 'Namespace', k8s.KubeNamespace.manifest({
        metadata: {
          name: namespace,
          labels: { ...recommendedLabels(name, 'gateway'), 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' },
        },
      }));
    }
    this.addIdentity(metadata);
    const annotations = Object.keys(gateway.serviceAnnotations).length > 0 ? { annotations: gateway.serviceAnnotations } : {};
    new PlainObject(this, 'Service', k8s.KubeService.manifest({ metadata: { ...metadata, ...annotations }, spec: exposure._render(this.selector) }));
    new PlainObject(this, 'Deployment', k8s.KubeDeployment.manifest({
      metadata,
      spec: {
        // No replicas: the HPA owns them, and every apply would scale back.
        selector: { matchLabels: { ...this.selector } },
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromString('25%'), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template: gatewayPod(gateway),
      },
    }));
    this.addScaling(metadata, gateway);
  }

  /** istiod sends a gateway the Secrets of its namespace only when its ServiceAccount may list them there. */
  private addIdentity(metadata: k8s.ObjectMeta): void {
    new PlainObject(this, 'ServiceAccount', k8s.KubeServiceAccount.manifest({ metadata }));
    new PlainObject(this, 'Role', k8s.KubeRole.manifest({
      metadata,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    }));
    new PlainObject(this, 'RoleBinding', k8s.KubeRoleBinding.manifest({
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: this.serviceName },
      subjects: [{ kind: 'ServiceAccount', name: this.serviceName, namespace: this.workloadNamespace }],
    }));
  }

  private addScaling(metadata: k8s.ObjectMeta, { minReplicas, maxReplicas, targetCpuPercent }: GatewayDeployment): void {
    new PlainObject(this, 'Autoscaler', k8s.KubeHorizontalPodAutoscalerV2.manifest({
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: this.serviceName },
        minReplicas,
        maxReplicas,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetCpuPercent } } }],
      },
    }));
    new PlainObject(this, 'DisruptionBudget', k8s.KubePodDisruptionBudget.manifest({
      metadata,
      spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: { ...this.selector } } },
    }));
  }
}
