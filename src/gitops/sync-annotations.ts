// Annotations for Argo CD and Flux: sync waves, and guards that keep them from pruning objects whose deletion cascades.
import { ApiObject, type App } from 'cdk8s';

/** Argo CD applies objects in the order of this whole number; 0 when the annotation is absent (Argo CD 3.5 docs/user-guide/sync-waves.md). */
const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/** Options of Argo CD for one object, separated by commas (Argo CD 3.5 docs/user-guide/sync-options.md). */
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** Argo CD deletes the object only after a person confirms it. */
const CONFIRM = ['Prune=confirm', 'Delete=confirm'];

/** With the value `disabled`, Flux never deletes the object (kustomize-controller 1.9 docs/spec/v1/kustomizations.md). */
const FLUX_PRUNE = 'kustomize.toolkit.fluxcd.io/prune';

/**
 * The wave of each kind; other kinds are in wave 0. Nothing that pods wait for may come after them, because Argo CD would wait for the pods
 * indefinitely. So authorization and the registry of external hosts come before the pods, and routing comes after them, when there are pods
 * to route to. Autoscalers come last: until their pods report metrics, as in the first minutes, Argo CD considers them degraded, which fails
 * the sync in any wave but the last (gitops-engine pkg/health/health_hpa.go). Claims must not come before the pods either, because many are
 * bound only when a pod uses them (https://github.com/argoproj/argo-cd/issues/12840).
 */
export const WAVES: readonly (readonly [wave: number, kinds: readonly string[]])[] = [
  [-40, ['CustomResourceDefinition', 'Namespace']],
  [-30, [
    'ClusterRole', 'ClusterRoleBinding', 'ClusterSecretStore', 'GatewayClass', 'IngressClass', 'IngressClassParams', 'LimitRange', 'NetworkPolicy',
    'PersistentVolume', 'PriorityClass', 'ResourceQuota', 'Role', 'RoleBinding', 'RuntimeClass', 'SecretStore', 'ServiceAccount', 'StorageClass',
  ]],
  [-20, [
    'AuthorizationPolicy', 'Certificate', 'ClusterIssuer', 'ConfigMap', 'ExternalSecret', 'Issuer', 'PeerAuthentication', 'RequestAuthentication',
    'SealedSecret', 'Secret', 'SecretProviderClass', 'ServiceEntry', 'Sidecar',
  ]],
  [-10, ['DaemonSet', 'Deployment', 'PersistentVolumeClaim', 'PodDisruptionBudget', 'Service', 'StatefulSet']],
  [10, ['HorizontalPodAutoscaler', 'TargetGroupBinding']],
];

const WAVE_OF = new Map(WAVES.flatMap(([wave, kinds]) => kinds.map(kind => [kind, String(wave)])));
const LAST = '10';

/** Adds the wave of its kind to every object that has none: prerequisites first, and load balancers last, when pods can serve requests. */
export function addSyncWaves(app: App): void {
  for (const object of objectsOf(app)) {
    const wave = hasLoadBalancer(object) ? LAST : WAVE_OF.get(object.kind);
    if (wave !== undefined && annotationOf(object, SYNC_WAVE) === undefined) {
      object.metadata.addAnnotation(SYNC_WAVE, wave);
    }
  }
}

/** Guards Namespaces, whose deletion deletes everything in them, and the objects that a load balancer and its DNS name depend on. */
export function addPruneGuards(app: App): void {
  for (const object of objectsOf(app).filter(each => each.kind === 'Namespace' || hasLoadBalancer(each))) {
    const options = (annotationOf(object, SYNC_OPTIONS) ?? '').split(',').map(option => option.trim()).filter(option => option !== '');
    const present = new Set(options.map(option => option.split('=')[0]));
    object.metadata.addAnnotation(SYNC_OPTIONS, [...options, ...CONFIRM.filter(option => !present.has(option.split('=')[0]))].join());
    object.metadata.addAnnotation(FLUX_PRUNE, annotationOf(object, FLUX_PRUNE) ?? 'disabled');
  }
}

/** The annotation as it will be rendered. */
export function annotationOf(object: ApiObject, name: string): string | undefined {
  return (object.metadata.toJson() as { readonly annotations?: Readonly<Record<string, string>> } | undefined)?.annotations?.[name];
}

function objectsOf(app: App): ApiObject[] {
  return app.node.findAll().filter(each => ApiObject.isApiObject(each));
}

/** Whether the object owns a load balancer. */
export function hasLoadBalancer(object: ApiObject): boolean {
  return object.kind === 'Ingress'
    || (object.kind === 'Service' && (object.toJson() as { readonly spec?: { readonly type?: string } }).spec?.type === 'LoadBalancer');
}
