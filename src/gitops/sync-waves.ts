// What Argo CD applies first, and waits for, where an app asks for waves.
import { ApiObject, type App } from 'cdk8s';
import { annotationOf } from './annotation';

/** Annotation by which Argo CD orders objects: a whole number, 0 where there is none (Argo CD 3.5 docs/user-guide/sync-waves.md). */
const SYNC_WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * The wave of a kind; kinds not named here are in wave 0. What pods wait for must not come after them: Argo CD would wait for the pods for
 * ever. So who may call whom, and which hosts there are outside, comes before them; where requests go comes after, when there are pods that
 * can take them. An autoscaler comes last, for without metrics of its pods, as in the first minutes, Argo CD calls it degraded, which fails a
 * sync in any wave but the last (gitops-engine pkg/health/health_hpa.go). A claim may not come before them either, for many are only bound when a pod uses them
 * (https://github.com/argoproj/argo-cd/issues/12840).
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

/** Gives every object that has no wave the one of its kind: what others need first, and the load balancer last, when pods can answer. */
export function addSyncWaves(app: App): void {
  for (const object of app.node.findAll().filter(each => ApiObject.isApiObject(each))) {
    const wave = hasLoadBalancer(object) ? LAST : WAVE_OF.get(object.kind);
    if (wave !== undefined && annotationOf(object, SYNC_WAVE) === undefined) {
      object.metadata.addAnnotation(SYNC_WAVE, wave);
    }
  }
}

/** Whether a load balancer comes and goes with the object. */
export function hasLoadBalancer(object: ApiObject): boolean {
  return object.kind === 'Ingress'
    || (object.kind === 'Service' && (object.toJson() as { readonly spec?: { readonly type?: string } }).spec?.type === 'LoadBalancer');
}
