// What the API server refuses of the values of each built-in kind. A file of its own, because it is loaded for the first object of such a kind.
import type { PlainObject } from '../../manifests/plain-json';
import { checkAutoscaler } from './autoscaler';
import { checkDisruptionBudget } from './disruption-budget';
import { Field, type StoreFault } from './field';
import { checkIngress, checkIngressClass } from './ingress';
import { checkNetworkPolicy } from './network-policy';
import { checkClusterRole, checkClusterRoleBinding, checkRole, checkRoleBinding } from './role';
import { checkService } from './service';
import { checkConfigMap, checkSecret } from './stored-data';
import { checkCronJob, checkDaemonSet, checkDeployment, checkJob, checkPod, checkReplicaSet, checkStatefulSet } from './workload';

const RULES: Readonly<Record<string, (object: Field) => void>> = {
  'v1 ConfigMap': checkConfigMap,
  'v1 Pod': checkPod,
  'v1 Secret': checkSecret,
  'v1 Service': checkService,
  'apps/v1 DaemonSet': checkDaemonSet,
  'apps/v1 Deployment': checkDeployment,
  'apps/v1 ReplicaSet': checkReplicaSet,
  'apps/v1 StatefulSet': checkStatefulSet,
  'autoscaling/v1 HorizontalPodAutoscaler': checkAutoscaler,
  'autoscaling/v2 HorizontalPodAutoscaler': checkAutoscaler,
  'batch/v1 CronJob': checkCronJob,
  'batch/v1 Job': checkJob,
  'networking.k8s.io/v1 Ingress': checkIngress,
  'networking.k8s.io/v1 IngressClass': checkIngressClass,
  'networking.k8s.io/v1 NetworkPolicy': checkNetworkPolicy,
  'policy/v1 PodDisruptionBudget': checkDisruptionBudget,
  'rbac.authorization.k8s.io/v1 ClusterRole': checkClusterRole,
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': checkClusterRoleBinding,
  'rbac.authorization.k8s.io/v1 Role': checkRole,
  'rbac.authorization.k8s.io/v1 RoleBinding': checkRoleBinding,
};

/** The faults of the values of an object that has the shape of its kind. */
export function valueFaults(kind: string, object: PlainObject): StoreFault[] {
  const faults: StoreFault[] = [];
  if (Object.hasOwn(RULES, kind)) {
    RULES[kind](Field.of(object, faults));
  }
  return faults;
}
