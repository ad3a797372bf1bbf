// A gateway that Helm or istioctl installs, with the same options as an injected one: its options, and what both files have in common.
import { Yaml } from 'cdk8s';
import { TargetType } from '../../base/alb-annotations/words';
import { InvalidProps } from '../../base/errors';
import type { GatewayDeployment, GatewayDeploymentOptions } from './deployment';
import { type PodFields, podFields } from './pod-options';
import { type ScalingFields, scalingFields } from './scaling';

/** What installs a gateway. */
export enum GatewayInstaller {
  /** Helm, with Istio's chart `gateway`. */
  HELM = 'helm',
  /** istioctl, with a file of kind IstioOperator. */
  ISTIOCTL = 'istioctl',
}

/** Options for a gateway that you install with Helm or istioctl. */
export interface InstalledGatewayOptions extends GatewayDeploymentOptions {
  /**
   * Name of the gateway's Deployment and Service, and of the Helm release.
   *
   * @default 'istio-ingress'
   */
  readonly gatewayName?: string;

  /**
   * What installs the gateway. `GitOpsApp.addGatewayInstall` writes the file for it. A file that cannot express one of the options is rejected:
   * Helm's has no custom metrics, that of istioctl no DaemonSet, and neither a PodDisruptionBudget without an autoscaler or fixed `replicas`.
   *
   * @default - either: a file for each
   */
  readonly installer?: GatewayInstaller;
}

/** How the pods of a Deployment are replaced. */
export const STRATEGY = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } };

/** The fields that have Kubernetes' own shape, as plain JSON. Those that are not set are absent. */
export interface KubernetesFields extends PodFields, ScalingFields {}

/** Renders the fields that have Kubernetes' own shape. */
export function kubernetesFields(gateway: GatewayDeployment): KubernetesFields {
  return { ...podFields(gateway), ...scalingFields(gateway) };
}

/** Throws for a PodDisruptionBudget that Istio's charts do not render. */
export function requireBudgetOwner({ autoscaler, replicas, disruptionBudget }: GatewayDeployment): void {
  if (disruptionBudget && autoscaler === undefined && replicas === undefined) {
    throw InvalidProps.conflict('autoscaling', false,
      'cannot be false with a PodDisruptionBudget in a file for Helm or istioctl: Istio\'s charts render one only with their own autoscaler '
      + 'or a fixed number of replicas; set disruptionBudget: GatewayDisruptionBudget.none(), and render the budget where the pods are scaled');
  }
}

/** The key with its value, or nothing without a value. */
export function set(key: string, value: unknown): Record<string, unknown> {
  return value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0) ? {} : { [key]: value };
}

/** The files contain no Namespace, and with IP targets it needs its label before the pods start. */
export function namespaceHints({ namespace, exposure }: GatewayDeployment): string[] {
  return exposure._targetType === TargetType.IP
    ? [`kubectl create namespace ${namespace}; kubectl label namespace ${namespace} elbv2.k8s.aws/pod-readiness-gate-inject=enabled`]
    : [];
}

/** A YAML document under comments. */
export function text(comments: readonly string[], document: object): string {
  return comments.map(line => `# ${line}\n`).join('') + Yaml.stringify(document);
}
