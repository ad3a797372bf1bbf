// A gateway deployed by injection: a plain Deployment whose proxy container istiod fills in, and all that it needs around it.
import { ApiObject, Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { TargetType } from '../base/alb-words';
import { InvalidProps } from '../base/errors';
import { requireDnsLabel, requireInteger, requireServiceName } from '../base/kubernetes-name';
import { recommendedLabels } from '../base/labels';
import { gatewayPod } from './gateway-pod';
import { type IGatewayWorkload, STATUS_PORT_NAME, ServiceExposure } from './gateway-service';

/** The choices about a gateway deployed by injection. */
export interface InjectedGatewayOptions {
  /**
   * Namespace of the gateway. Not the root namespace of the mesh: a policy without selector there would apply to all.
   *
   * @default - the name of the gateway
   */
  readonly namespace?: string;

  /**
   * Whether the Namespace is rendered too, with the label that makes pods wait for their target to be healthy.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * How the Service is exposed.
   *
   * @default ServiceExposure.clusterIp()
   */
  readonly service?: ServiceExposure;

  /**
   * Fewest replicas, at least 2: with one, every node drain is an outage.
   *
   * @default 2
   */
  readonly minReplicas?: number;

  /**
   * Most replicas.
   *
   * @default 5, or `minReplicas` where that is more
   */
  readonly maxReplicas?: number;

  /**
   * Proxies in front of the gateway that set X-Forwarded-For: 1 is the ALB alone; add one for each further proxy, such as CloudFront.
   *
   * @default 1
   */
  readonly trustedProxies?: number;

  /**
   * How long a pod that is going away still answers after the endpoint is gone, in whole seconds. The load balancer's
   * deregistration delay and the pod's grace period follow it.
   *
   * @default Duration.seconds(30)
   */
  readonly drainDuration?: Duration;

  /**
   * Revision or revision tag of the control plane that injects the proxy (`istio.io/rev`). A change restarts the pods.
   *
   * @default - the default revision
   */
  readonly revision?: string;
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

/** Deployment with `image: auto`, Service, ServiceAccount, Role, RoleBinding, HPA and PDB of one Istio gateway. */
export class InjectedGateway extends Construct implements IGatewayWorkload {
  public readonly workloadNamespace: string;
  public readonly serviceName: string;
  public readonly selector: { readonly [key: string]: string };
  public readonly httpsPort: number = 443;
  public readonly statusPortName: string = STATUS_PORT_NAME;
  public readonly targetTypes: TargetType[];
  public readonly drainDuration: Duration;

  /** @throws InvalidProps for a name, number or duration that cannot work */
  public constructor(scope: Construct, id: string, props: InjectedGatewayProps = {}) {
    super(scope, id);
    const path = this.node.path;
    const name = requireServiceName('gatewayName', props.gatewayName ?? 'istio-ingress', path);
    const namespace = requireDnsLabel('namespace', props.namespace ?? name, path);
    const exposure = props.service ?? ServiceExposure.clusterIp();
    this.serviceName = name;
    this.workloadNamespace = namespace;
    // Istio's chart drops the leading `istio-` for this label; selector and pods come from this one object, so they cannot differ.
    this.selector = { app: name, istio: name.replace(/^istio-(?=[a-z0-9])/, '') };
    this.targetTypes = exposure.targetTypes;
    this.drainDuration = props.drainDuration ?? Duration.seconds(30);
    const metadata = { name, namespace, labels: recommendedLabels(name, 'gateway') };

    if (props.createNamespace ?? true) {
      new ApiObject(this, 'Namespace', k8s.KubeNamespace.manifest({
        metadata: {
          name: namespace,
          labels: { ...recommendedLabels(name, 'gateway'), 'elbv2.k8s.aws/pod-readiness-gate-inject': 'enabled' },
        },
      }));
    }
    this.addIdentity(metadata);
    new ApiObject(this, 'Service', k8s.KubeService.manifest({ metadata, spec: exposure._render(this.selector) }));
    new ApiObject(this, 'Deployment', k8s.KubeDeployment.manifest({
      metadata,
      spec: {
        // No replicas: the HPA owns them, and every apply would scale back.
        selector: { matchLabels: { ...this.selector } },
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: k8s.IntOrString.fromString('25%'), maxUnavailable: k8s.IntOrString.fromNumber(0) },
        },
        template: gatewayPod({
          name,
          selector: this.selector,
          trustedProxies: requireInteger('trustedProxies', props.trustedProxies ?? 1, 0, 100, path),
          drainSeconds: wholeSeconds('drainDuration', this.drainDuration, path),
          revision: props.revision === undefined ? undefined : requireDnsLabel('revision', props.revision, path),
        }),
      },
    }));
    this.addScaling(metadata, props);
  }

  /** istiod sends a gateway the Secrets of its namespace only when its ServiceAccount may list them there. */
  private addIdentity(metadata: k8s.ObjectMeta): void {
    new ApiObject(this, 'ServiceAccount', k8s.KubeServiceAccount.manifest({ metadata }));
    new ApiObject(this, 'Role', k8s.KubeRole.manifest({
      metadata,
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
    }));
    new ApiObject(this, 'RoleBinding', k8s.KubeRoleBinding.manifest({
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: this.serviceName },
      subjects: [{ kind: 'ServiceAccount', name: this.serviceName, namespace: this.workloadNamespace }],
    }));
  }

  private addScaling(metadata: k8s.ObjectMeta, props: InjectedGatewayProps): void {
    const min = requireInteger('minReplicas', props.minReplicas ?? 2, 2, 1000, this.node.path);
    const max = requireInteger('maxReplicas', props.maxReplicas ?? Math.max(5, min), min, 1000, this.node.path);
    new ApiObject(this, 'Autoscaler', k8s.KubeHorizontalPodAutoscalerV2.manifest({
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: this.serviceName },
        minReplicas: min,
        maxReplicas: max,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
      },
    }));
    new ApiObject(this, 'DisruptionBudget', k8s.KubePodDisruptionBudget.manifest({
      metadata,
      spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: { ...this.selector } } },
    }));
  }
}

function wholeSeconds(prop: string, duration: Duration, path: string): number {
  const milliseconds = duration.toMilliseconds({ integral: false });
  if (milliseconds % 1000 !== 0 || milliseconds < 1000 || milliseconds > 3_600_000) {
    throw new InvalidProps(prop, `${milliseconds} ms`, 'whole seconds, from 1 s to 3600 s', path);
  }
  return milliseconds / 1000;
}
