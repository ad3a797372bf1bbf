// Each apply undoes what the autoscaler of a gateway has decided.
import { Kind, kindNameOf } from '../../manifests/kind';
import { type Manifest, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { asInteger } from '../../manifests/plain-json';
import { autoscalerOf } from '../autoscalers';
import type { Check } from '../check';

/** https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling */
export const gatewayReplicasBesideAutoscaler: Check = {
  id: 'gateway-replicas-beside-autoscaler',
  severity: 'warning',
  title: 'Each apply undoes what the autoscaler of a gateway has decided',
  why: 'Whoever applies the manifest, such as Flux or kubectl, sets the number of pods to replicas. Under load, that removes pods of the gateway until the '
    + 'autoscaler adds them again, and the connections to these pods are cut.',
  fix: 'Remove replicas from the manifest. The autoscaler has minReplicas.',
  related: ['E112'],
  about: [Kind.DEPLOYMENT],
  reads: [Kind.HORIZONTAL_POD_AUTOSCALER],
  reach: 'object',

  *run(subject) {
    const gateways = subject.models.mesh.workloads.all.filter(({ kind, proxy }) => kind === Kind.DEPLOYMENT && proxy === 'router');
    for (const workload of subject.manifests.some(isToldToIgnore) ? [] : gateways) {
      const { manifest } = workload;
      const [replicas, autoscaler] = [asInteger(specOf(manifest).replicas), autoscalerOf(workload, subject)];
      // 0 turns the autoscaler off.
      if (autoscaler !== undefined && replicas !== undefined && replicas > 0 && !(autoscaler.min === replicas && autoscaler.max === replicas)) {
        const { min, max, manifest: own } = autoscaler;
        const message = `HorizontalPodAutoscaler ${qualifiedNameOf(own)} scales from ${min} to ${max} pods, and replicas sets ${replicas} with each apply`;
        yield { manifest, pointer: '/spec/replicas', message };
      }
    }
  },
};

/** Whether Argo CD leaves the number of pods to the cluster. */
function isToldToIgnore(manifest: Manifest): boolean {
  return /^Application(Set)?\.argoproj\.io$/.test(kindNameOf(manifest)) && /"(\/spec\/replicas|\.spec\.replicas)"/.test(JSON.stringify(manifest.object));
}
