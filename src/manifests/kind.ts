// The kinds that models and checks read, as kubectl writes them: `Kind.group`, without the version.
import { groupBy } from '../base/multimap';
import { Manifest } from './manifest';
import { asText } from './plain-json';

/** A kind with its group. All versions are read: the fields that matter here are the same in each. */
export enum Kind {
  AUTHORIZATION_POLICY = 'AuthorizationPolicy.security.istio.io',
  CRON_JOB = 'CronJob.batch',
  DAEMON_SET = 'DaemonSet.apps',
  DEPLOYMENT = 'Deployment.apps',
  DESTINATION_RULE = 'DestinationRule.networking.istio.io',
  ENVOY_FILTER = 'EnvoyFilter.networking.istio.io',
  GATEWAY = 'Gateway.networking.istio.io',
  HORIZONTAL_POD_AUTOSCALER = 'HorizontalPodAutoscaler.autoscaling',
  INGRESS = 'Ingress.networking.k8s.io',
  INGRESS_CLASS = 'IngressClass.networking.k8s.io',
  INGRESS_CLASS_PARAMS = 'IngressClassParams.elbv2.k8s.aws',
  INGRESS_CLASS_PARAMS_OF_AUTO_MODE = 'IngressClassParams.eks.amazonaws.com',
  JOB = 'Job.batch',
  NAMESPACE = 'Namespace',
  NETWORK_POLICY = 'NetworkPolicy.networking.k8s.io',
  PEER_AUTHENTICATION = 'PeerAuthentication.security.istio.io',
  POD = 'Pod',
  POD_DISRUPTION_BUDGET = 'PodDisruptionBudget.policy',
  REPLICA_SET = 'ReplicaSet.apps',
  REQUEST_AUTHENTICATION = 'RequestAuthentication.security.istio.io',
  ROLLOUT = 'Rollout.argoproj.io',
  SECRET = 'Secret',
  SERVICE = 'Service',
  SERVICE_ENTRY = 'ServiceEntry.networking.istio.io',
  SIDECAR = 'Sidecar.networking.istio.io',
  STATEFUL_SET = 'StatefulSet.apps',
  TARGET_GROUP_BINDING = 'TargetGroupBinding.elbv2.k8s.aws',
  VIRTUAL_SERVICE = 'VirtualService.networking.istio.io',
  WORKLOAD_ENTRY = 'WorkloadEntry.networking.istio.io',
}

/** The kinds by name without group, with the group and a slash; both empty for the core group. Most objects of a cluster are of none of them. */
const KNOWN = groupBy(Object.values(Kind).map(kind => {
  const [name, ...group] = kind.split('.');
  return { kind, name, prefix: group.length === 0 ? '' : `${group.join('.')}/` };
}), ({ name }) => name);

/** The name of a manifest's kind, whether a model knows it or not: `Kind.group`, without a dot for the core group. */
export function kindNameOf(manifest: Manifest): string {
  const known = kindOf(manifest);
  if (known !== undefined) {
    return known;
  }
  const { object } = manifest;
  const [kind, apiVersion] = [asText(object.kind) ?? '', asText(object.apiVersion) ?? ''];
  return apiVersion.includes('/') ? `${kind}.${apiVersion.split('/')[0]}` : kind;
}

/** The manifest's kind; absent if nothing here reads it. */
export function kindOf(manifest: Manifest): Kind | undefined {
  const named = KNOWN.get(asText(manifest.object.kind) ?? '');
  if (!named) {
    return undefined;
  }
  const apiVersion = asText(manifest.object.apiVersion) ?? '';
  return named.find(({ prefix }) => (prefix === '' ? !apiVersion.includes('/') : apiVersion.startsWith(prefix)))?.kind;
}
