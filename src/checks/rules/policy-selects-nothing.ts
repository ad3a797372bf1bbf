// The selector of a policy has no pods in the namespace of the policy.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { type Manifest, namespaceOf, objectNameOf } from '../../manifests/manifest';
import { selects } from '../../mesh/objects/config';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { mayHavePods, selectorOf } from '../policy-pods';
import type { Subject } from '../subject';

const KINDS = [Kind.AUTHORIZATION_POLICY, Kind.PEER_AUTHENTICATION, Kind.REQUEST_AUTHENTICATION] as const;

/** Istio 1.30: pilot/pkg/model/policyattachment.go:109. A policy selects pods of its namespace, one of the root namespace those of all namespaces. */
export const policySelectsNothing: Check = {
  id: 'policy-selects-nothing',
  severity: 'error',
  title: 'A policy selects no pods',
  why: 'Outside the root namespace a policy applies to pods of its own namespace only. Without pods it does nothing: a DENY policy denies nobody, tokens are '
    + 'not validated, and pods for which an ALLOW policy is meant stay open to everyone.',
  fix: 'Put the policy into the namespace of the pods, or use labels of its pods, from spec.template.metadata.labels of their Deployment.',
  related: ['IST0127'],
  about: KINDS,
  reads: [Kind.DEPLOYMENT, Kind.NAMESPACE, Kind.SERVICE],

  *run(subject) {
    const { models: { mesh }, complete } = subject;
    for (const manifest of subject.of(...KINDS)) {
      const selector = selectorOf(manifest, subject);
      if (selector.size === 0 || mayHavePods(namespaceOf(manifest), selector, subject)) {
        continue;
      }
      const [other] = mesh.workloads.all.filter(own => objectNameOf(own.manifest).namespace !== undefined && selects(selector, own.labels));
      if (complete || (other !== undefined && isInWrongNamespace(manifest, other, subject))) {
        const labels = [...selector].map(pair => pair.join('=')).join(', ');
        const elsewhere = other === undefined ? '' : `; those of ${namespacedName(other)} have them, and the policy does not apply to other namespaces`;
        yield { manifest, pointer: '/spec/selector', message: `no pods in namespace ${namespaceOf(manifest)} have the labels ${labels}${elsewhere}` };
      }
    }
  },
};

/** Whether the input shows enough of the policy's namespace: pods of the application, and for those of another application all of it. */
function isInWrongNamespace(manifest: Manifest, { proxy }: Workload, { models: { mesh }, namespaces }: Subject): boolean {
  const { namespace } = objectNameOf(manifest);
  return namespace !== undefined && mesh.workloads.selectedBy(namespace, new Map()).length > 0 && (proxy === 'router' || namespaces.describe(namespace));
}
