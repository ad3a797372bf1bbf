// A gateway deployed by sidecar injection: a Deployment or DaemonSet whose proxy container istiod fills in, with its Service, RBAC, HPA and PDB.
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { recommendedLabels } from '../../base/labels';
import { requireProps } from '../../base/prop-types';
import { requireChartScopeAndId } from '../../base/scope';
import { type GatewayDeployment, type GatewayDeploymentOptions, settleGateway, workloadOf } from './deployment';
import { gatewayPod } from './pod';
import { autoscalerMetrics, GatewayWorkloadKind } from './scaling';
import type { IGatewayWorkload } from './service';
import { PlainObject } from '../wire/plain-object';

/** Options for a gateway deployed by injection. */
export interface InjectedGatewayOptions extends GatewayDeploymentOptions {
  /**
   * Whether to render the Namespace, with the label that enables the pod readiness gate of the AWS Load Balancer Controller.
   *
   * @default true
   */
  readonly createNamespace?: boolean;
}

/** Props of an `InjectedGateway`. */
export interface InjectedGatewayProps extends InjectedGatewayOptions {
  /**
   * Name of the gateway's Service, Deployment, ServiceAccount and other objects.
   *
   * @default 'istio-ingress'
   */
  readonly gatewayName?: string;
}

/**
 * The Deployment or DaemonSet with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB of one Istio gateway.
 *
 * A terminating pod waits (`preStopDuration`), drains (`drainDuration`) and is killed 15 s later at the earliest. The load balancer's
 * deregistration delay never exceeds the drain, so it does not send requests to a pod that has stopped.
 */
export class InjectedGateway extends Construct {
  /** The pods and Service, for the parts that need to know them. */
  public readonly workload: IGatewayWorkload;

  /** @throws InvalidProps for an invalid name, number or duration */
  public constructor(scope: Construct, id: string, props: InjectedGatewayProps = {}) {
    super(requireChartScopeAndId(scope, id), id);
    const { gatewayName = 'istio-ingress', createNamespace = true } = requireProps('InjectedGatewayProps', props, this.node.path);
    const gateway = settleGateway(gatewayName, props, this.node.path);
    const { name, namespace, exposure, selector } = gateway;
    this.workload = { ...workloadOf(gateway), serviceAccount: name };
    const metadata = { name, namespace, labels: { ...gateway.labels, ...recommendedLabels(name, 'gateway') } };

    if (createNamespace) {
      new PlainObject(this, 'Namespace', k8s.KubeNamespace.manifest({
        metadata: {
          name: namespace,
          labels: { ...recommendedLabels(name, 'gateway'), 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' },
        },
      }));
    }
    const annotated = { ...metadata, ...orAbsent(gateway.annotations) };
    this.addIdentity(gateway, metadata, annotated);
    new PlainObject(this, 'Service', k8s.KubeService.manifest({
      metadata: { ...metadata, ...orAbsent({ ...gateway.annotations, ...gateway.serviceAnnotations }) },
      spec: exposure._render(selector),
    }));
    this.addPods(gateway, annotated);
    this.addScaling(gateway, metadata, annotated);
  }

  /** istiod only sends a gateway the Secrets of its namespace if the gateway's ServiceAccount may list them. */
  private addIdentity({ name, namespace, serviceAccountAnnotations }: GatewayDeployment, metadata: k8s.ObjectMeta, annotated: k8s.ObjectMeta): void {
    new PlainObject(this, 'ServiceAccount', k8s.KubeServiceAccount.manifest({ metadata: { ...metadata, ...orAbsent(serviceAccountAnnotations) } }));
    new PlainObject(this, 'Role', k8s.KubeRole.manifest({
      metadata: annotated,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    }));
    new PlainObject(this, 'RoleBinding', k8s.KubeRoleBinding.manifest({
      metadata: annotated,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    }));
  }

  private addPods(gateway: GatewayDeployment, metadata: k8s.ObjectMeta): void {
    const selector = { matchLabels: { ...gateway.selector } };
    const template = gatewayPod(gateway);
    if (gateway.kind === GatewayWorkloadKind.DAEMON_SET) {
      new PlainObject(this, 'DaemonSet', k8s.KubeDaemonSet.manifest({ metadata, spec: { selector, template } }));
      return;
    }
    new PlainObject(this, 'Deployment', k8s.KubeDeployment.manifest({
      metadata,
      spec: {
        // Without `replicas` if an autoscaler owns them, because every apply would reset it.
        replicas: gateway.replicas,
        selector,
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromString('25%'), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template,
      },
    }));
  }

  private addScaling({ name, selector, autoscaler, disruptionBudget }: GatewayDeployment, metadata: k8s.ObjectMeta, annotated: k8s.ObjectMeta): void {
    if (autoscaler) {
      const { minReplicas, maxReplicas, behavior } = autoscaler;
      new PlainObject(this, 'Autoscaler', k8s.KubeHorizontalPodAutoscalerV2.manifest({
        metadata: annotated,
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
          minReplicas,
          maxReplicas,
          metrics: autoscalerMetrics(autoscaler),
          behavior,
        },
      }));
    }
    if (disruptionBudget) {
      new PlainObject(this, 'DisruptionBudget', k8s.KubePodDisruptionBudget.manifest({
        metadata,
        spec: { ...disruptionBudget, selector: { matchLabels: { ...selector } } },
      }));
    }
  }
}

function orAbsent(annotations: { readonly [key: string]: string }): { readonly annotations?: { readonly [key: string]: string } } {
  return Object.keys(annotations).length > 0 ? { annotations } : {};
}
