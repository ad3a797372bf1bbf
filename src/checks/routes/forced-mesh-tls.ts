// Destinations of gateways for which a DestinationRule demands mTLS of the mesh, whatever the pods are.
import { asObject } from '../../manifests/plain-json';
import type { Cluster } from '../../mesh/clusters';
import type { Mesh } from '../../mesh/mesh';
import { forwardsOf } from './forwards';

/** The clusters of ports that declare HTTP: on others the application itself may speak TLS. */
export function forcedMeshTls(mesh: Mesh): readonly (Cluster & Required<Pick<Cluster, 'rule'>>)[] {
  const isForced = mesh.destinationRules.all.some(({ config }) => JSON.stringify(config.spec).includes('"ISTIO_MUTUAL"'));
  return (isForced ? forwardsOf(mesh) : []).map(({ cluster }) => cluster).filter((own): own is Cluster & Required<Pick<Cluster, 'rule'>> => (
    own.rule !== undefined && asObject(own.policy.tls).mode === 'ISTIO_MUTUAL' && own.port.protocol === 'http'));
}
