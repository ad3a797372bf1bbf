// Why a gateway does not get a Secret that one of its servers needs, in words.
import type { Credential } from '../mesh/credentials';
import type { Server } from '../mesh/objects/gateways';
import type { Workload } from '../mesh/objects/workloads';
import type { Subject } from './subject';

/** The only namespace that has the Secret, if it is that of the Gateway object or of its routes. */
export function otherPlace({ name, namespace }: Credential, { config, gateway }: Server, { isAssumed }: Workload, subject: Subject): string | undefined {
  const other = isAssumed || subject.namespaces.mayBringInto(namespace) ? undefined : subject.secretPlaces.onlyOther(name, namespace);
  const bound = other === undefined ? [] : subject.models.mesh.virtualServices.boundTo(gateway, namespace).inOrder.map(own => own.config.namespace);
  return [config.namespace, ...bound].find(own => own === other);
}

/**
 * The fault; nothing where the gateway gets the Secret, or may get it.
 *
 * @param other the namespace of the Gateway object or of its routes that has the Secret
 * @param isMissing whether the cluster lacks a Secret that the input lacks
 */
export function faultOfSecret(credential: Credential, { config }: Server, gateway: string, other: string | undefined, isMissing: boolean): string | undefined {
  const { state, namespace, elsewhere, use } = credential;
  const secret = `Secret "${credential.name}"`;
  switch (state) {
    case 'other-namespace':
      return `${secret} is in namespace ${namespace}, and gateway ${gateway} reads Secrets of its own namespace only`;
    case 'incomplete':
      return `${secret} in namespace ${namespace} has no value for ${use === 'certificate' ? 'tls.crt or tls.key' : 'ca.crt'}, which gateway ${gateway} needs`;
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
