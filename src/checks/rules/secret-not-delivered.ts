// A gateway cannot get the Secret with the certificate of a server.
import { namespacedName } from '../../base/kubernetes-name';
import { Kind } from '../../manifests/kind';
import { valueAt } from '../../manifests/pointer';
import type { Credential } from '../../mesh/credentials';
import type { Server } from '../../mesh/gateways';
import type { Workload } from '../../mesh/workloads';
import type { Check } from '../check';
import type { Subject } from '../subject';

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
    const { models: { mesh }, elsewhere } = subject;
    for (const workload of mesh.gatewayWorkloads()) {
      const proxy = mesh.gateway(workload);
      const servers = proxy.merged.ports.flatMap(own => own.servers);
      for (const [server, credential] of servers.flatMap(own => proxy.credentials(own).map(credential => [own, credential] as const))) {
        // Where the pods of an assumed gateway run is a guess.
        const isMissing = !workload.isAssumed && !elsewhere.mayHave(credential.namespace);
        const message = describe(credential, server, namespacedName(workload), otherPlace(credential, server, workload, subject), isMissing);
        yield* message === undefined ? [] : [{ manifest: server.manifest, pointer: fieldAt(server, credential), message }];
      }
    }
  },
};

/** The only namespace that has the Secret, if it is that of the Gateway object or of its routes. */
function otherPlace({ name, namespace }: Credential, { config, gateway }: Server, { isAssumed }: Workload, subject: Subject): string | undefined {
  const other = isAssumed || subject.namespaces.mayBringInto(namespace) ? undefined : subject.secretPlaces.onlyOther(name, namespace);
  const bound = other === undefined ? [] : subject.models.mesh.virtualServices.boundTo(gateway, namespace).inOrder.map(own => own.config.namespace);
  return [config.namespace, ...bound].find(own => own === other);
}

function fieldAt({ pointer, manifest, tls }: Server, { use }: Credential): string {
  const isSeveral = valueAt(manifest.object, `${pointer}/tls/credentialNames`) !== undefined;
  const field = use === 'client-ca' && tls?.caCertCredentialName !== undefined ? 'caCertCredentialName' : isSeveral ? 'credentialNames' : 'credentialName';
  return `${pointer}/tls/${field}`;
}

/**
 * @param other the namespace of the Gateway object or of its routes that has the Secret
 * @param isMissing whether the cluster lacks a Secret that the input lacks
 */
function describe(credential: Credential, { config }: Server, gateway: string, other: string | undefined, isMissing: boolean): string | undefined {
  const { state, namespace, elsewhere, use } = credential;
  const secret = `Secret "${credential.name}"`;
  switch (state) {
    case 'other-namespace':
      return `${secret} is in namespace ${namespace}, and gateway ${gateway} reads Secrets of its own namespace only`;
    case 'incomplete':
      return `${secret} in namespace ${namespace} lacks the keys that gateway ${gateway} needs: ${use === 'certificate' ? 'tls.crt and tls.key' : 'ca.crt'}`;
    case 'unknown': {
      // The cluster may have another Secret of the name; beside the Gateway object or its routes it is the one that is meant.
      const place = elsewhere.includes(config.namespace) ? config.namespace : other;
      const whose = place === config.namespace ? 'the Gateway object' : 'a VirtualService';
      return place !== undefined ? `${secret} is in namespace ${place} of ${whose}, but gateway ${gateway} reads it in namespace ${namespace}`
        : isMissing ? `${secret} does not exist in namespace ${namespace}, where gateway ${gateway} reads it` : undefined;
    }
    default:
      return undefined;
  }
}
