// A PeerAuthentication demands mTLS of pods whose sidecar does not see the connection.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { namespaceOf, specOf } from '../../manifests/manifest';
import { asObject } from '../../manifests/plain-json';
import { targetPortOf } from '../../mesh/objects/service-index';
import { proxyAt } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { selectedPods, whyNamespaceWithoutSidecars, whyWithoutSidecar } from '../known-pods';

/** https://istio.io/latest/docs/concepts/security/#peer-authentication */
export const strictWithoutSidecar: Check = {
  id: 'strict-without-sidecar',
  severity: 'warning',
  title: 'A PeerAuthentication is STRICT for pods whose sidecar does not enforce it',
  why: 'The sidecar enforces mTLS. Pods without a sidecar, and ports that the sidecar does not get, accept plaintext from everybody, although the policy '
    + 'selects these pods and says STRICT.',
  fix: 'Give the pods a sidecar, and remove the port from traffic.sidecar.istio.io/excludeInboundPorts.',
  related: ['E101'],
  about: [Kind.PEER_AUTHENTICATION],
  reads: [Kind.DEPLOYMENT, Kind.NAMESPACE, Kind.SERVICE],

  // A policy for a namespace or the mesh is not meant for each pod of it.
  *run(subject) {
    const { mesh } = subject.models;
    for (const manifest of subject.of(Kind.PEER_AUTHENTICATION).filter(own => asObject(specOf(own).mtls).mode === 'STRICT')) {
      const namespace = namespaceOf(manifest);
      const isForNamespace = Object.keys(asObject(asObject(specOf(manifest).selector).matchLabels)).length === 0 && namespace !== mesh.settings.rootNamespace;
      const whyNone = isForNamespace ? whyNamespaceWithoutSidecars(namespace, subject) : undefined;
      if (whyNone !== undefined) {
        const fix = `Label Namespace ${namespace} with istio-injection: enabled, and restart its pods.`;
        yield { manifest, pointer: '/spec/mtls/mode', message: `no pod of namespace ${namespace} has a sidecar: ${whyNone}`, fix };
      }
      for (const workload of selectedPods(manifest, subject)) {
        const why = whyWithoutSidecar(workload, subject);
        const open = subject.services.selecting(workload).flatMap(({ ports }) => ports.map(port => targetPortOf(port, workload)))
          .find(port => port !== undefined && workload.proxy === 'sidecar' && proxyAt(workload, port) === 'none'
            && mesh.peerAuthentications.demandOf(workload, port).mode === 'STRICT');
        const fault = why !== undefined ? `have no sidecar: ${why}`
          : open !== undefined ? `have annotations that exclude port ${open} from the sidecar` : undefined;
        if (fault !== undefined) {
          yield { manifest, pointer: '/spec/mtls/mode', message: `the pods of ${namespacedName(workload)} ${fault}` };
        }
      }
    }
  },
};
