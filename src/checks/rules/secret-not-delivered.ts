// A gateway cannot get the Secret with the certificate of a server.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { valueAt } from '../../manifests/pointer';
import type { Credential } from '../../mesh/credentials';
import type { Server } from '../../mesh/gateways';
import type { Check } from '../check';

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
  reads: [Kind.DEPLOYMENT, Kind.SECRET],

  *run({ models: { mesh }, elsewhere }) {
    for (const workload of mesh.gatewayWorkloads()) {
      const proxy = mesh.gateway(workload);
      for (const server of proxy.merged.ports.flatMap(({ servers }) => servers)) {
        for (const credential of proxy.credentials(server)) {
          // Where the pods of an assumed gateway run is a guess.
          const isMissing = !workload.isAssumed && !elsewhere.mayHave(credential.namespace);
          const message = describe(credential, server, namespacedName(workload), isMissing);
          if (message !== undefined) {
            yield { manifest: server.manifest, pointer: fieldAt(server, credential), message };
          }
        }
      }
    }
  },
};

function fieldAt({ pointer, manifest, tls }: Server, { use }: Credential): string {
  const isSeveral = valueAt(manifest.object, `${pointer}/tls/credentialNames`) !== undefined;
  const field = use === 'client-ca' && tls?.caCertCredentialName !== undefined ? 'caCertCredentialName' : isSeveral ? 'credentialNames' : 'credentialName';
  return `${pointer}/tls/${field}`;
}

/** @param isMissing whether the cluster lacks a Secret that the input lacks */
function describe(credential: Credential, { config }: Server, gateway: string, isMissing: boolean): string | undefined {
  const { namespace, elsewhere, use } = credential;
  const secret = `Secret "${credential.name}"`;
  switch (credential.state) {
    case 'other-namespace':
      return `${secret} is in namespace ${namespace}, and gateway ${gateway} reads Secrets of its own namespace only`;
    case 'incomplete':
      return `${secret} in namespace ${namespace} lacks the keys that gateway ${gateway} needs: ${use === 'certificate' ? 'tls.crt and tls.key' : 'ca.crt'}`;
    default:
      // The cluster may have another Secret of the name; beside the Gateway object it is the one that is meant.
      return credential.state !== 'unknown' ? undefined : elsewhere.includes(config.namespace)
        ? `${secret} is in namespace ${config.namespace} of the Gateway object, but gateway ${gateway} reads it in namespace ${namespace}`
        : isMissing ? `${secret} does not exist in namespace ${namespace}, where gateway ${gateway} reads it` : undefined;
  }
}
