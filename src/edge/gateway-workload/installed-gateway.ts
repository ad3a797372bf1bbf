// The Helm values and the IstioOperator overlay that install a gateway, with the same options as an injected one.
// Facts: Istio 1.30 manifests/charts/gateway (Helm), manifests/charts/gateways/istio-ingress and operator/ (istioctl).
import { Yaml } from 'cdk8s';
import { TargetType } from '../../base/alb-annotations/words';
import type { GatewayDeployment, GatewayDeploymentOptions } from './deployment';
import { lifecycle, proxyConfig, zoneSpread } from './pod';

/** Options for a gateway that you install with Helm or istioctl. */
export interface InstalledGatewayOptions extends GatewayDeploymentOptions {
  /**
   * Name of the gateway's Deployment and Service, and of the Helm release.
   *
   * @default 'istio-ingress'
   */
  readonly gatewayName?: string;
}

/** Ports that gateway pods installed by istioctl listen on, because they cannot bind ports below 1024. */
const HIGH_PORTS: { readonly [port: number]: number } = { 80: 8080, 443: 8443 };

const STRATEGY = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } };

/** Values for the chart `gateway`. Helm replaces lists of the chart and merges maps. */
export function helmValues(gateway: GatewayDeployment): string {
  const { name, namespace, selector, exposure, revision } = gateway;
  const values = {
    name,
    ...(revision === undefined ? {} : { revision }),
    labels: selector,
    podAnnotations: { ...gateway.podAnnotations, 'proxy.istio.io/config': proxyConfig(gateway) },
    service: { type: exposure._type, ...exposure._fields(), ...annotated(gateway, 'annotations'), ports: exposure._ports() },
    resources: gateway.resources,
    autoscaling: {
      enabled: true,
      minReplicas: gateway.minReplicas,
      maxReplicas: gateway.maxReplicas,
      targetCPUUtilizationPercentage: gateway.targetCpuPercent,
    },
    podDisruptionBudget: { maxUnavailable: 1 },
    strategy: STRATEGY,
    topologySpreadConstraints: zoneSpread(gateway),
    // Since Istio 1.27 (istio/istio#55627). Older charts ignore it, so the pod drains immediately.
    lifecycle: lifecycle(gateway),
    terminationGracePeriodSeconds: gateway.graceSeconds,
  };
  return text([
    ...namespaceHints(gateway),
    `helm upgrade --install ${name} istio/gateway --namespace ${namespace} --values <this file>`,
  ], values);
}

/** An overlay for istioctl, which uses the older chart: its pods listen on 8080 and 8443. */
export function istioOperator(gateway: GatewayDeployment): string {
  const { name, namespace, revision } = gateway;
  const operator = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name },
    spec: {
      profile: 'empty',
      ...(revision === undefined ? {} : { revision }),
      components: { ingressGateways: [{ name, namespace, enabled: true, label: gateway.selector, k8s: kubernetesSettings(gateway) }] },
      values: { gateways: { 'istio-ingressgateway': { injectionTemplate: 'gateway' } } },
    },
  };
  return text([
    ...namespaceHints(gateway),
    'istioctl install -f <this file>, where the control plane is there already. Since Istio 1.24 no cluster knows this kind: do not apply it.',
  ], operator);
}

function kubernetesSettings(gateway: GatewayDeployment): Record<string, unknown> {
  const { exposure } = gateway;
  return {
    ...annotated(gateway, 'serviceAnnotations'),
    service: {
      type: exposure._type,
      ...exposure._fields(),
      // An omitted target port becomes 0, which Kubernetes treats as the Service port, but these pods do not listen below 1024.
      ports: exposure._ports(port => HIGH_PORTS[port] ?? port),
    },
    podAnnotations: { ...gateway.podAnnotations, 'proxy.istio.io/config': proxyConfig(gateway) },
    resources: gateway.resources,
    strategy: STRATEGY,
    hpaSpec: {
      minReplicas: gateway.minReplicas,
      maxReplicas: gateway.maxReplicas,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: gateway.targetCpuPercent } } }],
    },
    // Not maxUnavailable: it would be merged with the chart's minAvailable, and Kubernetes rejects a PDB with both.
    podDisruptionBudget: { minAvailable: gateway.minReplicas - 1 },
    // Fields that the Kubernetes settings of istioctl do not cover.
    overlays: [{
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: gateway.name,
      patches: [
        { path: 'spec.template.spec.terminationGracePeriodSeconds', value: gateway.graceSeconds },
        { path: 'spec.template.spec.topologySpreadConstraints', value: zoneSpread(gateway) },
        { path: 'spec.template.spec.containers.[name:istio-proxy].lifecycle', value: lifecycle(gateway) },
      ],
    }],
  };
}

/** The files contain no Namespace, and with IP targets it needs its label before the pods start. */
function namespaceHints({ namespace, exposure }: GatewayDeployment): string[] {
  return exposure._targetType === TargetType.IP
    ? [`kubectl create namespace ${namespace}; kubectl label namespace ${namespace} elbv2.k8s.aws/pod-readiness-gate-inject=enabled`]
    : [];
}

function annotated({ serviceAnnotations }: GatewayDeployment, key: string): Record<string, unknown> {
  return Object.keys(serviceAnnotations).length > 0 ? { [key]: serviceAnnotations } : {};
}

function text(comments: readonly string[], document: object): string {
  return comments.map(line => `# ${line}\n`).join('') + Yaml.stringify(document);
}
