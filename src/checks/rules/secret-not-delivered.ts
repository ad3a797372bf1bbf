// A gateway cannot get the Secret with the certificate of a server.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { valueAt } from '../../manifests/pointer';
import type { Credential } from '../../mesh/credentials';
import type { Server } from '../../mesh/objects/gateways';
import type { Workload } from '../../mesh/objects/workloads';
import type { Check } from '../check';
import { faultOfSecret, otherPlace } from '../undelivered-secrets';

/** Istio 1.30: pilot/pkg/model/credentials/resource.go, pilot/pkg/credentials/kube/secrets.go. */
export const secretNotDelivered: Check = {
  id: 'secret-not-delivered',
  severity: 'error',
  title: 'A gateway cannot get the Secret of a server',
  why: 'The Secret must be in the namespace of the gateway\'s pods, not in that of the Gateway object, and have all of its keys; otherwise istiod does not '
    + 'deliver it. Without it the gateway closes each connection to the server during the TLS handshake, and a load balancer in front of it responds with 502.',
  fix: 'Create the Secret, or the Certificate that makes it, in the namespace of the gateway\'s pods.',
  related: ['E025', 'IST0101', 'IST0161'],
  about: [Kind.GATEWAY],
  reads: [Kind.DEPLOYMENT, Kind.SECRET, Kind.VIRTUAL_SERVICE],

  *run(subject) {
    const { models: { mesh }, elsewhere, services } = subject;
    // Where the pods of a gateway run that the input lacks is a guess, unless a Service tells.
    const isKnown = ({ isAssumed, namespace, labels }: Workload) => !isAssumed || services.selectingAnywhere(labels).some(own => own.namespace === namespace);
    for (const workload of mesh.gatewayWorkloads().filter(isKnown)) {
      const proxy = mesh.gateway(workload);
      const servers = proxy.merged.ports.flatMap(own => own.servers);
      for (const [server, credential] of servers.flatMap(own => proxy.credentials(own).map(credential => [own, credential] as const))) {
        const isMissing = !workload.isAssumed && !elsewhere.mayHave(credential.namespace);
        const message = faultOfSecret(credential, server, namespacedName(workload), otherPlace(credential, server, workload, subject), isMissing);
        yield* message === undefined ? [] : [{ manifest: server.manifest, pointer: fieldAt(server, credential), message }];
      }
    }
  },
};

function fieldAt({ pointer, manifest, tls }: Server, { use }: Credential): string {
  const isSeveral = valueAt(manifest.object, `${pointer}/tls/credentialNames`) !== undefined;
  const field = use === 'client-ca' && tls?.caCertCredentialName !== undefined ? 'caCertCredentialName' : isSeveral ? 'credentialNames' : 'credentialName';
  return `${pointer}/tls/${field}`;
}
