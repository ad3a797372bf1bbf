// The values with which Helm installs a gateway. Facts: Istio 1.30 manifests/charts/gateway.
import { InvalidProps } from '../../base/errors';
import type { GatewayDeployment } from './deployment';
import { type KubernetesFields, kubernetesFields, namespaceHints, requireBudgetOwner, set, STRATEGY, text } from './installed-gateway';
import { lifecycle, proxyConfig } from './pod';
import { GatewayWorkloadKind } from './scaling';

/** Values for the chart `gateway`. Helm replaces lists of the chart and merges maps. @throws InvalidProps for an option that the chart lacks */
export function helmValues(gateway: GatewayDeployment): string {
  const { name, namespace, selector, exposure, revision, kind, replicas, autoscaler } = gateway;
  const { metrics, behavior, env, podDisruptionBudget, ...placement } = kubernetesFields(gateway);
  if (gateway.autoscaler && gateway.autoscaler.metrics.length > 0) {
    throw InvalidProps.conflict('metrics', metrics,
      'cannot be set for Helm, whose chart gateway measures CPU and memory only; set installer: GatewayInstaller.ISTIOCTL, '
      + 'or autoscaling: false and render the autoscaler yourself');
  }
  requireBudgetOwner(gateway);
  const values = {
    name,
    ...set('revision', revision),
    ...(kind === GatewayWorkloadKind.DEPLOYMENT ? {} : { kind }),
    labels: { ...selector, ...gateway.labels },
    ...set('annotations', gateway.annotations),
    podAnnotations: { ...gateway.podAnnotations, 'proxy.istio.io/config': proxyConfig(gateway) },
    ...set('serviceAccount', set('annotations', gateway.serviceAccountAnnotations)),
    service: { type: exposure._type, ...exposure._fields(), ...set('annotations', gateway.serviceAnnotations), ports: exposure._ports() },
    resources: gateway.resources,
    ...set('replicaCount', replicas),
    autoscaling: autoscaler ? {
      enabled: true,
      minReplicas: autoscaler.minReplicas,
      maxReplicas: autoscaler.maxReplicas,
      targetCPUUtilizationPercentage: autoscaler.targetCpuPercent,
      ...set('targetMemoryUtilizationPercentage', autoscaler.targetMemoryPercent),
      ...set('autoscaleBehavior', behavior),
    } : { enabled: false },
    ...set('podDisruptionBudget', podDisruptionBudget),
    // A DaemonSet has no strategy, and the chart has no other field for it.
    ...(kind === GatewayWorkloadKind.DEPLOYMENT ? { strategy: STRATEGY } : {}),
    ...placement,
    ...helmEnv(env),
    // Since Istio 1.27 (istio/istio#55627). Older charts ignore it, so the pod drains immediately.
    lifecycle: lifecycle(gateway),
    terminationGracePeriodSeconds: gateway.graceSeconds,
  };
  return text([
    ...namespaceHints(gateway),
    `helm upgrade --install ${name} istio/gateway --namespace ${namespace} --values <this file>`,
  ], values);
}

/** The chart sorts the map `env`. A list keeps the order, which matters for a variable that refers to another one. */
function helmEnv(env: KubernetesFields['env']): object {
  if (env === undefined) {
    return {};
  }
  return env.every(({ value }) => value !== undefined && !value.includes('$('))
    ? { env: Object.fromEntries(env.map(({ name, value }) => [name, value])) }
    : { envVarFrom: env };
}
