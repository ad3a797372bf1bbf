// What an API server adds to objects before the controller sees them, as the oracle adds it: UIDs, node ports, defaults of Services.
import { createHash } from 'node:crypto';
import type { Manifest } from '../../src/manifests/manifest';

const GO_TYPES: Record<string, string> = {
  Service: '*v1.Service', Ingress: '*v1.Ingress', Secret: '*v1.Secret', Namespace: '*v1.Namespace', IngressClass: '*v1.IngressClass',
  IngressClassParams: '*v1beta1.IngressClassParams', TargetGroupBinding: '*v1beta1.TargetGroupBinding',
};

/** The objects as a cluster has them. */
export function inCluster(manifests: readonly Manifest[]): Manifest[] {
  const objects = manifests.map(({ object, origin }) => ({ object: structuredClone(object) as any, origin }));
  const used = new Set(objects.flatMap(({ object }) => (object.kind === 'Service' ? (object.spec?.ports ?? []).map((port: any) => port.nodePort) : [])));
  let next = 30000;
  const allocate = () => {
    do {
      next++;
    } while (used.has(next));
    used.add(next);
    return next;
  };
  for (const { object } of objects) {
    const { kind, metadata } = object;
    const namespaced = ['Ingress', 'Service', 'Secret', 'TargetGroupBinding'].includes(kind);
    const namespace = metadata.namespace ?? (namespaced ? 'default' : '');
    metadata.uid = createHash('sha256').update(`${GO_TYPES[kind]} ${namespace}/${metadata.name}`).digest('hex').slice(0, 32);
    if (kind === 'Service') {
      completeService(object, allocate);
    }
  }
  return objects;
}

function completeService({ spec }: any, allocate: () => number): void {
  spec.type ??= 'ClusterIP';
  if (spec.type !== 'ExternalName') {
    spec.ipFamilies ??= ['IPv4'];
  }
  const nodePorts = spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    port.targetPort ??= port.port;
    port.nodePort = port.nodePort || (nodePorts ? allocate() : undefined);
  }
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') {
    spec.externalTrafficPolicy ??= 'Cluster';
    if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local') {
      spec.healthCheckNodePort ||= allocate();
    }
  }
}
