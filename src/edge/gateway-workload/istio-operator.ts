// The IstioOperator overlay with which istioctl installs a gateway. Facts: Istio 1.30 manifests/charts/gateways/istio-ingress and operator/pkg/render.
import { InvalidProps } from '../../base/errors';
import type { GatewayDeployment } from './deployment';
import { kubernetesFields, namespaceHints, requireBudgetOwner, set, STRATEGY, text } from './installed-gateway';
import { lifecycle, proxyConfig } from './pod';
import { GatewayWorkloadKind } from './scaling';

/** Ports that gateway pods installed by istioctl listen on, because they cannot bind ports below 1024. */
const HIGH_PORTS: { readonly [port: number]: number } = { 80: 8080, 443: 8443 };

/**
 * An overlay for istioctl, which uses the older chart: its pods listen on 8080 and 8443.
 *
 * @throws InvalidProps for an option that istioctl cannot apply
 */
export function istioOperator(gateway: GatewayDeployment): string {
  const { name, namespace, revision } = gateway;
  if (gateway.kind === GatewayWorkloadKind.DAEMON_SET) {
    throw InvalidProps.conflict('kind', gateway.kind,
      'cannot be DaemonSet for istioctl, which installs Deployments only; set installer: GatewayInstaller.HELM');
  }
  requireBudgetOwner(gateway);
  const operator = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name },
    spec: {
      profile: 'empty',
      ...set('revision', revision),
      components: { ingressGateways: [{ name, namespace, enabled: true, label: gateway.selector, k8s: kubernetesSettings(gateway) }] },
      values: chartValues(gateway),
    },
  };
  return text([
    ...namespaceHints(gateway),
    'istioctl install -f <this file>, where the control plane is there already. Since Istio 1.24 no cluster knows this kind: do not apply it.',
  ], operator);
}

/** Values of the older chart. It renders a PodDisruptionBudget if and only if these numbers say that there are several pods. */
function chartValues({ replicas, autoscaler, disruptionBudget, serviceAccountAnnotations }: GatewayDeployment): object {
  return {
    gateways: {
      'istio-ingressgateway': {
        injectionTemplate: 'gateway',
        ...(autoscaler ? set('autoscaleMin', disruptionBudget && autoscaler.minReplicas) : { autoscaleEnabled: false }),
        ...set('replicaCount', replicas),
        ...set('serviceAccount', set('annotations', serviceAccountAnnotations)),
      },
    },
    ...(replicas !== undefined && disruptionBudget === undefined ? { global: { defaultPodDisruptionBudget: { enabled: false } } } : {}),
  };
}

function kubernetesSettings(gateway: GatewayDeployment): Record<string, unknown> {
  const { exposure, autoscaler } = gateway;
  const fields = kubernetesFields(gateway);
  const { metrics, behavior, env, volumes, volumeMounts, imagePullSecrets, topologySpreadConstraints, podDisruptionBudget, ...placement } = fields;
  return {
    ...set('serviceAnnotations', { ...gateway.annotations, ...gateway.serviceAnnotations }),
    service: {
      type: exposure._type,
      ...exposure._fields(),
      // An omitted target port becomes 0, which Kubernetes treats as the Service port, but these pods do not listen below 1024.
      ports: exposure._ports(port => HIGH_PORTS[port] ?? port),
    },
    podAnnotations: { ...gateway.podAnnotations, 'proxy.istio.io/config': proxyConfig(gateway) },
    resources: gateway.resources,
    strategy: STRATEGY,
    ...(autoscaler && {
      hpaSpec: { minReplicas: autoscaler.minReplicas, maxReplicas: autoscaler.maxReplicas, metrics, ...set('behavior', behavior) },
    }),
    ...set('podDisruptionBudget', podDisruptionBudget),
    ...placement,
    ...set('env', env),
    // Fields that the Kubernetes settings of istioctl do not cover. It has some for volumes, and ignores them (operator/pkg/render/postprocess.go).
    overlays: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        name: gateway.name,
        patches: [
          { path: 'spec.template.spec.terminationGracePeriodSeconds', value: gateway.graceSeconds },
          ...patch('spec.template.spec.topologySpreadConstraints', topologySpreadConstraints),
          { path: `${PROXY}.lifecycle`, value: lifecycle(gateway) },
          ...patch('spec.template.spec.imagePullSecrets', imagePullSecrets),
          // Both lists of the chart are replaced, which mount optional Secrets that nothing here uses.
          ...patch('spec.template.spec.volumes', volumes),
          ...patch(`${PROXY}.volumeMounts`, volumes && (volumeMounts ?? [])),
          ...labelPatches('spec.template.metadata.labels', gateway.labels),
        ],
      },
      ...metadataOverlays(gateway),
    ],
  };
}

const PROXY = 'spec.template.spec.containers.[name:istio-proxy]';

/** A change of one field, as an overlay writes it. */
interface Patch {
  readonly path: string;
  readonly value: unknown;
}

function patch(path: string, value: unknown): Patch[] {
  return value === undefined ? [] : [{ path, value }];
}

/** One patch for each label, because the chart sets others. A dot in a key is not the end of a part of the path. */
function labelPatches(path: string, labels: { readonly [key: string]: string }): Patch[] {
  return Object.entries(labels).map(([key, value]) => ({ path: `${path}.${key.replace(/\./g, '\\.')}`, value }));
}

/** The objects of the chart: their kinds, what follows the name of the gateway in their names, and whether an overlay annotates them. */
const OBJECTS = [
  { apiVersion: 'apps/v1', kind: 'Deployment', suffix: '', annotated: true },
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', suffix: '', annotated: true },
  { apiVersion: 'v1', kind: 'Service', suffix: '', annotated: false },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', suffix: '', annotated: false },
  { apiVersion: 'v1', kind: 'ServiceAccount', suffix: '-service-account', annotated: false },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', suffix: '-sds', annotated: true },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', suffix: '-sds', annotated: true },
] as const;

/** Labels of all objects and annotations of some; those of the Service have a field. An overlay of an absent object is ignored. */
function metadataOverlays({ name, labels, annotations }: GatewayDeployment): object[] {
  const isAnnotated = Object.keys(annotations).length > 0;
  return OBJECTS.flatMap(({ apiVersion, kind, suffix, annotated }) => {
    const patches = [...labelPatches('metadata.labels', labels), ...annotated && isAnnotated ? patch('metadata.annotations', { ...annotations }) : []];
    return patches.length > 0 ? [{ apiVersion, kind, name: name + suffix, patches }] : [];
  });
}
